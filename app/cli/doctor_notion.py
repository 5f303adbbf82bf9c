"""What `loket doctor` says of pages that are written in Notion: the token, the webhook, and pages not in order."""

from collections.abc import Iterator
from datetime import UTC

from app.cli.doctor import Finding
from app.database import backend_of, open_database
from app.settings import Settings
from services.knowledge import KnowledgeBase
from services.subscription import KeptSubscription
from services.written import last_read

PART = "notion"


def notion(settings: Settings) -> Iterator[Finding]:
    """Look at what is known of Notion here; whether it answers, the server itself finds out."""
    config = settings.desks[0][1]
    if config.knowledge.source != "notion":
        return
    if settings.secrets.notion_token is None:
        said = f"{config.name} has its knowledge in Notion, but LOKET_NOTION_TOKEN is not set"
        yield Finding(
            PART, "problem", said, "set it to the token of the integration the database is shared with"
        )
    if not backend_of(settings).exists():
        return
    opened = open_database(settings)
    try:
        fillable = KnowledgeBase(opened, config.limits, UTC, config.pay_to).placeholders
        written, subscribed = last_read(opened, fillable), KeptSubscription(opened).show()
    finally:
        opened.close()
    if not written.pages:
        yield Finding(PART, "note", "nothing has been read yet", "`loket kb sync` reads it now")
    else:
        yield Finding(PART, "ok", f"{config.name}: {len(written.pages)} published pages were read last")
    for problem in written.problems:
        yield Finding(PART, "note", problem.words, f"correct the page: {problem.link}")
    if subscribed is None:
        said = "no webhook: changes are found every so many minutes only"
        mend = f"create one in the integration's settings with /webhooks/notion/{config.name}"
        yield Finding(PART, "note", said, mend)
    elif not subscribed.heard:
        said = "the webhook is not confirmed yet"
        yield Finding(PART, "note", said, "`loket kb webhook` shows what to paste in Notion")
