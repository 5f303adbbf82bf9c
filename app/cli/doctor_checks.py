"""What `loket doctor` looks at, once the configuration could be read."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from adapters.clock import SystemClock
from app.cli.doctor import Check, Finding
from app.cli.doctor_embeddings import embeddings
from app.cli.doctor_model import model
from app.cli.doctor_notion import notion
from app.cli.doctor_payments import payments
from app.cli.doctor_sheet import students
from app.database import backend_of, open_database
from app.desk import SHARED_TEMPLATES, pages_at, reader_of, templates_of
from app.outside import secrets_of
from app.rules import rules_of
from app.settings import Settings
from gateway.auth import bind_problems
from policies.privacy import mask_phone
from prompts.lane_templates import LaneTemplates
from services.knowledge import KnowledgeBase
from services.pages import Page
from store.errors import StoreFault
from store.migrate import migrations
from store.views import Views

OLDEST_SANE = datetime(2026, 1, 1, tzinfo=UTC)
MEND = {
    "templates": "correct the file it names; docs/words.md says how templates are written",
    "knowledge": "correct the page it names; docs/knowledge.md says what a page needs",
    "database": "the message says what to do",
    "understanding": "correct the file it names in desks/<desk>/understanding or understanding/data",
    "rules": "correct the value it names in desk.yaml",
}


def keys(settings: Settings) -> Iterator[Finding]:
    """Look for the secrets the door needs."""
    secrets = secrets_of(settings)
    missing = [name for name, value in secrets.items() if not value and name != "LOKET_AUDIT_SALT"]
    for name in missing:
        yield Finding(
            "keys", "problem", f"{name} is not set", f"export {name}=... (`loket demo` needs no keys)"
        )
    for problem in bind_problems(settings.shared.server.host, secrets):
        yield Finding("keys", "problem", problem, "set it, or listen on 127.0.0.1 behind a proxy")
    if not secrets["LOKET_AUDIT_SALT"]:
        yield Finding(
            "keys",
            "note",
            "LOKET_AUDIT_SALT is not set",
            "set one, so that the audit trail's hashes are not guessable",
        )
    provider = settings.shared.model.provider
    if provider != "none" and settings.secrets.model_api_key is None:
        yield Finding(
            "keys",
            "problem",
            f"model.provider is {provider}, but LOKET_MODEL_API_KEY is not set",
            "set it, or none",
        )
    if not missing:
        yield Finding("keys", "ok", "every secret the door needs is set")


def database(settings: Settings) -> Iterator[Finding]:
    """Look into the database, if there is one."""
    where = settings.shared.database.url or str(settings.shared.database.path)
    backend = backend_of(settings)
    try:
        there = backend.exists()
        whole = backend.damage() if there else None
        found, newest = backend.version() if there else 0, migrations()[-1][0]
    except StoreFault as error:
        yield Finding("database", "problem", f"{where}: {error}", "or restore a copy")
        return
    if not there:
        yield Finding("database", "note", f"{where} is not there yet", "`loket serve` makes it")
        return
    if whole is not None:
        mend = "stop the server and restore a copy"
        yield Finding("database", "problem", f"{where} is damaged: {whole}", mend)
        return
    if found > newest:
        mend = "start the newer Loket it belongs to"
        yield Finding(
            "database", "problem", f"{where} is of version {found}, this Loket knows {newest}", mend
        )
        return
    yield Finding("database", "ok", f"{where}: whole, version {found} of {newest}")
    if found == newest:
        yield from _waiting(settings)


def _waiting(settings: Settings) -> Iterator[Finding]:
    opened = open_database(settings)
    try:
        counts = Views(opened, mask_phone).counts()
    finally:
        opened.close()
    if n := counts["inbox_quarantined"]:
        mend = "the ops lane has a card for each; look at them and tell the engineer on call"
        yield Finding("database", "problem", f"{n} events are in quarantine", mend)
    if n := counts["outbox_unknown"]:
        mend = "`loket ledger list --state unknown`, then resend or drop each"
        yield Finding("database", "problem", f"{n} effects may or may not have arrived", mend)
    if n := counts["outbox_failed"]:
        mend = "`loket ledger list --state failed` says why"
        yield Finding("database", "note", f"{n} effects were refused for good", mend)
    waits = f"{counts['cases_open']} cases open, {counts['approvals_pending']} wait for a decision"
    yield Finding("database", "ok", f"{waits}, {counts['inbox_unread']} events unread")


def port(settings: Settings) -> Iterator[Finding]:
    """Try the door's address."""
    host, number = settings.shared.server.host, settings.shared.server.port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, number))
        except OSError as error:
            mend = "if that is Loket itself, all is well; else choose another server.port"
            yield Finding("port", "note", f"{host}:{number} cannot be taken: {error.strerror}", mend)
            return
    yield Finding("port", "ok", f"{host}:{number} is free")


def templates(settings: Settings) -> Iterator[Finding]:
    """Load every template in both languages, as serving does."""
    LaneTemplates.load(SHARED_TEMPLATES)
    for home, desk in settings.desks:
        loaded = templates_of(home, desk, settings.words)
        yield Finding("templates", "ok", f"{desk.name}: {len(loaded.variables)} templates, each in id and en")


