from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.approval import Alternative, ApprovalRecord, ApprovalRequest
from casefile.packets import CTask
from casefile.records import StaffMember
from policies.approvals import digest, marked, matches, parse_reply, valid
from tests.policies.builders import NOW, staff, task

CREDIT = Alternative(
    id="credit", label="Tolak + kredit", operation=task(action="CANCEL"), text="Kami beri kredit"
)
COACH = staff("coach")


def record(**changes: object) -> ApprovalRecord:
    request = ApprovalRequest(
        id="ap1",
        case_id="SCH-2026-0001",
        kind="REFUND",
        token="t1",
        digest=digest(task(), "Halo", "wa-1-c1", ("h1",), (CREDIT,)),
        customer_masked="+62…0001",
        language="id",
        asks="refund",
        policy="tidak ada refund",
        checked=(),
        suggested="deny",
        operation=task(),
        text="Halo",
        deny_text="Maaf",
        alternatives=(CREDIT,),
        cited=("h1",),
        requested_at=NOW,
        deadline=NOW + timedelta(hours=2),
    )
    lane = changes.pop("lane", "coach")
    return ApprovalRecord(request=request.model_copy(update={"lane": lane})).model_copy(update=changes)


@pytest.mark.parametrize(
    "other",
    [
        digest(
            task(params={"invoice": "INV-2026-0210-001", "amount": 1_200_001}), "Halo", "wa-1-c1", ("h1",)
        ),
        digest(task(action="CANCEL"), "Halo", "wa-1-c1", ("h1",)),
        digest(task(subject="c2"), "Halo", "wa-1-c1", ("h1",)),
        digest(task(constraints={"most": 1}), "Halo", "wa-1-c1", ("h1",)),
        digest(None, "Halo", "wa-1-c1", ("h1",)),
        digest(task(), "Halo.", "wa-1-c1", ("h1",)),
        digest(task(), "Halo", "wa-1-c2", ("h1",)),
        digest(task(), "Halo", "wa-1-c1", ("h2",)),
        digest(task(), "Halo", "wa-1-c1", ()),
        digest(task(), "Halo", "wa-1-c1", ("h1",), (CREDIT,)),
    ],
)
def test_any_change_of_what_is_released_changes_the_digest(other: str) -> None:
    assert digest(task(), "Halo", "wa-1-c1", ("h1",)) != other


def test_what_derives_from_the_digest_and_the_order_of_pages_is_left_out() -> None:
    derived = task(idempotency_key="other", approval_id="ap1")
    assert digest(derived, "Halo", "x", ("b", "a", "a")) == digest(task(), "Halo", "x", ("a", "b"))


def test_an_alternative_is_bound_whole() -> None:
    base = digest(None, "", "", (), (CREDIT,))
    for changes in ({"text": "lain"}, {"label": "lain"}, {"id": "lain"}, {"operation": None}):
        assert digest(None, "", "", (), (CREDIT.model_copy(update=changes),)) != base


def test_matches_only_what_was_asked() -> None:
    asked = record()
    assert matches(asked, task(idempotency_key="k9"), "Halo", "wa-1-c1", ("h1",))
    assert not matches(asked, task(), "Halo!", "wa-1-c1", ("h1",))
    assert not matches(asked, None, "Halo", "wa-1-c1", ("h1",))
    assert not matches(asked, task(), "Halo", "wa-1-c2", ("h1",))
    assert not matches(asked, task(), "Halo", "wa-1-c1", ("h1", "h2"))


@given(st.text(), st.text(), st.text(), st.text())
def test_the_digest_is_a_function_and_text_cannot_slip_into_recipient(a: str, b: str, c: str, d: str) -> None:
    one, other = digest(None, a, b, ()), digest(None, c, d, ())
    assert (one == other) == ((a, b) == (c, d))


