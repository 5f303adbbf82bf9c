"""What a turn reads of packages and enrolments, every failure and every success told to the board."""

from datetime import datetime

from casefile.enrolments import Enrolment, PackageOffer
from gateway.watched import Watch
from ports.enrolments import Enrolments, Openings


class WatchedEnrolments:
    """Implements ports.enrolments.Enrolments over another that does; they are kept where the records are."""

    def __init__(self, enrolments: Enrolments, watch: Watch) -> None:
        self._enrolments = enrolments
        self._watch = watch

    async def packages(self) -> tuple[PackageOffer, ...]:
        """Return every package in the order it is listed."""
        return await self._watch.told("schedule", self._enrolments.packages)

    async def openings(self, now: datetime) -> Openings:
        """Return when a trial can be."""
        return await self._watch.told("schedule", lambda: self._enrolments.openings(now))

    async def enrolments_of(self, contact_id: str) -> tuple[Enrolment, ...]:
        """Return what a contact has asked for, newest first."""
        return await self._watch.told("schedule", lambda: self._enrolments.enrolments_of(contact_id))

    async def enrolled_by(self, reference: str) -> Enrolment | None:
        """Return what an invoice, or the task of this key, is for."""
        return await self._watch.told("schedule", lambda: self._enrolments.enrolled_by(reference))
