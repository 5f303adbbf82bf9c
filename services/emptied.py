"""What is left of a case file and of an approval once nobody may read any more what was said in them."""

from casefile.approval import ApprovalRequest
from casefile.case import Case
from policies.privacy import HIDDEN
from store.times import iso_or_none
from store.transaction import Tx


def empty_case(tx: Tx, case: Case) -> int:
    """Keep what is counted of a case, and nothing that was said in it."""
    empty = Case(
        id=case.id,
        desk=case.desk,
        conversation_id=case.conversation_id,
        contact_id=case.contact_id,
        language=case.language,
        state="closed",
        owner=case.owner,
        intent=case.intent,
        tier=case.tier,
        kind=case.kind,
        sla=case.sla,
        turn=case.turn,
        disposition=case.disposition,
        cause=case.cause,
        gap=case.gap,
        tags=case.tags,
        opened_at=case.opened_at,
        updated_at=case.updated_at,
        first_reply_at=case.first_reply_at,
        reopened=case.reopened,
    )
    return tx.execute(
        "UPDATE cases SET state = 'closed', due_at = ?, body = ? WHERE id = ?",
        (iso_or_none(None), empty.model_dump_json(exclude_defaults=True), case.id),
    )


def empty_approval(tx: Tx, request: ApprovalRequest) -> int:
    """Keep who decided what and when, and nothing that was asked or answered; one still open is void."""
    empty = request.model_copy(
        update={
            "customer_masked": HIDDEN, "asks": "", "checked": (), "suggested": "", "notes": "", "operation": None,
            "text": "", "deny_text": "", "alternatives": (), "additions": (),
        }
    )  # fmt: skip
    return tx.execute(
        "UPDATE approvals SET body = ?, why = '', state = CASE state WHEN 'pending' THEN 'void' ELSE state END"
        " WHERE id = ?",
        (empty.model_dump_json(), request.id),
    )
