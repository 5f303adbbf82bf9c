"""Paying online as the settings describe it."""

from pydantic import SecretStr

from adapters.midtrans import Midtrans, MidtransSettings
from adapters.xendit import Xendit, XenditSettings
from app.desk_settings import DeskConfig
from app.environment import own_key
from app.settings import Settings
from app.wire import Wired
from casefile.errors import BadInput
from ports.payments import PaymentProvider
from services.bookkeeping import KeptBooks
from services.payments import RequestedPayments
from store.facts import Reading

PayingOnline = Midtrans | Xendit
# What each provider needs of the secrets.
KEYS = {"midtrans": ("midtrans_server_key",), "xendit": ("xendit_secret_key", "xendit_callback_token")}


def provider_of(settings: Settings, config: DeskConfig) -> PayingOnline | None:
    """Return the desk's provider of payments, or None where it has none.

    Raises BadInput where its keys are not in the environment: bills would promise a way to pay that never comes.
    """
    missing = missing_keys(settings, config)
    if missing:
        raise BadInput(
            f"desk {config.name}: payments.provider is {config.payments.provider}, and {', '.join(missing)} is not set;"
            " set it, or payments.provider: none in its desk.yaml"
        )
    shared = settings.shared
    match config.payments.provider:
        case "midtrans":
            return Midtrans(
                MidtransSettings(
                    base_url=shared.midtrans.base_url.rstrip("/"),
                    snap_url=shared.midtrans.snap_url.rstrip("/"),
                    server_key=_key(settings, config, "midtrans_server_key"),
                    method=config.payments.method,
                    timeout_seconds=shared.midtrans.timeout_seconds,
                )
            )
        case "xendit":
            return Xendit(
                XenditSettings(
                    base_url=shared.xendit.base_url.rstrip("/"),
                    secret_key=_key(settings, config, "xendit_secret_key"),
                    callback_token=_key(settings, config, "xendit_callback_token"),
                    timeout_seconds=shared.xendit.timeout_seconds,
                )
            )
        case "none":
            return None


def missing_keys(settings: Settings, config: DeskConfig) -> tuple[str, ...]:
    """Name the environment variables that the desk's provider needs and that are not set."""
    needed = KEYS.get(config.payments.provider, ())
    return tuple(f"LOKET_{name.upper()}" for name in needed if not _key(settings, config, name))


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


def _key(settings: Settings, config: DeskConfig, name: str) -> str:
    """Return a key to the provider: the desk's own, where it has an account of its own, else everybody's."""
    secret: SecretStr | None = settings.own_keys.get(own_key(config.name, name))
    secret = secret or getattr(settings.secrets, name)
    return secret.get_secret_value() if secret else ""
