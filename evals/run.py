"""One run of an exam, kept as a file: what was examined, when, in which variant, and what came of it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, Field, ValidationError

from casefile.base import Frozen
from casefile.errors import BadInput
from evals.outcome import DIMENSIONS, Outcome, Usage, passed_every_time, scorecard

FILE = "run.jsonl"
ACCEPTED = "accepted"


class Run(Frozen):
    """A run. `variant` says what was otherwise than shipped; outcomes of one name are its repetitions."""

    exam: str
    at: AwareDatetime
    variant: dict[str, str] = {}
    epochs: int = Field(default=1, ge=1)
    seconds: float = 0.0
    outcomes: tuple[Outcome, ...] = ()

    @property
    def id(self) -> str:
        """What the run is called."""
        return f"{self.exam}-{self.at:%Y%m%d-%H%M%S}"

    @property
    def by_name(self) -> dict[str, tuple[Outcome, ...]]:
        """Each conversation's repetitions, in the order they were given."""
        found: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            found.setdefault(outcome.name, []).append(outcome)
        return {name: tuple(outcomes) for name, outcomes in found.items()}

    @property
    def pass_1(self) -> float:
        """The share of all that was played that ended as it has to."""
        return _share(outcome.ok for outcome in self.outcomes)

    @property
    def pass_k(self) -> float:
        """The share of conversations that ended as they have to in every repetition."""
        return _share(passed_every_time(outcomes) for outcomes in self.by_name.values())

    @property
    def marks(self) -> dict[str, float]:
        """The scorecard's averages, 0 to 2."""
        cards = [scorecard(outcome) for outcome in self.outcomes]
        return {name: sum(c[name] for c in cards) / max(1, len(cards)) for name in DIMENSIONS}

    @property
    def usage(self) -> Usage:
        """What models were asked for in all."""
        each = [outcome.usage for outcome in self.outcomes]
        return Usage(
            calls=sum(one.calls for one in each),
            tokens_in=sum(one.tokens_in for one in each),
            tokens_out=sum(one.tokens_out for one in each),
            rupiah=sum(one.rupiah for one in each),
        )

    def step_seconds(self, share: float) -> float:
        """Return how long a step takes at most in so large a share of them; 0 when none was played."""
        each = sorted(seconds for outcome in self.outcomes for seconds in outcome.step_seconds)
        return each[min(len(each) - 1, int(share * len(each)))] if each else 0.0

    def save(self, file: Path) -> None:
        """Write it, one conversation a line, so that versions of it can be told apart."""
        file.parent.mkdir(parents=True, exist_ok=True)
        head = self.model_copy(update={"outcomes": ()}).model_dump_json(exclude={"outcomes"})
        lines = [head, *(outcome.model_dump_json(exclude_defaults=True) for outcome in self.outcomes)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def accepted(self) -> "Run":
        """Return what is kept of a run that is accepted: each conversation once, and nothing that only times."""
        once = tuple(
            outcomes[0].model_copy(update={"step_seconds": ()}) for outcomes in self.by_name.values()
        )
        return self.model_copy(update={"outcomes": once, "epochs": 1, "seconds": 0.0})


def read_run(file: Path) -> Run:
    """Read a run back; raises BadInput when the file holds none."""
    try:
        head, *rest = file.read_text(encoding="utf-8").splitlines()
        run = Run.model_validate_json(head)
        return run.model_copy(update={"outcomes": tuple(Outcome.model_validate_json(line) for line in rest)})
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error}") from error
    except (ValueError, ValidationError) as error:
        raise BadInput(f"{file}: is no run of an exam") from error


def kept(folder: Path, exam: str | None = None) -> list[Path]:
    """Return the folders of the runs that were kept, the oldest first."""
    found = folder.glob(f"{exam or '*'}-*/{FILE}")
    return sorted((file.parent for file in found), key=lambda home: home.name.rsplit("-", 2)[1:])


def _share(each: Iterable[bool]) -> float:
    values = list(each)
    return sum(values) / len(values) if values else 0.0


def stamp(at: datetime) -> str:
    """Show when a run was."""
    return f"{at:%Y-%m-%d %H:%M}"
