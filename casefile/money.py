"""Money is integer rupiah everywhere; this module only writes it down for people."""

from casefile.base import Language


def rupiah(amount: int, language: Language = "id") -> str:
    """Write an amount as people read it: `Rp 1.200.000` (id) or `Rp 1,200,000` (en)."""
    text = f"{abs(amount):,}"
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp {text.replace(',', '.') if language == 'id' else text}"
