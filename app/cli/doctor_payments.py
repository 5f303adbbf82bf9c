"""`loket doctor` on paying online: the provider's keys, and where it has to send its notifications."""

from collections.abc import Iterator

from app.cli.doctor import Finding
from app.environment import own_key
from app.paying import missing_keys
from app.settings import Settings


def payments(settings: Settings) -> Iterator[Finding]:
    """Look for the keys of the provider that each desk is paid by."""
    for _, config in settings.desks:
        provider = config.payments.provider
        if provider == "none":
            continue
        missing = missing_keys(settings, config)
        for name in missing:
            own = own_key(config.name, name.removeprefix("LOKET_").lower())
            mend = f"export {name}=..., its own {own}=..., or set payments.provider: none in its desk.yaml"
            yield Finding(
                "payments", "problem", f"{config.name}: {provider} needs {name}, which is not set", mend
            )
        if not missing:
            address = f"/webhooks/{provider}/{config.numbers[0].account}"
            yield Finding("payments", "ok", f"{config.name}: {provider}; its notifications go to {address}")
