"""A school large enough to soak in: its records, what its customers write, and twins that take whatever is sent."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import count

from app.desk import Loaded
from benchmarks.desk import loaded_desk, phone_of
from casefile.effects import PostToLane, SendMessage
from casefile.errors import BadInput
from casefile.records import Alias
from ports.channels import MediaFile
from store.record_rows import (
    CoachRow,
    ContactRow,
    InvoiceRow,
    PackageRow,
    PaymentRow,
    SessionRow,
    SlotRow,
    StudentRow,
)

PER_COACH = 40
FIRST_HOUR, HOURS, DAYS = 9, 10, 6
FREE_A_WEEK = 12
HEADS = (
    "Ba",
    "Ci",
    "De",
    "Fa",
    "Gi",
    "Ha",
    "In",
    "Jo",
    "Ka",
    "Lu",
    "Ma",
    "Ni",
    "Pu",
    "Ra",
    "Se",
    "Ta",
    "Wi",
    "Yu",
)
MIDDLES = ("ra", "li", "ma", "di", "no", "wa", "ri", "sa", "la", "ki", "yu", "to")
TAILS = ("ni", "wan", "ti", "no", "sih", "ta", "na", "ko", "rto", "yah", "mi", "di")

# What somebody writes in one visit, each answer awaited, and how often in a hundred.
VISITS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (10, ("harga paket berapa ya kak?",)),
    (10, ("aturan ganti jadwal gimana kak?",)),
    (10, ("studionya di mana ya?",)),
    (20, ("kapan jadwal les berikutnya?",)),
    (8, ("pembayaran saya sudah masuk belum kak?",)),
    (4, ("tolong kirim ulang invoice ya",)),
    (6, ("sisa sesi saya berapa?", "makasih kak")),
    (16, ("kak mau pindah jadwal les yang berikutnya dong", "1", "iya setuju")),
    (4, ("saya mau refund",)),
    (2, ("saya kecewa banget sama pelayanannya", "iya tolong ya")),
    (3, ("halo kak",)),
    (3, ("hmm gimana ya",)),
    (4, ("how much is the monthly package?", "thank you!")),
)


def peopled(customers: int, weeks: int) -> Loaded:
    """Return the desk's own words and pages with records of so many adult students, a lesson a week each."""
    loaded = loaded_desk()
    assert loaded.records is not None
    rows = dict(loaded.records.rows)
    coaches = -(-customers // PER_COACH)
    rows["coaches"] = tuple(CoachRow(id=f"co_{n}", name=name_of(n)) for n in range(coaches))
    rows["contacts"] = tuple(_contact(n) for n in range(customers))
    rows["students"] = tuple(_student(n, weeks) for n in range(customers))
    rows["sessions"] = tuple(row for n in range(customers) for row in _sessions(n, weeks))
    rows["slots"] = tuple(row for n in range(coaches) for row in _slots(n, weeks))
    rows["invoices"] = tuple(_invoice(n) for n in range(customers))
    rows["reschedules"] = ()
    return replace(loaded, records=replace(loaded.records, rows=rows))


def name_of(number: int) -> str:
    """Return one of some 2,500 names that can be spoken; after them a second one follows."""
    heads, middles = len(HEADS), len(MIDDLES)
    name = HEADS[number % heads] + MIDDLES[number // heads % middles]
    name += TAILS[number // heads // middles % len(TAILS)]
    more = number // heads // middles // len(TAILS)
    return f"{name} {name_of(more - 1)}" if more else name


def visits(seed: int) -> Iterator[tuple[str, ...]]:
    """Yield what visitors write, for ever, the same for the same seed."""
    drawn = random.Random(seed)
    weights = [weight for weight, _ in VISITS]
    while True:
        yield drawn.choices(VISITS, weights)[0][1]


def _contact(n: int) -> ContactRow:
    phone = phone_of(n)
    aliases = (Alias(kind="phone", value=phone),)
    return ContactRow(
        id=f"ct_s{n}", aliases=aliases, full_name=_full(n), phone=phone, email=f"s{n}@example.com"
    )


def _student(n: int, weeks: int) -> StudentRow:
    package = PackageRow(name="Privat", sessions_left=weeks, expires_day_offset=7 * weeks)
    return StudentRow(id=f"st_s{n}", name=_full(n), own_contact=f"ct_s{n}", package=package)


def _full(n: int) -> str:
    return f"{name_of(n)} {name_of(n * 7 + 3)}"


def _sessions(n: int, weeks: int) -> Iterator[SessionRow]:
    day, hour = _cell(n % PER_COACH)
    for week in range(weeks):
        yield SessionRow(
            id=f"ss_s{n}_{week}",
            student=f"st_s{n}",
            coach=name_of(n // PER_COACH),
            day_offset=7 * week + day,
            at=time(hour),
            minutes=60,
        )


def _slots(coach: int, weeks: int) -> Iterator[SlotRow]:
    for week in range(weeks):
        for number in range(FREE_A_WEEK):
            day, hour = _cell(PER_COACH + number)
            yield SlotRow(
                id=f"sl_{coach}_{week}_{number}",
                coach=name_of(coach),
                day_offset=7 * week + day,
                at=time(hour),
                minutes=60,
            )


def _cell(number: int) -> tuple[int, int]:
    """Return one of a coach's working hours; the week has 60."""
    return number % DAYS, FIRST_HOUR + number // DAYS % HOURS


def _invoice(n: int) -> InvoiceRow:
    paid = n % 3 > 0
    payment = PaymentRow(state="CONFIRMED", source="provider_event", paid_day_offset=-3)
    return InvoiceRow(
        number=f"INV-2026-{n // 1000 + 1000:04d}-{n % 1000:03d}",
        contact=f"ct_s{n}",
        student=f"st_s{n}",
        description="Privat",
        amount=1_320_000,
        due_day_offset=7,
        status="paid" if paid else "unpaid",
        payment=payment if paid else PaymentRow(state="PENDING", source="invoice"),
    )


@dataclass(slots=True)
class Phones:
    """The twin of the customer channel, that keeps only what is still to be reported as delivered."""

    sent: int = 0
    reported: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, message: SendMessage, address: str) -> str:
        """Take a message."""
        self.sent += 1
        provider_id = f"wamid.out.{self.sent}"
        self.reported.append((message.key, provider_id))
        return provider_id

    async def mark_read(self, account: str, message_id: str) -> None:
        """Take a courtesy."""

    async def media(self, media_id: str) -> MediaFile:
        """Nobody here sends files."""
        raise BadInput("there is no such file")


@dataclass(slots=True)
class Lanes:
    """The twin of the staff's lanes; keeps nothing but a count."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    taken: int = 0

    async def post(self, post: PostToLane) -> str:
        """Take a post."""
        self.taken += 1
        return str(next(self.numbers))

    async def edit(self, post: PostToLane, message_id: str) -> None:
        """Take an edit."""
        self.taken += 1
