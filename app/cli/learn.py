"""`loket learn`: what people and pre-send QA put right, as proposed golden conversations and changes of words."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.cast import Cast, cast_of, vocabulary
from app.cli.cases import at_words
from app.cli.common import block, database, desk_config, person, say, say_json, settings_of, table
from app.desk import pages_at, templates_of
from app.lesson_script import as_yaml, script_of
from app.settings import ROOT, Settings
from app.wire import clock_for
from casefile.errors import BadInput
from casefile.events import MessageReceived
from casefile.lessons import Lesson, LessonDecision, PageUpdate
from casefile.packets import TemplateUpdate
from graph.lessons import lessons_of
from graph.record import TurnRecord, unpacked
from policies.privacy import mask_phone
from services.change_requests import ChangeRequest, ChangeRequests
from store.database import Database
from store.lessons import SqlLessons
from store.owners import others_in
from store.records import staff
from store.records_load import read_records
from store.views import Views


@dataclass(frozen=True, slots=True)
class Proposed:
    """A lesson as it may be shown, everybody in its words replaced; `golden` is the conversation as a file."""

    lesson: Lesson
    decision: LessonDecision | None
    asked: tuple[str, ...]
    golden: str | None


def run(args: argparse.Namespace) -> int:
    """List lessons, show one, or decide on it; 1 when it was decided on before."""
    settings = settings_of(args)
    with database(settings) as opened:
        lessons = SqlLessons(opened, desk_config(settings).name)
        found = tuple(_proposed(opened, lessons, settings, getattr(args, "lesson", None)))
        names = {one.id: one.name for one in staff(opened.read)}
        zone = ZoneInfo(desk_config(settings).hours.zone)
        if args.action == "list":
            return _list(found, names, zone, args)
        if not found:
            raise BadInput(f"there is no lesson {args.lesson!r}; `loket learn list --all` shows them")
        if args.action == "show":
            return _show(found[0], names, args.json)
        by = person(staff(opened.read), args.by)
        return asyncio.run(_decide(lessons, ChangeRequests(opened), found[0], settings, by.id, args))


def _proposed(
    opened: Database, lessons: SqlLessons, settings: Settings, wanted: str | None
) -> Iterator[Proposed]:
    """Yield every lesson there is, or the one that is wanted."""
    home, config = settings.desks[0]
    templates, decided = templates_of(home, config, None), lessons.decided()
    sample, zone = read_records(home / "records"), ZoneInfo(config.hours.zone)
    words = vocabulary(pages_at(home, config), templates, home / "understanding")
    views = Views(opened, mask_phone)
    for case_id in lessons.cases():
        if wanted is not None and not wanted.startswith(f"{case_id}:"):
            continue
        records = [unpacked(body) for _, _, body in views.records(case_id)]
        for lesson in lessons_of(records, templates):
            if wanted in {None, lesson.id}:
                cast = cast_of(records, sample, words, _others(opened, lesson, records))
                told = _told(lesson, cast)
                script = script_of(lesson, records, cast, zone)
                golden = as_yaml(script, [*_remarks(told), ""]) if script else None
                yield Proposed(told, decided.get(lesson.id), _asked(lesson, records, cast), golden)


def _others(opened: Database, lesson: Lesson, records: Sequence[TurnRecord]) -> tuple[str, ...]:
    """Return what of a case's words the records say belongs to anybody."""
    texts = [event.model_dump_json() for record in records for event in record.events]
    update = lesson.update.model_dump_json() if lesson.update else ""
    return others_in(opened.read, "\n".join((*texts, update)), ())


def _asked(lesson: Lesson, records: Sequence[TurnRecord], cast: Cast) -> tuple[str, ...]:
    """Return the customer's last words before the lesson."""
    said = [
        [event.message.text for event in record.events if isinstance(event, MessageReceived)]
        for record in records
        if record.turn <= lesson.turn
    ]
    return tuple(cast.told(text) for text in next((texts for texts in reversed(said) if texts), []))


def _told(lesson: Lesson, cast: Cast) -> Lesson:
    update = lesson.update
    if update is not None:
        told = {"changes": tuple(map(cast.told, update.changes)), "final_text": cast.told(update.final_text)}
        update = update.model_copy(update=told)
    return lesson.model_copy(update={"why": cast.told(lesson.why), "update": update})


