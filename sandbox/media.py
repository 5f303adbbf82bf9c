"""Media files: uploaded by the server or sent by a customer, fetched through short-lived addresses."""

import hashlib
import secrets
import struct
import zlib
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from sandbox.clock import SharedClock

URL_LIFE_SECONDS = 300
INBOUND_LIFE_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class MediaFile:
    """One stored file; `expires` is in Unix seconds of the shared clock."""

    id: str
    mime_type: str
    data: bytes
    sha256: str
    expires: float


class MediaShelf:
    """The files that can be fetched."""

    def __init__(self, clock: SharedClock) -> None:
        self._clock = clock
        self._files: dict[str, MediaFile] = {}
        self._links: dict[str, tuple[str, float]] = {}

    def put(self, data: bytes, mime_type: str) -> MediaFile:
        """Store a file under a fresh id."""
        media_id = str(secrets.randbelow(9 * 10**14) + 10**14)
        expires = self._clock.timestamp() + INBOUND_LIFE_SECONDS
        stored = MediaFile(media_id, mime_type, data, hashlib.sha256(data).hexdigest(), expires)
        self._files[media_id] = stored
        return stored

    def get(self, media_id: str) -> MediaFile | None:
        """The file, unless it was never there or is too old."""
        stored = self._files.get(media_id)
        return stored if stored and self._clock.timestamp() <= stored.expires else None

    def link(self, media_id: str) -> str:
        """A token that fetches the file for five minutes."""
        token = secrets.token_urlsafe(18)
        self._links[token] = (media_id, self._clock.timestamp() + URL_LIFE_SECONDS)
        return token

    def follow(self, token: str) -> MediaFile | None:
        """The file behind a token that still holds."""
        media_id, until = self._links.get(token, ("", 0.0))
        return self.get(media_id) if self._clock.timestamp() <= until else None


def read_multipart(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a form upload: name to (media type, content)."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    parts: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            parts[name] = (part.get_content_type(), content)
    return parts


def sample_photo() -> bytes:
    """A small PNG that stands for a photographed transfer slip."""
    width, height = 120, 160
    paper, ink, green = b"\xfa\xf7\xef", b"\x8a\x93\x9b", b"\x2f\x8f\x5b"
    rows: list[bytes] = []
    for y in range(height):
        line = green if y < 26 else ink if y % 18 in (8, 9, 10) else paper
        rows.append(b"\x00" + paper * 10 + line * (width - 20) + paper * 10)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    image = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", image) + _chunk(b"IEND", b"")


def sample_voice() -> bytes:
    """The opening of an Ogg file, enough to be told as one."""
    return b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead\x01\x01" + bytes(9)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
