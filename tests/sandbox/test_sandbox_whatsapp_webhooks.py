"""How webhooks travel: signed, at least once, and as unruly as asked."""

import hashlib
from typing import Any

import httpx
import pytest
from sandbox_scenes import Client, Receiver, serving

from sandbox.people import Customer
from sandbox.server import SandboxServer
from sandbox.settings import SandboxSettings
from sandbox.whatsapp_payloads import BUILDERS

FILE = {"data_base64": "AAEC", "mime_type": "application/octet-stream"}
SAID: dict[str, dict[str, Any]] = {
    "text": {"text": "Halo Kak"},
    "image": {"caption": "ini buktinya"},
    "audio": {},
    "document": {**FILE, "filename": "bukti.pdf"},
    "video": FILE,
    "sticker": FILE,
    "location": {"latitude": -6.26, "longitude": 106.81, "name": "Suara Kita"},
    "contacts": {"contact_name": "Dewi", "contact_phone": "+628119999999"},
    "button_reply": {"id": "b1", "title": "Rabu"},
    "list_reply": {"id": "r1", "title": "Kamis", "description": "10.00"},
    "button": {"id": "payload", "title": "Konfirmasi"},
    "reaction": {"message_id": "wamid.X", "emoji": "👍"},
    "order": {
        "items": [{"product_retailer_id": "sku1", "quantity": 2, "item_price": 50000, "currency": "IDR"}]
    },
    "system": {"old": "628110000001", "new": "628110000002"},
    "unsupported": {},
    "edit": {"message_id": "wamid.X", "text": "maksudku Rabu"},
    "revoke": {"message_id": "wamid.X"},
}


def test_every_kind_there_is_has_an_example_here() -> None:
    assert SAID.keys() == BUILDERS.keys()


@pytest.mark.parametrize("kind", sorted(SAID))
async def test_every_kind_of_message_arrives(client: Client, receiver: Receiver, kind: str) -> None:
    await client.control("whatsapp/send", **{"from": "rina", "kind": kind, **SAID[kind]})
    await receiver.until(lambda r: len(r.messages) == 1)
    message = receiver.messages[0]
    assert message["from"] == "628110000001"
    assert message["timestamp"].isdigit()
    wire_type = "interactive" if kind.endswith("_reply") else kind
    assert message["type"] == wire_type
    if kind == "unsupported":
        assert message["errors"][0]["code"] == 131051
    else:
        assert message[wire_type]
    assert ("contacts" in receiver.values[0]) is (kind != "system")


async def test_a_photo_can_be_fetched(client: Client, receiver: Receiver) -> None:
    await client.control("whatsapp/send", **{"from": "rina", "kind": "image"})
    await receiver.until(lambda r: len(r.messages) == 1)
    image = receiver.messages[0]["image"]
    bearer = {"Authorization": "Bearer access-token"}
    told = (await client.http.get(f"/graph/v23.0/{image['id']}", headers=bearer)).json()
    photo = (await client.http.get(told["url"], headers=bearer)).content
    assert photo.startswith(b"\x89PNG")
    assert hashlib.sha256(photo).hexdigest() == image["sha256"] == told["sha256"]


async def test_a_webhook_is_repeated_until_the_server_says_200(client: Client, receiver: Receiver) -> None:
    receiver.answers = [500, 503, 404]
    await client.control("whatsapp/send", **{"from": "rina", "text": "Halo"})
    await receiver.until(lambda r: len(r.messages) == 1)
    assert receiver.refused == 3
    attempts = [e for e in (await client.look("events"))["events"] if e["kind"] == "whatsapp.webhook"]
    assert [(attempt["attempt"], attempt["result"]) for attempt in attempts[:3]] == [
        (1, 500),
        (2, 503),
        (3, 404),
    ]


