"""A's own look at what is about to leave, point by point (spec 4, "QA checklist")."""

from dataclasses import dataclass
from typing import Literal

from agents.work import Work
from casefile.effects import SendMessage
from casefile.verdict import RuleHit
from policies.gate import WORKED_BY_A
from policies.identity import is_verified
from policies.judge import NO_PROOF_NEEDED
from policies.presend import Scene, check_message

Outcome = Literal["APPROVED", "NEEDS EDIT", "ESCALATE"]
# Which findings of pre-send QA speak against which point.
AGAINST = {
    "exception": ("exception",),
    "commitment": ("commitment", "guarantee", "paid"),
    "cited": ("citation",),
}
STOPPED = "A.stopped"
SAFE_WORDS = "pending_verification@"


@dataclass(frozen=True, slots=True)
class Checklist:
    """How each point stands, what was found, and what follows from it."""

    outcome: Outcome
    points: tuple[tuple[str, bool], ...]
    found: tuple[RuleHit, ...]

    @property
    def passed(self) -> bool:
        """Say whether what is there now may leave: as drafted, or as the template says it."""
        return self.outcome != "ESCALATE"


def evaluate(work: Work) -> Checklist:
    """Check what B proposes and the task beside it; a draft that was held has its template's words in its place."""
    drafts = [effect for effect in work.effects if isinstance(effect, SendMessage)]
    found = tuple(hit for draft in drafts for hit in _findings(work, draft))
    rules = {hit.id.removeprefix("QA.").partition(".")[0] for hit in (*found, *work.findings)}
    verdict = work.verdict
    points = (
        ("tier", verdict.decision not in WORKED_BY_A or verdict.tier != "R3"),
        ("verification", "verification" not in rules and _verified(work, drafts)),
        *((point, rules.isdisjoint(against)) for point, against in AGAINST.items()),
    )
    # Nothing to say where something must be said, or only that it is being checked: somebody has to check it.
    stuck = verdict.decision == "ANSWER" and (not drafts or _only_safe(drafts[0]))
    sound = not found and all(ok for point, ok in points[:2])
    if stuck or not sound:
        return Checklist("ESCALATE", points, (*found, *work.findings))
    return Checklist("NEEDS EDIT" if work.findings else "APPROVED", points, work.findings)


def _findings(work: Work, draft: SendMessage) -> tuple[RuleHit, ...]:
    if draft.purpose == "release" or draft.by != "B":
        # A person's words: they were checked before that person confirmed them.
        return ()
    literals = work.desk.templates.literals(draft.template.partition("@")[0], draft.language)
    scene = Scene(
        "B",
        work.case,
        work.facts,
        work.verdict,
        work.events,
        work.matter,
        work.desk.rules,
        literals,
        banned=work.desk.tone[draft.language].never,
    )
    return tuple(
        RuleHit(id=f"QA.{f.rule}", words=f"{f.words} {f.span}".strip()) for f in check_message(draft, scene)
    )


def _verified(work: Work, drafts: list[SendMessage]) -> bool:
    known = is_verified(work.facts.identity) and not work.facts.identity.locked
    needed = any(draft.account for draft in drafts)
    if work.verdict.decision == "EXECUTE" and work.task is not None:
        needed = work.task.action not in NO_PROOF_NEEDED
    return known or not needed or work.facts.identity.status == "NEW"


def _only_safe(draft: SendMessage) -> bool:
    return draft.template.startswith(SAFE_WORDS)
