"""Decisions of people: who may decide is checked here, once; what was decided becomes an event of the case."""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from agents.work import Desk
from casefile.approval import ApprovalRecord
from casefile.base import Language
from casefile.events import ApprovalGiven
from casefile.records import StaffMember
from gateway.acting import Action, actor, note_blocked
from gateway.own_words import INSIST, Records, held
from gateway.replies import Replies
from policies.approvals import Decision, marked, parse_reply, valid
from policies.releasing import releasable
from policies.words import moment_words
from ports.clock import Clock
from ports.journal import Journal

CODES: dict[str, Decision | Literal["ASK_EDIT"]] = {"a": "APPROVE", "d": "DENY", "e": "ASK_EDIT"}
BUTTON = re.compile(r"([ade]|x\d):([0-9a-f]{16})")
SAID: dict[str, dict[Language, str]] = {
    "approved": {
        "id": "Disetujui. Pelanggan segera dikabari.",
        "en": "Approved. The customer will hear at once.",
    },
    "denied": {"id": "Ditolak. Pelanggan segera dikabari.", "en": "Denied. The customer will hear at once."},
    "edited": {
        "id": "Kata-kata Anda yang akan dikirim, persis seperti itu.",
        "en": "Your words will be sent, exactly as they are.",
    },
    "how_to_edit": {
        "id": "Balas pesan ini dengan: EDIT lalu kata-kata untuk pelanggan.",
        "en": "Reply to this post with: EDIT and then the words for the customer.",
    },
    "not_allowed": {
        "id": "Maaf, keputusan ini hanya bisa diambil oleh orang yang terdaftar untuk jalur ini.",
        "en": "Sorry, only the people listed for this lane can decide this.",
    },
    "unknown": {
        "id": "Permintaan ini tidak ada lagi, atau sudah diganti yang baru.",
        "en": "This request is not there any more, or a newer one has replaced it.",
    },
    "void": {"id": "Permintaan ini sudah batal.", "en": "This request is void."},
    "unproved": {
        "id": "Belum bisa disetujui: identitas pelanggan belum terbukti. Pilih Deny, EDIT, atau serahkan ke tim.",
        "en": "Not possible yet: the customer has not proved who they are. Use Deny, EDIT or pass it to the team.",
    },
    "unclear": {
        "id": "Belum jelas keputusannya. Balas dengan APPROVE, DENY, atau EDIT lalu kata-katanya.",
        "en": "That is no decision yet. Reply with APPROVE, DENY, or EDIT and then the words.",
    },
}


