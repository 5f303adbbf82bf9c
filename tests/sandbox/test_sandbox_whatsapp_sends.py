"""What the business sends, and what comes back."""

import json
from typing import Any

import httpx
import pytest

RINA = "628110000001"


async def opened(client: Any, receiver: Any, who: str = "rina") -> str:
    """A conversation whose 24 hours have begun; answers the id of the customer's message."""
    sent = await client.control("whatsapp/send", **{"from": who, "text": "Halo"})
    await receiver.until(lambda r: any(message["id"] == sent["id"] for message in r.messages))
    return sent["id"]


def code_of(answer: httpx.Response) -> int:
    assert answer.status_code == 400
    return int(answer.json()["error"]["code"])


async def test_a_send_is_answered_and_reported_with_its_key(client: Any, receiver: Any) -> None:
    await opened(client, receiver)
    answer = await client.text(RINA, "Halo Kak Rina!", biz_opaque_callback_data="case-1/2/0")
    message_id = answer.json()["messages"][0]["id"]
    assert answer.json()["contacts"] == [{"input": RINA, "wa_id": RINA}]
    await receiver.until(lambda r: len(r.statuses) == 3)
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered", "read"]
    assert {status["id"] for status in receiver.statuses} == {message_id}
    assert {status["biz_opaque_callback_data"] for status in receiver.statuses} == {"case-1/2/0"}
    chat = await client.look("whatsapp/chat/rina")
    assert [(m["from"], m["text"], m["status"]) for m in chat["messages"]][-1] == (
        "business",
        "Halo Kak Rina!",
        "read",
    )


async def test_the_token_and_the_number_are_checked(client: Any) -> None:
    body = {"to": RINA, "type": "text", "text": {"body": "x"}}
    wrong = await client.post(body, token="guessed")
    assert wrong.status_code == 401
    assert wrong.json()["error"]["code"] == 190
    other = await client.http.post(
        "/graph/v23.0/1/messages", json=body, headers={"Authorization": "Bearer access-token"}
    )
    assert other.status_code == 400


@pytest.mark.parametrize(
    "message",
    [
        {"type": "text", "text": {"body": "x" * 4097}},
        {"type": "text", "text": {"body": " "}},
        {"type": "poll", "poll": {}},
        {
            "type": "interactive",
            "interactive": {"type": "button", "body": {"text": "?"}, "action": {"buttons": []}},
        },
        {"type": "image", "image": {}},
        {
            "type": "template",
            "template": {"name": "lesson_reminder", "language": {"code": "id"}, "components": "none"},
        },
        {"to": "rina1", "type": "text", "text": {"body": "x"}},
        {"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "k" * 513},
    ],
)
async def test_what_whatsapp_would_not_take_is_refused(
    client: Any, receiver: Any, message: dict[str, Any]
) -> None:
    await opened(client, receiver)
    assert code_of(await client.post({"to": RINA, **message})) in (100, 131009)


def buttons(*titles: str) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"b{n}", "title": title}} for n, title in enumerate(titles)]
    asked = {"type": "button", "body": {"text": "Pilih jadwal ya Kak"}, "action": {"buttons": replies}}
    return {"to": RINA, "type": "interactive", "interactive": asked}


@pytest.mark.parametrize(
    ("titles", "taken"),
    [
        (("Selasa 16.00", "Rabu 10.00", "Lainnya"), True),
        (("1", "2", "3", "4"), False),
        (("x" * 20,), True),
        (("x" * 21,), False),
        (("Sama", "Sama"), False),
    ],
)
async def test_buttons_have_limits(client: Any, receiver: Any, titles: tuple[str, ...], taken: bool) -> None:
    await opened(client, receiver)
    assert (await client.post(buttons(*titles))).is_success is taken


async def test_a_list_has_at_most_ten_rows(client: Any, receiver: Any) -> None:
    await opened(client, receiver)

    def listing(rows: int) -> dict[str, Any]:
        choices = [{"id": f"r{n}", "title": f"Jadwal {n}"} for n in range(rows)]
        action = {"button": "Lihat", "sections": [{"title": "Minggu ini", "rows": choices}]}
        asked = {"type": "list", "body": {"text": "Pilih"}, "action": action}
        return {"to": RINA, "type": "interactive", "interactive": asked}

    assert (await client.post(listing(10))).is_success
    assert not (await client.post(listing(11))).is_success


