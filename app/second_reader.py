"""A model that reads what customers write, after the rules have: what it is told, and the shape of its answer."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, Field, JsonValue

from casefile.base import Language
from casefile.opinion import Opinion
from casefile.verdict import Tier
from policies.intents import FAQ_PREFIX, INTENTS
from policies.matter import CONTEXT_INTENTS
from policies.opinions import ADDABLE
from policies.shop_intents import SHOP
from ports.models import Ask, Model
from services.pages import Page

# Carried by an answer to us, or of no use to name.
NOT_NAMED = CONTEXT_INTENTS | {"withdrawal", "attachment", "accepted_offer"}


SIGNALS: list[JsonValue] = [*sorted(ADDABLE)]
# More risks than this no message holds; of what people want, prompts/tasks/understand.md asks for so many.
MOST_SIGNALS, MOST_INTENTS = 4, 2


class Understood(BaseModel):
    """What a message asks for."""

    # Where a list has no end a small model names on until it is cut off. Only asked for: one too many is no mistake.
    signals: list[str] = Field(
        json_schema_extra={"items": {"type": "string", "enum": SIGNALS}, "maxItems": MOST_SIGNALS}
    )
    intents: list[str] = Field(json_schema_extra={"maxItems": MOST_INTENTS})
    tier: Tier


class ModelReader:
    """Implements ports.understanding.SecondReader over a model; `intents` names what there is to ask for."""

    def __init__(self, model: Model, system: str, intents: Mapping[str, str]) -> None:
        self._model = model
        self._intents = frozenset(intents)
        lines = "\n".join(f"- {name}{': ' if said else ''}{said}" for name, said in intents.items())
        self._system = f"{system}\n\n## The names of what can be asked for\n{lines}"

    async def opinion(self, text: str, language: Language, contact_id: str) -> Opinion | None:
        """Return what the model makes of a message; names it has made up count for nothing."""
        # Between marks that the text itself cannot close.
        said = text.replace(">>>", "> > >")
        prompt = (("system", self._system), ("user", f"Language: {language}\n<<<\n{said}\n>>>"))
        ask = Ask(task="understand", role="frontline_b", prompt=prompt, contact_id=contact_id)
        found = await self._model.structured(ask, Understood)
        if found is None:
            return None
        named = dict.fromkeys(name for name in found.intents if name in self._intents)
        return Opinion(signals=tuple(found.signals), intents=tuple(named), tier=found.tier)


def nameable(pages: Iterable[Page], *, sells: bool = False) -> dict[str, str]:
    """Return what a message can ask for: the intents there are, and the desk's pages by their titles."""
    titles = {
        FAQ_PREFIX + p.page_id: p.title for p in pages if p.status == "Published" and p.language == "en"
    }
    elsewhere = NOT_NAMED if sells else NOT_NAMED | SHOP.keys()
    return {**{name: "" for name in INTENTS if name not in elsewhere}, **dict(sorted(titles.items()))}
