"""What each of two keepers of a record changed is kept; where both changed the same, theirs is."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from policies.merging import merged

KNOWN: dict[str, JsonValue] = {"name": "Rina", "package": 5}
RECORDS = st.fixed_dictionaries({"name": st.sampled_from("abc"), "package": st.integers(0, 2)})


def test_each_ones_change_is_kept_and_theirs_stands_where_both_made_one() -> None:
    assert merged(KNOWN, {"name": "Rina", "package": 9}, {"name": "Rina A", "package": 5}) == (
        {"name": "Rina A", "package": 9},
        (),
    )
    assert merged(KNOWN, {"name": "Rina", "package": 9}, {"name": "Rina", "package": 4}) == (
        {"name": "Rina", "package": 4},
        ("package",),
    )
    assert merged(KNOWN, {"name": "R", "package": 5}, {"name": "R", "package": 5})[1] == ()
    # What was never known has nothing to go by but theirs.
    assert merged({}, {"name": "R", "package": 5}, KNOWN) == (KNOWN, ("name",))


@given(RECORDS, RECORDS, RECORDS)
def test_who_changed_nothing_takes_all_of_the_other(
    known: dict[str, JsonValue], one: dict[str, JsonValue], other: dict[str, JsonValue]
) -> None:
    assert merged(known, known, other) == (other, ())
    assert merged(known, one, known) == (one, ())
    both, clashes = merged(known, one, other)
    assert all(both[name] in (one[name], other[name]) for name in both)
    assert set(clashes) == {
        name for name in both if len({str(known[name]), str(one[name]), str(other[name])}) == 3
    }
