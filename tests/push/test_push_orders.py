"""An order that moves on, and deltas of it that come late, in part or never: B says what the records hold."""

from datetime import timedelta

from tests.push.backbone import ORDER, Backbone
from tests.push.test_push import ONLY_B, READ_BY_C


async def test_where_an_order_is_wakes_nobody_while_the_snapshot_is_fresh(counter: Backbone) -> None:
    await counter.write("order")
    assert counter.truth("order") in await counter.ask("order")
    assert counter.roles == ONLY_B
    held = counter.entry().open_orders
    assert held is not None and ORDER in {order.number for order in held}
    assert all(order.address is None for order in held)


async def test_an_order_that_moved_between_the_turns_reads_and_its_commit(counter: Backbone) -> None:
    before = counter.truth("order")
    said = await counter.ask("order", meanwhile=True)
    assert counter.truth("order") in said and before not in said


async def test_a_lost_or_expired_word_of_an_order_costs_one_quick_read(counter: Backbone) -> None:
    await counter.write("order", through=False)
    assert counter.truth("order") in await counter.ask("order")
    assert counter.roles == READ_BY_C
    assert counter.truth("order") in await counter.ask("order")
    assert counter.roles == ONLY_B
    counter.world.clock.advance(timedelta(minutes=181))
    assert counter.truth("order") in await counter.ask("order")
    assert counter.roles == READ_BY_C


async def test_only_what_has_changed_is_taken_up_in_order(counter: Backbone) -> None:
    await counter.write("order", through=False, partly=True)
    await counter.write("order", through=False, partly=True)
    first, second = counter.flying
    await counter.push(second)
    assert counter.entry().rev == second.rev - 2
    await counter.push(first)
    await counter.push(second)
    assert counter.entry().rev == second.rev
    assert counter.truth("order") in await counter.ask("order")
    assert counter.roles == ONLY_B


async def test_what_was_kept_before_orders_were_is_read_anew(counter: Backbone) -> None:
    body = counter.entry().model_copy(update={"open_orders": None}).model_dump_json()
    await counter.world.wired.database.submit(lambda tx: tx.execute("UPDATE snapshots SET body = ?", (body,)))
    assert counter.truth("order") in await counter.ask("order")
    assert counter.roles == READ_BY_C
