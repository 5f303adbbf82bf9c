"""What people put right in a case, told from its turn records: nothing about it is stored a second time."""

from collections.abc import Iterator, Sequence
from typing import Any

from agents.checklist import STOPPED
from agents.content_f import changed, reworded
from agents.second_look import DOUBT
from casefile.approval import ApprovalRecord, ApprovalRequest
from casefile.effects import PostToLane, SendMessage
from casefile.events import ApprovalGiven, CaseEvent, MessageReceived, OperatorCommand
from casefile.lessons import Lesson, PageUpdate
from casefile.packets import TemplateUpdate
from graph.record import TurnRecord
from policies.intents import topic_of
from prompts.render import Templates

QA = "QA"
# The template that only carries a page's answer: what is changed then is the page.
OF_A_PAGE = "faq_answer"
HANDOVER = "handover:"
Update = TemplateUpdate | PageUpdate


def lessons_of(records: Sequence[TurnRecord], templates: Templates) -> tuple[Lesson, ...]:
    """Return a case's lessons in the order they came."""
    found: list[Lesson] = []
    for place, record in enumerate(records):
        upto = records[: place + 1]
        for event in record.events:
            found += _of_a_person(upto, event, templates)
        if rules := _held(record):
            why = ": ".join(("; ".join(rules), *held_drafts(record)))
            found.append(_lesson(upto, "hold", QA, why, _instead(upto, templates)))
    return tuple(found)


def _of_a_person(upto: Sequence[TurnRecord], event: CaseEvent, templates: Templates) -> Iterator[Lesson]:
    record = upto[-1]
    match event:
        case ApprovalGiven(decision="EDIT"):
            asked = asked_of(record)
            update = _reworded(upto, asked.text, event.text, asked, templates) if asked else None
            yield _lesson(upto, "edit", event.by, "", update)
        case ApprovalGiven(decision="DENY", conditions=why) if why:
            asked = asked_of(record)
            update = _reworded(upto, asked.deny_text, "", asked, templates) if asked else None
            yield _lesson(upto, "deny", event.by, why, update)
        case OperatorCommand() if event.words:
            yield _lesson(upto, "reply", event.by, "", _page(upto, event.words))


def _held(record: TurnRecord) -> tuple[str, ...]:
    """Return the rules by which words of a turn did not leave: the gate's, a doubt of A's, or A's own stop."""
    held = [rules for step in record.steps for kind, rules in step["held"] if kind == "send_message"]
    found = [rule for rules in held for rule in rules]
    if not found and held_drafts(record):
        found.append(DOUBT)
    if _stopped(record) and not any(rule.startswith("JUDGE.") for rule in found):
        found.append(STOPPED)
    return tuple(dict.fromkeys(found))


def _stopped(record: TurnRecord) -> bool:
    """Say whether what the gate had let in became a person's all the same."""
    posts = [e.thread for e in record.effects if isinstance(e, PostToLane)]
    return record.verdict.decision in {"ANSWER", "EXECUTE"} and any(t.startswith(HANDOVER) for t in posts)


def asked_of(record: TurnRecord) -> ApprovalRequest | None:
    """Return the request that was decided in a turn, as it was read then."""
    answer = read_in((record,), "Approvals.approval")
    return ApprovalRecord.model_validate(answer).request if answer else None


def read_in(records: Sequence[TurnRecord], port: str) -> Any:
    """Return the last answer of a port in some turns; None when it was never asked or had nothing."""
    answers = [r.answer for record in records for r in record.reads if r.port == port and r.down is None]
    return next((answer for answer in reversed(answers) if answer), None)


def held_drafts(record: TurnRecord) -> tuple[str, ...]:
    """Return what a model drafted in a turn and the customer never read."""
    drafts = [
        str(r.answer) for r in record.reads if r.port == "Drafter.draft" and r.answer and r.down is None
    ]
    said = {e.text for e in record.effects if isinstance(e, SendMessage)}
    return tuple(draft for draft in drafts if draft not in said)


def _reworded(
    upto: Sequence[TurnRecord], before: str, after: str, asked: ApprovalRequest, templates: Templates
) -> Update:
    """Propose what F proposes; where a page's answer was ready, that the page changes."""
    update = reworded(templates, asked, before, after)
    return (_page(upto, after) if update.template_id == OF_A_PAGE else None) or update


def _instead(upto: Sequence[TurnRecord], templates: Templates) -> Update | None:
    """Propose what left in place of held words; where a page was answered from, that the page says more."""
    record = upto[-1]
    held = "\n".join(held_drafts(record))
    said = next((e for e in record.effects if isinstance(e, SendMessage)), None)
    if said is None or _stopped(record):
        return _page(upto, "")
    if said.citations:
        page = read_in(upto, "Knowledge.excerpt")
        before = str(page["excerpt"]) if page else ""
        return PageUpdate(page_id=said.citations[0].page_id, changes=changed(before, ""), final_text="")
    name = said.template.partition("@")[0]
    return TemplateUpdate(template_id=name, changes=changed(held, said.text), final_text=said.text)


def _page(upto: Sequence[TurnRecord], after: str) -> PageUpdate | None:
    """Propose a person's answer for the page on what was asked; a question no page answers gets a new one."""
    topic = topic_of(_request(upto).verdict.intent)
    page = read_in(upto, "Knowledge.excerpt")
    gap = any(e.type == "note_gap" for record in upto for e in record.effects)
    if topic is None and not gap:
        return None
    answered = page is not None and page["page_id"] == topic
    before = str(page["excerpt"]) if answered else ""
    return PageUpdate(page_id=topic or "new", changes=changed(before, after), final_text=after)


def _request(upto: Sequence[TurnRecord]) -> TurnRecord:
    """Return the turn in which the customer last wrote: what it was about is what the lesson is about."""
    return next((r for r in reversed(upto) if isinstance(r.events[0], MessageReceived)), upto[-1])


def _lesson(upto: Sequence[TurnRecord], kind: str, by: str, why: str, update: Update | None) -> Lesson:
    record, request = upto[-1], _request(upto)
    said = next((e for e in (*record.effects, *request.effects) if isinstance(e, SendMessage)), None)
    return Lesson.model_validate(
        {
            "id": f"{record.case_id}:{record.turn}:{kind}",
            "kind": kind,
            "case_id": record.case_id,
            "turn": record.turn,
            "at": record.now,
            "language": said.language if said else "id",
            "tier": request.verdict.tier,
            "intent": request.verdict.intent,
            "by": by,
            "why": why,
            "update": update,
        }
    )
