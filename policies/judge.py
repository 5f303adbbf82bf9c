"""The gate, second half: judge every proposed effect before any of it can be performed."""

from collections.abc import Iterable

from casefile.effects import CloseApproval, Effect, OpenApproval, Purpose, Remember, RunOperation, SendMessage
from casefile.events import ApprovalGiven, OperatorCommand
from casefile.outside_events import OutsideReply
from casefile.packets import CTask
from casefile.payment_effects import RequestPayment
from casefile.verdict import Decision, RuleHit, Ruling
from policies import charging
from policies.approvals import cite, matches
from policies.booking_intents import BOOKING
from policies.booking_judge import unproved_booking
from policies.conditions import RESCHEDULE_PREDICATES
from policies.enrol_matter import unproved_enrolment
from policies.freshness import fresh
from policies.grounds import done_now
from policies.identity import is_verified
from policies.intents import spec
from policies.lead_matter import is_the_note
from policies.presend import Scene, check_message
from policies.promises import NEVER, Finding
from policies.roles import may_propose
from policies.shop_intents import OWN_ORDERS, SHOP
from policies.shop_judge import unproved_order
from policies.shop_matter import own_orders_known, own_orders_read
from policies.window import is_the_invitation

PURPOSES: dict[Decision, frozenset[Purpose]] = {
    "ANSWER": frozenset({"answer"}),
    "ASK": frozenset({"ask"}),
    "NEED_VERIFICATION": frozenset({"ask"}),
    "LOOK_UP": frozenset(),
    "EXECUTE": frozenset(),
    "ESCALATE_COACH": frozenset({"acknowledge"}),
    "HAND_OVER": frozenset({"acknowledge"}),
    "DEGRADED_MODE": frozenset({"acknowledge"}),
    "REFUSE": frozenset({"refuse"}),
    "REPORT": frozenset({"notify"}),
    "RELEASE": frozenset({"release"}),
    "DECLINE": frozenset({"release"}),
    "WAIT": frozenset({"acknowledge"}),
    "WITHDRAW": frozenset({"notify"}),
    "RELAY": frozenset({"release"}),
    "UNHEARD": frozenset(),
    "INVITE": frozenset({"invite"}),
    "NUDGE": frozenset({"acknowledge"}),
    "SETTLE": frozenset(),
}
PROVED_BY_RECORDS = (*RESCHEDULE_PREDICATES, "session_known", "same_student", "slot_free", "future_slot")
NO_PROOF_NEEDED = frozenset({"BOOKING_CREATE", "ENROL", "OPT_OUT", "OPT_IN"})
WHO = frozenset({"verified_contact", "failed_attempts", "locked_until"})


def judge(effect: Effect, scene: Scene) -> Ruling:
    """Allow or refuse one effect, naming the rules that refuse it."""
    if not may_propose(scene.role, effect.type):
        return _refused("JUDGE.role", f"Role {scene.role} may not propose {effect.type}")
    match effect:
        case SendMessage():
            return _message(effect, scene)
        case RunOperation():
            return _operation(effect.task, scene)
        case RequestPayment():
            return _payment(effect, scene)
        case OpenApproval():
            return _opening(scene)
        case CloseApproval():
            return _closing(effect, scene)
        case Remember():
            return _remembering(effect, scene)
        case _:
            return Ruling(allowed=True)


def _message(message: SendMessage, scene: Scene) -> Ruling:
    if message.conversation_id != scene.case.conversation_id:
        return _refused("JUDGE.recipient", "A case speaks only in its own conversation")
    if message.purpose not in PURPOSES[scene.verdict.decision]:
        return _refused(
            "JUDGE.purpose", f"A message to {message.purpose} does not follow {scene.verdict.decision}"
        )
    outside = message.purpose == "invite" or message.channel_template is not None
    if outside and not is_the_invitation(message, scene.rules.reopen, scene.facts.conversation):
        return _refused("JUDGE.invite", "Outside the window only the approved message goes, and once")
    done = done_now(scene.case, scene.facts, scene.events, message.text)
    undone = set(message.done) - done - {"withdrawn"}
    if undone:
        return _refused("JUDGE.undone", f"Says something is done that is not: {', '.join(sorted(undone))}")
    if message.attachment is not None and message.attachment.number not in message.text:
        return _refused("JUDGE.attachment", "A document goes only with words on the very bill it is of")
    if message.account and not _account_allowed(scene):
        return _refused("JUDGE.identity", "States account data without a verified identity and fresh facts")
    return _worded(message, scene)


