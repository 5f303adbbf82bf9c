"""One turn of one conversation: events in, one commit out. Nothing is performed here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from zoneinfo import ZoneInfo

from agents.work import Desk
from casefile.base import Language
from casefile.case import Case
from casefile.errors import LoketError
from casefile.events import (
    CaseEvent,
    DependencyChanged,
    HumanSpoke,
    MessageReceived,
    News,
)
from casefile.reading import Reading
from graph import step
from graph.admit import blank, bringing
from graph.assign import assign
from graph.build import CaseGraph
from graph.calls import CallLog, charged
from graph.collect import Known, who
from graph.in_context import names_no_time, with_times
from graph.intake import SILENT_KINDS, must_exist, read_burst
from graph.meanings import of_a_face, of_a_stranger
from graph.outcome import commit_of
from graph.quotes import asked_there, pointed_at, quoted_by
from graph.run import Run
from graph.second import seconded
from graph.sources import Recording, Sources
from graph.tape import Tape
from policies.budget import may_be_read
from policies.takeover import left_to_a_person, persons_case, silent
from ports.journal import InboxRow, Staging, TurnCommit
from ports.understanding import SecondReader, Understander

FIRST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TurnRunner:
    """Runs turns of one desk; `config` is the digest of the rules and words in force, `salt` the audit's."""

    desk: Desk
    graph: CaseGraph
    sources: Sources
    understander: Understander
    staging: Staging
    config: str
    salt: str
    second: SecondReader | None = None
    calls: CallLog = field(default_factory=CallLog)

    async def run(self, conversation_id: str, rows: Sequence[InboxRow], now: datetime) -> TurnCommit:
        """Run the turn that the first of these rows starts; the commit says which rows it took."""
        taken = self.taken(rows)
        if isinstance(taken[0].event, MessageReceived):
            taken = await self._of_one_hand(conversation_id, taken)
        events = tuple(row.event for row in taken)
        with self.staging.stage() as staged, self.calls.turn() as made:
            if isinstance(events[0], MessageReceived):
                runs = await self._messages(conversation_id, events, now)
            elif isinstance(events[0], HumanSpoke):
                runs = await self._spoken(conversation_id, events[0], now)
            elif isinstance(events[0], News):
                runs = await self._news(conversation_id, events[0], now)
            else:
                runs = [await self._event(conversation_id, events[0], now)]
        turn_id = f"{conversation_id}:{taken[-1].id}"
        runs, calls = charged(runs, made, self.desk.rules, now)
        told = (turn_id, conversation_id, tuple(taken), runs)
        return commit_of(*told, self.config, self.salt, now, staged, calls)

    def taken(self, rows: Sequence[InboxRow]) -> list[InboxRow]:
        """Take the leading burst of messages, or the one event that comes first.

        What has failed before is tried alone, so that it takes none of its neighbours with it.
        """
        if not isinstance(rows[0].event, MessageReceived) or rows[0].attempts:
            return [rows[0]]
        taken: list[InboxRow] = []
        for row in rows:
            if not isinstance(row.event, MessageReceived) or row.attempts:
                break
            taken.append(row)
        return taken

    async def _of_one_hand(self, conversation_id: str, taken: list[InboxRow]) -> list[InboxRow]:
        """Keep what was written to a person apart from what was written to the voice after it."""
        conversation = await self.sources.conversations.conversation(conversation_id)
        first = silent(conversation, (taken[0].event,))
        return list(takewhile(lambda row: silent(conversation, (row.event,)) == first, taken))

    async def _messages(
        self, conversation_id: str, events: tuple[CaseEvent, ...], now: datetime
    ) -> list[Run]:
        spoken = tuple(
            e for e in events if isinstance(e, MessageReceived) and e.message.kind not in SILENT_KINDS
        )
        if not spoken:
            return []
        tape = Tape()
        rules = self.desk.rules
        sources = self.sources.seen_through(Recording("collect", tape))
        known = await who(conversation_id, sources, now)
        language = known.conversation.language
        # "Besok" is the day after it was written, however late it is read.
        written = min(spoken[-1].sent_at, spoken[-1].received_at, now)
        reading = read_burst(spoken, self.understander, language, known.students, rules, written)
        since = now - timedelta(days=rules.limits.reopen_days)
        cases = await self.sources.conversations.open_cases(conversation_id, since)
        if silent(known.conversation, spoken):
            theirs = persons_case(cases)
            joined = theirs.id if theirs is not None else None
            case = step.enters(
                await self._case(joined, cases, known, reading, tape, now), spoken, reading, now
            )
            return [await self._run(case, spoken, known, reading, tape, now)]
        cases = tuple(case for case in cases if not left_to_a_person(case))
        quoted = await quoted_by(spoken, conversation_id, self.sources.conversations)
        if quoted is not None:
            reading = pointed_at(reading, quoted, partial(self._read, known, language))
            cases = asked_there(reading, quoted, cases)
        if cases and all(e.message.sticker for e in spoken):
            # In a conversation a sticker is a nod; only who begins with one is greeted.
            return []
        if all(e.message.kind == "text" for e in spoken):
            understood = of_a_face(reading, "".join(e.message.text for e in spoken), cases)
            if understood is None:
                return []
            reading = understood
        reading = of_a_stranger(reading, known.identity, self.desk.rules)
        if self.second is not None and may_be_read(cases, rules.limits):
            contact_id = known.conversation.contact_id
            reading = await seconded(reading, spoken, contact_id, cases, self.second, tape)
        runs: list[Run] = []
        words = "\n".join(e.message.text for e in spoken if e.message.text)
        for assigned in assign(reading, cases, rules, now, words):
            # Each request's reads start with those that told who is writing, so that each replays alone.
            own = Tape(list(tape.reads))
            case = await self._case(assigned.case_id, cases, known, assigned.reading, own, now)
            understood = assigned.reading
            if names_no_time(understood, case):
                # The hour they want was said before we asked who they are.
                understood = with_times(understood, self._again(case, known, now))
            if case.turn == 1:
                # It has been open since it was written, not since it was read.
                case = case.with_(opened_at=min(e.received_at for e in spoken))
            case = step.enters(case, spoken, understood, now)
            runs.append(await self._run(case, spoken, known, understood, own, now))
        return runs

    async def _case(
        self,
        case_id: str | None,
        cases: tuple[Case, ...],
        known: Known,
        reading: Reading,
        tape: Tape,
        now: datetime,
    ) -> Case:
        if case_id is not None:
            return step.next_turn(must_exist(case_id, cases))
        return await self._opened(known, reading.language, tape, now)

    async def _opened(self, known: Known, language: Language, tape: Tape, now: datetime) -> Case:
        numbers = self.sources.seen_through(Recording("collect", tape)).numbers
        year = now.astimezone(self.desk.rules.zone).year
        new_id = await numbers.next_case_id(self.desk.case_prefix, year)
        conversation = known.conversation
        opened = blank(new_id, self.desk.rules.desk, conversation.id, conversation.contact_id, language, now)
        return opened.with_(turn=1)

    async def _news(self, conversation_id: str, event: News, now: datetime) -> list[Run]:
        """Open a small case for what nobody asked about; where the gate sees nothing to say, none is opened."""
        tape = Tape()
        known = await who(conversation_id, self.sources.seen_through(Recording("collect", tape)), now)
        language = known.conversation.language or self.desk.rules.default_language
        case = bringing(await self._opened(known, language, tape, now), event, now)
        entry = await step.admit(self.desk, self.sources, case, (event,), known, None, tape, now)
        if entry.verdict.decision == "SETTLE":
            return []
        return [await step.work(self.desk, self.graph, self.sources, case, entry, None, tape)]

    async def _spoken(self, conversation_id: str, event: HumanSpoke, now: datetime) -> list[Run]:
        """Let the case that moved last know what a person has said; where none is open, none is opened."""
        cases = await self.sources.conversations.open_cases(conversation_id, FIRST)
        theirs = persons_case(cases)
        if theirs is None:
            return []
        tape = Tape()
        known = await who(conversation_id, self.sources.seen_through(Recording("collect", tape)), now)
        case = step.enters(step.next_turn(theirs), (event,), None, now)
        return [await self._run(case, (event,), known, None, tape, now)]

    async def _event(self, conversation_id: str, event: CaseEvent, now: datetime) -> Run:
        if isinstance(event, MessageReceived | HumanSpoke | News):
            raise LoketError("what belongs to no case yet is assigned to one first")
        tape = Tape()
        sources = self.sources.seen_through(Recording("collect", tape))
        cases = await self.sources.conversations.open_cases(conversation_id, FIRST)
        case = step.next_turn(must_exist(event.case_id, cases))
        known = await who(conversation_id, sources, now)
        reading = None
        if isinstance(event, DependencyChanged) and event.up:
            reading = self._again(case, known, now)
        case = step.enters(case, (event,), reading, now)
        return await self._run(case, (event,), known, reading, tape, now)

    def _again(self, case: Case, known: Known, now: datetime) -> Reading:
        """Read the request anew that had to wait for something."""
        written = next((line.at for line in reversed(case.window) if line.who == "customer"), now)
        return self._read(known, case.language, case.request, written)

    def _read(self, known: Known, language: Language | None, text: str, written: datetime) -> Reading:
        names = tuple(s.name for s in known.students)
        zone = ZoneInfo(self.desk.rules.hours.zone)
        return self.understander.read(
            text, now=written, zone=zone, conversation_language=language, names=names
        )

    async def _run(
        self,
        case: Case,
        events: tuple[CaseEvent, ...],
        known: Known,
        reading: Reading | None,
        tape: Tape,
        now: datetime,
    ) -> Run:
        entry = await step.admit(self.desk, self.sources, case, events, known, reading, tape, now)
        return await step.work(self.desk, self.graph, self.sources, case, entry, reading, tape)
