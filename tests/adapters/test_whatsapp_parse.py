"""Every kind of delivery WhatsApp makes, as events."""

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.whatsapp_message import READERS
from adapters.whatsapp_parse import parse
from casefile.channel_events import AliasChanged, ChannelFault
from casefile.errors import BadInput
from casefile.events import CHANNEL_EVENT, DeliveryStatus, HumanSpoke, MessageReceived
from casefile.records import Alias
from sandbox import whatsapp_payloads
from sandbox.people import Customer
from sandbox.settings import WhatsAppAccount

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SENT = 1795230000
NUMBERS = {"55501": "school"}


def delivery(*values: dict[str, Any]) -> bytes:
    """One webhook body around several values."""
    changes = [{"field": "messages", "value": value} for value in values]
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    ).encode()


def value(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The value a message of Sari's arrives in."""
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "6285550001", "phone_number_id": "55501"},
        "contacts": [{"profile": {"name": "Sari"}, "wa_id": "628111222333"}],
        "messages": list(messages),
        **more,
    }


def said(type_: str, **content: Any) -> dict[str, Any]:
    """A message of Sari's."""
    return {"from": "628111222333", "id": "wamid.A1", "timestamp": str(SENT), "type": type_, **content}


def read(body: bytes) -> list[Any]:
    """The events of a body."""
    return list(parse(body, "school", AT, NUMBERS))


def only(body: bytes) -> Any:
    """The one event of a body."""
    (event,) = read(body)
    return event


def message(type_: str, **content: Any) -> Any:
    """The normalised message of the one event."""
    event = only(delivery(value(said(type_, **content))))
    assert isinstance(event, MessageReceived)
    return event.message


def test_text_says_who_when_and_what() -> None:
    event = only(delivery(value(said("text", text={"body": "halo kak"}))))
    assert event.client.phone == "+628111222333"
    assert event.client.display_name == "Sari"
    assert event.client.aliases == (Alias(kind="phone", value="+628111222333"),)
    assert (event.account, event.source) == ("school", "whatsapp")
    assert event.sent_at == datetime.fromtimestamp(SENT, UTC)
    assert event.received_at == AT
    assert (event.message.id, event.message.kind, event.message.text) == ("wamid.A1", "text", "halo kak")


def test_quote_is_kept() -> None:
    assert (
        message("text", text={"body": "ini"}, context={"from": "62", "id": "wamid.Q"}).reply_to == "wamid.Q"
    )


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("image", "image"),
        ("sticker", "image"),
        ("audio", "audio"),
        ("document", "document"),
        ("video", "document"),
    ],
)
def test_media_keeps_its_reference_and_caption(type_: str, kind: str) -> None:
    part = {
        "id": "990",
        "mime_type": "x/y",
        "sha256": "abc=",
        "caption": "bukti transfer",
        "filename": "b.pdf",
    }
    got = message(type_, **{type_: part})
    assert (got.kind, got.text, got.media.id, got.media.mime) == (kind, "bukti transfer", "990", "x/y")
    assert (got.media.caption, got.media.filename, got.media.voice) == ("bukti transfer", "b.pdf", False)


def test_voice_note_is_told_from_music() -> None:
    assert message("audio", audio={"id": "1", "mime_type": "audio/ogg", "voice": True}).media.voice
    assert not message("audio", audio={"id": "1", "mime_type": "audio/mpeg", "voice": False}).media.voice


def test_media_without_id_is_still_a_message() -> None:
    got = message("image", image={"caption": "lihat"})
    assert (got.kind, got.media, got.text) == ("image", None, "lihat")


def test_location_by_name_or_by_coordinates() -> None:
    named = {"latitude": -6.2, "longitude": 106.8, "name": "Studio", "address": "Jl. Melati 3"}
    assert message("location", location=named).text == "Studio, Jl. Melati 3"
    assert message("location", location={"latitude": -6.2, "longitude": 106.8}).text == "-6.2, 106.8"


@pytest.mark.parametrize("reply", ["button_reply", "list_reply"])
def test_choice_gives_title_and_value(reply: str) -> None:
    got = message("interactive", interactive={"type": reply, reply: {"id": "slot-2", "title": "Rabu 15.00"}})
    assert (got.kind, got.text, got.button) == ("interactive", "Rabu 15.00", "slot-2")


def test_form_reply_gives_its_summary() -> None:
    got = message(
        "interactive", interactive={"type": "nfm_reply", "nfm_reply": {"body": "Sent", "name": "flow"}}
    )
    assert (got.kind, got.text, got.button) == ("interactive", "Sent", None)


