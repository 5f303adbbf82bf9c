"""What the ops lane hears of a turn beside its decision: packet, C's tasks, files, locks, attacks, open questions."""

from datetime import datetime

from agents.checklist import Checklist, evaluate
from agents.lane_posts import for_people, post, readable
from agents.lead_words import summary
from agents.work import Work
from casefile.effects import AttachEvidence, Effect, PostToLane, SendMessage
from casefile.packets import CasePacket, CTask
from policies.rollout import sampled, treatment
from policies.rule_words import spoken

SHOWN_IDENTITY = {"WA_MATCH": "WA_MATCH", "VERIFIED": "WA_MATCH", "MISMATCH": "MISMATCH"}


def notices(work: Work, checklist: Checklist | None = None) -> tuple[Effect, ...]:
    """Collect what else the ops lane has to hear of: packet and operations where the mode shows them, and alerts."""
    return (*packet(work, checklist), *operations(work, work.task), *alerts(work))


def shows_packets(work: Work) -> bool:
    """Say whether this case is shown in the ops lane: by the rollout mode, or as a sample."""
    rules, verdict = work.desk.rules, work.verdict
    drawn = sampled(work.case.id, rules.limits.qa_sample_every)
    return treatment(rules.mode, verdict.tier, rules.a_approval, drawn).packet_to_ops


