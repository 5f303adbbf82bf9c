"""What words say of goods: sizes, colours, numbers, couriers, codes. Closed lists, held against what there is."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_ALIASES = tuple(
    (re.compile(rf"(?<![\w'])(?:{spoken})(?!\w)"), meant)
    for spoken, meant in (
        (r"abu ?(?:-?abu|2)|gr[ea]y|gray", "abu"),
        (r"light blue|baby blue", "biru muda"),
        (r"(?:dark|deep) blue", "biru tua"),
        (r"(?:dark|deep) brown|co?klat tua", "cokelat tua"),
        (r"off ?white", "broken white"),
        (r"(?:sea|ocean) blue", "biru laut"),
        (r"bottle green|dark green", "hijau botol"),
        (r"leaf green", "hijau daun"),
        (r"faded black", "hitam pudar"),
        (r"(?:red|merah) check(?:ed|s)?", "merah kotak"),
        (r"green check(?:ed|s)?", "hijau kotak"),
        (r"black strip\w+|strip\w+ black", "garis hitam"),
        (r"navy strip\w+|strip\w+ navy", "garis navy"),
        ("mixed", "campur"),
        (r"(?<!\d )item|itam|hitem|black", "hitam"),
        (r"(?<!broken )white|puti", "putih"),
        (r"co?klat|brown", "cokelat"),
        (r"kream|cream|cr[eè]me|beige|krim", "krem"),
        ("red", "merah"),
        (r"green|ijo|hijo", "hijau"),
        ("yellow", "kuning"),
        ("blue", "biru"),
        (r"marun|burgundy", "maroon"),
        (r"(?<!dusty )pink|merah muda", "dusty pink"),
        (r"purple|ungu", "lilac"),
        ("terracotta", "terakota"),
        (r"mocha|moka|moca", "mocca"),
        (r"orange|oren", "oranye"),
        ("gold", "emas"),
        ("silver", "perak"),
        (r"(?:biru )?dongker", "navy"),
        (r"extra ?large|xtra large", "xl"),
        ("large", "l"),
        ("medium", "m"),
        ("small", "s"),
        ("2xl", "xxl"),
        ("3xl", "xxxl"),
        (r"all ?size|allsize|one size", "all-size"),
        (r"t-? ?shirts?|tees?", "kaos"),
        (r"shirts?", "kemeja"),
        (r"pants|trousers", "celana"),
        (r"skirts?", "rok"),
        (r"jackets?", "jaket"),
        (r"dresses|gowns?|gaun", "dress"),
        (r"blouses?", "blus"),
        (r"cardigans?", "kardigan"),
        (r"hats?|caps?", "topi"),
        (r"socks", "kaus kaki"),
        (r"belts?", "ikat pinggang"),
    )
)
_AGE = re.compile(r"(?<!\d)(\d{1,2}) ?(?:th|thn|tahun|years?|yo)(?!\w)")
_YEARS = re.compile(r"(\d+)-(\d+)th")
_NUMBERS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "selusin": 12,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT = r"(?:pcs?|pieces?|buah|bh|biji|potong|helai|lembar|pasang|item)"
_COUNTED = (
    re.compile(rf"(?<![\w.,-]){_NUMBER} ?{_UNIT}(?!\w)"),
    re.compile(rf"(?<!\w)x ?{_NUMBER}(?!\w)|(?<![\w.,-])(?P<m>\d{{1,2}}) ?x(?!\w)"),
    re.compile(
        r"(?<!\w)(?:beli|pesan|pesen|order|ambil|mau|minta|hapus|buang|remove|butuh|perlu|tambah|kurangi|want|like|need|take|buy|get"
        rf"|jadi) {_NUMBER}"
        r"(?![\w.-]| ?(?:rb|ribu|jt|k|th|thn|tahun)(?!\w))"
    ),
    re.compile(
        rf"^(?:dan |sama |and |plus )?{_NUMBER} (?!(?:rb|ribu|jt|k|th|thn|tahun|years?|yo)(?!\w))(?=[a-z])"
    ),
    re.compile(rf"(?<![\w.,-]){_NUMBER}(?: ?(?:aja|saja|ya|kak|dong|deh|please|pls))*[\s.!?,]*$"),
)
MOST = 99
# As customers write a courier, and as the couriers call themselves.
COURIERS = {
    "JNE": r"j\.?n\.?e|jne\w*",
    "J&T": r"j ?& ?t|jnt|jen ?ti|j ?n ?t|jet",
    "SiCepat": r"si ?cepat",
    "AnterAja": r"ant[ae]r ?aja",
    "Pos Indonesia": r"pos(?: indonesia)?",
    "Kurir Toko": r"kurir toko|instan\w*|same ?day|gosend|grab\w*",
}
_COURIERS = {name: re.compile(rf"(?<!\w)(?:{said})(?!\w)") for name, said in COURIERS.items()}
_ORDER = re.compile(r"(?<!\w)ord(?:er)?[\s\-#/.:]*(20\d\d)[\s\-/.]*(\d{4,})(?!\d)")
_CODED = re.compile(
    r"(?<!\w)(?:vo?uch?er|voc[he]r|vocer|kode|code|promo|kupon|coupon)(?:nya)?[\s:=\"'“]+"
    r"(?:(?:vo?uch?er|kode|code|promo|diskon|nya|yang|the|itu)[\s:=\"'“]+)*(?P<code>[a-z]{3,}\d+|[a-z]{5,}\d*)(?!\w)"
)
_CAPITALS = re.compile(r"(?<!\w)(?=[A-Z0-9]*[A-Z]{4})[A-Z]{4,}\d{0,4}(?!\w)")
# What follows "kode" or "promo" without being one.
_NO_CODE = frozenset(
    {
        *(
            "diskon",
            "gratis",
            "ongkir",
            "apakah",
            "gimana",
            "bagaimana",
            "berapa",
            "masih",
            "berlaku",
            "hangus",
        ),
        *("valid", "dipakai", "pakai", "bisakah", "boleh", "sudah", "untuk", "order", "orderan", "pesanan"),
        *("belanja", "minimal", "expired", "there", "working", "still", "works", "shipping", "discount"),
    }
)
_ASKS = re.compile(
    r"\?|(?<!\w)(?:berapa|brp|apa|apakah|gimana|bagaimana|masih|ada|adakah|ready|redi|restock|bedanya"
    r"|is|are|do|does|how|what|which|any|got)(?!\w)"
)


def folded(text: str) -> str:
    """Return a text in small letters, its colours and sizes called as a catalogue calls them."""
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    for spoken, meant in _ALIASES:
        words = spoken.sub(meant, words)
    return words


_VARIANT = re.compile(
    r"(?<![\w'&/.-])(?:x{0,3}[sl]|m|all-size|hitam|putih|navy|abu|cokelat|krem|merah|hijau|kuning|biru|maroon|pink|lilac"
    r"|terakota|mocca|sage|olive|khaki|oranye|emas|perak|broken white)(?![\w'&/-])"
)


_CHANGED = re.compile(
    r"(?<!\w)(?:ganti\w*|diganti|ubah\w*|diubah|rubah|pindah\w*|change\w*|update\w*|switch)(?!\w).{0,60}"
    r"(?<!\w)(?:alamat\w*|address|tujuan\w*)(?!\w)"
    r"|(?<!\w)(?:alamat\w*|address|tujuan\w*)(?!\w).{0,60}(?<!\w)(?:ganti\w*|diganti|ubah\w*|diubah|pindah\w*|changed?)(?!\w)"
)


def changes_address(words: str) -> bool:
    """Say whether folded words want another address for something."""
    return _CHANGED.search(words) is not None


def names_variant(words: str) -> bool:
    """Say whether folded words name a size or a colour, of whatever it may be."""
    return _VARIANT.search(words) is not None


def asks(words: str) -> bool:
    """Say whether folded words ask something about the goods, and do not only choose."""
    return _ASKS.search(words) is not None


def size_in(sizes: Iterable[str], words: str) -> str:
    """Return which of these sizes folded words name; empty when they name none."""
    there = sorted(dict.fromkeys(s for s in sizes if s), key=len, reverse=True)
    for size in there:
        if _stands(size.casefold(), words):
            return size
    for size in there:
        if "/" in size and any(_stands(part, words) for part in size.casefold().split("/")):
            return size
    for age in _AGE.finditer(words):
        for size in there:
            years = _YEARS.fullmatch(size)
            if years and int(years[1]) <= int(age[1]) <= int(years[2]):
                return size
    return ""


def colours_in(colours: Iterable[str], words: str) -> tuple[str, ...]:
    """Return which of these colours folded words name: the very one, else all that go by the word said."""
    there = sorted(dict.fromkeys(c for c in colours if c), key=len, reverse=True)
    found = [colour for colour in there if _stands(colour.casefold(), words)]
    if found:
        return (found[0],)
    spoken = [c for c in there if any(_stands(part, words) for part in c.casefold().split())]
    return tuple(sorted(spoken, key=lambda c: c.casefold()))


def number_in(words: str, sizes: Iterable[str] = ()) -> int | None:
    """Return how many folded words ask for; a number that is one of the `sizes` is not a number of things."""
    taken = {size.casefold() for size in sizes}
    for place, pattern in enumerate(_COUNTED):
        for found in pattern.finditer(words):
            said = found["n"] or found.groupdict().get("m") or ""
            if place > 0 and said in taken:
                continue
            number = _NUMBERS.get(said) or int(said or 0)
            if 0 < number <= MOST:
                return number
    return None


def courier_in(words: str) -> str:
    """Return the courier that folded words name, as it calls itself; empty when they name none."""
    return next((name for name, pattern in _COURIERS.items() if pattern.search(words)), "")


def order_in(words: str) -> str:
    """Return the order number that folded words name, as ORD-YYYY-NNNN."""
    found = _ORDER.search(words)
    return f"ORD-{found[1]}-{found[2]}" if found else ""


def without_order(text: str) -> str:
    """Return a text without the number of an order, which is part of no address."""
    return re.sub(_ORDER.pattern, " ", text, flags=re.IGNORECASE)


def code_in(text: str) -> str:
    """Return the voucher code a text names, in capitals; empty when it names none."""
    shouted = [code for code in _CAPITALS.findall(text) if not text.isupper() and code != "COD"]
    for found in _CODED.finditer(" ".join(text.casefold().split())):
        if found["code"] not in _NO_CODE:
            return found["code"].upper()
    return shouted[0] if shouted else ""


def without(phrases: Sequence[str], words: str) -> str:
    """Return folded words without what names a product: "Blok M" is no size."""
    for phrase in sorted(phrases, key=len, reverse=True):
        words = re.sub(rf"(?<!\w){re.escape(phrase.casefold())}(?:nya)?(?!\w)", " ", words)
    return " ".join(words.split())


def _stands(value: str, words: str) -> bool:
    """Say whether a value stands in folded words as a word of its own, and not as a number of things."""
    counted = rf"(?! ?(?:{_UNIT}|x|rb|ribu|jt|k|%)(?!\w))" if value.isdigit() else ""
    return re.search(rf"(?<![\w'&/.-]){re.escape(value)}(?:nya)?(?![\w&/-]){counted}", words) is not None
