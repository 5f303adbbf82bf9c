"""Cells as people write them, read as what they mean; what cannot be meant is refused with how to mend it."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
RUPIAH = re.compile(r"^(?:rp|idr)?\.?\s*", re.IGNORECASE)
# 259.000 and 259,000 are thousands in whichever country; 259000,00 and 259000.00 are cents of nothing.
GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:[.,]0{1,2})?|\d+(?:[.,]0{1,2})?")
YES, NO = {"1", "yes", "ya", "y", "true", "x"}, {"0", "no", "tidak", "n", "false", "-"}


def _text(value: Any) -> str:
    text = str(value).strip()
    if SHORTENED.fullmatch(text):
        raise ValueError(
            "a spreadsheet has shortened a long number; format the column as text and write it out"
        )
    return text


def _rupiah(value: Any) -> Any:
    if isinstance(value, int):
        return value
    bare = RUPIAH.sub("", _text(value).removesuffix(",-"))
    if not GROUPED.fullmatch(bare):
        raise ValueError("not a sum in rupiah; write 259000, 259.000 or Rp 259.000")
    return int(re.sub(r"[.,]", "", re.sub(r"[.,]0{1,2}$", "", bare)))


def _whole(value: Any) -> Any:
    if isinstance(value, int):
        return value
    text = _text(value)
    if not re.fullmatch(r"-?\d+", text):
        raise ValueError("not a whole number; write it in figures, such as 12")
    return int(text)


def _phone(value: Any) -> str:
    digits = re.sub(r"[\s().\-/]", "", _text(value))
    digits = digits.removeprefix("+") if digits.startswith("+") else digits.removeprefix("00")
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    elif digits.startswith("8"):
        # The leading zero of 0812... is what a spreadsheet takes away first.
        digits = "62" + digits
    if not re.fullmatch(r"[1-9]\d{7,14}", digits):
        raise ValueError("not a phone number; write it as +62812... or 0812..., the column formatted as text")
    return "+" + digits


def _yes(value: Any) -> Any:
    text = _text(value).casefold()
    if text not in YES | NO:
        raise ValueError("say yes or no")
    return text in YES


def _list(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_text, value))
    return tuple(part for part in (_text(one) for one in re.split(r"[;,|]", str(value))) if part)


def _day(value: Any) -> Any:
    text = _text(value)
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        day, month, year = map(int, found.groups())
        text = f"{year:04d}-{month:02d}-{day:02d}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a date; write 2026-12-31 or 31/12/2026") from None


def _email(value: Any) -> str:
    text = _text(value)
    if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", text):
        raise ValueError("not an email address")
    return text


Text = Annotated[str, BeforeValidator(_text)]
Rupiah = Annotated[int, BeforeValidator(_rupiah)]
Whole = Annotated[int, BeforeValidator(_whole)]
Phone = Annotated[str, BeforeValidator(_phone)]
Email = Annotated[str, BeforeValidator(_email)]
Yes = Annotated[bool, BeforeValidator(_yes)]
Words = Annotated[tuple[str, ...], BeforeValidator(_list)]
Day = Annotated[date, BeforeValidator(_day)]
