"""The locked limits of a desk: one frozen object, enforced from here and rendered into words from here."""

from typing import Literal

from pydantic import Field, model_validator

from casefile.base import Frozen, Language


class Cutoff(Frozen):
    """Until when a session may be moved: minutes before its start, or whole calendar days (H-1). Exactly one."""

    minutes: int | None = Field(default=None, ge=0)
    calendar_days: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _exactly_one(self) -> "Cutoff":
        if (self.minutes is None) == (self.calendar_days is None):
            raise ValueError("give exactly one of minutes or calendar_days")
        return self

    def words(self, language: Language) -> str:
        """Say the cut-off so that it completes "changes are possible until ..."."""
        if self.minutes is not None:
            long = self.minutes >= 120 and self.minutes % 60 == 0
            many = self.minutes // 60 if long else self.minutes
            if language == "id":
                return f"{many} {'jam' if long else 'menit'} sebelum sesi mulai"
            return f"{many} {'hours' if long else 'minutes'} before the session starts"
        days = self.calendar_days
        if language == "id":
            return f"H-{days}, yaitu {days} hari sebelum hari sesi"
        return f"{days} day{'s' if days != 1 else ''} before the day of the session"


class Limits(Frozen):
    """Every number a policy uses; the defaults are the school's (spec 2, locked limits)."""

    free_reschedules: int = Field(default=2, ge=0)
    quota_month: Literal["request", "session"] = "request"
    cutoff: Cutoff = Cutoff(minutes=60)
    messages_per_minute: int = Field(default=10, ge=1)
    questions_per_turn: int = Field(default=2, ge=1)
    clarifications_per_case: int = Field(default=3, ge=1)
    max_turns: int = Field(default=12, ge=1)
    message_chars: int = Field(default=700, ge=100)
    snapshot_ttl_minutes: int = Field(default=180, ge=1)
    verification_attempts: int = Field(default=3, ge=1)
    verification_lock_minutes: int = Field(default=60, ge=1)
    beside_attack_likelihood: float = Field(default=0.3, gt=0, le=1)
    injection_repeats: int = Field(default=3, ge=1)
    offered_slots: int = Field(default=3, ge=1, le=3)
    resolve_after_hours: int = Field(default=12, ge=1)
    reopen_days: int = Field(default=7, ge=0)
    first_response_minutes: int = Field(default=3, ge=1)
    resolution_minutes: int = Field(default=30, ge=1)
    urgent_minutes: int = Field(default=60, ge=1)
    approval_minutes: int = Field(default=120, ge=1)
    takeover_quiet_minutes: int = Field(default=30, ge=1)
    still_working_minutes: int = Field(default=120, ge=1)
    qa_sample_every: int = Field(default=20, ge=0)
    order_review: int = Field(default=1_000_000, ge=0)
    reservation_minutes: int = Field(default=1_440, ge=1)
    exchange_days: int = Field(default=7, ge=0)
    registration_fee: int = Field(default=0, ge=0)
    sibling_percent: int = Field(default=0, ge=0, le=100)
    trial_credit_days: int = Field(default=0, ge=0)
    invoice_days: int = Field(default=3, ge=0)
    model_rupiah_per_case: int = Field(default=2_000, ge=1)
    model_rupiah_per_day: int = Field(default=100_000, ge=1)