def knowledge(settings: Settings) -> Iterator[Finding]:
    """Read every page, and compare the folder with what is in force."""
    now = SystemClock().now()
    for home, desk in settings.desks:
        pages = pages_at(home, desk)
        published = [page for page in pages if page.status == "Published"]
        yield Finding(
            "knowledge", "ok", f"{desk.name}: {len(pages)} pages, {len(published)} of them published"
        )
        spoken = {
            language: {p.page_id for p in published if p.language == language} for language in ("id", "en")
        }
        if one_sided := sorted(spoken["id"] ^ spoken["en"]):
            said = f"only in one language: {', '.join(one_sided)}"
            yield Finding("knowledge", "problem", said, "write the page in the other language as well")
        days = desk.knowledge.review_days
        late = [page for page in published if (now.date() - page.last_reviewed) > timedelta(days=days)]
        if late:
            names = ", ".join(sorted({page.page_id for page in late})[:8])
            said = f"{len(late)} pages were last reviewed over {days} days ago: {names}"
            yield Finding("knowledge", "note", said, "read them again and renew `Last reviewed`")
        if desk.knowledge.source == "folder" and backend_of(settings).exists():
            yield from _in_force(settings, pages)


def _in_force(settings: Settings, pages: tuple[Page, ...]) -> Iterator[Finding]:
    config = settings.desks[0][1]
    opened = open_database(settings)
    try:
        base = KnowledgeBase(opened, config.limits, UTC)
        release, changes = base.in_force(), base.sync(pages)
    finally:
        opened.close()
    if release is not None and changes:
        count = len(changes.added) + len(changes.changed) + len(changes.removed)
        said = f"{count} pages of the folder are not in force yet ({release} is)"
        yield Finding(
            "knowledge", "note", said, "`loket kb diff` shows them, `loket kb publish` puts them in force"
        )


def understanding(settings: Settings) -> Iterator[Finding]:
    """Load the reader as serving does, and let it read one message."""
    home, config = settings.desks[0]
    before = {path.name for path in settings.cache.glob("intents-*.npz")}
    reader = reader_of(home, config, settings, settings.cache)
    trained = {path.name for path in settings.cache.glob("intents-*.npz")} - before
    said = "trained just now, and kept" if trained else "loaded from the cache"
    rules = rules_of(config, SystemClock().now().year)
    reading = reader.read(
        "uangku balikin dong", now=SystemClock().now(), zone=rules.zone, conversation_language=None
    )
    if "refund" not in reading.signals:
        mend = "the risk rules do not hear a plain refund request: restore understanding/data/signals.yaml"
        yield Finding("understanding", "problem", "a plain refund request raises no signal", mend)
        return
    yield Finding("understanding", "ok", f"{config.name}: {len(reader.classifier.intents)} intents, {said}")


def clock(settings: Settings) -> Iterator[Finding]:
    """Compare the clock with what it cannot be before, and look at zone and days off."""
    now = SystemClock().now()
    if now < OLDEST_SANE:
        yield Finding("clock", "problem", f"the clock says {now:%Y-%m-%d}", "set the machine's clock (NTP)")
    elif (latest := _latest(settings)) is not None and latest > now + timedelta(minutes=5):
        said = f"the clock says {now:%Y-%m-%d %H:%M} UTC, but the database holds {latest:%Y-%m-%d %H:%M}"
        yield Finding(
            "clock", "problem", said, "set the machine's clock (NTP); it was ahead, or is behind now"
        )
    for _, desk in settings.desks:
        rules = rules_of(desk, now.year)
        ahead = sorted(day for day in rules.hours.holidays if day >= now.astimezone(rules.zone).date())
        off = f"next day off {ahead[0]}" if ahead else "no days off on record"
        local = now.astimezone(rules.zone)
        yield Finding("clock", "ok", f"{desk.name}: {local:%Y-%m-%d %H:%M} in {rules.hours.zone}, {off}")


def _latest(settings: Settings) -> datetime | None:
    if settings.shared.sandbox.state_dir is not None or not backend_of(settings).exists():
        return None
    opened = open_database(settings)
    try:
        found = opened.read_one("SELECT MAX(at) AS at FROM turns")
    finally:
        opened.close()
    return datetime.fromisoformat(found["at"]).astimezone(UTC) if found and found["at"] else None


def lanes(settings: Settings) -> Iterator[Finding]:
    """See that each lane has a chat of its own."""
    for _, desk in settings.desks:
        missing = sorted({"ops", "coach", "incident"} - set(desk.lanes))
        if missing:
            mend = "give each lane the id of its Telegram group in desk.yaml"
            yield Finding("lanes", "problem", f"{desk.name}: no chat for {', '.join(missing)}", mend)
        if len(set(desk.lanes.values())) < len(desk.lanes):
            mend = "one group for several lanes works, but a coach then reads what is an operator's"
            yield Finding("lanes", "note", f"{desk.name}: several lanes share a chat", mend)
        if not missing:
            yield Finding("lanes", "ok", f"{desk.name}: {', '.join(sorted(desk.lanes))}")


# What a deployment has one of, however many desks it serves.
ONCE = frozenset({"keys", "port", "model"})
CHECKS: dict[str, Check] = {
    "keys": keys,
    "lanes": lanes,
    "clock": clock,
    "port": port,
    "database": database,
    "templates": templates,
    "knowledge": knowledge,
    "notion": notion,
    "students": students,
    "payments": payments,
    "embeddings": embeddings,
    "model": model,
    "understanding": understanding,
}
