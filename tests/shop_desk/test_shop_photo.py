"""Somebody who asks to see a product gets its picture with the words; a question that names several gets the choice."""

import json
from typing import Any

import pytest

from app.cli.main import main


def said(text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return what would be said to a regular of the shop."""
    assert main(["explain", text, "--desk", "shop", "--as", "+6281300002001", "--json"]) == 0
    (message,) = (e for e in json.loads(capsys.readouterr().out)["effects"] if e["type"] == "send_message")
    return dict(message)


@pytest.mark.parametrize(
    ("text", "template", "carried"),
    [
        (
            "boleh liat fotonya kemeja linen bahari kak?",
            "shop_product@1",
            "photo:Kemeja Linen Bahari:kemeja-linen-bahari",
        ),
        (
            "minta foto hoodie puncak abu size M dong",
            "shop_ready@1",
            "photo:Hoodie Fleece Puncak:hoodie-fleece-puncak",
        ),
        ("minta foto kaosnya", "shop_list@1", None),
        ("kemeja linen bahari bahannya apa?", "shop_product@1", None),
    ],
)
def test_a_picture_goes_with_the_answer_to_who_asks_for_it(
    text: str, template: str, carried: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    message = said(text, capsys)
    assert (message["template"], message.get("attachment")) == (template, carried)
