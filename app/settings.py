"""Settings: config.yaml, the desks it names and the environment's secrets, read once and frozen."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from app.checked_yaml import checked_yaml
from app.desk_settings import DeskConfig, read_desk
from app.environment import PAYMENT_KEYS, Secrets, own_key
from app.store_settings import Database, Media
from app.vendor_settings import (
    URL,
    EmbeddingConfig,
    MidtransConfig,
    NotionConfig,
    TelegramConfig,
    WhatsAppConfig,
    XenditConfig,
)
from casefile.base import Frozen
from casefile.errors import BadInput
from casefile.money import Price
from policies.incidents import Degraded
from policies.periodic import Rhythm
from policies.retention import Retention
from ports.models import Strength
from understanding.settings import ReaderSettings

ROOT = Path(__file__).resolve().parent.parent
# What a model may be given to do; a task that is not named here has nobody to ask for it.
Writing = Literal["draft", "draft_sensitive", "repair", "page_content", "page_wording"]
Task = Literal["understand", Writing, "qa", "review", "summary"]


class Server(Frozen):
    """Where the door listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)


class Collect(Frozen):
    """How a burst of messages is gathered into one turn, in milliseconds."""

    quiet_ms: int = Field(default=1200, ge=0)
    most_ms: int = Field(default=6000, ge=0)

    @model_validator(mode="after")
    def _ends(self) -> "Collect":
        if self.most_ms < self.quiet_ms:
            raise ValueError("most_ms has to be at least quiet_ms")
        return self


class Delivery(Frozen):
    """How effects go out."""

    reconcile_minutes: float = Field(default=10, gt=0)
    quarantine_after: int = Field(default=3, ge=1)
    health_seconds: float = Field(default=5, gt=0)


class Workers(Frozen):
    """How `loket worker` works, where the database is a PostgreSQL server."""

    concurrency: int = Field(default=8, ge=1, le=100)
    lease_seconds: float = Field(default=30, ge=1)
    poll_ms: int = Field(default=200, ge=10, le=1000)


class PricedModel(Frozen):
    """A model as the endpoint calls it: how strong it is, and its price (`cached` as `input` unless said)."""

    strength: Strength = "cheap"
    input: int = Field(ge=0)
    cached: int | None = Field(default=None, ge=0)
    output: int = Field(ge=0)

    @property
    def price(self) -> Price:
        """What it costs."""
        cached = self.input if self.cached is None else self.cached
        return Price(input=self.input, cached=cached, output=self.output)


class ModelTask(Frozen):
    """The model for one task."""

    model: str
    temperature: float = Field(default=0.0, ge=0, le=2)
    timeout_seconds: float = Field(default=8, gt=0)
    max_tokens: int = Field(default=400, ge=1)


class ModelConfig(Frozen):
    """Which model does which task; `none` answers from rules and templates alone."""

    provider: Literal["none", "openai"] = "none"
    base_url: str = Field(default="http://127.0.0.1:8000/v1", pattern=URL)
    models: dict[str, PricedModel] = {}
    tasks: dict[Task, ModelTask] = {}

    @model_validator(mode="after")
    def _priced(self) -> "ModelConfig":
        for name, task in self.tasks.items():
            if task.model not in self.models:
                raise ValueError(f"{name} is for {task.model!r}, whose price is not under models")
        return self


class PromptsConfig(Frozen):
    """Another folder of prompts and templates, tried over the shipped ones (docs/prompts.md)."""

    folder: Path | None = None


