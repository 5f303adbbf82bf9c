"""What a message answers of a prospect's interview: several at once, in any order, a "don't know" among them."""

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from casefile.base import Language
from casefile.lead import Answer, Lead
from policies.lead_figures import NUMBER_WORD, Figure, figures, spelled_out
from policies.lead_times import spans
from policies.leads import Leads, Option, Question

SAID_CHARS = 160
_CUES = {
    "money": r"budget\w*|bujet\w*|anggaran\w*|dana\w*|biaya\w*|modal\w*|duit\w*|harga\w*|price\w*",
    "time": r"kapan\w*|waktu\w*|deadline\w*|timeline\w*|target\w*|mulai\w*|start\w*|launch\w*|selesai\w*|rilis\w*|when",
}
_CUTS = re.compile(
    r"\n+|(?<=[.!?;])\s+|[;!]+|,(?=\s)|\s+(?:tapi|tp|but|terus|trus|sama|kalau|kalo|klo|for the)\s+"
    rf"|\s+(?:dan|and)\s+(?!\d|(?:{NUMBER_WORD})(?!\w))"
)
_SENTENCES = re.compile(r"\n+|(?<=[.!?])\s+")
_ASKS = re.compile(
    r"\?|(?<!\w)(?:berapa|brp|gimana|bagaimana|apakah|kenapa|how (?:much|long|many)|what)(?!\w)|"
    r"^(?:(?:kak|min|eh|oh iya|btw|halo|hi)[ ,]+)*(?:apa|siapa|mana|bisa|boleh|ada|how|why|who|which|where|is|are|do"
    r"|does|can|could)(?!\w)"
)
_WOULD_DO = re.compile(r"(?<!\w)(?:bisa|cukup|boleh|oke?|budget\w*|anggaran\w*|enough|work|can|could)(?!\w)")
_UNKNOWN = re.compile(
    r"(?<!\w)(?:(?:belum|blm|blum|ga|gak|gk|nggak|ngga|enggak|tidak|tdk|kurang|not|no|don'?t|do not|haven'?t|have not)"
    r"(?: (?:begitu|terlalu|really|yet|at all|ada))? (?:tau|tahu|yakin|pasti|ada|kepikiran|kebayang|nentu\w*|ditentu\w*"
    r"|fix|sure|know|decided|idea|clue|set|figured)|entah\w*|terserah|bebas|rahasia|nanti (?:aja|dulu)|menyusul"
    r"|tergantung\w*|depends|skip|rather not|prefer not|up to you|menyesuaikan|ngikut\w*"
    r"|belum(?=$|[ .!,]*(?:kak|sih|nih)?[ .!,]*$))(?!\w)"
)
# Who will not be asked is not asked on.
_ENOUGH = re.compile(
    r"(?<!\w)(?:(?:ga|gak|nggak|tidak|jangan) (?:usah|perlu|mau)? ?(?:banyak )?(?:tanya|nanya|jawab|ditanya)\w*"
    r"|(?:males|malas) (?:jawab|ditanya)\w*|kebanyakan (?:tanya|nanya|pertanyaan)|langsung (?:aja|saja)"
    r"|(?:skip|enough|no more|stop|too many|without)(?: with)?(?: all)?(?: the| these| your| so many)?"
    r" (?:questions?|asking)|just book)(?!\w)"
)
_ALONE = re.compile(
    r"(?<!\w)(?:(?:saya|aku|gue|gw) (?:sendiri\w*|doang|aja)|(?:just|only) (?:me|myself)|sendirian|by myself)(?!\w)"
)
_BESIDE = re.compile(
    r"(?<!\w)(?:sekitar(?:an)?|kira-?kira|kurang lebih|kak|kakak|min|ya|aja|saja|sih|deh|lah|an|mungkin|paling|about"
    r"|around|maybe|probably|roughly|like|just|oke?|halo|hai|hi|hello|pagi|siang|sore|malam)(?!\w)|[^\w]"
)
NEVER = r"(?!)"
_SMALL = 1000
_MILLION = 10**6


def told(words: str) -> str:
    """Return what of a message tells: its sentences that ask nothing but whether a sum would do, as they were typed."""
    said = (sentence.strip() for sentence in _SENTENCES.split(words))
    return "\n".join(s for s in said if s and (not _ASKS.search(s.casefold()) or _proposes(s.casefold())))


def _proposes(sentence: str) -> bool:
    """Say whether a question puts a sum forward: "25 juta bisa ga?"."""
    return _WOULD_DO.search(sentence) is not None and any(
        f.money for f in figures(spelled_out(sentence), "id")
    )


def answers(
    words: str, leads: Leads, lead: Lead, language: Language, today: dt.date, days: Iterable[dt.date] = ()
) -> dict[str, Answer]:
    """Return the answers in a message by question; `days` are those that were read in it.

    Once the note is taken a bare time is about when to meet: of the answers it changes only what is named.
    """
    clauses = [clause for part in _CUTS.split(words) if (clause := part.strip(" ,.!?;"))]
    folded = [spelled_out(" ".join(clause.casefold().split())) for clause in clauses]
    found: dict[str, Answer] = {}
    for question in leads.questions:
        answer = _answer(question, folded, leads, lead, language, today)
        if answer is None and question.kind == "time" and question.id in lead.asked:
            answer = next((Answer(said=f"{d:%d/%m/%Y}", since=d, until=d) for d in days), None)
        if answer is not None:
            found[question.id] = answer.model_copy(update={"said": _as_typed(answer.said, words)})
    found |= dict.fromkeys(_unknown(folded, leads, lead, found), Answer(said="", unknown=True))
    for question in leads.questions:
        said = _free(question, clauses, folded, lead) if question.kind == "words" else ""
        if said and question.id not in found:
            found[question.id] = Answer(said=said[:SAID_CHARS])
    return found


