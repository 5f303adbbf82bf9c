"""The read port of enrolments in SQL: direct reads of what has been committed."""

from collections.abc import Sequence
from datetime import datetime

from casefile.enrolments import Enrolment, PackageOffer
from casefile.errors import DependencyDown
from ports.enrolments import Openings
from store import enrolments
from store.connection import Row
from store.database import Database
from store.errors import StoreFault
from store.records import free_slots


class SqlEnrolments:
    """Implements ports.enrolments.Enrolments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def packages(self) -> tuple[PackageOffer, ...]:
        """Return every package in the order it is listed."""
        return enrolments.packages(self._read)

    async def openings(self, now: datetime) -> Openings:
        """Return the free hours ahead, and who teaches children."""
        teachers = enrolments.coaches_for_children(self._read)
        return Openings(slots=free_slots(self._read, now), for_children=tuple(sorted(teachers)))

    async def enrolments_of(self, contact_id: str) -> tuple[Enrolment, ...]:
        """Return what a contact has asked for, newest first."""
        return enrolments.enrolments_of(self._read, contact_id)

    async def enrolled_by(self, reference: str) -> Enrolment | None:
        """Return what an invoice, or the task of this key, is for."""
        billed = enrolments.enrolment_billed(self._read, reference)
        return billed or enrolments.enrolment(self._read, reference)

    def _read(self, sql: str, params: Sequence[object]) -> list[Row]:
        try:
            return self._database.read(sql, params)
        except StoreFault as error:
            raise DependencyDown("schedule", str(error)) from error