class Decisions:
    """Takes decisions from lanes and from the command line; the first valid one wins."""

    def __init__(
        self,
        journal: Journal,
        records: Records,
        replies: Replies,
        desk: Desk,
        clock: Clock,
        wake: Callable[[str], None],
    ) -> None:
        self._journal = journal
        self._replies = replies
        self._records = records
        self._desk = desk
        self._clock = clock
        self._wake = wake
        self._language: Language = desk.lanes.language

    async def act(self, action: Action) -> str:
        """Take a press or a typed reply; returns what the person is told."""
        person, who = await actor(self._records, action)
        pressed = _pressed(action)
        if pressed is None:
            return await self._said(action, person, who) if action.kind == "reply" else ""
        code, token = pressed
        record = await self._journal.approval_by_token(token)
        if code == "ASK_EDIT":
            allowed = valid(record, person, "EDIT", self._clock.now())
            return self._say("how_to_edit" if allowed == "ok" else allowed)
        if code == "reply":
            parsed = parse_reply(action.text)
            if parsed is None:
                return self._say("unclear")
            return await self.decide(record, person, parsed[0], parsed[1], None, who)
        if code.startswith("x"):
            return await self.decide(record, person, "APPROVE", "", int(code[1:]), who)
        decision: Decision = "APPROVE" if code == "APPROVE" else "DENY"
        return await self.decide(record, person, decision, "", None, who)

    async def _said(self, action: Action, person: StaffMember | None, who: str) -> str:
        """Take words under a post without buttons: an answer to a customer, or nothing we can follow."""
        said = await self._replies.to_post(
            action.lane, action.message_id, action.text, person, who, action.id
        )
        if said is not None:
            return said
        return self._say("unclear") if person else ""

    async def decide(
        self,
        record: ApprovalRecord | None,
        person: StaffMember | None,
        decision: Decision,
        words: str,
        alternative: int | None,
        who: str,
    ) -> str:
        """Check and store one decision; `words` are an edit's text, a yes's conditions or a no's reason."""
        now = self._clock.now()
        verdict = valid(record, person, decision, now)
        if verdict == "already_decided" and record is not None:
            return await self._already(record)
        if record is None or person is None or verdict != "ok":
            await self._blocked(record, who, verdict)
            return self._say(verdict if verdict in SAID else "unknown")
        if decision == "APPROVE" and alternative is None and not releasable(record.request):
            return self._say("unproved")
        words, candidate = marked(words)
        conversation = await self._journal.conversation_of(record.request.case_id)
        if conversation is None:
            return self._say("unknown")
        held = await self._held(record, conversation, decision, words)
        if held is not None:
            return held
        text = words.removeprefix(INSIST).strip()
        alternatives = record.request.alternatives
        if alternative is not None and not 1 <= alternative <= len(alternatives):
            # A choice that was not offered is not the plain yes either.
            return self._say("unknown")
        chosen = alternatives[alternative - 1].id if alternative is not None else None
        event = ApprovalGiven(
            at=now,
            case_id=record.request.case_id,
            approval_id=record.request.id,
            decision=decision,
            by=person.id,
            text=text if decision == "EDIT" else "",
            conditions=text if decision != "EDIT" else "",
            alternative=chosen,
            candidate=candidate,
        )
        first = await self._journal.submit(conversation, event, f"approval:{record.request.id}", now)
        if not first:
            again = await self._journal.approval_by_token(record.request.token)
            return await self._already(again or record)
        self._wake(conversation)
        return self._say({"APPROVE": "approved", "DENY": "denied", "EDIT": "edited"}[decision])

    async def _held(
        self, record: ApprovalRecord, conversation_id: str, decision: Decision, words: str
    ) -> str | None:
        """Show what was found in a person's own words; they may insist, except on what never leaves."""
        if decision == "EDIT" and not words.strip():
            return self._say("how_to_edit")
        # The reason of a no stays with us.
        if not words or decision == "DENY":
            return None
        language, rules = record.request.language, self._desk.rules
        return await held(
            words, conversation_id, self._records, language, rules, self._language, "EDIT ! ..."
        )

    async def _already(self, record: ApprovalRecord) -> str:
        if record.state == "void":
            return self._say("void")
        zone = self._desk.rules.zone
        label = self._desk.templates.label
        at = record.decided_at or self._clock.now()
        names = {person.id: person.name for person in await self._records.staff()}
        return self._desk.lanes.post(
            "already_decided",
            {
                "outcome": label(f"outcome.{_state(record.state)}", self._language),
                "who": names.get(record.decided_by or "-", record.decided_by or "-"),
                "when": moment_words(at, zone, self._language),
            },
        )

    async def _blocked(self, record: ApprovalRecord | None, who: str, why: str) -> None:
        case_id = record.request.case_id if record else None
        await note_blocked(self._journal, self._clock.now(), who, "approvals", "decide", why, case_id)

    def _say(self, key: str) -> str:
        return SAID[key][self._language]


def _state(state: str) -> str:
    # Between the decision and its turn the record still reads pending.
    return "approved" if state == "pending" else state


def _pressed(action: Action) -> tuple[str, str] | None:
    """Return what was pressed and the token, or for a reply the token of the post it answers."""
    if action.kind == "press":
        found = BUTTON.fullmatch(action.token or "")
        return (CODES.get(found[1], found[1]), found[2]) if found else None
    return _of_post(action.buttons)


def _of_post(buttons: Sequence[str]) -> tuple[str, str] | None:
    found = next((m for m in (BUTTON.fullmatch(b) for b in buttons) if m), None)
    return ("reply", found[2]) if found else None
