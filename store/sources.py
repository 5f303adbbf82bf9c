"""The read ports in SQL: direct reads of what has been committed, never waiting for the writer."""

from collections.abc import Sequence
from datetime import datetime

from casefile.approval import ApprovalRecord
from casefile.case import Case
from casefile.errors import DependencyDown
from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.records import Contact, Conversation, Slot, Snapshot, StaffMember, Student
from ports.sources import Quoted
from store import facts, owners, records, snapshots
from store.approvals import approval_record
from store.connection import Row
from store.database import Database
from store.errors import NotFound, StoreFault
from store.facts import Reading
from store.times import iso, moment, moment_or_none
from store.transaction import Tx

BLOCK = 50


class SqlSources:
    """Implements Conversations, Contacts, Owners, Snapshots, Schedule, Books, Records, Approvals and Staffing."""

    def __init__(self, database: Database, reading: Reading) -> None:
        self._database = database
        self._reading = reading

    async def conversation(self, conversation_id: str) -> Conversation:
        """Return the conversation (NotFound when no message ever opened it)."""
        rows = self._database.read(
            "SELECT conversations.*, takeovers.person, takeovers.held, takeovers.hands, takeovers.ended_at"
            " FROM conversations LEFT JOIN takeovers ON takeovers.conversation_id = conversations.id"
            " WHERE conversations.id = ?",
            (conversation_id,),
        )
        if not rows:
            raise NotFound(f"no conversation {conversation_id!r}")
        row = rows[0]
        return Conversation(
            id=row["id"],
            desk=row["desk"],
            account=row["account"],
            contact_id=row["contact_id"],
            channel_address=row["channel_address"],
            language=row["language"],
            student_id=row["student_id"],
            verified_contact=row["verified_contact"],
            failed_attempts=row["failed_attempts"],
            locked_until=moment_or_none(row["locked_until"]),
            injection_count=row["injection_count"],
            window_opened_at=moment_or_none(row["window_opened_at"]),
            invited_at=moment_or_none(row["invited_at"]),
            taken_by=row["person"] if row["held"] else None,
            hands=row["hands"] or 0,
            handed_back_at=moment_or_none(row["ended_at"]),
        )

    async def open_cases(self, conversation_id: str, reopen_since: datetime) -> tuple[Case, ...]:
        """Return the conversation's cases that are not closed: unsettled ones, and resolved ones since then."""
        rows = self._database.read(
            "SELECT body FROM cases WHERE conversation_id = ? AND state <> 'closed'"
            " AND (state <> 'resolved' OR updated_at >= ?) ORDER BY opened_at, id",
            (conversation_id, iso(reopen_since)),
        )
        return tuple(Case.model_validate_json(row["body"]) for row in rows)

    async def quoted(self, conversation_id: str, message_id: str) -> Quoted | None:
        """Return the message with the channel's id, theirs or ours; the latest case's where several had it."""
        rows = self._database.read(
            "SELECT case_id, text, at, direction FROM transcript WHERE conversation_id = ? AND (external_id = ?"
            " OR external_id IN (SELECT key FROM outbox WHERE provider_id = ?)) ORDER BY id DESC LIMIT 1",
            (conversation_id, message_id, message_id),
        )
        if not rows:
            return None
        row = rows[0]
        by_customer = row["direction"] == "in"
        return Quoted(case_id=row["case_id"], text=row["text"], at=moment(row["at"]), by_customer=by_customer)

    async def contact(self, contact_id: str) -> Contact | None:
        """Return one contact."""
        return records.contact(self._read("contacts"), contact_id)

    async def registered(self, contact_id: str) -> bool:
        """Say whether the records know this contact, beyond having written to us."""
        rows = self._read("contacts")("SELECT registered FROM contacts WHERE id = ?", (contact_id,))
        return bool(rows and rows[0]["registered"])

    async def students_of(self, contact_id: str) -> tuple[Student, ...]:
        """Return the students this contact answers for, by name."""
        return records.students_of(self._read("schedule"), contact_id)

    async def find_by_invoice_and_email(self, invoice_number: str, email: str) -> str | None:
        """Return the contact both belong to, or None."""
        rows = self._database.read(
            "SELECT contacts.id FROM invoices JOIN contacts ON contacts.id = invoices.contact_id"
            " WHERE invoices.number = ? AND LOWER(contacts.email) = ?",
            (invoice_number.strip().upper(), email.strip().lower()),
        )
        return str(rows[0]["id"]) if rows else None

    async def others_in(self, text: str, own: tuple[str, ...]) -> tuple[str, ...]:
        """Return what of a text belongs to others than these contacts, as it stands there."""
        return owners.others_in(self._database.read, text, own)

    async def snapshot(self, contact_id: str) -> Snapshot | None:
        """Return the contact's snapshot, whatever its age, unless the records have moved on since it was taken."""
        rows = self._database.read(
            "SELECT snapshots.* FROM snapshots JOIN contacts ON contacts.id = snapshots.contact_id"
            " WHERE snapshots.contact_id = ? AND snapshots.rev >= contacts.rev",
            (contact_id,),
        )
        return snapshots.read(rows[0]) if rows else None

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        """Return a student's sessions, the free slots ahead and this month's counted reschedules."""
        return facts.schedule(self._read("schedule"), self._reading, student_id, now)

    async def free_slots(self, now: datetime) -> tuple[Slot, ...]:
        """Return everybody's free slots ahead, in order."""
        return records.free_slots(self._read("schedule"), now)

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        """Return a contact's invoices, newest first, with the state of each payment."""
        return facts.payments(self._read("payments"), contact_id, now)

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        """Read everything a snapshot holds, now, with the contact's current rev."""
        return facts.snapshot(self._read("schedule"), self._reading, contact_id, now)

    async def approval(self, approval_id: str) -> ApprovalRecord | None:
        """Return one approval."""
        rows = self._database.read("SELECT * FROM approvals WHERE id = ?", (approval_id,))
        return approval_record(rows[0]) if rows else None

    async def staff(self) -> tuple[StaffMember, ...]:
        """Return everyone allowlisted, in the order they are asked."""
        return records.staff(self._database.read)

    def _read(self, dependency: str) -> records.Reader:
        def read(sql: str, params: Sequence[object]) -> list[Row]:
            try:
                return self._database.read(sql, params)
            except StoreFault as error:
                raise DependencyDown(dependency, str(error)) from error

        return read


class SqlNumbers:
    """Case numbers in blocks: one commit reserves fifty, and a restart skips what is left of a block."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._blocks: dict[tuple[str, int], range] = {}

    async def next_case_id(self, prefix: str, year: int) -> str:
        """Return a new id, `<PREFIX>-<YEAR>-<number>`, never given twice."""
        while not (left := self._blocks.get((prefix, year))):
            reserved = await self._database.submit(lambda tx: _reserve(tx, prefix, year))
            # Two may have reserved at once; what is left of the earlier block is used first.
            self._blocks[prefix, year] = self._blocks.get((prefix, year)) or reserved
        self._blocks[prefix, year] = left[1:]
        return f"{prefix}-{year}-{left[0]:04d}"


def _reserve(tx: Tx, prefix: str, year: int) -> range:
    tx.execute(
        "INSERT INTO case_numbers (prefix, year, next) VALUES (?, ?, ?)"
        " ON CONFLICT (prefix, year) DO UPDATE SET next = case_numbers.next + ?",
        (prefix, year, 1 + BLOCK, BLOCK),
    )
    row = tx.one("SELECT next FROM case_numbers WHERE prefix = ? AND year = ?", (prefix, year))
    assert row is not None
    return range(row["next"] - BLOCK, row["next"])
