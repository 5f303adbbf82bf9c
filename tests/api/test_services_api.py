"""The schedule, payments and published pages, as other systems ask for them."""

import asyncio
from typing import Any

from tests.api.api_scenes import NARROW_KEY, Api

Json = dict[str, Any]
NARROW = {"authorization": f"Bearer {NARROW_KEY}"}


async def free_slot(api: Api, student: str) -> str:
    known: Json = (await api.http.get(f"/schedule/students/{student}")).json()
    return str(known["free_slots"][0]["id"])


def moved(slot: str, **other: str) -> Json:
    return {
        "request_id": "move-0001",
        "contact_id": "ct_rina",
        "session_id": "ss_rina_3",
        "slot_id": slot,
    } | other


async def test_a_contacts_students_and_their_lessons_are_told(school_api: Api) -> None:
    children = (await school_api.http.get("/schedule/students", params={"contact_id": "ct_maya"})).json()
    assert [child["id"] for child in children] == ["st_alya", "st_kenzo"]
    known = (await school_api.http.get("/schedule/students/st_rina")).json()
    assert {"ss_rina_3", "ss_rina_4"} <= {session["id"] for session in known["sessions"]}
    assert (known["reschedules_this_month"], known["student_id"]) == (0, "st_rina")
    assert (await school_api.http.get("/schedule/students/st_nobody")).status_code == 404
    nobody = await school_api.http.get("/schedule/students", params={"contact_id": "ct_nobody"})
    assert nobody.json() == []


async def test_a_lesson_is_moved_once_inside_the_policy(school_api: Api) -> None:
    slot = await free_slot(school_api, "st_rina")
    first = await school_api.http.post("/schedule/students/st_rina/moves", json=moved(slot))
    assert first.status_code == 200, first.text
    assert first.json()["reschedules_this_month"] == 1
    again = await school_api.http.post("/schedule/students/st_rina/moves", json=moved(slot))
    assert again.json()["reschedules_this_month"] == 1


async def test_a_move_asked_for_by_somebody_else_or_to_nowhere_is_refused(school_api: Api) -> None:
    slot = await free_slot(school_api, "st_rina")
    path = "/schedule/students/st_rina/moves"
    other = await school_api.http.post(path, json=moved(slot, contact_id="ct_budi"))
    assert (other.status_code, "does not speak" in other.json()["detail"]) == (409, True)
    nowhere = moved("sl_none", request_id="move-0002")
    assert (await school_api.http.post(path, json=nowhere)).status_code == 404
    known = (await school_api.http.get("/schedule/students/st_rina")).json()
    assert known["reschedules_this_month"] == 0


async def test_two_who_want_one_slot_do_not_both_get_it(school_api: Api) -> None:
    slot = await free_slot(school_api, "st_rina")
    one = moved(slot)
    two = moved(slot, session_id="ss_rina_4", request_id="move-0003")
    path = "/schedule/students/st_rina/moves"
    answers = await asyncio.gather(*(school_api.http.post(path, json=wish) for wish in (one, two)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_payment_is_confirmed_by_a_named_person_with_evidence_once(school_api: Api) -> None:
    path = "/payments/INV-2026-1117-001"
    before = (await school_api.http.get(path)).json()
    assert (before["amount"], before["payment"]["state"]) == (1400000, "PENDING")
    seen = {"request_id": "paid-0001", "by": "sf_tari", "evidence": "mutasi bank SK-4200"}
    nobody = await school_api.http.post(f"{path}/confirmations", json={**seen, "by": "sf_ghost"})
    assert nobody.status_code == 409
    seen["request_id"] = "paid-0002"
    told = await school_api.http.post(f"{path}/confirmations", json=seen)
    assert told.status_code == 200, told.text
    payment = told.json()["payment"]
    assert (payment["state"], payment["source"], payment["confirmed_by"]) == ("CONFIRMED", "staff", "sf_tari")
    assert (await school_api.http.post(f"{path}/confirmations", json=seen)).json() == told.json()
    other = {**seen, "request_id": "paid-0003"}
    assert (await school_api.http.post(f"{path}/confirmations", json=other)).status_code == 409
    assert (await school_api.http.get("/payments/INV-2026-0101-999")).status_code == 404


async def test_a_page_comes_as_it_is_cited_with_its_release(school_api: Api) -> None:
    force = (await school_api.http.get("/knowledge/release")).json()
    assert "cancellation_policy.en" in force["pages"]
    page = (await school_api.http.get("/knowledge/pages/cancellation_policy?language=en")).json()
    assert (page["page_id"], page["release"]) == ("cancellation_policy", force["release"])
    assert (await school_api.http.get("/knowledge/pages/no_such_page")).status_code == 404
    asked = {"text": "aturan pembatalan kelas", "top_k": 3}
    found = (await school_api.http.get("/knowledge/search", params=asked)).json()
    assert "cancellation_policy" in [one["page_id"] for one in found]
    assert len(found) <= 3


async def test_each_has_a_scope_of_its_own(school_api: Api) -> None:
    for path in ("/schedule/students/st_rina", "/payments/INV-2026-1117-001", "/knowledge/release"):
        refused = await school_api.http.get(path, headers=NARROW)
        assert refused.status_code == 403
