"""F, templates and tone: turns a person's edit into a proposed change of words, never applied by itself."""

from agents.work import Proposal, Work
from casefile.packets import TemplateUpdate


async def propose(work: Work) -> Proposal:
    """Note how a person's words differ from the template they replaced."""
    given, record = work.approval(), work.facts.approval
    if given is None or record is None or given.decision != "EDIT":
        return Proposal("F", work.case)
    update = TemplateUpdate(
        template_id=record.request.kind.lower(),
        changes=(f"- {record.request.text}", f"+ {given.text}"),
        final_text=given.text,
    )
    return Proposal("F", work.case, template_update=update)