def _answer(
    question: Question, clauses: list[str], leads: Leads, lead: Lead, language: Language, today: dt.date
) -> Answer | None:
    match question.kind:
        case "money":
            return _money(question, clauses, leads, lead, language)
        case "count":
            return _count(question, clauses, leads, lead, language)
        case "time":
            named = [c for c in clauses if _cued(question, c)] or ([] if lead.noted else clauses)
            span = next(
                ((c, s) for c in named for s in spans(c, today, asked=question.id in lead.asked)), None
            )
            if span is None:
                return None
            clause, when = span
            return Answer(said=clause[when.start : when.end], since=when.since, until=when.until)
        case "choice":
            chosen = tuple(o for o in question.options if any(_means(o, clause) for clause in clauses))
            names = ", ".join(option.name[language] for option in chosen)
            return Answer(said=names, options=tuple(o.id for o in chosen)) if chosen else None
        case _:
            return None


def _as_typed(said: str, words: str) -> str:
    """Return an answer's words as they stand in the message, where they do."""
    typed = re.search(re.escape(said), words, re.IGNORECASE)
    return typed.group() if typed else said


def _money(
    question: Question, clauses: list[str], leads: Leads, lead: Lead, language: Language
) -> Answer | None:
    read = [(c, f) for c in clauses for f in figures(c, language) if f.money]
    meant = [one for one in read if _cued(question, one[0])] or read
    if meant:
        clause, figure = meant[-1]
        return _figured(clause, figure)
    bare = _bare(question, clauses, leads, lead, language)
    if bare is None or bare.low is None or bare.high is None or bare.high >= _SMALL:
        return None
    # "Sepuluh" said of a budget is ten million.
    return Answer(said=" ".join(clauses), low=bare.low * _MILLION, high=bare.high * _MILLION)


def _count(
    question: Question, clauses: list[str], leads: Leads, lead: Lead, language: Language
) -> Answer | None:
    for clause in reversed(clauses):
        counts = [figure for figure in figures(clause, language) if not figure.money]
        beside = [f for f in counts if _cue_beside(question).search(clause[f.end :])] or counts
        if beside and _cued(question, clause):
            return _figured(clause, beside[0])
    if question.id in lead.asked and any(_ALONE.search(clause) for clause in clauses):
        return Answer(said="1", low=1, high=1)
    bare = _bare(question, clauses, leads, lead, language)
    return Answer(said=str(bare.low), low=bare.low, high=bare.high) if bare is not None else None


def _bare(
    question: Question, clauses: list[str], leads: Leads, lead: Lead, language: Language
) -> Figure | None:
    """Return a figure that stands alone after a question for just one figure."""
    numeric = [q.id for q in leads.questions if q.kind in {"money", "count"} and q.id in lead.asked]
    whole = " ".join(clauses)
    found = figures(whole, language)
    if numeric != [question.id] or len(found) != 1 or found[0].money:
        return None
    rest = whole[: found[0].start] + " " + whole[found[0].end :]
    return found[0] if not _BESIDE.sub("", rest) else None


def _figured(clause: str, figure: Figure) -> Answer:
    return Answer(said=clause[figure.start : figure.end], low=figure.low, high=figure.high)


def _cued(question: Question, clause: str) -> bool:
    return _cue(question).search(clause) is not None


def _cue(question: Question) -> re.Pattern[str]:
    own = (_CUES[question.kind],) if question.kind in _CUES else ()
    words = (*own, *map(_pattern, question.cues))
    # Without any nothing is tied to it: a choice is known by its options.
    return _any_of(words or (NEVER,))


def _cue_beside(question: Question) -> re.Pattern[str]:
    """Return what follows a figure that is counted in a question's own words, one word between at most."""
    return re.compile(rf"^\W*(?:\w+\W+)?{_cue(question).pattern}")


def _means(option: Option, clause: str) -> bool:
    words = (*option.name.values(), *option.words)
    found = _any_of(tuple(map(_pattern, words))).finditer(clause)
    return any(not re.search(r"(?<!\w)(?:bukan|bkn|not) ?$", clause[: match.start()]) for match in found)


def _pattern(word: str) -> str:
    return re.escape(word.casefold()).replace(r"\*", r"\w*")


@lru_cache(maxsize=256)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def _unknown(clauses: list[str], leads: Leads, lead: Lead, found: dict[str, Answer]) -> set[str]:
    """Return the questions that are answered with "I don't know", or with not wanting to be asked."""
    open_still = {q.id for q in leads.questions if q.id not in found and q.id not in lead.answers}
    if any(_ENOUGH.search(clause) for clause in clauses):
        return open_still
    unknown: set[str] = set()
    for clause in (c for c in clauses if _UNKNOWN.search(c)):
        named = {q.id for q in leads.questions if q.id not in found and _cued(q, clause)}
        unknown |= named or open_still.intersection(lead.asked)
    return unknown


def _free(question: Question, clauses: list[str], folded: list[str], lead: Lead) -> str:
    """Return free words: the clause with a cue in it, or what was said when just this was asked for."""
    cued = [c for c, plain in zip(clauses, folded, strict=True) if _cued(question, plain)]
    if not cued and question.id in lead.asked:
        cued = [c for c, plain in zip(clauses, folded, strict=True) if _BESIDE.sub("", plain)]
    return ", ".join(cued)
