"""Cards for people that no turn writes: what may not have arrived, what could not be worked on."""

from collections.abc import Sequence
from datetime import datetime

from agents.work import Desk
from casefile.effects import AttachEvidence, PostToLane, RunOperation, SendMessage
from casefile.events import MessageReceived
from casefile.money import rupiah
from casefile.payment_effects import ClosePayment, RefundPayment, RequestPayment
from casefile.payments import Doubt
from policies.words import moment_words
from ports.journal import InboxRow, Journal
from ports.ledger import OutboxRow

CARD_THREADS = (
    "failed:",
    "unknown:",
    "unsaid:",
    "quarantine:",
    "flood:",
    "model_cap:",
    "store:",
    "payment:",
)
# What the channel's codes mean to the people who have to act on them; any other is shown as it came.
REFUSED = {
    "132001": {
        "id": "pesan undangan itu belum disetujui Meta dengan nama dan bahasa ini. Periksa reopen_template di"
        " desk.yaml, dan hubungi pelanggan lewat jalur lain",
        "en": "Meta has not approved the invitation under this name and language. Check reopen_template in desk.yaml,"
        " and please reach the customer another way",
    },
    "131047": {
        "id": "pesan terakhir pelanggan sudah lebih dari 24 jam yang lalu, dan sesudah itu WhatsApp tidak menerima"
        " pesan biasa. Hubungi pelanggan lewat jalur lain",
        "en": "the customer's last message is more than 24 hours ago, and after that WhatsApp takes no ordinary"
        " message. Please reach the customer another way",
    },
}
# What becomes of a thing in doubt, by what it is.
THEN = {
    "send_message": {
        "id": "Kalau WhatsApp belum juga memastikan, pesan ini dikirim lagi sendiri.",
        "en": "Unless WhatsApp confirms it in time, it is sent again by itself.",
    },
    "post_to_lane": {
        "id": "Tidak dikirim ulang sendiri: cek dulu di grupnya, lalu loket ledger drop (sudah ada) atau resend"
        " (belum ada).",
        "en": "Not sent again by itself: look into the group, then loket ledger drop (it is there) or resend (it is"
        " not).",
    },
}


