"""What texts about packages, trials and enrolments may state in a turn."""

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from casefile.base import Language
from casefile.enrolments import Enrolment, EnrolSeen, PackageOffer
from casefile.money import rupiah
from policies.enrol_matter import EnrolMatter
from policies.words import date_words, moment_words, time_words


def enrol_grounds(
    seen: EnrolSeen, made: EnrolMatter | None, zone: ZoneInfo, language: Language
) -> Iterator[str]:
    """Yield every value that what was read allows to be said."""
    for offer in seen.offers:
        if offer.published:
            yield _offer(offer, language)
    for slot in seen.openings:
        yield f"{moment_words(slot.start, zone, language)} {slot.coach} {time_words(slot.end, zone, language)}"
    if made is not None:
        # The choices are numbered.
        most = max(len(made.fitting), len(made.choice.offers) if made.choice else 0)
        yield " ".join(str(number) for number in range(1, most + 1))
        yield made.signup.name
        if made.price is not None:
            parts = made.price
            for amount in (parts.package, parts.registration, parts.sibling, parts.trial, parts.total):
                yield rupiah(amount, language)
    if seen.done is not None:
        yield from _enrolment(seen.done, zone, language)


def brought(seen: EnrolSeen | None, text: str) -> bool:
    """Say whether a text is on the very bill by which somebody is enrolled now."""
    done = seen.done if seen else None
    return done is not None and done.state == "paid" and bool(done.invoice and done.invoice in text)


def _offer(offer: PackageOffer, language: Language) -> str:
    return f"{offer.called(language)} {offer.sessions} {offer.minutes} {offer.weeks} {rupiah(offer.price, language)}"


def _enrolment(done: Enrolment, zone: ZoneInfo, language: Language) -> Iterator[str]:
    yield f"{_offer(done.offer, language)} {done.name} {rupiah(done.total, language)}"
    if done.slot is not None:
        yield f"{moment_words(done.slot.start, zone, language)} {done.slot.coach}"
    if done.hold_until is not None:
        yield moment_words(done.hold_until, zone, language)
    if done.standing is not None:
        until = datetime.combine(done.standing.expires, time(12), zone)
        yield f"{done.standing.name} {done.standing.sessions_left} {date_words(until, zone, language)}"
