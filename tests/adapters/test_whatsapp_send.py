"""Sending over WhatsApp, against the sandbox on a real port."""

import hashlib
import socket
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.whatsapp import WhatsApp
from casefile.effects import Attachment, Button, ChannelTemplate, SendMessage
from casefile.errors import BadInput, DependencyDown, LoketError, SendLater, SendRefused, SendUnknown
from ports.channels import MediaFile
from tests.adapters.stage import Stage, whatsapp_settings

RARA = "+628120001"


def words(text: str = "Halo, Kak Rara!", **more: Any) -> SendMessage:
    """A message to Rara."""
    values = {"key": "SCH-2026-0001:1:0", "conversation_id": "wa-school-ct_1", "language": "id"}
    return SendMessage(text=text, template="greeting@1", purpose="acknowledge", **{**values, **more})


async def written(stage: Stage, sender: str = "rara") -> str:
    """Have a customer write, which opens the 24 hours; returns the message's id."""
    return str((await stage.do("whatsapp/send", **{"from": sender, "text": "halo"}))["id"])


async def test_text_arrives_with_its_key_and_quote(stage: Stage, whatsapp: WhatsApp) -> None:
    asked = await written(stage)
    sent = await whatsapp.send(words(reply_to=asked), RARA)
    (receipt,) = await stage.receipts("whatsapp.send")
    assert (receipt["id"], receipt["key"], receipt["reply_to"]) == (sent, "SCH-2026-0001:1:0", asked)
    assert (receipt["to"], receipt["text"], receipt["type"]) == ("628120001", "Halo, Kak Rara!", "text")


async def test_contact_without_a_number_is_reached_by_user_id(stage: Stage, whatsapp: WhatsApp) -> None:
    await written(stage, "bayu")
    await whatsapp.send(words(), "ID.778899")
    (receipt,) = await stage.receipts("whatsapp.send")
    assert receipt["chat"] == "bayu"


def choices(count: int, label: str = "Pilihan {}") -> tuple[Button, ...]:
    """Some buttons."""
    return tuple(Button(label=label.format(n), value=f"slot-{n}") for n in range(count))


@pytest.mark.parametrize(
    "message",
    [
        words(buttons=choices(3)),
        words(buttons=choices(4)),
        words(buttons=choices(10)),
        words(buttons=choices(2, "Rabu pagi jam sepuluh {}")),
        words(buttons=choices(2, "Rabu pagi jam sepuluh tepat {}"[:26] + "{}")),
        words("x" * 1100, buttons=choices(2)),
        words(buttons=choices(2), language="en"),
    ],
    ids=["three", "four", "ten", "longer", "longest", "much_text", "english"],
)
async def test_choices_fit_what_whatsapp_shows(
    stage: Stage, whatsapp: WhatsApp, message: SendMessage
) -> None:
    await written(stage)
    await whatsapp.send(message, RARA)
    (receipt,) = await stage.receipts("whatsapp.send")
    assert len(receipt["buttons"]) == len(message.buttons)


async def test_eleven_choices_are_refused_before_anything_is_sent(stage: Stage, whatsapp: WhatsApp) -> None:
    await written(stage)
    with pytest.raises(SendRefused, match="at most 10"):
        await whatsapp.send(words(buttons=choices(11)), RARA)
    assert not await stage.receipts("whatsapp.send")


async def test_closed_window_refuses_for_good(whatsapp: WhatsApp) -> None:
    with pytest.raises(SendRefused) as refused:
        await whatsapp.send(words(), RARA)
    assert refused.value.code == "131047"


def invitation(name: str = "kabar", language: str = "id") -> SendMessage:
    """An approved message that invites Rara to write."""
    template = ChannelTemplate(name=name, language=language)
    invites = {"purpose": "invite", "channel_template": template}
    return words("Halo Kak, ada kabar.").model_copy(update=invites)


async def test_an_approved_message_arrives_although_the_window_is_closed(
    stage: Stage, whatsapp: WhatsApp
) -> None:
    sent = await whatsapp.send(invitation(), RARA)
    (receipt,) = await stage.receipts("whatsapp.send")
    assert (receipt["id"], receipt["key"]) == (sent, "SCH-2026-0001:1:0")
    assert (receipt["type"], receipt["text"]) == ("template", "Halo Kak, ada kabar.")


@pytest.mark.parametrize("asked", [invitation("promo"), invitation(language="en")], ids=["name", "language"])
async def test_a_message_meta_has_not_approved_is_refused_for_good(
    whatsapp: WhatsApp, asked: SendMessage
) -> None:
    with pytest.raises(SendRefused) as refused:
        await whatsapp.send(asked, RARA)
    assert refused.value.code == "132001"


