"""A message that quotes another: what "yang ini kak" points at, and which question an answer answers."""

from collections.abc import Callable
from datetime import datetime

from casefile.case import Case
from casefile.events import MessageReceived
from casefile.reading import Reading
from graph.in_context import OPEN_STATES
from policies.matter import CONTEXT_INTENTS
from ports.sources import Conversations, Quoted


async def quoted_by(
    messages: tuple[MessageReceived, ...], conversation_id: str, conversations: Conversations
) -> Quoted | None:
    """Return what the newest quoting message of a burst quotes, when this conversation holds it."""
    quoted = next((m.message.reply_to for m in reversed(messages) if m.message.reply_to), None)
    return await conversations.quoted(conversation_id, quoted) if quoted else None


def pointed_at(reading: Reading, quoted: Quoted, read: Callable[[str, datetime], Reading]) -> Reading:
    """Return words that say nothing by themselves as the customer's own message that they point at.

    Our words are never read as theirs. `read` reads a text as of when it was written.
    """
    silent = reading.abstained and not reading.signals and not reading.slots.when
    return read(quoted.text, quoted.at) if silent and quoted.by_customer else reading


def asked_there(reading: Reading, quoted: Quoted, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return the cases a message may belong to: an answer belongs to the question it quotes."""
    only_answers = all(request.intent in CONTEXT_INTENTS for request in reading.requests)
    asking = tuple(
        case for case in cases if case.id == quoted.case_id and case.waiting_for and case.state in OPEN_STATES
    )
    return asking if asking and only_answers and not reading.signals and not quoted.by_customer else cases
