"""The nodes: each role gated - it proposes, every effect is judged, one update follows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agents import content_f, data_e, frontline_b, ops_c, orchestrator_a, specialist_d
from agents.second_look import DOUBT
from agents.work import Proposal, Work
from casefile.base import Role
from casefile.case import Case
from casefile.effects import Effect, OpenApproval, RunOperation, SendMessage
from casefile.facts import Facts
from casefile.verdict import RuleHit, Verdict
from graph.routes import COACH, A, B, C, D, E, F
from graph.state import Held, NodeStep, State, TurnContext
from policies.gate import request_of, verdict_of
from policies.identity import own_contacts
from policies.judge import PURPOSES, judge
from policies.matter import Matter, weigh
from policies.presend import Scene
from policies.promises import as_seen
from ports.sources import Owners


class Node(Protocol):
    """A node as LangGraph calls it."""

    def __call__(self, state: State, *, runtime: Runtime[TurnContext]) -> Awaitable[State]: ...


Propose = Callable[[Work, TurnContext], Awaitable[Proposal]]
ROLES: dict[str, tuple[Role, Propose]] = {
    B: ("B", lambda work, ctx: frontline_b.propose(work, ctx.frontline)),
    C: ("C", lambda work, ctx: ops_c.propose(work, ctx.ops)),
    A: ("A", lambda work, ctx: orchestrator_a.propose(work, ctx.orchestrator)),
    D: ("D", lambda work, ctx: specialist_d.propose(work, ctx.specialist)),
    E: ("E", lambda work, ctx: data_e.propose(work)),
    F: ("F", lambda work, ctx: content_f.propose(work)),
}
BINDING = (RunOperation, OpenApproval)
# The key of the words that stand in for a held template; they have nothing standing in for them.
SAFE = "safe"


def gated(node: str) -> Node:
    """Return a role's node: propose, judge, one update of case, facts, verdict and effects."""
    role, propose = ROLES[node]

    async def run(state: State, *, runtime: Runtime[TurnContext]) -> State:
        ctx = runtime.context
        work = _work(state, ctx)
        proposal = await propose(work, ctx)
        facts = proposal.facts or work.facts
        kept, held = await _judged(role, replace(work, facts=facts), proposal, ctx)
        matter, verdict = _renewed(role, work, facts, held, proposal.stopped)
        # A refused operation or approval takes the role's change of the case with it.
        refused = any(_binding(h) for h in held)
        case = work.case if refused else proposal.case
        left = tuple(e for e in work.effects if e.key not in proposal.withdrawn)
        before, unphrased = await _in_plain_words(left, proposal, work, ctx)
        held = (*held, *unphrased)
        if proposal.template_update is not None:
            ctx.updates.append(proposal.template_update)
        ctx.steps.append(NodeStep(node, work.verdict.decision, kept, held, case))
        return State(
            case=_dumped(case, state),
            facts=facts,
            matter=matter,
            verdict=verdict,
            effects=(*before, *kept),
            review=proposal.review or work.review,
            task=proposal.task or work.task,
            findings=(*work.findings, *_held_back(held)),
        )

    return run


async def coach(state: State, *, runtime: Runtime[TurnContext]) -> State:
    """Wait for whatever happens next in this case, and let it in; the node after decides what it means."""
    interrupt({"approval": state["case"]["approval_id"]})
    entry = runtime.context.entry
    runtime.context.steps.append(NodeStep(COACH, entry.verdict.decision, (), (), entry.case))
    return entry.state()


def _work(state: State, ctx: TurnContext) -> Work:
    return Work(
        case=Case.model_validate(state["case"]),
        facts=state["facts"],
        verdict=state["verdict"],
        matter=state["matter"],
        events=state["events"],
        desk=ctx.desk,
        effects=state["effects"],
        review=state["review"],
        task=state["task"],
        findings=state["findings"],
    )


def _dumped(case: Case, state: State) -> dict[str, Any]:
    dumped = case.model_dump(mode="json")
    return state["case"] if dumped == state["case"] else dumped


