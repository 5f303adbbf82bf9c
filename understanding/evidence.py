"""What the classifier's likelihoods add to the signals of the rules; they never take one away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casefile.reading import IntentGuess
from understanding.corpus import IntentCard
from understanding.settings import ReaderSettings

# What a complaint told as a mere story looks most like.
_STORY = "chitchat"
# Signals of everyday requests: they need no person by themselves.
LIGHT = frozenset({"reschedule", "payment_claim", "human_request", "withdrawal", "policy_question"})


@dataclass(frozen=True)
class Clause:
    """A stretch of the message: its plain words, canonical form, rule signals, reading as question, guesses.

    `asks` is true when it has the form of a question, `wants_it` when it asks for what another clause has
    named, `points` when it does no more than point at something ("yang itu lho"), `strays` when some of it tells of
    the world outside the desk, `outside` when all of it does; `words` counts words other than stand-ins.
    """

    text: str
    signals: frozenset[str]
    is_question: bool
    asks: bool
    wants_it: bool
    points: bool
    strays: bool
    outside: bool
    words: int
    guesses: tuple[IntentGuess, ...]


@dataclass(frozen=True)
class Evidence:
    """Weighs guesses by the cards and thresholds it is given."""

    cards: Mapping[str, IntentCard]
    settings: ReaderSettings

    def kind(self, guess: IntentGuess) -> str:
        return self.cards[guess.intent].kind

    def likely(self, clause: Clause) -> frozenset[str]:
        """Return the signals of the intents that are likely enough by themselves."""
        return frozenset(s for s, chance in self._chances(clause) if chance >= self.settings.signal_threshold)

    def own_signals(self, whole: Clause, parts: Sequence[Clause]) -> list[frozenset[str]]:
        """Return each part's signals; what a single word means is for the rules to say.

        Out of its message a part looks like much: its likelihood needs a trace in the whole as well.
        """
        traces = {
            signal for signal, chance in self._chances(whole) if chance >= self.settings.trace_threshold
        }
        return [
            part.signals | (self.likely(part) & traces if part.words > 1 or part is whole else frozenset())
            for part in parts
        ]

    def unsure(self, whole: Clause, parts: Sequence[Clause]) -> bool:
        """Say whether many faint likelihoods, or a part's, add up to something that needs a person.

        That is no reading of what is asked: it is asked about, and never given a name.
        """
        tells = whole.guesses[0].intent == _STORY and not whole.strays
        enough = self.settings.story_threshold if tells else self.settings.person_threshold
        if whole.words > 1 and self._for_a_person(whole) >= enough:
            return True
        told = [part for part in parts if part.words > 1 and not part.strays]
        heard = () if self._clearly_harmless(whole) else told
        return any(self._for_a_person(part) >= self.settings.signal_threshold for part in heard)

    def _clearly_harmless(self, whole: Clause) -> bool:
        first = whole.guesses[0]
        harmless = self.kind(first) in ("faq", "account", "operation")
        return harmless and first.confidence >= self.settings.clear_threshold

    def _for_a_person(self, clause: Clause) -> float:
        grave = (chance for signal, chance in self._chances(clause) if signal not in LIGHT | {"injection"})
        return sum(grave)

    def _chances(self, clause: Clause) -> list[tuple[str, float]]:
        if clause.is_question or clause.points or clause.outside:
            return []
        signals = ((self.cards[guess.intent].signal, guess.confidence) for guess in clause.guesses)
        # A withdrawal ends what is asked: that is for the rules to say, a likelihood may only raise.
        return [(signal, chance) for signal, chance in signals if signal not in {None, "withdrawal"}]