@pytest.mark.parametrize(
    ("asked", "who", "decision", "answer"),
    [
        (record(), COACH, "APPROVE", "ok"),
        (record(), COACH, "DENY", "ok"),
        (record(), COACH, "EDIT", "ok"),
        (record(), COACH, "MAYBE", "unknown"),
        (None, COACH, "APPROVE", "unknown"),
        (record(), None, "APPROVE", "not_allowed"),
        (record(), staff("operator", "oncall"), "APPROVE", "not_allowed"),
        (record(lane="ops"), COACH, "APPROVE", "not_allowed"),
        (record(lane="ops"), staff("operator"), "APPROVE", "ok"),
        (record(lane="incident"), staff("coach", "operator", "oncall"), "APPROVE", "not_allowed"),
        (record(state="void"), COACH, "APPROVE", "void"),
        (record(state="approved"), COACH, "DENY", "already_decided"),
        (record(state="denied"), COACH, "APPROVE", "already_decided"),
        (record(state="edited"), COACH, "APPROVE", "already_decided"),
        (record(state="approved"), None, "DENY", "not_allowed"),
    ],
)
def test_whose_decision_counts(
    asked: ApprovalRecord | None, who: StaffMember | None, decision: str, answer: str
) -> None:
    assert valid(asked, who, decision, NOW) == answer


@given(st.integers(-1000, 100_000))
def test_a_passed_deadline_neither_decides_nor_forbids_deciding(minutes: int) -> None:
    when = NOW + timedelta(minutes=minutes)
    assert valid(record(), COACH, "DENY", when) == "ok"
    assert valid(record(), None, "APPROVE", when) == "not_allowed"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("APPROVE", ("APPROVE", "")),
        ("approve, tapi mulai Maret", ("APPROVE", "tapi mulai Maret")),
        ("  Setuju. Maksimal sekali", ("APPROVE", "Maksimal sekali")),
        ("/approve@loket_bot ok", ("APPROVE", "ok")),
        ("Deny: sudah lewat", ("DENY", "sudah lewat")),
        ("TOLAK", ("DENY", "")),
        ("edit Halo Kak, boleh hari lain?", ("EDIT", "Halo Kak, boleh hari lain?")),
        ("UBAH\nHalo Kak", ("EDIT", "Halo Kak")),
        ("approve?", None),
        ("Setuju nggak ya", None),
        ("setuju tidak", None),
        ("tolak dulu", None),
        ("approve or deny", None),
        ("approve/deny", None),
        ("approval", None),
        ("tidak setuju", None),
        ("ok", None),
        ("", None),
        ("👍", None),
    ],
)
def test_typed_decisions(text: str, read: tuple[str, str] | None) -> None:
    assert parse_reply(text) == read


@given(st.text())
def test_no_text_breaks_the_reading_and_a_decision_needs_its_word(text: str) -> None:
    read = parse_reply(text)
    assert read is None or read[0] in ("APPROVE", "DENY", "EDIT")
    assert parse_reply(f"belum {text}") is None


@given(st.sampled_from(["APPROVE", "Deny", "edit", "SETUJU", "tolak", "Ubah"]), st.booleans())
def test_every_word_works_in_any_case(word: str, upper: bool) -> None:
    assert parse_reply(word.upper() if upper else word.lower()) is not None


def test_the_operation_is_bound_as_it_was_read_back() -> None:
    again = CTask.model_validate_json(task().model_dump_json())
    assert digest(again, "", "", ()) == digest(task(), "", "", ())


def test_a_mark_of_insistence_stays_with_the_words_it_insists_on() -> None:
    assert parse_reply("EDIT ! Besok ya? Jam?") == ("EDIT", "! Besok ya? Jam?")
    assert parse_reply("APPROVE!!") == ("APPROVE", "")
    assert parse_reply("approve! dulu") is None


@pytest.mark.parametrize(
    ("words", "plain", "proposed"),
    [
        ("setelah dipotong admin", "setelah dipotong admin", False),
        ("setelah dipotong admin #aturan", "setelah dipotong admin", True),
        ("#policy", "", True),
        ("! pindah\nsekali ini #Aturan", "! pindah\nsekali ini", True),
        ("lihat #aturannya  ya", "lihat #aturannya  ya", False),
    ],
)
def test_the_mark_that_proposes_an_exception_as_policy_is_no_word_for_the_customer(
    words: str, plain: str, proposed: bool
) -> None:
    assert marked(words) == (plain, proposed)
