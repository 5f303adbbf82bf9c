"""A strong model's second look at a case: what it is told, and the doubt it may raise."""

from dataclasses import dataclass, replace

from agents.approval_request import MARKS
from agents.checklist import Checklist
from agents.work import Work
from casefile.effects import SendMessage
from casefile.verdict import RuleHit
from policies.budget import spent_out
from policies.second_look import Doubt, doubt_of, reason_of, wants_look
from ports.advice import Adviser, CaseInWords, QaRequest

DOUBT = "A.doubt"


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a second look; without one there is no doubt."""

    doubt: Doubt = "none"
    hit: RuleHit | None = None

    def at(self, checklist: Checklist) -> Checklist:
        """Return A's checklist with the doubt in it: its outcome may only get stricter."""
        if self.hit is None or self.doubt == "none":
            return checklist
        outcome = (
            checklist.outcome if checklist.outcome == "ESCALATE" or self.doubt == "words" else "ESCALATE"
        )
        return replace(
            checklist,
            outcome="NEEDS EDIT" if outcome == "APPROVED" else outcome,
            found=(self.hit, *checklist.found),
        )


def drafted(work: Work) -> tuple[SendMessage, ...]:
    """Return what B proposes to say in this turn in a model's words."""
    return tuple(e for e in work.effects if isinstance(e, SendMessage) and e.plain)


async def look_of(work: Work, adviser: Adviser) -> Look:
    """Ask a model for a second look where the case wants one."""
    said = [e for e in work.effects if isinstance(e, SendMessage)]
    if not wants_look(work.verdict, said, work.findings) or spent(work):
        return Look()
    task = work.task
    operation = (
        f"{task.action} {task.params}" if task is not None and work.verdict.decision == "EXECUTE" else ""
    )
    request = QaRequest(
        case=in_words(work),
        reply="\n\n".join(message.text for message in said),
        plain="\n\n".join(message.unphrased().text for message in said),
        operation=operation,
    )
    opinion = await adviser.checked(request)
    doubt = doubt_of(opinion, work.verdict.tier)
    if opinion is None or doubt == "none":
        return Look()
    return Look(doubt, RuleHit(id=DOUBT, words=f"A second look: {reason_of(opinion)}"))


def spent(work: Work) -> bool:
    """Say whether models have cost this case what they may, so that none is asked again."""
    return spent_out(work.case, work.desk.rules.limits)


def in_words(work: Work) -> CaseInWords:
    """Tell a case as far as this turn knows it, and nothing of any other."""
    lane, page = work.desk.lanes.language, work.facts.excerpt
    proofs = work.matter.proofs
    return CaseInWords(
        case_id=work.case.id,
        contact_id=work.case.contact_id,
        language=work.language,
        tier=work.verdict.tier,
        request=work.case.request,
        policy=f"{work.why()}\n{page.excerpt}" if page else work.why(),
        checked=tuple(f"{MARKS[p.value]} {p.words_id if lane == 'id' else p.words_en}" for p in proofs),
    )
