"""The desks as the sandbox is told of them: numbers, lanes, people, and the secrets it plays with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from app.desk_settings import DeskConfig
from app.environment import Secrets
from app.student_sheet import columns_of, databases_of, options_of
from sandbox.settings import (
    ApprovedTemplate,
    Business,
    MidtransAccount,
    ModelAccount,
    NotionAccount,
    NotionPage,
    NotionTable,
    Persona,
    SandboxSettings,
    StaffMember,
    TelegramAccount,
    WhatsAppAccount,
    XenditAccount,
)
from services.pages import parts_of, read_pages

SANDBOX_SECRETS = Secrets(
    whatsapp_access_token=SecretStr("sandbox-access-token"),
    whatsapp_app_secret=SecretStr("sandbox-app-secret"),
    whatsapp_verify_token=SecretStr("sandbox-verify-token"),
    telegram_bot_token=SecretStr("710000:sandbox-bot-token"),
    notion_token=SecretStr("sandbox-notion-token"),
    midtrans_server_key=SecretStr("sandbox-midtrans-key"),
    xendit_secret_key=SecretStr("sandbox-xendit-key"),
    xendit_callback_token=SecretStr("sandbox-xendit-token"),
    model_api_key=SecretStr("sandbox-model-key"),
    embedding_api_key=SecretStr("sandbox-model-key"),
    audit_salt=SecretStr("sandbox-audit-salt"),
)


def sandbox_settings(
    desk_home: Path,
    config: DeskConfig,
    home: Path,
    server_url: str,
    beside: Sequence[tuple[Path, DeskConfig]] = (),
) -> SandboxSettings:
    """Describe the desk to the sandbox, and those beside it: numbers, lanes, people and sample customers."""
    return SandboxSettings(
        wa=_number(config, server_url),
        telegram=TelegramAccount(
            bot_token=_secret("telegram_bot_token"),
            lanes={str(lane): chat for lane, chat in config.lanes.items()},
        ),
        model=ModelAccount(api_key=_secret("model_api_key")),
        notion=_notion((desk_home, config), *beside),
        midtrans=_midtrans(_told_at("midtrans", server_url, config, beside)),
        xendit=_xendit(_told_at("xendit", server_url, config, beside)),
        personas=_personas(desk_home),
        staff=_staff(desk_home),
        state_dir=home,
        receipts=home / "receipts.jsonl",
        console_url=server_url,
        timezone=config.hours.zone,
        beside=tuple(
            Business(
                key=desk.name,
                wa=_number(desk, server_url),
                lanes={str(lane): chat for lane, chat in desk.lanes.items()},
                personas=_personas(folder),
                staff=_staff(folder),
                timezone=desk.hours.zone,
            )
            for folder, desk in beside
        ),
    )


def _number(config: DeskConfig, server_url: str) -> WhatsAppAccount:
    number = config.numbers[0]
    return WhatsAppAccount(
        app_secret=_secret("whatsapp_app_secret"),
        verify_token=_secret("whatsapp_verify_token"),
        access_token=_secret("whatsapp_access_token"),
        phone_number_id=number.phone_number_id,
        display_number=number.display_number,
        callback_url=f"{server_url}/webhooks/whatsapp/{number.account}",
        business_name=config.title,
        templates=_templates(config),
    )


def _staff(desk_home: Path) -> tuple[StaffMember, ...]:
    return tuple(
        StaffMember(name=s["name"], telegram_user_id=s["telegram_user_id"], roles=tuple(s["roles"]))
        for s in _rows(desk_home / "records" / "staff.yaml")
    )


def _notion(*desks: tuple[Path, DeskConfig]) -> NotionAccount:
    """Lay the folder's pages into the emulated Notion, where a desk's are written there; it has one workspace."""
    account = NotionAccount(token=_secret("notion_token"), tables=_tables(*(desk for _, desk in desks)))
    for desk_home, config in desks:
        told = config.knowledge
        if told.source == "notion" and told.database_id is not None:
            folder, pages = desk_home / "knowledge", []
            for page in read_pages(folder) if folder.is_dir() else ():
                front, body = parts_of(page.source)
                pages.append(NotionPage(properties=front, paragraphs=tuple(body.split("\n\n"))))
            return account.model_copy(update={"database_id": told.database_id, "pages": tuple(pages)})
    return account


def _tables(*desks: DeskConfig) -> tuple[NotionTable, ...]:
    """Return the databases of the desk whose students are in Notion, empty: its records are laid there later."""
    kept = (desk for desk in desks if desk.records.source == "notion")
    return tuple(
        NotionTable(
            name=kind,
            database_id=database.database_id,
            columns=columns_of(desk, kind),
            options=options_of(desk, kind),
        )
        for desk in kept
        for kind, database in databases_of(desk).items()
    )


def _told_at(
    provider: str, server_url: str, config: DeskConfig, beside: Sequence[tuple[Path, DeskConfig]]
) -> str | None:
    """Return where a provider of payments tells what becomes of them: at the first desk that is paid there."""
    paid = (desk for desk in (config, *(desk for _, desk in beside)) if desk.payments.provider == provider)
    desk = next(paid, None)
    return None if desk is None else f"{server_url}/webhooks/{provider}/{desk.numbers[0].account}"


def _midtrans(url: str | None) -> MidtransAccount:
    return MidtransAccount(server_key=_secret("midtrans_server_key"), callback_url=url)


def _xendit(url: str | None) -> XenditAccount:
    key, token = _secret("xendit_secret_key"), _secret("xendit_callback_token")
    return XenditAccount(secret_key=key, callback_token=token, callback_url=url)


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
                name=row.pop("name", None)
                or contact.get("full_name")
                or contact.get("wa_name")
                or contact["id"],
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
    rows: list[dict[str, Any]] = (
        [] if not path.exists() else yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    )
    return rows


def _secret(name: str) -> str:
    value: SecretStr = getattr(SANDBOX_SECRETS, name)
    return value.get_secret_value()
