"""Words WhatsApp takes only once the customer has written again: B invites them to, A lets the staff know."""

from agents.lane_posts import post
from agents.work import Proposal, Work
from casefile.effects import PostToLane, Remember
from policies.window import may_invite
from prompts.render import Rendered

REOPEN = "reopen@1"


def invite(work: Work) -> Proposal:
    """Send the approved message, once for each time the window closes; the words themselves wait in the ledger."""
    reopen, conversation = work.desk.rules.reopen, work.facts.conversation
    if reopen is None:
        raise AssertionError("the gate invites only where a desk has an approved message for it")
    if not may_invite(conversation):
        return Proposal("B", work.case)
    template, text = reopen.spoken(work.language)
    message = work.say(Rendered(text=text, template=REOPEN), "invite", name="invite")
    kept = Remember(
        key=work.key("invited"),
        conversation_id=conversation.id,
        changes={"invited_at": work.now.isoformat()},
    )
    return Proposal("B", work.case, (message.model_copy(update={"channel_template": template}), kept))


def waiting_words(work: Work) -> PostToLane:
    """Show the ops lane that words of a case wait for its customer."""
    values = {"case_id": work.case.id, "customer": work.masked(), "request": work.case.request}
    html = work.desk.lanes.post("waiting_words", values)
    return post(work, "ops", f"window:{work.case.id}:{work.case.turn}", html)
