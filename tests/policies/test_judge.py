"""Judge: what each role may not do, and what may not happen whoever proposes it."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.base import Role
from casefile.case import Case
from casefile.effects import (
    AttachEvidence,
    Attachment,
    Citation,
    CloseApproval,
    Effect,
    ForgetWaiting,
    NoteGap,
    OpenApproval,
    PostToLane,
    Purpose,
    PushDelta,
    Remember,
    RunOperation,
    SendMessage,
    StartTimer,
    StopTimer,
    WriteAudit,
)
from casefile.events import ApprovalGiven, CaseEvent, OperatorCommand
from casefile.facts import PaymentFacts
from casefile.outside_events import OutsideReply
from casefile.packets import AuditEntry, CTask
from casefile.payment_effects import ClosePayment, RefundPayment, RequestPayment
from casefile.records import Delta
from casefile.verdict import Decision, Tier, Verdict
from policies.gate import admit
from policies.judge import NO_PROOF_NEEDED, PURPOSES, judge
from policies.presend import Scene, held_words
from policies.roles import MAY_PROPOSE
from tests.policies.builders import NOW, contact, schedule, slot, task
from tests.policies.test_charging import NUMBER, ONLINE, open_bill
from tests.policies.test_entering import asked, pending
from tests.policies.test_entering import given as decided
from tests.policies.test_window import REOPEN, invitation
from tests.policies.worlds import (
    UNHURRIED,
    World,
    case,
    confirmed,
    facts,
    identity,
    page,
    rules,
    snapshot,
    world,
    worlds,
)

ROLES: tuple[Role, ...] = get_args(Role)
HELLO = "Halo Kak, ada yang bisa dibantu?"
MOVE = task(
    action="RESCHEDULE", subject="st1", params={"session_id": "s1", "slot_id": "f1", "new_start": "x"}
)
WAITING, YES = confirmed()
PROVED = world("affirm", on=WAITING, slots=YES)


def message(**changes: object) -> SendMessage:
    base = SendMessage(
        key="k", conversation_id="wa-1-c1", text=HELLO, language="id", template="greeting@1", purpose="answer"
    )
    return base.model_copy(update=changes)


def verdict(decision: Decision = "ANSWER", tier: Tier = "R0", **changes: object) -> Verdict:
    base = Verdict(intent="greeting", floor=tier, tier=tier, decision=decision, rules=())
    return base.model_copy(update=changes)


def scene(
    w: World | None = None,
    role: Role = "B",
    said: Verdict | None = None,
    events: tuple[CaseEvent, ...] = (),
    on: Case | None = None,
) -> Scene:
    w = w or world("greeting")
    admitted = said or admit(w.case, w.facts, w.request, w.rules)
    return Scene(role, on or w.case, w.facts, admitted, events, w.matter(), w.rules)


def refusal(effect: Effect, seen: Scene) -> str | None:
    ruling = judge(effect, seen)
    assert ruling.allowed == (not ruling.rules)
    return ruling.rules[0].id if ruling.rules else None


def run(of: CTask = MOVE) -> RunOperation:
    return RunOperation(key="k", task=of)


AUDIT = AuditEntry(at=NOW, case_id=None, actor="E", service="case", action="x", result="success")
EFFECTS: tuple[Effect, ...] = (
    message(),
    PostToLane(key="k", lane="ops", thread="t", html="x"),
    run(),
    StartTimer(key="k", timer="sla", due_at=NOW),
    StopTimer(key="k"),
    OpenApproval(key="k", request=asked()),
    CloseApproval(key="k", approval_id="a1", state="void", by="A"),
    Remember(key="k", conversation_id="wa-1-c1", changes={"language": "en"}),
    PushDelta(key="k", delta=Delta(contact_id="c1", rev=9, as_of=NOW)),
    AttachEvidence(key="k", case_id="x", media_id="m", kind="image"),
    WriteAudit(key="k", entry=AUDIT),
    NoteGap(key="k", case_id="x", question="?", language="id"),
    ForgetWaiting(key="k", case_id="x"),
    RequestPayment(key="k", invoice_number="INV-2026-0201-001"),
    RefundPayment(key="k", refund_id="r", reference="INV-2026-0201-001", amount=1),
    ClosePayment(key="k", reference="INV-2026-0201-001"),
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("effect", EFFECTS, ids=lambda e: e.type)
def test_each_role_proposes_only_its_own_effects(role: Role, effect: Effect) -> None:
    allowed = effect.type in MAY_PROPOSE[role]
    assert (refusal(effect, scene(role=role)) == "JUDGE.role") is not allowed


def test_what_harms_nobody_is_simply_allowed() -> None:
    assert refusal(EFFECTS[1], scene(role="A")) is None
    assert refusal(EFFECTS[3], scene(role="B")) is None


def test_a_way_to_pay_is_made_only_for_the_cases_own_bill_at_a_desk_with_a_provider() -> None:
    wanted = RequestPayment(key="k", invoice_number=NUMBER)
    w = world("greeting")
    w = replace(w, rules=rules(payments=ONLINE)).with_facts(
        payments=PaymentFacts(invoices=(open_bill(),), read_at=NOW, rev=4)
    )
    assert refusal(wanted, scene(w, role="C")) is None
    assert refusal(wanted, scene(replace(w, rules=rules()), role="C")) == "JUDGE.payment"
    another = wanted.model_copy(update={"invoice_number": "INV-2026-0201-999"})
    assert refusal(another, scene(w, role="C")) == "JUDGE.payment"


def test_a_case_speaks_only_in_its_own_conversation() -> None:
    assert refusal(message(), scene()) is None
    assert refusal(message(conversation_id="wa-1-c2"), scene()) == "JUDGE.recipient"


@pytest.mark.parametrize("decision", get_args(Decision))
def test_a_message_follows_from_the_decision(decision: Decision) -> None:
    for purpose in get_args(Purpose):
        held = refusal(message(purpose=purpose), scene(said=verdict(decision)))
        assert (held == "JUDGE.purpose") is (purpose not in PURPOSES[decision])


def test_outside_the_window_only_the_approved_message_goes_and_once() -> None:
    inviting = scene(said=verdict("INVITE"))
    open_ = replace(inviting, rules=inviting.rules.model_copy(update={"reopen": REOPEN}))
    assert refusal(invitation(), open_) is None
    assert refusal(invitation(), inviting) == "JUDGE.invite"
    assert refusal(invitation(text="Halo Kak, disetujui."), open_) == "JUDGE.invite"
    assert refusal(message(purpose="invite"), open_) == "JUDGE.invite"
    again = open_.facts.conversation.model_copy(update={"invited_at": NOW})
    twice = replace(open_, facts=open_.facts.model_copy(update={"conversation": again}))
    assert refusal(invitation(), twice) == "JUDGE.invite"
    # Nor does anything else travel as an approved message.
    disguised = message(channel_template=invitation().channel_template)
    assert refusal(disguised, scene()) == "JUDGE.invite"


def test_done_is_said_only_when_it_is() -> None:
    said = message(purpose="notify", done=("rescheduled",))
    assert refusal(said, scene(said=verdict("REPORT"))) == "JUDGE.undone"
    withdrawn = message(purpose="notify", done=("withdrawn",))
    assert refusal(withdrawn, scene(said=verdict("WITHDRAW"))) is None


@pytest.mark.parametrize(
    ("w", "decision", "held"),
    [
        (world("next_session"), "ANSWER", None),
        (world("next_session", snapshot=snapshot(181)), "ANSWER", "JUDGE.identity"),
        (world("next_session", snapshot=snapshot(contact_id="c2")), "ANSWER", "JUDGE.identity"),
        (world("next_session", identity=identity("UNKNOWN")), "ANSWER", "JUDGE.identity"),
        (world("next_session", identity=identity(locked=True)), "ANSWER", "JUDGE.identity"),
        (world("next_session", identity=identity("NEW")), "ANSWER", "JUDGE.identity"),
        (world("trial_request", identity=identity("NEW")), "REPORT", None),
        (world("trial_request", identity=identity("MISMATCH")), "REPORT", "JUDGE.identity"),
        (world("reschedule", snapshot=None), "ASK", None),
        (world("reschedule", identity=identity("NEW")), "ASK", "JUDGE.identity"),
        (world("reschedule", snapshot=None), "REPORT", None),
        (world("reschedule", snapshot=None), "ESCALATE_COACH", None),
        (world("reschedule", snapshot=None, schedule=None), "ESCALATE_COACH", "JUDGE.identity"),
    ],
)
def test_account_data_needs_identity_and_freshness(w: World, decision: Decision, held: str | None) -> None:
    purpose = next(iter(PURPOSES[decision]))
    said = scene(w, said=verdict(decision, "R1"))
    assert refusal(message(account=True, purpose=purpose), said) == held


def test_only_exactly_the_released_words_leave_as_a_release() -> None:
    released = case(release="Boleh pindah, refund cair besok, dijamin.")
    leaving = message(purpose="release", text="Boleh pindah, refund cair besok, dijamin.")
    said = verdict("RELEASE", "R3")
    assert refusal(leaving, scene(said=said, on=released)) is None
    assert refusal(message(purpose="release"), scene(said=said, on=released)) == "JUDGE.release"
    internal = "Tier R3, diputuskan lewat gate."
    assert (
        judge(message(purpose="release", text=internal), scene(said=said, on=case(release=internal)))
        .rules[0]
        .id.startswith("QA.internal")
    )


def test_a_persons_answer_leaves_only_as_exactly_theirs() -> None:
    command = OperatorCommand(
        at=NOW, case_id="c", command="reply", by="tari", args={"text": "Besok pasti bisa, Kak."}
    )
    relay = scene(said=verdict("RELAY"), events=(command,))
    theirs = message(purpose="release", text="Besok pasti bisa, Kak.", by="tari")
    assert refusal(theirs, relay) is None
    for changed in ({"text": "Besok bisa, Kak."}, {"by": "B"}, {"by": "agus"}):
        assert refusal(theirs.model_copy(update=changed), relay) == "JUDGE.release"
    assert refusal(theirs, scene(said=verdict("RELAY"))) == "JUDGE.release"
    assert refusal(theirs.model_copy(update={"purpose": "answer"}), relay) == "JUDGE.purpose"
    inner = command.model_copy(update={"args": {"text": "Kata orchestrator, tier R3."}})
    said = judge(
        theirs.model_copy(update={"text": inner.words}), scene(said=verdict("RELAY"), events=(inner,))
    )
    assert said.rules[0].id.startswith("QA.internal")


def test_another_system_s_words_are_checked_like_our_own() -> None:
    sent_in = OutsideReply(at=NOW, case_id="c", by="crm", text="Siap, Kak, kami bantu.")
    relay = scene(said=verdict("RELAY"), events=(sent_in,))
    ours = message(purpose="release", text="Siap, Kak, kami bantu.")
    assert refusal(ours, relay) is None
    for changed in ({"text": "Siap, Kak."}, {"by": "crm"}):
        assert refusal(ours.model_copy(update=changed), relay) == "JUDGE.release"
    promise = sent_in.model_copy(update={"text": "Refund Rp 500.000 sudah cair, Kak."})
    held = scene(said=verdict("RELAY"), events=(promise,))
    assert (refusal(message(purpose="release", text=promise.text), held) or "").startswith("QA.")


def test_words_leave_as_a_persons_only_if_that_person_wrote_them() -> None:
    written = case(release="Refund cair besok ya Kak.", released_by="maya")
    report = verdict("REPORT", "R3")
    theirs = message(purpose="notify", text="Refund cair besok ya Kak.", by="maya")
    assert refusal(theirs, scene(said=report, on=written)) is None
    assert refusal(theirs, scene(said=report)) == "JUDGE.by"
    assert (
        refusal(message(purpose="notify", by="budi", text=theirs.text), scene(said=report, on=written))
        == "JUDGE.by"
    )
    assert refusal(message(purpose="notify", by="maya"), scene(said=report, on=written)) == "JUDGE.by"


def test_b_says_nothing_the_facts_do_not_hold() -> None:
    assert (
        refusal(message(text="Sesi berikutnya Senin, 16 Februari 2026 pukul 09.00 WIB."), scene()) is not None
    )
    own = message(text="Sesi berikutnya Jumat, 13 Februari 2026 pukul 10.00 WIB.", account=True)
    assert refusal(own, scene(world("next_session"))) is None
    assert refusal(
        own, scene(world("next_session", snapshot=snapshot(181), schedule=None), said=verdict("ANSWER"))
    ) == ("JUDGE.identity")


def test_a_published_answer_cites_its_page() -> None:
    w = world("faq.refund_policy", excerpt=page(next_detail="Tanya saja ya."))
    text = "Uang les tidak dikembalikan. Tanya saja ya."
    cited = message(
        text=text, citations=(Citation(page_id="refund_policy", release="v2026-02-01.1", content_hash="h1"),)
    )
    assert refusal(cited, scene(w)) is None
    assert refusal(message(text=text), scene(w)) is not None
    other = Citation(page_id="price_list", release="v2026-02-01.1", content_hash="h1")
    assert refusal(message(text=text, citations=(other,)), scene(w)) is not None


def test_a_persons_own_words_are_checked_before_they_confirm_them() -> None:
    assert held_words("Boleh ya Kak, sampai jumpa.", "id", rules()) == ()
    assert held_words("Tier R3 dari gate.", "id", rules())
    told = "Sama seperti Budi Santoso ya Kak."
    assert [f.rule for f in held_words(told, "id", rules(), ("Budi Santoso",))] == ["other_customer"]


def test_what_is_somebody_elses_leaves_in_nobodys_words() -> None:
    told = "Sama seperti Budi Santoso ya Kak."
    released = case(release=told, released_by="maya")
    said = message(purpose="release", text=told, by="maya")
    held = replace(scene(said=verdict("RELEASE", "R3"), on=released), others=("Budi Santoso",))
    assert refusal(said, held) == "QA.other_customer"
    report = replace(scene(said=verdict("REPORT", "R3"), on=released), others=("Budi Santoso",))
    assert refusal(message(purpose="notify", text=told, by="maya"), report) == "QA.other_customer"
    assert refusal(message(), replace(scene(), others=("+62 812-0000-1002",))) == "QA.other_customer"


def test_a_proved_operation_runs() -> None:
    assert refusal(run(), scene(PROVED, "C")) is None


@pytest.mark.parametrize(
    ("of", "w", "held"),
    [
        (MOVE.model_copy(update={"case_id": "SCH-2026-0002"}), PROVED, "JUDGE.task"),
        (MOVE.model_copy(update={"verification_status": "HOLD"}), PROVED, "JUDGE.task"),
        (MOVE.model_copy(update={"action": "REFUND"}), PROVED, "JUDGE.other"),
        (MOVE.model_copy(update={"action": "ENROL"}), PROVED, "JUDGE.other"),
        (MOVE.model_copy(update={"subject": "st2"}), PROVED, "JUDGE.other"),
        (MOVE.model_copy(update={"params": {"session_id": "s2", "slot_id": "f1"}}), PROVED, "JUDGE.other"),
        (MOVE.model_copy(update={"params": {"session_id": "s1", "slot_id": "f2"}}), PROVED, "JUDGE.other"),
        (MOVE, world("reschedule"), "JUDGE.unapproved"),
        (MOVE, replace(PROVED, rules=rules("hardening", a_approval="human")), "JUDGE.unapproved"),
        (MOVE, world("refund_request"), "JUDGE.unapproved"),
        (task(action="ENROL"), world("enrol_request"), None),
        (task(action="ENROL"), world("trial_request"), "JUDGE.other"),
        (task(action="OPT_OUT"), world("opt_out"), None),
        (task(action="ENROL"), world("enrol_request", identity=identity("UNKNOWN")), "JUDGE.unapproved"),
        (task(action="ENROL"), world("enrol_request", contact=contact(vip=True)), "JUDGE.unapproved"),
    ],
)
def test_an_operation_is_the_one_that_was_asked_and_proved(of: CTask, w: World, held: str | None) -> None:
    assert refusal(run(of), scene(w, "C")) == held


@pytest.mark.parametrize(
    "seen",
    [
        {"schedule": schedule(reschedules_this_month=2)},
        {"schedule": schedule(free_slots=())},
        {"schedule": schedule(student_id="st2")},
        {"contact": contact(vip=True)},
        {"identity": identity("UNKNOWN")},
        {"now": NOW + timedelta(days=3, minutes=-59)},
        {"schedule": None},
    ],
)
def test_an_old_verdict_does_not_carry_an_operation_whose_proof_is_gone(seen: dict[str, object]) -> None:
    admitted = admit(PROVED.case, PROVED.facts, PROVED.request, PROVED.rules)
    assert refusal(run(), scene(PROVED.with_facts(**seen), "C", said=admitted)) == "JUDGE.unproved"


def test_a_proof_without_a_slot_of_ones_own_moves_nothing() -> None:
    seen = scene(PROVED, "C")
    assert seen.matter.choice is not None
    open_choice = seen.matter.model_copy(
        update={"choice": seen.matter.choice.model_copy(update={"slot": None})}
    )
    assert refusal(run(), replace(seen, matter=open_choice)) == "JUDGE.other"


DECIDED = verdict("RELEASE", "R3", intent="refund_request")
ASKED = world("refund_request", approval=pending(), excerpt=page())


@pytest.mark.parametrize(
    ("of", "w", "events", "held"),
    [
        (task(), ASKED, (decided(),), None),
        (task(), ASKED, (decided("EDIT"),), None),
        (task(params={"amount": 1}), ASKED, (decided(),), "JUDGE.digest"),
        (task(idempotency_key="k2"), ASKED, (decided(),), "JUDGE.digest"),
        (task(), ASKED, (decided(alternative="credit"),), "JUDGE.digest"),
        (task(), ASKED, (decided("DENY", alternative="credit"),), "JUDGE.digest"),
        (task(), ASKED, (decided("DENY"),), "JUDGE.used"),
        (task(), ASKED, (), "JUDGE.no_approval"),
        (task(), ASKED, (decided(approval_id="a2"),), "JUDGE.no_approval"),
        (task(), ASKED.with_facts(approval=None), (decided(),), "JUDGE.no_approval"),
        (task(), ASKED.with_facts(approval=pending(state="approved")), (decided(),), "JUDGE.used"),
        (task(), ASKED.with_facts(approval=pending(state="void")), (decided(),), "JUDGE.used"),
        (task(), ASKED.with_facts(excerpt=page(content_hash="h2")), (decided(),), "JUDGE.digest"),
        (task(), ASKED.with_facts(excerpt=None), (decided(),), "JUDGE.digest"),
        (task(), ASKED.with_facts(approval=pending(request=asked(text="x"))), (decided(),), "JUDGE.digest"),
        (task(case_id="SCH-2026-0002"), ASKED, (decided(),), "JUDGE.task"),
    ],
)
def test_an_approved_operation_is_exactly_the_approved_one(
    of: CTask, w: World, events: tuple[ApprovalGiven, ...], held: str | None
) -> None:
    assert refusal(run(of), scene(w, "C", DECIDED, events)) == held


def test_people_are_asked_only_about_what_needs_a_decision() -> None:
    opening = OpenApproval(key="k", request=asked())
    assert refusal(opening, scene(world("refund_request"), "A")) is None
    assert refusal(opening, scene(role="A", said=verdict("WAIT", "R3"))) is None
    assert refusal(opening, scene(role="A", said=verdict("EXECUTE", "R2", a_approval="human"))) is None
    assert refusal(opening, scene(role="A", said=verdict("EXECUTE", "R2"))) == "JUDGE.approval"


def test_only_a_decision_given_settles_an_approval() -> None:
    close = CloseApproval(key="k", approval_id="a1", state="approved", by="maya")
    assert refusal(close, scene(ASKED, "A", DECIDED, (decided(),))) is None
    assert refusal(close, scene(ASKED, "A", DECIDED)) == "JUDGE.decision"
    assert refusal(close, scene(ASKED, "A", DECIDED, (decided(approval_id="a2"),))) == "JUDGE.decision"
    assert refusal(close, scene(ASKED, "A", DECIDED, (decided(by="budi"),))) == "JUDGE.decision"
    void = close.model_copy(update={"state": "void"})
    assert refusal(void, scene(ASKED, "A", verdict("WITHDRAW", "R3"))) is None


def test_who_somebody_is_is_remembered_only_as_proved() -> None:
    claim = Remember(key="k", conversation_id="wa-1-c1", changes={"verified_contact": "c2", "language": "id"})
    assert refusal(claim, scene()) == "JUDGE.identity"
    proved = world("give_identity", identity_changes={"verified_contact": "c2"})
    assert refusal(claim, scene(proved)) is None
    other = world("give_identity", identity_changes={"verified_contact": "c1"})
    assert refusal(claim, scene(other)) == "JUDGE.identity"
    elsewhere = claim.model_copy(update={"conversation_id": "wa-1-c2"})
    assert refusal(elsewhere, scene(proved)) == "JUDGE.recipient"


TASKS = st.sampled_from(
    [MOVE, task(), task(action="ENROL"), task(action="OPT_OUT"), task(action="BOOKING_CREATE")]
)
EVENTS = st.sampled_from([(), (decided(),), (decided("DENY"),), (decided(approval_id="a2"),)])


@UNHURRIED
@given(worlds(), st.sampled_from(ROLES), TASKS, EVENTS, st.sampled_from(get_args(Decision)), st.booleans())
def test_no_operation_without_proof_or_the_matching_approval(
    w: World, role: Role, of: CTask, events: tuple[CaseEvent, ...], decision: Decision, bound: bool
) -> None:
    w = w.with_facts(approval=pending(), excerpt=page()) if bound else w
    own = admit(w.case, w.facts, w.request, w.rules)
    said = own if decision == "EXECUTE" else own.model_copy(update={"decision": decision})
    if not judge(run(of), scene(w, role, said, events)).allowed:
        return
    assert role == "C"
    if decision == "RELEASE":
        assert bound and events == (decided(),) and of == task()
        return
    assert said.tier != "R3" and said.decision == "EXECUTE"
    slots = [s.id for s in (w.facts.schedule.free_slots if w.facts.schedule else ())]
    assert of.action in NO_PROOF_NEEDED or (w.matter().verified and slot().id in slots)


@UNHURRIED
@given(
    worlds(),
    st.sampled_from(ROLES),
    st.sampled_from(get_args(Decision)),
    st.booleans(),
    st.sampled_from(["B", "x"]),
)
def test_no_word_to_a_customer_but_by_b_and_no_account_word_without_identity(
    w: World, role: Role, decision: Decision, account: bool, by: str
) -> None:
    for purpose in PURPOSES[decision]:
        said = message(purpose=purpose, account=account, by=by)
        if judge(said, scene(w, role, verdict(decision))).allowed:
            assert role == "B" and by == "B"
            who = w.facts.identity
            proved = who.status in ("WA_MATCH", "VERIFIED") and not who.locked
            assert (
                not account
                or proved
                or (who.status == "NEW" and decision in {"REPORT", "RELEASE", "DECLINE"})
            )
            stated = account and decision == "ANSWER"
            assert not stated or (w.facts.snapshot == snapshot() and facts().now == w.facts.now)


def test_a_document_goes_only_with_words_on_the_very_bill_it_is_of() -> None:
    file = Attachment(kind="document", filename="x.pdf", document="invoice:INV-2026-0210-001:id")
    assert refusal(message(attachment=file), scene()) == "JUDGE.attachment"
    own = message(text="Halo Kak, INV-2026-0210-001.", attachment=file)
    assert refusal(own, scene()) != "JUDGE.attachment"
