"""Which updates are staff actions; built as Telegram sends them."""

from typing import Any

from telegram import Update

from adapters.telegram_parse import StaffAction, staff_action

BOT = {"id": 7001, "is_bot": True, "first_name": "Loket", "username": "loket_bot"}
DEWI = {"id": 501, "is_bot": False, "first_name": "Dewi", "last_name": "Lestari"}
COACHES = {"id": -1002, "type": "supergroup", "title": "Coach"}
KEYS = {"inline_keyboard": [[{"text": "Setujui", "callback_data": "a:1"}, {"text": "Buka", "url": "tg://x"}]]}
POST = {
    "message_id": 9,
    "date": 1,
    "chat": COACHES,
    "from": BOT,
    "text": "minta refund",
    "reply_markup": KEYS,
}


def read(**parts: Any) -> StaffAction | None:
    """The action of an update."""
    update = Update.de_json({"update_id": 3, **parts}, None)
    return staff_action(update, {-1002: "coach"}, 7001, "loket_bot")


def said(text: str, **more: Any) -> dict[str, Any]:
    """A message of Dewi's."""
    return {"message_id": 10, "date": 1, "chat": COACHES, "from": DEWI, "text": text, **more}


def command(length: int, offset: int = 0) -> list[dict[str, Any]]:
    """The mark Telegram puts on a command."""
    return [{"type": "bot_command", "offset": offset, "length": length}]


def test_press() -> None:
    query = {"id": "1", "from": DEWI, "chat_instance": "c", "data": "a:1", "message": POST}
    assert read(callback_query=query) == StaffAction(
        id="tg-3", kind="press", lane="coach", user_id=501, user_name="Dewi Lestari", token="a:1",
        message_id="9", buttons=("a:1",),
    )  # fmt: skip


def test_press_on_a_post_too_old_to_be_shown() -> None:
    old = {"message_id": 9, "date": 0, "chat": COACHES}
    action = read(
        callback_query={"id": "1", "from": DEWI, "chat_instance": "c", "data": "a:1", "message": old}
    )
    assert action is not None
    assert (action.token, action.message_id, action.buttons) == ("a:1", "9", ())


def test_presses_from_elsewhere_are_not_ours() -> None:
    elsewhere = {**POST, "chat": {"id": -5, "type": "group", "title": "x"}}
    for query in (
        {"data": "a:1", "message": elsewhere},
        {"data": "a:1"},
        {"message": POST, "game_short_name": "g"},
    ):
        assert read(callback_query={"id": "1", "from": DEWI, "chat_instance": "c", **query}) is None


def test_reply_to_our_post() -> None:
    assert read(message=said("TOLAK", reply_to_message=POST)) == StaffAction(
        id="tg-3", kind="reply", lane="coach", user_id=501, user_name="Dewi Lestari", text="TOLAK",
        message_id="9", buttons=("a:1",),
    )  # fmt: skip


def test_what_is_not_addressed_to_us_is_ignored() -> None:
    by_dewi = {**POST, "from": DEWI}
    topic_root = {"is_topic_message": True, "message_thread_id": 9, "reply_to_message": POST}
    elsewhere = {"chat": {"id": -5, "type": "group", "title": "x"}, "reply_to_message": POST}
    ignored = [
        said("halo semua"),
        said("iya", reply_to_message=by_dewi),
        said("iya", **topic_root),
        said("iya", **elsewhere),
        {**said("", reply_to_message=POST), "text": None},
        {**said("x", reply_to_message=POST), "from": BOT},
        said("/deny@other_bot A", entities=command(15), reply_to_message=POST),
        said("lihat /deny", entities=command(5, offset=6)),
    ]
    assert [read(message=message) for message in ignored] == [None] * len(ignored)
    assert read(edited_message=said("TOLAK", reply_to_message=POST)) is None


def test_commands_with_and_without_our_name() -> None:
    for text, length in (("/deny A", 5), ("/deny@Loket_Bot A", 15)):
        action = read(message=said(text, entities=command(length)))
        assert action is not None
        assert (action.kind, action.text, action.message_id) == ("command", text, None)


def test_photo_with_words_as_a_reply() -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    message = {**said("", reply_to_message=POST), "text": None, "caption": "bukti transfer", "photo": photo}
    action = read(message=message)
    assert action is not None
    assert (action.kind, action.text) == ("reply", "bukti transfer")
