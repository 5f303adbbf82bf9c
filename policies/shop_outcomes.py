"""What follows when an order could not be placed as it was confirmed."""

from casefile.case import Case
from casefile.packets import CResult
from casefile.verdict import RuleHit, Verdict
from policies.matter import Matter

STOCK_OPEN = frozenset({"product", "variant", "stock"})


def asked_again(case: Case, matter: Matter, result: CResult) -> Verdict | None:
    """Ask again where goods were sold in the same moment or a price has changed; None leaves it to a person."""
    shop = matter.shop
    if result.action != "ORDER_CREATE" or result.status != "BLOCKED_POLICY" or shop is None:
        return None
    if result.refs.get("blocked_by") == "review":
        return _verdict(
            case, "R3.order_review", "Over the review limit as it was written: a person looks"
        ).model_copy(
            update={
                "tier": "R3",
                "decision": "ESCALATE_COACH",
                "approval_kind": "ORDER_REVIEW",
                "lane": "coach",
            }
        )
    if shop.open in STOCK_OPEN:
        words = "Sold to somebody else in the same moment: others are offered"
        return _verdict(case, "C.stock_gone", words).model_copy(update={"missing": shop.open})
    if shop.open == "confirm":
        words = "What it comes to has changed: confirmed anew"
        return _verdict(case, "C.order_changed", words).model_copy(update={"missing": "order_confirm"})
    return None


def _verdict(case: Case, rule: str, words: str) -> Verdict:
    return Verdict(
        intent=case.intent,
        floor=case.tier,
        tier=case.tier,
        decision="ASK",
        rules=(RuleHit(id=rule, words=words),),
    )