async def test_an_answer_that_names_a_time_is_taken_at_its_word(stage: Stage, whatsapp: WhatsApp) -> None:
    await written(stage)
    await stage.do("faults", target="whatsapp", mode="429", seconds=31, count=1)
    with pytest.raises(SendLater) as later:
        await whatsapp.send(words(), RARA)
    assert (later.value.scope, later.value.seconds) == ("account", 31.0)


async def test_text_too_long_refuses_for_good(stage: Stage, whatsapp: WhatsApp) -> None:
    await written(stage)
    with pytest.raises(SendRefused):
        await whatsapp.send(words("x" * 5000), RARA)


async def test_pair_rate_holds_back_one_recipient(stage: Stage, whatsapp: WhatsApp) -> None:
    await written(stage)
    await stage.do("limits", pair_burst=1)
    await whatsapp.send(words(), RARA)
    with pytest.raises(SendLater) as later:
        await whatsapp.send(words(key="k2"), RARA)
    assert (later.value.scope, later.value.seconds) == ("recipient", 6.0)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"mode": "429"}, SendLater),
        ({"mode": "down"}, DependencyDown),
        ({"mode": "5xx"}, SendUnknown),
        ({"mode": "cut"}, SendUnknown),
        ({"mode": "bad_json"}, SendUnknown),
        ({"mode": "half_body"}, SendUnknown),
        ({"mode": "error", "code": 131026}, SendRefused),
        ({"mode": "error", "code": 190}, DependencyDown),
        ({"mode": "error", "code": 368}, DependencyDown),
        ({"mode": "error", "code": 131016}, DependencyDown),
        ({"mode": "error", "code": 80007}, SendLater),
    ],
    ids=lambda value: value.get("mode") if isinstance(value, dict) else value.__name__,
)
async def test_faults_become_ours(
    stage: Stage, whatsapp: WhatsApp, fault: dict[str, Any], error: type[LoketError]
) -> None:
    await written(stage)
    await stage.do("faults", target="whatsapp", count=1, **fault)
    with pytest.raises(error):
        await whatsapp.send(words(), RARA)
    sent = await stage.receipts("whatsapp.send")
    # Only an unknown may have gone out; the others promise that nothing did.
    assert error is SendUnknown or not sent
    await whatsapp.send(words(key="next"), RARA)


async def test_an_answer_that_never_comes_is_unknown(stage: Stage) -> None:
    impatient = WhatsApp(whatsapp_settings(f"{stage.url}/graph", timeout_seconds=0.2))
    await written(stage)
    await stage.do("faults", target="whatsapp", mode="timeout_after_effect", seconds=30, count=1)
    with pytest.raises(SendUnknown, match="ReadTimeout"):
        await impatient.send(words(), RARA)
    assert len(await stage.receipts("whatsapp.send")) == 1
    await impatient.close()


async def test_nobody_listening_means_nothing_was_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    channel = WhatsApp(whatsapp_settings(f"http://127.0.0.1:{port}"))
    with pytest.raises(DependencyDown) as down:
        await channel.send(words(), RARA)
    assert down.value.name == "whatsapp"
    with capture_logs() as logs:
        await channel.mark_read("school", "wamid.1")
    assert [line["event"] for line in logs] == ["mark_read_failed"]
    await channel.close()


async def test_wrong_token_keeps_the_message_for_later(stage: Stage) -> None:
    channel = WhatsApp(whatsapp_settings(f"{stage.url}/graph", access_token="old"))
    await written(stage)
    with pytest.raises(DependencyDown, match="190"):
        await channel.send(words(), RARA)
    await channel.close()


async def test_a_conversation_of_no_number_of_ours_is_a_fault(whatsapp: WhatsApp) -> None:
    with pytest.raises(LoketError, match="no WhatsApp number"):
        await whatsapp.send(words(conversation_id="wa-shop-ct_1"), RARA)


async def test_the_longer_account_name_wins(stage: Stage) -> None:
    numbers = {"school": "1", "school-two": "55501"}
    channel = WhatsApp(whatsapp_settings(f"{stage.url}/graph", numbers=numbers))
    await written(stage)
    await channel.send(words(conversation_id="wa-school-two-ct_1"), RARA)
    await channel.close()


async def test_read_and_typing_marks_show(stage: Stage, whatsapp: WhatsApp) -> None:
    asked = await written(stage)
    await whatsapp.mark_read("school", asked)
    assert (await stage.receipts("whatsapp.read"))[0]["typing"] is True


async def test_a_refused_mark_is_logged_and_no_more(whatsapp: WhatsApp) -> None:
    with capture_logs() as logs:
        await whatsapp.mark_read("school", "wamid.never")
    assert [(line["event"], line["code"]) for line in logs] == [("mark_read_refused", "131009")]


