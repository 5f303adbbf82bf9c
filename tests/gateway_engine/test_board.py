"""The board: what was observed here, what is flagged for everybody, and what should be looked at."""

from datetime import UTC, datetime, timedelta

from adapters.clock import ManualClock
from casefile.errors import DependencyDown
from gateway.health import Board
from gateway.watched import WatchedModel
from policies.breaker import Breaking
from ports.models import Ask, S

NAMES = ("schedule", "whatsapp")
ASKED = Ask(task="draft", role="frontline_b", prompt=(("user", "Halo"),))


def board() -> tuple[Board, ManualClock]:
    """A board that looks at what it has not heard of for two minutes."""
    clock = ManualClock(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    return Board(clock, Breaking(failures=3, idle_seconds=120)), clock


async def test_what_opens_here_is_down_here_at_once() -> None:
    seen, _ = board()
    for _ in range(3):
        assert await seen.down() == frozenset()
        seen.failed("schedule")
    assert seen.opened() == await seen.down() == {"schedule"}


async def test_what_is_flagged_is_down_whatever_is_seen_here_and_starts_anew_when_it_is_back() -> None:
    seen, _ = board()
    for _ in range(3):
        seen.failed("schedule")
    seen.flag(frozenset({"schedule"}))
    seen.worked("schedule")
    assert seen.opened() == frozenset() and await seen.down() == {"schedule"}
    seen.flag(frozenset())
    assert await seen.down() == frozenset()
    seen.failed("schedule")
    assert await seen.down() == frozenset()


def test_what_nobody_has_heard_of_is_looked_at_and_what_fails_too() -> None:
    seen, clock = board()
    assert seen.to_check(NAMES) == NAMES
    seen.worked("schedule")
    seen.failed("whatsapp")
    assert seen.to_check(NAMES) == ("whatsapp",)
    seen.worked("whatsapp")
    assert seen.to_check(NAMES) == ()
    clock.advance(timedelta(seconds=120))
    assert seen.to_check(NAMES) == NAMES
    seen.flag(frozenset({"whatsapp"}))
    assert seen.to_check(NAMES) == ("schedule",)


def test_who_asks_to_be_left_alone_is_looked_at_once() -> None:
    seen, _ = board()
    seen.worked("whatsapp")
    seen.doubted("whatsapp")
    assert seen.to_check(("whatsapp",)) == ("whatsapp",)
    assert seen.to_check(("whatsapp",)) == ()


class Model:
    """A model that says what it is told to, or fails."""

    def __init__(self, *answers: str | Exception | None) -> None:
        self.answers = list(answers)

    async def structured(self, ask: Ask, schema: type[S]) -> S | None:
        told = await self.text(ask)
        return None if told is None else schema.model_validate_json(told)

    async def text(self, ask: Ask) -> str | None:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Open:
    """A purse with money in it."""

    async def open(self) -> bool:
        return True


async def test_a_model_that_fails_has_nothing_to_say_and_is_asked_no_more() -> None:
    seen, _ = board()
    down = DependencyDown("model", "HTTP 503")
    watched = WatchedModel(Model("Hai Kak", None, down, down, down), seen, Open())  # type: ignore[arg-type]
    assert [await watched.text(ASKED) for _ in range(6)] == ["Hai Kak", None, None, None, None, None]
    assert await seen.down() == {"model"}
    assert await watched.structured(ASKED, Ask) is None
