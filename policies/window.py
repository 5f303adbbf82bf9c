"""WhatsApp's window: how long after a customer's last message we may write in words of our own, and what then."""

from datetime import datetime, timedelta

from pydantic import Field

from casefile.base import Frozen, Language
from casefile.effects import ChannelTemplate, Purpose, SendMessage
from casefile.records import Conversation

FREE_WRITING = timedelta(hours=24)
# What WhatsApp itself answers then; it is not asked where the answer is known.
WINDOW_CLOSED = "131047"
# What says something that has happened stays true; an answer, a question or a time window may not.
LASTING: frozenset[Purpose] = frozenset({"release", "notify"})


class ReopenText(Frozen):
    """How the approved message reads in one language; `code` is WhatsApp's name of that language."""

    code: str = Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")
    text: str = Field(min_length=1, max_length=1024)


class ReopenTemplate(Frozen):
    """The message WhatsApp approved for a desk to invite its customers to write again."""

    name: str = Field(pattern=r"^[a-z0-9_]{1,512}$")
    texts: dict[Language, ReopenText] = Field(min_length=1)

    def spoken(self, language: Language) -> tuple[ChannelTemplate, str]:
        """Return what is sent to who speaks this language, and how it reads; another where it is not approved."""
        text = self.texts.get(language) or next(iter(self.texts.values()))
        return ChannelTemplate(name=self.name, language=text.code), text.text


def has_closed(opened_at: datetime | None, now: datetime) -> bool:
    """Say whether the window is known to be over; one nobody has seen open is the channel's to judge."""
    return opened_at is not None and now - opened_at >= FREE_WRITING


def is_open(opened_at: datetime | None, now: datetime) -> bool:
    """Say whether the window is known to be open."""
    return opened_at is not None and now - opened_at < FREE_WRITING


def may_wait(message: SendMessage) -> bool:
    """Say whether words are still worth saying whenever the customer writes again."""
    return message.purpose in LASTING and message.channel_template is None


def may_invite(conversation: Conversation) -> bool:
    """Say whether the customer has not been invited since they last wrote: once is a service, twice is a nuisance."""
    invited, opened = conversation.invited_at, conversation.window_opened_at
    return invited is None or (opened is not None and opened > invited)


def is_the_invitation(
    message: SendMessage, reopen: ReopenTemplate | None, conversation: Conversation
) -> bool:
    """Say whether a message is exactly the desk's approved one, and the customer has not had it yet."""
    if reopen is None or not may_invite(conversation):
        return False
    return (message.channel_template, message.text) == reopen.spoken(message.language)
