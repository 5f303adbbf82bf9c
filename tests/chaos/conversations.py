"""The conversations that are killed at every commit, as data."""

from dataclasses import dataclass

SINTA = 710001
RINA, BUDI, EMMA, MAYA = "ct_rina", "ct_budi", "ct_emma", "ct_maya"
STRANGER = "+6281399990001"


@dataclass(frozen=True)
class Say:
    """Customers write, all before anything is answered: (who, words) each."""

    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Tap:
    """A customer taps the `place`-th button of the last message that has any."""

    who: str
    place: int


@dataclass(frozen=True)
class Press:
    """A coach presses a button below the latest post that has some."""

    button: str
    user_id: int = SINTA


@dataclass(frozen=True)
class Reply:
    """A coach answers the latest post that has buttons in words."""

    text: str
    user_id: int = SINTA


@dataclass(frozen=True)
class Pass:
    """Time passes."""

    seconds: float


@dataclass(frozen=True)
class Source:
    """One of the server's own sources goes down or comes back."""

    name: str
    up: bool


@dataclass(frozen=True)
class Fault:
    """The next `count` sends to WhatsApp meet this fault of the sandbox's."""

    mode: str
    count: int = 1


Step = Say | Tap | Press | Reply | Pass | Source | Fault


@dataclass(frozen=True)
class Conversation:
    """A conversation; `statuses` are the reports WhatsApp makes of each message."""

    name: str
    steps: tuple[Step, ...]
    statuses: tuple[str, ...] = ("delivered",)


def _say(who: str, *words: str) -> Say:
    return Say(tuple((who, text) for text in words))


REFUND = _say(RINA, "mau refund dong kak, uangku tolong dibalikin")

CONVERSATIONS = (
    Conversation(
        "faq",
        (_say(RINA, "kak harga paket lesnya berapa ya?"), _say(RINA, "oke makasih ya kak")),
        statuses=("sent", "delivered", "read"),
    ),
    Conversation(
        "own-data", (_say(RINA, "jadwal les aku kapan ya?"), _say(EMMA, "how many sessions do I have left?"))
    ),
    Conversation("reschedule", (_say(RINA, "mau pindah jadwal dong kak"), Tap(RINA, 1))),
    Conversation("refund-approved", (REFUND, Press("Approve"))),
    Conversation("refund-conditions", (REFUND, Reply("APPROVE ditransfer setelah tanggal 5"))),
    Conversation(
        "verification",
        (
            _say(STRANGER, "jadwal les aku kapan ya?"),
            _say(STRANGER, "INV-2026-1019-001 salah@example.com"),
            _say(STRANGER, "INV-2026-1019-001 rina.anggraini@example.com"),
        ),
    ),
    Conversation("burst", (_say(MAYA, "halo kak", "mau tanya", "jadwal les", "Kenzo kapan ya?"),)),
    Conversation(
        "withdrawn",
        (
            REFUND,
            _say(RINA, "eh kak, harga paket anak berapa?"),
            _say(RINA, "ga jadi refund deh kak, batal aja"),
        ),
    ),
    Conversation("deadline", (REFUND, Pass(125 * 60), Press("Deny"))),
    Conversation(
        "outage",
        (
            Source("schedule", False),
            _say(RINA, "jadwal les aku kapan ya?"),
            Source("schedule", True),
        ),
    ),
    Conversation(
        "side-by-side",
        (
            Say(
                (
                    (RINA, "mau refund dong kak, uangku tolong dibalikin"),
                    (BUDI, "pembayaranku udah masuk belum?"),
                    (EMMA, "hi, when is my next session?"),
                    (MAYA, "harga paket anak berapa kak?"),
                )
            ),
            Press("Approve"),
        ),
    ),
    Conversation(
        "lost-answers",
        (
            Fault("timeout_after_effect"),
            _say(RINA, "jadwal les aku kapan ya?"),
            Fault("cut"),
            _say(RINA, "sisa sesiku berapa ya kak?"),
        ),
    ),
)
