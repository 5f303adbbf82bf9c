"""What a model's draft may not do beside what no text may: say more, less or otherwise than the words it stands for.

The template's own words are right in every fact, so a draft is held against them and the cited pages alone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from casefile.base import Language
from policies.claims import Claim, claims, names_in
from policies.drafts_words import COURTESY, EMPTY_NO, FIGURES, FORM, LOADED
from policies.promises import Finding, as_seen, finding
from policies.promises_words import NEGATION

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
CLAUSE = re.compile(
    r"[,;:.!?—–]\s|\n|(?<!\w)(?:tapi|tetapi|namun|sedangkan|kecuali|melainkan|but|except|however|though)(?!\w)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
EMOJI = re.compile("[\U0001f300-\U0001faff☀-➿]")
AFFIXES = re.compile(r"^(?:meng|meny|mem|men|me|peng|peny|pem|pen|ber|ter|per|di|ke|se|pe)(?=\w{4})")
ENDINGS = re.compile(r"(?<=\w{3})(?:kannya|annya|kan|nya|an|lah|kah|ing|ed|es|s|ly|i)$")
# Somebody is meant: by a title before the word, or by what the word that opens a sentence does.
PERSON = re.compile(
    r"(?<!\w)(?i:coach|teacher|pak|bapak|bu|ibu|mas|mbak|bang|miss|mrs|mr|ms|guru|dek|adik|ananda|kak|kakak)\.?\s+"
    r"(?P<titled>[^\W\d_]{3,})"
    r"|^\W*(?P<acting>[^\W\d_]{3,})\s+(?i:sudah|akan|bisa|bilang|mau|yang|dan|is|will|has|had|was|can|says|said|and)"
    r"(?!\w)"
)
# More words than these, or than half of what a sentence shares with the text, make it a statement of its own.
MOST_NEW = 3


class Token(NamedTuple):
    """Something a sentence is about: a day, a time, a sum, a count, a code or a name."""

    kind: str
    says: frozenset[str]
    grants: frozenset[str]
    text: str


def differs(
    draft: str,
    plain: str,
    pages: Sequence[str],
    language: Language,
    banned: Sequence[str] = (),
    emoji: int = 1,
) -> tuple[Finding, ...]:
    """Return in what a draft differs from the words it stands for (`plain`) and the `pages` they rest on.

    From a page only what was asked may be told; of a customer's own matter everything has to be. `banned` and
    `emoji` (how many at most) are F's tone rules.
    """
    said, meant = as_seen(draft), as_seen(plain)
    sources = (meant, *(as_seen(page) for page in pages))
    return (
        *_loaded(said, sources, language),
        *(() if pages else _missing(said, meant)),
        *_mixed(said, sources),
        *_turned(said, sources, language),
        *_new(said, sources, language),
        *(() if said.count("?") <= meant.count("?") else (finding("questions.unasked"),)),
        *(finding("form", found[0]) for found in FORM.finditer(said)),
        *_tone(said, meant, banned, emoji),
    )


def _loaded(said: str, sources: Sequence[str], language: Language) -> Iterator[Finding]:
    allowed = {word for source in sources for word in _words(source)}
    for word in _words(said):
        parts = {word, *word.split("-")}
        if (parts & LOADED[language] or parts & FIGURES) and word not in allowed:
            yield finding("fact", word)


def _missing(said: str, meant: str) -> Iterator[Finding]:
    """Yield what the text tells of the customer's own matter and the draft leaves out."""
    told = claims(said)
    for claim in claims(meant):
        kind = claim.asserts[0][0]
        enough = {value for value in claim.grants if value[0] == kind and not value.endswith("-0")}
        if not any(enough & {*other.asserts} for other in told):
            yield finding("missing", claim.text)
    spoken = set(_words(said))
    for name in dict.fromkeys(names_in(meant)):
        if name.casefold() not in spoken:
            yield finding("missing", name)


def _mixed(said: str, sources: Sequence[str]) -> Iterator[Finding]:
    """Yield facts that a sentence puts side by side and the text does not.

    Only what comes in several can be taken for one another: with one day and three times there is nothing to swap.
    """
    there = [token for source in sources for part in _sentences(source) for token in (*_tokens(part), BREAK)]
    values = {kind: len({token.says for token in there if token.kind == kind}) for kind in KINDS}
    for sentence in _sentences(said):
        for first, second in pairwise(_tokens(sentence)):
            if first.kind == second.kind:
                # Two of a kind say nothing of each other, unless they are people: whose coach is whose.
                apart = first.kind == "name" and values["name"] > PAIR and not _together(second, first, there)
            else:
                apart = values[first.kind] > 1 and values[second.kind] > 1
            if apart and not _together(first, second, there):
                yield finding("mixed", f"{first.text} … {second.text}")


