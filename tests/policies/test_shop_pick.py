import pytest

from casefile.cart import Focus
from policies.shop_pick import Pick, named, picks
from policies.shop_pick import picked as pick_in
from policies.shop_words import folded
from tests.policies.shop_worlds import HAT, SHIRT, TEE, picked

ALL = (SHIRT, TEE, HAT)
LINEN = SHIRT.model_copy(update={"id": "tunic", "name": "Tunik Linen Sahaja"})


def skus(found: tuple[Pick, ...]) -> list[tuple[str, str, int | None]]:
    return [(p.state, p.variant.sku if p.variant else "", p.qty) for p in found]


@pytest.mark.parametrize(
    ("words", "state", "sku"),
    [
        ("navy M", "ok", "KLB-NVY-M"),
        ("navy XXL", "out", "KLB-NVY-XXL"),
        ("navy M 2 pcs", "few", "KLB-NVY-M"),
        ("navy", "size", ""),
        ("L", "ok", "KLB-PTH-L"),
        ("M", "colour", ""),
        ("", "size", ""),
        ("putih XXL", "no_variant", ""),
    ],
)
def test_a_variant_is_as_clear_as_the_words(words: str, state: str, sku: str) -> None:
    pick = picked(words)
    assert (pick.state, pick.variant.sku if pick.variant else "") == (state, sku)


def test_what_is_all_gone_is_out_whichever_is_meant() -> None:
    gone = SHIRT.model_copy(
        update={"variants": tuple(v.model_copy(update={"stock": 0}) for v in SHIRT.variants)}
    )
    assert picked("", gone).state == "out"


def test_what_was_said_before_counts_until_something_else_is() -> None:
    last = Focus(product="KLB-PTH-M", size="L", colour="putih", qty=2)
    assert picked("", SHIRT, last).variant == SHIRT.variants[1]
    assert (picked("", SHIRT, last).qty, picked("M", SHIRT, last).size) == (2, "M")


def test_a_thing_of_one_size_and_colour_needs_no_more_words() -> None:
    assert picked("", HAT).state == "ok"


def test_the_name_with_most_of_its_words_said_is_meant() -> None:
    assert named(ALL, folded("ada kemeja linen?")) == (SHIRT,)
    assert named((SHIRT, LINEN), folded("yang linen")) == (SHIRT, LINEN)
    assert named(ALL, folded("yang itu")) == ()
    assert named(ALL, folded("kaosnya")) == (TEE,)


def test_without_a_name_it_is_about_what_is_talked_about() -> None:
    assert pick_in(ALL, SHIRT, None, folded("yang navy M")).product == SHIRT
    assert pick_in((SHIRT, LINEN), SHIRT, None, folded("linennya")).product == SHIRT
    assert pick_in(ALL, SHIRT, None, folded("kaos yang M")).product == TEE
    assert pick_in(ALL, None, None, folded("yang itu")).state == "nothing"
    several = pick_in((SHIRT, LINEN), None, None, folded("linen 2 pcs"))
    assert (several.state, several.options, several.qty, several.focus(True)) == (
        "which",
        (SHIRT, LINEN),
        2,
        None,
    )
    last = Focus(product="KOB-HTM-L", size="M")
    assert pick_in(ALL, SHIRT, last, folded("yang L")).size == "L"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kemeja linen bahari putih M 1 dan kaos oversize hitam L 2",
         [("ok", "KLB-PTH-M", 1), ("ok", "KOB-HTM-L", 2)]),
        ("putih, ukuran L", [("ok", "KLB-PTH-L", None)]),
        ("halo, kemeja linen bahari, putih, ukuran L", [("ok", "KLB-PTH-L", None)]),
        ("navy M, putih L 2", [("ok", "KLB-NVY-M", None), ("ok", "KLB-PTH-L", 2)]),
        ("navy M", [("ok", "KLB-NVY-M", None)]),
        ("navy M, yang bagus ya, putih L", [("ok", "KLB-NVY-M", None), ("ok", "KLB-PTH-L", None)]),
    ],
)  # fmt: skip
def test_one_message_can_name_several_things(words: str, found: list[tuple[str, str, int | None]]) -> None:
    assert skus(picks(ALL, SHIRT, None, folded(words))) == found


def test_one_of_several_may_be_unclear() -> None:
    found = picks((SHIRT, LINEN, TEE, HAT), None, None, folded("kaos oversize L, linen, topi bucket"))
    assert [pick.state for pick in found] == ["ok", "which", "ok"]


def test_what_is_kept_in_mind_names_any_of_its_variants() -> None:
    assert picked("navy M 2 pcs").focus(wanted=True) == Focus(
        product="KLB-PTH-M", size="M", colour="navy", qty=2, wanted=True
    )


def test_what_is_clear_is_taken_and_what_is_not_is_asked_beside_it() -> None:
    found = picks((SHIRT, LINEN, TEE, HAT), None, None, folded("linen 1 sama topi bucket 1"))
    assert [pick.state for pick in found] == ["which", "ok"]
