"""The stage: sandbox and server together on this machine, as the demo, the scripts and the tests use them."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import JsonValue, SecretStr

from app.desk import Loaded
from app.desk_settings import DeskConfig
from app.front import bound
from app.serve import LoketServer
from app.settings import SandboxConfig, Secrets, Settings
from app.vendor_settings import NotionConfig, TelegramConfig, WhatsAppConfig
from app.wire import Wired, wire
from casefile.errors import BadInput
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from sandbox.settings import (
    ApprovedTemplate,
    ModelAccount,
    NotionAccount,
    NotionPage,
    Persona,
    SandboxSettings,
    StaffMember,
    TelegramAccount,
    WhatsAppAccount,
)
from services.pages import parts_of, read_pages
from store.writer import OnCommit

SANDBOX_SECRETS = Secrets(
    whatsapp_access_token=SecretStr("sandbox-access-token"),
    whatsapp_app_secret=SecretStr("sandbox-app-secret"),
    whatsapp_verify_token=SecretStr("sandbox-verify-token"),
    telegram_bot_token=SecretStr("710000:sandbox-bot-token"),
    notion_token=SecretStr("sandbox-notion-token"),
    model_api_key=SecretStr("sandbox-model-key"),
    audit_salt=SecretStr("sandbox-audit-salt"),
)

# On a stage people watch and nobody pays for a look: what breaks is seen, and seen to be back, within seconds.
QUICK = {"first_wait_seconds": 1.0, "longest_wait_seconds": 4.0, "idle_seconds": 1.0}


@dataclass(slots=True)
class Stage:
    """A running sandbox and server; `home` holds their files."""

    sandbox: SandboxServer
    server: LoketServer
    clock: SharedClock
    home: Path
    wired: Wired

    async def stop(self) -> None:
        """Stop the server, then the sandbox."""
        await self.server.stop()
        await self.sandbox.stop()


async def open_stage(
    settings: Settings,
    home: Path,
    *,
    sandbox_port: int = 0,
    server_port: int = 0,
    freeze_at: datetime | None = None,
    desk: Mapping[str, JsonValue] | None = None,
    on_commit: OnCommit | None = None,
    loaded: Loaded | None = None,
    watched: bool = True,
    own_model: bool = False,
) -> Stage:
    """Start both with everything under `home` (emptied first); `desk` overrides keys of desk.yaml.

    `loaded` is what `app.wire.load_desk` read, when several stages follow one another. Where nothing is going to
    break, nothing need be `watched` more closely than in earnest. `own_model` asks the models of the settings, not the
    sandbox's.
    """
    _emptied(home)
    clock = SharedClock(home / "clock.json")
    if freeze_at is None:
        clock.flow()
    else:
        clock.freeze(freeze_at)
    door = bound("127.0.0.1", server_port)
    url = "http://{}:{}".format(*door.getsockname())
    desk_home, config = settings.desks[0]
    config = overridden(config, desk or {})
    sandbox = SandboxServer(sandbox_settings(desk_home, config, home, url), clock, port=sandbox_port)
    await sandbox.start()
    staged = staged_settings(settings, config, home, sandbox.url, watched=watched, own_model=own_model)
    wired = await wire(staged, on_commit=on_commit, cache=cache_of(settings), loaded=loaded)
    server = LoketServer(
        wired, door, frame_ancestors=(sandbox.url, sandbox.url.replace("127.0.0.1", "localhost"))
    )
    await server.start()
    return Stage(sandbox, server, clock, home, wired)


def _emptied(home: Path) -> None:
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)


def cache_of(settings: Settings) -> Path:
    """Return where the trained reader is kept, so that stages need not train it again."""
    return settings.cache


def staged_settings(
    settings: Settings,
    config: DeskConfig,
    home: Path,
    sandbox_url: str,
    *,
    watched: bool = True,
    own_model: bool = False,
) -> Settings:
    """Return the settings with the sandbox standing in for every outside system."""
    shared = settings.shared.model_copy(
        update={
            "database": settings.shared.database.model_copy(update={"path": home / "loket.db", "url": None}),
            "whatsapp": WhatsAppConfig(
                base_url=f"{sandbox_url}/graph",
                timeout_seconds=min(8, settings.shared.whatsapp.timeout_seconds),
            ),
            "telegram": TelegramConfig(
                base_url=f"{sandbox_url}/telegram",
                timeout_seconds=min(3, settings.shared.telegram.timeout_seconds),
            ),
            "notion": NotionConfig(base_url=f"{sandbox_url}/notion", timeout_seconds=3),
            "model": settings.shared.model.model_copy(
                update={} if own_model else {"base_url": f"{sandbox_url}/v1"}
            ),
            "delivery": settings.shared.delivery.model_copy(update={"health_seconds": 1}),
            "degraded": settings.shared.degraded.model_copy(update=QUICK if watched else {}),
            "sandbox": SandboxConfig(state_dir=home, url=sandbox_url),
        }
    )
    key = settings.secrets.model_api_key if own_model else SANDBOX_SECRETS.model_api_key
    secrets = SANDBOX_SECRETS.model_copy(update={"model_api_key": key})
    return settings.model_copy(
        update={"shared": shared, "desks": ((settings.desks[0][0], config),), "secrets": secrets}
    )


def overridden(config: DeskConfig, changes: Mapping[str, JsonValue]) -> DeskConfig:
    """Return a desk's settings with some keys changed; limits may be given in part."""
    merged = config.model_dump(mode="json")
    for key, value in changes.items():
        if key not in merged:
            raise BadInput(f"desk: there is no key {key!r}; allowed are {', '.join(sorted(merged))}")
        old = merged[key]
        merged[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return DeskConfig.model_validate(merged)


def sandbox_settings(desk_home: Path, config: DeskConfig, home: Path, server_url: str) -> SandboxSettings:
    """Describe the desk to the sandbox: its number, lanes, people and sample customers."""
    number = config.numbers[0]
    return SandboxSettings(
        wa=WhatsAppAccount(
            app_secret=_secret("whatsapp_app_secret"),
            verify_token=_secret("whatsapp_verify_token"),
            access_token=_secret("whatsapp_access_token"),
            phone_number_id=number.phone_number_id,
            display_number=number.display_number,
            callback_url=f"{server_url}/webhooks/whatsapp/{number.account}",
            business_name=config.title,
            templates=_templates(config),
        ),
        telegram=TelegramAccount(
            bot_token=_secret("telegram_bot_token"),
            lanes={str(lane): chat for lane, chat in config.lanes.items()},
        ),
        model=ModelAccount(api_key=_secret("model_api_key")),
        notion=_notion(desk_home, config),
        personas=_personas(desk_home),
        staff=tuple(
            StaffMember(name=s["name"], telegram_user_id=s["telegram_user_id"], roles=tuple(s["roles"]))
            for s in _rows(desk_home / "records" / "staff.yaml")
        ),
        state_dir=home,
        receipts=home / "receipts.jsonl",
        console_url=server_url,
        timezone=config.hours.zone,
    )


def _notion(desk_home: Path, config: DeskConfig) -> NotionAccount:
    """Lay the folder's pages into the emulated Notion, where the desk's are written there."""
    told = config.knowledge
    if told.source != "notion" or told.database_id is None:
        return NotionAccount(token=_secret("notion_token"))
    pages = []
    for page in read_pages(desk_home / "knowledge"):
        front, body = parts_of(page.source)
        paragraphs = tuple(body.split("\n\n"))
        pages.append(NotionPage(properties=front, paragraphs=paragraphs))
    return NotionAccount(token=_secret("notion_token"), database_id=told.database_id, pages=tuple(pages))


def _templates(config: DeskConfig) -> tuple[ApprovedTemplate, ...]:
    reopen = config.reopen_template
    if reopen is None:
        return ()
    return tuple(
        ApprovedTemplate(name=reopen.name, language=t.code, text=t.text) for t in reopen.texts.values()
    )


def _personas(desk_home: Path) -> tuple[Persona, ...]:
    contacts = {row["id"]: row for row in _rows(desk_home / "records" / "contacts.yaml")}
    found = []
    for row in _rows(desk_home / "personas.yaml"):
        contact = contacts.get(row.pop("contact", ""), {})
        aliases = {alias["kind"]: alias["value"] for alias in contact.get("aliases", ())}
        found.append(
            Persona(
                key=contact.get("id", row.get("phone", "")),
                name=row.pop("name", None) or contact["full_name"],
                phone=row.pop("phone", None) or contact.get("phone"),
                user_id=aliases.get("user_id") or aliases.get("lid"),
                username=aliases.get("username"),
                **row,
            )
        )
    return tuple(found)


def _rows(path: Path) -> list[dict[str, Any]]:
    # Read anew for every stage, and the pure Python loader takes a third of its start.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return rows


def _secret(name: str) -> str:
    value: SecretStr = getattr(SANDBOX_SECRETS, name)
    return value.get_secret_value()
