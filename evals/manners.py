"""What holds of every conversation, whatever its file expects: how replies read, and how many roles were woken."""

import re

from evals.outcome import Amiss, Heard, Judged

MOST_QUESTIONS = 2
MOST_CHARACTERS = 700
MOST_REPLIES = 4
MOST_ROLES = 2
PLAIN = ("R0", "R1")
# Letters of one's own case are shouting; a name of the school in capitals is not a sentence.
SHOUTING = re.compile(r"\b[A-ZÀ-Ý]{4,}(?:[ ,]+[A-ZÀ-Ý]{4,}){2,}\b")


def of_replies(heard: tuple[Heard, ...]) -> list[Amiss]:
    """Return what is amiss in how the replies of one step read; a person's own words are theirs."""
    found: list[Amiss] = []
    for reply in heard:
        if reply.by != "B":
            continue
        asked = reply.text.count("?")
        if asked > MOST_QUESTIONS:
            found.append(_tone(f"asks {asked} questions: {reply.text!r}"))
        if len(reply.text) > MOST_CHARACTERS and "invoice" not in reply.template:
            found.append(_tone(f"is {len(reply.text)} characters long: {reply.template}"))
        if SHOUTING.search(reply.text):
            found.append(_tone(f"shouts: {reply.text!r}"))
    if len(heard) > MOST_REPLIES:
        found.append(Amiss(dimension="efficiency", words=f"{len(heard)} messages at once", slight=True))
    return found


def of_turns(judged: tuple[Judged, ...]) -> list[Amiss]:
    """Return what is amiss in how the turns of one step were decided."""
    found: list[Amiss] = []
    for turn in judged:
        # A case that comes back from a person has been with more of them.
        if turn.tier in PLAIN and "person" not in turn.roles and len(set(turn.roles)) > MOST_ROLES:
            woken = " ".join(turn.roles)
            found.append(Amiss(dimension="efficiency", words=f"{turn.tier} woke {woken}", slight=True))
    return found


def _tone(words: str) -> Amiss:
    return Amiss(dimension="tone", words=words, slight=True)