async def test_a_failing_webhook_lets_later_ones_past(client: Client, receiver: Receiver) -> None:
    receiver.answers = [500]
    for words in ("satu", "dua", "tiga"):
        await client.control("whatsapp/send", **{"from": "rina", "text": words})
    await receiver.until(lambda r: len(r.messages) == 3)
    assert [message["text"]["body"] for message in receiver.messages] == ["dua", "tiga", "satu"]


async def test_a_server_that_was_away_gets_everything(client: Client, receiver: Any) -> None:
    away = Receiver("app-secret-for-tests", "verify-me")
    async with serving(away.app()) as url:
        port = httpx.URL(url).port
    await client.control("wiring", callback_url=f"{url}/webhooks/whatsapp")
    await client.control("whatsapp/send", **{"from": "rina", "text": "Ada orang?"})
    failed = await client.look("events", after=1, wait=5)
    assert failed["events"][0]["result"] == "ConnectError"
    assert (await client.look("server"))["up"] is False
    assert port is not None
    async with serving(away.app(), port):
        await away.until(lambda r: len(r.messages) == 1)
        assert (await client.look("server"))["up"] is True
    assert (await client.look("state"))["unacknowledged_updates"] == 0


async def test_the_same_message_can_come_several_times(client: Client, receiver: Receiver) -> None:
    sent = await client.control("whatsapp/send", **{"from": "rina", "text": "Halo", "times": 3})
    await receiver.until(lambda r: len(r.messages) == 3)
    assert {message["id"] for message in receiver.messages} == {sent["id"]}


async def test_webhooks_can_be_held_batched_repeated_and_shuffled(client: Client, receiver: Receiver) -> None:
    await client.control("whatsapp/webhooks", hold=True)
    words = [str(number) for number in range(8)]
    for word in words:
        await client.control("whatsapp/send", **{"from": "rina", "text": word})
    assert (await client.look("state"))["held_webhooks"] == 8
    assert receiver.taken == []
    await client.control("whatsapp/webhooks", hold=False, batch=4, times=2, shuffle=7)
    await receiver.until(lambda r: len(r.messages) == 16)
    assert len(receiver.taken) == 4
    came = [message["text"]["body"] for message in receiver.messages]
    assert sorted(came) == sorted(words * 2)
    assert came != sorted(came)


async def test_webhooks_can_come_often_and_late_and_in_any_order(client: Client, receiver: Receiver) -> None:
    await client.control("whatsapp/weather", repeats=5, seconds=0.2, seed=3)
    for number in range(8):
        await client.control("whatsapp/send", **{"from": "rina", "text": f"pesan {number}"})
    await receiver.until(lambda r: len(r.messages) > len({m["id"] for m in r.messages}) == 8)
    first = list(dict.fromkeys(message["text"]["body"] for message in receiver.messages))
    assert first != sorted(first)
    await client.control("whatsapp/weather")
    await client.control("whatsapp/send", **{"from": "rina", "text": "sudah cerah"})
    await receiver.until(lambda r: r.messages[-1]["text"]["body"] == "sudah cerah")


async def test_a_status_can_come_again_and_out_of_turn(client: Client, receiver: Receiver) -> None:
    await client.control("limits", statuses=[])
    await client.control("whatsapp/send", **{"from": "rina", "text": "Halo"})
    sent = (await client.text("628110000001", "Halo", biz_opaque_callback_data="k")).json()["messages"][0][
        "id"
    ]
    for state in ("read", "delivered", "read"):
        await client.control("whatsapp/status", id=sent, state=state)
    await receiver.until(lambda r: len(r.statuses) == 3)
    assert [status["status"] for status in receiver.statuses] == ["read", "delivered", "read"]


async def test_an_error_can_come_alone(client: Client, receiver: Receiver) -> None:
    await client.control("whatsapp/error", code=130429)
    await receiver.until(lambda r: len(r.values) == 1)
    assert receiver.values[0]["errors"][0]["code"] == 130429


