"""A person's own words before they leave: what was found in them is shown, and they may insist."""

from typing import Protocol

from casefile.base import Language
from policies.desk import Rules
from policies.identity import own_contacts
from policies.presend import held_words
from policies.promises import as_seen, explain, insistable
from ports.sources import Conversations, Owners, Staffing

INSIST = "!"
AGAIN: dict[Language, str] = {
    "id": "Kirim lagi dengan tanda seru di depannya ({how}) kalau tetap ingin persis begitu.",
    "en": "Send it again with an exclamation mark first ({how}) to send exactly that.",
}
NEVER: dict[Language, str] = {
    "id": "Bagian ini tidak boleh dikirim; tolong ubah.",
    "en": "This may not be sent; please change it.",
}


class Records(Staffing, Conversations, Owners, Protocol):
    """What a person's words are checked against: who works here, whose conversation it is, whose data is whose."""


async def held(
    words: str,
    conversation_id: str,
    records: Records,
    language: Language,
    rules: Rules,
    reader: Language,
    how: str,
) -> str | None:
    """Say what holds these words back, in the reader's language; None when they may go.

    `conversation_id` is whom they would reach, `language` that customer's; `how` shows the way to insist, which
    others' data and internal words do not know.
    """
    text = words.removeprefix(INSIST).strip()
    own = own_contacts(await records.conversation(conversation_id))
    findings = held_words(text, language, rules, await records.others_in(as_seen(text), own))
    may_insist = insistable(findings)
    if not findings or (may_insist and words.startswith(INSIST)):
        return None
    next_step = AGAIN[reader].format(how=how) if may_insist else NEVER[reader]
    return "\n".join([*(explain(f, reader) for f in findings), next_step])
