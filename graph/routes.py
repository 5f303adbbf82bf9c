"""Who is next: pure functions of the verdict. A routine R0 or R1 turn visits at most two roles."""

from agents.checklist import STOPPED
from casefile.effects import AttachEvidence
from casefile.verdict import Decision
from graph.state import State
from policies.charging import to_request
from policies.desk import Rules
from policies.rollout import sampled, treatment

B, C, A, D, E, F, COACH = (
    "frontline_b",
    "ops_c",
    "orchestrator_a",
    "specialist_d",
    "data_e",
    "content_f",
    "coach",
)
ROLE_NODES = (B, C, A, D, E, F)
# What a person let go is documented by E, in whoever's words it was said.
RELEASED = frozenset({"decision:approved", "decision:edited", "decision:denied"})


# What happens to a waiting case that nobody has to hear of but B.
UNDISTURBED = frozenset({"CASE.news", "CASE.courtesy", "INCIDENT.told"})
# Decisions whose way through the roles does not depend on anything else.
FIXED: dict[Decision, tuple[str, ...]] = {
    "WAIT": (B, A, COACH),
    "HAND_OVER": (B, A),
    "NUDGE": (B, A),
    "DECLINE": (A, B, E),
    "SETTLE": (E,),
    "LOOK_UP": (C,),
    "RELAY": (B, E),
    "UNHEARD": (A,),
    "INVITE": (B, A),
}


def itinerary(state: State, rules: Rules) -> tuple[str, ...]:
    """Return the nodes this verdict sends a turn through, in order."""
    verdict = state["verdict"]
    pending = state["case"]["approval_id"] is not None
    # Where one person speaks although another one still decides, the case goes on waiting as well.
    if verdict.rules[0].id in UNDISTURBED or (pending and verdict.decision == "RELAY"):
        return (B, COACH) if pending else (B,)
    if verdict.decision in FIXED and verdict.rules[0].id != STOPPED:
        return FIXED[verdict.decision]
    asks_operator = verdict.a_approval == "human"
    woken = (A,) if _a_is_woken(state, rules) else ()
    match verdict.decision:
        case "ESCALATE_COACH":
            return (A, COACH) if pending else (B, D, A, COACH)
        case "ASK" if any(hit.id == "CASE.changed" for hit in verdict.rules):
            # What a person was deciding on is void before the customer is asked anew.
            return (A, B)
        case "WITHDRAW":
            return (A, B, E) if pending else (B,)
        case "RELEASE":
            return _released(state)
        case "EXECUTE":
            return (B, A, COACH) if asks_operator else (B, *woken, C)
        case "ANSWER" if asks_operator:
            return (B, A, COACH)
        case "REPORT":
            return _reported(state, woken, rules)
        case "HAND_OVER":
            # A has stopped what B drafted and hands the case over itself; B then says so.
            return (A, B)
        case "ANSWER" if _wants_to_pay(state, rules):
            return (C, B, *woken)
        case _:
            return (B, *woken)


def _wants_to_pay(state: State, rules: Rules) -> bool:
    return to_request(state["events"], state["facts"], rules.payments, state["verdict"]) is not None


def _released(state: State) -> tuple[str, ...]:
    """A person's yes: with an operation C works first and B speaks when it is done."""
    edited = any(getattr(e, "decision", None) == "EDIT" for e in state["events"])
    learn = (F,) if edited else ()
    if releases_operation(state):
        return (A, C, *learn)
    return (A, B, E, *learn)


def _reported(state: State, woken: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """C's result: a bill in it is made payable by C, an order for a person put before the people by A.

    What a person let go is documented by E.
    """
    billing = (C,) if _wants_to_pay(state, rules) else ()
    ordered = any(e.type == "operation_done" and e.result.due_from for e in state["events"])
    informed = (A,) if ordered else woken
    return (B, *billing, *informed, E) if RELEASED & set(state["case"]["tags"]) else (B, *billing, *informed)


def releases_operation(state: State) -> bool:
    """Say whether the decision of this turn releases an operation."""
    record = state["facts"].approval
    given = next((e for e in state["events"] if e.type == "approval_given"), None)
    if record is None or given is None:
        return False
    if given.alternative is not None:
        return any(a.id == given.alternative and a.operation for a in record.request.alternatives)
    return record.request.operation is not None


def _a_is_woken(state: State, rules: Rules) -> bool:
    """Wake A where the mode asks for it or the case is a sample, for a lock, repeated attacks and a file to show."""
    verdict, facts = state["verdict"], state["facts"]
    sample = sampled(state["case"]["id"], rules.limits.qa_sample_every)
    repeated = facts.conversation.injection_count + 1 >= rules.limits.injection_repeats
    return (
        treatment(rules.mode, verdict.tier, rules.a_approval, sample).packet_to_ops
        or verdict.a_approval != "none"
        or bool(facts.identity_changes.get("locked_until"))
        or ("injection" in verdict.signals and repeated)
        or any(isinstance(effect, AttachEvidence) for effect in state["effects"])
        or verdict.rules[0].id == "R1.late"
        or (state["case"]["lead"] is not None and any(e.type == "operation_done" for e in state["events"]))
    )


def first(state: State, rules: Rules) -> str:
    """Return the node a turn starts with; a case with no verdict on anything new only goes on waiting."""
    return itinerary(state, rules)[0] if "verdict" in state else COACH


def after(node: str, state: State, rules: Rules) -> str | None:
    """Return the node that follows, or None at the end.

    A changed verdict, or one the coach has let in, starts its own way.
    """
    path = itinerary(state, rules)
    if node == COACH or node not in path:
        return path[0]
    place = path.index(node) + 1
    return path[place] if place < len(path) else None
