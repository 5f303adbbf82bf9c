"""What we offer in our own words, and whether what is said next takes it up."""

import re

from casefile.case import Case
from casefile.reading import Reading
from policies.enrolments import ENROLMENTS, gives_details
from policies.matter import CONTEXT_INTENTS

# Templates that end in an offer, and pages whose last sentence is one: what a yes to it asks for.
TEMPLATES: dict[str, str] = {
    "no_next_session": "new_session",
    "reschedule_no_session": "new_session",
    "package_none": "enrol_request",
    "payment_status_expired": "new_bill",
    "hours_prospect": "trial_request",
}
PAGES: dict[str, str] = {
    "price_list": "trial_request",
    "price_trial": "trial_request",
    "trial_how": "trial_request",
    "enrol_how": "enrol_request",
    "waiting_list": "waiting_list",
    "branches": "faq.online_lessons",
}
# A no of a person that ends in "if you'd like to talk about other options"; the words of reports do not.
WITHOUT_OPTIONS = frozenset({"R3.safety", "R3.legal", "R3.complaint", "R3.third_party"})
# Asked outright, so that a bare yes is enough; elsewhere it has to be wanted in words.
_ASKED = frozenset({"new_session", "new_bill", "faq.online_lessons"})
# "Tolong dibuatkan lagi" sounds like a renewal, and after this offer it is a yes to it.
_SOUNDS_LIKE = {"new_bill": frozenset({"renewal_request", "invoice_resend"})}
_BY_DETAILS = ENROLMENTS | {"new_session", "waiting_list"}
_WANTS = re.compile(
    r"(?<!\w)(?:mau|boleh|minta|tolong|bantu|atur|pilihan|opsi|gas|lanjut|daftar\w*|coba|trial|yes please|please"
    r"|want|would like|id like|options?|sign|book|go ahead|lets)(?!\w)"
)
_NOT = re.compile(r"(?<!\w)(?:tidak|belum|jangan|batal|nanti|no|not|dont|later)(?!\w)")


def asked_outright(cases: tuple[Case, ...]) -> bool:
    """Say whether the last thing said was an offer that a bare yes takes up."""
    last = _last(cases)
    return last is not None and last.waiting_for == "offer" and last.meanings[0] in _ASKED


def _last(cases: tuple[Case, ...]) -> Case | None:
    return max(cases, key=lambda case: (case.updated_at, case.waiting_for != "offer"), default=None)


def taken_up(reading: Reading, cases: tuple[Case, ...]) -> tuple[Case, str] | None:
    """Return the case whose offer these words take up and what they ask for with it; None when they do not.

    An offer stands only as the last thing that was said.
    """
    last = _last(cases)
    risky = set(reading.signals) - {"unsure"}
    if last is None or last.waiting_for != "offer" or last.state == "resolved" or risky:
        return None
    meaning = last.meanings[0]
    alike = _SOUNDS_LIKE.get(meaning, frozenset())
    if not {r.intent for r in reading.requests} <= CONTEXT_INTENTS | alike | {"thanks", meaning}:
        return None
    words = reading.normalized
    detailed = meaning in _BY_DETAILS and (bool(reading.slots.when) or gives_details(words))
    wanted = _WANTS.search(words) is not None and not _NOT.search(words)
    agreed = meaning in _ASKED and reading.slots.yes_no == "yes"
    return (last, meaning) if detailed or wanted or agreed else None
