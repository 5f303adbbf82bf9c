"""Is a task for C exactly the appointment, or the end of one, that was proved and agreed to?"""

from casefile.facts import Facts
from casefile.packets import CTask
from policies.matter import Matter


def unproved_booking(task: CTask, matter: Matter, facts: Facts) -> str:
    """Say what of a task is not proved; empty when all of it is."""
    booking = matter.booking
    if booking is None or booking.open is not None:
        return "what is booked has not been agreed to"
    if unproved := [proof.name for proof in matter.proofs if proof.value != "true"]:
        return ", ".join(unproved)
    if task.action == "BOOKING_CREATE":
        slot = matter.choice.slot if matter.choice else None
        same = (
            slot is not None
            and booking.service is not None
            and matter.known
            and task.subject == facts.identity.contact_id
            and (task.params.get("slot_id"), task.params.get("service")) == (slot.id, booking.service.id)
        )
        return "" if same else "the hour and the service that were agreed to"
    session = matter.session
    same = (
        session is not None
        and matter.verified
        and (task.subject, task.params.get("session_id")) == (session.student_id, session.id)
    )
    return "" if same else "the appointment that was agreed to"
