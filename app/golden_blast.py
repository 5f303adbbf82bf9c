"""Which golden conversations a change of pages would touch, by what was heard in the run that was accepted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.golden import ACCEPTED, GOLDEN
from app.script import Named, find_scripts, load_scripts
from evals.outcome import Outcome
from evals.run import read_run
from policies.intents import topic_of
from services.pages import Page
from services.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Touched:
    """A golden conversation and the page; `heard` says whether its words were heard, or the page is only asked for."""

    name: str
    page: str
    heard: bool


def touched(
    desk: str,
    changes: Sequence[Proposal],
    words: Callable[[Page], Sequence[str]],
    exams: Path = GOLDEN.parent,
) -> tuple[Touched, ...]:
    """Return the conversations of a desk's golden set that pages as they are in force speak in.

    `words` are what customers are told of a page. One that is not in the accepted run is found by its intents.
    """
    golden = exams / GOLDEN.name / desk
    changed = [change for change in changes if change.before is not None and _said_otherwise(change)]
    if not changed or not golden.is_dir():
        return ()
    file = exams / ACCEPTED.name / f"{desk}.jsonl"
    played = {outcome.name: outcome for outcome in read_run(file).outcomes} if file.is_file() else {}
    found = []
    for named in load_scripts(find_scripts(golden, str(golden))):
        outcome = played.get(named.name)
        for change in changed:
            assert change.before is not None
            heard = outcome is not None and _heard(outcome, words(change.before))
            if heard or (outcome is None and _asks(named, change.before)):
                found.append(Touched(named.name, change.page, heard))
    return tuple(found)


def _said_otherwise(change: Proposal) -> bool:
    """Say whether a customer would notice: what stands below the answer is nobody's to hear."""
    before, after = change.before, change.after
    if before is None or after is None:
        return True
    return (before.answer, before.next_detail) != (after.answer, after.next_detail)


def _heard(outcome: Outcome, words: Sequence[str]) -> bool:
    texts = [heard.text for step in outcome.steps for heard in step.heard]
    return any(said in text for said in words if said for text in texts)


def _asks(named: Named, page: Page) -> bool:
    topics = {topic_of(intent) for intent in named.script.intents}
    return named.script.language == page.language and page.page_id in topics
