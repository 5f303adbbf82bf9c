"""The second reading: a model's opinion of what was written, asked for once and added to what the rules have read."""

from collections.abc import Sequence

from casefile.case import Case
from casefile.events import MessageReceived
from casefile.reading import Reading
from graph.sources import Recording
from graph.tape import Tape
from policies.opinions import differs, with_opinion
from ports.understanding import SecondReader

# What was understood is taken from a turn's record when it is run again, the model's part included.
NODE = "understand"
# What is longer is a story; the rules have read all of it.
MOST_CHARS = 4_000


async def seconded(
    reading: Reading,
    messages: Sequence[MessageReceived],
    contact_id: str,
    cases: tuple[Case, ...],
    reader: SecondReader,
    tape: Tape,
) -> Reading:
    """Return the reading with a model's opinion in it; a pressed button and a file without words need none."""
    text = "\n".join(m.message.text for m in messages if m.message.text)
    if not text or any(m.message.button for m in messages):
        return reading
    recorded = Recording(NODE, tape).look(SecondReader, reader)
    opinion = await recorded.opinion(text[:MOST_CHARS], reading.language, contact_id)
    if opinion is None:
        return reading
    told = differs(reading, opinion)
    return with_opinion(reading, opinion, cases).model_copy(update={"model_differs": told})
