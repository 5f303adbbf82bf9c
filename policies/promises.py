"""Pre-send QA: what a text for a customer may not do, whoever wrote it."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from casefile.base import Frozen, Language
from casefile.effects import Citation
from casefile.packets import KbExcerpt
from policies.claims import claims, granted, names_in
from policies.limits import Limits
from policies.promises_states import PAID, STATUSES
from policies.promises_words import (
    BLAME,
    COMMITMENTS,
    CONDITION,
    CONDITIONED,
    EXCEPTIONS,
    GUARANTEES,
    INTERNAL,
    INTERNAL_ORDINARY,
    NEGATION,
    RULE_WORDS,
    STOP_WORDS,
)

NEVER = frozenset({"internal", "other_customer"})
WHATSAPP_CHARS = 4096


class Finding(Frozen):
    """One thing wrong with a text: the rule (`group` or `group.detail`), its words, and the span it is in."""

    rule: str
    words: str
    span: str


def check(
    text: str,
    language: Language,
    allowed: Sequence[str],
    excerpts: Sequence[str],
    citations: Sequence[Citation],
    needs_citation: bool,
    identity_ok: bool | None,
    account_claim: bool,
    done: frozenset[str],
    limits: Limits,
    others: Sequence[str] = (),
    *,
    published: Sequence[KbExcerpt] | None = None,
    invoice: bool = False,
) -> tuple[Finding, ...]:
    """Return everything that holds this text back; empty means it may go.

    `allowed`: values the text may state, and the approved literal wording of its template; `excerpts`: cited
    knowledge, whose sentences may be said word for word. `done`: what is done or approved, of rescheduled,
    refunded, cancelled, confirmed, approved, exception, erased, enrolled. `others`: what the records say
    belongs to somebody else. `published`: the pages in force,
    against which each citation is checked (None: the caller has done so). `invoice` lifts the length limit.
    """
    plain = as_seen(text)
    chars = WHATSAPP_CHARS if invoice else limits.message_chars
    facts = [as_seen(value) for value in (*allowed, *excerpts)]
    pages = [_squeeze(as_seen(page)) for page in excerpts]
    return (
        *_unsupported(plain, facts),
        *_names(plain, facts),
        *others_data(others, facts),
        *_statuses(plain, facts, pages, done),
        *_commitments(plain, pages, done),
        *_standing(citations, needs_citation, identity_ok, account_claim, published),
        *_internal(plain, excerpts),
        *_shape(plain, language, limits.questions_per_turn, chars),
        *(finding("blame", found[0]) for found in _said(BLAME, plain) if not _open(plain, found)),
    )


def insistable(findings: Sequence[Finding]) -> bool:
    """Say whether a person may send it all the same: never others' data, never internal words."""
    return not any(finding.rule in NEVER for finding in findings)


def explain(finding: Finding, language: Language) -> str:
    """Say what was found, in the reader's language, with the words it is about."""
    words = RULE_WORDS[finding.rule.partition(".")[0]][0 if language == "id" else 1]
    return f"{words}: “{finding.span}”" if finding.span else words


def finding(rule: str, span: str = "") -> Finding:
    """Return what is wrong, with the rule's words in English."""
    return Finding(rule=rule, words=RULE_WORDS[rule.partition(".")[0]][1], span=span.strip())


def as_seen(text: str) -> str:
    """Return a text as its reader sees it: NFKC, no invisible characters. That is what is checked."""
    if text.isascii():
        return text
    seen = unicodedata.normalize("NFKC", text).replace("’", "'")
    return "".join(char for char in seen if unicodedata.category(char) != "Cf")


def _squeeze(text: str) -> str:
    return " ".join(text.casefold().split())


def _unsupported(plain: str, facts: Sequence[str]) -> Iterator[Finding]:
    known = granted(facts)
    for claim in claims(plain):
        if not known.intersection(claim.asserts):
            yield finding("fact", claim.text)


def _names(plain: str, facts: Sequence[str]) -> Iterator[Finding]:
    known = frozenset().union(*(re.findall(r"\w+", fact.casefold()) for fact in facts))
    for word in names_in(plain):
        if word.casefold() not in known:
            yield finding("name", word)


def others_data(others: Sequence[str], facts: Sequence[str] = ()) -> Iterator[Finding]:
    """Yield a finding for everything that belongs to somebody else."""
    own = _squeeze(" ".join(facts)) if others else ""
    for value in others:
        # What this turn's facts or its page say in so many words is nobody's secret here.
        if not re.search(rf"(?<!\w){re.escape(_squeeze(value))}(?!\w)", own):
            yield finding("other_customer", value)


