"""How personal data looks where it must not be read: masked for people, hashed for the audit trail."""

import hashlib
import hmac
import re

HIDDEN = "…"
# ITU country codes of one and two digits; every other code has three.
COUNTRY_CODE = re.compile(r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d")
SECRETS = re.compile(
    # Kept: invoice and case numbers, conversation ids and timestamps are what a log is read by.
    r"(?P<kept>(?<![A-Za-z0-9])[A-Z]{2,6}-\d{4}-\d{4,}(?:-\d+)?(?!\w)"
    r"|(?<![A-Za-z0-9])wa-\d+-[\w:]+"
    r"|(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?"
    r"(?:Z|[+-]\d{2}:?\d{2}(?!\d))?(?![\d-]))"
    r"|(?P<email>[\w.%+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<phone>\+\d(?:[\s().-]{0,2}\d){6,}|(?<![A-Za-z0-9_])\d(?:[\s().-]{0,2}\d){8,})"
)


def mask_phone(phone: str) -> str:
    """Mask a phone down to country code and last four digits: `+62…7890`."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < 8:
        return HIDDEN
    # A local number ("0812...") carries no country code to show.
    code = COUNTRY_CODE.match(digits)
    shown = f"+{code[0]}" if code else ""
    return f"{shown}{HIDDEN}{digits[-4:]}"


def mask_email(email: str) -> str:
    """Mask an address down to two first letters and the ending: `r…@g….com`."""
    local, at, domain = email.strip().partition("@")
    if not (local and at and "." in domain):
        return HIDDEN
    return f"{local[0]}{HIDDEN}@{domain[0]}{HIDDEN}.{domain.rpartition('.')[2]}"


def mask_name(name: str) -> str:
    """Mask a name down to the first letter of each word: `R… P…`."""
    return " ".join(f"{word[0]}{HIDDEN}" for word in name.split()) or HIDDEN


def hash_target(value: str, salt: str) -> str:
    """Hash whom or what an act was about: HMAC-SHA256, its first 16 hex digits."""
    return hmac.new(salt.encode(), value.encode(), hashlib.sha256).hexdigest()[:16]


def scrub(text: str) -> str:
    """Mask phones and emails in a line for a log; invoice and case numbers and times stay readable."""
    return SECRETS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    if found["email"]:
        return mask_email(found["email"])
    return mask_phone(found["phone"]) if found["phone"] else found[0]
