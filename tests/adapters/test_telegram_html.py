"""Escaping and cutting Telegram's HTML."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram_html import escape, split

TAG = re.compile(r"</?([a-z]+)[^<>]*>")


def plain(html: str) -> str:
    """What a reader sees."""
    return unescape(TAG.sub("", html))


def balanced(html: str) -> bool:
    """Whether every tag is closed in order."""
    opened: list[str] = []
    for tag in TAG.finditer(html):
        if not tag.group().startswith("</"):
            opened.append(tag.group(1))
        elif not opened or opened.pop() != tag.group(1):
            return False
    return not opened


def test_only_three_characters_are_escaped() -> None:
    assert escape("<b> & \"x\" 'y'") == "&lt;b&gt; &amp; \"x\" 'y'"


def test_short_html_stays_whole() -> None:
    assert split("<b>a</b>") == ("<b>a</b>",)


def test_cut_at_a_line_and_reopen_what_was_open() -> None:
    assert split("<b>satu\ndua</b>", limit=12) == ("<b>satu</b>", "<b>dua</b>")


def test_attributes_are_reopened_too() -> None:
    parts = split(f'<a href="x">{"y" * 40}</a>', limit=30)
    assert all(part.startswith('<a href="x">') and part.endswith("</a>") for part in parts)
    assert "".join(plain(part) for part in parts) == "y" * 40


def test_entities_are_never_cut() -> None:
    for limit in range(6, 20):
        assert "".join(plain(part) for part in split("&amp;" * 20, limit)) == "&" * 20


def test_tags_that_leave_no_room_are_an_error() -> None:
    with pytest.raises(ValueError, match="stand alone"):
        split("<b><i><u>text</u></i></b>", limit=10)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=30).map(escape)


def tagged(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Put some pieces inside a tag, or not."""
    tag = st.sampled_from(["b", "i", "code", "blockquote"])
    inside = st.lists(inner, max_size=4).map("".join)
    return inner | st.builds(lambda name, html: f"<{name}>{html}</{name}>", tag, inside)


HTML = tagged(tagged(TEXT | st.just("\n")))


@given(st.lists(HTML, max_size=12).map("".join), st.integers(90, 200))
@settings(max_examples=200, deadline=None)
def test_parts_fit_are_balanced_and_lose_nothing_but_line_ends(html: str, limit: int) -> None:
    parts = split(html, limit)
    assert all(len(part) <= limit and balanced(part) for part in parts)
    assert "".join(plain(part) for part in parts).replace("\n", "") == plain(html).replace("\n", "")


@given(st.text(max_size=200))
def test_escaped_text_reads_as_it_was(text: str) -> None:
    assert not TAG.search(escape(text))
    assert escape(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
