"""How the gate's rows see a matter: the tests they are put together from."""

from collections.abc import Callable

from policies.intents import INTENTS, POLICY_PAGES, topic_of
from policies.matter import CONTEXT_INTENTS, Matter

Test = Callable[[Matter], bool]
START_HIGH = frozenset(
    {"reschedule", "refund", "cancel", "chargeback", "privacy_delete", "privacy_export", "privacy_correct"}
)
HARMLESS = frozenset({"policy_question"})
ASKED_BACK = (CONTEXT_INTENTS - {"affirm", "deny"}) | {"injection", "human_request", "attachment"}
# Conversational, with rows of their own.
ELSEWHERE = frozenset({"case_status", "accepted_offer", "lost_invoice"})
SMALL_TALK = (
    frozenset(name for name, what in INTENTS.items() if what.kind == "conversational")
    - ASKED_BACK
    - ELSEWHERE
)
RESCHEDULE_PREDICATES = ("before_cutoff", "within_quota", "not_vip")
TAKEN_BACK = frozenset({"withdrawal", "cancel", "refund", "reschedule", "policy_question"})
# Priced by rows of their own, or one's own wish that costs nothing.
UNPRICED = frozenset({"reschedule", "opt_out", "opt_in"})
CLAIMED_BY_ATTACK = START_HIGH | {"third_party", "exception", "payment_claim"}


def asks_only_about_policy(m: Matter) -> bool:
    """Say whether this is the closed reading "a question about policy without a request", answered by a page."""
    others = m.signals - HARMLESS
    pages = [POLICY_PAGES.get(signal, frozenset()) for signal in others]
    about_it = len(others) <= 1 and all(topic_of(m.intent) in topics for topics in pages)
    return m.policy_question and m.kind == "faq" and m.answered and about_it


def requests(*signals: str) -> Test:
    """Say whether one of these risks is raised, by more than a question about policy or for news."""
    return lambda m: bool(m.signals & set(signals)) and not asks_only_about_policy(m) and not m.news


def reschedule(test: Test) -> Test:
    """Narrow a test to a reschedule."""
    return lambda m: m.intent == "reschedule" and test(m)


def readable(test: Test) -> Test:
    """A verified customer's reschedule while the records can be read, no child left to ask for."""
    return reschedule(lambda m: m.verified and m.student != "ask" and not m.is_down and test(m))


def proved(m: Matter) -> bool:
    """Say whether the records prove every condition of a free move."""
    known = m.student == "known" and not m.gone
    return known and all(m.proof(name) == "true" for name in RESCHEDULE_PREDICATES)


def nothing_ahead(m: Matter) -> bool:
    """Say whether the schedule shows no session that could be moved."""
    return m.proof("session_known") == "false" and m.session is None and not m.gone


def slot(*states: str) -> Test:
    """A reschedule with every predicate proved; what is left is the new time."""
    return readable(lambda m: proved(m) and m.choice is not None and m.choice.state in states)


def account(test: Test) -> Test:
    """Narrow a test to a question about this customer's own data."""
    return lambda m: m.kind == "account" and test(m)


def claims_payment(m: Matter) -> bool:
    """Say whether a payment is claimed; to ask whether one has arrived is a question the record answers."""
    answered = m.intent == "payment_status" or m.news
    return m.intent == "payment_claim" or ("payment_claim" in m.signals and not answered)


def child_open(m: Matter) -> bool:
    """Say whether it is still open which of several children is meant."""
    return m.student == "ask" and (m.dependency == "schedule" or m.several_billed)


def readable_now(m: Matter) -> bool:
    """Say whether it can be answered at once: verified, fresh, nothing down, the child known."""
    return m.verified and not m.is_down and m.fresh and not child_open(m)


def open_reschedule(m: Matter) -> bool:
    """Reschedule words without the reschedule intent: nothing proves it down, so a person looks.

    Asking how many changes are left is answered by the record that proves it.
    """
    elsewhere = m.intent not in {"reschedule", "quota_left"} and not m.news
    return "reschedule" in m.signals and elsewhere and not asks_only_about_policy(m)


def nothing_open(m: Matter) -> bool:
    """A withdrawal that mentions what starts high; a bare one is small talk."""
    return m.intent == "withdrawal" and m.signals <= TAKEN_BACK and bool(m.signals & START_HIGH)


def attack_with_request(m: Matter) -> bool:
    """Say whether the rules are attacked and something is asked for with it."""
    asked = m.kind in {"operation", "cart", "account", "sensitive"} or m.signals & CLAIMED_BY_ATTACK
    return "injection" in m.signals and bool(asked or m.asks_beside)
