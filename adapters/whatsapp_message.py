"""One WhatsApp message of any kind, as the case file knows messages. Pure."""

from collections.abc import Callable, Mapping

from adapters.whatsapp_fields import Json, obj, word
from casefile.events import InboundMessage, Media, MessageKind

# A video is kept as a document is: evidence with a caption that nobody here looks into.
MEDIA_KINDS: Mapping[str, MessageKind] = {
    "image": "image",
    "sticker": "image",
    "audio": "audio",
    "document": "document",
    "video": "document",
}


def message(said: Json, id_: str) -> InboundMessage:
    """Read one element of `messages[]`; a kind nobody knows becomes "unsupported"."""
    kind = word(said.get("type")) or next((name for name in READERS if name in said), "")
    reader = READERS.get(kind)
    part = said.get(kind)
    quoted = word(obj(said.get("context")).get("id")) or None
    if reader is None or not isinstance(part, dict):
        return InboundMessage(id=id_, kind="unsupported", reply_to=quoted)
    read = reader(part, id_)
    return read.model_copy(update={"reply_to": quoted}) if quoted and not read.reply_to else read


def _text(part: Json, id_: str) -> InboundMessage:
    return InboundMessage(id=id_, kind="text", text=word(part.get("body")))


def _media(kind: MessageKind) -> Callable[[Json, str], InboundMessage]:
    def read(part: Json, id_: str) -> InboundMessage:
        media_id = word(part.get("id"))
        caption = word(part.get("caption"))
        media = Media(
            id=media_id,
            mime=word(part.get("mime_type")),
            sha256=word(part.get("sha256")) or None,
            caption=caption or None,
            voice=part.get("voice") is True,
            filename=word(part.get("filename")) or None,
        )
        return InboundMessage(id=id_, kind=kind, text=caption, media=media if media_id else None)

    return read


def _location(part: Json, id_: str) -> InboundMessage:
    named = [word(part.get(key)) for key in ("name", "address")]
    numbers = [part.get("latitude"), part.get("longitude")]
    coordinates = [f"{n}" for n in numbers if isinstance(n, (int, float)) and not isinstance(n, bool)]
    return InboundMessage(id=id_, kind="location", text=", ".join([n for n in named if n] or coordinates))


def _interactive(part: Json, id_: str) -> InboundMessage:
    chosen = obj(part.get("button_reply")) or obj(part.get("list_reply"))
    form = obj(part.get("nfm_reply"))
    title = word(chosen.get("title")) or word(form.get("body"))
    return InboundMessage(id=id_, kind="interactive", text=title, button=word(chosen.get("id")) or None)


def _button(part: Json, id_: str) -> InboundMessage:
    pressed = word(part.get("payload")) or None
    return InboundMessage(id=id_, kind="interactive", text=word(part.get("text")), button=pressed)


def _reaction(part: Json, id_: str) -> InboundMessage:
    target = word(part.get("message_id")) or None
    # A reaction taken back comes without an emoji.
    return InboundMessage(id=id_, kind="reaction", text=word(part.get("emoji")), reply_to=target)


def _edit(part: Json, id_: str) -> InboundMessage:
    fresh = message(obj(part.get("message")), id_)
    target = word(part.get("original_message_id")) or None
    return InboundMessage(id=id_, kind="edit", text=fresh.text, media=fresh.media, reply_to=target)


def _revoke(part: Json, id_: str) -> InboundMessage:
    return InboundMessage(id=id_, kind="revoke", reply_to=word(part.get("original_message_id")) or None)


def _order(part: Json, id_: str) -> InboundMessage:
    return InboundMessage(id=id_, kind="unsupported", text=word(part.get("text")))


READERS: Mapping[str, Callable[[Json, str], InboundMessage]] = {
    "text": _text,
    **{name: _media(kind) for name, kind in MEDIA_KINDS.items()},
    "location": _location,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "order": _order,
}
