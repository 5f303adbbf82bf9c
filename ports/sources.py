"""Reads. Every method takes plain values and answers with nouns, so a turn can record and replay it.

A source that cannot be reached raises `casefile.errors.DependencyDown`.
"""

from datetime import datetime
from typing import Protocol

from casefile.approval import ApprovalRecord
from casefile.base import Frozen, Language, Role
from casefile.case import Case
from casefile.facts import PaymentFacts, ScheduleFacts
from casefile.packets import KbExcerpt
from casefile.records import Contact, Conversation, Slot, Snapshot, StaffMember, Student
from ports.channels import MediaFile


class Quoted(Frozen):
    """A message of the conversation's transcript that another one quotes."""

    case_id: str
    text: str
    at: datetime
    by_customer: bool


class Conversations(Protocol):
    """What is remembered of conversations."""

    async def conversation(self, conversation_id: str) -> Conversation:
        """Return the conversation; the door created it with its first message."""
        ...

    async def open_cases(self, conversation_id: str, reopen_since: datetime) -> tuple[Case, ...]:
        """Return the conversation's cases that are not closed: unsettled ones, and resolved ones updated since."""
        ...

    async def quoted(self, conversation_id: str, message_id: str) -> Quoted | None:
        """Return the message with the channel's id, theirs or ours; None when this conversation has none."""
        ...


class Contacts(Protocol):
    """Who people are."""

    async def contact(self, contact_id: str) -> Contact | None:
        """Return one contact."""
        ...

    async def registered(self, contact_id: str) -> bool:
        """Say whether the records know this contact, beyond having written to us."""
        ...

    async def students_of(self, contact_id: str) -> tuple[Student, ...]:
        """Return the students this contact answers for, an adult student's self included, by name."""
        ...

    async def find_by_invoice_and_email(self, invoice_number: str, email: str) -> str | None:
        """Return the contact both belong to, or None; which of the two was wrong is never said."""
        ...


class Owners(Protocol):
    """Whose data a text carries."""

    async def others_in(self, text: str, own: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names, phones, emails and invoice numbers in a text that belong to others than these contacts.

        They come as they stand in the text. The students of `own` count as theirs.
        """
        ...


class Files(Protocol):
    """Customers' files as they are kept."""

    async def file(self, key: str) -> MediaFile | None:
        """Return the file of a piece of evidence, or None when it could not be had."""
        ...


class Snapshots(Protocol):
    """B's local copy of what may be said about one contact."""

    async def snapshot(self, contact_id: str) -> Snapshot | None:
        """Return the contact's snapshot, whatever its age."""
        ...


class Schedule(Protocol):
    """The schedule of record, read by C."""

    async def schedule(self, student_id: str, now: datetime) -> ScheduleFacts:
        """Return a student's sessions, the free slots ahead and this month's counted reschedules."""
        ...

    async def free_slots(self, now: datetime) -> tuple[Slot, ...]:
        """Return everybody's free slots ahead, in order."""
        ...


class Books(Protocol):
    """Invoices and payments of record, read by C."""

    async def payments(self, contact_id: str, now: datetime) -> PaymentFacts:
        """Return a contact's invoices, newest first, with the state of each payment."""
        ...


class Records(Protocol):
    """A renewed snapshot straight from the records (C's quick read)."""

    async def fresh_snapshot(self, contact_id: str, now: datetime) -> Snapshot:
        """Read everything a snapshot holds, now, with the contact's current rev."""
        ...


class Knowledge(Protocol):
    """Published knowledge."""

    async def excerpt(self, topic: str, language: Language, now: datetime) -> KbExcerpt | None:
        """Return the page on a topic if it is published and in effect in the release in force, else None."""
        ...


class Approvals(Protocol):
    """Approvals as the store has them."""

    async def approval(self, approval_id: str) -> ApprovalRecord | None:
        """Return one approval."""
        ...


class Numbers(Protocol):
    """Case numbers."""

    async def next_case_id(self, prefix: str, year: int) -> str:
        """Return a new id, `<PREFIX>-<YEAR>-<number>`, never given twice (numbers may be skipped)."""
        ...


class Staffing(Protocol):
    """Who works here."""

    async def staff(self) -> tuple[StaffMember, ...]:
        """Return everyone allowlisted, in the order they are asked."""
        ...


class Health(Protocol):
    """Which dependencies are down."""

    async def down(self) -> frozenset[str]:
        """Return the names of the dependencies that are down now."""
        ...


class Reach(Protocol):
    """The way to a system of record that is not ours."""

    async def reach(self, name: str) -> None:
        """Return when the system of this name answers as it should; else raise DependencyDown."""
        ...


class DraftRequest(Frozen):
    """What a model is given to phrase: the words it stands for, never free rein.

    `facts` are the dates, sums, numbers and names in them, `excerpts` the cited page. To mend what was held, `earlier`
    is that draft and `found` what was wrong with it.
    """

    role: Role
    task: str
    language: Language
    customer_message: str
    safe_text: str
    facts: tuple[str, ...]
    excerpts: tuple[str, ...] = ()
    earlier: str = ""
    found: tuple[str, ...] = ()
    case_id: str = ""
    contact_id: str = ""


class Drafter(Protocol):
    """A model that may phrase a reply; its text is a proposal that pre-send QA judges."""

    async def draft(self, request: DraftRequest) -> str | None:
        """Return a draft, or None when no model is configured for the task."""
        ...
