"""A matter: one request with everything the gate weighs, worked out of the facts before any rule looks."""

from typing import Literal

from casefile.base import Frozen
from casefile.case import Case
from casefile.facts import Facts
from casefile.reading import Reading, Request
from casefile.records import Session
from casefile.verdict import Tier
from policies.after_move import goes_on, put_back, takes_back
from policies.booking import Booking, booking_intent, for_service, weigh_booking
from policies.booking_intents import BOOKABLE
from policies.desk import Rules
from policies.enrol_matter import EnrolMatter, enrol_intent, weigh_enrolment
from policies.enrolments import ENROLMENTS, only_tells
from policies.freshness import fresh, of_this_month
from policies.identity import is_verified
from policies.intent_kinds import IntentKind
from policies.intents import FAQ_PREFIX, POLICY_TOPICS, spec
from policies.knowledge import answers
from policies.lead_matter import LeadMatter, lead_intent, weigh_lead
from policies.news import only_news
from policies.payments import several_billed
from policies.reschedule import MOVABLE, Proof, prove
from policies.sessions import session_meant
from policies.shop_intents import OWN_ORDERS, SHOP
from policies.shop_matter import (
    ShopMatter,
    lets_go,
    own_orders_known,
    own_orders_read,
    shop_intent,
    weigh_shop,
)
from policies.slots import SlotChoice, choose

BY_MONTH = frozenset({"quota_left"})
# How a choice can stand with the customer still to say which hour it shall be.
STILL_OPEN = frozenset(
    {"vague", "which", "no_slot", "taken", "all_shown", "back", "back_taken", "other_coach"}
)
CONTEXT_INTENTS = frozenset(
    {"give_identity", "give_time", "choose_child", "affirm", "deny", "unclear", "lost_invoice"}
)


class Matter(Frozen):
    """What the rules look at: the request, who asks, what the records prove and what is up.

    `known` says whether the number is somebody's of its own; `student` whether it is clear whose lessons are
    meant; `answered` whether a published page says it all; `asks_beside` whether an attack comes with a request;
    `gone` whether the session meant has passed; `astray` whether it was named by another day; `time_asked` whether
    the new time has been asked for already; `several_billed` whether the bills this may be about are of more than
    one child; `news` whether it only asks how the case it is in stands; `told` whether it only tells of an enrolment;
    `shop`, `lead`, `booking` and `enrol` are what the rows of a shop, on prospects, on bookings, and of enrolments that
    are billed look at.
    """

    intent: str
    kind: IntentKind
    signals: frozenset[str]
    dependency: str | None = None
    policy_question: bool = False
    verified: bool = False
    known: bool = False
    locked: bool = False
    attempt: Literal["none", "incomplete", "passed", "failed"] = "none"
    student: Literal["known", "ask", "none"] = "none"
    fresh: bool = False
    answered: bool = False
    vip: bool = False
    down: frozenset[str] = frozenset()
    proofs: tuple[Proof, ...] = ()
    session: Session | None = None
    gone: bool = False
    astray: bool = False
    choice: SlotChoice | None = None
    time_asked: bool = False
    several_billed: bool = False
    news: bool = False
    told: bool = False
    shop: ShopMatter | None = None
    lead: LeadMatter | None = None
    booking: Booking | None = None
    enrol: EnrolMatter | None = None
    repeated_injection: bool = False
    asks_beside: bool = False
    model_tier: Tier = "R0"

    def proof(self, name: str) -> str:
        """Return what is known of a predicate; one nobody looked at is unknown."""
        return next((p.value for p in self.proofs if p.name == name), "unknown")

    @property
    def is_down(self) -> bool:
        """Say whether the system this is answered from is down."""
        return self.dependency in self.down

    @property
    def time_open(self) -> bool:
        """Say whether an exception's new time can still be settled with the customer: a person is asked once."""
        movable = self.session is not None and self.session.status in MOVABLE
        if not movable or self.choice is None or not self.choice.offers or self.student != "known":
            return False
        if "complaint" in self.signals:
            # Anger is not answered with a question.
            return False
        unasked = self.choice.state == "none" and not self.time_asked
        return unasked or self.astray or self.choice.state in STILL_OPEN


def effective_intent(
    case: Case,
    request: Request,
    reading: Reading | None = None,
    *,
    sells: bool = False,
    books: bool = False,
) -> str:
    """Return what is asked: an answer to our own question keeps the case's intent."""
    own = shop_intent(case, request, reading) if sells else None
    own = own or (booking_intent(case, request, CONTEXT_INTENTS) if books else None)
    own = own or enrol_intent(case, request, reading)
    if own is not None:
        return own
    if takes_back(case, request) or goes_on(case, request, reading):
        return "reschedule"
    if (interviewed := lead_intent(request)) is not None:
        return interviewed
    asked = case.waiting_for is not None or case.approval_id is not None
    if case.intent and asked and case.waiting_for != "offer" and request.intent in CONTEXT_INTENTS:
        return case.intent
    if request.intent == "lost_invoice":
        # Nothing asked for one, so they would like it again.
        return "invoice_resend"
    if request.intent == "greeting" and case.waiting_for in {"time", "slot"}:
        # "Pagi" greets, and after "which time?" it answers.
        return case.intent
    kind = spec(request.intent)
    if request.is_question and (kind.signal in POLICY_TOPICS or kind.kind == "conversational"):
        topics = {POLICY_TOPICS[s] for s in (*request.signals, kind.signal) if s in POLICY_TOPICS}
        if len(topics) == 1:
            return FAQ_PREFIX + topics.pop()
    return request.intent


