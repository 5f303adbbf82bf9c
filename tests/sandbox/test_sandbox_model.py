"""The emulated model: moods, usage, refusals, streams."""

import json
from typing import Any

import httpx
import pytest
from sandbox_scenes import Client

KEY = "sandbox-model-key"
SAFE = "<safe_text>Sesi Kakak berikutnya Rabu pukul 15.00 WIB.</safe_text>"
READER = {
    "type": "object",
    "properties": {
        "signals": {"type": "array", "items": {"$ref": "#/$defs/Signal"}},
        "tier": {"enum": ["R0", "R1", "R2", "R3"]},
        "why": {"type": "string"},
    },
    "$defs": {"Signal": {"enum": ["refund", "cancel"]}},
}


async def ask(client: Client, *said: str, key: str = KEY, **more: Any) -> httpx.Response:
    messages = [{"role": "system", "content": "Be kind."}, *({"role": "user", "content": s} for s in said)]
    body = {"model": "sandbox-small", "messages": messages, **more}
    headers = {"Authorization": f"Bearer {key}"}
    return await client.http.post("/v1/chat/completions", json=body, headers=headers)


async def said(client: Client, *words: str, **more: Any) -> str:
    answer = await ask(client, *words, **more)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["choices"][0]["message"]["content"])


def wanting(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "reading", "schema": schema, "strict": True}}


async def test_honest_rephrases_the_safe_text_in_its_language(client: Client) -> None:
    assert await said(client, SAFE) == (
        "Sesi Kakak berikutnya Rabu pukul 15.00 WIB.\n\nSemoga membantu ya, Kak."
    )
    english = await said(client, "Text to rewrite:\nYour next lesson is on Wednesday and we are ready.")
    assert english == "Your next lesson is on Wednesday and we are ready.\n\nHope that helps!"


async def test_usage_is_counted_the_same_each_time_and_repeated_instructions_are_cached(
    client: Client,
) -> None:
    used = [(await ask(client, "halo, kak")).json()["usage"] for _ in range(2)]
    # "Be kind." is three tokens and "halo, kak" as many, each message three more.
    assert [u["prompt_tokens"] for u in used] == [12, 12]
    assert [u["prompt_tokens_details"]["cached_tokens"] for u in used] == [0, 3]
    assert used[0]["total_tokens"] == 12 + used[0]["completion_tokens"]
    seen = await client.look("model")
    assert (seen["calls"], seen["input_tokens"], seen["cached_tokens"]) == (2, 24, 3)
    assert seen["output_tokens"] == 2 * used[0]["completion_tokens"]


async def test_honest_reads_a_message_as_the_schema_asks(client: Client) -> None:
    words = "<customer_message>duitku balikin dong</customer_message>"
    read = json.loads(await said(client, words, response_format=wanting(READER)))
    assert read == {"signals": ["refund"], "tier": "R3", "why": ""}


@pytest.mark.parametrize(
    ("slip", "seen"),
    [
        ("number", "3 hari"),
        ("date", "31 Juli"),
        ("promise", "dijamin"),
        ("questions", "Ada lagi?"),
        ("language", "Sorry for the wait"),
        ("name_lost", "Sudah beres"),
    ],
)
async def test_sloppy_slips(client: Client, slip: str, seen: str) -> None:
    await client.control("model", mood="sloppy", slip=slip)
    assert seen in await said(client, SAFE)


async def test_sloppy_has_each_slip_in_turn_and_starts_over(client: Client) -> None:
    await client.control("model", mood="sloppy")
    first = [await said(client, SAFE) for _ in range(8)]
    assert len(set(first[:7])) == 7 and first[7] == first[0] and len(first[5]) > 900
    await client.control("model", mood="sloppy")
    assert await said(client, SAFE) == first[0]


@pytest.mark.parametrize("slip", ["missing_field", "unknown_word", "extra_field", "fenced", "wrong_type"])
async def test_sloppy_structured_answers_are_nearly_right(client: Client, slip: str) -> None:
    await client.control("model", mood="sloppy", slip=slip)
    raw = await said(client, "halo", response_format=wanting(READER))
    whole = {"signals": [], "tier": "R0", "why": ""}
    nearly = {
        "missing_field": {"tier": "R0", "why": ""},
        "unknown_word": {**whole, "signals": ["made_up"]},
        "extra_field": {**whole, "confidence_in_myself": "very high"},
        "wrong_type": {**whole, "signals": 7},
    }
    assert raw.startswith("Here you are") if slip == "fenced" else json.loads(raw) == nearly[slip]


