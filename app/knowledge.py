"""Where a desk's pages are written, plugged in as its settings say."""

from datetime import timedelta
from pathlib import Path

from adapters.notion import Notion, NotionSettings
from adapters.notion_webhook import NotionWebhook
from app.desk_settings import DeskConfig
from app.settings import Settings
from casefile.errors import BadInput
from ports.clock import Clock
from ports.knowledge import KnowledgeSource
from services.knowledge import KnowledgeBase
from services.page_keeper import PageKeeper
from services.subscription import KeptSubscription
from services.written import FolderPages, SourcePages, WrittenPages
from store.database import Database


def source_of(settings: Settings, config: DeskConfig, clock: Clock) -> KnowledgeSource | None:
    """Return the system the desk's pages are written in, None for its own folder; BadInput without its token."""
    told = config.knowledge
    if told.source == "folder":
        return None
    token = settings.secrets.notion_token
    if token is None:
        raise BadInput(f"desk {config.name} has its knowledge in Notion: set LOKET_NOTION_TOKEN")
    shared = settings.shared.notion
    return Notion(
        NotionSettings(
            base_url=shared.base_url,
            token=token.get_secret_value(),
            database_id=told.database_id or "",
            timeout_seconds=shared.timeout_seconds,
        ),
        clock,
    )


def written_at(
    home: Path, database: Database, source: KnowledgeSource | None, knowledge: KnowledgeBase
) -> WrittenPages:
    """Return how the desk's pages are read where they are written."""
    if source is None:
        return FolderPages(home / "knowledge")
    return SourcePages(database, source, knowledge.placeholders)


def hooks_of(config: DeskConfig, database: Database, clock: Clock) -> dict[str, NotionWebhook]:
    """Return who takes what Notion posts of pages and of students, by the address under /webhooks/."""
    if "notion" not in {config.knowledge.source, config.records.source}:
        return {}
    return {f"notion/{config.name}": NotionWebhook(KeptSubscription(database), clock)}


def keeper_of(config: DeskConfig, written: WrittenPages, knowledge: KnowledgeBase) -> PageKeeper | None:
    """Return who looks at where the pages are written; None for a folder, which changes when people say so."""
    if not isinstance(written, SourcePages):
        return None
    every = timedelta(minutes=config.knowledge.poll_minutes)
    return PageKeeper(written, knowledge, every, alone=config.a_approval == "role")