def test_template_button_gives_its_payload() -> None:
    got = message("button", button={"payload": "yes", "text": "Ya"})
    assert (got.kind, got.text, got.button) == ("interactive", "Ya", "yes")


def test_reaction_points_at_its_message_and_may_be_taken_back() -> None:
    given_ = message("reaction", reaction={"message_id": "wamid.B", "emoji": "👍"})
    assert (given_.kind, given_.text, given_.reply_to) == ("reaction", "👍", "wamid.B")
    assert message("reaction", reaction={"message_id": "wamid.B"}).text == ""


def test_edit_brings_the_new_words_and_revoke_none() -> None:
    fresh = {"type": "text", "text": {"body": "jam 4 ya"}}
    edited = message("edit", edit={"original_message_id": "wamid.O", "message": fresh})
    assert (edited.kind, edited.text, edited.reply_to) == ("edit", "jam 4 ya", "wamid.O")
    gone = message("revoke", revoke={"original_message_id": "wamid.O"})
    assert (gone.kind, gone.text, gone.reply_to) == ("revoke", "", "wamid.O")


@pytest.mark.parametrize(
    ("type_", "content"),
    [
        ("unsupported", {"errors": [{"code": 131051, "title": "Message type unknown"}]}),
        ("contacts", {"contacts": [{"name": {"formatted_name": "Tio"}}]}),
        ("poll_of_next_year", {"poll_of_next_year": {"question": "?"}}),
        ("text", {"text": "not an object"}),
        ("text", {}),
    ],
)
def test_unknown_kinds_are_messages_still(type_: str, content: dict[str, Any]) -> None:
    assert message(type_, **content).kind == "unsupported"


def test_order_keeps_the_note_written_with_it() -> None:
    got = message("order", order={"catalog_id": "1", "text": "tolong dibungkus", "product_items": []})
    assert (got.kind, got.text) == ("unsupported", "tolong dibungkus")


def test_missing_type_is_inferred_from_the_content() -> None:
    bare = {"from": "628111222333", "id": "wamid.A1", "text": {"body": "hai"}}
    event = only(delivery(value(bare)))
    assert (event.message.kind, event.message.text, event.sent_at) == ("text", "hai", AT)


def test_referral_and_unknown_fields_change_nothing() -> None:
    plain = message("text", text={"body": "info dong"})
    told = message("text", text={"body": "info dong", "x": 1}, referral={"source_type": "ad"}, brand_new=[1])
    assert plain == told


def test_sender_known_only_by_a_scoped_user_id() -> None:
    body = value(
        {"id": "wamid.A1", "from_user_id": "ID.778899", "type": "text", "text": {"body": "hai"}},
        contacts=[{"profile": {"name": "Bayu", "username": "@bayu"}, "user_id": "ID.778899"}],
    )
    event = only(delivery(body))
    assert event.client.phone is None
    assert event.client.display_name == "Bayu"
    assert set(event.client.aliases) == {
        Alias(kind="user_id", value="ID.778899"),
        Alias(kind="username", value="bayu"),
    }


def test_sender_taken_from_the_only_card() -> None:
    body = value({"id": "wamid.A1", "type": "text", "text": {"body": "hai"}})
    assert only(delivery(body)).client.phone == "+628111222333"


def test_cards_go_to_their_own_messages() -> None:
    body = value(
        {**said("text", text={"body": "satu"}), "id": "wamid.1"},
        {**said("text", text={"body": "dua"}), "id": "wamid.2", "from": "628999"},
        {**said("text", text={"body": "tiga"}), "id": "wamid.3", "from": "627777"},
        contacts=[
            {"profile": {"name": "Tio"}, "wa_id": "628999"},
            {"profile": {"name": "Sari"}, "wa_id": "628111222333"},
        ],
    )
    assert [event.client.display_name for event in read(delivery(body))] == ["Sari", "Tio", None]


def test_nobody_named_is_a_fault_not_a_loss() -> None:
    event = only(delivery(value({"id": "wamid.A1", "type": "text", "text": {"body": "hai"}}, contacts=[])))
    assert isinstance(event, ChannelFault)
    assert event.code == "no_sender"


def test_message_without_id_has_the_same_id_each_time() -> None:
    nameless = {"from": "628111222333", "timestamp": str(SENT), "type": "text", "text": {"body": "hai"}}
    first, again = only(delivery(value(nameless))), only(delivery(value(dict(reversed(nameless.items())))))
    assert (
        first.message.id
        == again.message.id
        != only(delivery(value({**nameless, "timestamp": "5"}))).message.id
    )


