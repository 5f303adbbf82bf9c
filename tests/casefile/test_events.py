from datetime import UTC, datetime

import pytest

from casefile.events import Client, HumanSpoke, InboundMessage

NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "mime", "sticker", "file"),
    [
        ("image", "image/webp", True, False),
        ("image", "image/jpeg", False, True),
        ("document", "image/webp", False, True),
        ("audio", "audio/ogg", False, True),
    ],
)
def test_a_sticker_is_told_from_a_file(kind: str, mime: str, sticker: bool, file: bool) -> None:
    message = InboundMessage.model_validate({"id": "1", "kind": kind, "media": {"id": "m", "mime": mime}})
    assert (message.sticker, message.file) == (sticker, file)


def test_words_alone_are_neither() -> None:
    message = InboundMessage(id="1", kind="text", text="halo")
    assert not message.sticker and not message.file


@pytest.mark.parametrize(("text", "words"), [("Halo Kak", "Halo Kak"), ("", "(image)")])
def test_what_a_person_wrote_from_the_phone_is_words_or_what_it_was(text: str, words: str) -> None:
    message = InboundMessage(id="h1", kind="image", text=text)
    spoke = HumanSpoke(account="1", received_at=NOW, sent_at=NOW, client=Client(), message=message)
    assert spoke.words == words
