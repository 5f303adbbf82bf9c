import pytest

from policies.talk import calm_emoji, manner


@pytest.mark.parametrize("text", ["👍", "🙏🏽", "❤️", "😊😊 👍", "🥰"])
def test_friendly_emoji_alone_need_no_answer(text: str) -> None:
    assert calm_emoji(text)


@pytest.mark.parametrize("text", ["", "👎", "😡", "oke 👍", "1", "👍?"])
def test_anything_else_does(text: str) -> None:
    assert not calm_emoji(text)


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("assalamualaikum kak", "salam"),
        ("Assalamu'alaikum", "salam"),
        ("kak", "call"),
        ("min?", "call"),
        ("halo?", "call"),
        ("halo kak", "call"),
        ("halo", "plain"),
        ("selamat pagi kak", "plain"),
        ("hmm", "wonder"),
        ("hmmm...", "wonder"),
        ("haha", "plain"),
    ],
)
def test_how_somebody_opens(text: str, is_: str) -> None:
    assert manner(text) == is_
