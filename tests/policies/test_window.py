"""WhatsApp's window: 24 hours to the second, unknown is neither open nor closed; who is invited, and with what."""

from datetime import datetime, timedelta
from typing import get_args

import pytest
from pydantic import ValidationError

from casefile.effects import ChannelTemplate, Purpose, SendMessage
from policies.window import (
    FREE_WRITING,
    ReopenTemplate,
    ReopenText,
    has_closed,
    is_open,
    is_the_invitation,
    may_invite,
    may_wait,
)
from tests.policies.builders import NOW, conversation

REOPEN = ReopenTemplate(
    name="kabar_menunggu",
    texts={
        "id": ReopenText(code="id", text="Halo Kak, ada kabar."),
        "en": ReopenText(code="en_US", text="Hi, there is news."),
    },
)
HOUR = timedelta(hours=1)


def invitation(**changes: object) -> SendMessage:
    base = SendMessage(
        key="k",
        conversation_id="wa-1-c1",
        text="Halo Kak, ada kabar.",
        language="id",
        template="reopen@1",
        purpose="invite",
        channel_template=ChannelTemplate(name="kabar_menunggu", language="id"),
    )
    return base.model_copy(update=changes)


def test_the_window_closes_after_24_hours() -> None:
    last = NOW - FREE_WRITING
    assert has_closed(last, NOW) and not is_open(last, NOW)
    earlier = NOW - timedelta(seconds=1)
    assert is_open(last, earlier) and not has_closed(last, earlier)


def test_a_window_nobody_has_seen_is_neither() -> None:
    assert not has_closed(None, NOW) and not is_open(None, NOW)


@pytest.mark.parametrize("purpose", get_args(Purpose))
def test_only_what_stays_true_waits_for_the_customer(purpose: Purpose) -> None:
    words = invitation(purpose=purpose, channel_template=None)
    assert may_wait(words) is (purpose in {"release", "notify"})
    assert not may_wait(invitation(purpose=purpose))


@pytest.mark.parametrize(
    ("opened", "invited", "may"),
    [
        (None, None, True),
        (NOW, None, True),
        (NOW, NOW - HOUR, True),
        (NOW, NOW, False),
        (NOW, NOW + HOUR, False),
        (None, NOW, False),
    ],
)
def test_a_customer_is_invited_once_until_they_write(
    opened: datetime | None, invited: datetime | None, may: bool
) -> None:
    assert may_invite(conversation(window_opened_at=opened, invited_at=invited)) is may


def test_the_invitation_is_exactly_the_approved_one() -> None:
    assert is_the_invitation(invitation(), REOPEN, conversation())
    assert is_the_invitation(
        invitation(
            language="en",
            text="Hi, there is news.",
            channel_template=ChannelTemplate(name="kabar_menunggu", language="en_US"),
        ),
        REOPEN,
        conversation(),
    )
    for other in (
        invitation(text="Halo Kak, uangnya kembali."),
        invitation(channel_template=None),
        invitation(channel_template=ChannelTemplate(name="promo", language="id")),
        invitation(language="en"),
    ):
        assert not is_the_invitation(other, REOPEN, conversation())
    assert not is_the_invitation(invitation(), None, conversation())
    assert not is_the_invitation(invitation(), REOPEN, conversation(invited_at=NOW))


def test_a_language_that_is_not_approved_gets_one_that_is() -> None:
    only = REOPEN.model_copy(update={"texts": {"id": REOPEN.texts["id"]}})
    assert only.spoken("en") == (
        ChannelTemplate(name="kabar_menunggu", language="id"),
        "Halo Kak, ada kabar.",
    )


@pytest.mark.parametrize(
    "change", [{"name": "Kabar Menunggu"}, {"texts": {}}, {"texts": {"id": {"code": "id-ID"}}}]
)
def test_what_meta_could_not_have_approved_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReopenTemplate.model_validate({**REOPEN.model_dump(), **change})