def test_changed_number_keeps_the_person() -> None:
    notice = {"body": "Sari changed", "wa_id": "628444555666", "type": "user_changed_number"}
    bare = value(said("system", system=notice))
    del bare["contacts"]
    event = only(delivery(bare))
    assert isinstance(event, AliasChanged)
    assert event.old == Alias(kind="phone", value="+628111222333")
    assert event.new == (Alias(kind="phone", value="+628444555666"),)
    assert event.external_id == "wamid.A1"


def test_other_notices_name_no_number() -> None:
    notice = {"body": "628111222333 has a new code", "type": "customer_identity_changed"}
    event = only(delivery(value(said("system", system=notice))))
    assert isinstance(event, ChannelFault)
    assert event.code == "system_customer_identity_changed"
    assert "628" not in event.model_dump_json(exclude={"received_at"})


@pytest.mark.parametrize(
    ("told", "status"), [("sent", "sent"), ("delivered", "delivered"), ("read", "read"), ("played", "read")]
)
def test_status_with_the_key_it_was_sent_under(told: str, status: str) -> None:
    report = {
        "id": "wamid.S",
        "status": told,
        "timestamp": "1",
        "biz_opaque_callback_data": "SCH-2026-0001:3:1",
    }
    event = only(delivery(value(statuses=[report])))
    assert isinstance(event, DeliveryStatus)
    assert (event.provider_id, event.status, event.key) == ("wamid.S", status, "SCH-2026-0001:3:1")


def test_failed_status_says_why() -> None:
    error = {"code": 131047, "title": "Re-engagement", "error_data": {"details": "More than 24 hours"}}
    event = only(delivery(value(statuses=[{"id": "wamid.S", "status": "failed", "errors": [error]}])))
    assert (event.status, event.error_code, event.error, event.key) == (
        "failed",
        "131047",
        "More than 24 hours",
        None,
    )


def test_statuses_nobody_asked_for_are_faults() -> None:
    events = read(delivery(value(statuses=[{"id": "wamid.S", "status": "warning"}, {"status": "sent"}, 7])))
    assert [event.code for event in events] == ["status_warning", "malformed_status", "malformed_status"]


def test_errors_may_come_alone() -> None:
    alone = {
        "metadata": {"phone_number_id": "55501"},
        "errors": [{"code": 130429, "title": "Rate limit hit"}],
    }
    event = only(delivery(alone))
    assert (event.code, event.title) == ("130429", "Rate limit hit")


def test_one_broken_element_does_not_hold_up_its_neighbours() -> None:
    events = read(delivery(value(7, said("text", text={"body": "hai"}), None)))  # type: ignore[arg-type]
    assert [type(event) for event in events] == [ChannelFault, MessageReceived, ChannelFault]


def test_the_number_named_inside_decides_the_account() -> None:
    body = delivery(value(said("text", text={"body": "hai"})))
    assert {e.account for e in parse(body, "other", AT, {"55501": "school"})} == {"school"}
    assert {e.account for e in parse(body, "other", AT, {"1": "school"})} == {"other"}


def test_other_fields_of_the_subscription_are_ignored() -> None:
    body = {"object": "x", "entry": [{"changes": [{"field": "account_update", "value": {"event": "X"}}]}, {}]}
    assert read(json.dumps(body).encode()) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'"x"', b"{}", b'{"entry": {}}', b"\xff\xfe", b"[" * 99999]
)
def test_what_is_no_delivery_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(BadInput, match="send the delivery"):
        read(body)


def test_text_no_database_takes_is_made_harmless() -> None:
    got = only(delivery(value(said("text", text={"body": "a\0b\ud800c"}))))
    assert got.message.text == "ab?c"
    assert CHANNEL_EVENT.validate_json(got.model_dump_json()) == got


@pytest.mark.parametrize("kind", sorted(whatsapp_payloads.BUILDERS))
def test_every_kind_the_sandbox_makes_is_read(kind: str) -> None:
    spoken = {
        "kind": kind, "text": "t", "media_id": "1", "mime_type": "m/m", "sha256": "s", "id": "v",
        "title": "T", "message_id": "wamid.X", "emoji": "👍", "latitude": 1.5, "longitude": 2.5,
        "contact_name": "N", "contact_phone": "+1", "items": [], "old": "628111222333", "new": "628444555666",
    }  # fmt: skip
    account = WhatsAppAccount(
        app_secret="s",
        verify_token="v",
        access_token="a",
        phone_number_id="55501",
        display_number="6285550001",
    )
    for customer in (Customer("r", "Rara", "628111222333"), Customer("b", "Bayu", None, "ID.7")):
        inner = whatsapp_payloads.inbound(account, customer, "wamid.K", SENT, spoken)
        event = only(json.dumps(whatsapp_payloads.envelope([inner])).encode())
        wanted = AliasChanged if kind == "system" else MessageReceived
        assert isinstance(event, wanted)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from([*READERS, "system", "unsupported", "contacts"])