def _together(first: Token, second: Token, there: Sequence[Token]) -> bool:
    """Say whether the second follows the first somewhere with nothing of either's kind between them."""
    for place, token in enumerate(there):
        if token.kind != first.kind or not first.says & token.grants:
            continue
        for later in there[place + 1 :]:
            if later.kind == second.kind and second.says & later.grants:
                return True
            if later.kind in {first.kind, second.kind, BREAK.kind}:
                break
    return False


KINDS = ("day", "time", "sum", "count", "code", "name")
BREAK = Token("break", frozenset(), frozenset(), "")
LARGE = 1000
PAIR = 2


def _tokens(sentence: str) -> list[Token]:
    """Return what a sentence is about, in order; a weekday and its date are one day."""
    placed = sorted((*_stated(sentence), *_named(sentence)), key=lambda one: one[0])
    tokens: list[Token] = []
    for _, token in placed:
        if tokens and token.kind == tokens[-1].kind == "day":
            tokens.pop()
        tokens.append(token)
    return tokens


def _stated(sentence: str) -> Iterator[tuple[int, Token]]:
    start = 0
    for claim in claims(sentence):
        start = sentence.index(claim.text, start)
        yield start, Token(_kind(claim), frozenset(claim.asserts), frozenset(claim.grants), claim.text)
        start += len(claim.text)


def _named(sentence: str) -> Iterator[tuple[int, Token]]:
    for name in dict.fromkeys(names_in(sentence)):
        says = frozenset({name.casefold()})
        for found in re.finditer(rf"(?<!\w){name}(?!\w)", sentence):
            yield found.start(), Token("name", says, says, name)


def _kind(claim: Claim) -> str:
    value = claim.asserts[0]
    if value.startswith("n:"):
        return "sum" if float(value[2:]) >= LARGE else "count"
    return {"t": "time", "x": "code"}.get(value[0], "day")


def _turned(said: str, sources: Sequence[str], language: Language) -> Iterator[Finding]:
    """Yield a clause that affirms what its like in the text denies, or denies what that affirms."""
    there = [_clause(part, language) for source in sources for part in CLAUSE.split(source)]
    for part in CLAUSE.split(said):
        denied, stems = _clause(part, language)
        overlap = max((len(stems & other) for _, other in there), default=0)
        if 2 * overlap < len(stems) or not overlap:
            # About something else, or nothing: a kind word, or a statement that is new as a whole.
            continue
        if all(other_denied != denied for other_denied, other in there if len(stems & other) == overlap):
            yield finding("turned", part)


def _clause(part: str, language: Language) -> tuple[bool, frozenset[str]]:
    plain = EMPTY_NO.sub(" ", part)
    content = (_stem(word) for word in _words(plain) if word not in COURTESY[language])
    return NEGATION.search(plain) is not None, frozenset(content)


def _new(said: str, sources: Sequence[str], language: Language) -> Iterator[Finding]:
    """Yield what is said in words of its own: too many of them make another statement, and a person is one."""
    known = {_stem(word) for source in sources for word in _words(source)}
    for sentence in _sentences(said):
        content = [w for w in _words(sentence) if w not in COURTESY[language] and len(w) > 2]
        new = [word for word in content if _stem(word) not in known]
        if len(new) > min(MOST_NEW, (len(content) - len(new)) // 2):
            yield finding("ungrounded", " ".join(new))
        for found in PERSON.finditer(sentence):
            word = found["titled"] or found["acting"]
            if word.casefold() in new:
                yield finding("name", word)


def _stem(word: str) -> str:
    """Cut a word down to what its forms share, roughly: five letters of it without what stands around them."""
    for _ in range(2):
        word = ENDINGS.sub("", word)
    return AFFIXES.sub("", word)[:5]


def _tone(said: str, meant: str, banned: Sequence[str], emoji: int) -> Iterator[Finding]:
    for words in banned:
        pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        if (found := pattern.search(said)) and not pattern.search(meant):
            yield finding("tone", found[0])
    if len(EMOJI.findall(said)) > max(emoji, len(EMOJI.findall(meant))):
        yield finding("tone", "emoji")


def _sentences(text: str) -> list[str]:
    return SENTENCE.split(text)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]
