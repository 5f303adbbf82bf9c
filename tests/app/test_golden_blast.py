"""Which golden conversations a change of pages touches: by what was heard, or by what they ask for."""

import json
from pathlib import Path

from app.golden_blast import Touched, touched
from services.pages import Page, composed, parse_page
from services.proposals import proposals

FRONT = {
    "Topic": "parking",
    "Title": "Parkir",
    "Status": "Published",
    "Effective date": "2026-01-05",
    "Owner": "Administrasi",
    "Last reviewed": "2026-01-05",
    "Applies to": "all",
    "Language": "id",
}
SCRIPT = """
title: {name}
language: {language}
intents: [{intent}]
as: ct_rina
steps:
  - say: parkir ada?
    expect: {{case: {{tier: R0}}}}
"""


def page(answer: str) -> Page:
    return parse_page("x", composed(FRONT, answer))


def exams(folder: Path) -> Path:
    """Write three conversations, one of which was played in the run that was accepted."""
    golden = folder / "golden" / "school"
    golden.mkdir(parents=True)
    for name, language, intent in (
        ("played", "id", "greeting"),
        ("asks", "id", "faq.parking"),
        ("other-language", "en", "faq.parking"),
        ("something-else", "id", "faq.wifi"),
    ):
        script = SCRIPT.format(name=name, language=language, intent=intent)
        (golden / f"{name}.yaml").write_text(script, encoding="utf-8")
    heard = {"text": "Halo! Ada 6 mobil, Kak. Ada lagi?"}
    outcome = {
        "name": "played",
        "title": "x",
        "language": "id",
        "steps": [{"who": "x", "did": "x", "heard": [heard]}],
    }
    head = {"exam": "school", "at": "2026-11-23T03:00:00Z"}
    (folder / "accepted").mkdir()
    lines = "\n".join(json.dumps(line) for line in (head, outcome))
    (folder / "accepted" / "school.jsonl").write_text(lines, encoding="utf-8")
    return folder


def words(said: Page) -> tuple[str, str]:
    return said.answer, said.next_detail


def test_a_conversation_is_touched_by_what_was_heard_else_by_what_it_asks_for(tmp_path: Path) -> None:
    folder = exams(tmp_path)
    changes = proposals((page("Ada 6 mobil, Kak."),), (page("Ada 9 mobil, Kak."),))
    assert touched("school", changes, words, folder) == (
        Touched("asks", "parking.id", heard=False),
        Touched("played", "parking.id", heard=True),
    )
    assert [
        one.name for one in touched("school", proposals((page("Ada 6 mobil, Kak."),), ()), words, folder)
    ] == [
        "asks",
        "played",
    ]


def test_what_no_customer_hears_touches_nothing(tmp_path: Path) -> None:
    folder = exams(tmp_path)
    below = proposals((page("Ada 6 mobil, Kak."),), (page("Ada 6 mobil, Kak.\n\nKuncinya di satpam."),))
    assert len(below) == 1
    assert touched("school", below, words, folder) == ()
    assert touched("shop", proposals((page("Ada 6 mobil, Kak."),), ()), words, folder) == ()
