"""The one composition root: what is plugged into what."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.clock import SharedFileClock, SystemClock
from adapters.openai_model import OpenAIModel
from adapters.sandbox_sources import SandboxSources
from agents.work import Desk
from app.advising import ModelAdviser, NoAdviser
from app.briefing import briefing_of
from app.database import backend_of
from app.desk import Loaded, desk_of, load_desk, only_desk
from app.desk_settings import DeskConfig
from app.drafting import ModelDrafter, NoDrafter
from app.embedding import Embedding, embedding_of, meaning_of
from app.first_data import first_data
from app.knowledge import source_of, written_at
from app.models import model_of, second_reader_of
from app.settings import Settings
from app.student_sheet import StudentSheetParts, sheet_of
from casefile.errors import BadInput
from gateway.cards import Cards
from gateway.decisions import Decisions
from gateway.health import Board
from gateway.purse import Purse
from gateway.replies import Replies
from gateway.watched import Watch, WatchedModel, WatchedRecords
from gateway.watched_enrolments import WatchedEnrolments
from gateway.watched_shop import WatchedShop
from graph.build import build
from graph.calls import CallLog
from graph.sources import Sources
from graph.turn import TurnRunner
from ports.clock import Clock
from ports.knowledge import KnowledgeSource
from ports.models import Model
from services.ended import EndedTasks
from services.knowledge import KnowledgeBase
from services.operations import GuardedOperations
from services.sheet_moves import SheetMover
from services.vouchers import SqlVouchers
from services.written import WrittenPages
from store.database import Backend, Database
from store.enrolment_sources import SqlEnrolments
from store.facts import Reading
from store.handed import SqlHandedOver
from store.incidents import SqlIncidents
from store.journal import SqlJournal
from store.model_calls import SqlSpending
from store.saver import StagingSaver
from store.shop_sources import SqlShop
from store.sources import SqlNumbers, SqlSources
from store.sqlite import SqliteFile
from store.writer import OnCommit

# The sandbox is on this machine: what takes longer is slow on purpose.
REACH_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Wired:
    """One desk's parts, wired, before any server runs."""

    settings: Settings
    desk_home: Path
    desk_config: DeskConfig
    desk: Desk
    database: Database
    journal: SqlJournal
    stored: SqlSources
    handed: SqlHandedOver
    sources: Sources
    knowledge: KnowledgeBase
    written: WrittenPages
    source: KnowledgeSource | None
    sheet: StudentSheetParts | None
    operations: GuardedOperations
    runner: TurnRunner
    board: Board
    records: WatchedRecords
    model: OpenAIModel | None
    reach: SandboxSources | None
    incidents: SqlIncidents
    clock: Clock
    embedding: Embedding | None


def clock_for(settings: Settings) -> Clock:
    """Return the sandbox's clock where there is a sandbox, else the wall's."""
    state = settings.shared.sandbox.state_dir
    return SystemClock() if state is None else SharedFileClock(state / "clock.json")


