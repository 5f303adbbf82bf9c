from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.facts import Identity
from casefile.records import Alias, Contact, Conversation, IdentityStatus
from policies.identity import assess, attempt, is_verified, own_contacts, pair
from policies.limits import Limits
from tests.policies.builders import NOW, contact, conversation

LIMITS = Limits()
STRANGER = Identity(status="UNKNOWN")
INVOICE, EMAIL = ("INV-2026-0210-001",), ("rani@example.com",)


@pytest.mark.parametrize(
    ("who", "records", "matched", "status", "contact_id"),
    [
        (contact(), True, True, "WA_MATCH", "c1"),
        (contact(), True, False, "MISMATCH", None),
        (contact(), False, True, "NEW", "c1"),
        (contact(phone=None, aliases=(Alias(kind="phone", value="+62811"),)), False, True, "NEW", "c1"),
        (contact(phone=None, aliases=(Alias(kind="lid", value="9@lid"),)), False, True, "UNKNOWN", "c1"),
        (contact(), False, False, "UNKNOWN", None),
        (None, False, False, "UNKNOWN", None),
    ],
)
def test_who_writes(
    who: Contact | None, records: bool, matched: bool, status: str, contact_id: str | None
) -> None:
    assert assess(conversation(), who, records, matched, NOW) == Identity.model_validate(
        {"status": status, "contact_id": contact_id}
    )


def test_a_verified_conversation_stays_verified() -> None:
    known = assess(conversation(verified_contact="c9"), contact(), False, True, NOW)
    assert (known.status, known.contact_id) == ("VERIFIED", "c9")


@pytest.mark.parametrize(("seconds", "locked"), [(1, True), (0, False), (-1, False)])
def test_a_lock_holds_until_its_moment(seconds: int, locked: bool) -> None:
    talk = conversation(locked_until=NOW + timedelta(seconds=seconds))
    assert assess(talk, None, False, False, NOW).locked is locked
    assert assess(talk, contact(), True, True, NOW).locked is locked


def test_only_a_match_or_a_verification_opens_account_facts() -> None:
    opened = {s for s in get_args(IdentityStatus) if is_verified(Identity(status=s))}
    assert opened == {"WA_MATCH", "VERIFIED"}


def test_a_conversation_may_hear_of_its_writer_and_of_whom_they_proved_to_be() -> None:
    passed, unproved = Identity(status="VERIFIED", contact_id="c9"), Identity(status="NEW", contact_id="c9")
    assert own_contacts(conversation()) == ("c1",)
    assert own_contacts(conversation(verified_contact="c2"), unproved) == ("c1", "c2")
    assert own_contacts(conversation(), passed) == ("c1", "c9")
    assert own_contacts(conversation(verified_contact="c1"), passed) == ("c1", "c9")


def test_one_message_tries_one_pair() -> None:
    assert pair(("A", "B"), ("x", "y")) == ("A", "x")
    assert pair((), EMAIL) is None
    assert pair(INVOICE, ()) is None


def test_a_correct_pair_verifies_and_clears_the_count() -> None:
    now_known, remember = attempt(
        STRANGER, INVOICE, EMAIL, "c7", conversation(failed_attempts=2), LIMITS, NOW
    )
    assert now_known == Identity(status="VERIFIED", contact_id="c7", attempt="passed")
    assert remember == {"verified_contact": "c7", "failed_attempts": 0, "locked_until": None}
    Conversation.model_validate(conversation().model_dump() | remember)


@pytest.mark.parametrize(("invoices", "emails"), [(INVOICE, ()), ((), EMAIL)])
def test_half_a_pair_is_incomplete_and_costs_nothing(
    invoices: tuple[str, ...], emails: tuple[str, ...]
) -> None:
    tried, remember = attempt(STRANGER, invoices, emails, None, conversation(failed_attempts=2), LIMITS, NOW)
    assert (tried.attempt, tried.locked, remember) == ("incomplete", False, {})


def test_nothing_given_is_no_attempt() -> None:
    assert attempt(STRANGER, (), (), None, conversation(), LIMITS, NOW) == (STRANGER, {})


def test_who_is_known_already_need_not_try() -> None:
    known = Identity(status="WA_MATCH", contact_id="c1")
    assert attempt(known, INVOICE, EMAIL, None, conversation(failed_attempts=2), LIMITS, NOW) == (known, {})


@pytest.mark.parametrize("status", ["WA_MATCH", "VERIFIED"])
def test_who_is_known_may_be_asked_again_and_only_the_own_pair_passes(status: IdentityStatus) -> None:
    known = Identity(status=status, contact_id="c1")
    passed, remember = attempt(known, INVOICE, EMAIL, "c1", conversation(), LIMITS, NOW, again=True)
    assert passed == Identity(status="VERIFIED", contact_id="c1", attempt="passed")
    assert remember["verified_contact"] == "c1"
    for found in (None, "c7"):
        tried, remember = attempt(known, INVOICE, EMAIL, found, conversation(), LIMITS, NOW, again=True)
        assert (tried.status, tried.contact_id, tried.attempt) == (status, "c1", "failed")
        assert remember == {"failed_attempts": 1, "locked_until": None}


def test_the_third_failure_locks_for_an_hour_and_not_the_second() -> None:
    talk = conversation()
    seen = []
    for _ in range(3):
        tried, remember = attempt(STRANGER, INVOICE, EMAIL, None, talk, LIMITS, NOW)
        assert (tried.status, tried.attempt, tried.contact_id) == ("MISMATCH", "failed", None)
        talk = Conversation.model_validate(talk.model_dump() | remember)
        seen.append((tried.locked, talk.failed_attempts, talk.locked_until))
    assert seen == [(False, 1, None), (False, 2, None), (True, 3, NOW + timedelta(minutes=60))]


def test_the_lock_refuses_a_correct_pair_too_and_runs_out() -> None:
    talk = conversation(failed_attempts=3, locked_until=NOW + timedelta(minutes=60))
    tried, remember = attempt(STRANGER, INVOICE, EMAIL, "c7", talk, LIMITS, NOW + timedelta(minutes=59))
    assert (tried.status, tried.attempt, tried.locked, remember) == ("UNKNOWN", "failed", True, {})
    tried, _ = attempt(STRANGER, INVOICE, EMAIL, "c7", talk, LIMITS, NOW + timedelta(minutes=60))
    assert tried.status == "VERIFIED"
    tried, remember = attempt(STRANGER, INVOICE, EMAIL, None, talk, LIMITS, NOW + timedelta(minutes=60))
    assert (tried.locked, remember) == (False, {"failed_attempts": 1, "locked_until": None})


@given(st.integers(0, 20), st.booleans(), st.booleans(), st.one_of(st.none(), st.integers(-120, 120)))
def test_only_a_found_complete_pair_outside_a_lock_verifies(
    failed: int, complete: bool, found: bool, lock: int | None
) -> None:
    until = None if lock is None else NOW + timedelta(minutes=lock)
    talk = conversation(failed_attempts=failed, locked_until=until)
    tried, remember = attempt(
        STRANGER, INVOICE, EMAIL if complete else (), "c7" if found else None, talk, LIMITS, NOW
    )
    open_now = lock is None or lock <= 0
    assert is_verified(tried) == (complete and found and open_now)
    assert ("verified_contact" in remember) == is_verified(tried)
