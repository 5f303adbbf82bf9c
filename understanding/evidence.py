"""What the classifier's likelihoods add to the signals of the rules; they never take one away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casefile.reading import IntentGuess
from understanding.corpus import IntentCard
from understanding.settings import ReaderSettings

# What is small talk in every conversation; a "yes" or a "still there?" speaks of what stands open.
_SMALL_TALK = frozenset(
    {"chitchat", "other_topic", "greeting", "thanks", "goodbye", "acknowledge_wait", "hold_on"}
)
# Signals of everyday requests: they need no person by themselves.
LIGHT = frozenset({"reschedule", "payment_claim", "human_request", "withdrawal", "policy_question"})


@dataclass(frozen=True)
class Clause:
    """A stretch of the message: its plain words, canonical form, rule signals, reading as question, guesses.

    `asks` is true when it has the form of a question, `wants_it` when it asks for what another clause has
    named, `points` when it does no more than point at something ("yang itu lho"), `outside` when all of it tells of
    the world outside the desk; `words` counts words other than stand-ins.
    """

    text: str
    signals: frozenset[str]
    is_question: bool
    asks: bool
    wants_it: bool
    points: bool
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

    def bears_out(self, guesses: Sequence[IntentGuess]) -> bool:
        """Say whether there is a trace of something for a person in a text whose words hint at it."""
        grave = (guess.confidence for guess in guesses if self._is_grave(self.cards[guess.intent].signal))
        return sum(grave) >= self.settings.hint_threshold

    def mere_talk(self, guesses: Sequence[IntentGuess]) -> bool:
        """Say whether a text is small talk for certain, without a trace of something for a person."""
        first = guesses[0]
        talk = first.intent in _SMALL_TALK and first.confidence >= self.settings.certain_threshold
        return talk and not self.bears_out(guesses)

    def attacks(self, guesses: Sequence[IntentGuess]) -> bool:
        """Say whether a text looks like an attempt to override the rules, whatever the rules found in it."""
        chances = (g.confidence for g in guesses if self.cards[g.intent].signal == "injection")
        return sum(chances) >= self.settings.signal_threshold

    def likely(self, clause: Clause) -> frozenset[str]:
        """Return the signals of the intents that are likely enough by themselves."""
        return frozenset(s for s, chance in self._chances(clause) if chance >= self.settings.signal_threshold)

    def own_signals(self, whole: Clause, parts: Sequence[Clause]) -> list[frozenset[str]]:
        """Return each part's signals; what a single word means is for the rules to say.

        Out of its message a part looks like much: its likelihood needs a trace in the whole as well, and for
        something grave a whole that is for a person.
        """
        for_a_person = self._for_a_person(whole) >= self.settings.person_threshold
        traces = {
            signal
            for signal, chance in self._chances(whole)
            if chance >= self.settings.trace_threshold and (for_a_person or not self._is_grave(signal))
        }
        return [
            part.signals | (self.likely(part) & traces if part.words > 1 or part is whole else frozenset())
            for part in parts
        ]

    def unsure(self, whole: Clause) -> bool:
        """Say whether many faint likelihoods add up to something that needs a person.

        That is no reading of what is asked: it is asked about, and never given a name. Only the whole message counts:
        over writers left out, what its parts look like by themselves told nothing more.
        """
        return whole.words > 1 and self._for_a_person(whole) >= self.settings.person_threshold

    def _for_a_person(self, clause: Clause) -> float:
        return sum(chance for signal, chance in self._chances(clause) if self._is_grave(signal))

    def _is_grave(self, signal: str | None) -> bool:
        return signal is not None and signal not in LIGHT | {"injection"}

    def _chances(self, clause: Clause) -> list[tuple[str, float]]:
        if clause.is_question or clause.points or clause.outside:
            return []
        signals = ((self.cards[guess.intent].signal, guess.confidence) for guess in clause.guesses)
        # A withdrawal ends what is asked: that is for the rules to say, a likelihood may only raise.
        return [(signal, chance) for signal, chance in signals if signal not in {None, "withdrawal"}]
