"""What is asked to be changed in the pages, where it comes from, and how it is settled."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from services_scenes import NOW, ZONE

from policies.limits import Limits
from services.change_requests import ChangeRequest, ChangeRequests
from services.knowledge import KnowledgeBase
from services.pages import Page, composed, parse_page
from store.database import Database
from store.times import iso
from tests.support.postgres import Opener

FRONT = {
    "Topic": "parkir",
    "Title": "Parkir",
    "Status": "Published",
    "Effective date": "2026-01-05",
    "Owner": "Administrasi",
    "Last reviewed": "2026-01-05",
    "Applies to": "all",
    "Language": "id",
}


@pytest.fixture
def database(open_database: Opener) -> Iterator[Database]:
    opened = open_database()
    yield opened
    opened.close()


def page(answer: str) -> Page:
    return parse_page("parkir", composed(FRONT, answer))


async def ask_everywhere(database: Database) -> ChangeRequests:
    """Let a question find no page, a person judge an answer, another ask for a change, and one accept a lesson."""

    def work(tx: object) -> None:
        tx.execute(  # type: ignore[attr-defined]
            "INSERT INTO gaps (key, case_id, question, language, at) VALUES ('g1', 'SCH-1', 'ada kolam?', 'id', ?)",
            (iso(NOW),),
        )
        for key, flaw in (("a1", "wrong"), ("a2", "tone"), ("a3", None)):
            tx.execute(  # type: ignore[attr-defined]
                "INSERT INTO audit_samples (key, desk, week, position, case_id, turn, tier, language, drafted, label,"
                " flaw, reason, judged_by, judged_at) VALUES (?, 'school', '2026-W07', 1, 'SCH-2', 1, 'R0', 'id', 0,"
                " 'incorrect', ?, 'harga lama', 'sf_tari', ?)",
                (key, flaw, iso(NOW + timedelta(minutes=1))),
            )

    await database.submit(work)
    requests = ChangeRequests(database)
    asked = ChangeRequest("person:1", "person", "parkir.id", "Tambah motor", None, NOW + timedelta(minutes=2))
    assert await requests.ask(asked)
    assert not await requests.ask(asked)
    await requests.ask(
        ChangeRequest("edit:1", "edit", "wifi.id", "+ sandi", "SCH-3", NOW + timedelta(minutes=3))
    )
    return requests


async def test_gaps_wrong_answers_lessons_and_people_ask_once_each(database: Database) -> None:
    requests = await ask_everywhere(database)
    assert [(one.key, one.origin, one.page, one.words, one.state) for one in requests.all()] == [
        ("gap:g1", "gap", "", "ada kolam?", "open"),
        ("audit:a1", "audit", "", "harga lama", "open"),
        ("person:1", "person", "parkir.id", "Tambah motor", "open"),
        ("edit:1", "edit", "wifi.id", "+ sandi", "open"),
    ]


async def test_a_release_answers_what_it_names_and_what_is_about_its_pages(database: Database) -> None:
    requests = await ask_everywhere(database)
    base = KnowledgeBase(database, Limits(), ZONE)
    gap = requests.all()[0]
    release = await base.publish((page("Ada, Kak."),), "sf_tari", NOW, closes=(gap,))
    settled = {one.key: (one.state, one.release, one.by) for one in requests.all()}
    assert settled == {
        "gap:g1": ("released", release, "sf_tari"),
        "audit:a1": ("open", "", ""),
        "person:1": ("released", release, "sf_tari"),
        "edit:1": ("open", "", ""),
    }
    # Nothing is released, nothing is answered.
    await base.publish((page("Ada, Kak."),), "sf_tari", NOW, closes=(requests.all()[1],))
    assert requests.all()[1].state == "open"


async def test_a_request_is_set_aside_once_and_documented(database: Database) -> None:
    requests = await ask_everywhere(database)
    gap = requests.all()[0]
    assert await requests.reject(gap, "sf_tari", "tidak ada kolam", NOW)
    assert not await requests.reject(gap, "sf_agus", "lagi", NOW)
    (one, *_) = requests.all()
    assert (one.state, one.by, one.why, one.words) == ("rejected", "sf_tari", "tidak ada kolam", "ada kolam?")
    (row,) = database.read("SELECT actor, action, case_id FROM audit WHERE service = 'knowledge'")
    assert tuple(row) == ("sf_tari", "reject_request", "SCH-1")
    # A customer's words are kept with their question alone, and go with it.
    (kept,) = database.read("SELECT words FROM change_requests WHERE key = 'gap:g1'")
    assert kept["words"] == ""
