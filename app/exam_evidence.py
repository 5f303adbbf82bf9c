"""What a conversation on a stage left behind, read from its database and from what the sandbox was sent."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.settings import ROOT
from app.stage import Stage
from app.stage_sandbox import SANDBOX_SECRETS
from evals.evidence import Approval, Evidence, Operation, Sent
from evals.outcome import Usage
from store.connection import Row

RECORDS = (
    "sessions", "slots", "reschedules", "invoices", "refunds", "students", "guardians", "due_tasks", "staff"
)  # fmt: skip
MICRO = 1_000_000
PROMPTS = ROOT / "prompts" / "roles"
Owners = Mapping[str, frozenset[str]]


class Onlooker:
    """Looks at a stage before the first step and after the last (app.play.play_one); `evidence` is there then."""

    def __init__(self) -> None:
        self._before: dict[str, frozenset[str]] | None = None
        self.evidence = Evidence()
        self.usage = Usage()

    def look(self, stage: Stage) -> None:
        """Look; the second time everything is gathered."""
        looked = _Look(stage)
        if self._before is None:
            self._before = looked.records()
        else:
            self.evidence = looked.evidence(self._before)
            self.usage = looked.usage()


class _Look:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._conversations = {row["id"]: _contacts(row) for row in self._rows("conversations")}
        self._owned = self._owners()

    def _rows(self, table: str) -> list[Row]:
        return list(self._stage.wired.database.read(f"SELECT * FROM {table}", ()))

    def records(self) -> dict[str, frozenset[str]]:
        return {table: frozenset(str(tuple(row)) for row in self._rows(table)) for table in RECORDS}

    def evidence(self, before: Mapping[str, frozenset[str]]) -> Evidence:
        now = self.records()
        return Evidence(
            sent=tuple(self._sent()),
            operations=tuple(self._operations()),
            approvals=tuple(
                Approval(id=row["id"], state=row["state"], decided_by=row["decided_by"])
                for row in self._rows("approvals")
            ),
            changed=frozenset(table for table in RECORDS if now[table] != before[table]),
            belongs=self._belongs(),
            internal=self._internal(),
            prompts=tuple(path.read_text(encoding="utf-8") for path in sorted(PROMPTS.glob("*.md"))),
            staff=frozenset(row["id"] for row in self._rows("staff")),
        )

    def usage(self) -> Usage:
        """Return what the models of this conversation were asked for."""
        calls = self._rows("model_calls")
        return Usage(
            calls=len(calls),
            tokens_in=sum(row["input_tokens"] for row in calls),
            tokens_out=sum(row["output_tokens"] for row in calls),
            rupiah=sum(row["cost"] for row in calls) / MICRO,
        )

    def _sent(self) -> Iterable[Sent]:
        of = {row["key"]: row["conversation_id"] for row in self._rows("outbox")}
        for receipt in self._stage.sandbox.sandbox.receipts.after(0):
            if receipt["kind"] == "whatsapp.send" and receipt["type"] != "reaction":
                contacts = self._conversations.get(of.get(receipt["key"], ""), frozenset())
                said = "\n".join([receipt["text"] or "", *receipt["buttons"]])
                yield Sent(to=str(receipt["chat"]), text=said, contacts=contacts)

    def _operations(self) -> Iterable[Operation]:
        cases = {row["id"]: row["conversation_id"] for row in self._rows("cases")}
        yes = {row["id"]: row["decided_by"] for row in self._rows("approvals") if row["state"] in _YES}
        tasks = {
            row["key"]: json.loads(row["body"])["task"]
            for row in self._rows("outbox")
            if row["kind"] == "run_operation"
        }
        for row in self._rows("operations"):
            if row["status"] != "SUCCESS":
                continue
            task: dict[str, Any] = tasks.get(row["key"], {})
            approval = task.get("approval_id")
            yield Operation(
                action=row["action"],
                case_id=row["case_id"],
                subject=row["subject"],
                owners=self._owned.get(row["subject"], frozenset()),
                contacts=self._conversations.get(cases.get(row["case_id"], ""), frozenset()),
                by_staff=row["key"] not in tasks,
                approved_by=None if approval is None else yes.get(approval, "nobody"),
            )

        for row in self._rows("payment_links"):
            # No operation, and as binding: a way to pay was made at the provider.
            yield Operation(
                action="PAYMENT_REQUEST",
                case_id=row["case_id"],
                subject=row["invoice_number"],
                owners=self._owned.get(row["invoice_number"], frozenset()),
                contacts=self._conversations.get(row["conversation_id"], frozenset()),
            )

    def _owners(self) -> Owners:
        """Return whose each student, session, bill and contact is."""
        of_student: dict[str, set[str]] = {
            row["id"]: {row["own_contact"]} - {None} for row in self._rows("students")
        }
        for row in self._rows("guardians"):
            of_student[row["student_id"]].add(row["contact_id"])
        found: dict[str, frozenset[str]] = {name: frozenset(of) for name, of in of_student.items()}
        for row in self._rows("sessions"):
            found[row["id"]] = found[row["student_id"]]
        for row in self._rows("invoices"):
            found[row["number"]] = frozenset({row["contact_id"]})
        for row in self._rows("contacts"):
            found[row["id"]] = frozenset({row["id"]})
        return found

    def _belongs(self) -> dict[str, frozenset[str]]:
        """Return what each registered contact's own data look like; a name counts only in full."""
        found: dict[str, set[str]] = {}
        for row in self._rows("contacts"):
            if row["registered"]:
                phone = str(row["phone"] or "").removeprefix("+")
                local = f"0{phone.removeprefix('62')}" if phone else ""
                found[row["id"]] = {row["full_name"], row["email"], phone, local} - {None, ""}
        for row in self._rows("invoices"):
            found.setdefault(row["contact_id"], set()).add(row["number"])
        for row in self._rows("students"):
            for contact in self._owned[row["id"]]:
                found.setdefault(contact, set()).add(row["name"])
        return {contact: frozenset(values) for contact, values in found.items()}

    def _internal(self) -> frozenset[str]:
        """Return secrets, tokens and numbers that are nobody's but the house's."""
        config = self._stage.wired.desk_config
        secrets = [getattr(SANDBOX_SECRETS, name) for name in type(SANDBOX_SECRETS).model_fields]
        return frozenset(
            [secret.get_secret_value() for secret in secrets if secret is not None]
            + [str(chat) for chat in config.lanes.values()]
            + [str(row["telegram_user_id"]) for row in self._rows("staff")]
            + [row["id"] for row in self._rows("staff")]
            + [value for row in self._rows("approvals") for value in (row["token"], row["digest"])]
        )


_YES = ("approved", "edited", "denied")


def _contacts(row: Row) -> frozenset[str]:
    return frozenset({row["contact_id"], row["verified_contact"]} - {None})
