"""Is what we hold still true enough to say?"""

from datetime import datetime, tzinfo

from casefile.records import Snapshot, age_minutes


def fresh(snapshot: Snapshot | None, contact_id: str | None, now: datetime) -> bool:
    """Say whether B may answer this contact from the snapshot; exactly at its time to live it still may."""
    return (
        snapshot is not None
        and snapshot.contact_id == contact_id
        and snapshot.rev > 0
        and age_minutes(snapshot.as_of, now) <= snapshot.ttl_minutes
    )


def of_this_month(snapshot: Snapshot | None, now: datetime, zone: tzinfo) -> bool:
    """Say whether what a snapshot counts by the month was counted in the month it is now, at the desk."""
    if snapshot is None:
        return False
    then, today = snapshot.as_of.astimezone(zone), now.astimezone(zone)
    return (then.year, then.month) == (today.year, today.month)


def differs(kept: Snapshot, read: Snapshot, zone: tzinfo) -> bool:
    """Say whether what we hold says anything else than the records do now, whatever their revs.

    Time alone makes no difference: a lesson that is over drops out, and a new month counts anew.
    """
    counts = of_this_month(kept, read.as_of, zone)
    return _said(kept, read.as_of, counts) != _said(read, read.as_of, counts)


def _said(snapshot: Snapshot, now: datetime, counts: bool) -> tuple[object, ...]:
    """Return what a snapshot says, without when it was read."""
    students = tuple(
        (
            s.student_id,
            s.name,
            tuple(one for one in s.sessions if one.end > now),
            s.reschedules_this_month if counts else None,
            s.package,
        )
        for s in snapshot.students
    )
    return (students, snapshot.invoices, snapshot.open_orders)
