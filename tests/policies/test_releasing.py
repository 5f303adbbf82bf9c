"""What a yes may carry out: only what was asked in so many words, by somebody who has proved enough for it."""

from typing import Literal

import pytest

from casefile.facts import Facts, Identity
from casefile.packets import Action
from casefile.reading import IntentGuess, Request
from casefile.verdict import RuleHit, Verdict
from policies.releasing import proved, releasable, wanted
from tests.policies.builders import task
from tests.policies.test_approvals import record
from tests.policies.worlds import case, facts, reading


def verdict(rule: str) -> Verdict:
    hit = RuleHit(id=rule, words="")
    return Verdict(intent="", floor="R3", tier="R3", decision="ESCALATE_COACH", rules=(hit,))


def asked(text: str, intent: str, confidence: float = 0.99, pair: float = 0.0) -> Facts:
    request = Request(intent=intent, confidence=confidence, text=text)
    guesses = (IntentGuess(intent="give_identity", confidence=pair),)
    return facts(reading=reading(request).model_copy(update={"guesses": guesses}))


@pytest.mark.parametrize(
    ("text", "intent", "action"),
    [
        ("tolong hapus data saya dari sistem ya kak", "privacy_delete", "CONTACT_ERASE"),
        ("Please delete my account and everything", "privacy_delete", "CONTACT_ERASE"),
        ("tolong hapus akun dan data anak saya", "privacy_delete", "CONTACT_ERASE"),
        ("data anak saya jangan disebar ya", "privacy_delete", None),
        ("foto anak saya tolong dihapus dari IG", "privacy_delete", None),
        ("hapus foto dan data anak saya dari website", "privacy_delete", None),
        ("tolong hapus nomor saya dari grup wa", "privacy_delete", None),
        ("jangan hapus data saya ya", "privacy_delete", None),
        ("minta salinan data saya dong", "privacy_export", "CONTACT_EXPORT"),
        ("can I get a copy of all my data", "privacy_export", "CONTACT_EXPORT"),
        ("siapa yang bisa lihat data saya?", "privacy_export", None),
        ("who can get my data?", "privacy_export", None),
        ("email saya salah, tolong dibetulkan", "privacy_correct", "CONTACT_CORRECT"),
        ("my name is misspelled, please correct it", "privacy_correct", "CONTACT_CORRECT"),
        ("ada yang salah di catatan kalian", "privacy_correct", None),
        ("hapus data saya", "complaint", None),
    ],
)
def test_personal_data_is_touched_only_when_the_words_say_so(
    text: str, intent: str, action: Action | None
) -> None:
    assert wanted(verdict("R3.privacy"), case(), asked(text, intent)) == action


def test_an_unsure_reading_binds_nothing() -> None:
    words, intent = "tolong hapus data saya", "privacy_delete"
    assert wanted(verdict("R3.privacy"), case(), asked(words, intent, 0.79)) is None
    assert wanted(verdict("R3.privacy"), case(), facts()) is None
    # A message that gives the pair as well looks like one that only gives it.
    assert wanted(verdict("R3.privacy"), case(), asked(words, intent, 0.01, pair=0.99)) == "CONTACT_ERASE"


@pytest.mark.parametrize(
    ("rule", "action"),
    [("R3.refund", "REFUND"), ("R3.cancel", "CANCEL"), ("R3.third_party", None), ("R3.complaint", None)],
)
def test_the_rule_names_the_operation(rule: str, action: Action | None) -> None:
    assert wanted(verdict(rule), case(), asked("hapus data saya", "privacy_delete")) == action


@pytest.mark.parametrize(
    ("status", "attempt", "locked", "refund", "erase"),
    [
        ("WA_MATCH", "none", False, True, False),
        ("WA_MATCH", "failed", False, True, False),
        ("VERIFIED", "none", False, True, False),
        ("VERIFIED", "passed", False, True, True),
        ("VERIFIED", "passed", True, False, False),
        ("NEW", "none", False, False, False),
        ("UNKNOWN", "incomplete", False, False, False),
        ("MISMATCH", "failed", False, False, False),
    ],
)
def test_personal_data_takes_the_pair_and_everything_takes_a_proved_identity(
    status: Literal["WA_MATCH", "VERIFIED", "NEW", "UNKNOWN", "MISMATCH"],
    attempt: Literal["none", "incomplete", "passed", "failed"],
    locked: bool,
    refund: bool,
    erase: bool,
) -> None:
    who = Identity(status=status, contact_id="c1", attempt=attempt, locked=locked)
    assert proved("REFUND", who) == proved("CANCEL", who) == refund
    for action in ("CONTACT_ERASE", "CONTACT_EXPORT", "CONTACT_CORRECT"):
        assert proved(action, who) == erase


def test_a_yes_needs_something_to_release() -> None:
    request = record().request
    assert releasable(request)
    assert releasable(request.model_copy(update={"operation": None}))
    assert not releasable(request.model_copy(update={"operation": None, "wants": "REFUND"}))
    assert releasable(request.model_copy(update={"operation": task(), "wants": "REFUND"}))
