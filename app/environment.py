"""What only the environment knows: secrets, everybody's and those that are one desk's own."""

from pydantic import SecretStr

from casefile.base import Frozen

# Those that a desk with an account of its own may have apart from the others.
PAYMENT_KEYS = ("midtrans_server_key", "xendit_secret_key", "xendit_callback_token")


class Secrets(Frozen):
    """What only the environment knows."""

    whatsapp_access_token: SecretStr | None = None
    whatsapp_app_secret: SecretStr | None = None
    whatsapp_verify_token: SecretStr | None = None
    telegram_bot_token: SecretStr | None = None
    notion_token: SecretStr | None = None
    midtrans_server_key: SecretStr | None = None
    xendit_secret_key: SecretStr | None = None
    xendit_callback_token: SecretStr | None = None
    database_password: SecretStr | None = None
    model_api_key: SecretStr | None = None
    embedding_api_key: SecretStr | None = None
    audit_salt: SecretStr | None = None


def own_key(desk: str, name: str) -> str:
    """Return the variable that holds a desk's own secret: `LOKET_SHOP_MIDTRANS_SERVER_KEY`."""
    return f"LOKET_{desk.replace('-', '_').upper()}_{name.upper()}"
