"""`loket kb draft`: a change of a page drafted by D and F where there is a model, else by the person who asks."""

import argparse
import asyncio
import re
from dataclasses import replace

from agents.page_drafts import PageAsked, drafted
from app.cli.common import person, say, say_json, settings_of
from app.cli.kb import GRAVE
from app.cli.kb_requests import found
from app.cli.wiring import wired
from app.finding import search_of
from app.wire import Wired
from casefile.base import Language
from casefile.errors import BadInput
from gateway.spending import account
from policies.knowledge import PageChange, grave
from policies.privacy import scrub
from ports.search import Query
from services.change_drafts import MODEL, ChangeDrafts, Drafted, page_with
from services.change_requests import ChangeRequest
from services.pages import Page

NAME = re.compile(r"[a-z][a-z0-9_]*\.(?:id|en)")
# Whose words are the desk's own, and so a source of what a page may say.
OURS = frozenset({"person", "edit"})
AROUND = 3


def run(args: argparse.Namespace) -> int:
    """Draft, or take a person's text, and show what it would change."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    async with wired(settings_of(args)) as parts:
        by = person(await parts.stored.staff(), args.by)
        (request,) = found(parts.database, [args.request])
        name = args.page or request.page
        if not NAME.fullmatch(name):
            near = await _near(parts, request, parts.desk_config.default_language)
            raise BadInput(
                f"say which page with --page, as topic.language; near it: {', '.join(near) or 'none'}"
            )
        before = next((page for page in parts.knowledge.pages_in_force() if page.name == name), None)
        drafts = ChangeDrafts(parts.database)
        draft = drafts.of(request.key)
        if args.text is not None:
            draft = Drafted(request.key, name, " ".join(args.text.split()), by.id, (), parts.clock.now())
        elif draft is None or draft.page != name or args.again:
            draft = await _by_model(parts, request, name, before)
        after = _page(parts, draft, before) if draft.text else None
        await drafts.keep(draft)
        if args.write and after is not None:
            _write(parts, after)
        return _show(parts, request, draft, before, after, args)


async def _by_model(parts: Wired, request: ChangeRequest, name: str, before: Page | None) -> Drafted:
    language: Language = "en" if name.endswith(".en") else "id"
    now, pages = parts.clock.now(), {page.name: page for page in parts.knowledge.pages_in_force()}
    around = [one for one in await _near(parts, request, language) if one != name]
    asked = PageAsked(
        language=language,
        words=request.words,
        answer=before.answer if before else "",
        # As they are written: what the limits fill in is filled into the new page as well.
        sources=(
            *((request.words,) if request.origin in OURS else ()),
            *(pages[one].answer for one in around),
        ),
    )
    made = await drafted(asked, parts.sources.drafter, parts.desk.rules.limits)
    # No turn has asked for it, so nobody else writes down what it cost.
    await account(parts.runner.calls, parts.desk.rules, parts.journal, now)
    by = MODEL if made.text or made.held else ""
    draft = Drafted(request.key, name, made.text, by, made.held, now)
    try:
        if draft.text:
            _page(parts, draft, before)
    except BadInput as error:
        return replace(draft, text="", held=(*draft.held, str(error)))
    return draft


def _page(parts: Wired, draft: Drafted, before: Page | None) -> Page:
    today = parts.clock.now().astimezone(parts.desk.rules.zone).date()
    return page_with(
        draft.page, before, draft.text, parts.desk_config.title, today, parts.knowledge.placeholders
    )


async def _near(parts: Wired, request: ChangeRequest, language: Language) -> list[str]:
    """Name the pages that are nearest to what is asked."""
    query = Query(text=request.words, language=language, kinds=frozenset({"page"}), top=AROUND)
    found = await search_of(parts).find(query, parts.clock.now())
    return [f"{one.page.page_id}.{one.page.language}" for one in found if one.page]


def _write(parts: Wired, after: Page) -> None:
    if parts.source is not None:
        raise BadInput(
            "this desk's pages are written in Notion: paste the text there, it is never done for you"
        )
    path = parts.desk_home / "knowledge" / f"{after.name}.md"
    path.write_text(after.source, encoding="utf-8")


def _show(
    parts: Wired,
    request: ChangeRequest,
    draft: Drafted,
    before: Page | None,
    after: Page | None,
    args: argparse.Namespace,
) -> int:
    change = PageChange(
        page=draft.page, before=before.source if before else "", after=after.source if after else ""
    )
    why = grave(change) if after else ()
    if args.json:
        said = {"request": request.key, "page": draft.page, "before": before.answer if before else ""}
        say_json({**said, "text": draft.text, "by": draft.by, "held": draft.held, "a_person": why})
        return 0
    say(f"{request.key} · {draft.page}{'' if before else ' (a new page)'}")
    say(f"Asked: {scrub(request.words)}")
    if before:
        say(f"- {before.answer}")
    for words in draft.held:
        say(f"Not taken: {words}")
    if after is None:
        say(
            f"Nothing is drafted: write it, `loket kb draft {request.key} --page {draft.page} --text TEXT --by`."
        )
        return 0
    say(f"+ {draft.text}")
    whose = f"a person ({', '.join(GRAVE[one] for one in why)})" if why else "role A, or a person"
    say(f"By {draft.by}; in force only once it is published, which {whose} may do.")
    if args.write:
        say(f"Written to knowledge/{after.name}.md; `loket kb diff` shows what publishing it would do.")
    return 0
