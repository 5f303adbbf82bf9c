"""The hands of a script: everything it does goes over HTTP to the sandbox, as the page's buttons do."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from app.play_staff import staff_task
from app.play_wait import NotSettled, at_rest, collected_until, until
from app.script_steps import STRANGER, Command, StaffAct, Step
from app.stage import Stage
from casefile.errors import BadInput
from casefile.packets import CTask
from casefile.records import StaffMember
from policies.approvals import Decision

Json = dict[str, Any]
STRANGER_ID = 799_999
BETWEEN_MESSAGES = 0.3
DECISIONS: dict[str, Decision] = {"approve": "APPROVE", "deny": "DENY", "edit": "EDIT"}
MOST_LOOKS = 20


class World:
    """Plays one script's steps on a stage; `sender` writes unless a step names somebody else."""

    def __init__(self, stage: Stage, client: httpx.AsyncClient, sender: str) -> None:
        self._stage = stage
        self._client = client
        self._sender = sender
        self._staff: dict[str, int] = {}
        self._numbers: dict[str, tuple[str, str]] = {}
        self.told: list[str] = []

    async def meet(self) -> None:
        """Learn who works here and who the customers are, so that a script can name them."""
        people = await self._stage.wired.stored.staff()
        self._staff = {person.id: person.telegram_user_id for person in people}
        rows = self._stage.wired.database.read(
            "SELECT id, phone, wa_name FROM contacts WHERE phone IS NOT NULL"
        )
        self._numbers = {row["id"]: (row["phone"], row["wa_name"] or "") for row in rows}

    def who(self, step: Step) -> str:
        """Return who writes in a step."""
        return step.sender or self._sender

    def _from(self, step: Step) -> Json:
        number, name = self._numbers.get(self.who(step), (self.who(step), ""))
        name = step.name or name
        return {"from": number, "name": name} if name else {"from": number}

    async def act(self, step: Step) -> None:
        """Do what the step says and wait until nothing is left to do."""
        self.told = []
        if step.speaks:
            await self._say(step)
        elif step.press is not None:
            sent = {**self._from(step), "kind": "button_reply", "title": step.press}
            await self._post("/sandbox/whatsapp/send", sent)
            await self.collected()
        elif step.coach or step.ops:
            await self._staff_acts("coach" if step.coach else "ops", step.coach or step.ops)
        elif step.advance is not None:
            await self._advance(step.advance)
        elif step.broken is not None or step.mend is not None:
            await self._dependency(step.broken or step.mend or "", up=step.mend is not None)
        elif step.fault is not None:
            await self._post("/sandbox/faults", step.fault.model_dump(exclude_none=True))
        elif step.payment is not None:
            await self._post("/sandbox/payments", {"act": step.payment})
        elif step.command is not None:
            self.told = [await self._command(step.command)]
        await self.settle()

    async def settle(self) -> None:
        """Wait until server and sandbox have nothing left to do at this instant of the clock."""
        # Twice, because what was on its way at the first look may have arrived since.
        for _ in range(2):
            await until(self._settled, "the server was still busy")

    async def chat(self, who: str) -> list[Json]:
        """Return a customer's conversation as they see it."""
        number, _ = self._numbers.get(who, (who, ""))
        answer = await self._get(f"/sandbox/whatsapp/chat/{number}")
        messages: list[Json] = answer["messages"]
        return messages

    async def lane(self, lane: str) -> Json:
        """Return a group as its people see it, and the answers to presses."""
        return await self._get(f"/sandbox/telegram/chat/{lane}")

    async def _say(self, step: Step) -> None:
        texts: Sequence[str] = step.say or ("",)
        for number, text in enumerate(texts):
            if number:
                self._stage.clock.advance(BETWEEN_MESSAGES)
            said: Json = {"kind": step.kind, "text" if step.kind == "text" else "caption": text}
            if step.kind == "location":
                said |= {"latitude": -6.2, "longitude": 106.8}
            elif step.kind == "contacts":
                said |= {"contact_name": text, "contact_phone": "+6281399999999"}
            sent = {**self._from(step), "times": step.times, **said}
            await self._post("/sandbox/whatsapp/send", sent)
            await self._arrived()
        await self.collected()

    async def collected(self) -> None:
        """Let the time pass in which more messages of a burst could come."""
        await self._arrived()
        collect = self._stage.wired.settings.shared.collect
        # Whole seconds, so that a script can meet a limit on the second.
        self._stage.clock.advance(collect.quiet_ms // 1000 + 1)
        engine, clock = self._stage.server.engine, self._stage.clock
        await until(lambda: at_rest(self._settled, engine, clock.now()), "the server was still busy")
        # Who writes more than they may is collected for longer.
        for at in collected_until(engine, clock.now()):
            self._to(at)

    async def _arrived(self) -> None:
        await until(self._delivered, "the server took no webhooks")

    async def _settled(self) -> bool:
        # Asked hundreds of times in a script, so not over HTTP like what people do.
        return await self._delivered() and await self._stage.server.settled()

    async def _delivered(self) -> bool:
        sandbox = self._stage.sandbox.sandbox
        return not sandbox.delivery.pending and not sandbox.telegram.updates.pending

    async def _staff_acts(self, lane: str, acts: Sequence[StaffAct]) -> None:
        # Where several act at once, each has the post before them that the first one saw.
        before = await self.lane(lane)
        posts = [self._post_meant(before, lane, act) for act in acts]
        calls = [self._staff_act(lane, act, post) for act, post in zip(acts, posts, strict=True)]
        await asyncio.gather(*calls)
        await self.settle()
        self.told = _told(before, await self.lane(lane))

    async def _staff_act(self, lane: str, act: StaffAct, post: int) -> None:
        asked: Json = {"chat": lane, "user_id": self._person(lane, act.by)}
        if act.press is not None:
            pressed = {**asked, "message_id": post, "button": act.press}
            await self._post("/sandbox/telegram/press", pressed)
        else:
            await self._post("/sandbox/telegram/say", {**asked, "reply_to": post, "text": act.reply or ""})

    def _post_meant(self, group: Json, lane: str, act: StaffAct) -> int:
        found = [m for m in group["messages"] if act.match in m["text"] and m["from"].get("is_bot")]
        with_buttons = [m for m in found if m["buttons"]]
        if not found or not (with_buttons or act.match):
            wanted = f"with {act.match!r} in it" if act.match else "with buttons"
            raise BadInput(f"there is no post {wanted} in the {lane} lane")
        return int((with_buttons or found)[-1]["message_id"])

    def _person(self, lane: str, by: str | None) -> int:
        if by == STRANGER:
            return STRANGER_ID
        by = by or ("sf_sinta" if lane == "coach" else "sf_tari")
        if by not in self._staff:
            raise BadInput(f"there is no staff member {by!r}; there are {', '.join(self._staff)}, {STRANGER}")
        return self._staff[by]

    async def _advance(self, by: timedelta) -> None:
        """Go from timer to timer, so that each does its work at its own time."""
        target = self._stage.clock.now() + by
        while True:
            await self.settle()
            at = await self._stage.wired.journal.next_due()
            now = self._stage.clock.now()
            if at is None or at > target or at <= now:
                break
            self._to(at)
        self._to(target)

    def _to(self, at: datetime) -> None:
        self._stage.clock.advance(max(0.0, (at - self._stage.clock.now()).total_seconds()))

    async def _dependency(self, name: str, up: bool) -> None:
        await self._post("/sandbox/dependencies", {"name": name, "up": up})
        # The server looks at its dependencies every so often, by its own clock, and believes nothing at once.
        for _ in range(MOST_LOOKS):
            self._stage.clock.advance(self._stage.wired.settings.shared.delivery.health_seconds + 0.1)
            await self.settle()
            if (name not in await self._stage.wired.board.down()) == up:
                return
        raise NotSettled(f"the server has not noticed that {name} is {'back' if up else 'down'}")

    async def _command(self, command: Command) -> str:
        wired, decisions = self._stage.wired, self._stage.server.staff.decisions
        people = {person.id: person for person in await wired.stored.staff()}
        if command.by not in people:
            raise BadInput(f"there is no staff member {command.by!r}; there are {', '.join(people)}")
        task = staff_task(command, self._stage.clock.now())
        if task is not None:
            return await self._entered(task)
        if command.do in {"reply", "task_done", "task_off"}:
            return await self._said(command, people[command.by])
        waiting = wired.database.read(
            "SELECT case_id FROM approvals WHERE state = 'pending' ORDER BY requested_at"
        )
        if not waiting:
            raise BadInput("no case waits for a decision")
        record = await wired.journal.pending_approval_of(waiting[-1]["case_id"])
        return await decisions.decide(
            record, people[command.by], DECISIONS[command.do], command.words, None, f"cli:{command.by}"
        )

    async def _said(self, command: Command, by: StaffMember) -> str:
        wired, replies = self._stage.wired, self._stage.server.staff.replies
        if command.do != "reply":
            tasks = await wired.handed.tasks()
            if not tasks:
                raise BadInput("no task is due")
            settle = replies.cancel if command.do == "task_off" else replies.done
            return await settle(tasks[-1].id, by, command.words, f"cli:{by.id}")
        rows = wired.database.read("SELECT id FROM cases WHERE state = 'with_person' ORDER BY updated_at")
        if not rows:
            raise BadInput("no case is with a person")
        return await replies.answer(rows[-1]["id"], by, command.words, f"cli:{by.id}")

    async def _entered(self, task: CTask) -> str:
        result = await self._stage.wired.operations.execute(task)
        # The command line works in a process of its own, whose writes a server finds by looking.
        await self._stage.server.engine.recover()
        return f"{result.status}: {result.details}"

    async def _get(self, path: str) -> Json:
        return self._answer(await self._client.get(f"{self._stage.sandbox.url}{path}"))

    async def _post(self, path: str, asked: Json) -> Json:
        return self._answer(await self._client.post(f"{self._stage.sandbox.url}{path}", json=asked))

    def _answer(self, answer: httpx.Response) -> Json:
        told: Json = answer.json()
        if answer.is_error:
            raise BadInput(str(told.get("error", answer.status_code)))
        return told


def _told(before: Json, after: Json) -> list[str]:
    """Return what people were answered between two looks at a group: to a press, or in reply to their words."""
    known = {answer["id"] for answer in before["answers"]}
    said = [str(answer.get("text") or "") for answer in after["answers"] if answer["id"] not in known]
    seen = {message["message_id"] for message in before["messages"]}
    for message in after["messages"]:
        replied = message.get("reply_to_message")
        own = message["from"].get("is_bot") and replied and not replied["from"].get("is_bot")
        if own and message["message_id"] not in seen:
            said.append(str(message["text"]))
    return said
