"""B's part of a conversation that claims nothing: greeting back, thanks, a goodbye."""

from agents.work import Work
from policies.talk import manner
from prompts.render import Rendered

CONVERSATION: dict[str, str] = {
    "thanks": "thanks_reply",
    "acknowledge_wait": "thanks_reply",
    "hold_on": "we_wait",
    "goodbye": "goodbye_reply",
    "chitchat": "chitchat_reply",
    "bot_question": "bot_identity",
    "other_topic": "other_topic",
    "affirm": "anything_else",
    "deny": "anything_else",
    "withdrawal": "nothing_to_withdraw",
}


def answer(work: Work) -> Rendered:
    """Answer in kind; what is nothing else is greeted back."""
    intent = work.verdict.intent
    if intent not in CONVERSATION:
        return _greeting(work)
    message = work.message()
    wonders = intent == "chitchat" and message is not None and manner(message.message.text) == "wonder"
    return work.render("wondering" if wonders else CONVERSATION[intent])


def _greeting(work: Work) -> Rendered:
    """Greet back as they have greeted: a salam with a salam, a call with an answer to it."""
    contact, message = work.facts.contact, work.message()
    name = (contact.wa_name or contact.full_name or "") if contact else ""
    match manner(message.message.text if message else ""):
        case "salam":
            return work.render("greeting_salam", name=name)
        case "call":
            return work.render("called")
        case _:
            return work.render("greeting", name=name)
