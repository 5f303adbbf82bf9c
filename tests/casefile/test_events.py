import pytest

from casefile.events import InboundMessage


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
