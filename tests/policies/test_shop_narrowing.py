import pytest

from casefile.cart import Cart, Focus
from casefile.shop import Product
from policies.shop_narrowing import Hand, describes, in_hand, narrowed, tells_apart, without_nouns
from policies.shop_pick import picked
from policies.shop_words import folded
from tests.policies.shop_worlds import HAT, SHIRT, TEE, seen, variant

BLACK = variant("DMK-HTM-M", "M", "hitam")
DRESS = SHIRT.model_copy(
    update={"id": "dress", "name": "Dress Midi Kenanga", "category": "dress", "variants": (BLACK,)}
)
OXFORD = SHIRT.model_copy(
    update={
        "id": "oxford",
        "name": "Kemeja Oxford Senopati",
        "material": "100% katun oxford",
        "tags": ("polos",),
    }
)
TROUSERS = SHIRT.model_copy(
    update={
        "id": "trousers",
        "name": "Celana Bahan Thamrin",
        "category": "celana",
        "material": "65% poliester",
    }
)
ALL = (TROUSERS, OXFORD, SHIRT, DRESS, TEE, HAT)
SHIRTS = Hand(kind="kemeja")


def test_words_for_what_a_thing_is_like_name_no_goods() -> None:
    assert without_nouns(folded("yg bahan linen warnanya putih")) == "yg linen putih"
    assert without_nouns("celana bahan") == "celana bahan"


def test_the_linen_one_is_of_the_kind_that_is_talked_about() -> None:
    words = folded("yg bahan linen warna putih")
    assert picked(ALL, None, None, words, SHIRTS).product == SHIRT
    assert picked(ALL, None, None, folded("celana bahan"), SHIRTS).product == TROUSERS


@pytest.mark.parametrize(
    ("options", "words", "hand", "meant"),
    [
        ((), "yang putih", Hand(offered=(OXFORD, HAT)), (OXFORD,)),
        ((), "yang polos putih", Hand(kind="kemeja", offered=(SHIRT, HAT)), (OXFORD,)),
        ((), "yang itu", Hand(kind="kemeja", offered=(SHIRT, HAT)), ()),
        ((SHIRT, DRESS), "linen", SHIRTS, (SHIRT,)),
        ((SHIRT, DRESS), "dress linen", SHIRTS, (DRESS,)),
        ((OXFORD, SHIRT), "dress hitam", Hand(), (DRESS,)),
        ((HAT, TEE), "yang hitam", SHIRTS, (TEE,)),
        ((OXFORD, SHIRT), "linen hitam polos", Hand(), (SHIRT,)),
    ],
)
def test_what_fits_all_that_is_said_comes_first(
    options: tuple[Product, ...], words: str, hand: Hand, meant: tuple[Product, ...]
) -> None:
    assert narrowed(options, ALL, folded(words), hand) == meant


def test_what_is_in_hand_was_offered_or_is_in_focus() -> None:
    there = seen(known=(SHIRT, OXFORD, TEE), found=())
    assert in_hand(None, there) == Hand()
    assert in_hand(Cart(focus=Focus(product="KOB-HTM-L")), there).kind == "kaos"
    assert in_hand(Cart(offered=("KLB-PTH-M",)), there) == Hand(kind="kemeja", offered=(SHIRT,))
    assert in_hand(Cart(offered=("KLB-PTH-M", "KOB-HTM-L", "gone")), there).kind == ""


@pytest.mark.parametrize(
    ("words", "describing", "apart"),
    [
        ("yang putih", True, True),
        ("yang itu", True, False),
        ("warnanya apa aja", True, False),
        ("linen", True, True),
        ("ada sepatu", False, False),
    ],
)
def test_words_that_only_tell_one_from_another(words: str, describing: bool, apart: bool) -> None:
    assert (describes(folded(words)), tells_apart(folded(words))) == (describing, apart)
