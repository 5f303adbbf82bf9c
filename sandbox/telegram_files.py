"""Files a bot posts: what the Bot API takes as one, and how it tells of it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sandbox.telegram_content import BadRequest, public

Json = dict[str, Any]
Upload = tuple[str, bytes]
CAPTION_LIMIT = 1024
PHOTO_LIMIT_BYTES = 10_000_000
PICTURES = (b"\x89PNG", b"\xff\xd8\xff")


def file_in(kind: str, uploads: Mapping[str, Upload], data: Mapping[str, Any]) -> Upload:
    """The uploaded file of a sendPhoto, sendVoice or sendDocument: its media type and bytes, or BadRequest."""
    given = str(data.get(kind, ""))
    found = uploads.get(given.removeprefix("attach://")) or uploads.get(kind)
    if found is None or not found[1]:
        raise BadRequest(f"Bad Request: there is no {kind} in the request")
    content = found[1]
    if kind == "photo" and (len(content) > PHOTO_LIMIT_BYTES or not content.startswith(PICTURES)):
        raise BadRequest("Bad Request: IMAGE_PROCESS_FAILED")
    return found


def described(kind: str, number: int, upload: Upload) -> Json | list[Json]:
    """The file as the API describes it inside the message."""
    mime, content = upload
    shown: Json = {"file_id": f"sandbox-{number}", "file_unique_id": str(number), "file_size": len(content)}
    if kind == "photo":
        return [{**shown, "width": 120, "height": 160}]
    return {**shown, "duration": 1} if kind == "voice" else {**shown, "mime_type": mime}


def told_of(kind: str, upload: Upload) -> Json:
    """The file as receipts and the page tell of it."""
    mime, content = upload
    return {"kind": kind, "mime": mime, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def captioned(message: Json) -> Json:
    """A message as the API shows it: words under a file are its caption."""
    shown = public(message)
    if "_file" not in message:
        return shown
    names = {"text": "caption", "entities": "caption_entities"}
    return {names.get(name, name): value for name, value in shown.items() if value != ""}
