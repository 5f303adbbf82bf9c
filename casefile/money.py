"""Money is integer rupiah everywhere, what models cost integer micro-rupiah; what is reckoned with is never rounded."""

from pydantic import Field

from casefile.base import Frozen, Language

MICRO = 1_000_000


def rupiah(amount: int, language: Language = "id") -> str:
    """Write an amount as people read it: `Rp 1.200.000` (id) or `Rp 1,200,000` (en)."""
    text = f"{abs(amount):,}"
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp {text.replace(',', '.') if language == 'id' else text}"


def micro_rupiah(cost: int, language: Language = "id") -> str:
    """Write what models cost for people, to the hundredth of a rupiah: `Rp 12,34` (id) or `Rp 12.34` (en)."""
    whole, hundredths = divmod(cost // (MICRO // 100), 100)
    return f"{rupiah(whole, language)}{',' if language == 'id' else '.'}{hundredths:02d}"


class Price(Frozen):
    """What a model costs, in rupiah for a million tokens - which is micro-rupiah for one."""

    input: int = Field(ge=0)
    cached: int = Field(ge=0)
    output: int = Field(ge=0)

    def of(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> int:
        """Return what a call costs, in micro-rupiah; the cached tokens are among those of the input."""
        fresh = input_tokens - cached_tokens
        return fresh * self.input + cached_tokens * self.cached + output_tokens * self.output
