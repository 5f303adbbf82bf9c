"""Pre-send QA of one message: what it may say in this turn, by what was read, cited, done and approved."""

from dataclasses import dataclass

from casefile.base import Language, Role
from casefile.case import Case
from casefile.effects import SendMessage
from casefile.events import CaseEvent
from casefile.facts import Facts
from casefile.verdict import Verdict
from policies.desk import Rules
from policies.drafts import differs
from policies.grounds import done_now, grounds
from policies.identity import is_verified
from policies.matter import Matter
from policies.promises import Finding, check, others_data

# Where nobody is in the mood for a smile.
DELICATE = frozenset({"R2", "R3"})


@dataclass(frozen=True, slots=True)
class Scene:
    """What an effect is judged against.

    `literals` are the words a template's author answers for, `others` what of the text the records say belongs
    to somebody else, `banned` the words F's tone rules keep out of what a model phrases.
    """

    role: Role
    case: Case
    facts: Facts
    verdict: Verdict
    events: tuple[CaseEvent, ...]
    matter: Matter
    rules: Rules
    literals: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()


def check_message(message: SendMessage, scene: Scene) -> tuple[Finding, ...]:
    """Run pre-send QA over a message, against what this turn's facts allow to be said.

    What a model phrased may state no more than the words it stands for and the cited page, whatever else is known.
    """
    facts = scene.facts
    page = facts.excerpt
    cited = tuple(page.excerpt for c in message.citations if page and c.page_id == page.page_id)
    extra = (page.next_detail,) if page and cited and page.next_detail else ()
    weighed = (scene.matter.shop, scene.matter.enrol)
    known = grounds(scene.case, facts, scene.events, scene.rules, message.language, *weighed)
    found = check(
        message.text,
        message.language,
        (message.plain,) if message.plain else (*known, *scene.literals, *extra),
        (*cited, *extra),
        message.citations,
        needs_citation=scene.matter.kind == "faq" and message.purpose == "answer",
        identity_ok=is_verified(facts.identity) or facts.identity.status == "NEW",
        account_claim=message.account,
        done=done_now(scene.case, facts, scene.events, message.text),
        limits=scene.rules.limits,
        others=scene.others,
        published=(page,) if page else (),
        invoice=message.template.partition("@")[0] == "invoice",
    )
    if not message.plain:
        return found
    emoji = 0 if scene.verdict.tier in DELICATE else 1
    pages = (*cited, *extra)
    return (*found, *differs(message.text, message.plain, pages, message.language, scene.banned, emoji))


def held_words(
    text: str, language: Language, rules: Rules, others: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Check a person's own words before they confirm them (an edit, conditions).

    They may state what they know, but `others`, which the records say is somebody else's, is never theirs to tell.
    """
    done = frozenset({"approved", "exception", "refunded", "rescheduled", "cancelled", "confirmed"})
    found = check(text, language, (text,), (), (), False, True, False, done, rules.limits)
    return (*found, *others_data(others))
