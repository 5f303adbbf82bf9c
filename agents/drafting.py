"""B's words phrased by a model: what may be, what it is asked with, and how what was held is asked for again."""

from collections.abc import Sequence
from dataclasses import replace

from agents.work import Proposal, Work
from casefile.effects import SendMessage
from casefile.events import MessageReceived
from casefile.verdict import Decision, RuleHit
from policies.budget import spent_out
from policies.claims import claims, names_in
from policies.presend import DELICATE
from policies.promises import NEVER
from ports.sources import Drafter, DraftRequest

PHRASED: frozenset[Decision] = frozenset({"ANSWER", "ESCALATE_COACH", "HAND_OVER", "REPORT"})
UNTOLD = frozenset(f"QA.{rule}" for rule in NEVER)
# What a customer wrote beyond this a model need not have read to phrase an answer that is settled.
MOST_CHARS = 1500


async def phrased(work: Work, proposal: Proposal, drafter: Drafter) -> Proposal:
    """Let a configured model phrase what B would say; the gate judges its words like anyone's."""
    first = proposal.effects[0] if proposal.effects else None
    if not isinstance(first, SendMessage) or not _may_be_phrased(work, first):
        return proposal
    draft = await drafter.draft(_request(work, first))
    return replace(proposal, effects=(_said(first, draft), *proposal.effects[1:]))


async def mended(
    work: Work, held: SendMessage, found: Sequence[RuleHit], drafter: Drafter
) -> SendMessage | None:
    """Ask once more for a draft that was held back, told what was found; None when the plain words should go."""
    rules = {hit.id for hit in found}
    if rules & UNTOLD or any(not rule.startswith("QA.") for rule in rules):
        # What must never be told to a customer is told to no model either, and other words mend no missing proof.
        return None
    request = _request(work, held.unphrased()).model_copy(
        update={"task": "repair", "earlier": held.text, "found": tuple(hit.words for hit in found)}
    )
    again = _said(held.unphrased(), await drafter.draft(request))
    return again if again.plain else None


def _may_be_phrased(work: Work, message: SendMessage) -> bool:
    """Say whether only the wording is open: not a person's words, a choice to tap, or what a yes would be to."""
    if spent_out(work.case, work.desk.rules.limits):
        return False
    if work.verdict.decision not in PHRASED or message.by != "B" or message.buttons:
        return False
    if work.verdict.decision == "ANSWER":
        return True
    return (
        work.case.release is None
        and work.reminder() is None
        and work.order_moved() is None
        and "?" not in message.text
    )


def _said(message: SendMessage, draft: str | None) -> SendMessage:
    if draft is None or draft == message.text:
        return message
    return message.model_copy(update={"text": draft, "plain": message.text})


def _request(work: Work, message: SendMessage) -> DraftRequest:
    page = work.facts.excerpt if message.citations else None
    heard = "\n".join(e.message.text for e in work.events if isinstance(e, MessageReceived))
    exactly = (*(claim.text for claim in claims(message.text)), *names_in(message.text))
    return DraftRequest(
        role="B",
        task="draft_sensitive" if work.verdict.tier in DELICATE else "draft",
        language=message.language,
        customer_message=(heard or work.case.request)[:MOST_CHARS],
        safe_text=message.text,
        facts=tuple(dict.fromkeys(exactly)),
        excerpts=tuple(text for text in (page.excerpt, page.next_detail) if text) if page else (),
        case_id=work.case.id,
        contact_id=work.case.contact_id,
    )
