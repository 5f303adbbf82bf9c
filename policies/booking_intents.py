"""What each intent of a desk with appointments is to the gate: what is free, booking it, giving it back."""

from policies.intent_kinds import IntentSpec

# What is free is published; to book of it goes on from there, so both lead to the same question.
BOOKABLE: dict[str, IntentSpec] = {
    "free_slots": IntentSpec(kind="hours", dependency="schedule"),
    "booking_request": IntentSpec(kind="operation", dependency="schedule", action="BOOKING_CREATE"),
}
BOOKING: dict[str, IntentSpec] = {
    **BOOKABLE,
    "booking_cancel": IntentSpec(
        kind="operation", dependency="schedule", action="BOOKING_CANCEL", signal="cancel"
    ),
}
