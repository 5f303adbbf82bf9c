"""Paying online as the settings describe it."""

import structlog
from pydantic import SecretStr

from adapters.midtrans import Midtrans, MidtransSettings
from adapters.xendit import Xendit, XenditSettings
from app.desk_settings import DeskConfig
from app.settings import Settings
from app.wire import Wired
from ports.payments import PaymentProvider
from services.bookkeeping import KeptBooks
from services.payments import RequestedPayments
from store.facts import Reading

log = structlog.get_logger(__name__)
PayingOnline = Midtrans | Xendit
# What each provider needs of the secrets.
KEYS = {"midtrans": ("midtrans_server_key",), "xendit": ("xendit_secret_key", "xendit_callback_token")}


def provider_of(settings: Settings, config: DeskConfig) -> PayingOnline | None:
    """Return the desk's provider of payments, or None: it has none, or its keys are not in the environment.

    Without the keys a person tells customers how to pay; `loket doctor` says which are missing.
    """
    missing = missing_keys(settings, config)
    if missing:
        log.error("paying_online_is_off", desk=config.name, missing=missing)
        return None
    shared, secrets = settings.shared, settings.secrets
    match config.payments.provider:
        case "midtrans":
            return Midtrans(
                MidtransSettings(
                    base_url=shared.midtrans.base_url.rstrip("/"),
                    snap_url=shared.midtrans.snap_url.rstrip("/"),
                    server_key=_said(secrets.midtrans_server_key),
                    method=config.payments.method,
                    timeout_seconds=shared.midtrans.timeout_seconds,
                )
            )
        case "xendit":
            return Xendit(
                XenditSettings(
                    base_url=shared.xendit.base_url.rstrip("/"),
                    secret_key=_said(secrets.xendit_secret_key),
                    callback_token=_said(secrets.xendit_callback_token),
                    timeout_seconds=shared.xendit.timeout_seconds,
                )
            )
        case "none":
            return None


def missing_keys(settings: Settings, config: DeskConfig) -> tuple[str, ...]:
    """Name the environment variables that the desk's provider needs and that are not set."""
    needed = KEYS.get(config.payments.provider, ())
    return tuple(f"LOKET_{name.upper()}" for name in needed if getattr(settings.secrets, name) is None)


def payments_for(wired: Wired, provider: PaymentProvider | None) -> RequestedPayments:
    """Plug in who asks the provider for ways to pay; without one, every case is told that there is none."""
    return RequestedPayments(
        wired.database, provider, wired.desk.rules.payments, _reading(wired), wired.clock
    )


def books_for(wired: Wired, provider: PaymentProvider | None) -> KeptBooks | None:
    """Plug in who looks into what was heard of payments."""
    return None if provider is None else KeptBooks(wired.database, provider, _reading(wired))


def _reading(wired: Wired) -> Reading:
    rules = wired.desk.rules
    return Reading(rules.zone, rules.limits.quota_month, rules.limits.snapshot_ttl_minutes)


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
