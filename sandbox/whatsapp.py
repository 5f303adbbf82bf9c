"""The other end of WhatsApp: conversations, what is accepted into them, and the webhooks that follow."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import whatsapp_payloads as payloads
from sandbox.clock import SharedClock
from sandbox.limits import Limits
from sandbox.media import MediaShelf, sample_photo, sample_voice
from sandbox.people import Customer, People
from sandbox.receipts import ReceiptLog
from sandbox.settings import WhatsAppAccount
from sandbox.whatsapp_checks import Outbound, Rejected
from sandbox.whatsapp_hooks import Held, WhatsAppHooks

Json = dict[str, Any]
WINDOW_SECONDS = 86_400
TYPING_SECONDS = 25
PAIR_SECONDS = 6
SAMPLE_MIME = {"audio": "audio/ogg; codecs=opus", "sticker": "image/webp"}


@dataclass
class Chat:
    """One customer's side of the conversation; times are Unix seconds of the shared clock."""

    customer: Customer
    messages: list[Json] = field(default_factory=list)
    last_inbound: float | None = None
    typing_until: float = 0.0
    pair_spent: float = 0.0
    pair_at: float = 0.0


class WhatsApp:
    """One business number at the emulated network, apart from HTTP; files are kept for all numbers together."""

    def __init__(
        self,
        account: WhatsAppAccount,
        people: People,
        clock: SharedClock,
        receipts: ReceiptLog,
        hooks: WhatsAppHooks,
        media: MediaShelf,
        business: str = "",
    ) -> None:
        self.account = account
        self.people = people
        self.media = media
        self.limits = Limits()
        self.hooks = hooks
        self._clock = clock
        self._receipts = receipts
        self._whose = {"business": business} if business else {}
        self._chats: dict[str, Chat] = {}
        self._by_id: dict[str, tuple[Chat, Json]] = {}

    def chat(self, customer: Customer) -> Chat:
        """The conversation with a customer, begun if there was none."""
        chat = self._chats.setdefault(customer.key, Chat(customer))
        chat.customer = customer
        return chat

    def show(self, customer: Customer) -> Json:
        """A conversation as its customer sees it."""
        chat, now = self.chat(customer), self._clock.timestamp()
        return {
            "key": customer.key,
            "name": customer.name,
            "phone": customer.phone,
            "user_id": customer.user_id,
            "typing": chat.typing_until > now,
            "window_open": chat.last_inbound is not None and now - chat.last_inbound < WINDOW_SECONDS,
            "messages": chat.messages,
        }

    def say(self, customer: Customer, said: Mapping[str, Any], times: int = 1) -> str:
        """A customer sends one message, delivered `times` times; answers its id."""
        chat, at = self.chat(customer), self._clock.timestamp()
        message_id = said.get("id") or _wamid()
        content = self._filled(chat, said)
        value = payloads.inbound(self.account, customer, message_id, int(at), content)
        chat.last_inbound = at
        self._file(chat, message_id, "customer", content["kind"], _words(content), content)
        if content["kind"] in ("reaction", "edit", "revoke"):
            self._change(content["kind"], content)
        self._note(
            "whatsapp.inbound",
            id=message_id,
            chat=customer.key,
            type=content["kind"],
            text=_words(content),
            times=times,
        )
        for _ in range(times):
            self.hooks.send(Held(customer.key, value, message_id))
        return str(message_id)

    def speak(self, customer: Customer, text: str) -> str:
        """A person of the business writes from its phone; the server hears of it by an echo. Answers the id."""
        chat, at, message_id = self.chat(customer), self._clock.timestamp(), _wamid()
        self._file(chat, message_id, "business", "text", text, {})
        self._note("whatsapp.echo", id=message_id, chat=customer.key, text=text)
        self.hooks.send(
            Held(customer.key, payloads.echo(self.account, customer, message_id, int(at), text), message_id)
        )
        return message_id

    def accept(self, sent: Outbound, fail_as: int | None = None) -> Json:
        """Take a message for delivery and report on it; refuses what WhatsApp refuses at once."""
        try:
            customer = self.people.find(sent.to)
        except ValueError as unknown:
            raise Rejected(100, "The parameter to is not a phone number or user id.") from unknown
        chat = self.chat(customer)
        failure = fail_as or self._unfit(chat, sent)
        message_id = _wamid()
        self._note(
            "whatsapp.send", id=message_id, key=sent.key, to=sent.to, chat=customer.key, type=sent.kind,
            text=sent.text, reply_to=sent.reply_to, buttons=[button["title"] for button in sent.buttons],
        )  # fmt: skip
        chat.typing_until = 0.0
        if sent.kind == "reaction":
            self._change(sent.kind, sent.content)
        else:
            filed = self._file(chat, message_id, "business", sent.kind, sent.text, sent.content)
            filed.update(
                key=sent.key, reply_to=sent.reply_to, buttons=list(sent.buttons),
                choice=sent.content.get("type"), media_id=sent.content.get("id"),
                filename=sent.content.get("filename"),
            )  # fmt: skip
        self._report(chat, message_id, sent.key, failure)
        reached = {"wa_id": customer.phone} if customer.phone else {"user_id": customer.user_id}
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": sent.to, **reached}],
            "messages": [{"id": message_id}],
        }

    def mark_read(self, message_id: str, typing: bool) -> None:
        """The business has read a message, and may be typing; a typing mark fades after 25 s."""
        found = self._by_id.get(message_id)
        if found is None or found[1]["from"] != "customer":
            raise Rejected(131009, "The message id is not one this number received.")
        chat, message = found
        for earlier in chat.messages:
            if earlier["from"] == "customer" and earlier["at"] <= message["at"]:
                earlier["status"] = "read"
        if typing:
            chat.typing_until = self._clock.timestamp() + TYPING_SECONDS
        self._note("whatsapp.read", id=message_id, chat=chat.customer.key, typing=typing)

    def report(self, message_id: str, state: str, code: int | None = None) -> None:
        """Report one status of a message we were asked to send, as often as this is called."""
        chat, message = self._by_id[message_id]
        message["status"] = state
        at = int(self._clock.timestamp())
        value = payloads.status(self.account, chat.customer, message_id, at, state, message.get("key"), code)
        self.hooks.send(Held(chat.customer.key, value, f"{message_id}/{state}"))

    def announce_error(self, code: int) -> None:
        """A webhook that brings nothing but an error."""
        self.hooks.send(Held("errors", payloads.errors_only(self.account, code), f"error/{code}"))

    def _note(self, kind: str, **told: Any) -> None:
        self._receipts.write(kind, **told, **self._whose)

    def _unfit(self, chat: Chat, sent: Outbound) -> int | None:
        now = self._clock.timestamp()
        closed = chat.last_inbound is None or now - chat.last_inbound >= WINDOW_SECONDS
        if closed and sent.kind != "template" and self.limits.window != "off":
            if self.limits.window == "error":
                raise Rejected(131047, payloads.FAILURES[131047][1])
            return 131047
        if self.limits.pair_burst is not None:
            chat.pair_spent = max(0.0, chat.pair_spent - (now - chat.pair_at) / PAIR_SECONDS)
            chat.pair_at = now
            if chat.pair_spent + 1 > self.limits.pair_burst:
                raise Rejected(131056, payloads.FAILURES[131056][1])
            chat.pair_spent += 1
        return 131026 if chat.customer.key in self.limits.unreachable else None

    def _report(self, chat: Chat, message_id: str, key: str | None, failure: int | None) -> None:
        if message_id not in self._by_id:
            self._by_id[message_id] = (chat, {"from": "business", "key": key})
        if failure is not None:
            self.report(message_id, "failed", failure)
            return
        for state in self.limits.statuses:
            self.report(message_id, state)

    def _change(self, kind: str, content: Mapping[str, Any]) -> None:
        found = self._by_id.get(content["message_id"])
        if found is None:
            return
        if kind == "reaction":
            found[1]["reaction"] = content["emoji"]
        elif kind == "edit":
            found[1].update(text=content["text"], edited=True)
        else:
            found[1].update(text="", type="revoked")

    def _file(
        self, chat: Chat, message_id: str, author: str, kind: str, text: str, content: Mapping[str, Any]
    ) -> Json:
        message: Json = {
            "id": message_id, "from": author, "type": kind, "text": text, "at": self._clock.timestamp(),
            "status": "sent", "reply_to": content.get("reply_to"), "media_id": content.get("media_id"),
            "filename": content.get("filename"),
        }  # fmt: skip
        self._by_id[message_id] = (chat, message)
        if kind not in ("reaction", "edit", "revoke"):
            chat.messages.append(message)
        return message

    def _filled(self, chat: Chat, said: Mapping[str, Any]) -> Json:
        content = dict(said)
        if content["kind"] in payloads.MEDIA_KINDS and "media_id" not in content:
            voice = content["kind"] == "audio"
            data = content.pop("data", None) or (sample_voice() if voice else sample_photo())
            mime = content.get("mime_type") or SAMPLE_MIME.get(content["kind"], "image/png")
            stored = self.media.put(data, mime)
            content.update(media_id=stored.id, mime_type=mime, sha256=stored.sha256)
        if content["kind"] in ("button_reply", "list_reply") and "id" not in content:
            content.update(_offered(chat, content["title"]))
        return content


def _offered(chat: Chat, title: str) -> Json:
    for message in reversed(chat.messages):
        for button in message.get("buttons") or []:
            if button["title"] == title:
                return {**button, "reply_to": message["id"]}
    raise LookupError(f"no button {title!r} was offered in this chat")


def _words(content: Mapping[str, Any]) -> str:
    for name in ("text", "caption", "title", "emoji"):
        if content.get(name):
            return str(content[name])
    return ""


def _wamid() -> str:
    return f"wamid.{secrets.token_hex(16).upper()}"
