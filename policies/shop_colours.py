"""What a catalogue's colours and fabrics are called in English. A closed list; what is not in it stays as it is."""

import re

_COLOURS = {
    "putih": "white", "hitam": "black", "abu": "grey", "biru": "blue", "merah": "red", "hijau": "green",
    "kuning": "yellow", "cokelat": "brown", "krem": "cream", "emas": "gold", "perak": "silver", "oranye": "orange",
    "terakota": "terracotta", "mocca": "mocha", "campur": "mixed",
}  # fmt: skip
# In English these stand before the colour ...
_BEFORE = {"muda": "light", "tua": "dark", "laut": "sea", "botol": "bottle", "daun": "leaf", "pudar": "faded"}
# ... and these after it, wherever the catalogue has them.
_AFTER = {"kotak": "check", "garis": "striped"}
_FABRICS = {
    "katun": "cotton", "poliester": "polyester", "spandeks": "spandex", "nilon": "nylon", "elastan": "elastane",
    "akrilik": "acrylic", "bambu": "bamboo", "kanvas": "canvas", "flanel": "flannel", "furing": "lining",
    "rajut": "knitted", "tenun": "woven", "brukat": "lace", "bordir": "embroidery", "jepang": "Japanese",
}  # fmt: skip


def colour_in_english(colour: str) -> str:
    """Return a colour of the catalogue as English says it: "biru muda" is light blue."""
    words = colour.split()
    before = [_BEFORE[word] for word in words if word in _BEFORE]
    after = [_AFTER[word] for word in words if word in _AFTER]
    named = [_COLOURS.get(word, word) for word in words if word not in {*_BEFORE, *_AFTER}]
    return " ".join((*before, *named, *after))


def fabric_in_english(material: str) -> str:
    """Return what goods are made of as English says it: "katun bambu" is bamboo cotton."""
    turned = re.sub(r"(?<!\w)(katun) ([a-z]+)(?!\w)", r"\2 \1", material)
    return re.sub(r"[^\W\d_]+", lambda word: _FABRICS.get(word[0].casefold(), word[0]), turned)