async def _judged(
    role: Role, work: Work, proposal: Proposal, ctx: TurnContext
) -> tuple[tuple[Effect, ...], tuple[Held, ...]]:
    """Judge every proposed effect; a held message falls back step by step to the safe words for the situation."""
    kept: list[Effect] = []
    held: list[Held] = []
    for effect in proposal.effects:
        tried: list[Held] = []
        attempt: Effect | None = effect
        while attempt is not None:
            ruling = judge(attempt, await scene_for(role, work, attempt, ctx.owners))
            if ruling.allowed:
                kept.append(attempt)
                break
            tried.append(Held(attempt, ruling.rules))
            attempt = await _instead(work, tried, ctx)
        held += tried
    return tuple(kept), tuple(held)


async def _in_plain_words(
    effects: Sequence[Effect], proposal: Proposal, work: Work, ctx: TurnContext
) -> tuple[tuple[Effect, ...], tuple[Held, ...]]:
    """Put the template's words, judged like any, in place of the drafts that A's second look doubts."""
    kept: list[Effect] = []
    held: list[Held] = []
    for effect in effects:
        if not isinstance(effect, SendMessage) or effect.key not in proposal.plainly:
            kept.append(effect)
            continue
        held.append(Held(effect, (RuleHit(id=DOUBT, words="A second look doubts the words"),)))
        again = Proposal("B", work.case, (effect.unphrased(),))
        plain, refused = await _judged("B", work, again, ctx)
        kept += plain
        held += refused
    return tuple(kept), tuple(held)


async def _instead(work: Work, tried: Sequence[Held], ctx: TurnContext) -> Effect | None:
    """Return what may be said in place of what was held: a draft mended once, its template, "being checked"."""
    last = tried[-1].effect
    if not isinstance(last, SendMessage):
        return None
    if last.plain:
        once = len(tried) == 1
        mended = await frontline_b.mend(work, last, tried[-1].rules, ctx.frontline) if once else None
        return mended or last.unphrased()
    return None if last.key == work.key(SAFE) else _safe(work, last)


async def scene_for(role: Role, work: Work, effect: Effect, owners: Owners) -> Scene:
    """Return what an effect is judged against; for words that is also whose data they carry."""
    scene = Scene(role, work.case, work.facts, work.verdict, work.events, work.matter, work.desk.rules)
    if not isinstance(effect, SendMessage):
        return scene
    own = own_contacts(work.facts.conversation, work.facts.identity)
    return replace(
        scene,
        literals=work.desk.templates.literals(effect.template.partition("@")[0], effect.language),
        others=await owners.others_in(as_seen(effect.text), own),
        banned=work.desk.tone[effect.language].never,
    )


def _safe(work: Work, held: SendMessage) -> SendMessage | None:
    """Return the plain "being checked" words."""
    if held.purpose not in PURPOSES[work.verdict.decision]:
        return None
    if work.verdict.missing == "meaning":
        # Nothing is being looked up, so nothing may be promised: the question is asked in the open.
        return work.say(work.render("clarify_open"), held.purpose, name=SAFE)
    return work.say(work.render("pending_verification", time_window=work.window()), held.purpose, name=SAFE)


def _held_back(held: tuple[Held, ...]) -> tuple[RuleHit, ...]:
    return tuple(hit for h in held if isinstance(h.effect, SendMessage) for hit in h.rules)


def _binding(held: Held) -> bool:
    """Say whether nothing can stand in for what was refused: an operation, a request, words a person let go."""
    effect = held.effect
    released = isinstance(effect, SendMessage) and (effect.purpose == "release" or effect.by != "B")
    return released or isinstance(effect, BINDING)


def _renewed(
    role: Role, work: Work, facts: Facts, held: tuple[Held, ...], stopped: RuleHit | None
) -> tuple[Matter, Verdict]:
    """Admit again after C's quick read; hand the case to a person when A stopped it or something was refused."""
    if stopped is not None:
        update = {"decision": "HAND_OVER", "lane": "ops", "rules": (stopped, *work.verdict.rules)}
        return work.matter, work.verdict.model_copy(update=update)
    if any(_binding(h) for h in held):
        words = "; ".join(hit.words for h in held for hit in h.rules)
        rule = RuleHit(id="JUDGE.held", words=words)
        update = {"decision": "HAND_OVER", "lane": "ops", "rules": (rule, *work.verdict.rules)}
        return work.matter, work.verdict.model_copy(update=update)
    if role == "C" and work.verdict.decision == "LOOK_UP":
        request = request_of(work.case, facts.reading)
        matter = weigh(work.case, facts, request, work.desk.rules)
        return matter, verdict_of(matter, work.desk.rules)
    return work.matter, work.verdict
