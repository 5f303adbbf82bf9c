"""What every role is given and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from casefile.base import Language, Role
from casefile.case import Case
from casefile.effects import Button, Citation, Effect, Purpose, SendMessage
from casefile.events import (
    ApprovalGiven,
    CaseEvent,
    DeadlinePassed,
    MessageReceived,
    OperationDone,
    OperatorCommand,
    OrderMoved,
    ReminderFellDue,
)
from casefile.facts import Facts
from casefile.outside_events import OutsideReply
from casefile.packets import CTask, DReview, TemplateUpdate
from casefile.payment_events import BillNews, PaymentRequested, PaymentReturned, PaymentSettled
from casefile.verdict import RuleHit, Verdict
from policies.desk import Rules
from policies.matter import Matter
from policies.privacy import mask_phone
from policies.rule_words import in_words
from policies.sla import deadline, window_words
from policies.window import is_open
from policies.words import moment_words
from prompts.lane import LaneVoice
from prompts.render import Rendered, Templates
from prompts.tone import ToneRules

# What a message on WhatsApp may hold: so many buttons, of so many characters.
BUTTONS, BUTTON_CHARS = 3, 20


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk as the roles see it: its rules in force, its words and those of its lanes, and how it sounds."""

    rules: Rules
    templates: Templates
    lanes: LaneVoice
    tone: Mapping[Language, ToneRules]
    case_prefix: str


@dataclass(frozen=True, slots=True)
class Work:
    """One step of one case: what is known, what the gate said, and what was proposed before in this turn.

    `matter` is what the gate weighed as the turn entered; later changes of the case do not change it.
    `findings` are what held messages back that B proposed in this turn.
    """

    case: Case
    facts: Facts
    verdict: Verdict
    matter: Matter
    events: tuple[CaseEvent, ...]
    desk: Desk
    effects: tuple[Effect, ...] = ()
    review: DReview | None = None
    task: CTask | None = None
    findings: tuple[RuleHit, ...] = ()

    @property
    def now(self) -> datetime:
        """The turn's instant."""
        return self.facts.now

    @property
    def language(self) -> Language:
        """The language the customer is answered in."""
        return self.case.language

    def key(self, name: str) -> str:
        """Return the deterministic key of one effect of this turn."""
        return f"{self.case.id}:{self.case.turn}:{name}"

    def message(self) -> MessageReceived | None:
        """Return the newest message of the turn."""
        found = [e for e in self.events if isinstance(e, MessageReceived)]
        return found[-1] if found else None

    def result(self) -> OperationDone | None:
        """Return the operation result this turn is about."""
        return next((e for e in self.events if isinstance(e, OperationDone)), None)

    def approval(self) -> ApprovalGiven | None:
        """Return the decision this turn is about."""
        return next((e for e in self.events if isinstance(e, ApprovalGiven)), None)

    def command(self) -> OperatorCommand | None:
        """Return what a person asked for in this turn."""
        return next((e for e in self.events if isinstance(e, OperatorCommand)), None)

    def outside_reply(self) -> OutsideReply | None:
        """Return what another system answers in this turn."""
        return next((e for e in self.events if isinstance(e, OutsideReply)), None)

    def requested_payment(self) -> PaymentRequested | None:
        """Return the way to pay that this turn is about."""
        return next((e for e in self.events if isinstance(e, PaymentRequested)), None)

    def returned_payment(self) -> PaymentReturned | None:
        """Return the money that went back in this turn."""
        return next((e for e in self.events if isinstance(e, PaymentReturned)), None)

    def bill_news(self) -> BillNews | None:
        """Return what is to be said of a bill in this turn."""
        return next((e for e in self.events if isinstance(e, BillNews)), None)

    def settled_payment(self) -> PaymentSettled | None:
        """Return the payment this turn is about."""
        return next((e for e in self.events if isinstance(e, PaymentSettled)), None)

    def reminder(self) -> ReminderFellDue | None:
        """Return the session this turn reminds of."""
        return next((e for e in self.events if isinstance(e, ReminderFellDue)), None)

    def order_moved(self) -> OrderMoved | None:
        """Return the order this turn brings news of."""
        return next((e for e in self.events if isinstance(e, OrderMoved)), None)

    def deadline_event(self) -> DeadlinePassed | None:
        """Return the timer this turn is about."""
        return next((e for e in self.events if isinstance(e, DeadlinePassed)), None)

    def due(self) -> datetime:
        """Return when this case has to be looked at, from the service levels."""
        rules = self.desk.rules
        return deadline(rules.hours, self.verdict.tier, self.verdict.urgent, self.now, rules.limits)

    def window(self) -> str:
        """Return `{time_window}`: by when the customer hears more, computed from the clock, never typed."""
        return window_words(self.desk.rules.hours, self.now, self.case.due_at or self.due(), self.language)

    def masked(self) -> str:
        """Return the customer as staff may see them."""
        contact = self.facts.contact
        return mask_phone(contact.phone) if contact and contact.phone else self.case.contact_id

    def lane_moment(self, at: datetime) -> str:
        """Write a moment for the staff."""
        return moment_words(at, self.desk.rules.zone, self.desk.lanes.language)

    def may_write(self) -> bool:
        """Say whether WhatsApp lets us write freely: within 24 hours of the customer's last message."""
        return is_open(self.facts.conversation.window_opened_at, self.now)

    def named(self, who: str) -> str:
        """Return a person of the staff as people know them."""
        return self.facts.names.get(who, who)

    def why(self) -> str:
        """Say the first rule of the verdict to the staff."""
        return in_words(self.verdict.rules[0], self.desk.lanes.language)

    def label(self, key: str) -> str:
        """Return a short phrase in the customer's language."""
        return self.desk.templates.label(key, self.language)

    def lane_label(self, key: str) -> str:
        """Return a short phrase in the language of the lanes."""
        return self.desk.templates.label(key, self.desk.lanes.language)

    def render(self, template_id: str, **values: str | Rendered) -> Rendered:
        """Render a customer template in the case's language."""
        return self.desk.templates.render(template_id, self.language, values)

    def render_pending(self, template_id: str) -> Rendered:
        """Render a template's "pending verification" form."""
        window = {"time_window": self.window()}
        return self.desk.templates.render(template_id, self.language, window, pending=True)

    def say(
        self,
        rendered: Rendered,
        purpose: Purpose,
        *,
        account: bool = False,
        done: tuple[str, ...] = (),
        citations: tuple[Citation, ...] = (),
        buttons: Sequence[Button] = (),
        name: str = "say",
    ) -> SendMessage:
        """Propose a message to the customer from a rendered template."""
        return SendMessage(
            key=self.key(name),
            conversation_id=self.case.conversation_id,
            text=rendered.text,
            language=self.language,
            template=rendered.template,
            purpose=purpose,
            account=account,
            done=done,
            citations=citations,
            buttons=tuple(buttons),
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a role wants: effects, the case as it would then be, and what it learned.

    `task` is what B hands to C; `withdrawn` are keys of effects proposed earlier in this turn that shall
    not leave, `plainly` those of drafts that leave in their template's words, and `stopped` is why the case goes to
    a person instead (A only).
    """

    role: Role
    case: Case
    effects: tuple[Effect, ...] = ()
    facts: Facts | None = None
    review: DReview | None = None
    task: CTask | None = None
    template_update: TemplateUpdate | None = None
    withdrawn: frozenset[str] = frozenset()
    plainly: frozenset[str] = frozenset()
    stopped: RuleHit | None = None

    def also(self, *effects: Effect) -> "Proposal":
        """Return the proposal with more effects."""
        return replace(self, effects=(*self.effects, *effects))