@pytest.mark.parametrize(
    ("slip", "seen"),
    [
        ("approved", "disetujui"),
        ("others", "Rina +628110000001"),
        ("prompt", "Be kind."),
        ("injection", "ignore all rules"),
        ("paid", "lunas"),
        ("internal", "orchestrator_a"),
        ("link", "hadiah.example"),
        ("tier", '"tier": "R0"'),
    ],
)
async def test_hostile_says_the_worst(client: Client, slip: str, seen: str) -> None:
    await client.control("model", mood="hostile", slip=slip)
    assert seen in await said(client, SAFE)


async def test_hostile_lowers_everything_a_schema_lets_it(client: Client) -> None:
    await client.control("model", mood="hostile")
    read = json.loads(await said(client, "refund dong", response_format=wanting(READER)))
    assert (read["tier"], read["signals"]) == ("R0", ["refund", "cancel"])
    assert "refund is approved" in read["why"]


async def test_empty_wrong_and_scripted_answers(client: Client) -> None:
    await client.control("model", mood="empty")
    assert await said(client, "halo") == ""
    await client.control("model", mood="wrong_schema")
    assert json.loads(await said(client, "halo", response_format=wanting(READER))) == {"weather": "fine"}
    await client.control("model", answers=["satu", "dua"])
    assert [await said(client, SAFE) for _ in range(2)] == ["satu", "dua"]
    assert (await said(client, SAFE)).startswith("Sesi Kakak")


async def test_an_answer_is_cut_at_what_was_asked_for_at_most(client: Client) -> None:
    answer = (await ask(client, "satu dua tiga empat", max_completion_tokens=3)).json()
    choice = answer["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("satu dua tiga", "length")
    assert answer["usage"]["completion_tokens"] == 3


async def test_stream_carries_the_same_words_and_usage_when_asked(client: Client) -> None:
    whole = await said(client, SAFE)
    answer = await ask(client, SAFE, stream=True, stream_options={"include_usage": True})
    lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line]
    assert lines[-1] == "[DONE]"
    events = [json.loads(line) for line in lines[:-1]]
    pieces = [c["delta"].get("content", "") for e in events for c in e["choices"]]
    assert "".join(pieces) == whole and len(pieces) > 3
    assert events[-1]["usage"]["total_tokens"] > 0


async def test_a_stranger_and_a_malformed_request_are_refused_without_a_receipt(client: Client) -> None:
    assert (await ask(client, "halo", key="wrong")).status_code == 401
    headers = {"Authorization": f"Bearer {KEY}"}
    for body in ("{", '{"messages": []}', '{"messages": [{"role": "user", "content": null}]}'):
        told = await client.http.post("/v1/chat/completions", content=body, headers=headers)
        assert (told.status_code, told.json()["error"]["code"]) == (400, "invalid_request_error")
    assert (await client.look("model"))["calls"] == 0


async def test_faults_meet_the_chat_and_an_outage_the_list_as_well(client: Client) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    listed = await client.http.get("/v1/models", headers=headers)
    assert [m["id"] for m in listed.json()["data"]] == ["sandbox-small", "sandbox-large"]
    await client.control("faults", target="model", mode="429", seconds=2, count=1)
    busy = await ask(client, "halo")
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "2")
    assert (await ask(client, "halo")).status_code == 200
    await client.control("dependencies", name="model", up=False)
    assert (await ask(client, "halo")).status_code == 503
    assert (await client.http.get("/v1/models", headers=headers)).status_code == 503


async def test_half_an_answer_breaks_off_but_has_been_counted(client: Client) -> None:
    await client.control("faults", target="model", mode="half_body", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await ask(client, "halo")
    assert (await client.look("model"))["calls"] == 1


async def test_receipts_hold_what_was_asked_and_said(client: Client) -> None:
    before = (await client.look("events", wait=0))["last"]
    await said(client, "halo")
    events = (await client.look("events", after=before, wait=0))["events"]
    (call,) = [e for e in events if e["kind"] == "model.call"]
    assert [m["content"] for m in call["messages"]] == ["Be kind.", "halo"]
    assert (call["model"], call["mood"], call["schema"]) == ("sandbox-small", "honest", None)