class Logging(Frozen):
    """How much is logged, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class SandboxConfig(Frozen):
    """Where the sandbox keeps its clock and where it plays the systems of record; empty outside the sandbox."""

    state_dir: Path | None = None
    url: str | None = Field(default=None, pattern=URL)
    port: int = Field(default=8090, ge=0, le=65535)


class Shared(Frozen):
    """config.yaml."""

    server: Server = Server()
    database: Database = Database()
    media: Media = Media()
    desks: tuple[Path, ...] = Field(min_length=1)
    collect: Collect = Collect()
    delivery: Delivery = Delivery()
    degraded: Degraded = Degraded()
    workers: Workers = Workers()
    clocks: Rhythm = Rhythm()
    retention: Retention = Retention()
    whatsapp: WhatsAppConfig = WhatsAppConfig()
    telegram: TelegramConfig = TelegramConfig()
    notion: NotionConfig = NotionConfig()
    midtrans: MidtransConfig = MidtransConfig()
    xendit: XenditConfig = XenditConfig()
    model: ModelConfig = ModelConfig()
    embedding: EmbeddingConfig = EmbeddingConfig()
    prompts: PromptsConfig = PromptsConfig()
    understanding: ReaderSettings = ReaderSettings()
    logging: Logging = Logging()
    sandbox: SandboxConfig = SandboxConfig()


class Settings(Frozen):
    """Everything Loket is told, checked; `own_keys` are a desk's own to its provider of payments, by variable."""

    config_path: Path
    shared: Shared
    desks: tuple[tuple[Path, DeskConfig], ...]
    secrets: Secrets
    own_keys: dict[str, SecretStr] = {}

    @property
    def cache(self) -> Path:
        """Where the trained reader is kept, so that no process trains it again."""
        return self.config_path.parent / "var" / "understanding"

    @property
    def salt(self) -> str:
        """What keeps the audit's hashes from being guessed."""
        secret = self.secrets.audit_salt
        return secret.get_secret_value() if secret else "local"

    @property
    def words(self) -> Path | None:
        """Where words are tried that differ from the shipped ones."""
        folder = self.shared.prompts.folder
        return None if folder is None else self.config_path.parent / folder

    @property
    def each(self) -> "tuple[Settings, ...]":
        """The desks apart: the first has the store as it is named, every other one of its own beside it."""
        first, *others = self.desks
        return (self.model_copy(update={"desks": (first,)}), *map(self._beside, others))

    def alone(self, name: str) -> "Settings":
        """Return the settings of one desk with its own store; raises BadInput for an unknown one."""
        known = [desk.name for _, desk in self.desks]
        if name not in known:
            raise BadInput(f"there is no desk {name!r}; known are {', '.join(known)}")
        return self.each[known.index(name)]

    def _beside(self, kept: tuple[Path, DeskConfig]) -> "Settings":
        database, media = self.shared.database.beside(kept[1].name), self.shared.media.beside(kept[1].name)
        shared = self.shared.model_copy(update={"database": database, "media": media})
        return self.model_copy(update={"desks": (kept,), "shared": shared})

    def worded(self, folder: Path) -> "Settings":
        """Return the settings with another folder of words, named from where the command runs."""
        prompts = PromptsConfig(folder=folder.resolve())
        return self.model_copy(update={"shared": self.shared.model_copy(update={"prompts": prompts})})


def load(path: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read config.yaml, its desks and the secrets; paths are relative to the file they stand in.

    Raises BadInput naming the file, the key, the bad value and what is allowed.
    """
    shared = checked_yaml(Shared, path)
    desks: list[tuple[Path, DeskConfig]] = []
    for folder in shared.desks:
        home = (path.parent / folder).resolve()
        desks.append((home, read_desk(home / "desk.yaml")))
    _distinct(path, [desk for _, desk in desks])
    env = os.environ if environment is None else environment
    found = {name: env.get(f"LOKET_{name.upper()}") or None for name in Secrets.model_fields}
    own = (own_key(desk.name, name) for _, desk in desks for name in PAYMENT_KEYS)
    return Settings(
        config_path=path,
        shared=shared,
        desks=tuple(desks),
        secrets=Secrets.model_validate(found),
        own_keys={name: SecretStr(env[name]) for name in own if env.get(name)},
    )


def media_folder(settings: Settings) -> Path:
    """Return where customers' files are kept: beside the database, unless the folder is named in full."""
    return settings.shared.database.path.parent / settings.shared.media.folder


def _distinct(path: Path, desks: list[DeskConfig]) -> None:
    for what, values in (
        ("name", [d.name for d in desks]),
        ("case_prefix", [d.case_prefix for d in desks]),
        ("account", [n.account for d in desks for n in d.numbers]),
        ("phone_number_id", [n.phone_number_id for d in desks for n in d.numbers]),
        ("display_number", [n.display_number for d in desks for n in d.numbers]),
        # Within a desk one group may serve several lanes; what is said in it has to be one desk's.
        ("lane's chat", [str(chat) for d in desks for chat in set(d.lanes.values())]),
    ):
        if twice := {value for value in values if values.count(value) > 1}:
            raise BadInput(f"{path}: desks share the {what} {', '.join(sorted(twice))}; each needs its own")
