"""Words of people for a case that is theirs, and the orders they carry out: checked here, then an event of the case."""

import hashlib
from collections.abc import Callable

from agents.work import Desk
from casefile.base import Lane, Language
from casefile.case import Case
from casefile.events import OperatorCommand
from casefile.packets import AuditEntry
from casefile.records import DueTask, StaffMember, TaskEnd
from gateway.own_words import INSIST, Records, held
from policies.replies import Answerable, answerable, may_handle
from ports.clock import Clock
from ports.handed import HandedOver
from ports.journal import Journal

TASK = "task:"
# What was decided, promised or paid is not called off by a word; an exchange sets nothing but goods aside.
MAY_BE_OFF = frozenset({"SIZE_EXCHANGE"})
# Posts whose replies are a person's words to the customer.
ANSWERED = ("handover:", "ready:", "unsaid:", "takeover:")
SAID: dict[str, dict[Language, str]] = {
    "sent": {
        "id": "Kata-kata Anda yang akan dikirim, persis seperti itu.",
        "en": "Your words will be sent, exactly as they are.",
    },
    "done": {"id": "Tugas ini selesai.", "en": "This task is done."},
    "cancelled": {"id": "Tugas ini dibatalkan.", "en": "This task is off."},
    "not_off": {
        "id": "Hanya penukaran yang bisa dibatalkan; tugas lain diselesaikan dengan `tasks done`.",
        "en": "Only an exchange can be called off; any other task is settled with `tasks done`.",
    },
    "done_already": {"id": "Tugas ini sudah selesai sebelumnya.", "en": "This task was done already."},
    "unknown": {"id": "Kasus atau tugas ini tidak ada.", "en": "There is no such case or task."},
    "not_allowed": {
        "id": "Maaf, ini hanya bisa dijawab oleh orang yang terdaftar untuk jalur ini.",
        "en": "Sorry, only the people listed for this lane can answer this.",
    },
    "to_decide": {
        "id": "Kasus ini masih menunggu keputusan: setujui, tolak, atau EDIT dulu.",
        "en": "This case still waits for a decision: approve, deny or EDIT it first.",
    },
    "not_with_person": {
        "id": "Kasus ini sedang tidak ditangani orang, jadi belum ada yang dikirim.",
        "en": "This case is not with a person now, so nothing was sent.",
    },
    "taken": {
        "id": "Percakapan ini sedang dipegang orang lain. Ambil alih dulu kalau Anda yang menjawab.",
        "en": "Somebody else has this conversation. Take it over first if you are the one to answer.",
    },
    "window_closed": {
        "id": "Tidak bisa dikirim: pesan terakhir pelanggan sudah lebih dari 24 jam yang lalu, dan sesudah itu"
        " WhatsApp tidak menerima pesan biasa. Hubungi pelanggan lewat jalur lain.",
        "en": "It cannot be sent: the customer's last message is more than 24 hours ago, and after that WhatsApp"
        " takes no ordinary message. Please reach the customer another way.",
    },
    "empty": {"id": "Tulis kata-kata untuk pelanggan.", "en": "Write the words for the customer."},
}


