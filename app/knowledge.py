"""Where a desk's pages are written, plugged in as its settings say."""

from pathlib import Path

from adapters.notion import Notion, NotionSettings
from app.desk_settings import DeskConfig
from app.settings import Settings
from casefile.errors import BadInput
from ports.clock import Clock
from ports.knowledge import KnowledgeSource
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


def written_at(home: Path, database: Database, source: KnowledgeSource | None) -> WrittenPages:
    """Return how the desk's pages are read where they are written."""
    return FolderPages(home / "knowledge") if source is None else SourcePages(database, source)
