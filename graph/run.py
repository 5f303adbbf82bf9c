"""A run: one case's part in a turn."""

from dataclasses import dataclass

from casefile.case import Case
from casefile.effects import Effect, SendMessage
from casefile.reading import Reading
from graph.state import Entry, TurnContext
from graph.tape import Tape
from policies.degraded import touched


@dataclass(frozen=True, slots=True)
class Run:
    """One case's part in a turn: as it entered, as it left, how, and what was spent on models for it."""

    before: Case
    entry: Entry
    after: Case
    effects: tuple[Effect, ...]
    context: TurnContext
    tape: Tape
    reading: Reading | None
    spent: int = 0

    @property
    def final(self) -> Case:
        """The case with what B said in its window, tagged with the outages it met."""
        case = touched(self.after, self.effects, self.entry.facts.down)
        case = case.with_(spent=case.spent + self.spent)
        for effect in self.effects:
            if isinstance(effect, SendMessage):
                case = case.said("B" if effect.by == "B" else "person", effect.text, self.entry.facts.now)
                if case.first_reply_at is None:
                    case = case.with_(first_reply_at=self.entry.facts.now)
        return case
