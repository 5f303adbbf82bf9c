"""People take conversations over and give them back: checked here, kept in the store, told to the ops lane."""

import re
from datetime import UTC, datetime
from typing import Protocol

from agents.work import Desk
from casefile.base import Language
from casefile.effects import Button, PostToLane
from casefile.records import PHONE, StaffMember
from gateway.acting import Action, actor, note_blocked
from policies.privacy import mask_phone
from policies.takeover import asked, may_take, persons_case
from ports.clock import Clock
from ports.handed import HandedOver
from ports.journal import Journal
from ports.sources import Conversations, Staffing
from ports.takeovers import Takeover, TakeoverBook

TAKE, BACK = "take:", "back:"
BUTTON = re.compile(rf"({TAKE}|{BACK})(.+)")
THREAD = "takeover:"
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
SAID: dict[str, dict[Language, str]] = {
    "taken": {
        "id": "Percakapan ini sekarang dipegang {who}. Kami diam sampai dikembalikan.",
        "en": "{who} has this conversation now. We say nothing until it is handed back.",
    },
    "taken_already": {
        "id": "Percakapan ini sudah dipegang {who}.",
        "en": "{who} has this conversation already.",
    },
    "back": {
        "id": "Percakapan ini kembali ke kami. Kami menjawab mulai pesan berikutnya.",
        "en": "This conversation is back with us. We answer from the next message on.",
    },
    "not_taken": {
        "id": "Percakapan ini tidak sedang dipegang siapa pun.",
        "en": "Nobody has this conversation.",
    },
    "unknown": {
        "id": "Kasus atau percakapan ini tidak ada.",
        "en": "There is no such case or conversation.",
    },
    "unclear": {
        "id": "Tulis: takeover KASUS alasannya, atau handback KASUS. Sebagai balasan kiriman, KASUS boleh dihilangkan.",
        "en": "Write: takeover CASE and why, or handback CASE. As a reply to a post CASE can be left out.",
    },
    "not_allowed": {
        "id": "Maaf, ini hanya bisa dilakukan oleh operator yang terdaftar.",
        "en": "Sorry, only a listed operator can do this.",
    },
    "ended": {"id": "Dikembalikan {who}.", "en": "Handed back by {who}."},
    "ended_quiet": {
        "id": "{minutes} menit tidak ada kata dari {who}.",
        "en": "{who} said nothing for {minutes} minutes.",
    },
}


class Records(Conversations, Staffing, Protocol):
    """Whose conversation it is, and who works here."""


class Takeovers:
    """Takes conversations from lanes, the command line and the business phone, and tells the ops lane of each."""

    def __init__(
        self,
        book: TakeoverBook,
        journal: Journal,
        handed: HandedOver,
        records: Records,
        desk: Desk,
        clock: Clock,
    ) -> None:
        self._book = book
        self._journal = journal
        self._handed = handed
        self._records = records
        self._desk = desk
        self._clock = clock
        self._language: Language = desk.lanes.language

    async def act(self, action: Action) -> str | None:
        """Take what a person did in a lane; returns what they are told, None when it is about something else."""
        pressed = BUTTON.fullmatch(action.token or "") if action.kind == "press" else None
        said = asked(action.text) if action.kind != "press" else None
        if (pressed is None and said is None) or action.lane != "ops":
            return None
        person, who = await actor(self._records, action)
        if pressed is not None:
            taking = pressed[1] == TAKE
            return await (
                self.take(pressed[2], "", person, who) if taking else self.back(pressed[2], person, who)
            )
        if said is None:
            return None
        post = await self._handed.post(action.lane, action.message_id) if action.message_id else None
        name = said.name or (post.case_id if post else "")
        if not name:
            return self._say("unclear")
        if said.what == "takeover":
            return await self.take(name, said.why, person, who)
        return await self.back(name, person, who)

    async def take(self, named: str, why: str, person: StaffMember | None, who: str) -> str:
        """Give a conversation, named by itself or by a case of it, to a person: the voice is silent at once."""
        conversation_id = await self._book.conversation(named)
        if person is None or not may_take(person):
            return await self._blocked("takeover", named, who)
        if conversation_id is None:
            return self._say("unknown")
        first = await self._book.begin(conversation_id, person.id, why, self._clock.now())
        return self._say("taken" if first else "taken_already", who=person.name)

    async def back(self, named: str, person: StaffMember | None, who: str) -> str:
        """Give a conversation back to the voice."""
        conversation_id = await self._book.conversation(named)
        if person is None or not may_take(person):
            return await self._blocked("handback", named, who)
        if conversation_id is None:
            return self._say("unknown")
        ended = await self._book.end(conversation_id, person.id, self._clock.now())
        return self._say("back" if ended else "not_taken")

    async def hands(self, named: str) -> int:
        """Return how often a conversation has changed hands."""
        conversation_id = await self._book.conversation(named)
        taken = await self._book.takeover(conversation_id) if conversation_id else None
        return taken.hands if taken is not None else 0

    async def tell(self) -> None:
        """Tell the ops lane of every change of hands it has not heard of."""
        for taken in await self._book.unposted():
            await self._tell(taken)

    async def _tell(self, taken: Takeover) -> None:
        conversation = await self._records.conversation(taken.conversation_id)
        theirs = persons_case(await self._records.open_cases(conversation.id, FIRST))
        case_id = theirs.id if theirs is not None else ""
        values = {"case_id": case_id or conversation.id, "customer": mask_phone(conversation.channel_address)}
        who, minutes = await self._named(taken.person), str(self._desk.rules.limits.takeover_quiet_minutes)
        lanes, label = self._desk.lanes, self._desk.templates.label
        if taken.held:
            how = label("takeover.how", self._language)
            more = {"who": who, "why": taken.why, "minutes": minutes, "how": how}
            html = lanes.post("takeover", {**values, **more})
            button = Button(label=label("button.handback", self._language), value=f"{BACK}{case_id}")
        else:
            staff = await self._named(taken.ended_by or "")
            known = taken.ended_by in {p.id for p in await self._records.staff()}
            ended = self._say("ended", who=staff) if known else self._say("ended_quiet", who=who)
            html = lanes.post("handback", {**values, "ended": ended})
            button = Button(label=label("button.takeover", self._language), value=f"{TAKE}{case_id}")
        thread = f"{THREAD}{taken.conversation_id}:{taken.hands}"
        post = PostToLane(
            key=thread, lane="ops", thread=thread, html=html, buttons=(button,) if case_id else ()
        )
        await self._book.post(taken, case_id, post, self._clock.now())

    async def _named(self, person: str) -> str:
        if person == PHONE:
            return self._desk.templates.label(f"owner.{PHONE}", self._language)
        return next((p.name for p in await self._records.staff() if p.id == person), person)

    async def _blocked(self, action: str, named: str, who: str) -> str:
        now = self._clock.now()
        await note_blocked(self._journal, now, who, "conversations", action, "not_allowed", about=named)
        return self._say("not_allowed")

    def _say(self, said: str, who: str = "") -> str:
        minutes = self._desk.rules.limits.takeover_quiet_minutes
        return SAID[said][self._language].format(who=who, minutes=minutes)
