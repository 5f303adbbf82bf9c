"""F, templates and tone: turns a person's edit into a proposed change of words, never applied by itself."""

from agents.work import Proposal, Work
from casefile.approval import ApprovalRequest
from casefile.packets import TemplateUpdate
from prompts.recognise import generalised, recognise
from prompts.render import Templates


async def propose(work: Work) -> Proposal:
    """Note how a person's words differ from the template they replaced."""
    given, record = work.approval(), work.facts.approval
    if given is None or record is None or given.decision != "EDIT":
        return Proposal("F", work.case)
    update = reworded(work.desk.templates, record.request, record.request.text, given.text)
    return Proposal("F", work.case, template_update=update)


def reworded(templates: Templates, asked: ApprovalRequest, before: str, after: str) -> TemplateUpdate:
    """Propose a person's words for the template that `before` was made of, its values in them as placeholders again.

    Words that no template has any more are known by the kind of the request; an empty `after` is still to be written.
    """
    name = asked.kind.lower()
    if known := recognise(templates, before, asked.language):
        name, before, after = known.template_id, known.wording, generalised(after, known.values)
    return TemplateUpdate(template_id=name, changes=changed(before, after), final_text=after)


def changed(before: str, after: str) -> tuple[str, ...]:
    """Write a change up: the old words behind a -, the new ones behind a +."""
    return tuple(f"{mark} {words}" for mark, words in (("-", before), ("+", after)) if words)
