"""Effects in a few plain words, for cards and replays in a terminal."""

from casefile.effects import (
    AttachEvidence,
    CloseApproval,
    Effect,
    ForgetWaiting,
    NoteGap,
    OpenApproval,
    PostToLane,
    Remember,
    RunOperation,
    SendMessage,
    StartTimer,
)
from casefile.payment_effects import RequestPayment


def effect_words(effect: Effect) -> str:
    """Say in one line what an effect does."""
    match effect:
        case SendMessage():
            carried = f", with {effect.attachment.document}" if effect.attachment else ""
            return f"say to the customer: {effect.template} ({effect.purpose}), by {effect.by}{carried}"
        case PostToLane():
            return f"post to the {effect.lane} lane: {effect.thread}"
        case RunOperation(task=task):
            return f"have C carry out {task.action} on {task.subject}"
        case RequestPayment():
            return f"have a way to pay {effect.invoice_number} made"
        case StartTimer():
            return f"start timer {effect.timer}, due {effect.due_at:%Y-%m-%d %H:%M} UTC"
        case OpenApproval(request=request):
            deadline = f"{request.deadline:%Y-%m-%d %H:%M} UTC"
            return f"ask a person ({request.lane} lane): {request.kind}, decide by {deadline}"
        case CloseApproval():
            return f"settle the approval: {effect.state} by {effect.by}"
        case Remember():
            return f"remember about the conversation: {', '.join(sorted(effect.changes))}"
        case AttachEvidence():
            return f"keep a file as evidence: {effect.kind}"
        case ForgetWaiting():
            return "forget what waits for the customer to write again"
        case NoteGap():
            return "note a question no page answers"
        case _:
            return effect.type.replace("_", " ")
