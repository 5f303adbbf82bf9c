"""Collect the facts of a turn into one snapshot of readings, so that everything after it only thinks."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from casefile.approval import ApprovalRecord
from casefile.base import Language
from casefile.case import Case
from casefile.events import CaseEvent, ReminderFellDue
from casefile.facts import Claim, Facts, Identity
from casefile.packets import KbExcerpt
from casefile.reading import Reading, Request
from casefile.records import Contact, Conversation, Snapshot, Student
from graph import of_record
from graph.enrolling import enrolling
from graph.named import next_approver, people_named
from graph.shop import shop_of
from graph.sources import Sources
from policies import identity as identities
from policies.booking_intents import BOOKABLE, BOOKING
from policies.desk import Rules
from policies.gate import request_of
from policies.intents import topic_of
from policies.lead_matter import page_asked
from policies.matter import effective_intent
from policies.payments import claim_open
from policies.releasing import PRIVACY_ACTIONS
from policies.sla import is_open

INVOICE = re.compile(r"INV-\d{4}-\d{4}-\d{3,}", re.IGNORECASE)
# Moved, given back or counted against what is ahead: the schedule itself is read, no snapshot of it.
FROM_FREE = frozenset({*BOOKABLE, "reschedule"})
OF_RECORD = frozenset({*BOOKING, "reschedule"})
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Known:
    """What is read before anything is understood: who writes and what their conversation remembers."""

    conversation: Conversation
    contact: Contact | None
    students: tuple[Student, ...]
    identity: Identity
    down: frozenset[str]


async def who(conversation_id: str, sources: Sources, now: datetime) -> Known:
    """Read who writes; only a contact with records of its own proves anything by its number."""
    conversation = await sources.conversations.conversation(conversation_id)
    contact = await sources.contacts.contact(conversation.contact_id)
    registered = await sources.contacts.registered(conversation.contact_id)
    identity = identities.assess(conversation, contact, registered, contact is not None, now)
    students: tuple[Student, ...] = ()
    if identities.is_verified(identity) and identity.contact_id is not None:
        students = await sources.contacts.students_of(identity.contact_id)
        contact = await _account(identity.contact_id, contact, sources)
    return Known(conversation, contact, students, identity, await sources.health.down())


async def _account(contact_id: str, writer: Contact | None, sources: Sources) -> Contact | None:
    """Return whose account this is: a verified person may write from a number that is not on it."""
    if writer is not None and writer.id == contact_id:
        return writer
    return await sources.contacts.contact(contact_id)


async def collect(
    case: Case,
    events: tuple[CaseEvent, ...],
    known: Known,
    reading: Reading | None,
    sources: Sources,
    rules: Rules,
    now: datetime,
) -> Facts:
    """Read what this case's turn needs; what is down stays unread and is named."""
    request = request_of(case, reading)
    books = rules.appointments is not None
    intent = (
        effective_intent(case, request, reading, sells=rules.sells, books=books) if reading else case.intent
    )
    known, changes = await _verification(case, intent, known, reading, sources, rules, now)
    student = _student(case, known, reading)
    approval = await _approval(case, sources)
    snapshot = await _snapshot(known, sources)
    excerpt = await _page(case, page_asked(case, intent, rules), approval, sources, now)
    reminded = any(isinstance(e, ReminderFellDue) for e in events)
    schedule, down = await of_record.schedule(
        intent in OF_RECORD or reminded, known.identity, student, known.down, sources, now
    )
    free, down = await of_record.free_slots(books and intent in FROM_FREE, down, sources, now)
    if schedule is not None and free is not None:
        # Where it is booked by the hour, whoever gives the service may take it.
        schedule = schedule.model_copy(update={"free_slots": free})
    payments, down = await of_record.payments(events, known.identity, down, sources, now)
    writer = (known.identity, known.contact, snapshot)
    shop, down = await shop_of(
        case, (intent, request.intent), events, writer, reading, down, sources, rules, now
    )
    signup, down = await enrolling(case, intent, events, known.identity, sources, rules, down, now)
    claim = await _claim(intent, known, sources, rules, now)
    titles = await _titles(reading, request, sources, case.language, now)
    people = await people_named(case, events, approval, reading, sources)
    return Facts(
        now=now,
        mode=rules.mode,
        reading=reading,
        conversation=known.conversation,
        contact=known.contact,
        identity=known.identity,
        identity_changes=changes,
        students=known.students,
        student=student,
        snapshot=snapshot,
        schedule=schedule,
        free_slots=free,
        payments=payments,
        claim=claim,
        shop=shop,
        enrolling=signup,
        excerpt=excerpt,
        titles=titles,
        approval=approval,
        down=down,
        next_approver=next_approver(approval, people),
        names={person.id: person.name for person in people},
        in_hours=is_open(rules.hours, now),
    )


