"""Where the outside systems are, and how long to wait for them; the sandbox stands in at the same addresses."""

from typing import Literal

from pydantic import Field, model_validator

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


class EmbeddingConfig(Frozen):
    """Who turns texts into vectors, for search; `none` goes by words alone."""

    provider: Literal["none", "openai"] = "none"
    base_url: str = Field(default="http://127.0.0.1:8000/v1", pattern=URL)
    model: str = ""
    # pgvector's index takes no longer ones.
    dimensions: int = Field(default=384, ge=1, le=2000)
    shorten: bool = False
    price: int = Field(default=0, ge=0)
    question_prefix: str = ""
    passage_prefix: str = ""
    timeout_seconds: float = Field(default=2, gt=0)
    batch_seconds: float = Field(default=30, gt=0)
    rescue_above: float = Field(default=1, ge=0, le=1)

    @model_validator(mode="after")
    def _names_a_model(self) -> "EmbeddingConfig":
        if self.provider != "none" and not self.model:
            raise ValueError("model is empty: say what the endpoint calls the model that embeds")
        return self

    @property
    def space(self) -> str:
        """Which vectors compare: those of one model, of one length, made of texts that begin alike."""
        return f"{self.model} {self.dimensions} {self.passage_prefix}".strip()
