"""The note on a prospect: one per case, once per key, theirs alone, and gone with them."""

import json
from pathlib import Path

from services_scenes import READING, School, task

from casefile.packets import CTask
from services.contact_erase import erase
from services.contact_export import export
from services.contact_merge import Who, merge
from store.person import person_of
from tests.services.services_scenes import NOW

FIELDS = {"budget": {"said": "10 juta", "low": 10_000_000, "high": 10_000_000}}


def noting(
    key: str = "k1", contact: str = "ct_rina", outcome: str = "page", summary: str = "10 juta"
) -> CTask:
    return task("LEAD_NOTE", contact, key, fields=FIELDS, outcome=outcome, summary=summary)


def notes(school: School) -> list[tuple[str, ...]]:
    rows = school.database.read("SELECT case_id, contact_id, outcome, summary FROM leads ORDER BY case_id")
    return [tuple(row) for row in rows]


async def test_a_lead_is_noted_once_and_written_over_when_it_changes(school: School) -> None:
    first = await school.operations.execute(noting())
    assert (first.status, first.due_from) == ("SUCCESS", None)
    assert await school.operations.execute(noting()) == first
    assert notes(school) == [("SCH-rina", "ct_rina", "page", "10 juta")]
    await school.operations.execute(noting("k2", outcome="person", summary="500 juta"))
    assert notes(school) == [("SCH-rina", "ct_rina", "person", "500 juta")]


async def test_what_nobody_can_be_met_for_alone_is_due_for_a_person(school: School) -> None:
    result = await school.operations.execute(noting(outcome="person"))
    assert result.due_from is not None
    [due] = school.database.read("SELECT action, contact_id, assignee FROM due_tasks")
    assert tuple(due) == ("LEAD_NOTE", "ct_rina", result.due_from)


async def test_a_note_is_on_who_writes_and_says_something(school: School) -> None:
    assert (await school.operations.execute(noting(contact="ct_maya"))).status == "BLOCKED_POLICY"
    assert (await school.operations.execute(noting("k2", contact="ct_nobody"))).status == "FAILED"
    empty = task("LEAD_NOTE", "ct_rina", "k3", fields={}, outcome="page", summary="")
    assert (await school.operations.execute(empty)).status == "FAILED"
    assert notes(school) == []


async def test_a_prospects_number_is_their_identity_from_then_on(school: School) -> None:
    await school.database.submit(
        lambda tx: tx.execute("UPDATE contacts SET registered = 0 WHERE id = 'ct_rina'")
    )
    await school.operations.execute(noting())
    assert await school.sources.registered("ct_rina")


async def test_a_note_is_handed_over_moves_along_and_is_erased(school: School, tmp_path: Path) -> None:
    await school.operations.execute(noting())
    read = school.database.read
    assert export(read, person_of(read, "ct_rina"), tmp_path)["leads"][0]["fields"] == json.loads(
        json.dumps(FIELDS)
    )
    who = Who("sf_tari", "same person", NOW)
    await school.database.submit(lambda tx: merge(tx, "ct_maya", "ct_rina", who, READING, "mg_1"))
    assert notes(school)[0][1] == "ct_maya"
    await school.database.submit(lambda tx: erase(tx, person_of(tx.all, "ct_maya")))
    assert notes(school) == []