def _worded(message: SendMessage, scene: Scene) -> Ruling:
    """Judge the words: B's own and another system's by all that is known, a person's as exactly theirs."""
    sent_in = next((e for e in scene.events if isinstance(e, OutsideReply)), None)
    if message.purpose == "release" and sent_in is not None:
        if (message.by, message.text) != ("B", sent_in.text):
            return _refused("JUDGE.release", "Only exactly the words that were sent in may leave")
        return _findings(check_message(message, scene))
    if message.purpose == "release":
        if (message.by, message.text) != _let_go(scene):
            return _refused("JUDGE.release", "Only exactly the words a person let go may leave, as theirs")
        return _findings(f for f in check_message(message, scene) if f.rule in NEVER)
    if message.by != "B":
        if (message.by, message.text) != (scene.case.released_by, scene.case.release):
            return _refused("JUDGE.by", "Only words a person wrote may leave as a person's")
        return _findings(f for f in check_message(message, scene) if f.rule in NEVER)
    return _findings(check_message(message, scene))


def _let_go(scene: Scene) -> tuple[str, str | None]:
    """Return whose words may leave, and which: those of a decision, or those a person has just given."""
    given = next((e for e in scene.events if isinstance(e, OperatorCommand)), None)
    if scene.verdict.decision == "RELAY" and given is not None:
        return given.by, given.words
    return scene.case.released_by or "B", scene.case.release


def _account_allowed(scene: Scene) -> bool:
    """Say whether this customer's own data may be stated: identity, and facts that are fresh or just read."""
    facts = scene.facts
    if not is_verified(facts.identity) or facts.identity.locked:
        return scene.verdict.decision in {"REPORT", "RELEASE", "DECLINE"} and facts.identity.status == "NEW"
    decision = scene.verdict.decision
    read = facts.schedule is not None or own_orders_read(facts)
    just_read = decision in {"REPORT", "RELEASE", "DECLINE", "ASK"} or (
        decision in {"ESCALATE_COACH", "WITHDRAW"} and read
    )
    if scene.verdict.intent in OWN_ORDERS:
        return own_orders_known(facts)
    return just_read or fresh(facts.snapshot, facts.identity.contact_id, facts.now)


def _operation(task: CTask, scene: Scene) -> Ruling:
    if task.case_id != scene.case.id or task.verification_status != "OK":
        return _refused("JUDGE.task", "C works only on this case's own task, with verification OK")
    if scene.verdict.decision == "RELEASE":
        return _approved(task, scene)
    verdict = scene.verdict
    if verdict.decision != "EXECUTE" or verdict.tier == "R3" or verdict.a_approval == "human":
        return _refused("JUDGE.unapproved", "An operation needs the gate's proof or a person's approval")
    if task.action != spec(verdict.intent).action:
        return _refused("JUDGE.other", f"{verdict.intent} does not ask for {task.action}")
    if verdict.intent in {**SHOP, **BOOKING}:
        unproved_of = unproved_order if verdict.intent in SHOP else unproved_booking
        open_still = unproved_of(task, scene.matter, scene.facts)
        if open_still:
            return _refused("JUDGE.unproved", f"Not proved from records: {open_still}")
        return Ruling(allowed=True)
    if scene.matter.enrol is not None:
        open_still = unproved_enrolment(task, scene.matter.enrol, scene.facts)
        return _refused("JUDGE.unproved", f"Not proved: {open_still}") if open_still else Ruling(allowed=True)
    if task.action in NO_PROOF_NEEDED:
        return Ruling(allowed=True)
    if task.action == "LEAD_NOTE":
        told = is_the_note(task, scene.matter.lead, scene.facts)
        return Ruling(allowed=True) if told else _refused("JUDGE.other", "The note is not what they told")
    matter = scene.matter
    unproved = [name for name in PROVED_BY_RECORDS if matter.proof(name) != "true"]
    if unproved or not matter.verified or matter.session is None or matter.choice is None:
        return _refused("JUDGE.unproved", f"Not proved from records: {', '.join(unproved) or 'identity'}")
    slot = matter.choice.slot
    if (
        slot is None
        or task.subject != matter.session.student_id
        or task.params.get("session_id") != matter.session.id
        or task.params.get("slot_id") != slot.id
    ):
        return _refused("JUDGE.other", "The task is not the one that was proved")
    return Ruling(allowed=True)