class Cards:
    """Posts one card per trouble to the ops lane."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def quarantined(
        self, desk: Desk, conversation_id: str, rows: Sequence[InboxRow], why: str, now: datetime
    ) -> None:
        """Tell the lane of events that keep failing; the conversation goes on without them."""
        said = [row.event.message.text for row in rows if isinstance(row.event, MessageReceived)]
        html = desk.lanes.post(
            "handover",
            {
                "case_id": "-",
                "tier": "-",
                "customer": conversation_id,
                "why": why[:300],
                "message": "\n".join(said),
                "due": moment_words(now, desk.rules.zone, desk.lanes.language),
                "how": "",
            },
        )
        thread = f"quarantine:{rows[0].id}"
        post = PostToLane(key=thread, lane="ops", thread=thread, html=html)
        await self._journal.announce(post, "", conversation_id, now)

    async def delivery(self, desk: Desk, row: OutboxRow, kind: str, why: str, now: datetime) -> None:
        """Show an effect that failed, or that nobody can say of whether it arrived."""
        if isinstance(
            row.effect, RunOperation | RequestPayment | RefundPayment | ClosePayment | AttachEvidence
        ):
            return
        text = row.effect.text if isinstance(row.effect, SendMessage) else row.effect.thread
        values = {"case_id": row.case_id or "-", "customer": row.conversation_id or "-", "text": text}
        if kind == "unknown":
            since = moment_words(now, desk.rules.zone, desk.lanes.language)
            then = THEN[row.effect.type][desk.lanes.language]
            told = {**values, "since": since, "then": then, "key": row.key}
            html = desk.lanes.post("unknown_delivery", told)
        else:
            known = REFUSED.get(why.partition(" ")[0])
            said = known[desk.lanes.language] if known else why
            html = desk.lanes.post("failed_delivery", {**values, "why": said})
        thread = f"{kind}:{row.key}:{row.attempts}"
        post = PostToLane(key=thread, lane="ops", thread=thread, html=html)
        await self._journal.announce(post, row.case_id, row.conversation_id, now)

    async def unsaid(self, desk: Desk, row: OutboxRow, now: datetime) -> None:
        """Show words of B's that were dropped because a person has the conversation, ready to be used."""
        if not isinstance(row.effect, SendMessage):
            return
        how = desk.templates.label("handover.how", desk.lanes.language)
        values = {
            "case_id": row.case_id,
            "customer": row.conversation_id,
            "text": row.effect.text,
            "how": how,
        }
        key, thread = f"{row.state}:{row.key}:{row.attempts}", f"unsaid:{row.key}:{row.attempts}"
        html = desk.lanes.post("ready_words", values)
        post = PostToLane(key=key, lane="ops", thread=thread, html=html)
        await self._journal.announce(post, row.case_id, row.conversation_id, now)

    async def flood(self, desk: Desk, conversation_id: str, limit: int, now: datetime) -> None:
        """Tell the lane of a conversation that writes faster than it may."""
        values = {"customer": conversation_id, "count": f"> {limit}", "conversation": conversation_id}
        html = desk.lanes.post("flood", values)
        thread = f"flood:{conversation_id}:{now.isoformat(timespec='minutes')}"
        await self._journal.announce(
            PostToLane(key=thread, lane="ops", thread=thread, html=html), "", conversation_id, now
        )

    async def model_cap(self, desk: Desk, day: str, most: int, now: datetime) -> None:
        """Tell the lane that a day's money for models is spent; once a day."""
        amount = rupiah(most, desk.lanes.language)
        html = desk.lanes.post("model_cap", {"amount": amount, "day": day})
        thread = f"model_cap:{desk.rules.desk}:{day}"
        await self._journal.announce(
            PostToLane(key=thread, lane="ops", thread=thread, html=html), "", "", now
        )

    async def payment(self, desk: Desk, doubt: Doubt, now: datetime) -> None:
        """Tell the lane of money that came otherwise than it should; once per payment and kind."""
        language = desk.lanes.language
        values = {
            "invoice": doubt.invoice,
            "customer": doubt.contact_id,
            "provider": doubt.provider,
            "reference": doubt.reference,
            "amount": rupiah(doubt.amount, language),
            "asked": rupiah(doubt.asked, language),
            "what": desk.lanes.word("payment_doubt", doubt.kind),
            "at": moment_words(doubt.at, desk.rules.zone, language),
        }
        thread = f"payment:{doubt.kind}:{doubt.reference}"
        post = PostToLane(
            key=thread, lane="ops", thread=thread, html=desk.lanes.post("payment_doubt", values)
        )
        await self._journal.announce(post, "", "", now)

    async def compared(self, desk: Desk, doubts: Sequence[Doubt], now: datetime) -> None:
        """Tell the lane, on one card, in what the books differed from the provider's."""
        language = desk.lanes.language
        lines = (
            f"{d.invoice} · {rupiah(d.amount, language)} · {desk.lanes.word('payment_doubt', d.kind)}"
            for d in doubts
        )
        values = {
            "at": moment_words(now, desk.rules.zone, language),
            "count": str(len(doubts)),
            "lines": "\n".join(lines),
        }
        thread = f"payment:compared:{doubts[0].reference}:{doubts[0].kind}"
        html = desk.lanes.post("payments_compared", values)
        await self._journal.announce(
            PostToLane(key=thread, lane="ops", thread=thread, html=html), "", "", now
        )

    async def store(self, desk: Desk, why: str, since: datetime, now: datetime) -> None:
        """Tell the lane that the database took no writes for a while; at most once an hour."""
        zone, language = desk.rules.zone, desk.lanes.language
        values = {
            "since": moment_words(since, zone, language),
            "until": moment_words(now, zone, language),
            "why": why,
        }
        thread = f"store:{now.isoformat(timespec='hours')}"
        post = PostToLane(key=thread, lane="ops", thread=thread, html=desk.lanes.post("store_fault", values))
        await self._journal.announce(post, "", "", now)
