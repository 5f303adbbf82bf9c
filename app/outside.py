"""The outside systems and the engine as the settings describe them, built the same for every process."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from adapters.telegram import Telegram, TelegramSettings
from adapters.telegram_parse import StaffAction
from adapters.whatsapp import WhatsApp, WhatsAppSettings
from app.chores import chores_for
from app.documents import documents_for
from app.paying import books_for, payments_for, provider_of
from app.settings import Settings, media_folder
from app.staff import takeovers_for
from app.watch import checks_for, incidents_for, operations_for
from app.wire import Wired
from gateway.draining import Collecting
from gateway.engine import Engine, Pace
from gateway.perform import Sinks
from ports.wakeups import Wakeups
from services.evidence import KeptEvidence


class Outside:
    """One desk's channels in one process, and where its customers' files are kept.

    What comes in from outside comes to one of several desks: it hears for those `beside` it as well.
    """

    def __init__(
        self,
        wired: Wired,
        on_action: Callable[[StaffAction], Awaitable[str]],
        beside: "Sequence[Outside]" = (),
    ) -> None:
        self.whatsapp: WhatsApp = WhatsApp(
            _whatsapp(wired), [one.whatsapp for one in beside], documents_for(wired)
        )
        self.evidence = KeptEvidence(wired.database, media_folder(wired.settings), self.whatsapp)
        self.telegram: Telegram = Telegram(
            _telegram(wired), on_action, self.evidence, [o.telegram for o in beside]
        )
        self.provider = provider_of(wired.settings, wired.desk_config)
        self._reach = wired.reach
        self._model = wired.model
        self._embedding = wired.embedding
        self._source = wired.source
        self._sheet = wired.sheet

    async def close(self) -> None:
        """Close every connection."""
        await self.telegram.close()
        await self.whatsapp.close()
        if self.provider is not None:
            await self.provider.close()
        if self._reach is not None:
            await self._reach.close()
        if self._model is not None:
            await self._model.close()
        if self._embedding is not None:
            await self._embedding.embedder.close()
        if self._source is not None:
            await self._source.close()
        if self._sheet is not None:
            await self._sheet.there.close()


def build_engine(wired: Wired, outside: Outside, wakeups: Wakeups, worker: str = "") -> Engine:
    """Plug an engine together; `worker` names it among several on one database."""
    shared, books = wired.settings.shared, books_for(wired, outside.provider)
    return Engine(
        wired.journal,
        wakeups,
        {wired.desk.rules.desk: wired.runner},
        Sinks(
            outside.whatsapp,
            outside.telegram,
            operations_for(wired),
            payments_for(wired, outside.provider),
            outside.evidence,
        ),
        wired.stored,
        wired.board,
        wired.board,
        incidents_for(
            wired, checks_for(wired, outside.whatsapp.check, outside.telegram.check, outside.provider)
        ),
        wired.clock,
        Pace(
            collecting=Collecting(
                timedelta(milliseconds=shared.collect.quiet_ms),
                timedelta(milliseconds=shared.collect.most_ms),
            ),
            messages_per_minute=wired.desk.rules.limits.messages_per_minute,
            quarantine_after=shared.delivery.quarantine_after,
            health_seconds=shared.delivery.health_seconds,
            reconcile=timedelta(minutes=shared.delivery.reconcile_minutes),
            lease_seconds=shared.workers.lease_seconds,
        ),
        worker,
        chores=chores_for(wired, wired.board, books),
        books=books,
        takeovers=takeovers_for(wired),
    )


def secrets_of(settings: Settings) -> Mapping[str, str | None]:
    """Return the secrets the door needs, by the environment variable that holds each."""
    found = settings.secrets
    named = {
        "LOKET_WHATSAPP_ACCESS_TOKEN": found.whatsapp_access_token,
        "LOKET_WHATSAPP_APP_SECRET": found.whatsapp_app_secret,
        "LOKET_WHATSAPP_VERIFY_TOKEN": found.whatsapp_verify_token,
        "LOKET_TELEGRAM_BOT_TOKEN": found.telegram_bot_token,
        "LOKET_AUDIT_SALT": found.audit_salt,
    }
    return {name: value.get_secret_value() if value else None for name, value in named.items()}


def _whatsapp(wired: Wired) -> WhatsAppSettings:
    shared, secrets = wired.settings.shared.whatsapp, secrets_of(wired.settings)
    return WhatsAppSettings(
        base_url=shared.base_url,
        version=shared.version,
        access_token=secrets["LOKET_WHATSAPP_ACCESS_TOKEN"] or "",
        app_secret=secrets["LOKET_WHATSAPP_APP_SECRET"] or "",
        verify_token=secrets["LOKET_WHATSAPP_VERIFY_TOKEN"] or "",
        numbers={n.account: n.phone_number_id for n in wired.desk_config.numbers},
        timeout_seconds=shared.timeout_seconds,
        media_bytes=wired.settings.shared.media.most_bytes,
    )


def _telegram(wired: Wired) -> TelegramSettings:
    shared = wired.settings.shared.telegram
    return TelegramSettings(
        base_url=shared.base_url,
        bot_token=secrets_of(wired.settings)["LOKET_TELEGRAM_BOT_TOKEN"] or "",
        lanes=dict(wired.desk_config.lanes),
        poll_seconds=shared.poll_seconds,
        timeout_seconds=shared.timeout_seconds,
        language=wired.desk_config.lane_language,
    )
