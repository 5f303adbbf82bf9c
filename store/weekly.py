"""What a week's figures are counted from, as SQL over what was recorded while it went by."""

import asyncio
from datetime import datetime, timedelta, tzinfo

from casefile.weekly import CallSum, Event, RawWeek, TierCases
from store.auditing import ARRIVED
from store.database import Database
from store.model_calls import EVERY_CALL
from store.times import iso, moment

# One row a case, however many turns it took; the decision stands second in a turn's measure.
TIERS = (
    "SELECT tier, COUNT(*) AS cases, SUM(escalated) AS escalated FROM"
    " (SELECT case_id, MAX(SUBSTR(detail, 1, 2)) AS tier, MAX(CASE WHEN detail LIKE '__ ESCALATE_COACH %'"
    " OR detail LIKE '__ HAND_OVER %' THEN 1 ELSE 0 END) AS escalated FROM measures"
    " WHERE name = 'turn' AND at >= ? AND at < ? GROUP BY case_id) AS each_case GROUP BY tier ORDER BY tier"
)
NAMES = (
    "first_response", "resolution", "reopened", "held", "unverified_action", "refund_asked", "refund_approved",
    "exception_asked", "exception_approved", "reschedule_success", "invoice_followed_up", "payment_recovered",
    "dependency_down_minutes", "ledger_unknown", "approval_time", "takeover", "conversation_takeover",
    "messages_pruned", "retries_pruned",
)  # fmt: skip
EVENTS = (
    f"SELECT name, case_id, at, value, detail FROM measures WHERE name IN ({', '.join('?' for _ in NAMES)})"
    " AND at >= ? AND (at < ? OR (name = 'reopened' AND at < ?)) ORDER BY at, id"
)
SENT = (
    f"SELECT SUM(CASE WHEN kind = 'send_message' AND state IN {ARRIVED} THEN 1 ELSE 0 END) AS messages,"
    " SUM(CASE WHEN attempts > 1 THEN attempts - 1 ELSE 0 END) AS retries FROM outbox"
    " WHERE created_at >= ? AND created_at < ?"
)
CALLS = (
    "SELECT tier, task, SUM(calls) AS calls, SUM(CASE WHEN strength = 'strong' THEN calls ELSE 0 END) AS strong,"
    f" SUM(input_tokens) + SUM(output_tokens) AS tokens, SUM(cost) AS cost FROM {EVERY_CALL}"
    " WHERE day >= ? AND day < ? GROUP BY tier, task ORDER BY tier, task"
)
SESSIONS = (
    "SELECT COUNT(*) AS sessions, SUM(CASE WHEN status = 'consumed' THEN 1 ELSE 0 END) AS consumed FROM sessions"
    " WHERE status IN ('done', 'consumed') AND start_at >= ? AND start_at < ?"
)
CALL_COUNTS = ("calls", "strong", "tokens", "cost")
LATER = timedelta(days=7)


class SqlWeekBook:
    """Implements ports.weekly.WeekBook for one desk; its days are those of `zone`."""

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def raw(self, begins: datetime, ends: datetime) -> RawWeek:
        """Return what lies between two instants, `ends` left out; opened again counts a week longer."""
        # Beside the loop: a week of events may be many.
        return await asyncio.to_thread(self._raw, begins, ends)

    def _raw(self, begins: datetime, ends: datetime) -> RawWeek:
        span = (iso(begins), iso(ends))
        days = tuple(at.astimezone(self._zone).date().isoformat() for at in (begins, ends))
        events = self._database.read(EVENTS, (*NAMES, *span, iso(ends + LATER)))
        (sent,) = self._database.read(SENT, span)
        (held,) = self._database.read(SESSIONS, span)
        return RawWeek(
            begins=begins,
            ends=ends,
            events=tuple(
                Event(
                    name=row["name"],
                    case_id=row["case_id"],
                    at=moment(row["at"]),
                    value=row["value"],
                    detail=row["detail"],
                )
                for row in events
            ),
            tiers=tuple(
                TierCases(tier=row["tier"], cases=row["cases"], escalated=row["escalated"])
                for row in self._database.read(TIERS, span)
            ),
            calls=tuple(
                CallSum(tier=row["tier"], task=row["task"], **{name: int(row[name]) for name in CALL_COUNTS})
                for row in self._database.read(CALLS, days)
            ),
            messages=sent["messages"] or 0,
            retries=sent["retries"] or 0,
            sessions=held["sessions"],
            consumed=held["consumed"] or 0,
        )
