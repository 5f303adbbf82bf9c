"""What a sandbox is told when it is built."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApprovedTemplate(_Frozen):
    """A template message that was approved; `text` may have placeholders, `{{1}}`, `{{2}}` ..."""

    name: str
    language: str
    text: str


class WhatsAppAccount(_Frozen):
    """The business number the emulated Graph API serves, and where its webhooks go."""

    app_secret: str
    verify_token: str
    access_token: str
    phone_number_id: str
    display_number: str
    callback_url: str | None = None
    business_name: str = "Loket"
    templates: tuple[ApprovedTemplate, ...] = ()


class TelegramAccount(_Frozen):
    """The bot and the group chats it sits in; `lanes` maps a lane's name to its chat id."""

    bot_token: str
    lanes: dict[str, int]
    webhook_url: str | None = None
    webhook_secret: str | None = None


class ModelAccount(_Frozen):
    """The key the emulated model asks for."""

    api_key: str = "sandbox-model-key"


class NotionPage(_Frozen):
    """A page of knowledge as it lies in Notion at first: properties in plain words, paragraphs of text."""

    properties: dict[str, str]
    paragraphs: tuple[str, ...]


class NotionTable(_Frozen):
    """One more database: its properties by type, and the options of those that have some."""

    name: str
    database_id: str
    columns: dict[str, str]
    options: dict[str, tuple[str, ...]] = {}


class NotionAccount(_Frozen):
    """The integration the emulated Notion knows, and the databases it is shared with: knowledge, and tables."""

    token: str = "sandbox-notion-token"
    database_id: str = "2f26ee68-df30-4251-aad4-8ddc420cba3d"
    webhook_url: str | None = None
    pages: tuple[NotionPage, ...] = ()
    tables: tuple[NotionTable, ...] = ()


class MidtransAccount(_Frozen):
    """The merchant whose payments the emulated Midtrans keeps, and where its notifications go."""

    server_key: str = "sandbox-midtrans-key"
    callback_url: str | None = None


class XenditAccount(_Frozen):
    """The account whose invoices the emulated Xendit keeps, and where its callbacks go."""

    secret_key: str = "sandbox-xendit-key"
    callback_token: str = "sandbox-xendit-token"
    callback_url: str | None = None


class Persona(_Frozen):
    """A sample customer; one without a phone is known by its business-scoped user id only."""

    key: str
    name: str
    about_id: str = ""
    about_en: str = ""
    phone: str | None = None
    user_id: str | None = None
    username: str | None = None
    try_id: tuple[str, ...] = ()
    try_en: tuple[str, ...] = ()


class StaffMember(_Frozen):
    """A person in the Telegram groups; `roles` is for the page to show, it grants nothing."""

    name: str
    telegram_user_id: int
    roles: tuple[str, ...] = ()


class Business(_Frozen):
    """One more business at the same networks: its number, its groups, the people on both sides."""

    key: str
    wa: WhatsAppAccount
    lanes: dict[str, int]
    personas: tuple[Persona, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    timezone: str = Field(default="Asia/Jakarta")


class SandboxSettings(_Frozen):
    """Everything a sandbox needs; `console_url` is the base of the server's case view.

    The first business has no key; those `beside` it share its networks, and one bot sits in all their groups.
    """

    wa: WhatsAppAccount
    telegram: TelegramAccount
    model: ModelAccount = ModelAccount()
    notion: NotionAccount = NotionAccount()
    midtrans: MidtransAccount = MidtransAccount()
    xendit: XenditAccount = XenditAccount()
    personas: tuple[Persona, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    state_dir: Path
    receipts: Path
    console_url: str | None = None
    timezone: str = Field(default="Asia/Jakarta")
    beside: tuple[Business, ...] = ()
