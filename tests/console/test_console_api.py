"""What the console's addresses answer, over real HTTP."""

from datetime import timedelta

import httpx
import pytest
from console_scenes import NOW, PHONE, SECRET_WORDS, STAGE, Desk, case, record, refund, say

from graph.record import unpacked
from policies.rule_words import INDONESIAN

LATEST = "/console/api/cases/latest"


async def test_before_the_first_word_there_is_no_case(desk: Desk, http: httpx.AsyncClient) -> None:
    answer = await http.get(desk.url + LATEST, params={"conversation": "6281200001001"})
    assert answer.status_code == 200
    assert answer.json() == {"zone": "Asia/Jakarta", "revealed": False, "case": None}
    again = await http.get(
        desk.url + LATEST,
        params={"conversation": "6281200001001"},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304
    assert (await http.get(f"{desk.url}/console/api/cases")).json()["cases"] == []


async def test_a_case_shows_its_header_turns_and_all_that_belongs_to_it(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    asked = await refund(desk)
    shown = (await http.get(f"{desk.url}/console/api/cases/{asked.id}")).json()
    header = shown["case"]
    assert (header["id"], header["state"], header["owner"], header["tier"]) == (
        "SCH-2026-0001",
        "awaiting_approval",
        "coach",
        "R3",
    )
    [turn] = shown["turns"]
    assert turn["roles"] == ["B", "D", "A", "person"]
    assert turn["verdict"]["rules"] == [
        {"rule": "R3.refund", "id": INDONESIAN["R3.refund"], "en": "Asks for money back"}
    ]
    assert turn["came_in"][0]["letters"] == len(SECRET_WORDS)
    assert turn["reads"] == [{"node": "collect", "port": "Books.payments", "down": "payments"}]
    b, d, a = turn["steps"]
    assert [effect["type"] for effect in b["kept"]] == ["send_message"]
    assert [rule["rule"] for rule in b["held"][0]["rules"]] == ["QA.commitment", "JUDGE.undone"]
    assert "disetujui" in b["held"][0]["rules"][0]["id"]
    assert d["kept"] == []
    assert [effect["type"] for effect in a["kept"]] == ["open_approval", "post_to_lane"]
    assert {row["kind"]: row["state"] for row in shown["ledger"]} == {
        "send_message": "queued",
        "post_to_lane": "queued",
    }
    [approval] = shown["approvals"]
    assert (approval["state"], approval["digest"]) == ("pending", "abcdef0123")
    assert approval["checked"] == ["identity: WA_MATCH", "r…@e….com"]
    assert [line["id"] for line in shown["beside"]] == [asked.id]


async def test_nothing_a_customer_said_is_shown_unless_revealed(desk: Desk, http: httpx.AsyncClient) -> None:
    await refund(desk)
    for path in ("/console/api/cases", "/console/api/cases/SCH-2026-0001", LATEST):
        body = (await http.get(desk.url + path)).text
        assert "rahasia" not in body
        assert "81200001001" not in body
        assert "rina@example.com" not in body
    assert "+62\\u20261001" in body or "+62…1001" in body


async def test_in_the_sandbox_the_words_are_shown(open_desk: Desk, http: httpx.AsyncClient) -> None:
    await refund(open_desk)
    shown = (await http.get(f"{open_desk.url}/console/api/cases/SCH-2026-0001")).json()
    assert shown["case"]["request"] == SECRET_WORDS
    assert shown["case"]["customer"] == PHONE
    assert shown["turns"][0]["came_in"][0]["text"] == SECRET_WORDS
    assert shown["approvals"][0]["asks"] == SECRET_WORDS


@pytest.mark.parametrize("name", ["6281200001001", "+6281200001001", "wa-628001-ct_000000000001"])
async def test_a_conversation_is_found_by_its_id_or_its_customers_number(
    desk: Desk, http: httpx.AsyncClient, name: str
) -> None:
    asked = await refund(desk)
    other = await desk.writes("+6281200001002", "halo")
    await desk.turn(case("SCH-2026-0002", other, minutes=5))
    shown = (await http.get(desk.url + LATEST, params={"conversation": name})).json()
    assert shown["case"]["id"] == asked.id
    nobody = (await http.get(desk.url + LATEST, params={"conversation": "6281299999999"})).json()
    assert nobody["case"] is None
    newest = (await http.get(desk.url + LATEST)).json()
    assert newest["case"]["id"] == "SCH-2026-0002"


async def test_the_latest_case_follows_the_conversation(desk: Desk, http: httpx.AsyncClient) -> None:
    asked = await refund(desk)
    beside = case("SCH-2026-0002", asked.conversation_id, minutes=1, state="answered", intent="next_session")
    await desk.turn(beside)
    shown = (await http.get(desk.url + LATEST, params={"conversation": "6281200001001"})).json()
    assert shown["case"]["id"] == "SCH-2026-0002"
    assert [line["id"] for line in shown["beside"]] == ["SCH-2026-0002", "SCH-2026-0001"]


async def test_what_has_not_changed_is_not_sent_again_but_the_time_is(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    asked = await refund(desk)
    url = f"{desk.url}/console/api/cases/{asked.id}"
    first = await http.get(url)
    desk.clock.advance(timedelta(minutes=3))
    second = await http.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["loket-now"] == (NOW + timedelta(minutes=3)).isoformat()
    await desk.journal.attempting(f"{asked.id}:1:send", NOW)
    third = await http.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert third.status_code == 200
    assert "attempting" in {row["state"] for row in third.json()["ledger"]}


async def test_open_cases_come_first_the_soonest_due_on_top(desk: Desk, http: httpx.AsyncClient) -> None:
    conversation = await desk.writes(PHONE, "halo")
    rows = [
        ("SCH-2026-0001", 9, "resolved", None),
        ("SCH-2026-0002", 1, "answered", None),
        ("SCH-2026-0003", 2, "awaiting_approval", 90),
        ("SCH-2026-0004", 3, "with_person", 20),
        ("SCH-2026-0005", 4, "closed", None),
    ]
    for case_id, minutes, state, due in rows:
        due_at = NOW + timedelta(minutes=due) if due else None
        await desk.turn(case(case_id, conversation, minutes, state=state, due_at=due_at))
    lines = (await http.get(f"{desk.url}/console/api/cases")).json()["cases"]
    assert [line["id"][-1] for line in lines] == ["4", "3", "2", "1", "5"]
    assert lines[0]["customer"] == "+62…1001"


async def test_a_damaged_record_hides_only_its_own_turn(desk: Desk, http: httpx.AsyncClient) -> None:
    asked = await refund(desk)
    await desk.turn(asked.with_(turn=2), record=b"not a record")
    shown = (await http.get(f"{desk.url}/console/api/cases/{asked.id}")).json()
    assert shown["turns"][0] == {"turn": 2, "unreadable": True}
    assert shown["turns"][1]["verdict"]["tier"] == "R3"


async def test_a_long_case_shows_its_last_thirty_turns(desk: Desk, http: httpx.AsyncClient) -> None:
    conversation = await desk.writes(PHONE, "halo")
    for turn in range(1, 36):
        told = case("SCH-2026-0001", conversation, turn, turn=turn)
        await desk.turn(told, record=record(told, "halo"))
    shown = (await http.get(f"{desk.url}/console/api/cases/SCH-2026-0001")).json()
    assert [turn["turn"] for turn in shown["turns"]] == list(range(35, 5, -1))
    assert shown["earlier_turns"] == 5


async def test_an_effect_taken_back_later_in_the_turn_is_counted_not_shown(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    conversation = await desk.writes(PHONE, "halo")
    told = case("SCH-2026-0001", conversation)
    kept = say(told, "halo")
    written = record(told, "halo", kept)
    steps = ({**written.steps[0], "effects": [kept.key, "gone"]},)
    await desk.turn(told, kept, record=record(told, "halo", kept, steps=steps))
    shown = (await http.get(f"{desk.url}/console/api/cases/SCH-2026-0001")).json()
    [step] = shown["turns"][0]["steps"]
    assert ([effect["key"] for effect in step["kept"]], step["replaced"]) == ([kept.key], 1)
    assert unpacked(written.packed()).verdict.tier == "R3"


async def test_every_answer_forbids_what_the_page_does_not_need(desk: Desk, http: httpx.AsyncClient) -> None:
    paths = [
        "cases",
        "cases/latest",
        "api/cases",
        "api/cases/none",
        "page/main.js",
        "page/nothing.js",
        "nowhere",
    ]
    for path in paths:
        answer = await http.get(f"{desk.url}/console/{path}")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert policy.endswith(f"frame-ancestors 'self' {STAGE}")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.status_code == (404 if path[-4:] in ("none", "here") or "nothing" in path else 200)
    assert (await http.get(f"{desk.url}/console/api/cases")).headers["cache-control"] == "no-store"


async def test_it_can_only_be_read(desk: Desk, http: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("cases", "cases/latest", "api/cases", "api/cases/latest"):
            assert (await http.request(method, f"{desk.url}/console/{path}")).status_code == 405


async def test_the_door_of_the_console_leads_to_the_list(desk: Desk, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{desk.url}/console/", params={"lang": "en"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/console/cases?lang=en")