FIELDS = (
    "body",
    "id",
    "caption",
    "emoji",
    "message_id",
    "button_reply",
    "message",
    "wa_id",
    "type",
    "payload",
)
PART = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4) | JSON


@st.composite
def odd_message(draw: st.DrawFn) -> Any:
    """A message in which any part may be anything."""
    kind = draw(KINDS)
    built = {"from": "628111222333", "id": "wamid.F", "type": kind, kind: draw(PART)}
    for name in draw(
        st.lists(st.sampled_from(["from", "id", "timestamp", "context", "type", kind]), max_size=2)
    ):
        built[name] = draw(JSON)
    return built


ODD_VALUE = st.fixed_dictionaries(
    {},
    optional={
        "metadata": JSON,
        "contacts": st.lists(JSON, max_size=2) | JSON,
        "messages": st.lists(odd_message() | JSON, max_size=3) | JSON,
        "statuses": st.lists(
            st.dictionaries(st.sampled_from(["id", "status", "errors"]), JSON) | JSON, max_size=3
        ),
        "errors": st.lists(st.dictionaries(st.sampled_from(["code", "title"]), JSON) | JSON, max_size=2)
        | JSON,
    },
)


@given(st.lists(ODD_VALUE, max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_delivery_at_all_becomes_events_the_store_can_keep(values: list[dict[str, Any]]) -> None:
    for event in read(delivery(*values)):
        # The store keeps an event as JSON in UTF-8.
        assert CHANNEL_EVENT.validate_json(event.model_dump_json().encode()) == event


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_events_or_bad_input(body: bytes) -> None:
    try:
        read(body)
    except BadInput as refused:
        assert "send the delivery" in str(refused)


def _facts(events: list[Any]) -> set[str]:
    return {event.model_dump_json() for event in events}


@given(st.integers(1, 6), st.integers(0, 10_000), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_batching_repeating_and_shuffling_change_no_event(count: int, seed: int, times: int) -> None:
    singles = [value({**said("text", text={"body": f"pesan {n}"}), "id": f"wamid.{n}"}) for n in range(count)]
    one_by_one = [event for single in singles for event in read(delivery(single))]
    mixed = singles * times
    random.Random(seed).shuffle(mixed)
    merged = value(*[message for single in mixed for message in single["messages"]])
    assert _facts(one_by_one) == _facts(read(delivery(*mixed))) == _facts(read(delivery(merged)))


def echoed(**changes: Any) -> bytes:
    """What Meta tells of words from the WhatsApp Business app."""
    said = {
        "from": "6285550001",
        "to": "628111222333",
        "id": "wamid.E1",
        "timestamp": str(SENT),
        "type": "text",
        "text": {"body": "Halo, dari HP"},
    }
    echo = {name: at for name, at in (said | changes).items() if at is not None}
    metadata = {"display_phone_number": "6285550001", "phone_number_id": "55501"}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "message_echoes": [echo]}
    change = {"field": "smb_message_echoes", "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    ).encode()


def test_words_from_the_business_phone_are_a_persons_to_their_customer() -> None:
    event = only(echoed())
    assert isinstance(event, HumanSpoke)
    assert (event.client.phone, event.words, event.message.id) == (
        "+628111222333",
        "Halo, dari HP",
        "wamid.E1",
    )
    assert event.sent_at == datetime.fromtimestamp(SENT, UTC) and event.account == "school"


def test_an_echo_of_a_picture_to_somebody_without_a_number_is_understood() -> None:
    event = only(echoed(to=None, to_user_id="ID.77", type="image", text=None, image={"id": "9"}))
    assert isinstance(event, HumanSpoke)
    assert event.client.aliases == (Alias(kind="user_id", value="ID.77"),) and event.words == "(image)"


def test_an_echo_to_nobody_is_a_fault() -> None:
    assert only(echoed(to=None)).code == "no_recipient"


def test_the_sandboxs_echo_is_read() -> None:
    account = WhatsAppAccount.model_validate(
        {
            "app_secret": "a",
            "verify_token": "v",
            "access_token": "t",
            "phone_number_id": "55501",
            "display_number": "6285550001",
            "callback_url": "http://127.0.0.1:1/x",
            "business_name": "Suara Kita",
        }
    )
    sari = Customer(key="sari", name="Sari", phone="628111222333", user_id=None, username=None)
    sent = whatsapp_payloads.envelope([whatsapp_payloads.echo(account, sari, "wamid.E2", SENT, "hai")])
    event = only(json.dumps(sent).encode())
    assert isinstance(event, HumanSpoke) and event.words == "hai"