async def wire(
    settings: Settings,
    *,
    clock: Clock | None = None,
    database: Path | Backend | None = None,
    on_commit: OnCommit | None = None,
    new_id: Callable[[], str] | None = None,
    cache: Path | None = None,
    loaded: Loaded | None = None,
    stand_in: Model | None = None,
) -> Wired:
    """Open the database, load the desk and its knowledge, and plug everything together.

    `loaded` is what an earlier `load_desk` of the same desk read; `stand_in` is asked in place of the models.
    """
    home, config = only_desk(settings)
    clock = clock or clock_for(settings)
    source = source_of(settings, config, clock)
    backend = SqliteFile(database) if isinstance(database, Path) else database or backend_of(settings)
    path = backend.path
    loaded = loaded or load_desk(settings, cache or path.parent / "understanding")
    desk = desk_of(config, loaded, clock)
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = Database.of(backend, on_commit=on_commit)
    _refuse_another_s(opened, config)
    reading = Reading(desk.rules.zone, config.limits.quota_month, config.limits.snapshot_ttl_minutes)
    knowledge = KnowledgeBase(opened, config.limits, desk.rules.zone, config.pay_to)
    await first_data(loaded, opened, knowledge, reading, desk.rules.hours, clock)
    board = Board(clock, settings.shared.degraded)
    stored, reach = SqlSources(opened, reading), _reach(settings)
    sheet = sheet_of(settings, config, opened, stored, reading, clock)
    watch = Watch(board, reach)
    records = WatchedRecords(sheet.reads if sheet else stored, watch, clock)
    calls = CallLog()
    model = None if stand_in is not None else model_of(settings, calls.note)
    briefing = briefing_of(config, desk.rules, settings.words)
    accounts = {number.account: config.name for number in config.numbers}
    named, limits = new_id or (lambda: uuid.uuid4().hex[:12]), config.limits
    journal = SqlJournal(opened, accounts, named, limits.snapshot_ttl_minutes, limits.takeover_quiet_minutes)
    purse = Purse(SqlSpending(opened), Cards(journal), desk, clock)
    asked = stand_in if model is None else WatchedModel(model, board, purse)
    embedding = embedding_of(settings, opened, board, purse, calls.note)
    goods = WatchedShop(SqlShop(opened, meaning_of(embedding)), SqlVouchers(opened), watch)
    saver = StagingSaver(opened)
    sources = Sources(
        conversations=stored,
        contacts=stored,
        owners=stored,
        snapshots=stored,
        schedule=records,
        books=records,
        records=records,
        knowledge=knowledge,
        approvals=stored,
        numbers=SqlNumbers(opened),
        staffing=stored,
        health=board,
        drafter=NoDrafter() if asked is None else ModelDrafter(asked, briefing),
        adviser=NoAdviser() if asked is None else ModelAdviser(asked, briefing),
        catalogue=goods,
        orders=goods,
        shipping=goods,
        vouchers=goods,
        enrolments=WatchedEnrolments(SqlEnrolments(opened), watch),
    )
    operations = operations_of(settings, opened, clock, sheet.mover if sheet else None)
    runner = TurnRunner(
        desk=desk,
        graph=build(desk.rules, saver),
        sources=sources,
        understander=loaded.reader,
        staging=saver,
        config=config_digest(desk),
        salt=settings.salt,
        calls=calls,
        second=second_reader_of(settings, config, desk, loaded.pages, asked),
    )
    return Wired(
        settings,
        home,
        config,
        desk,
        opened,
        journal,
        stored,
        SqlHandedOver(opened, EndedTasks(reading).follow),
        sources,
        knowledge,
        written_at(home, opened, source, knowledge),
        source,
        sheet,
        operations,
        runner,
        board,
        records,
        model,
        reach,
        SqlIncidents(opened),
        clock,
        embedding,
    )


def operations_of(
    settings: Settings, opened: Database, clock: Clock, mover: SheetMover | None = None
) -> GuardedOperations:
    """Plug in C's hands at one desk, which need nothing of what it says or understands."""
    _, config = only_desk(settings)
    zone = ZoneInfo(config.hours.zone)
    return GuardedOperations(opened, clock, config.limits, zone, settings.salt, mover)


def decisions_for(wired: Wired, wake: Callable[[str], None]) -> tuple[Decisions, Replies]:
    """Plug in those who take people's decisions and words; `wake` hears of every conversation that has news."""
    parts = (wired.desk, wired.clock, wake)
    replies = Replies(wired.journal, wired.handed, wired.stored, *parts)
    return Decisions(wired.journal, wired.stored, replies, *parts), replies


def config_digest(desk: Desk) -> str:
    """Name the rules in force, for the turn records."""
    return hashlib.sha256(desk.rules.model_dump_json().encode()).hexdigest()[:12]


def _refuse_another_s(database: Database, config: DeskConfig) -> None:
    """Refuse to serve a desk from another's case files; the order of the desks in the config says whose is which."""
    row = database.read_one("SELECT desk FROM conversations WHERE desk <> ? LIMIT 1", (config.name,))
    if row is not None:
        database.close()
        raise BadInput(
            f"the store at {database.path} holds the {row['desk']} desk's data, not the {config.name}'s: the first"
            " of the desks in the config has the database as it is named, each further one its own beside it"
        )


def _reach(settings: Settings) -> SandboxSources | None:
    url = settings.shared.sandbox.url
    return None if url is None else SandboxSources(url, REACH_SECONDS)
