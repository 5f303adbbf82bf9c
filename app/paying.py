"""Paying online as the settings describe it."""

from adapters.midtrans import Midtrans, MidtransSettings
from adapters.xendit import Xendit, XenditSettings
from app.desk_settings import DeskConfig
from app.settings import Settings
from app.wire import Wired
from casefile.errors import BadInput
from ports.payments import PaymentProvider
from services.bookkeeping import KeptBooks
from services.payments import RequestedPayments
from store.facts import Reading

PayingOnline = Midtrans | Xendit


def provider_of(settings: Settings, config: DeskConfig) -> PayingOnline | None:
    """Return the desk's provider of payments; raises BadInput while its keys are not in the environment."""
    shared, secrets = settings.shared, settings.secrets
    match config.payments.provider:
        case "midtrans":
            key = secrets.midtrans_server_key
            if key is None:
                raise BadInput(_missing(config, "LOKET_MIDTRANS_SERVER_KEY"))
            return Midtrans(
                MidtransSettings(
                    base_url=shared.midtrans.base_url.rstrip("/"),
                    snap_url=shared.midtrans.snap_url.rstrip("/"),
                    server_key=key.get_secret_value(),
                    method=config.payments.method,
                    timeout_seconds=shared.midtrans.timeout_seconds,
                )
            )
        case "xendit":
            key, token = secrets.xendit_secret_key, secrets.xendit_callback_token
            if key is None or token is None:
                raise BadInput(_missing(config, "LOKET_XENDIT_SECRET_KEY and LOKET_XENDIT_CALLBACK_TOKEN"))
            return Xendit(
                XenditSettings(
                    base_url=shared.xendit.base_url.rstrip("/"),
                    secret_key=key.get_secret_value(),
                    callback_token=token.get_secret_value(),
                    timeout_seconds=shared.xendit.timeout_seconds,
                )
            )
        case "none":
            return None


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


def _missing(config: DeskConfig, names: str) -> str:
    return (
        f"desks/{config.name}/desk.yaml: payments.provider is {config.payments.provider}: set {names} in the"
        " environment, or provider: none"
    )