class Replies:
    """Takes answers from lanes and from the command line."""

    def __init__(
        self,
        journal: Journal,
        handed: HandedOver,
        records: Records,
        desk: Desk,
        clock: Clock,
        wake: Callable[[str], None],
    ) -> None:
        self._journal = journal
        self._handed = handed
        self._records = records
        self._desk = desk
        self._clock = clock
        self._wake = wake
        self._language: Language = desk.lanes.language

    async def to_post(
        self, lane: Lane, message_id: str | None, words: str, person: StaffMember | None, who: str, once: str
    ) -> str | None:
        """Take a reply to a post; None when the post is not one whose replies go to a customer.

        `once` names the reply, so that it counts once however often the lane delivers it.
        """
        found = await self._handed.post(lane, message_id) if message_id else None
        if found is None or not found.thread.startswith((*ANSWERED, TASK)):
            return None
        if found.thread.startswith(ANSWERED):
            return await self.answer(found.case_id, person, words, who, once)
        return await self.done(found.thread.removeprefix(TASK), person, words, who)

    async def answer(
        self, case_id: str, person: StaffMember | None, words: str, who: str, once: str | None = None
    ) -> str:
        """Check a person's words for a case's customer and let them go, exactly as they are.

        Without `once` the same words to a case that has not moved since are the same answer.
        """
        case = await self._handed.case(case_id)
        refused = await self._refused(case, person, words, who, case_id)
        if refused is not None or case is None or person is None:
            return refused or self._say("unknown")
        text = words.removeprefix(INSIST).strip()
        now = self._clock.now()
        event = OperatorCommand(at=now, case_id=case.id, command="reply", by=person.id, args={"text": text})
        typed = hashlib.sha256(f"{person.id}\n{text}".encode()).hexdigest()[:12]
        name = once or f"{case.turn}:{typed}"
        await self._journal.submit(case.conversation_id, event, f"reply:{case.id}:{name}", now)
        self._wake(case.conversation_id)
        return self._say("sent")

    async def cancel(self, name: str, person: StaffMember | None, words: str, who: str) -> str:
        """Take back an order that is not to be carried out after all; the customer is always told why."""
        task = await self._task(name)
        if task is not None and task.action not in MAY_BE_OFF:
            return self._say("not_off")
        return await self.done(name, person, words, who, "cancelled") if words else self._say("empty")

    async def done(
        self, name: str, person: StaffMember | None, words: str, who: str, end: TaskEnd = "done"
    ) -> str:
        """Settle an order, by its id or its case's; words, where there are any, go to the customer as an answer."""
        task = await self._task(name)
        case = await self._handed.case(task.case_id) if task else None
        if task is None or case is None:
            return self._say("unknown")
        if task.state != "due":
            return self._say("done_already")
        if person is None or not (may_handle(case, person) or task.assignee == person.id):
            await self._blocked(case.id, who, "not_allowed")
            return self._say("not_allowed")
        if words and (refused := await self._refused(case, person, words, who, case.id)):
            return refused
        now, text = self._clock.now(), words.removeprefix(INSIST).strip()
        event = OperatorCommand(
            at=now, case_id=case.id, command="done", by=person.id, args={"task": task.id, "text": text}
        )
        waits = bool(text) or (
            case.order is not None and case.order.key == task.id and case.state == "with_person"
        )
        told = event if waits else None
        first = await self._handed.settle(task, end, person.id, now, case.conversation_id, told)
        if not first:
            return self._say("done_already")
        self._wake(case.conversation_id)
        return " ".join([self._say(end), self._say("sent")] if text else [self._say(end)])

    async def _task(self, name: str) -> DueTask | None:
        """Return the order of this id, or of this case: the one that is due before those that are done."""
        tasks = [t for t in await self._handed.tasks(every=True) if name in {t.id, t.case_id}]
        return next(iter(sorted(tasks, key=lambda task: task.state != "due")), None)

    async def _refused(
        self, case: Case | None, person: StaffMember | None, words: str, who: str, case_id: str
    ) -> str | None:
        """Say why these words do not go, or None when they do."""
        verdict: Answerable = "unknown"
        now = self._clock.now()
        if case is not None:
            conversation = await self._records.conversation(case.conversation_id)
            verdict = answerable(case, person, conversation, now)
        if case is None or verdict != "ok":
            await self._blocked(case_id, who, verdict)
            return self._say(verdict)
        if not words.removeprefix(INSIST).strip():
            return self._say("empty")
        rules, reader = self._desk.rules, self._language
        return await held(words, case.conversation_id, self._records, case.language, rules, reader, "! ...")

    async def _blocked(self, case_id: str, who: str, why: str) -> None:
        now = self._clock.now()
        entry = AuditEntry(
            at=now,
            case_id=case_id,
            actor=who,
            service="replies",
            action="answer",
            result="blocked",
            reason=why,
        )
        await self._journal.note(f"answer:{who}:{now.isoformat()}", entry)

    def _say(self, key: str) -> str:
        return SAID[key][self._language]
