"""A changed page drafted: D says what it has to say, F words it; nothing either writes is in force by that."""

from casefile.base import Frozen, Language
from policies.drafts import differs
from policies.limits import Limits
from policies.promises import Finding, check
from ports.sources import Drafter, DraftRequest

# What somebody wrote beyond this is not needed to know what is asked.
MOST_CHARS = 1500


class PageAsked(Frozen):
    """What is asked of a page: the words, the answer as it is (empty for a new page), and what else may be said.

    `sources` are the desk's own: other pages, and the words themselves where a staff member wrote them. A customer's
    words are a question and never a fact.
    """

    language: Language
    words: str
    answer: str
    sources: tuple[str, ...] = ()


class PageDraft(Frozen):
    """The new first paragraph; empty where there is none, with what was wrong with those that were not taken."""

    text: str = ""
    held: tuple[str, ...] = ()


async def drafted(asked: PageAsked, drafter: Drafter, limits: Limits) -> PageDraft:
    """Let D and F draft; what states anything that no source does is not taken, and D's words stand for F's then."""
    content = await drafter.draft(
        DraftRequest(
            role="D",
            task="page_content",
            language=asked.language,
            customer_message=asked.words[:MOST_CHARS],
            safe_text=asked.answer,
            facts=(),
            excerpts=asked.sources,
        )
    )
    if content is None:
        return PageDraft()
    plain = " ".join(content.split())
    if found := _unsound(asked, plain, limits):
        return PageDraft(held=_said("D", found))
    wording = await drafter.draft(
        DraftRequest(
            role="F",
            task="page_wording",
            language=asked.language,
            customer_message="",
            safe_text=plain,
            facts=(),
        )
    )
    if wording is None:
        return PageDraft(text=plain)
    text = " ".join(wording.split())
    found = (*_unsound(asked, text, limits), *differs(text, plain, (), asked.language))
    return PageDraft(text=plain, held=_said("F", found)) if found else PageDraft(text=text)


def _unsound(asked: PageAsked, text: str, limits: Limits) -> tuple[Finding, ...]:
    """Return what the desk's own words do not carry."""
    known = tuple(filter(None, (asked.answer, *asked.sources)))
    return check(text, asked.language, known, known, (), False, None, False, frozenset(), limits)


def _said(role: str, found: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{role}: {one.rule} {one.words}" for one in found))
