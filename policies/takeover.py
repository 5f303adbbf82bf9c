"""Whose a conversation is: while a person has it the voice is silent, and what they were told stays theirs."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from casefile.case import Case
from casefile.events import (
    CaseEvent,
    DeadlinePassed,
    DeliveryFailed,
    DependencyChanged,
    HumanSpoke,
    MessageReceived,
    OperatorCommand,
    WindowClosed,
)
from casefile.records import Conversation, StaffMember
from casefile.verdict import RuleHit, Verdict
from policies.desk import Rules
from policies.gate import plain, verdict_of
from policies.matter import Matter

COMMAND = re.compile(
    r"\s*(?P<slash>/?)(?P<what>takeover|ambil\s*alih|handback|kembalikan)\b(?:@\w+)?(?P<rest>.*)", re.S | re.I
)
NAMED = re.compile(r"\s*(?P<name>[A-Z]+-\d{4}-\d+|wa-\S+)(?=\s|$)", re.I)
# The rule by which what a customer writes is a person's.
TAKEN = "CASE.taken"
# Clocks, outages and words that did not arrive: B has nothing to say of them that a person would use.
NOTHING_TO_TELL = (MessageReceived, DeadlinePassed, DependencyChanged, DeliveryFailed, WindowClosed)


def silent(conversation: Conversation, events: Sequence[CaseEvent]) -> bool:
    """Say whether B says nothing in this turn: a person has the conversation, or had it when this was written.

    A person's own words are not B's.
    """
    first = events[0]
    if isinstance(first, OperatorCommand | HumanSpoke):
        return False
    if isinstance(first, MessageReceived):
        return a_persons_at(conversation, first.received_at)
    return conversation.taken_by is not None


def a_persons_at(conversation: Conversation, at: datetime) -> bool:
    """Say whether what was said then was said to, or by, a person who has the conversation or had it."""
    back = conversation.handed_back_at
    return conversation.taken_by is not None or (back is not None and at < back)


def speaks(conversation: Conversation, event: CaseEvent) -> bool:
    """Say whether these are words of the person who has the conversation, although another one may still decide."""
    if not isinstance(event, OperatorCommand) or event.command != "reply":
        return False
    return a_persons_at(conversation, event.at)


def asks_anew(events: Sequence[CaseEvent]) -> bool:
    """Say whether this is a request that the voice would take up: a message, or one that had to wait."""
    first = events[0]
    return isinstance(first, MessageReceived) or (isinstance(first, DependencyChanged) and first.up)


def ready_for_a_person(events: Sequence[CaseEvent]) -> bool:
    """Say whether what B would say goes to the person instead: what came to an end, what comes up."""
    return not isinstance(events[0], NOTHING_TO_TELL)


def put_before(case: Case, matter: Matter, rules: Rules) -> Verdict:
    """Put what a customer writes before the person who has the conversation, priced like any other."""
    rule = RuleHit(id=TAKEN, words="A person has this conversation; B says nothing")
    if case.request:
        return plain(case, "HAND_OVER", TAKEN, rule.words)
    verdict = verdict_of(matter, rules)
    update = {"decision": "HAND_OVER", "lane": "ops", "missing": None, "rules": (rule, *verdict.rules)}
    return verdict.model_copy(update=update)


def persons_case(cases: Sequence[Case]) -> Case | None:
    """Return the case that a customer's words to a person belong to: the open one that moved last."""
    still = [case for case in cases if case.state not in {"resolved", "closed"}]
    return max(still, key=lambda case: (case.updated_at, case.id), default=None)


def left_to_a_person(case: Case) -> bool:
    """Say whether a case holds what was written to a person who has not answered: it stays theirs, nobody joins it."""
    return case.state == "with_person" and case.cause.startswith(TAKEN)


def may_take(person: StaffMember | None) -> bool:
    """Say whether somebody may take conversations over, and give them back: an operator."""
    return person is not None and "operator" in person.roles


class Asked(NamedTuple):
    """What a person asks for with `takeover [CASE] [why]` or `handback [CASE]`; without a name it is the post's."""

    what: Literal["takeover", "handback"]
    name: str = ""
    why: str = ""


def asked(text: str) -> Asked | None:
    """Read a person's words in a lane; None when they are about something else.

    Without a slash only the bare word counts: what else begins so may be an answer to a customer.
    """
    found = COMMAND.fullmatch(text)
    if found is None or (found["rest"].strip() and not found["slash"]):
        return None
    what: Literal["takeover", "handback"] = (
        "takeover" if found["what"].lower().startswith(("takeover", "ambil")) else "handback"
    )
    named = NAMED.match(found["rest"])
    name = named["name"] if named else ""
    return Asked(what, name, found["rest"][named.end() if named else 0 :].strip())