def _remarks(lesson: Lesson) -> Iterator[str]:
    """Yield what the change would be, for whoever reads the file."""
    yield f"Proposed by lesson {lesson.id}; the people in it are not the customer's."
    if lesson.why:
        yield f"Why: {lesson.why}"
    if lesson.update is not None:
        yield f"{_target(lesson)} would change, by hand:"
        yield from lesson.update.changes
        if not lesson.update.final_text:
            yield "+ (to be written)"


def _target(lesson: Lesson) -> str:
    match lesson.update:
        case TemplateUpdate(template_id=name):
            return f"template {name} ({lesson.language})"
        case PageUpdate(page_id=name):
            return f"page {name}.{lesson.language}"
        case None:
            return "-"


def _list(found: Sequence[Proposed], names: dict[str, str], zone: ZoneInfo, args: argparse.Namespace) -> int:
    shown = [one for one in found if args.every or one.decision is None]
    if args.json:
        say_json([_data(one) for one in shown])
        return 0
    if not shown:
        say("Nothing to learn from.")
        return 0
    heads = ("lesson", "when", "by", "tier", "about", "would change", "decided")
    say(table(heads, [_line(one, names, zone) for one in shown]))
    say("`loket learn show LESSON` shows one; nothing is changed by itself.")
    return 0


def _line(one: Proposed, names: dict[str, str], zone: ZoneInfo) -> tuple[str, ...]:
    lesson = one.lesson
    who = names.get(lesson.by, lesson.by)
    decided = one.decision.decision if one.decision else "-"
    return (lesson.id, at_words(lesson.at, zone), who, lesson.tier, lesson.intent, _target(lesson), decided)


def _show(one: Proposed, names: dict[str, str], as_json: bool) -> int:
    if as_json:
        say_json({**_data(one), "asked": one.asked, "golden": one.golden})
        return 0
    lesson = one.lesson
    say(f"{lesson.id}  {lesson.tier} {lesson.intent}, by {names.get(lesson.by, lesson.by)}")
    parts = [
        ("asked", one.asked),
        ("why", (lesson.why,) if lesson.why else ()),
        ("change", (_target(lesson),)),
    ]
    for title, texts in parts:
        for text in texts:
            say(f"  {title:<8}" + block(text, " " * 10).lstrip())
    for words in lesson.update.changes if lesson.update else ():
        say(block(words, " " * 10))
    if one.decision is not None:
        who = names.get(one.decision.by, one.decision.by)
        say(f"  {one.decision.decision} by {who}{f': {one.decision.why}' if one.decision.why else ''}")
    say("\n" + (one.golden or "No golden conversation: a script has no words for some of what happened."))
    return 0


async def _ask(requests: ChangeRequests, lesson: Lesson, update: PageUpdate, now: datetime) -> None:
    """Let a lesson about a page be seen among what is asked to be changed in the pages."""
    page, words = f"{update.page_id}.{lesson.language}", " ".join(update.changes)
    key = f"edit:{lesson.id}"
    await requests.ask(ChangeRequest(key, "edit", page, words, lesson.case_id, now))
    say(f"It is asked for in the pages now: {key} (`loket kb requests`).")


async def _decide(
    lessons: SqlLessons,
    requests: ChangeRequests,
    one: Proposed,
    settings: Settings,
    by: str,
    args: argparse.Namespace,
) -> int:
    lesson, now = one.lesson, clock_for(settings).now()
    word = "accepted" if args.action == "accept" else "rejected"
    decision = LessonDecision.model_validate(
        {"lesson_id": lesson.id, "decision": word, "by": by, "at": now, "why": args.why}
    )
    if not await lessons.decide(lesson.case_id, decision):
        say(f"{lesson.id} was decided on before; `loket learn show {lesson.id}` says how.")
        return 1
    say(f"{lesson.id}: {word}.")
    if word == "accepted" and isinstance(lesson.update, PageUpdate):
        await _ask(requests, lesson, lesson.update, now)
    if word == "accepted" and one.golden is not None:
        folder = Path(args.to) if args.to else ROOT / "evals" / "proposed" / desk_config(settings).name
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{lesson.id.replace(':', '-').lower()}.yaml"
        file.write_text(one.golden, encoding="utf-8")
        say(
            f"{file}: read it, then `loket demo --script {file}`; it joins the golden set when you move it there."
        )
    return 0


def _data(one: Proposed) -> dict[str, Any]:
    decision = one.decision.model_dump(mode="json") if one.decision else None
    return {**one.lesson.model_dump(mode="json"), "would_change": _target(one.lesson), "decision": decision}
