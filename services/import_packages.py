"""Packages as a table: what lessons are sold, for whom, for how much and until when."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, ValidationError

from casefile.base import Frozen
from casefile.enrolments import PackageOffer
from services.cells import Rupiah, Text, Whole, Yes
from services.importing import Refused
from store import enrolments
from store.records import Reader
from store.transaction import Tx


class PackageRow(Frozen):
    """A package; `words` are parted by spaces."""

    id: Text = Field(pattern=r"^pk_\w+$")
    name: Text = Field(min_length=1)
    name_en: Text = Field(min_length=1)
    trial: Yes = False
    sessions: Whole = Field(ge=1, le=1_000)
    minutes: Whole = Field(ge=1, le=1_440)
    weeks: Whole = Field(default=0, ge=0, le=1_000)
    price: Rupiah = Field(ge=0, le=1_000_000_000)
    youngest: Whole = Field(default=0, ge=0, le=120)
    oldest: Whole = Field(default=120, ge=0, le=120)
    words: Text = ""
    page: Text = Field(min_length=1)
    published: Yes = True


COLUMNS = tuple(PackageRow.model_fields)
NEEDED = ("id", "name", "name_en", "sessions", "minutes", "price", "page")


class PackageTable:
    """Implements services.importing.Kind; enrolments keep the package as it was when they were made."""

    shape = PackageRow

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def put(self, tx: Tx, row: PackageRow) -> bool:
        """Write a package; True when it is new."""
        if row.id in self._seen:
            raise Refused(f"id = {row.id!r} is in the table twice")
        self._seen.add(row.id)
        known = enrolments.packages(tx.all)
        try:
            offer = PackageOffer.model_validate({**row.model_dump(), "words": tuple(row.words.split())})
        except ValidationError as error:
            raise Refused("; ".join(str(e["ctx"]["error"]) for e in error.errors())) from error
        enrolments.put_package(tx, offer, len(known))
        return all(one.id != row.id for one in known)


def package_rows(read: Reader) -> Iterator[dict[str, Any]]:
    """Yield the packages as rows that can be brought in again."""
    for offer in enrolments.packages(read):
        flags = {name: "yes" if getattr(offer, name) else "no" for name in ("trial", "published")}
        yield {**offer.model_dump(), "words": " ".join(offer.words), **flags}
