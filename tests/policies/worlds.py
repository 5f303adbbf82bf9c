"""Worlds for the gate's tests: a case, facts and a request, by hand and generated."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import product

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from casefile.case import Case
from casefile.facts import Facts, Identity, RolloutMode, ScheduleFacts
from casefile.packets import KbExcerpt
from casefile.reading import SIGNALS, Reading, Request, Slots, WhenSlot
from casefile.records import (
    Contact,
    IdentityStatus,
    Invoice,
    Package,
    Payment,
    Slot,
    Snapshot,
    Student,
    StudentSnapshot,
)
from casefile.verdict import Tier
from policies.desk import Rules
from policies.intents import INTENTS
from policies.limits import Limits
from policies.matter import Matter, weigh
from policies.rollout import MODES
from policies.sla import WEEK, Hours
from tests.policies.builders import NOW, WIB, contact, conversation, schedule, session, slot

HOURS = Hours(zone="Asia/Jakarta", week={day: (time(9), time(20)) for day in WEEK})
STUDENTS = (
    Student(id="st1", name="Dimas Pratama", guardians=("c1",)),
    Student(id="st2", name="Sekar Pratama", guardians=("c1",)),
)
IDENTITIES: tuple[IdentityStatus, ...] = ("WA_MATCH", "VERIFIED", "NEW", "UNKNOWN", "MISMATCH")
FAQ_INTENTS = ("faq.refund_policy", "faq.reschedule_policy", "faq.privacy_policy", "faq.price_list")


@dataclass(frozen=True, slots=True)
class World:
    """Everything the gate is asked about."""

    case: Case
    facts: Facts
    request: Request
    rules: Rules

    def matter(self) -> Matter:
        """Return what the gate weighs."""
        return weigh(self.case, self.facts, self.request, self.rules)

    def saying(self, *signals: str) -> "World":
        """Return the same world with these signals in the message instead."""
        request = self.request.model_copy(update={"signals": signals})
        heard = self.facts.reading
        assert heard is not None
        reading = heard.model_copy(update={"requests": (request,), "signals": signals})
        return replace(self, request=request, facts=self.facts.model_copy(update={"reading": reading}))

    def thought(self, tier: Tier) -> "World":
        """Return the same world with a model that would put the message there."""
        heard = self.facts.reading
        assert heard is not None
        return self.with_facts(reading=heard.model_copy(update={"model_tier": tier}))

    def with_facts(self, **changes: object) -> "World":
        """Return the same world with other facts."""
        return replace(self, facts=self.facts.model_copy(update=changes))


def rules(mode: RolloutMode = "production", **changes: object) -> Rules:
    base = Rules(desk="school", limits=Limits(), hours=HOURS, mode=mode)
    return base.model_copy(update=changes)


def case(**changes: object) -> Case:
    base = Case(
        id="SCH-2026-0001",
        desk="school",
        conversation_id="wa-1-c1",
        contact_id="c1",
        language="id",
        state="triaged",
        opened_at=NOW,
        updated_at=NOW,
        turn=1,
    )
    return base.model_copy(update=changes)


def reading(
    *requests: Request, slots: Slots | None = None, signals: tuple[str, ...] | None = None
) -> Reading:
    said = tuple(s for r in requests for s in r.signals) if signals is None else signals
    return Reading(language="id", normalized="kata", requests=requests, signals=said, slots=slots or Slots())


def request(intent: str = "greeting", *signals: str, is_question: bool = False) -> Request:
    return Request(intent=intent, confidence=0.9, is_question=is_question, text="kata", signals=signals)


def page(topic: str = "refund_policy", **changes: object) -> KbExcerpt:
    base = KbExcerpt(
        topic=topic,
        title="Kebijakan",
        status="Published",
        effective_date=date(2026, 1, 1),
        language="id",
        excerpt="Uang les tidak dikembalikan.",
        source_link=f"{topic}.id.md",
        page_id=topic,
        release="v2026-02-01.1",
        content_hash="h1",
    )
    return base.model_copy(update=changes)


def snapshot(age_minutes: int = 10, **changes: object) -> Snapshot:
    package = Package(name="Paket 8", sessions_left=3, expires=date(2026, 6, 30))
    student = StudentSnapshot(
        student_id="st1",
        name="Dimas Pratama",
        sessions=(session(),),
        reschedules_this_month=1,
        package=package,
    )
    base = Snapshot(
        contact_id="c1",
        as_of=NOW - timedelta(minutes=age_minutes),
        ttl_minutes=180,
        rev=3,
        students=(student,),
        invoices=(invoice(),),
    )
    return base.model_copy(update=changes)


def invoice(**changes: object) -> Invoice:
    base = Invoice(
        number="INV-2026-0201-007",
        contact_id="c1",
        description="Paket 8 sesi",
        amount=1_250_000,
        due=date(2026, 2, 20),
        payment=Payment(state="CONFIRMED", source="provider_event", at=NOW - timedelta(days=2)),
    )
    return base.model_copy(update=changes)


def identity(status: IdentityStatus = "WA_MATCH", **changes: object) -> Identity:
    known = status in ("WA_MATCH", "VERIFIED", "NEW")
    return Identity(status=status, contact_id="c1" if known else None).model_copy(update=changes)


def facts(heard: Reading | None = None, **changes: object) -> Facts:
    """A verified adult student with a fresh snapshot; the schedule of record has been read."""
    base = Facts(
        now=NOW,
        mode="production",
        reading=heard,
        conversation=conversation(),
        contact=contact(),
        identity=identity(),
        students=STUDENTS[:1],
        student=STUDENTS[0],
        snapshot=snapshot(),
        schedule=schedule(),
    )
    return base.model_copy(update=changes)


def world(
    intent: str,
    *signals: str,
    is_question: bool = False,
    slots: Slots | None = None,
    on: Case | None = None,
    by: Rules | None = None,
    **changes: object,
) -> World:
    """One request of a verified student, everything else as `facts` has it."""
    asked = request(intent, *signals, is_question=is_question)
    return World(on or case(), facts(reading(asked, slots=slots), **changes), asked, by or rules())


def at(free: Slot) -> Slots:
    """The very time of a free slot, said in words."""
    local = free.start.astimezone(WIB)
    return Slots(when=(WhenSlot(text="itu", date=local.date(), time=local.time()),))


def told(words: str) -> World:
    """An enrolment, in these words: to tell of one is not to ask for it."""
    w = world("enrol_request")
    asks = w.request.model_copy(update={"text": words})
    return replace(w, request=asks).with_facts(reading=reading(asks))


def astray(**changes: object) -> World:
    """A session named by a day on which there is none."""
    rabu = WhenSlot(text="rabu", date=date(2026, 2, 11))
    w = world("reschedule", slots=Slots(when=(rabu,)), **changes)  # type: ignore[arg-type]
    asked = w.request.model_copy(update={"text": "pindah sesi rabu"})
    heard = w.facts.reading
    assert heard is not None
    return replace(w, request=asked).with_facts(reading=heard.model_copy(update={"requests": (asked,)}))


def confirmed() -> tuple[Case, Slots]:
    """A case that waits for a yes to a slot, and the yes."""
    return case(intent="reschedule", waiting_for="confirm", chosen=slot(), session_id="s1"), Slots(
        yes_no="yes"
    )


# Built once: a record drawn from a list costs nothing, one built per example slows every run.
_STARTS = [NOW + timedelta(minutes=m) for m in (-30, 0, 59, 60, 61, 60 * 24, 60 * 24 * 40)]
_FREE = ((), (slot(),), (slot(), slot(NOW + timedelta(days=5), id="f2")))
SCHEDULES: tuple[ScheduleFacts | None, ...] = (
    None,
    schedule(sessions=()),
    *(schedule(sessions=(session(status=s),)) for s in ("done", "cancelled")),
    *(
        schedule(sessions=(session(start),), reschedules_this_month=used, free_slots=free)
        for start, used, free in product(_STARTS, range(4), _FREE)
    ),
)
PAGES: tuple[KbExcerpt | None, ...] = (
    None,
    page(status="Draft"),
    page(effective_date=date(2027, 1, 1)),
    *(page(intent.removeprefix("faq.")) for intent in FAQ_INTENTS),
)
CONTACTS: tuple[Contact | None, ...] = (contact(), None, contact(vip=True))
SNAPSHOTS: tuple[Snapshot | None, ...] = (snapshot(), None, snapshot(181), snapshot(contact_id="c2"))
OFFERS: tuple[tuple[Slot, ...], ...] = ((), (slot(),), (slot(NOW + timedelta(days=9), id="gone"),))
CHOSEN = (None, slot())
SAID = st.lists(st.sampled_from(SIGNALS), max_size=3, unique=True).map(tuple)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Generate any mixture of case, identity, records, pages, outages, signals and intents."""
    asked = Request(
        intent=draw(st.sampled_from([*INTENTS, *FAQ_INTENTS, "nonsense"])),
        confidence=draw(st.sampled_from([0.0, 0.5, 1.0])),
        is_question=draw(st.booleans()),
        text="kata",
        signals=draw(SAID),
    )
    elsewhere = draw(st.just(()) | SAID)
    said = Slots(
        choice=draw(st.sampled_from([None, None, 1, 2, -1, 9])),
        yes_no=draw(st.sampled_from([None, "yes", "no"])),
    )
    heard = reading(asked, slots=said, signals=tuple(dict.fromkeys((*asked.signals, *elsewhere))))
    students = draw(st.sampled_from([(), STUDENTS[:1], STUDENTS]))
    mode = draw(st.sampled_from(MODES))
    seen = facts(
        heard,
        mode=mode,
        contact=draw(st.sampled_from(CONTACTS)),
        identity=identity(draw(st.sampled_from(IDENTITIES)), locked=draw(st.booleans())),
        students=students,
        student=draw(st.sampled_from([None, *students])),
        snapshot=draw(st.sampled_from(SNAPSHOTS)),
        schedule=draw(st.sampled_from(SCHEDULES)),
        excerpt=draw(st.sampled_from(PAGES)),
        down=draw(st.frozensets(st.sampled_from(["schedule", "payments", "knowledge"]), max_size=2)),
    )
    file = case(
        intent=draw(st.sampled_from(["", "reschedule", "next_session", "refund_request"])),
        waiting_for=draw(st.sampled_from([None, "identity", "slot", "confirm", "child", "meaning"])),
        offered=draw(st.sampled_from(OFFERS)),
        chosen=draw(st.sampled_from(CHOSEN)),
        session_id=draw(st.sampled_from([None, "s1", "gone"])),
        tags=draw(st.sampled_from([(), ("signal:refund",), ("signal:reschedule", "vip")])),
        tier=draw(st.sampled_from(["R0", "R1", "R2", "R3"])),
    )
    by = rules(mode, a_approval=draw(st.sampled_from(["role", "human"])))
    return World(file, seen, asked, by)