async def photo(stage: Stage) -> str:
    """Have Rara send a photo; returns its media id."""
    await stage.do("whatsapp/send", **{"from": "rara", "kind": "image", "caption": "bukti"})
    return str((await stage.look("whatsapp/chat/rara"))["messages"][-1]["media_id"])


async def test_a_photo_is_fetched_and_checked(stage: Stage, whatsapp: WhatsApp) -> None:
    file = await whatsapp.media(await photo(stage))
    assert file.mime == "image/png"
    assert file.data.startswith(b"\x89PNG")
    assert file.sha256 == hashlib.sha256(file.data).hexdigest()


async def test_a_file_over_the_limit_is_not_taken(stage: Stage) -> None:
    channel = WhatsApp(whatsapp_settings(f"{stage.url}/graph", media_bytes=10))
    with pytest.raises(BadInput, match="larger than 10 bytes"):
        await channel.media(await photo(stage))
    await channel.close()


async def test_a_file_that_is_gone_says_so(whatsapp: WhatsApp) -> None:
    with pytest.raises(BadInput, match="no such file"):
        await whatsapp.media("../12345")


async def test_media_while_whatsapp_is_down(stage: Stage, whatsapp: WhatsApp) -> None:
    media_id = await photo(stage)
    await stage.do("faults", target="whatsapp", mode="down")
    with pytest.raises(DependencyDown):
        await whatsapp.media(media_id)


class Shelf:
    """The twin of what makes documents."""

    def __init__(self, file: MediaFile | None) -> None:
        self.file_ = file

    async def file(self, key: str) -> MediaFile | None:
        assert key in {"invoice:INV-2026-0201-001:id", "qr:INV-2026-0201-001"}
        return self.file_


PAPER = Attachment(kind="document", filename="INV-2026-0201-001.pdf", document="invoice:INV-2026-0201-001:id")
CODE = Attachment(kind="image", filename="INV-2026-0201-001.png", document="qr:INV-2026-0201-001")
BYTES = b"%PDF-1.4 not much of one"


def carrying(stage: Stage, file: MediaFile | None = None) -> WhatsApp:
    made = file or MediaFile(BYTES, "application/pdf", hashlib.sha256(BYTES).hexdigest())
    return WhatsApp(whatsapp_settings(f"{stage.url}/graph"), (), Shelf(made))


@pytest.mark.parametrize(("attachment", "kind"), [(PAPER, "document"), (CODE, "image")])
async def test_a_document_goes_with_its_words_as_the_caption(
    stage: Stage, attachment: Attachment, kind: str
) -> None:
    await written(stage)
    channel = carrying(stage)
    await channel.send(words("Ini invoice-nya ya, Kak.", attachment=attachment), RARA)
    await channel.close()
    (upload,) = await stage.receipts("whatsapp.upload")
    (receipt,) = await stage.receipts("whatsapp.send")
    assert (receipt["type"], receipt["text"]) == (kind, "Ini invoice-nya ya, Kak.")
    chat = (await stage.http.get("/sandbox/whatsapp/chat/rara")).json()
    shown = chat["messages"][-1]
    assert shown["media_id"] == upload["id"]
    assert shown["filename"] == (attachment.filename if kind == "document" else None)
    assert (await stage.http.get(f"/sandbox/media/{upload['id']}")).content == BYTES


async def test_a_document_that_cannot_be_made_lets_the_words_go_alone(stage: Stage) -> None:
    await written(stage)
    channel = WhatsApp(whatsapp_settings(f"{stage.url}/graph"), (), Shelf(None))
    await channel.send(words(attachment=PAPER), RARA)
    await channel.close()
    (receipt,) = await stage.receipts("whatsapp.send")
    assert receipt["type"] == "text" and not await stage.receipts("whatsapp.upload")


async def test_more_words_than_a_caption_holds_go_without_the_document(stage: Stage) -> None:
    await written(stage)
    channel = carrying(stage)
    await channel.send(words("x" * 1025, attachment=PAPER), RARA)
    await channel.close()
    (receipt,) = await stage.receipts("whatsapp.send")
    assert receipt["type"] == "text" and len(receipt["text"]) == 1025


@pytest.mark.parametrize("mode", ["5xx", "cut", "bad_json", "half_body"])
async def test_an_upload_that_fails_sends_nothing_and_may_be_tried_again(stage: Stage, mode: str) -> None:
    await written(stage)
    channel = carrying(stage)
    await stage.do("faults", target="whatsapp", mode=mode, op="media", count=1)
    with pytest.raises(DependencyDown):
        await channel.send(words(attachment=PAPER), RARA)
    assert not await stage.receipts("whatsapp.send")
    await channel.send(words(attachment=PAPER), RARA)
    await channel.close()
    (receipt,) = await stage.receipts("whatsapp.send")
    assert receipt["type"] == "document"