async def _verification(
    case: Case,
    intent: str,
    known: Known,
    reading: Reading | None,
    sources: Sources,
    rules: Rules,
    now: datetime,
) -> tuple[Known, dict[str, object]]:
    """Try invoice number and email where they were given, also one after the other in this case."""
    again = case.waiting_for == "identity" or intent in PRIVACY_ACTIONS
    if reading is None or (identities.is_verified(known.identity) and not again):
        return known, {}
    invoices, emails = reading.slots.invoice_numbers, reading.slots.emails
    if (invoices or emails) and case.waiting_for == "identity":
        said = " ".join(line.text for line in case.window[:-1] if line.who == "customer")
        invoices = invoices or tuple(reversed([m.upper() for m in INVOICE.findall(said)]))
        emails = emails or tuple(reversed([m.lower() for m in EMAIL.findall(said)]))
    pair = identities.pair(invoices, emails)
    found = await sources.contacts.find_by_invoice_and_email(*pair) if pair else None
    identity, changes = identities.attempt(
        known.identity, invoices, emails, found, known.conversation, rules.limits, now, again
    )
    students, contact = known.students, known.contact
    if identity.attempt == "passed" and identity.contact_id is not None:
        students = await sources.contacts.students_of(identity.contact_id)
        contact = await _account(identity.contact_id, contact, sources)
    renewed = Known(known.conversation, contact, students, identity, known.down)
    return renewed, dict(changes)


def _student(case: Case, known: Known, reading: Reading | None) -> Student | None:
    """Return whose lessons are meant: the one named, the case's, the one remembered, or the only one."""
    by_id = {s.id: s for s in known.students}
    named = reading.slots.names if reading else ()
    meant = [s for s in known.students if any(_is_called(s, name) for name in named)]
    if len(meant) == 1:
        return meant[0]
    choice = reading.slots.choice if reading and case.waiting_for == "child" else None
    if choice is not None and 0 < choice <= len(known.students):
        return known.students[choice - 1]
    for remembered in (case.student_id, known.conversation.student_id):
        if remembered in by_id:
            return by_id[remembered]
    return known.students[0] if len(known.students) == 1 else None


def _is_called(student: Student, name: str) -> bool:
    return name.casefold() in {student.name.casefold(), student.name.split()[0].casefold(), student.id}


async def _snapshot(known: Known, sources: Sources) -> Snapshot | None:
    identity = known.identity
    if not identities.is_verified(identity) or identity.contact_id is None or identity.locked:
        return None
    return await sources.snapshots.snapshot(identity.contact_id)


async def _page(
    case: Case, asked: str | None, approval: ApprovalRecord | None, sources: Sources, now: datetime
) -> KbExcerpt | None:
    """Read the page an answer, or a pending approval, rests on."""
    if approval is not None and approval.request.cited:
        topic, _, language = approval.request.cited[0].partition("#")[0].rpartition(".")
        return await sources.knowledge.excerpt(topic, "en" if language == "en" else "id", now)
    if asked is None:
        return None
    return await sources.knowledge.excerpt(asked, case.language, now)


async def _claim(intent: str, known: Known, sources: Sources, rules: Rules, now: datetime) -> Claim | None:
    """Read whether a payment they ask about is one they have claimed and staff are checking."""
    if intent != "payment_status":
        return None
    since = now - timedelta(days=rules.limits.reopen_days)
    return claim_open(await sources.conversations.open_cases(known.conversation.id, since))


async def _titles(
    reading: Reading | None, request: Request, sources: Sources, language: Language, now: datetime
) -> dict[str, str]:
    """Read the titles of the pages an unclear message may be about, to offer them as choices."""
    if reading is None or request.intent != "unclear":
        return {}
    titles: dict[str, str] = {}
    for guess in reading.guesses[:3]:
        topic = topic_of(guess.intent)
        page = await sources.knowledge.excerpt(topic, language, now) if topic else None
        if page is not None:
            titles[guess.intent] = page.title
    return titles


async def _approval(case: Case, sources: Sources) -> ApprovalRecord | None:
    """Read the approval the case waits for, or the one behind the operation it has sent off."""
    approval_id = case.approval_id or (case.task.approval_id if case.task else None)
    return await sources.approvals.approval(approval_id) if approval_id else None
