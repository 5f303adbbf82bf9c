"""The parts of one sandbox, joined."""

import asyncio

import httpx

from sandbox.clock import SharedClock
from sandbox.delivery import Delivery
from sandbox.embeddings import Embeddings
from sandbox.faults import Faults
from sandbox.limits import Limits
from sandbox.media import MediaShelf
from sandbox.midtrans import Midtrans
from sandbox.model import Model
from sandbox.notion import Notion
from sandbox.notion_hooks import NotionHooks
from sandbox.notion_tables import NotionTables
from sandbox.payment_hooks import PaymentHooks
from sandbox.people import People
from sandbox.receipts import ReceiptLog
from sandbox.settings import SandboxSettings, StaffMember, TelegramAccount
from sandbox.telegram import Telegram
from sandbox.telegram_updates import Updates
from sandbox.whatsapp import WhatsApp
from sandbox.whatsapp_hooks import WhatsAppHooks
from sandbox.xendit import Xendit


class Sandbox:
    """Every part of one sandbox."""

    def __init__(self, settings: SandboxSettings, clock: SharedClock) -> None:
        self.settings = settings
        self.clock = clock
        self.console_url = settings.console_url
        self.stopping = asyncio.Event()
        self.receipts = ReceiptLog(settings.receipts, clock)
        # Everything it calls is on this machine, where certificates prove nothing and cost 30 ms to load.
        # Without a limit: deliveries that hang with a server that is gone must not keep the next ones waiting.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        self.client = httpx.AsyncClient(timeout=10.0, trust_env=False, verify=False, limits=limits)
        self.delivery = Delivery(self.receipts, self.client)
        self.faults = Faults(self.receipts)
        personas = [*settings.personas, *(p for other in settings.beside for p in other.personas)]
        self.model = Model(self.receipts, tuple(f"{p.name} {p.phone}" for p in personas if p.phone))
        self.embeddings = Embeddings(self.receipts)
        media = MediaShelf(clock)
        self.numbers = {
            key: WhatsApp(
                wa,
                People(personas),
                clock,
                self.receipts,
                WhatsAppHooks(wa, self.delivery, self.client),
                media,
                key,
            )
            for key, wa, personas in (
                ("", settings.wa, settings.personas),
                *((other.key, other.wa, other.personas) for other in settings.beside),
            )
        }
        self.whatsapp = self.numbers[""]
        self.people, self.hooks = self.whatsapp.people, self.whatsapp.hooks
        self.notion_hooks = NotionHooks(settings.notion, self.delivery)
        self.notion = Notion(settings.notion, clock, self.receipts, self.notion_hooks)
        tables = settings.notion.tables
        self.notion_tables = NotionTables(tables, clock, self.receipts, self.notion_hooks)
        urls = {"midtrans": settings.midtrans.callback_url, "xendit": settings.xendit.callback_url}
        self.payment_hooks = PaymentHooks(urls, self.delivery)
        self.midtrans = Midtrans(settings.midtrans, clock, self.receipts, self.payment_hooks)
        self.xendit = Xendit(settings.xendit, clock, self.receipts, self.payment_hooks)
        updates = Updates(self.receipts.last + 1, self.receipts, self.delivery)
        self.telegram = Telegram(_in_every_group(settings), _staff(settings), clock, self.receipts, updates)
        if settings.telegram.webhook_url:
            updates.set_webhook(settings.telegram.webhook_url, settings.telegram.webhook_secret, drop=False)

    @property
    def limits(self) -> Limits:
        """The limits that hold at both networks."""
        return self.whatsapp.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self.telegram.limits = limits
        for number in self.numbers.values():
            number.limits = limits

    def number(self, business: str) -> WhatsApp:
        """The number of one of several businesses; the first one has no key."""
        if business not in self.numbers:
            raise LookupError(
                f"there is no business {business!r}; there are {', '.join(filter(None, self.numbers))}"
            )
        return self.numbers[business]

    def wake(self) -> None:
        """End every long poll and every answer held back; nothing waits after this."""
        self.stopping.set()
        self.receipts.wake()
        self.telegram.updates.stop()

    async def close(self) -> None:
        """Give up undelivered webhooks and close what is open."""
        self.wake()
        await self.delivery.close()
        await self.client.aclose()
        self.receipts.close()


def _in_every_group(settings: SandboxSettings) -> TelegramAccount:
    """The bot in the groups of every business; those of the ones beside the first are named after them."""
    others = {f"{lane}@{other.key}": chat for other in settings.beside for lane, chat in other.lanes.items()}
    return settings.telegram.model_copy(update={"lanes": {**settings.telegram.lanes, **others}})


def _staff(settings: SandboxSettings) -> tuple[StaffMember, ...]:
    return (*settings.staff, *(member for other in settings.beside for member in other.staff))
