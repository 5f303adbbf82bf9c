"""The load as data: who there is and what each of them does, all of it from one seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.chaos.conversations import Say, Tap


@dataclass(frozen=True)
class Storm:
    """One run: how many conversations, how many kills, on which database."""

    seed: int
    kills: int
    conversations: int
    database: str = "sqlite"
    only: frozenset[str] = frozenset()

    def chance(self, *what: object) -> random.Random:
        """Return the dice for one purpose; the same ones for the same seed, whatever else is thrown."""
        return random.Random(" ".join(map(str, (self.seed, *what))))


@dataclass(frozen=True)
class Photo:
    """A customer sends a picture with these words."""

    who: str
    caption: str


Step = Say | Tap | Photo


@dataclass(frozen=True)
class Customer:
    """Somebody who writes; a stranger is in no record and has nothing but a number."""

    key: str
    number: int
    kind: str
    phone: str
    name: str
    steps: tuple[Step, ...]
    stranger: bool = False

    @property
    def student(self) -> str:
        """The student they are."""
        return f"st_{self.number:04d}"

    @property
    def invoice(self) -> str:
        """Their bill."""
        return f"INV-2026-11{1 + self.number % 20:02d}-{self.number:03d}"

    @property
    def email(self) -> str:
        """What the records know of their mail."""
        return f"murid{self.number}@example.com"

    @property
    def owes(self) -> bool:
        """Whether their bill is open."""
        return self.kind in ("owes", "claims", "resend")


FIRST = (
    *("Ayu", "Bagas", "Cahya", "Dinda", "Eka", "Farel", "Gita", "Hani", "Intan", "Joko"),
    *("Kirana", "Lukman", "Melati", "Nanda", "Okta", "Putra", "Qori", "Rangga", "Salsa", "Tirta"),
)
LAST = (
    *("Ardiansyah", "Budiarto", "Cendana", "Darmawan", "Effendi", "Firmansyah", "Gunadi", "Halim"),
    *("Irawan", "Juwono", "Kusuma", "Lestari", "Mahendra", "Nurhadi", "Oktavian", "Prasetyo"),
    *("Rahmadi", "Saputra", "Tanoto", "Utomo", "Virgiawan", "Wibowo", "Yulianto", "Zulkarnain"),
)
# How often each kind of conversation comes among a hundred.
KINDS: Mapping[str, int] = {
    "asks": 9,
    "own": 9,
    "burst": 6,
    "moves": 22,
    "keeps": 4,
    "exception": 7,
    "refund": 13,
    "withdraws": 5,
    "owes": 5,
    "claims": 9,
    "resend": 3,
    "person": 4,
    "unknown": 4,
}


def customers(storm: Storm) -> tuple[Customer, ...]:
    """Return everybody who writes in this run."""
    chance = storm.chance("customers")
    bag = [kind for kind, share in KINDS.items() for _ in range(share)]
    found = []
    while len(found) < storm.conversations:
        chance.shuffle(bag)
        found += bag
    people = [_customer(storm, number, kind) for number, kind in enumerate(found[: storm.conversations])]
    return tuple(person for person in people if not storm.only or person.key in storm.only)


def _customer(storm: Storm, number: int, kind: str) -> Customer:
    chance = storm.chance("customer", number)
    stranger = kind == "unknown"
    phone = f"+62813{'9' if stranger else '2'}{number:07d}"
    key = phone[1:] if stranger else f"ct_{number:04d}"
    name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"
    bare = Customer(key, number, kind, phone, name, (), stranger)
    steps = _STEPS[kind](bare, chance)
    if chance.random() < 0.3:
        steps = (*steps, _say(key, chance.choice(("makasih ya kak", "oke sip makasih kak"))))
    return Customer(key, number, kind, phone, name, steps, stranger)


def _say(who: str, *words: str) -> Say:
    return Say(tuple((who, text) for text in words))


def _asks(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    words = (
        "kak harga paket lesnya berapa ya?",
        "kalau refund boleh ga sih kak?",
        "jam bukanya sampai jam berapa?",
    )
    return tuple(_say(who.key, text) for text in chance.sample(words, chance.randint(1, 2)))


def _own(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    words = (
        "jadwal les aku kapan ya kak?",
        "sisa sesi paketku tinggal berapa ya kak?",
        "when is my next lesson?",
    )
    return tuple(_say(who.key, text) for text in chance.sample(words, chance.randint(1, 2)))


def _burst(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    words = ("kak", "mau tanya dong", "jadwal les aku", "yang berikutnya kapan ya?")
    return (_say(who.key, *words[-chance.randint(2, 4) :]),)


def _moves(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    # A slot may be somebody else's by then: who still wants to move picks again from what is offered.
    first = chance.choice(("mau pindah jadwal dong kak", "Hi, can I move my lesson?"))
    return (_say(who.key, first), Tap(who.key, chance.randrange(3)), Tap(who.key, 0))


def _keeps(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    return (_say(who.key, "mau pindah jadwal dong kak"), _say(who.key, "ga jadi deh kak, tetap aja"))


def _exception(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    return (_say(who.key, "mau pindah jadwal dong"), _say(who.key, f"yang nomor {chance.randint(1, 2)} kak"))


def _refund(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    ask = _say(
        who.key, chance.choice(("mau refund dong kak, uangku tolong dibalikin", "I want to request a refund"))
    )
    more = _say(
        who.key, chance.choice(("kak, harga paket anak berapa?", "gimana kak refundnya, udah ada kabar?"))
    )
    return (ask, more) if chance.random() < 0.4 else (ask,)


def _withdraws(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    return (
        _say(who.key, "kak tolong refund paket saya"),
        _say(who.key, "eh ga jadi kak, refundnya batal aja"),
    )


def _owes(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    return (_say(who.key, "kak pembayaranku udah masuk belum ya?"),)


def _claims(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    if chance.random() < 0.4:
        return (Photo(who.key, "udah aku transfer ya kak, ini buktinya"),)
    return (_say(who.key, "udah transfer ya"),)


def _resend(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    return (_say(who.key, "boleh kirim ulang invoice saya kak? kehapus"),)


def _person(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    return (_say(who.key, "mau ngomong sama orang dong"),)


def _unknown(who: Customer, chance: random.Random) -> tuple[Step, ...]:
    # The pair of the registered customer before them; the first try may be wrong.
    other = Customer("", who.number - 1 if who.number else 1, "own", "", "", ())
    tries = [f"{other.invoice} salah@example.com"] if chance.random() < 0.5 else []
    words = ("jadwal les aku kapan ya?", *tries, f"{other.invoice} {other.email}")
    return tuple(_say(who.key, text) for text in words)


_STEPS = {
    "asks": _asks,
    "own": _own,
    "burst": _burst,
    "moves": _moves,
    "keeps": _keeps,
    "exception": _exception,
    "refund": _refund,
    "withdraws": _withdraws,
    "owes": _owes,
    "claims": _claims,
    "resend": _resend,
    "person": _person,
    "unknown": _unknown,
}
