"""Webhook bodies of the WhatsApp Cloud API, one builder per kind of message."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.people import Customer
from sandbox.settings import WhatsAppAccount

Json = dict[str, Any]
WABA_ID = "102030405060708"


def _media(kind: str) -> Callable[[Mapping[str, Any]], Json]:
    def build(said: Mapping[str, Any]) -> Json:
        media: Json = {"id": said["media_id"], "mime_type": said["mime_type"], "sha256": said["sha256"]}
        for extra in ("caption", "filename", "animated"):
            if said.get(extra) is not None:
                media[extra] = said[extra]
        return {"type": kind, kind: media}

    return build


def _voice(said: Mapping[str, Any]) -> Json:
    built = _media("audio")(said)
    built["audio"]["voice"] = bool(said.get("voice", True))
    return built


def _reply(kind: str) -> Callable[[Mapping[str, Any]], Json]:
    def build(said: Mapping[str, Any]) -> Json:
        chosen: Json = {"id": said["id"], "title": said["title"]}
        if said.get("description"):
            chosen["description"] = said["description"]
        return {"type": "interactive", "interactive": {"type": kind, kind: chosen}}

    return build


def _location(said: Mapping[str, Any]) -> Json:
    place = {"latitude": said["latitude"], "longitude": said["longitude"]}
    place.update({key: said[key] for key in ("name", "address") if key in said})
    return {"type": "location", "location": place}


def _contacts(said: Mapping[str, Any]) -> Json:
    card = {
        "name": {"formatted_name": said["contact_name"], "first_name": said["contact_name"]},
        "phones": [{"phone": said["contact_phone"], "type": "CELL"}],
    }
    return {"type": "contacts", "contacts": [card]}


def _order(said: Mapping[str, Any]) -> Json:
    order = {"catalog_id": "4400110022", "text": said.get("text", ""), "product_items": said["items"]}
    return {"type": "order", "order": order}


def _system(said: Mapping[str, Any]) -> Json:
    change = {
        "body": f"{said['old']} changed to {said['new']}",
        "wa_id": said["new"],
        "type": "user_changed_number",
    }
    return {"type": "system", "system": change}


def _unsupported(_: Mapping[str, Any]) -> Json:
    error = {
        "code": 131051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": {"details": "Message type is currently not supported."},
    }
    return {"type": "unsupported", "errors": [error]}


def _edit(said: Mapping[str, Any]) -> Json:
    fresh = {"type": "text", "text": {"body": said["text"]}}
    return {"type": "edit", "edit": {"original_message_id": said["message_id"], "message": fresh}}


BUILDERS: Mapping[str, Callable[[Mapping[str, Any]], Json]] = {
    "text": lambda said: {"type": "text", "text": {"body": said["text"]}},
    "image": _media("image"),
    "audio": _voice,
    "document": _media("document"),
    "video": _media("video"),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "button_reply": _reply("button_reply"),
    "list_reply": _reply("list_reply"),
    "button": lambda said: {"type": "button", "button": {"payload": said["id"], "text": said["title"]}},
    "reaction": lambda said: {
        "type": "reaction",
        "reaction": {"message_id": said["message_id"], "emoji": said["emoji"]},
    },
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
    "edit": _edit,
    "revoke": lambda said: {"type": "revoke", "revoke": {"original_message_id": said["message_id"]}},
}
MEDIA_KINDS = frozenset({"image", "audio", "document", "video", "sticker"})


def inbound(
    account: WhatsAppAccount, customer: Customer, message_id: str, at: int, said: Mapping[str, Any]
) -> Json:
    """The `value` of a webhook that brings one message; `at` is in Unix seconds."""
    message: Json = {"id": message_id, "timestamp": str(at), **BUILDERS[said["kind"]](said)}
    contact: Json = {"profile": {"name": customer.name}}
    if customer.username:
        contact["profile"]["username"] = customer.username
    if customer.phone:
        message["from"] = contact["wa_id"] = customer.phone
    if customer.user_id:
        message["from_user_id"] = contact["user_id"] = customer.user_id
    if said.get("reply_to"):
        message["context"] = {"from": account.display_number, "id": said["reply_to"]}
    # WhatsApp leaves the contacts array out when it announces a changed number.
    people = {} if said["kind"] == "system" else {"contacts": [contact]}
    return {**_head(account), **people, "messages": [message]}


def echo(account: WhatsAppAccount, customer: Customer, message_id: str, at: int, text: str) -> Json:
    """The `value` of a webhook that tells of words a person wrote in the WhatsApp Business app on the same number."""
    said: Json = {
        "from": account.display_number,
        "id": message_id,
        "timestamp": str(at),
        "type": "text",
        "text": {"body": text},
    }
    if customer.phone:
        said["to"] = customer.phone
    if customer.user_id:
        said["to_user_id"] = customer.user_id
    return {**_head(account), "message_echoes": [said]}


def status(
    account: WhatsAppAccount,
    customer: Customer,
    message_id: str,
    at: int,
    state: str,
    key: str | None,
    code: int | None,
) -> Json:
    """The `value` of a webhook that reports what became of a message we were asked to send."""
    report: Json = {"id": message_id, "status": state, "timestamp": str(at)}
    if customer.phone:
        report["recipient_id"] = customer.phone
    if customer.user_id:
        report["recipient_user_id"] = customer.user_id
    if key is not None:
        report["biz_opaque_callback_data"] = key
    if code is not None:
        title, details = FAILURES.get(code, ("Message failed to send", "The message could not be delivered."))
        report["errors"] = [
            {"code": code, "title": title, "message": title, "error_data": {"details": details}}
        ]
    elif state != "read":
        report["pricing"] = {"billable": False, "pricing_model": "PMP", "category": "service", "type": "free"}
    return {**_head(account), "statuses": [report]}


FAILURES: Mapping[int, tuple[str, str]] = {
    130429: ("Rate limit hit", "Too many messages were sent from this number in a short time."),
    131026: ("Message undeliverable", "The recipient cannot be reached on WhatsApp."),
    131047: ("Re-engagement message", "More than 24 hours have passed since the customer last wrote."),
    132000: ("Template Param Count Mismatch", "The number of parameters is not that of the template."),
    132001: ("Template does not exist", "There is no approved template of this name in this language."),
    131056: ("Pair rate limit hit", "Too many messages from this number to the same recipient."),
}


def errors_only(account: WhatsAppAccount, code: int) -> Json:
    """The `value` of a webhook that brings nothing but an error."""
    title, details = FAILURES.get(code, ("Something went wrong", "An unknown error occurred."))
    error = {"code": code, "title": title, "message": title, "error_data": {"details": details}}
    return {**_head(account), "errors": [error]}


def envelope(values: Sequence[Json]) -> Json:
    """One webhook body around several values."""
    changes = [
        {"field": "smb_message_echoes" if "message_echoes" in value else "messages", "value": value}
        for value in values
    ]
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": changes}]}


def _head(account: WhatsAppAccount) -> Json:
    metadata = {"display_phone_number": account.display_number, "phone_number_id": account.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata}