async def test_the_callback_is_verified_on_demand(client: Client, receiver: Receiver) -> None:
    assert await client.control("whatsapp/verify") == {"status": 200, "challenge_echoed": True}


async def test_the_signature_is_over_the_raw_body(
    receiver: Any, settings: SandboxSettings, clock: Any
) -> None:
    wrong = settings.wa.model_copy(
        update={"callback_url": f"{receiver.url}/webhooks/whatsapp", "app_secret": "another"}
    )
    server = SandboxServer(settings.model_copy(update={"wa": wrong}), clock)
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
        client = Client(http)
        await client.control("whatsapp/send", **{"from": "rina", "text": "Halo 🙏"})
        told = await client.look("events", after=1, wait=5)
    await server.stop()
    assert told["events"][0]["result"] == 403
    assert receiver.taken == []


async def test_a_stranger_can_write(client: Client, receiver: Receiver) -> None:
    await client.control("whatsapp/send", **{"from": "+62 812-7777-0000", "text": "Halo", "name": "Budi"})
    await receiver.until(lambda r: len(r.messages) == 1)
    assert receiver.values[0]["contacts"] == [{"profile": {"name": "Budi"}, "wa_id": "6281277770000"}]
    chat = await client.look("whatsapp/chat/6281277770000")
    assert (chat["name"], chat["messages"][0]["text"]) == ("Budi", "Halo")


async def test_a_new_sample_customer_can_be_let_in(
    client: Client, receiver: Receiver, server: SandboxServer
) -> None:
    await client.control("people", key="tono", name="Tono", phone="+628119990001")
    await client.control("whatsapp/send", **{"from": "tono", "text": "Halo"})
    await receiver.until(lambda r: len(r.messages) == 1)
    assert [p["key"] for p in (await client.look("people"))["personas"]] == ["rina", "hidden", "tono"]
    assert server.sandbox.people.find("+628119990001") == Customer("tono", "Tono", "628119990001")


async def test_what_cannot_be_sent_is_told_so(client: Client) -> None:
    for body in ({"from": "nobody"}, {"from": "rina", "kind": "location"}, {"from": "rina", "kind": "dance"}):
        answer = await client.http.post("/sandbox/whatsapp/send", json=body)
        assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert (await client.http.post("/sandbox/limits", json={"windw": "off"})).status_code == 422


async def test_an_edited_and_a_deleted_message_change_on_the_phone(
    client: Client, receiver: Receiver
) -> None:
    first = await client.control("whatsapp/send", **{"from": "rina", "text": "Selasa"})
    second = await client.control("whatsapp/send", **{"from": "rina", "text": "salah kirim"})
    await client.control(
        "whatsapp/send", **{"from": "rina", "kind": "edit", "message_id": first["id"], "text": "Rabu"}
    )
    await client.control("whatsapp/send", **{"from": "rina", "kind": "revoke", "message_id": second["id"]})
    await receiver.until(lambda r: len(r.messages) == 4)
    shown = (await client.look("whatsapp/chat/rina"))["messages"]
    assert [(message["type"], message["text"]) for message in shown] == [("text", "Rabu"), ("revoked", "")]


async def test_words_from_the_business_phone_arrive_as_an_echo_and_stand_in_the_chat(
    client: Client, receiver: Receiver
) -> None:
    told = await client.control("whatsapp/speak", to="rina", text="Halo, dari HP")
    await receiver.until(lambda r: len(r.values) == 1)
    (said,) = receiver.values[0]["message_echoes"]
    assert (said["id"], said["to"], said["text"]) == (told["id"], "628110000001", {"body": "Halo, dari HP"})
    assert "messages" not in receiver.values[0] and "contacts" not in receiver.values[0]
    chat = (await client.http.get("/sandbox/whatsapp/chat/rina")).json()
    assert [(m["from"], m["text"]) for m in chat["messages"]] == [("business", "Halo, dari HP")]
