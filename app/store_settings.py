"""Where a desk's files are kept: case files in a database, customers' files in a folder."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import Field, field_validator

from casefile.base import Frozen


class Database(Frozen):
    """Where the case files are kept: a SQLite file, or with `url` a PostgreSQL server.

    `path` is then still where this machine keeps what belongs to it: its folder holds customers' files.
    """

    path: Path = Path("var/loket.db")
    url: str | None = Field(default=None, pattern=r"^postgres(ql)?://")

    @field_validator("url")
    @classmethod
    def _without_password(cls, url: str | None) -> str | None:
        if url is not None and urlsplit(url).password:
            raise ValueError("a password does not belong into a file; set LOKET_DATABASE_PASSWORD instead")
        return url

    def beside(self, desk: str) -> "Database":
        """Return where another desk's files are kept: a SQLite file of its own, or a schema of the same server's."""
        path = self.path.with_stem(f"{self.path.stem}-{desk}")
        if self.url is None:
            return self.model_copy(update={"path": path})
        schema = quote(f"-csearch_path=loket_{desk.replace('-', '_')}", safe="")
        with_schema = f"{self.url}{'&' if '?' in self.url else '?'}options={schema}"
        return self.model_copy(update={"path": path, "url": with_schema})


class Media(Frozen):
    """Where customers' files are kept, and how large one may be."""

    folder: Path = Path("media")
    most_bytes: int = Field(default=20_000_000, gt=0, le=50_000_000)

    def beside(self, desk: str) -> "Media":
        """Return where another desk's files are kept."""
        return self.model_copy(update={"folder": self.folder.with_name(f"{self.folder.name}-{desk}")})
