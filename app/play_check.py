"""Compares what a step brought about with what its script expects; pure, and every difference is a sentence."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.play_seen import Difference, Part, Post, Said, Seen, Turn
from app.script_expect import CaseExpect, Counts, Expect, LaneExpect, RecordExpect, ReplyExpect

Rows = Sequence[Mapping[str, object]]


def differences(expect: Expect, seen: Seen, records: Sequence[Rows]) -> list[Difference]:
    """Return what is not as expected; `records` are the rows found for each record expected."""
    found: list[Difference] = []
    if expect.none and seen.replies:
        found.append(Difference("reply", f"expected no reply, seen {_texts(seen.replies)}"))
    if expect.reply is not None:
        found += _reply(expect.reply, seen.replies)
    for wanted in expect.case:
        found += _case(wanted, seen.turns)
    if expect.cases is not None and expect.cases != seen.cases:
        found.append(Difference("case", f"expected {expect.cases} case(s) so far, seen {seen.cases}"))
    found += _as("effects", _effects(expect.effects, seen.turns))
    for lane, wanted_posts in (("coach", expect.coach), ("ops", expect.ops), ("incident", expect.incident)):
        if wanted_posts is not None:
            found += _as("lane", _lane(lane, wanted_posts, seen.lanes[lane]))
    found += [
        Difference("lane", f"expected a person to be told {words!r}, seen {list(seen.told)}")
        for words in expect.told
        if not _has(words, seen.told)
    ]
    for state, count in expect.ledger.items():
        if seen.ledger.get(state, 0) != count:
            found.append(Difference("effects", f"expected {count} {state} in the ledger, seen {seen.ledger}"))
    for record, rows in zip(expect.record, records, strict=True):
        found += _as("effects", _record(record, rows))
    return found


def _as(part: Part, words: Iterable[str]) -> list[Difference]:
    return [Difference(part, one) for one in words]


def forbidden(words: Iterable[str], replies: Sequence[Said]) -> list[Difference]:
    """Return every forbidden word that reached the customer."""
    return [
        Difference("forbidden", f"the forbidden {word!r} reached the customer: {reply.text!r}")
        for word in words
        for reply in replies
        if word.lower() in reply.text.lower()
    ]


def _reply(expect: ReplyExpect, replies: Sequence[Said]) -> list[Difference]:
    if not replies and expect.count != 0:
        return [Difference("reply", "expected a reply, seen none")]
    texts = [reply.text for reply in replies]
    said = _texts(replies)
    found = [f"expected {w!r} in a reply, seen {said}" for w in expect.contains if not _has(w, texts)]
    found += [f"expected {w!r} in no reply, seen {said}" for w in expect.not_contains if _has(w, texts)]
    found += [
        f"expected a reply to match {pattern!r}, seen {said}"
        for pattern in expect.matches
        if not any(re.search(pattern, text, re.IGNORECASE | re.DOTALL) for text in texts)
    ]
    templates = [reply.template for reply in replies]
    found += [
        f"expected the template {name}, seen {templates}"
        for name in expect.template
        if name not in {template.partition("@")[0] for template in templates}
    ]
    labels = [label for reply in replies for label in reply.buttons]
    found += [f"expected a button {b!r}, seen {labels}" for b in expect.buttons if not _has(b, labels)]
    if expect.count is not None and len(replies) != expect.count:
        found.append(f"expected {expect.count} replies, seen {len(replies)}: {said}")
    authors = {reply.by for reply in replies}
    if expect.by is not None and authors != {expect.by}:
        found.append(f"expected words by {expect.by}, seen {sorted(authors)}")
    spoken = {reply.language for reply in replies}
    tongue = ""
    if expect.language is not None and spoken != {expect.language}:
        tongue = f"expected replies in {expect.language}, seen {sorted(spoken)}: {said}"
    return _as("reply", found) + _as("language", [tongue] if tongue else [])


def _case(expect: CaseExpect, turns: Sequence[Turn]) -> list[Difference]:
    """Look for a turn that is as expected; what is reported is how the nearest one differs."""
    if not turns:
        return [Difference("case", "expected a turn of a case, seen none")]
    return min((_turn(expect, turn) for turn in turns), key=len)


def _turn(expect: CaseExpect, turn: Turn) -> list[Difference]:
    verdict, rules = turn.verdict, [hit.id for hit in turn.verdict.rules]
    pairs: tuple[tuple[str, object, object], ...] = (
        ("intent", expect.intent, verdict.intent),
        ("floor", expect.floor, verdict.floor),
        ("tier", expect.tier, verdict.tier),
        ("decision", expect.decision, verdict.decision),
        ("missing", expect.missing, verdict.missing),
        ("approval", expect.approval, verdict.approval_kind),
        ("roles", expect.roles, turn.roles),
        ("state", expect.state, turn.state),
        ("owner", expect.owner, turn.owner),
    )
    found = [
        Difference(
            "roles" if name == "roles" else "case",
            f"expected {name} {_plain(want)}, seen {_plain(have)} ({turn.case_id})",
        )
        for name, want, have in pairs
        if want is not None and want != have
    ]
    found += [
        Difference("case", f"expected rule {rule}, seen {', '.join(rules)}")
        for rule in expect.rules
        if rule not in rules
    ]
    found += [
        Difference("case", f"expected signal {signal}, seen {', '.join(verdict.signals) or 'none'}")
        for signal in expect.signals
        if signal not in verdict.signals
    ]
    return found


def _effects(expect: Counts, turns: Sequence[Turn]) -> list[str]:
    names = [name for turn in turns for name in turn.effects]
    found: list[str] = []
    for wanted, count in expect.items():
        # "send_message" means any message, "send_message greeting" that one.
        seen = sum(1 for name in names if name == wanted or name.partition(" ")[0] == wanted)
        if (seen == 0) if count is None else (seen != count):
            asked = "at least one" if count is None else str(count)
            found.append(f"expected {asked} {wanted}, seen {seen} among {dict(Counter(names))}")
    return found


def _lane(lane: str, expect: LaneExpect, posts: Sequence[Post]) -> list[str]:
    texts = [post.text for post in posts]
    if expect.none:
        return [f"expected nothing in the {lane} lane, seen {texts}"] if posts else []
    if not posts and expect.count != 0:
        return [f"expected a post in the {lane} lane, seen none"]
    found = [
        f"expected {w!r} in the {lane} lane, seen {texts}" for w in expect.contains if not _has(w, texts)
    ]
    found += [
        f"expected no {w!r} in the {lane} lane, seen {texts}" for w in expect.not_contains if _has(w, texts)
    ]
    labels = [label for post in posts for label in post.buttons]
    found += [
        f"expected a button {b!r} in the {lane} lane, seen {labels}"
        for b in expect.buttons
        if not _has(b, labels)
    ]
    if expect.file is not None and expect.file not in (files := [post.file for post in posts]):
        found.append(f"expected a {expect.file} in the {lane} lane, seen {files}")
    if expect.count is not None and len(posts) != expect.count:
        found.append(f"expected {expect.count} post(s) in the {lane} lane, seen {len(posts)}: {texts}")
    return found


def _record(expect: RecordExpect, rows: Rows) -> list[str]:
    place = f"{expect.table} where {expect.where}" if expect.where else expect.table
    if expect.count is not None and len(rows) != expect.count:
        return [f"expected {expect.count} row(s) in {place}, seen {len(rows)}"]
    if expect.count is None and not rows:
        return [f"expected a row in {place}, seen none"]
    return [
        f"expected {column} {_plain(value)} in {place}, seen {_plain(row.get(column))}"
        for row in rows
        for column, value in expect.has.items()
        if row.get(column) != value
    ]


def _has(words: str, texts: Iterable[str]) -> bool:
    return any(words.lower() in text.lower() for text in texts)


def _texts(replies: Sequence[Said]) -> str:
    return " | ".join(repr(reply.text) for reply in replies)


def _plain(value: object) -> str:
    return " ".join(str(one) for one in value) if isinstance(value, tuple) else str(value)
