from pathlib import Path

import pytest
import yaml

from policies.shop_colours import colour_in_english, fabric_in_english
from policies.shop_words import colours_in, folded

PRODUCTS = Path(__file__).resolve().parents[2] / "desks/shop/records/products.yaml"
COLOURS = sorted({v["colour"] for p in yaml.safe_load(PRODUCTS.read_text("utf-8")) for v in p["variants"]})


@pytest.mark.parametrize(
    ("colour", "english"),
    [
        ("putih", "white"),
        ("biru muda", "light blue"),
        ("merah kotak", "red check"),
        ("garis navy", "navy striped"),
        ("hitam pudar", "faded black"),
        ("sage", "sage"),
    ],
)
def test_a_colour_in_english(colour: str, english: str) -> None:
    assert colour_in_english(colour) == english


@pytest.mark.parametrize("colour", COLOURS)
def test_what_we_call_a_colour_in_english_is_understood_as_it(colour: str) -> None:
    assert colours_in(COLOURS, folded(colour_in_english(colour))) == (colour,)


@pytest.mark.parametrize(
    ("fabric", "english"),
    [
        ("55% linen, 45% katun", "55% linen, 45% cotton"),
        ("95% katun bambu, 5% spandeks", "95% bamboo cotton, 5% spandex"),
        ("Kanvas katun 12 oz", "canvas cotton 12 oz"),
    ],
)
def test_what_goods_are_made_of_in_english(fabric: str, english: str) -> None:
    assert fabric_in_english(fabric) == english
