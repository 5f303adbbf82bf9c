"""Where the outside systems are, and how long to wait for them; the sandbox stands in at the same addresses."""

from pydantic import Field

from casefile.base import Frozen

URL = r"^https?://[^/\s]+"


class WhatsAppConfig(Frozen):
    """The WhatsApp Cloud API."""

    base_url: str = Field(default="https://graph.facebook.com", pattern=URL)
    version: str = "v23.0"
    timeout_seconds: float = Field(default=10, gt=0)


class TelegramConfig(Frozen):
    """The Telegram Bot API."""

    base_url: str = Field(default="https://api.telegram.org", pattern=URL)
    # Telegram closes a poll after 50 seconds whatever was asked for.
    poll_seconds: int = Field(default=20, ge=0, le=50)
    timeout_seconds: float = Field(default=10, gt=0)


class MidtransConfig(Frozen):
    """Midtrans: its API, and its Snap pages, which have an address of their own."""

    base_url: str = Field(default="https://api.midtrans.com", pattern=URL)
    snap_url: str = Field(default="https://app.midtrans.com", pattern=URL)
    timeout_seconds: float = Field(default=10, gt=0)


class XenditConfig(Frozen):
    """Xendit."""

    base_url: str = Field(default="https://api.xendit.co", pattern=URL)
    timeout_seconds: float = Field(default=10, gt=0)


class NotionConfig(Frozen):
    """The Notion API, for desks whose pages are written there."""

    base_url: str = Field(default="https://api.notion.com", pattern=URL)
    timeout_seconds: float = Field(default=10, gt=0)
