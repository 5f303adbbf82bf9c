"""Customers' files: fetched once from the channel they came by, kept in a folder, handed to the staff's lanes."""

import asyncio
import os
from pathlib import Path

from casefile.effects import AttachEvidence
from casefile.errors import BadInput, SendLater, SendRefused
from ports.channels import CustomerFiles, MediaFile
from store.database import Database

# What a file may be called after; anything else is kept all the same, as `.bin`, and never opened here.
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/amr": ".amr",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
}
AGAIN_SECONDS = 60.0


class KeptEvidence:
    """Implements ports.sinks.Evidence and ports.sources.Files.

    The row says a file is there only after it is; a repeat after a crash writes the same name again.
    """

    def __init__(self, database: Database, folder: Path, channel: CustomerFiles) -> None:
        self._database = database
        self._folder = folder
        self._channel = channel

    async def keep(self, evidence: AttachEvidence) -> str:
        """Fetch a file and keep it; returns its sha256."""
        kept = self._database.read_one("SELECT file, sha256 FROM evidence WHERE key = ?", (evidence.key,))
        if kept is not None and kept["file"] and (self._folder / kept["file"]).exists():
            return str(kept["sha256"])
        try:
            media = await self._channel.media(evidence.media_id)
        except BadInput as error:
            raise SendRefused("media", str(error)) from error
        name = file_name(evidence.key, media.mime)
        try:
            await asyncio.to_thread(_write, self._folder, name, media.data)
        except OSError as error:
            raise SendLater(f"the file cannot be written ({error.strerror})", AGAIN_SECONDS) from error
        await self._database.submit(
            lambda tx: tx.execute(
                "UPDATE evidence SET file = ?, sha256 = ?, mime = ?, bytes = ? WHERE key = ?",
                (name, media.sha256, media.mime, len(media.data), evidence.key),
            )
        )
        return media.sha256

    async def file(self, key: str) -> MediaFile | None:
        """Return a kept file, or None when it was never fetched or is not kept any more."""
        row = self._database.read_one("SELECT file, sha256, mime FROM evidence WHERE key = ?", (key,))
        if row is None or not row["file"]:
            return None
        try:
            data = await asyncio.to_thread((self._folder / row["file"]).read_bytes)
        except FileNotFoundError:
            return None
        return MediaFile(data, row["mime"], row["sha256"])


def file_name(key: str, mime: str) -> str:
    """Name a kept file after the evidence it is, so that no two share one."""
    ending = ENDINGS.get(mime.partition(";")[0].strip().lower(), ".bin")
    return "".join(char if char.isalnum() or char == "-" else "_" for char in key) + ending


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / name)
