"""How many durable commits a message costs, and how many transactions when many write at once."""

import asyncio
import shutil

from benchmarks.desk import STATUS_QUESTION, OurDesk, open_desk, scratch
from benchmarks.five_nodes import open_five
from benchmarks.report import Line, median
from benchmarks.stock import StockDesk, open_stock
from casefile.approval import ApprovalRecord
from casefile.effects import OpenApproval

REFUND = "saya mau refund"
RESCHEDULE = "kak sesi aku yang kamis bisa dipindah ke jumat jam 10 pagi ga ya?"
SIDE_BY_SIDE = 32


async def measure(rounds: int) -> list[Line]:
    """Count commits of our desk and of the five-node build."""
    ours = await open_desk(SIDE_BY_SIDE)
    folder = scratch()
    stock, five = await open_stock(ours, folder / "same"), await open_five(ours, folder / "five")
    # The first case takes a block of case numbers; counted apart, it is a fiftieth of a commit per case.
    for customer in range(SIDE_BY_SIDE):
        await ours.message(customer)
        await ours.perform()
    await five.message(0, STATUS_QUESTION)
    before, before_five = ours.commits, five.counter.commits
    await ours.message(0)
    await ours.perform()
    routine = ours.commits - before
    await five.message(0, STATUS_QUESTION)
    routine_five = five.counter.commits - before_five
    moved = await _reschedule(ours)
    approval = await _approval(ours)
    approval_stock = await _approval_on_stock(stock)
    shared = median([await _side_by_side(ours) for _ in range(max(3, rounds))])
    await five.close()
    await stock.close()
    ours.close()
    shutil.rmtree(folder)
    return [
        Line(
            "commits, R1 message on one case", routine, "", 4, peer=routine_five, peer_name="before sending"
        ),
        Line("commits, reschedule in two turns", moved, "", 6),
        Line(
            f"transactions a message, {SIDE_BY_SIDE} cases",
            shared,
            "",
            0.15,
            peer=routine_five,
            peer_name="stock",
        ),
        Line("commits, interrupt + resume", approval, "", 2, peer=approval_stock, peer_name="stock saver"),
    ]


async def _reschedule(ours: OurDesk) -> int:
    """Count one lesson moved: the turn that asks C, C's work, and the turn that says so."""
    customer = SIDE_BY_SIDE - 1
    asked = await ours.message(customer, RESCHEDULE)
    await ours.perform()
    before = ours.commits
    await ours.message(customer, "iya setuju")
    await ours.perform()
    done = await ours.turn(asked.conversation_id)
    await ours.perform()
    if not any(e.type == "send_message" and "rescheduled" in e.done for _, e in done.effects):
        raise AssertionError("the lesson was not moved")
    return ours.commits - before


async def _approval(ours: OurDesk) -> int:
    """Count the turn that waits for a coach and the one that goes on, the inbox apart."""
    before = ours.commits
    asked = await ours.message(1, REFUND)
    await ours.decide(asked, "APPROVE")
    await ours.turn(asked.conversation_id)
    return ours.commits - before - 2


async def _approval_on_stock(stock: StockDesk) -> int:
    before = stock.counter.commits
    effects = await stock.message(1, REFUND)
    opened = next(e for e in effects if isinstance(e, OpenApproval))
    await stock.decided(1, ApprovalRecord(request=opened.request, state="pending"))
    # Inbox and outbox are apart here as well: two each.
    return stock.counter.commits - before - 4


async def _side_by_side(ours: OurDesk) -> float:
    before = ours.commits
    each = 4

    async def customer(number: int) -> None:
        for _ in range(each):
            await ours.message(number)

    await asyncio.gather(*(customer(number) for number in range(SIDE_BY_SIDE)))
    return (ours.commits - before) / (each * SIDE_BY_SIDE)
