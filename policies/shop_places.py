"""Where something is to be sent: the place named, and what of an address a text holds."""

import re
from collections.abc import Sequence

from casefile.shop import Address

_SHORT = {
    "jaksel": "jakarta selatan", "jakbar": "jakarta barat", "jaktim": "jakarta timur", "jakut": "jakarta utara",
    "jakpus": "jakarta pusat", "south jakarta": "jakarta selatan", "west jakarta": "jakarta barat",
    "east jakarta": "jakarta timur", "north jakarta": "jakarta utara", "central jakarta": "jakarta pusat",
    "jogja": "yogyakarta", "jogjakarta": "yogyakarta", "yogya": "yogyakarta", "jogya": "yogyakarta",
    "solo": "surakarta", "sby": "surabaya", "bdg": "bandung", "smg": "semarang", "mks": "makassar",
    "makasar": "makassar", "bali": "denpasar", "lampung": "bandar lampung", "tangsel": "tangerang selatan",
    "bsd": "tangerang selatan", "aceh": "banda aceh", "lombok": "mataram", "mlg": "malang", "bks": "bekasi",
}  # fmt: skip
_STREET = re.compile(
    r"(?<!\w)(?:jl|jln|jalan|gang|gg|blok|perum\w*|komplek\w*|rt|rw|apartemen|apt|ruko|desa|dusun|kampung|kp|gedung"
    r"|cluster|griya|taman|street|st|road|avenue|lane|tower|unit|lantai|lt|no\.?|kav\w*)(?!\w)|\d",
    re.IGNORECASE,
)
_SAYS_WHO = re.compile(
    r"^(?:(?:nama )?penerima(?:nya)?|nama(?:nya)?(?: saya)?|atas nama|a\.?[n/]\.?n?|recipient|(?:my )?name(?: is)?)"
    r"\s*[:=]?\s+",
    re.IGNORECASE,
)
_LABEL_ONLY = re.compile(r"(?:no\.? ?)?(?:hp|wa|telp|telepon|phone|nomor|number)", re.IGNORECASE)
_LEADS = re.compile(
    r"^(?:alamat(?:nya)?|kirim(?:in)?(?: ke)?|dikirim ke|ke|address|send (?:it )?to|ship to|kota|city|no ?hp|hp|wa|telp"
    r"|phone)\s*[:=]?\s+",
    re.IGNORECASE,
)
# "Tolong dikirim ke Jl. Mawar 5": the street begins where it is said to go to.
_UP_TO_STREET = re.compile(
    r"^.*(?<!\w)(?:ke|to)\s+(?=(?:jl|jln|jalan|gang|gg|street|perum\w*)(?!\w))", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w/])(?:\+?62|0)8[\d\s.\-]{7,14}\d(?!\w)")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_NAME = re.compile(r"[^\W\d_]+(?:[.' -]+[^\W\d_]+){0,4}\.?")
# Small talk that stands where a name would.
_NO_NAME = re.compile(
    r"(?<!\w)(?:ya|iya|kak|kakak|min|ini|itu|oke|ok|halo|hai|hi|alamat\w*|kirim\w*|tolong|makasih|terima|thanks|please"
    r"|here|my|is|the|mau|aku|saya|jadi|benar|betul|yes|no|tidak|rumah|kantor|home|office)(?!\w)",
    re.IGNORECASE,
)
_LABELS = {
    "kantor": ("kantor", "office", "tempat kerja", "work"),
    "rumah": ("rumah", "home", "rmh"),
    "kos": ("kos", "kost", "kosan"),
}
WANTED = ("recipient", "phone", "full_address", "city")


def city_in(cities: Sequence[str], text: str) -> str:
    """Return which of these places a text names; a name that several places share is none of them."""
    words = " ".join(text.casefold().split())
    for short, meant in _SHORT.items():
        words = re.sub(rf"(?<!\w){short}(?!\w)", meant, words)
    there = sorted(cities, key=len, reverse=True)
    named = [city for city in there if re.search(rf"(?<!\w){re.escape(city.casefold())}(?!\w)", words)]
    return named[0] if named else ""


def stored_in(addresses: Sequence[Address], text: str) -> Address | None:
    """Return the stored address that a text calls by its label."""
    words = text.casefold()
    for address in addresses:
        spoken = _LABELS.get(address.label.casefold(), (address.label.casefold(),))
        if address.label and any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", words) for one in spoken):
            return address
    return None


def address_in(text: str, cities: Sequence[str], phones: Sequence[str], draft: Address | None) -> Address:
    """Return the draft with what a text adds to it: who receives it, a phone, the street, the city."""
    found = draft or Address(recipient="", phone="", full_address="", city="")
    changes: dict[str, str] = {}
    if phones:
        changes["phone"] = phones[0]
    city = city_in(cities, text)
    if city:
        changes["city"] = city
    postcode = _POSTCODE.search(_PHONE.sub(" ", text))
    if postcode:
        changes["postal_code"] = postcode[0]
    pieces = re.split(r"[,;\n]", _PHONE.sub("\n", text))
    parts = [part for part in (_tidy(piece) for piece in pieces) if part and not _LABEL_ONLY.fullmatch(part)]
    first = next((n for n, part in enumerate(parts) if _STREET.search(part)), None)
    told = next(
        (p for piece, p in zip(pieces, map(_tidy, pieces), strict=True) if _SAYS_WHO.match(piece.strip())), ""
    )
    street = [] if first is None else [p for p in parts[first:] if p not in {told, city}]
    if street:
        changes["full_address"] = ", ".join(street)
    before = parts if first is None else parts[:first]
    name = next((n for n in (_name(part, cities) for part in (told, *before)) if n), "")
    if told or (name and not found.recipient):
        changes["recipient"] = name or told
    return found.model_copy(update=changes)


def lacking(address: Address | None) -> tuple[str, ...]:
    """Return what an address still lacks before anything can be sent there."""
    return tuple(name for name in WANTED if address is None or not getattr(address, name))


def gives_address(text: str, phones: Sequence[str]) -> bool:
    """Say whether a text reads like (part of) an address."""
    words = [part for part in re.split(r"[,;\n]", text) if part.strip()]
    street = any(_STREET.search(_PHONE.sub(" ", part)) for part in words)
    return bool(phones) or (street and "?" not in text) or (len(words) > 1 and "?" not in text)


def _tidy(part: str) -> str:
    said = _SAYS_WHO.sub("", part.strip(" .-:?"), count=1)
    return _LEADS.sub("", _UP_TO_STREET.sub("", said)).strip(" .-:?")


def _name(part: str, cities: Sequence[str]) -> str:
    if city_in(cities, part) or _NO_NAME.search(part) or not _NAME.fullmatch(part):
        return ""
    return " ".join(word.capitalize() if word.islower() else word for word in part.split())
