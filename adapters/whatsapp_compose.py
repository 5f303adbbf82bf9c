"""What WhatsApp is asked to send, and what its answers mean for us. Pure."""

from collections.abc import Mapping

from adapters.whatsapp_fields import Json, obj, rows, word
from casefile.effects import Attachment, Button, SendMessage
from casefile.errors import DependencyDown, LoketError, SendLater, SendRefused, SendUnknown

BUTTONS_MOST = 3
CAPTION_CHARS = 1024
BUTTON_CHARS = 20
BUTTON_BODY_CHARS = 1024
ROWS_MOST = 10
ROW_CHARS = 24
ROW_DETAIL_CHARS = 72
PAIR_WAIT = 6.0
ACCOUNT_WAIT = 5.0
PAIR_RATE = "131056"
# Application, business and throughput limits: none of them says anything about the message itself.
ACCOUNT_RATES = frozenset({"4", "80007", "130429", "131048"})
# Token, permission, block, payment and registration trouble: it is the account that cannot send, and the
# message must wait for somebody to mend that instead of being lost.
ACCOUNT_DOWN = frozenset({"0", "3", "10", "190", "368", "131005", "131031", "131042", "131045", "133010"})
# Graph's own word that it did not process the request.
NOT_SERVED = frozenset({"2", "131016", "131057", "133004"})


def carries(message: SendMessage) -> Attachment | None:
    """Return the file that goes with a message: none where the words are more than a caption holds."""
    fits = len(message.text) <= CAPTION_CHARS and not message.buttons
    return message.attachment if fits else None


def body(message: SendMessage, address: str, media_id: str = "") -> dict[str, object]:
    """Word a message for the API; `address` is a phone number, or else a business-scoped user id.

    `media_id` is the uploaded file that goes with it; its words are then the caption.

    Raises SendRefused for more than ten choices.
    """
    built: dict[str, object] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_to(address),
        **(_media(message, media_id) if media_id else _content(message)),
        "biz_opaque_callback_data": message.key,
    }
    if message.reply_to:
        built["context"] = {"message_id": message.reply_to}
    return built


def _to(address: str) -> dict[str, object]:
    digits = address.removeprefix("+")
    return {"to": digits} if digits.isascii() and digits.isdigit() else {"recipient": address}


def _media(message: SendMessage, media_id: str) -> dict[str, object]:
    file = message.attachment
    if file is None:
        raise LoketError(f"{message.key} carries no file")
    named = {"filename": file.filename} if file.kind == "document" else {}
    return {"type": file.kind, file.kind: {"id": media_id, "caption": message.text, **named}}


def _content(message: SendMessage) -> dict[str, object]:
    approved = message.channel_template
    if approved is not None:
        return {
            "type": "template",
            "template": {"name": approved.name, "language": {"code": approved.language}},
        }
    choices = message.buttons
    if not choices:
        return {"type": "text", "text": {"body": message.text, "preview_url": False}}
    if len(choices) > ROWS_MOST:
        raise SendRefused("too_many_choices", f"{len(choices)} choices; WhatsApp shows at most {ROWS_MOST}")
    if (
        len(choices) <= BUTTONS_MOST
        and _fit(choices, BUTTON_CHARS)
        and len(message.text) <= BUTTON_BODY_CHARS
    ):
        action: dict[str, object] = {
            "buttons": [{"type": "reply", "reply": {"id": c.value, "title": c.label}} for c in choices]
        }
        return _interactive("button", message.text, action)
    action = {
        "button": "Pilih" if message.language == "id" else "Choose",
        "sections": [{"rows": _rows(choices)}],
    }
    return _interactive("list", message.text, action)


def _interactive(kind: str, text: str, action: dict[str, object]) -> dict[str, object]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}


def _fit(choices: tuple[Button, ...], most: int) -> bool:
    labels = [choice.label for choice in choices]
    # WhatsApp refuses two choices that read the same.
    return len(set(labels)) == len(labels) and all(len(label) <= most for label in labels)


def _rows(choices: tuple[Button, ...]) -> list[dict[str, str]]:
    if _fit(choices, ROW_CHARS):
        return [{"id": choice.value, "title": choice.label} for choice in choices]
    return [
        {
            "id": choice.value,
            # Cut labels may read the same, their numbers do not.
            "title": f"{number}. {choice.label}"[:ROW_CHARS],
            "description": choice.label[:ROW_DETAIL_CHARS],
        }
        for number, choice in enumerate(choices, start=1)
    ]


def media_id(answer: object) -> str:
    """Take a file's id out of the answer to its upload; DependencyDown when there is none: nothing was sent yet."""
    id_ = word(obj(answer).get("id"))
    if not id_:
        raise DependencyDown("whatsapp", "an upload was answered without the file's id")
    return id_


def provider_id(answer: object) -> str:
    """Take the message id out of a 2xx answer; raises SendUnknown when there is none in it."""
    id_ = word(obj(next(iter(rows(obj(answer).get("messages"))), None)).get("id"))
    if not id_:
        raise SendUnknown("WhatsApp answered yes without saying which message that was")
    return id_


def failure(status: int, headers: Mapping[str, str], answer: object) -> LoketError:
    """Say what an answer that is not 2xx means; `headers` have lower-case names.

    A 4xx, and a 503 in Graph's own words, mean that the message was not taken. Any other 5xx can come from
    something on the way after it was taken, so that is unknown.
    """
    error = obj(obj(answer).get("error"))
    code = word(error.get("code"))
    why = _why(error) or f"HTTP {status}"
    wait = _seconds(headers.get("retry-after"))
    if code == PAIR_RATE:
        return SendLater(why, PAIR_WAIT if wait is None else wait, scope="recipient")
    if code in ACCOUNT_RATES or status == 429 or (status == 503 and wait is not None):
        return SendLater(why, ACCOUNT_WAIT if wait is None else wait)
    if status < 400 or _account_down(status, code):
        return DependencyDown("whatsapp", f"the account cannot send ({code or status}): {why}")
    if code in NOT_SERVED or (status == 503 and error):
        return DependencyDown("whatsapp", why)
    if status >= 500 or status == 408:
        return SendUnknown(f"WhatsApp answered {why} ({code or status})")
    return SendRefused(code or str(status), why)


def _account_down(status: int, code: str) -> bool:
    permission = len(code) == 3 and code.startswith("2")
    return code in ACCOUNT_DOWN or permission or status == 401 or (status == 403 and not code)


def _why(error: Json) -> str:
    details = word(obj(error.get("error_data")).get("details"))
    return details or word(error.get("message")) or word(error.get("title"))


def _seconds(retry_after: str | None) -> float | None:
    text = (retry_after or "").strip()
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() and len(text) < 10 else None
