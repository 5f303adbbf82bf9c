"""May this session be moved? Each condition proved from the records, or said to be false or unknown."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from casefile.base import Frozen
from casefile.facts import ScheduleFacts
from casefile.records import Contact, Session, Slot
from policies.limits import Cutoff, Limits

# What C can still move; a lesson given, moved or cancelled it cannot.
MOVABLE = frozenset({"scheduled", "consumed"})
Truth = Literal["true", "false", "unknown"]


class Proof(Frozen):
    """One condition with what the records say of it; `ref` names the record looked at."""

    name: str
    value: Truth
    words_id: str
    words_en: str
    ref: str = ""


WORDS: dict[tuple[str, Truth], tuple[str, str]] = {
    ("session_known", "true"): ("sesinya ada di jadwal", "the session is in the schedule"),
    ("session_known", "false"): ("sesinya tidak ada di jadwal", "the session is not in the schedule"),
    ("session_known", "unknown"): ("belum jelas sesi yang mana", "it is not clear which session is meant"),
    ("same_student", "true"): ("sesi milik siswa ini", "the session is this student's"),
    ("same_student", "false"): ("sesi milik siswa lain", "the session is another student's"),
    ("same_student", "unknown"): ("pemilik sesi belum jelas", "whose session it is has not been read"),
    ("before_cutoff", "true"): ("masih sebelum batas waktu", "still before the cut-off"),
    ("before_cutoff", "false"): ("sudah lewat batas waktu", "past the cut-off"),
    ("before_cutoff", "unknown"): (
        "jam mulai sesi belum terbaca",
        "the start of the session has not been read",
    ),
    ("within_quota", "true"): ("kuota bulan ini masih ada", "quota is left this month"),
    ("within_quota", "false"): ("kuota bulan ini sudah habis", "this month's quota is used up"),
    ("within_quota", "unknown"): ("kuota bulan yang dihitung belum terbaca", "the quota has not been read"),
    ("future_slot", "true"): ("jadwal baru masih akan datang", "the new slot lies ahead"),
    ("future_slot", "false"): ("jadwal baru sudah lewat", "the new slot is in the past"),
    ("future_slot", "unknown"): ("jadwal baru belum dipilih", "no new slot has been chosen"),
    ("slot_free", "true"): ("jadwal baru masih kosong", "the new slot is free"),
    ("slot_free", "false"): ("jadwal baru tidak kosong", "the new slot is not free"),
    ("slot_free", "unknown"): ("jadwal baru belum diperiksa", "the new slot has not been checked"),
    ("not_vip", "true"): ("bukan pelanggan VIP", "not a VIP customer"),
    ("not_vip", "false"): ("pelanggan VIP, perlu keputusan orang", "a VIP customer: a person decides"),
    ("not_vip", "unknown"): ("data kontak belum terbaca", "the contact has not been read"),
}


def before_cutoff(start: datetime, now: datetime, cutoff: Cutoff, zone: tzinfo) -> bool:
    """Say whether a session starting at `start` may still be moved; exactly at the cut-off it may."""
    if cutoff.minutes is not None:
        return start - now >= timedelta(minutes=cutoff.minutes)
    ahead = start.astimezone(zone).date() - now.astimezone(zone).date()
    return ahead >= timedelta(days=cutoff.calendar_days or 0)


def quota_used_month(now: datetime, session_start: datetime, limits: Limits, zone: tzinfo) -> tuple[int, int]:
    """Return the (year, month) whose quota a change made now uses up."""
    counted = now if limits.quota_month == "request" else session_start
    local = counted.astimezone(zone)
    return local.year, local.month


def within_quota(used: int, limits: Limits) -> bool:
    """Say whether one more free change fits after `used` of them."""
    return used < limits.free_reschedules


def next_scheduled(sessions: Iterable[Session], now: datetime) -> Session | None:
    """Return the earliest session that is still scheduled and has not started."""
    ahead = [s for s in sessions if s.status == "scheduled" and s.start > now]
    return min(ahead, key=lambda s: (s.start, s.id), default=None)


def prove(
    schedule: ScheduleFacts | None,
    contact: Contact | None,
    session: Session | None,
    new_slot: Slot | None,
    limits: Limits,
    zone: tzinfo,
    now: datetime,
) -> tuple[Proof, ...]:
    """Prove every condition of a free reschedule; all must be "true" for it to be inside policy."""
    session_ref = session.id if session else ""
    slot_ref = new_slot.id if new_slot else ""
    read_ref = f"schedule rev {schedule.rev}" if schedule else ""
    return (
        _proof("session_known", _session_known(schedule, session, now), session_ref),
        _proof("same_student", _same_student(schedule, session), session_ref),
        _proof(
            "before_cutoff",
            "unknown"
            if session is None
            else _truth(session.must_move or before_cutoff(session.start, now, limits.cutoff, zone)),
            session_ref,
        ),
        _proof("within_quota", _within_quota(schedule, session, limits, zone, now), read_ref),
        _proof("future_slot", "unknown" if new_slot is None else _truth(new_slot.start > now), slot_ref),
        _proof("slot_free", _slot_free(schedule, new_slot), slot_ref),
        _proof(
            "not_vip",
            "unknown" if contact is None else _truth(not contact.vip),
            contact.id if contact else "",
        ),
    )


def _truth(value: bool) -> Truth:
    return "true" if value else "false"


def _proof(name: str, value: Truth, ref: str) -> Proof:
    words_id, words_en = WORDS[name, value]
    return Proof(name=name, value=value, words_id=words_id, words_en=words_en, ref=ref)


def _session_known(schedule: ScheduleFacts | None, session: Session | None, now: datetime) -> Truth:
    if schedule is None:
        return "unknown"
    if session is None:
        # Nothing ahead is an answer; several ahead and none named is a question still to be asked.
        return "false" if next_scheduled(schedule.sessions, now) is None else "unknown"
    return _truth(session.status == "scheduled" and session in schedule.sessions)


def _same_student(schedule: ScheduleFacts | None, session: Session | None) -> Truth:
    if schedule is None or session is None:
        return "unknown"
    return _truth(session.student_id == schedule.student_id)


def _within_quota(
    schedule: ScheduleFacts | None, session: Session | None, limits: Limits, zone: tzinfo, now: datetime
) -> Truth:
    if schedule is None or session is None:
        return "unknown"
    if session.must_move:
        # What the school moves counts for nobody.
        return "true"
    # The figure read is of the month it was read in; a change that counts elsewhere is not proved by it.
    read = schedule.read_at.astimezone(zone)
    if quota_used_month(now, session.start, limits, zone) != (read.year, read.month):
        return "unknown"
    return _truth(within_quota(schedule.reschedules_this_month, limits))


def _slot_free(schedule: ScheduleFacts | None, new_slot: Slot | None) -> Truth:
    if schedule is None or new_slot is None:
        return "unknown"
    return _truth(new_slot in schedule.free_slots)
