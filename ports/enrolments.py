"""Reads of what lessons are sold and when a trial can be. As in ports.sources, plain values in and nouns out."""

from datetime import datetime
from typing import Protocol

from casefile.base import Frozen
from casefile.enrolments import Enrolment, PackageOffer
from casefile.records import Slot


class Openings(Frozen):
    """Free hours ahead, soonest first, and the names of the coaches who teach children."""

    slots: tuple[Slot, ...] = ()
    for_children: tuple[str, ...] = ()


class Enrolments(Protocol):
    """Packages, free hours and enrolments of record, read by C."""

    async def packages(self) -> tuple[PackageOffer, ...]:
        """Return every package in the order it is listed, the unpublished ones among them."""
        ...

    async def openings(self, now: datetime) -> Openings:
        """Return when a trial can be."""
        ...

    async def enrolments_of(self, contact_id: str) -> tuple[Enrolment, ...]:
        """Return what a contact has asked for, newest first."""
        ...

    async def enrolled_by(self, reference: str) -> Enrolment | None:
        """Return what an invoice, or the task of this key, is for."""
        ...