def _payment(effect: RequestPayment, scene: Scene) -> Ruling:
    """Let a way to pay be made only for a bill that is this case's own and still to be paid."""
    why = charging.refusal(effect.invoice_number, scene.facts, scene.rules.payments)
    return _refused("JUDGE.payment", why) if why else Ruling(allowed=True)


def _approved(task: CTask, scene: Scene) -> Ruling:
    """Let an operation go only as exactly what a person approved: the digest has to match."""
    record = scene.facts.approval
    given = next((e for e in scene.events if isinstance(e, ApprovalGiven)), None)
    if record is None or given is None or given.approval_id != record.request.id:
        return _refused("JUDGE.no_approval", "There is no decision for this operation")
    if record.state != "pending" or (given.decision == "DENY" and given.alternative is None):
        return _refused("JUDGE.used", "The approval is used, void or a no")
    request = record.request
    if not matches(record, request.operation, request.text, scene.case.conversation_id, cited_now(scene)):
        return _refused("JUDGE.digest", "What was approved is not what is about to happen")
    ready = {a.id: a.operation for a in request.alternatives}
    if task != (ready.get(given.alternative) if given.alternative is not None else request.operation):
        return _refused("JUDGE.digest", "The operation is not the one that was approved")
    return Ruling(allowed=True)


def cited_now(scene: Scene) -> tuple[str, ...]:
    """Return the pages the approval rests on as they read now; a changed page changes the digest."""
    page = scene.facts.excerpt
    return (cite(page),) if page else ()


def _opening(scene: Scene) -> Ruling:
    wanted = {"ESCALATE_COACH", "WAIT"}
    if scene.verdict.decision in wanted or scene.verdict.a_approval == "human":
        return Ruling(allowed=True)
    return _refused("JUDGE.approval", "Nobody is asked about what needs no decision")


def _closing(effect: CloseApproval, scene: Scene) -> Ruling:
    if effect.state == "void":
        return Ruling(allowed=True)
    given = next((e for e in scene.events if isinstance(e, ApprovalGiven)), None)
    if given is None or given.approval_id != effect.approval_id or given.by != effect.by:
        return _refused("JUDGE.decision", "Only a decision that was given settles an approval")
    return Ruling(allowed=True)


def _remembering(effect: Remember, scene: Scene) -> Ruling:
    """Let a role keep what it likes of its own conversation, but of who this is only what was proved."""
    proved = scene.facts.identity_changes
    claimed = {k: v for k, v in effect.changes.items() if k in WHO}
    if effect.conversation_id != scene.case.conversation_id:
        return _refused("JUDGE.recipient", "A case remembers only for its own conversation")
    if any(k not in proved or proved[k] != v for k, v in claimed.items()):
        return _refused("JUDGE.identity", "Nobody is verified, or unlocked, by a role's say-so")
    return Ruling(allowed=True)


def _findings(findings: Iterable[Finding]) -> Ruling:
    hits = tuple(RuleHit(id=f"QA.{f.rule}", words=f"{f.words} {f.span}".strip()) for f in findings)
    return Ruling(allowed=not hits, rules=hits)


def _refused(rule: str, words: str) -> Ruling:
    return Ruling(allowed=False, rules=(RuleHit(id=rule, words=words),))