def packet(work: Work, checklist: Checklist | None = None) -> tuple[Effect, ...]:
    """Show the case packet in the ops lane where the rollout mode asks for it."""
    if not shows_packets(work):
        return ()
    drafts = [e.text for e in work.effects if isinstance(e, SendMessage)]
    matter = work.matter
    minutes = None
    if matter.session is not None:
        minutes = int((matter.session.start - work.now).total_seconds() // 60)
    card = CasePacket.model_validate(
        {
            "case_id": work.case.id,
            "wa_number": work.masked(),
            "identity": SHOWN_IDENTITY.get(work.facts.identity.status, "UNKNOWN"),
            "request": work.verdict.intent,
            "minutes_to_session": minutes,
            "reschedules_this_month": _moves(work),
            "draft_reply": drafts[0] if drafts else "",
            "customer_message": work.case.request,
        }
    )
    html = work.desk.lanes.case_packet(
        card,
        spoken(work.verdict, work.desk.lanes.language),
        hooks=hooks(work),
        operation=for_people(work, work.task),
        due=work.lane_moment(work.case.due_at or work.due()),
        qa=qa_words(work, checklist or evaluate(work)) if drafts or work.task else ("", ""),
    )
    return (post(work, "ops", f"packet:{work.case.id}", html),)


def hooks(work: Work) -> str:
    """Write the limits a case may run into: quota used, cut-off, the default for refunds."""
    limits, label = work.desk.rules.limits, work.lane_label
    moves = _moves(work)
    used = "?" if moves is None else str(moves)
    return " · ".join(
        (
            label("hooks.quota").format(used=used, limit=limits.free_reschedules),
            label("hooks.cutoff").format(cutoff=limits.cutoff.words(work.desk.lanes.language)),
            label("hooks.refund"),
        )
    )


def _moves(work: Work) -> int | None:
    """Return how many free moves are used this month, from the schedule or from the snapshot of the one meant."""
    if work.facts.schedule is not None:
        return work.facts.schedule.reschedules_this_month
    students, meant = work.facts.snapshot.students if work.facts.snapshot else (), work.facts.student
    return next((s.reschedules_this_month for s in students if meant and s.student_id == meant.id), None)


def qa_words(work: Work, checklist: Checklist) -> tuple[str, str]:
    """Write A's checklist for the lane: its outcome, and its points with what was found."""
    label = work.lane_label
    points = " · ".join(f"{label(f'qa.{name}')} {'✓' if ok else '✗'}" for name, ok in checklist.points)
    found = (f"{hit.id}: {hit.words}" for hit in checklist.found)
    return label(f"qa.{checklist.outcome}"), "\n".join((points, *found))


def operations(work: Work, task: CTask | None) -> tuple[Effect, ...]:
    """Show C's task and then its return, one post, where the mode shows packets."""
    if not shows_packets(work):
        return ()
    posts: list[Effect] = []
    event = work.result()
    if event is not None:
        result = event.result.model_copy(
            update={
                "old_state": readable(work, event.result.old_state),
                "new_state": readable(work, event.result.new_state),
                "refs": readable(work, event.result.refs),
                "details": _with_names(work, event.result.details),
                "next_recommendation": _with_names(work, event.result.next_recommendation),
            }
        )
        html = work.desk.lanes.operations_return(result)
        posts.append(post(work, "ops", f"operation:{event.key}", html))
    shown = for_people(work, task)
    if shown is not None:
        html = work.desk.lanes.operations_task(shown, customer=work.masked(), constraints=hooks(work))
        posts.append(post(work, "ops", f"operation:{shown.idempotency_key}", html))
    return tuple(posts)


def _with_names(work: Work, words: str) -> str:
    for person, name in work.facts.names.items():
        words = words.replace(person, name)
    return words


def files(work: Work) -> tuple[PostToLane, ...]:
    """Show every file of the turn that B keeps, once however often A is visited."""
    told = {effect.key for effect in work.effects}
    kept = [effect for effect in work.effects if isinstance(effect, AttachEvidence)]
    posts = (_file(work, number, file) for number, file in enumerate(kept))
    return tuple(one for one in posts if one.key not in told)


def _file(work: Work, number: int, file: AttachEvidence) -> PostToLane:
    values = {
        "kind": work.desk.lanes.word("file", file.kind),
        "customer": work.masked(),
        "case_id": work.case.id,
        "caption": file.caption,
    }
    html = work.desk.lanes.post("evidence", values)
    thread = f"evidence:{work.case.id}:{work.case.turn}:{number}"
    return post(work, "ops", thread, html, evidence=(file.key,))


def alerts(work: Work) -> tuple[Effect, ...]:
    """Tell of a lock, of an attack that repeats, of a question no page answers, of who is late, of a lead."""
    return (*_locked(work), *_attack(work), *_gap(work), *_late(work), *_lead(work))


def _lead(work: Work) -> tuple[PostToLane, ...]:
    """Show a lead once it is noted; what a person has to take up stands in their own post."""
    event, lead = work.result(), work.case.lead
    if event is None or lead is None or event.result.status != "SUCCESS" or event.result.due_from:
        return ()
    start = event.result.new_state.get("start")
    values = {
        "case_id": work.case.id,
        "customer": work.masked(),
        "summary": summary(work, lead, work.desk.lanes.language, for_staff=True),
        "outcome": work.lane_label(f"lead.{lead.outcome}"),
        "start": work.lane_moment(datetime.fromisoformat(str(start))) if start else "",
    }
    return (post(work, "ops", f"lead:{work.case.id}", work.desk.lanes.post("lead_noted", values)),)


def _late(work: Work) -> tuple[PostToLane, ...]:
    said = [e for e in work.effects if isinstance(e, SendMessage) and e.template.startswith("late_noted@")]
    if not said:
        return ()
    values = {
        "case_id": work.case.id,
        "customer": work.masked(),
        "message": work.case.request,
        "told": said[0].text,
    }
    html = work.desk.lanes.post("told_late", values)
    return (post(work, "ops", f"late:{work.case.id}:{work.case.turn}", html),)


def _locked(work: Work) -> tuple[PostToLane, ...]:
    if not work.facts.identity_changes.get("locked_until"):
        return ()
    limits = work.desk.rules.limits
    values = {
        "minutes": str(limits.verification_lock_minutes),
        "customer": work.masked(),
        "attempts": str(limits.verification_attempts),
        "conversation": work.case.conversation_id,
    }
    html = work.desk.lanes.post("verification_locked", values)
    return (post(work, "ops", f"locked:{work.case.id}:{work.case.turn}", html),)


def _attack(work: Work) -> tuple[PostToLane, ...]:
    if "injection" not in work.verdict.signals or not work.matter.repeated_injection:
        return ()
    said = work.message()
    values = {
        "count": str(work.facts.conversation.injection_count + 1),
        "customer": work.masked(),
        "conversation": work.case.conversation_id,
        "message": said.message.text if said else work.case.request,
    }
    html = work.desk.lanes.post("injection_repeats", values)
    return (post(work, "ops", f"attack:{work.case.conversation_id}", html),)


def _gap(work: Work) -> tuple[PostToLane, ...]:
    if work.verdict.rules[0].id != "R0.no_page":
        return ()
    html = work.desk.lanes.post("knowledge_gap", {"case_id": work.case.id, "question": work.case.request})
    return (post(work, "ops", f"gap:{work.case.id}:{work.case.turn}", html),)
