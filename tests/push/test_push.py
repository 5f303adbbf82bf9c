"""Deltas that come late, twice, never or for somebody else: B says what the records hold, or has it read."""

from datetime import timedelta

from casefile.records import Delta
from tests.push.backbone import BUDI, Backbone

ONLY_B = ["frontline_b"]
READ_BY_C = ["ops_c", "frontline_b"]


async def test_read_after_write_in_the_same_second(backbone: Backbone) -> None:
    before = backbone.truth()
    await backbone.write()
    said = await backbone.ask()
    assert backbone.truth() in said
    assert before not in said
    assert backbone.roles == ONLY_B
    # E's delta of that write comes after B has said it, with the same rev and from the same second.
    await backbone.push(backbone.flying[0])
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == ONLY_B


async def test_written_between_the_turns_reads_and_its_commit(backbone: Backbone) -> None:
    before = backbone.truth()
    said = await backbone.ask(meanwhile=True)
    assert backbone.truth() in said
    assert before not in said


async def test_out_of_order_delta(backbone: Backbone) -> None:
    for _ in range(3):
        await backbone.write(through=False)
    first, second, third = backbone.flying
    for delta in (third, first, second):
        await backbone.push(delta)
        assert backbone.entry().rev == third.rev
        assert backbone.truth() in await backbone.ask()
        assert backbone.roles == ONLY_B


async def test_a_delta_that_is_not_the_newest_is_not_said(backbone: Backbone) -> None:
    await backbone.write(through=False)
    await backbone.write(through=False)
    await backbone.push(backbone.flying[0])
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == READ_BY_C


async def test_lost_delta_costs_one_quick_read_which_renews(backbone: Backbone) -> None:
    await backbone.write(through=False)
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == READ_BY_C
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == ONLY_B


async def test_expired_entry_costs_one_quick_read_which_renews(backbone: Backbone) -> None:
    backbone.world.clock.advance(timedelta(minutes=181))
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == READ_BY_C
    backbone.world.clock.advance(timedelta(minutes=180))
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == ONLY_B


async def test_duplicated_delta(backbone: Backbone) -> None:
    await backbone.write(through=False)
    (delta,) = backbone.flying
    await backbone.push(delta)
    held = backbone.entry()
    backbone.world.clock.advance(timedelta(minutes=5))
    await backbone.push(delta)
    assert backbone.entry() == held
    await backbone.write()
    await backbone.push(delta)
    assert backbone.entry().rev == delta.rev + 1
    assert backbone.truth() in await backbone.ask()


async def test_delta_for_another_contact(backbone: Backbone) -> None:
    held = backbone.entry()
    stranger = Delta(contact_id="ct_rina", rev=99, as_of=held.as_of, students=(), invoices=(), open_orders=())
    await backbone.push(stranger)
    assert backbone.entry() == held
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == ONLY_B


async def test_equal_rev_read_later_renews_and_read_earlier_does_not(backbone: Backbone) -> None:
    held = backbone.entry()
    again = Delta(**{**held.model_dump(exclude={"ttl_minutes"}), "as_of": held.as_of + timedelta(minutes=9)})
    await backbone.push(again)
    assert backbone.entry().as_of == again.as_of
    await backbone.push(again.model_copy(update={"as_of": held.as_of}))
    assert backbone.entry().as_of == again.as_of


async def test_half_a_delta_after_a_lost_one_vouches_for_nothing(backbone: Backbone) -> None:
    await backbone.write("bill", through=False, partly=True)
    await backbone.write("lesson", through=False, partly=True)
    await backbone.push(backbone.flying[1])
    assert backbone.truth("bill") in await backbone.ask("bill")
    assert backbone.roles == READ_BY_C


async def test_half_a_delta_for_a_customer_nobody_holds_begins_no_entry(backbone: Backbone) -> None:
    await backbone.write("bill", partly=True)
    await backbone.world.wired.database.submit(lambda tx: tx.execute("DELETE FROM snapshots"))
    await backbone.push(backbone.flying[0])
    assert backbone.world.rows("SELECT * FROM snapshots WHERE contact_id = ?", BUDI) == []
    assert backbone.truth() in await backbone.ask()


async def test_an_entry_of_a_clock_that_was_ahead_is_read_again_and_replaced(backbone: Backbone) -> None:
    backbone.world.clock.advance(timedelta(days=2))
    await backbone.write()
    backbone.world.clock.set_back(timedelta(days=2))
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == READ_BY_C
    assert backbone.truth() in await backbone.ask()
    assert backbone.roles == ONLY_B
