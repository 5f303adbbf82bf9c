"""The periodic jobs as the settings describe them, built the same for every process."""

from collections.abc import Iterator
from datetime import time, timedelta

from app.finding import texts_of
from app.knowledge import keeper_of
from app.settings import media_folder
from app.wire import Wired
from gateway.auditing import WeeklySample
from gateway.chores import Chore, Chores, RecordChores, expiring, retiring
from gateway.health import Board
from gateway.heartbeat import Heartbeat
from gateway.learning import learning
from gateway.page_reviews import PageReviews
from gateway.pages import PageWatch
from gateway.payment_chores import comparing, following_up
from gateway.readiness import Readiness
from gateway.sheet_watch import SheetWatch
from gateway.spending import account
from gateway.weekly_pack import WeeklyPost
from policies.periodic import AtOpening, Daily, Every, Weekly
from policies.vitals import MOVING
from ports.bookkeeping import Bookkeeping
from services.followups import InvoiceFollowUps
from services.order_moves import OrderExpiry
from services.reminders import SessionReminders
from services.retention import RetentionJob
from services.snapshots import KeptSnapshots
from services.trials import TrialExpiry
from store.auditing import SqlAuditBook
from store.facts import Reading
from store.oversight import SqlOversight
from store.periodic import SqlSlots
from store.weekly import SqlWeekBook


def chores_for(wired: Wired, health: Board, books: Bookkeeping | None = None) -> Chores:
    """Plug the periodic jobs together; `health` says what is down."""
    desk, database, shared = wired.desk, wired.database, wired.settings.shared
    rules, clocks = desk.rules, shared.clocks
    reading = Reading(rules.zone, rules.limits.quota_month, rules.limits.snapshot_ttl_minutes)
    snapshots = KeptSnapshots(database, reading)
    reconcile = timedelta(minutes=shared.delivery.reconcile_minutes)
    oversight = SqlOversight(database, rules.desk, rules.zone, MOVING, reconcile)
    reminders = SessionReminders(database, rules.desk, rules.zone)
    records = RecordChores(snapshots, reminders, health, rules.hours)
    heartbeat = Heartbeat(wired.journal, oversight, snapshots, health, desk)
    readiness = Readiness(wired.journal, wired.incidents, oversight, wired.knowledge, health, desk, desk.tone)
    book = SqlAuditBook(database, rules.desk)
    audit = WeeklySample(book, wired.journal, desk)
    weekly = WeeklyPost(SqlWeekBook(database, rules.zone), book, wired.journal, desk)
    reviews = PageReviews(wired.knowledge, wired.desk_config.knowledge.review_days, wired.journal, desk)
    return Chores(
        (
            Chore("snapshots", Daily(at=time()), records.rebuild),
            Chore("reconcile", Every(minutes=clocks.reconcile_minutes), records.heal),
            Chore("orders", Every(minutes=clocks.orders_minutes), expiring(OrderExpiry(database, reading))),
            *_trial_chores(wired, reading),
            # Before the list, which names those that could not be reminded.
            Chore("reminders", Daily(at=clocks.reminders_at), records.remind),
            Chore("readiness", AtOpening(), readiness.list),
            Chore("audit", AtOpening(), audit.announce),
            Chore("reviews", AtOpening(), reviews.announce),
            Chore("weekly", Weekly(at=clocks.weekly_at), weekly.post),
            Chore("heartbeat", Every(minutes=clocks.heartbeat_minutes), heartbeat.beat),
            Chore("retention", Daily(at=clocks.retention_at), retiring(retention_job(wired))),
            *_page_chores(wired, health),
            *_embedding_chores(wired),
            *_sheet_chores(wired, health),
            *_payment_chores(wired, health, books),
        ),
        SqlSlots(database),
        rules.hours,
    )


def _page_chores(wired: Wired, board: Board) -> tuple[Chore, ...]:
    keeper = keeper_of(wired.desk_config, wired.written, wired.knowledge)
    if keeper is None:
        return ()
    # Looked at every minute, so that a webhook's news need not wait for the next look in turn.
    return (Chore("pages", Every(minutes=1), PageWatch(keeper, board, wired.journal, wired.desk).look),)


def _embedding_chores(wired: Wired) -> tuple[Chore, ...]:
    if wired.embedding is None:
        return ()
    calls, rules, journal = wired.runner.calls, wired.desk.rules, wired.journal
    job = learning(
        wired.embedding.meaning,
        lambda: texts_of(wired.knowledge, wired.database),
        lambda now: account(calls, rules, journal, now),
    )
    return (Chore("embeddings", Every(minutes=5), job),)


def _sheet_chores(wired: Wired, board: Board) -> tuple[Chore, ...]:
    if wired.sheet is None:
        return ()
    watch = SheetWatch(
        wired.sheet.mirror, wired.operations, wired.sheet.push, board, wired.journal, wired.desk
    )
    return (Chore("sheet", Every(minutes=1), watch.look),)


def _trial_chores(wired: Wired, reading: Reading) -> Iterator[Chore]:
    if wired.desk.rules.enrols:
        every = Every(minutes=wired.settings.shared.clocks.orders_minutes)
        yield Chore("trials", every, expiring(TrialExpiry(wired.database, reading)))


def _payment_chores(wired: Wired, health: Board, books: Bookkeeping | None) -> Iterator[Chore]:
    clocks, rules = wired.settings.shared.clocks, wired.desk.rules
    if books is not None:
        yield Chore("payments", Every(minutes=clocks.reconcile_minutes), comparing(books, health))
    if wired.desk_config.follow_up is not None:
        bills = InvoiceFollowUps(wired.database, rules, wired.desk_config.follow_up)
        yield Chore("follow_ups", Daily(at=clocks.follow_ups_at), following_up(bills, health, rules.hours))


def retention_job(wired: Wired) -> RetentionJob:
    """Return the job that removes what is past its limit."""
    shared = wired.settings.shared
    return RetentionJob(wired.database, shared.retention, media_folder(wired.settings))
