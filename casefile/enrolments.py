"""Lessons that are bought: packages as published, who is to be signed up in a case, and what has become of it."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field, model_validator

from casefile.base import Frozen, Language
from casefile.records import Package, Slot

EnrolmentKind = Literal["trial", "enrol", "renew"]
EnrolmentState = Literal["billed", "paid", "expired", "reversed"]


class PackageOffer(Frozen):
    """A package as it is sold; `name` is what a student's record calls it, `page` the topic that states its price.

    `words` are what customers call its kind; `weeks` is how long its sessions can be taken; ages are inclusive.
    """

    id: str = Field(pattern=r"^pk_\w+$")
    name: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    trial: bool = False
    sessions: int = Field(ge=1)
    minutes: int = Field(ge=1)
    weeks: int = Field(default=0, ge=0)
    price: int = Field(ge=0)
    youngest: int = Field(default=0, ge=0)
    oldest: int = Field(default=120, ge=0)
    words: tuple[str, ...] = ()
    page: str = Field(min_length=1)
    published: bool = True

    @model_validator(mode="after")
    def _holds(self) -> "PackageOffer":
        if not self.trial and not self.weeks:
            raise ValueError("weeks is missing: for so long its sessions can be taken")
        if self.oldest < self.youngest:
            raise ValueError("oldest is less than youngest")
        return self

    def called(self, language: Language) -> str:
        """Return its name in a language."""
        return self.name if language == "id" else self.name_en

    def fits(self, age: int | None) -> bool:
        """Say whether somebody of this age can take it; of an unknown age anybody may."""
        return age is None or self.youngest <= age <= self.oldest


class Signup(Frozen):
    """Whom a customer is signing up in one case, and for what; the hour of a trial is the case's `chosen`.

    `own`: for themselves; `among` are the packages it may be one of, by what was said so far and in the order they were
    listed; `shown` is the sum they were asked to confirm.
    """

    name: str = ""
    age: int | None = None
    own: bool = True
    package: str | None = None
    among: tuple[str, ...] = ()
    shown: int | None = None

    def with_(self, **changes: object) -> "Signup":
        """Return a copy with some fields changed (the caller passes valid values)."""
        return self.model_copy(update=changes)


class Enrolment(Frozen):
    """A trial, an enrolment or a renewal that C has recorded; `id` is the key of the task that asked for it.

    `hold_until`: the hour of a trial is kept until then unless it is paid; `standing` is the student's package now.
    """

    id: str
    kind: EnrolmentKind
    state: EnrolmentState
    contact_id: str
    student_id: str | None = None
    name: str
    age: int | None = None
    own: bool = True
    offer: PackageOffer
    total: int
    invoice: str | None = None
    case_id: str = ""
    slot: Slot | None = None
    hold_until: AwareDatetime | None = None
    made_at: AwareDatetime
    paid_at: AwareDatetime | None = None
    standing: Package | None = None


class EnrolSeen(Frozen):
    """What was read for one turn about signing somebody up, the words it was read for among it.

    `openings` are free hours; `for_children` the coaches who teach children; `mine` what this contact has asked for
    before, newest first; `done` is what the operation or the bill of this turn is for; `today` is the desk's day.
    """

    words: str = ""
    today: date
    offers: tuple[PackageOffer, ...] = ()
    openings: tuple[Slot, ...] = ()
    for_children: frozenset[str] = frozenset()
    mine: tuple[Enrolment, ...] = ()
    done: Enrolment | None = None
