"""What a step of a script brought about: read from the chat, the lanes and the database, never guessed."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.play_world import World
from app.stage import Stage
from casefile.effects import Effect, OpenApproval, PostToLane, RunOperation, SendMessage, StartTimer
from casefile.verdict import Verdict
from graph.record import TurnRecord, unpacked
from graph.routes import COACH
from store.connection import Row

Json = dict[str, Any]
Part = Literal["case", "roles", "reply", "language", "forbidden", "lane", "effects", "run"]
LANES = ("coach", "ops", "incident")
LOCAL = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Said:
    """One message a customer got."""

    at: datetime
    text: str
    buttons: tuple[str, ...]
    template: str
    language: str
    by: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one case, with the case's state and owner as they stand after the step."""

    case_id: str
    verdict: Verdict
    roles: tuple[str, ...]
    effects: tuple[str, ...]
    state: str
    owner: str


@dataclass(frozen=True, slots=True)
class Post:
    """One message in a lane as it stands; `file` is what kind of file it shows, if any."""

    text: str
    buttons: tuple[str, ...]
    file: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected: in which part of the expectations, and in words.

    `effects` counts records and the ledger in; `run` is what could not be done at all.
    """

    part: Part
    words: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything a step brought about, and how ledger and cases stand after it."""

    replies: tuple[Said, ...]
    turns: tuple[Turn, ...]
    lanes: dict[str, tuple[Post, ...]]
    told: tuple[str, ...]
    ledger: dict[str, int]
    cases: int


class Watcher:
    """Looks at a stage before and after each step."""

    def __init__(self, stage: Stage, world: World) -> None:
        self._database = stage.wired.database
        self._zone = stage.wired.desk.rules.zone
        self._world = world
        self._chats: dict[str, int] = {}
        self._turns: set[tuple[str, int]] = set()
        self._posts: dict[str, dict[int, Post]] = {lane: {} for lane in LANES}

    async def after(self, who: str) -> Seen:
        """Return what came about since the last look; `who` is the customer whose replies are looked at."""
        lanes = {lane: await self._new_posts(lane) for lane in LANES}
        return Seen(
            replies=await self._new_replies(who),
            turns=self._new_turns(),
            lanes=lanes,
            told=tuple(self._world.told),
            ledger=dict(Counter(row["state"] for row in self._rows("SELECT state FROM outbox"))),
            cases=len(self._rows("SELECT id FROM cases")),
        )

    def rows(self, table: str, where: dict[str, Any]) -> list[Json]:
        """Return a record's rows with its times in the desk's zone; an unknown column is a KeyError."""
        rows = [self._local(row) for row in self._rows(f"SELECT * FROM {table}")]
        return [row for row in rows if all(row[column] == value for column, value in where.items())]

    def quarantined(self) -> list[str]:
        """Return why events were set aside, which no script may bring about."""
        return [str(row["why"]) for row in self._rows("SELECT why FROM inbox WHERE state = 'quarantined'")]

    async def _new_replies(self, who: str) -> tuple[Said, ...]:
        messages = await self._world.chat(who)
        known = self._chats.get(who, 0)
        self._chats[who] = len(messages)
        return tuple(self._said(message) for message in messages[known:] if message["from"] == "business")

    def _said(self, message: Json) -> Said:
        rows = self._rows("SELECT body FROM outbox WHERE key = ?", message["key"])
        body = json.loads(rows[0]["body"]) if rows else {}
        return Said(
            at=datetime.fromtimestamp(message["at"], self._zone),
            text=message["text"],
            buttons=tuple(button["title"] for button in message.get("buttons") or ()),
            template=body.get("template", ""),
            language=body.get("language", ""),
            by=body.get("by", "B"),
        )

    async def _new_posts(self, lane: str) -> tuple[Post, ...]:
        group = await self._world.lane(lane)
        posts = {
            message["message_id"]: Post(
                message["text"], tuple(message["buttons"]), (message["file"] or {}).get("kind")
            )
            for message in group["messages"]
            if message["from"].get("is_bot")
        }
        known, self._posts[lane] = self._posts[lane], posts
        return tuple(post for number, post in posts.items() if known.get(number) != post)

    def _new_turns(self) -> tuple[Turn, ...]:
        rows = self._rows(
            "SELECT turn_records.case_id, turn_records.turn, turn_records.body, cases.state, cases.owner"
            " FROM turn_records JOIN cases ON cases.id = turn_records.case_id"
            " ORDER BY turn_records.case_id, turn_records.turn"
        )
        new = [row for row in rows if (row["case_id"], row["turn"]) not in self._turns]
        self._turns |= {(row["case_id"], row["turn"]) for row in new}
        return tuple(_turn(unpacked(row["body"]), row["state"], row["owner"]) for row in new)

    def _rows(self, sql: str, *params: object) -> Sequence[Row]:
        return self._database.read(sql, params)

    def _local(self, row: Row) -> Json:
        return {name: _local(row[name], self._zone) for name in row.keys()}  # noqa: SIM118


def _turn(record: TurnRecord, state: str, owner: str) -> Turn:
    roles = tuple("person" if step["node"] == COACH else step["node"][-1].upper() for step in record.steps)
    effects = tuple(_name(effect) for effect in record.effects)
    return Turn(record.case_id, record.verdict, roles, effects, state, owner)


def _name(effect: Effect) -> str:
    """Name an effect with what tells it from others of its kind."""
    match effect:
        case RunOperation():
            return f"{effect.type} {effect.task.action}"
        case OpenApproval():
            return f"{effect.type} {effect.request.kind}"
        case SendMessage():
            return f"{effect.type} {effect.template.partition('@')[0]}"
        case PostToLane():
            return f"{effect.type} {effect.lane}"
        case StartTimer():
            return f"{effect.type} {effect.timer}"
        case _:
            return effect.type


def _local(value: object, zone: ZoneInfo) -> object:
    """Show a stored instant in the desk's zone; anything else as it is."""
    if not isinstance(value, str) or "T" not in value or not value[:4].isdigit():
        return value
    try:
        return datetime.fromisoformat(value).astimezone(zone).strftime(LOCAL)
    except ValueError:
        return value