async def test_a_pressed_button_comes_back_quoting_its_message(client: Any, receiver: Any) -> None:
    await opened(client, receiver)
    sent = (await client.post(buttons("Selasa 16.00", "Rabu 10.00"))).json()["messages"][0]["id"]
    await client.control("whatsapp/send", **{"from": "rina", "kind": "button_reply", "title": "Rabu 10.00"})
    await receiver.until(lambda r: len(r.messages) == 2)
    pressed = receiver.messages[-1]
    assert pressed["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "b1", "title": "Rabu 10.00"},
    }
    assert pressed["context"]["id"] == sent


async def test_outside_the_24_hours_only_templates_go(client: Any, receiver: Any) -> None:
    assert code_of(await client.text(RINA, "Halo?")) == 131047
    await opened(client, receiver)
    assert (await client.text(RINA, "Halo!")).is_success
    await client.control("clock", advance_seconds=86_400)
    assert code_of(await client.text(RINA, "Masih di sana?")) == 131047
    template = {"name": "lesson_reminder", "language": {"code": "id"}}
    assert (await client.post({"to": RINA, "type": "template", "template": template})).is_success


def news(*parameters: str, name: str = "news", code: str = "en_US", **more: Any) -> dict[str, Any]:
    """Ask for a template with parameters in its body."""
    body = {"type": "body", "parameters": [{"type": "text", "text": given} for given in parameters]}
    template = {"name": name, "language": {"code": code}, "components": [body]}
    return {"to": RINA, "type": "template", "template": template, **more}


async def test_a_template_is_read_with_its_parameters_in_their_places(client: Any, receiver: Any) -> None:
    assert (await client.post(news("Rina", "your lesson", biz_opaque_callback_data="k1"))).is_success
    (shown,) = (await client.look("whatsapp/chat/rina"))["messages"]
    assert (shown["text"], shown["key"]) == ("Hi Rina, news on your lesson. Bye, Rina!", "k1")


@pytest.mark.parametrize(
    ("asked", "code", "status"),
    [
        (news("Rina", "x", name="promo"), 132001, 404),
        (news("Rina", "x", code="id"), 132001, 404),
        (news("Rina"), 132000, 400),
        (news("Rina", "x", "y"), 132000, 400),
        (news("Rina", " "), 100, 400),
    ],
)
async def test_a_template_that_is_not_approved_as_asked_for_is_refused(
    client: Any, receiver: Any, asked: dict[str, Any], code: int, status: int
) -> None:
    answer = await client.post(asked)
    assert (answer.json()["error"]["code"], answer.status_code) == (code, status)
    assert (await client.look("whatsapp/chat/rina"))["messages"] == []


async def test_the_closed_window_may_come_as_a_failed_status(client: Any, receiver: Any) -> None:
    await client.control("limits", window="status")
    assert (await client.text(RINA, "Halo?", biz_opaque_callback_data="k1")).is_success
    await receiver.until(lambda r: len(r.statuses) == 1)
    failed = receiver.statuses[0]
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131047)
    assert failed["biz_opaque_callback_data"] == "k1"


async def test_the_pair_rate_holds_when_asked_and_recovers_with_time(client: Any, receiver: Any) -> None:
    await opened(client, receiver)
    await client.control("limits", pair_burst=2)
    await client.control("clock", freeze_at="now")
    assert (await client.text(RINA, "satu")).is_success
    assert (await client.text(RINA, "dua")).is_success
    assert code_of(await client.text(RINA, "tiga")) == 131056
    await client.control("clock", advance_seconds=6)
    assert (await client.text(RINA, "tiga")).is_success


async def test_an_unreachable_number_fails_later(client: Any, receiver: Any) -> None:
    await opened(client, receiver)
    await client.control("limits", unreachable=["rina"])
    assert (await client.text(RINA, "Halo")).is_success
    await receiver.until(lambda r: len(r.statuses) == 1)
    assert receiver.statuses[0]["errors"][0]["code"] == 131026


