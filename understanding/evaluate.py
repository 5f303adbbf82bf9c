"""Measures a reader on lines nobody trained on, beside the targets: `loket eval understanding`."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from casefile.base import Frozen
from casefile.reading import Reading
from casefile.verdict import Tier, strictest
from understanding.corpus import IntentCard, read_yaml
from understanding.reader import Reader

ZONE = ZoneInfo("Asia/Jakarta")
NOW = dt.datetime(2026, 2, 11, 10, 0, tzinfo=ZONE)
NAMES = ("Rara", "Kevin")
# What a signal makes of the tier when no records are there to bring it down again.
SIGNAL_TIERS: dict[str, Tier] = {
    "reschedule": "R2",
    "payment_claim": "R2",
    "human_request": "R0",
    "withdrawal": "R0",
    "policy_question": "R0",
}


class HeldOut(Frozen):
    """One line nobody trained on, with what a person says it is."""

    text: str
    intent: str
    author: str
    tier: Tier
    signals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Score:
    """Counts over the held-out lines; `wrong` lists (line, reading, tier got)."""

    lines: int
    r3: int
    r3_found: int
    r0: int
    r0_raised: int
    exact_tier: int
    answered: int
    answered_right: int
    macro_f1: float
    top3: int
    calibration_error: float
    ms: float
    wrong: tuple[tuple[HeldOut, Reading, Tier], ...]


@dataclass(frozen=True)
class Figure:
    """One measure beside its target; `of` is what a share was counted from (0: it is none)."""

    name: str
    value: float
    target: float
    at_least: bool
    of: int = 0

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.value >= self.target if self.at_least else self.value <= self.target


def figures(score: Score) -> tuple[Figure, ...]:
    """Return what spec 7 asks of understanding without a model, and of what it rests on."""

    def share(name: str, count: int, of: int, target: float, at_least: bool) -> Figure:
        return Figure(name, count / max(1, of), target, at_least, of)

    return (
        share("R3 recall", score.r3_found, score.r3, 0.99, True),
        share("R0 over-escalated", score.r0_raised, score.r0, 0.08, False),
        share("exact tier", score.exact_tier, score.lines, 0.95, True),
        share("abstains", score.lines - score.answered, score.lines, 0.15, False),
        share("right intent when it answers", score.answered_right, score.answered, 0.90, True),
        share("right intent among what is offered", score.top3, score.lines, 0.92, True),
        Figure("calibration error (ECE)", score.calibration_error, 0.08, False),
        Figure("ms a message", score.ms, 20.0, False),
    )


def load_held_out(path: Path, cards: Mapping[str, IntentCard]) -> tuple[HeldOut, ...]:
    """Return the held-out lines: author, then intent, then `tier signals | phrasing` or just a phrasing a line."""
    found = []
    for author, by_intent in read_yaml(path).items():
        for intent, block in by_intent.items():
            for line in (raw.strip() for raw in str(block).splitlines()):
                if line:
                    found.append(_line(line, intent, author, cards[intent]))
    return tuple(found)


def _line(line: str, intent: str, author: str, card: IntentCard) -> HeldOut:
    mark, _, rest = line.partition("|") if "|" in line else ("", "", line)
    told = mark.split()
    own = (card.signal,) if card.signal else ()
    return HeldOut(
        text=rest.strip(),
        intent=intent,
        author=author,
        tier=next((tier for tier in ("R0", "R1", "R2", "R3") if tier in told), card.tier),
        signals=tuple(word for word in told if not word.startswith("R")) or own,
    )


def tier_of(reading: Reading, cards: Mapping[str, IntentCard]) -> Tier:
    """Return the tier understanding alone would give: the highest of its requests and signals."""
    if "withdrawal" in reading.signals and {r.intent for r in reading.requests} == {"withdrawal"}:
        return "R0"
    asked = [cards[request.intent].tier for request in reading.requests]
    raised: list[Tier] = [SIGNAL_TIERS.get(signal, "R3") for signal in reading.signals]
    if "policy_question" in reading.signals:
        raised = []
    if set(reading.signals) == {"reschedule"} and asked and strictest(*asked) == "R1":
        raised = []
    return strictest(*asked, *raised)


def evaluate(reader: Reader, lines: Sequence[HeldOut]) -> Score:
    """Read every line and count."""
    return evaluate_each([(reader, lines)])


def evaluate_each(measured: Iterable[tuple[Reader, Sequence[HeldOut]]]) -> Score:
    """Read every line with the reader that is measured on it, and count them together."""
    pairs = [(reader, line) for reader, lines in measured for line in lines]
    wrong = []
    chances: list[tuple[float, bool]] = []
    seconds = 0.0
    counts: Counter[str] = Counter()
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    truth: Counter[str] = Counter(line.intent for _, line in pairs)
    for reader, line in pairs:
        cards = reader.decider.cards
        # The time of this process: what else the machine does is no part of it.
        started = time.process_time()
        got = reader.read(line.text, now=NOW, zone=ZONE, conversation_language=None, names=NAMES)
        seconds += time.process_time() - started
        tier = tier_of(got, cards)
        intents = {request.intent for request in got.requests}
        counts["r3"] += line.tier == "R3"
        counts["r3_found"] += line.tier == "R3" and tier == "R3"
        counts["r0"] += line.tier == "R0"
        counts["r0_raised"] += line.tier == "R0" and tier != "R0"
        counts["exact"] += tier == line.tier
        counts["answered"] += bool(intents)
        counts["right"] += line.intent in intents
        counts["top3"] += line.intent in {guess.intent for guess in got.guesses} | intents
        first = got.guesses[0] if got.guesses else None
        chances.append(
            (first.confidence if first else 0.0, first is not None and first.intent == line.intent)
        )
        said.update(intents)
        right[line.intent] += line.intent in intents
        if tier != line.tier or line.intent not in intents:
            wrong.append((line, got, tier))
    f1 = [2 * right[i] / (truth[i] + said[i]) if truth[i] + said[i] else 0.0 for i in truth]
    return Score(
        lines=len(pairs),
        r3=counts["r3"],
        r3_found=counts["r3_found"],
        r0=counts["r0"],
        r0_raised=counts["r0_raised"],
        exact_tier=counts["exact"],
        answered=counts["answered"],
        answered_right=counts["right"],
        macro_f1=sum(f1) / len(f1),
        top3=counts["top3"],
        calibration_error=_calibration_error(chances),
        ms=1000 * seconds / max(1, len(pairs)),
        wrong=tuple(wrong),
    )


def _calibration_error(chances: Sequence[tuple[float, bool]]) -> float:
    """Return how far the best guess's probability is from how often it is right, over ten equal bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for chance, right in chances:
        bins.setdefault(min(9, int(chance * 10)), []).append((chance, right))
    apart = (abs(sum(c for c, _ in held) - sum(r for _, r in held)) for held in bins.values())
    return sum(apart) / max(1, len(chances))
