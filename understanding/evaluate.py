"""Measures the reader on held-out phrasings: `python -m understanding.evaluate`."""

import datetime as dt
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from casefile.base import Frozen
from casefile.reading import Reading
from casefile.verdict import Tier, strictest
from understanding.corpus import IntentCard, load_cards, read_yaml
from understanding.reader import Reader
from understanding.settings import ReaderSettings

_ROOT = Path(__file__).resolve().parent.parent
SHARED = _ROOT / "understanding" / "data"
DESK = _ROOT / "desks" / "school" / "understanding"
ZONE = ZoneInfo("Asia/Jakarta")
NOW = dt.datetime(2026, 2, 11, 10, 0, tzinfo=ZONE)
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
    wrong: tuple[tuple[HeldOut, Reading, Tier], ...]


def load_held_out(path: Path) -> tuple[HeldOut, ...]:
    """Return the held-out lines: author, then intent, then `tier signals | phrasing` or just a phrasing a line."""
    cards = load_cards(SHARED, DESK)
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


def tier_of(reading: Reading, cards: dict[str, IntentCard]) -> Tier:
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


def evaluate(reader: Reader, lines: tuple[HeldOut, ...]) -> Score:
    """Read every line and count."""
    cards = load_cards(SHARED, DESK)
    wrong = []
    counts: Counter[str] = Counter()
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    truth: Counter[str] = Counter(line.intent for line in lines)
    for line in lines:
        got = reader.read(line.text, now=NOW, zone=ZONE, conversation_language=None, names=("Rara", "Kevin"))
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
        said.update(intents)
        right[line.intent] += line.intent in intents
        if tier != line.tier or line.intent not in intents:
            wrong.append((line, got, tier))
    f1 = [2 * right[i] / (truth[i] + said[i]) if truth[i] + said[i] else 0.0 for i in truth]
    return Score(
        lines=len(lines),
        r3=counts["r3"],
        r3_found=counts["r3_found"],
        r0=counts["r0"],
        r0_raised=counts["r0_raised"],
        exact_tier=counts["exact"],
        answered=counts["answered"],
        answered_right=counts["right"],
        macro_f1=sum(f1) / len(f1),
        top3=counts["top3"],
        wrong=tuple(wrong),
    )


def main(arguments: list[str]) -> int:
    """Print the figures; with -v also each line that came out otherwise."""
    lines = load_held_out(DESK / "heldout.yaml")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        Reader.load(SHARED, DESK, ReaderSettings(), Path(folder))
        trained = time.perf_counter()
        reader = Reader.load(SHARED, DESK, ReaderSettings(), Path(folder))
        loaded = time.perf_counter()
    read = time.perf_counter()
    score = evaluate(reader, lines)
    each = (time.perf_counter() - read) / max(1, score.lines)
    if "-v" in arguments:
        for line, got, tier in score.wrong:
            mark = (
                "MISS " if line.tier == "R3" and tier != "R3" else "tier " if tier != line.tier else "     "
            )
            top = ", ".join(f"{g.intent} {g.confidence:.2f}" for g in got.guesses[:2])
            asked = "+".join(request.intent for request in got.requests) or "asks"
            sys.stdout.write(f"{mark}{line.author} {line.tier}->{tier} {line.intent} -> {asked} ")
            sys.stdout.write(f"{list(got.signals)} [{top}] :: {line.text}\n")
    rows = (
        ("held-out lines", f"{score.lines}"),
        ("R3 recall", f"{score.r3_found}/{score.r3} = {score.r3_found / score.r3:.3f}"),
        ("R0 over-escalation", f"{score.r0_raised}/{score.r0} = {score.r0_raised / score.r0:.3f}"),
        ("exact tier", f"{score.exact_tier}/{score.lines} = {score.exact_tier / score.lines:.3f}"),
        ("intent macro-F1", f"{score.macro_f1:.3f}"),
        ("coverage (not abstained)", f"{score.answered / score.lines:.3f}"),
        ("right intent when it answers", f"{score.answered_right / max(1, score.answered):.3f}"),
        ("right intent offered in top 3", f"{score.top3 / score.lines:.3f}"),
        ("temperature", f"{reader.classifier.temperature:.3f}"),
        ("load with training / from cache, s", f"{trained - started:.2f} / {loaded - trained:.2f}"),
        ("ms per message", f"{1000 * each:.2f}"),
    )
    for name, value in rows:
        sys.stdout.write(f"{name:36} {value}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
