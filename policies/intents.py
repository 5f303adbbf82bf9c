"""What each intent is to the gate: its kind, what it depends on and what it would change."""

from policies.booking_intents import BOOKING
from policies.intent_kinds import IntentSpec, conversational, sensitive
from policies.leads import LEADS
from policies.shop_intents import SHOP

FAQ_PREFIX = "faq."

INTENTS: dict[str, IntentSpec] = {
    **conversational(
        "greeting",
        "thanks",
        "goodbye",
        "chitchat",
        "other_topic",
        "affirm",
        "deny",
        "bot_question",
        "human_request",
        "acknowledge_wait",
        "case_status",
        "hold_on",
        "lost_invoice",
        "accepted_offer",
        "give_identity",
        "give_time",
        "choose_child",
        "withdrawal",
        "attachment",
        "unclear",
    ),
    "next_session": IntentSpec(kind="account", dependency="schedule"),
    "schedule_list": IntentSpec(kind="account", dependency="schedule"),
    "quota_left": IntentSpec(kind="account", dependency="schedule"),
    "sessions_left": IntentSpec(kind="account", dependency="schedule"),
    "package_expiry": IntentSpec(kind="account", dependency="schedule"),
    "own_coach": IntentSpec(kind="account", dependency="schedule"),
    "running_late": IntentSpec(kind="account", dependency="schedule"),
    "payment_status": IntentSpec(kind="account", dependency="payments"),
    "invoice_resend": IntentSpec(kind="account", dependency="payments"),
    "reschedule": IntentSpec(
        kind="operation", dependency="schedule", action="RESCHEDULE", signal="reschedule"
    ),
    "payment_claim": IntentSpec(kind="operation", dependency="payments", action="PAYMENT_RECONCILE"),
    "trial_request": IntentSpec(kind="operation", action="BOOKING_CREATE"),
    "enrol_request": IntentSpec(kind="operation", action="ENROL"),
    "renewal_request": IntentSpec(kind="operation", action="ENROL"),
    **dict.fromkeys(LEADS, IntentSpec(kind="operation", action="LEAD_NOTE")),
    "opt_out": IntentSpec(kind="operation", action="OPT_OUT"),
    "opt_in": IntentSpec(kind="operation", action="OPT_IN"),
    "injection": IntentSpec(kind="conversational", signal="injection"),
    **sensitive(
        refund_request="refund",
        cancel_request="cancel",
        chargeback_threat="chargeback",
        legal_threat="legal",
        privacy_delete="privacy_delete",
        privacy_export="privacy_export",
        privacy_correct="privacy_correct",
        harassment_report="harassment",
        abuse_report="abuse",
        minors_safety="minors_safety",
        third_party_data="third_party",
        complaint="complaint",
        exception_request="exception",
    ),
    **SHOP,
    **BOOKING,
}
FAQ = IntentSpec(kind="faq", dependency="knowledge")


def spec(intent: str) -> IntentSpec:
    """Look an intent up; an unknown one is unclear, which asks and never guesses."""
    if intent.startswith(FAQ_PREFIX):
        return FAQ
    return INTENTS.get(intent, INTENTS["unclear"])


def known(intent: str) -> bool:
    """Say whether there is an intent of this name."""
    return intent.startswith(FAQ_PREFIX) or intent in INTENTS


def topic_of(intent: str) -> str | None:
    """Return the knowledge topic an FAQ intent is answered from."""
    return intent.removeprefix(FAQ_PREFIX) if intent.startswith(FAQ_PREFIX) else None


# The page that states the policy a signal is about; a threat such as a chargeback has none.
POLICY_TOPICS: dict[str, str] = {
    "reschedule": "reschedule_policy",
    "refund": "refund_policy",
    "cancel": "cancellation_policy",
    "privacy_delete": "privacy_policy",
    "privacy_export": "privacy_policy",
    "privacy_correct": "privacy_policy",
}
# Every page that can answer a mere question about that policy: the closed list of spec 2, "Start high".
POLICY_PAGES: dict[str, frozenset[str]] = {
    "reschedule": frozenset(
        {
            "reschedule_policy",
            "makeup_class",
            "late_arrival",
            "no_show",
            "sick_policy",
            "pause_leave",
            "change_coach",
            "public_holidays",
            "package_validity",
        }
    ),
    "refund": frozenset(
        {"refund_policy", "cancellation_policy", "package_transfer", "package_validity", "pause_leave"}
    ),
    "cancel": frozenset(
        {"cancellation_policy", "refund_policy", "reschedule_policy", "no_show", "sick_policy", "pause_leave"}
    ),
    "privacy_delete": frozenset({"privacy_policy"}),
    "privacy_export": frozenset({"privacy_policy"}),
    "privacy_correct": frozenset({"privacy_policy"}),
}