def _statuses(
    plain: str, facts: Sequence[str], pages: Sequence[str], done: frozenset[str]
) -> Iterator[Finding]:
    if "confirmed" not in done:
        for found in _claimed(PAID, plain):
            if not (_open(plain, found) or _verbatim(plain, found, pages)):
                yield finding("paid", found[0])
    for name, pattern in STATUSES.items():
        stated = [found for found in pattern.finditer(plain) if not _open(plain, found)]
        # The facts are many and the text is one: they are asked only when it says something.
        if stated and not any(pattern.search(fact) for fact in facts):
            yield from (finding(f"status.{name}", found[0]) for found in stated)


def _commitments(plain: str, pages: Sequence[str], done: frozenset[str]) -> Iterator[Finding]:
    for item in COMMITMENTS:
        if item.done & done:
            continue
        for found in _claimed(item.pattern, plain):
            sentence = _sentence(plain, found)
            offered = item.offer and (sentence.endswith("?") or CONDITION.search(sentence))
            if not (offered or _conditional(plain, found) or _verbatim(plain, found, pages)):
                yield finding(item.id, found[0])
    for found in _said(GUARANTEES, plain):
        if not _verbatim(plain, found, pages):
            yield finding("guarantee", found[0])
    if "exception" not in done:
        for found in _claimed(EXCEPTIONS, plain):
            if not _verbatim(plain, found, pages):
                yield finding("exception", found[0])


def _standing(
    citations: Sequence[Citation],
    needs_citation: bool,
    identity_ok: bool | None,
    account_claim: bool,
    published: Sequence[KbExcerpt] | None,
) -> Iterator[Finding]:
    if account_claim and identity_ok is not True:
        yield finding("verification")
    if needs_citation and not citations:
        yield finding("citation.missing")
    if published is not None:
        in_force = {(p.page_id, p.release, p.content_hash) for p in published if p.status == "Published"}
        for cited in citations:
            if (cited.page_id, cited.release, cited.content_hash) not in in_force:
                yield finding("citation.unpublished", cited.page_id)


def _internal(plain: str, excerpts: Sequence[str]) -> Iterator[Finding]:
    for found in INTERNAL.finditer(plain):
        yield finding("internal", found[0])
    public = _squeeze(" ".join(excerpts))
    for found in INTERNAL_ORDINARY.finditer(plain):
        if not re.search(rf"(?<!\w){re.escape(found[0].casefold())}(?!\w)", public):
            yield finding("internal", found[0])


def _shape(plain: str, language: Language, questions: int, chars: int) -> Iterator[Finding]:
    if len(re.findall(r"\?+", plain)) > questions:
        yield finding("questions")
    if len(plain) > chars:
        yield finding("length")
    words = re.findall(r"[^\W\d_]+", plain.casefold())
    other: Language = "en" if language == "id" else "id"
    own_votes, other_votes = (_votes(words, STOP_WORDS[each]) for each in (language, other))
    # Few votes say nothing: names, thanks and short answers live in both languages.
    if other_votes >= 3 and other_votes > 2 * own_votes:
        yield finding("language")


def _votes(words: Sequence[str], stop_words: Collection[str]) -> int:
    return sum(word in stop_words for word in words)


def _said(pattern: re.Pattern[str], plain: str) -> Iterator[re.Match[str]]:
    """Yield what is really said: matches with no "not" shortly before them in their clause."""
    for found in pattern.finditer(plain):
        if not NEGATION.search(" ".join(_clause(plain, found).split()[-3:])):
            yield found


def _claimed(pattern: re.Pattern[str], plain: str) -> Iterator[re.Match[str]]:
    """Yield what is said with no "not" between its words either ("refund tidak akan kami proses")."""
    return (found for found in _said(pattern, plain) if not NEGATION.search(found[0]))


def _conditional(plain: str, found: re.Match[str]) -> bool:
    return CONDITIONED.search(_clause(plain, found)) is not None


def _open(plain: str, found: re.Match[str]) -> bool:
    """Say whether the words are asked or supposed rather than stated."""
    asked = re.match(r"[^,;:.!?\n]*\?", plain[found.end() :])
    return asked is not None or _conditional(plain, found)


def _clause(plain: str, found: re.Match[str]) -> str:
    return re.split(r"[,;:.!?\n—–]", plain[: found.start()])[-1]


def _sentence(plain: str, found: re.Match[str]) -> str:
    start = max((m.end() for m in re.finditer(r"[.!?]\s+|\n", plain[: found.start()])), default=0)
    end = re.search(r"[.!?](?=\s|$)|\n", plain[found.end() :])
    return plain[start : found.end() + (end.end() if end else len(plain))]


def _verbatim(plain: str, found: re.Match[str], pages: Sequence[str]) -> bool:
    sentence = _squeeze(_sentence(plain, found))
    return any(sentence in page for page in pages)
