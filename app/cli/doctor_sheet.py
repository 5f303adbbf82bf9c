"""What `loket doctor` says of students that are kept in Notion: the token, and rows that are not in order."""

from collections.abc import Iterator

from app.cli.doctor import Finding
from app.database import backend_of, open_database
from app.settings import Settings
from store import sheet

PART = "students"


def students(settings: Settings) -> Iterator[Finding]:
    """Look at what is known of the sheet here; whether it answers, the server itself finds out."""
    config = settings.desks[0][1]
    if config.records.source != "notion":
        return
    if settings.secrets.notion_token is None:
        said = f"{config.name} has its students in Notion, but LOKET_NOTION_TOKEN is not set"
        mend = "set it to the token of the integration the databases are shared with"
        yield Finding(PART, "problem", said, mend)
    if not backend_of(settings).exists():
        return
    opened = open_database(settings)
    try:
        state, moves = sheet.state(opened.read), sheet.open_moves(opened.read)
    finally:
        opened.close()
    if not state.polled:
        yield Finding(PART, "note", "nothing has been taken over yet", "the server does so once it runs")
    else:
        yield Finding(PART, "ok", f"{config.name}: the sheet was taken over last at {state.polled[:16]} UTC")
    for problem in state.problems:
        yield Finding(PART, "note", problem, "mend the row; it is taken over with the next look")
    if moves:
        said = f"{len(moves)} moves of sessions are on their way to Notion"
        yield Finding(PART, "note", said, "they are gone on with by themselves once Notion answers")