async def test_a_customer_without_a_number_is_reached_by_user_id(client: Any, receiver: Any) -> None:
    await opened(client, receiver, "hidden")
    message = receiver.messages[0]
    assert "from" not in message
    assert message["from_user_id"] == "ID.88001"
    assert receiver.values[0]["contacts"] == [
        {"profile": {"name": "Sari", "username": "sari.sings"}, "user_id": "ID.88001"}
    ]
    answer = await client.post({"recipient": "ID.88001", "type": "text", "text": {"body": "Halo Kak Sari"}})
    assert answer.json()["contacts"] == [{"input": "ID.88001", "user_id": "ID.88001"}]


async def test_reading_and_typing_show_until_the_answer_or_25_seconds(client: Any, receiver: Any) -> None:
    message_id = await opened(client, receiver)
    await client.control("clock", freeze_at="now")
    mark = {"status": "read", "message_id": message_id, "typing_indicator": {"type": "text"}}
    assert (await client.post(mark)).json() == {"success": True}
    chat = await client.look("whatsapp/chat/rina")
    assert (chat["typing"], chat["messages"][0]["status"]) == (True, "read")
    await client.control("clock", advance_seconds=26)
    assert (await client.look("whatsapp/chat/rina"))["typing"] is False
    await client.post(mark)
    await client.text(RINA, "Halo!")
    assert (await client.look("whatsapp/chat/rina"))["typing"] is False
    assert code_of(await client.post({"status": "read", "message_id": "wamid.NONE"})) == 131009


async def test_a_reaction_marks_the_message_it_is_for(client: Any, receiver: Any) -> None:
    message_id = await opened(client, receiver)
    reaction = {"message_id": message_id, "emoji": "👀"}
    assert (await client.post({"to": RINA, "type": "reaction", "reaction": reaction})).is_success
    chat = await client.look("whatsapp/chat/rina")
    assert [message.get("reaction") for message in chat["messages"]] == ["👀"]


async def test_media_goes_up_and_comes_down(client: Any, receiver: Any) -> None:
    await opened(client, receiver)
    bearer = {"Authorization": "Bearer access-token"}
    up = await client.http.post(
        "/graph/v23.0/55501/media",
        data={"messaging_product": "whatsapp", "type": "application/pdf"},
        files={"file": ("invoice.pdf", b"%PDF-1.7 invoice\r\n\x00\xff", "application/pdf")},
        headers=bearer,
    )
    media_id = up.json()["id"]
    told = (await client.http.get(f"/graph/v23.0/{media_id}", headers=bearer)).json()
    assert (told["mime_type"], told["file_size"]) == ("application/pdf", 20)
    assert (await client.http.get(told["url"])).status_code == 401
    assert (await client.http.get(told["url"], headers=bearer)).content == b"%PDF-1.7 invoice\r\n\x00\xff"
    document = {"id": media_id, "filename": "invoice.pdf", "caption": "Ini tagihannya ya Kak"}
    assert (await client.post({"to": RINA, "type": "document", "document": document})).is_success
    await client.control("clock", advance_seconds=301)
    assert (await client.http.get(told["url"], headers=bearer)).status_code == 404


async def test_the_receipts_hold_every_send_and_refusal(client: Any, receiver: Any, settings: Any) -> None:
    await opened(client, receiver)
    await client.text(RINA, "Halo", biz_opaque_callback_data="case-9/1/0")
    await client.text(RINA, "x" * 5000, biz_opaque_callback_data="case-9/1/1")
    await receiver.until(lambda r: len(r.statuses) == 3)
    lines = [json.loads(line) for line in settings.receipts.read_text().splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    sends = [(line["key"], line["text"], line["to"]) for line in lines if line["kind"] == "whatsapp.send"]
    assert sends == [("case-9/1/0", "Halo", RINA)]
    assert [line["code"] for line in lines if line["kind"] == "whatsapp.refused"] == [100]