def weigh(case: Case, facts: Facts, request: Request, rules: Rules) -> Matter:
    """Work out the matter of one request from the facts of the turn."""
    books = rules.appointments is not None
    intent = effective_intent(case, request, facts.reading, sells=rules.sells, books=books)
    if lets_go(case, facts, intent):
        intent = "withdrawal"
    kind = spec(intent)
    signals = _signals(case, facts.reading, request, intent)
    if rules.sells:
        # There is no lesson to move at a shop: "ganti ke L besok" is about a size.
        signals -= {"reschedule"}
    if intent in BOOKABLE and case.waiting_for is not None:
        # Nothing is booked yet: "ganti jam 3 saja" changes nothing but the wish.
        signals -= {"reschedule", "cancel"}
    identity = facts.identity
    matter = Matter(
        intent=intent,
        kind=kind.kind,
        signals=signals,
        dependency=kind.dependency,
        policy_question=request.is_question and _says_nothing_else(facts.reading, request),
        verified=is_verified(identity) and not identity.locked,
        known=(is_verified(identity) or identity.status == "NEW") and not identity.locked,
        locked=identity.locked,
        attempt=identity.attempt,
        student=_student(facts),
        fresh=_fresh(facts, intent, rules),
        answered=answers(facts, intent, rules),
        vip=bool(facts.contact and facts.contact.vip),
        down=facts.down,
        asks_beside=_asks_beside(facts.reading, rules.limits.beside_attack_likelihood),
        several_billed=several_billed(facts),
        model_tier=facts.reading.model_tier if facts.reading else "R0",
        told=intent in ENROLMENTS and only_tells(request.text),
        shop=weigh_shop(case, facts, intent, request.intent, rules),
        lead=weigh_lead(case, facts, intent, request.intent, rules),
        enrol=weigh_enrolment(case, facts, intent, rules),
        news=only_news(case, intent, signals),
        repeated_injection=facts.conversation.injection_count + 1 >= rules.limits.injection_repeats,
    )
    booking = weigh_booking(case, facts, intent, rules)
    if booking is not None:
        return matter.model_copy(update=dict(booking))
    changing = matter.shop.changing if matter.shop else None
    if changing is not None:
        return matter.model_copy(update={"proofs": changing.proofs})
    if matter.enrol is not None:
        return matter.model_copy(update={"proofs": matter.enrol.proofs, "dependency": "schedule"})
    if intent != "reschedule" or facts.schedule is None:
        return matter
    most = rules.limits.offered_slots
    if takes_back(case, request):
        # It asks for the way back, which is a move like any other, and for nothing else.
        matter = matter.model_copy(update={"signals": frozenset({"reschedule"})})
        meant, choice = put_back(case, facts.schedule, facts.now, most)
    else:
        meant = session_meant(case, facts.reading, facts.schedule, rules.zone, facts.now)
        reachable = for_service(facts.schedule, meant.session, rules)
        choice = choose(case, facts.reading, reachable, meant, rules.zone, facts.now, most)
    session, slot = meant.session, choice.slot
    proofs = prove(facts.schedule, facts.contact, session, slot, rules.limits, rules.zone, facts.now)
    asked = case.waiting_for in {"slot", "time", "confirm"}
    update = {
        "session": session,
        "gone": meant.gone,
        "astray": meant.astray,
        "choice": choice,
        "proofs": proofs,
        "time_asked": asked,
    }
    return matter.model_copy(update=update)


def _fresh(facts: Facts, intent: str, rules: Rules) -> bool:
    """Say whether this may be answered from the snapshot; what counts by the month, only in that month.

    An order that is not in it is answered from the orders of record, and so is all that changes one.
    """
    if intent in SHOP:
        return own_orders_known(facts) if intent in OWN_ORDERS else own_orders_read(facts)
    current = intent not in BY_MONTH or of_this_month(facts.snapshot, facts.now, rules.zone)
    return current and fresh(facts.snapshot, facts.identity.contact_id, facts.now)


def _asks_beside(reading: Reading | None, likelihood: float) -> bool:
    """Say whether a message that reads as an attack also looks like a request for something."""
    likely = [g for g in reading.guesses if g.confidence >= likelihood] if reading else []
    return any(spec(guess.intent).kind in {"operation", "account", "sensitive"} for guess in likely)


def _signals(case: Case, reading: Reading | None, request: Request, intent: str) -> frozenset[str]:
    """Return the signals of this request, the case's own risk included while we wait for its details."""
    found = set(request.signals)
    if reading is not None:
        # A signal that no request owns is heard in all of them: a miss is worse than a person's minute.
        found |= set(reading.signals).difference(*(r.signals for r in reading.requests))
    own = spec(intent).signal
    if own is not None:
        found.add(own)
    if case.waiting_for is not None and intent == case.intent:
        found |= {tag.removeprefix("signal:") for tag in case.tags if tag.startswith("signal:")}
    return frozenset(found)


def _says_nothing_else(reading: Reading | None, request: Request) -> bool:
    """Say whether the whole message raises no signal beside those of this request."""
    return reading is None or set(reading.signals) - {"policy_question"} <= set(request.signals)


def _student(facts: Facts) -> Literal["known", "ask", "none"]:
    if facts.student is not None:
        return "known"
    return "ask" if len(facts.students) > 1 else "none"
