"""Every move of the ledger: what each thing that can happen does to a message in each state, legal or not."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from store_scenes import NOW, at, journal, message, operation, post, send, status, turn

from casefile.effects import ForgetWaiting
from casefile.events import WindowClosed
from ports.ledger import OutboxState
from store.database import Database
from store.journal import SqlJournal
from tests.support.postgres import Opener

KEY, CASE, CONVERSATION = "k", "SCH-2026-0001", "wa-628001-ct_1"
FIRST, SECOND = "wamid.first", "wamid.second"
STATES = ("queued", "attempting", "accepted", "delivered", "read", "failed", "unknown", "dropped", "held")
Act = Callable[[SqlJournal], Awaitable[object]]


def _event() -> WindowClosed:
    return WindowClosed(at=at(9), case_id=CASE, key=KEY)


async def _in_state(told: SqlJournal, state: str) -> None:
    """Bring one message into a state by what really leads there."""
    await told.commit(turn("t1", effects=(send(KEY),)))
    if state == "queued":
        return
    await told.attempting(KEY, at(1))
    if state in ("accepted", "delivered", "read"):
        await told.accepted(KEY, FIRST, at(2))
    if state in ("delivered", "read"):
        await told.receive([status(state, provider_id=FIRST, key=KEY)])
    if state in ("failed", "held"):
        await told.failed(KEY, "131047 closed", at(2))
    if state in ("unknown", "dropped"):
        await told.unknown(KEY, "no answer", at(2))
    if state == "dropped":
        await told.settle(KEY, "drop", "sf_tari", at(3))
    if state == "held":
        await told.hold(KEY, "131047 closed", _event(), "window:k", at(3))


def _says(name: str) -> Act:
    return lambda told: told.receive([status(name, provider_id=FIRST, key=KEY)])


ACTS: dict[str, Act] = {
    "attempt": lambda told: told.attempting(KEY, at(9)),
    "put back": lambda told: told.requeue(KEY, at(60), "later"),
    "postpone": lambda told: told.postpone(KEY, at(60), "later"),
    "throttle": lambda told: told.throttled(KEY, "whatsapp", 5, "130429", at(9)),
    "accept": lambda told: told.accepted(KEY, FIRST, at(9)),
    "refuse": lambda told: told.failed(KEY, "131026 undeliverable", at(9)),
    "lose the answer": lambda told: told.unknown(KEY, "no answer", at(9)),
    "restart": lambda told: told.orphans(at(9)),
    "reconcile": lambda told: told.resend_unproved(at(9), at(9)),
    "resend by hand": lambda told: told.settle(KEY, "resend", "sf_tari", at(9)),
    "drop by hand": lambda told: told.settle(KEY, "drop", "sf_tari", at(9)),
    "wait for the customer": lambda told: told.hold(KEY, "131047 closed", _event(), "window:k:2", at(9)),
    "give up waiting": lambda told: told.give_up_held(CONVERSATION, "132001", at(9)),
    "sent": _says("sent"),
    "delivered": _says("delivered"),
    "read": _says("read"),
    "failed": _says("failed"),
}
# Columns as STATES; "." is no move at all.
TABLE = """
act                    queued     attempting accepted  delivered read failed    unknown   dropped   held
attempt                attempting .          .         .         .    .         .         .         .
put back               .          queued     .         .         .    .         .         .         .
postpone               .          .          .         .         .    .         .         .         .
throttle               .          queued     .         .         .    .         .         .         .
accept                 accepted   accepted   .         .         .    .         accepted  accepted  accepted
refuse                 failed     failed     .         .         .    .         failed    .         failed
lose the answer        .          unknown    .         .         .    .         .         .         .
restart                .          unknown    .         .         .    .         .         .         .
reconcile              .          .          .         .         .    .         queued    .         .
resend by hand         .          .          .         .         .    .         queued    .         .
drop by hand           .          .          .         .         .    .         dropped   .         dropped
wait for the customer  .          .          .         .         .    held      .         .         .
give up waiting        .          .          .         .         .    .         .         .         failed
sent                   accepted   accepted   .         .         .    .         accepted  accepted  accepted
delivered              delivered  delivered  delivered .         .    delivered delivered delivered delivered
read                   read       read       read      read      .    read      read      read      read
failed                 .          failed     failed    .         .    .         failed    failed    .
"""


def _cells() -> list[tuple[str, str, str]]:
    found = []
    for line in TABLE.strip().splitlines()[1:]:
        act = next(name for name in sorted(ACTS, key=len, reverse=True) if line.startswith(name))
        found += [(act, *cell) for cell in zip(STATES, line.removeprefix(act).split(), strict=True)]
    return found


def _state(database: Database) -> str:
    (row,) = database.read("SELECT state, pending FROM outbox WHERE key = ?", (KEY,))
    assert row["pending"] == 0 or row["state"] in ("queued", "attempting")
    return "held" if row["state"] == "queued" and not row["pending"] else str(row["state"])


@pytest.mark.parametrize(("act", "before", "after"), _cells(), ids=lambda cell: cell.replace(" ", "_"))
async def test_every_move(database: Database, act: str, before: str, after: str) -> None:
    told = journal(database)
    await _in_state(told, before)
    assert _state(database) == before
    await ACTS[act](told)
    assert _state(database) == (before if after == "." else after)


def test_the_table_names_every_state_of_the_ledger_and_everything_that_happens() -> None:
    assert {*STATES} - {"held"} == set(OutboxState.__args__)  # type: ignore[attr-defined]
    assert {act for act, _, _ in _cells()} == set(ACTS)


# --- attempts and the reports about them -------------------------------------------------------------------


async def _resent(told: SqlJournal) -> None:
    """Lose the answer to a first attempt, and begin a second."""
    await told.commit(turn("t1", effects=(send(KEY),)))
    await told.attempting(KEY, at(1))
    await told.unknown(KEY, "no answer", at(2))
    await told.settle(KEY, "resend", "sf_tari", at(3))
    await told.attempting(KEY, at(4))


async def test_a_first_attempt_that_failed_late_does_not_fail_the_second(database: Database) -> None:
    told = journal(database)
    await _resent(told)
    await told.receive([status("failed", provider_id=FIRST, key=KEY)])
    assert _state(database) == "attempting"
    await told.accepted(KEY, SECOND, at(6))
    await told.receive([status("failed", provider_id=FIRST, key=KEY)])
    assert _state(database) == "accepted"
    await told.receive([status("failed", provider_id=SECOND, key=KEY)])
    assert _state(database) == "failed"


async def test_a_second_attempt_that_failed_before_its_answer_is_failed_by_the_answer(
    database: Database,
) -> None:
    told = journal(database)
    await _resent(told)
    failed = status("failed", provider_id=SECOND, key=KEY)
    await told.receive([failed.model_copy(update={"error_code": "131026", "error": "undeliverable"})])
    assert _state(database) == "attempting"
    await told.accepted(KEY, SECOND, at(6))
    assert _state(database) == "failed"
    assert [row.error for row in await told.untold()] == ["131026 undeliverable"]


async def test_proof_that_the_first_arrived_keeps_the_second_from_leaving(database: Database) -> None:
    told = journal(database)
    await told.commit(turn("t1", effects=(send(KEY),)))
    await told.attempting(KEY, at(1))
    await told.unknown(KEY, "no answer", at(2))
    await told.resend_unproved(at(2), at(3))
    await told.receive([status("sent", provider_id=FIRST, key=KEY)])
    assert await told.due(at(9), 9) == ()
    assert not await told.attempting(KEY, at(9))
    assert _state(database) == "accepted"


async def test_what_waits_for_the_customer_is_not_touched_by_the_old_report_again(database: Database) -> None:
    told = journal(database)
    await told.commit(turn("t1", effects=(send(KEY),)))
    await told.attempting(KEY, at(1))
    await told.accepted(KEY, FIRST, at(2))
    failed = status("failed", provider_id=FIRST, key=KEY)
    await told.receive([failed])
    assert await told.hold(KEY, "131047 closed", _event(), "window:k", at(3))
    for late in (failed, status("sent", provider_id=FIRST, key=KEY), failed):
        await told.receive([late])
    assert _state(database) == "held"
    assert not await told.attempting(KEY, at(4))
    await told.receive([status("delivered", provider_id=FIRST, key=KEY)])
    assert _state(database) == "delivered"


async def test_what_is_settled_again_is_on_the_record_again(database: Database) -> None:
    told = journal(database)
    await told.commit(turn("t1", effects=(send(KEY),)))
    await told.attempting(KEY, at(1))
    await told.unknown(KEY, "no answer", at(2))
    assert await told.settle(KEY, "drop", "sf_tari", at(3))
    await told.receive([status("failed", provider_id=FIRST, key=KEY)])
    assert await told.hold(KEY, "131047 closed", _event(), "window:k", at(4))
    assert await told.settle(KEY, "drop", "sf_tari", at(5))
    assert not await told.settle(KEY, "resend", "sf_tari", at(6))
    assert [row["action"] for row in database.read("SELECT action FROM audit")] == ["drop", "drop"]


# --- several processes on one ledger -----------------------------------------------------------------------


async def test_two_workers_that_look_at_once_resend_once(open_database: Opener) -> None:
    databases = open_database(), open_database()
    first, second = (journal(database) for database in databases)
    keys = [f"k{n}" for n in range(20)]
    await first.commit(turn("t1", effects=tuple(send(key, f"wa-628001-ct_{key}") for key in keys)))
    for n, key in enumerate(keys):
        await first.attempting(key, NOW)
        await first.unknown(key, "no answer", at(n))
    looks = [worker.resend_unproved(at(18), at(30)) for worker in (first, second, first, second)]
    moved = [key for keys in await asyncio.gather(*looks) for key in keys]
    assert sorted(moved) == sorted(keys[:19])
    assert await second.unproved_since() == at(19)
    audit = databases[0].read("SELECT actor, action FROM audit")
    assert [tuple(row) for row in audit] == [("reconcile", "resend")] * 19
    for database in databases:
        database.close()


async def test_a_lane_post_in_doubt_is_never_resent_by_itself(database: Database) -> None:

    told = journal(database)
    await told.commit(turn("t1", effects=(post("p1"),)))
    await told.attempting("p1", at(1))
    await told.unknown("p1", "no answer", at(2))
    assert await told.unproved_since() is None
    assert await told.resend_unproved(at(9), at(9)) == ()


# --- a whole channel that asks to be left alone ------------------------------------------------------------


async def test_throughput_holds_every_message_back_and_nothing_else_longer_each_time(
    database: Database,
) -> None:

    told = journal(database)
    effects = (send("a1", "wa-628001-ct_1"), send("b1", "wa-628001-ct_2"), post("p1"), operation("o1"))
    await told.commit(turn("t1", effects=effects))
    await told.attempting("a1", at(0))
    await told.attempting("b1", at(0))
    assert await told.throttled("a1", "whatsapp", 5, "throughput", at(0)) == at(5)
    # On its way when it began: the same refusal, not another one.
    assert await told.throttled("b1", "whatsapp", 5, "throughput", at(1)) == at(6)
    await told.commit(turn("t2", effects=(send("c1", "wa-628001-ct_3"),)))
    assert [row.key for row in await told.due(at(5), 9)] == ["p1", "o1"]
    for key in ("p1", "o1"):
        await told.postpone(key, at(500), "out of the way")
    assert await told.next_due() == at(6)
    assert [row.key for row in await told.due(at(6), 9)] == ["a1", "b1", "c1"]
    waits = []
    now = 6.0
    for _ in range(8):
        await told.attempting("a1", at(now))
        until = await told.throttled("a1", "whatsapp", 5, "throughput", at(now))
        waits.append((until - at(now)).total_seconds())
        now += waits[-1]
    assert waits == [10, 20, 40, 80, 160, 300, 300, 300]
    await told.attempting("a1", at(now + 200))
    assert await told.throttled("a1", "whatsapp", 5, "throughput", at(now + 200)) == at(now + 205)


# --- words that wait for the customer ----------------------------------------------------------------------


async def _waiting(told: SqlJournal) -> None:
    """Let two messages wait; what is said afterwards goes on its way."""
    effects = (send("w1"), send("w2"), send("later"))
    await told.commit(turn("t1", effects=effects))
    for key in ("w1", "w2"):
        await told.attempting(key, at(1))
        await told.failed(key, "131047 closed", at(2))
        event = WindowClosed(at=at(3), case_id=CASE, key=key)
        assert await told.hold(key, "131047 closed", event, f"window:{key}", at(3))
        assert not await told.hold(key, "131047 closed", event, f"window:{key}", at(3))


async def test_what_waits_holds_nothing_up_and_goes_in_order_once_the_customer_writes(
    database: Database,
) -> None:

    told = journal(database)
    first = await told.receive([message("m1")])
    conversation = first[0].conversation_id
    await told.commit(turn("t1", effects=tuple(send(key, conversation) for key in ("w1", "w2", "later"))))
    for key in ("w1", "w2"):
        await told.attempting(key, at(1))
        await told.failed(key, "131047 closed", at(2))
        await told.hold(key, "131047", WindowClosed(at=at(3), case_id=CASE, key=key), f"window:{key}", at(3))
    assert await told.next_due() is not None
    assert [row.key for row in await told.due(at(4), 9)] == ["later"]
    await told.attempting("later", at(4))
    await told.accepted("later", "wamid.later", at(5))
    assert await told.due(at(90_000), 9) == ()
    again = message("m2", seconds=90_000)
    await told.receive([again])
    await told.commit(turn("t2", effects=(send("answer", conversation),), seconds=90_001))
    await told.receive([again])
    gone = []
    while due := await told.due(at(90_002), 9):
        (row,) = due
        await told.attempting(row.key, at(90_002))
        await told.accepted(row.key, f"wamid.{row.key}", at(90_002))
        gone.append(row.key)
    assert gone == ["w1", "w2", "answer"]


async def test_given_up_the_waiting_words_fail_each_and_the_customer_may_be_invited_anew(
    database: Database,
) -> None:
    told = journal(database)
    await _waiting(told)
    given_up = await told.give_up_held(CONVERSATION, "132001 no such template", at(9))
    assert [(row.key, row.state, row.error) for row in given_up] == [
        ("w1", "failed", "132001 no such template"),
        ("w2", "failed", "132001 no such template"),
    ]
    assert await told.give_up_held(CONVERSATION, "132001", at(9)) == ()
    assert [row.key for row in await told.untold()] == ["w1", "w2"]


async def test_a_case_that_is_settled_forgets_what_waits_in_it(database: Database) -> None:

    told = journal(database)
    await _waiting(told)
    forget = ForgetWaiting(key="f", case_id=CASE)
    await told.commit(turn("t9", effects=(forget,)))
    states = [row.state for row in await told.outbox(("queued", "dropped"))]
    assert states == ["dropped", "dropped", "queued"]
    assert [row.key for row in await told.due(at(10), 9)] == ["later"]
