"""The other end of Telegram: groups, their messages and the people who press and reply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import SharedClock
from sandbox.limits import Limits
from sandbox.receipts import ReceiptLog
from sandbox.settings import StaffMember, TelegramAccount
from sandbox.telegram_content import BadRequest, FloodWait, markup_in, public, replied_id, text_in, titles
from sandbox.telegram_files import CAPTION_LIMIT, Upload, captioned, described, file_in, told_of
from sandbox.telegram_updates import Updates

Json = dict[str, Any]
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@dataclass
class Group:
    """One group chat; `sent` are the times, in Unix seconds, of the bot's recent messages."""

    lane: str
    chat_id: int
    messages: dict[int, Json] = field(default_factory=dict)
    sent: list[float] = field(default_factory=list)


class Telegram:
    """The emulated network, apart from HTTP."""

    def __init__(
        self,
        account: TelegramAccount,
        staff: tuple[StaffMember, ...],
        clock: SharedClock,
        receipts: ReceiptLog,
        updates: Updates,
    ) -> None:
        self.account = account
        self.limits = Limits()
        self.updates = updates
        self._clock = clock
        self._receipts = receipts
        self._groups = {lane: Group(lane, chat_id) for lane, chat_id in account.lanes.items()}
        self._people = {member.telegram_user_id: member.name for member in staff}
        self._queries: dict[str, Json] = {}
        self.files: dict[int, Upload] = {}
        # Ids go on from the receipts, so that a restarted sandbox never gives one out twice.
        self._next_id = receipts.last + 1

    @property
    def bot(self) -> Json:
        """The bot as a user."""
        bot_id = int(self.account.bot_token.split(":")[0])
        return {"id": bot_id, "is_bot": True, "first_name": "Loket", "username": "loket_sandbox_bot"}

    def group(self, chat: str) -> Group:
        """A group by its lane or chat id."""
        for group in self._groups.values():
            if chat in (group.lane, str(group.chat_id)):
                return group
        raise BadRequest("Bad Request: chat not found")

    def send(self, data: Mapping[str, Any]) -> Json:
        """The bot posts a message; answers it as the API does."""
        return public(self._sent(data, text_in(data), {}))

    def send_file(self, kind: str, data: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Json:
        """The bot posts a photo, a voice note or a document with a caption."""
        upload = file_in(kind, uploads, data)
        caption = text_in(data, "caption", CAPTION_LIMIT, needed=False)
        message = self._sent(data, caption, {"file": told_of(kind, upload)})
        self.files[message["message_id"]] = upload
        message[kind] = described(kind, message["message_id"], upload)
        message["_file"] = told_of(kind, upload)
        return captioned(message)

    def _sent(self, data: Mapping[str, Any], words: tuple[str, list[Json], str | None], more: Json) -> Json:
        group = self.group(str(data.get("chat_id", "")))
        text, entities, source = words
        markup = markup_in(data)
        replied = self._replied(group, data)
        self._pace(group)
        message = self._message(group, self.bot, text, entities, replied)
        message["reply_markup"] = markup
        message["_html"] = source
        self._receipts.write(
            "telegram.send", lane=group.lane, message=message["message_id"], text=text,
            buttons=titles(markup), reply_to=replied and replied["message_id"], **more,
        )  # fmt: skip
        return message

    def edit(self, data: Mapping[str, Any], text_too: bool) -> Json:
        """The bot changes a message's text and buttons, or its buttons alone."""
        group = self.group(str(data.get("chat_id", "")))
        message = group.messages.get(int(data.get("message_id", 0)))
        if message is None:
            raise BadRequest("Bad Request: message to edit not found")
        if message["from"]["id"] != self.bot["id"]:
            raise BadRequest("Bad Request: message can't be edited")
        fresh = dict(message, reply_markup=markup_in(data))
        if text_too:
            fresh["text"], fresh["entities"], fresh["_html"] = text_in(data)
        if fresh == message:
            raise BadRequest(
                "Bad Request: message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message.update(fresh, edit_date=int(self._clock.timestamp()))
        self._receipts.write(
            "telegram.edit", lane=group.lane, message=message["message_id"], text=message["text"],
            buttons=titles(message["reply_markup"]),
        )  # fmt: skip
        return public(message)

    def answer(self, data: Mapping[str, Any]) -> bool:
        """The bot answers a press; the words show for a moment to the person who pressed."""
        query = self._queries.get(str(data.get("callback_query_id", "")))
        if query is None:
            raise BadRequest(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        alert = str(data.get("show_alert", "")).lower() == "true"
        query["answer"] = {"text": data.get("text", ""), "alert": alert}
        self._receipts.write(
            "telegram.answer", query=query["id"], user=query["from"]["id"], **query["answer"]
        )
        return True

    def press(self, lane: str, user_id: int, message_id: int, button: str, name: str | None = None) -> str:
        """A person presses a button, named by its words or its data; answers the query's id."""
        group = self.group(lane)
        message = group.messages.get(message_id)
        if message is None:
            raise LookupError(f"no message {message_id} in {lane}")
        rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
        choices = [choice for row in rows for choice in row if "callback_data" in choice]
        chosen = [choice for choice in choices if button in (choice["text"], choice["callback_data"])]
        # People read "✅ Approve" as Approve, so the words inside the ornament will do too.
        chosen = chosen or [choice for choice in choices if button.lower() in choice["text"].lower()]
        if not chosen:
            raise LookupError(f"message {message_id} in {lane} has no button {button!r}")
        person = self._person(user_id, name)
        query = {
            "id": str(4_000_000_000 + self._number()),
            "from": person,
            "message": public(message),
            "chat_instance": str(group.chat_id),
            "data": chosen[0]["callback_data"],
        }
        self._queries[query["id"]] = dict(query)
        self._receipts.write(
            "telegram.press", lane=lane, message=message_id, user=user_id, button=chosen[0]["text"],
            query=query["id"],
        )  # fmt: skip
        self.updates.add("callback_query", query)
        return str(query["id"])

    def say(
        self, lane: str, user_id: int, text: str, reply_to: int | None, name: str | None = None
    ) -> tuple[int, bool]:
        """A person writes in a group; answers the message's id and whether the bot was shown it.

        With privacy mode on a bot sees commands and replies to itself, nothing else.
        """
        group = self.group(lane)
        replied = group.messages.get(reply_to) if reply_to else None
        if reply_to and replied is None:
            raise LookupError(f"no message {reply_to} in {lane}")
        entities: list[Json] = []
        command = re.match(r"/[A-Za-z0-9_]+(@\w+)?", text)
        if command:
            entities = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        message = self._message(group, self._person(user_id, name), text, entities, replied)
        seen = bool(command) or (replied is not None and replied["from"]["is_bot"])
        self._receipts.write(
            "telegram.say", lane=lane, message=message["message_id"], user=user_id, text=text,
            reply_to=reply_to, seen=seen,
        )  # fmt: skip
        if seen:
            self.updates.add("message", public(message))
        return int(message["message_id"]), seen

    def find(self, lane: str, match: str) -> int:
        """The latest message that contains `match`, one with buttons before one without."""
        found = [m for m in self.group(lane).messages.values() if match in m["text"]]
        if not found:
            raise LookupError(f"no message in {lane} contains {match!r}")
        buttoned = [message for message in found if message["reply_markup"]]
        return int((buttoned or found)[-1]["message_id"])

    def show(self, lane: str) -> Json:
        """A group as its people see it now, after edits."""
        group = self.group(lane)
        answers = [query for query in self._queries.values() if "answer" in query]
        messages = [
            {**captioned(message), "text": message["text"], "html": message["_html"],
             "buttons": titles(message["reply_markup"]), "file": message.get("_file")}
            for message in group.messages.values()
        ]  # fmt: skip
        told = [
            {"id": query["id"], "user": query["from"]["id"], **query["answer"]} for query in answers[-20:]
        ]
        return {"lane": lane, "chat_id": group.chat_id, "messages": messages, "answers": told}

    def about(self, group: Group) -> Json:
        """A group as getChat describes it."""
        extra = {"accent_color_id": 0, "max_reaction_count": 11}
        return {**_chat(group), **extra, "accepted_gift_types": dict.fromkeys(GIFTS, False)}

    def _message(
        self, group: Group, author: Json, text: str, entities: list[Json], replied: Json | None
    ) -> Json:
        message: Json = {
            "message_id": self._number(),
            "date": int(self._clock.timestamp()),
            "chat": _chat(group),
            "from": author,
            "text": text,
            "entities": entities,
            "reply_markup": None,
            "_html": None,
        }
        if replied is not None:
            message["reply_to_message"] = {
                k: v for k, v in public(replied).items() if k != "reply_to_message"
            }
        group.messages[message["message_id"]] = message
        return message

    def _replied(self, group: Group, data: Mapping[str, Any]) -> Json | None:
        wanted, optional = replied_id(data)
        message = group.messages.get(wanted) if wanted else None
        if wanted and message is None and not optional:
            raise BadRequest("Bad Request: message to be replied not found")
        return message

    def _person(self, user_id: int, name: str | None) -> Json:
        called = name or self._people.get(user_id, f"Tamu {user_id}")
        return {"id": user_id, "is_bot": False, "first_name": called}

    def _number(self) -> int:
        self._next_id += 1
        return self._next_id

    def _pace(self, group: Group) -> None:
        now = self._clock.timestamp()
        group.sent = [at for at in group.sent if now - at < 60]
        most = self.limits.group_per_minute
        if most is not None and len(group.sent) >= most:
            raise FloodWait(int(60 - (now - group.sent[0])) + 1)
        group.sent.append(now)


def _chat(group: Group) -> Json:
    return {"id": group.chat_id, "type": "supergroup", "title": f"Loket {group.lane}"}
