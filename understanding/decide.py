"""Decides which requests a message holds, from its clauses' guesses, signals and slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casefile.reading import IntentGuess, Request, Slots
from understanding.corpus import IntentCard
from understanding.evidence import LIGHT, Clause, Evidence
from understanding.settings import ReaderSettings
from understanding.signals import in_order

# The gravest first: which signal names the request when several are raised at once.
GRAVITY = (
    "minors_safety", "harassment", "abuse", "legal", "chargeback", "privacy_delete", "privacy_export",
    "privacy_correct", "third_party", "refund", "cancel", "exception", "complaint", "injection",
    "vip_pressure", "reschedule", "payment_claim", "human_request",
)  # fmt: skip
_POLICY_PAGE = {
    "refund": "faq.refund_policy",
    "cancel": "faq.cancellation_policy",
    "reschedule": "faq.reschedule_policy",
    "privacy_delete": "faq.privacy_policy",
    "privacy_export": "faq.privacy_policy",
    "privacy_correct": "faq.privacy_policy",
}
# Everyday signals behind which something for a person may stand: "already paid ... what about the rest of it?"
_CAN_HIDE = frozenset({"injection", "payment_claim", "reschedule", "human_request"})
_SMALL = frozenset({"conversational", "carrier"})
# "Good morning" and "I'll pay tomorrow" name a time without answering with one.
_TALK = frozenset({"greeting", "hold_on"})
# The answer to one holds the answer to the other.
_ONE_ANSWER = frozenset({"next_session", "schedule_list"})


@dataclass(frozen=True)
class Decision:
    """The requests found, the signals of the whole message, and the guesses to offer when abstaining."""

    requests: tuple[Request, ...]
    signals: frozenset[str]
    guesses: tuple[IntentGuess, ...]
    abstained: bool


@dataclass(frozen=True)
class Decider:
    """Chooses intents by the cards and thresholds of the evidence."""

    evidence: Evidence

    @property
    def cards(self) -> Mapping[str, IntentCard]:
        return self.evidence.cards

    @property
    def settings(self) -> ReaderSettings:
        return self.evidence.settings

    def decide(
        self, whole: Clause, parts: Sequence[Clause], signals: frozenset[str], slots: Slots
    ) -> Decision:
        """Return the decision on a message; `signals` are those of the rules over the whole of it."""
        if signals:
            bearing = [p for p in parts if p.signals]
            # A signal that shows only across clauses belongs to none that could be a mere question.
            asked = whole.is_question or (bool(bearing) and all(p.is_question for p in bearing))
            named = asked and not whole.wants_it
            question = named and signals == frozenset[str]().union(*(p.signals for p in (whole, *parts)))
            # "How many times may I still change this month?" asks for one's own count, not for the rule.
            question = question and not (signals <= LIGHT and self._asks_for_own(whole))
        else:
            question = False
        raised = signals.union(*(p.signals for p in parts))
        own = self.evidence.own_signals(whole, parts)
        if not question:
            raised = raised.union(*own)
            if whole.words > 1 or whole.signals:
                raised |= self.evidence.likely(whole)
            if raised <= _CAN_HIDE and self.evidence.unsure(whole):
                raised |= {"unsure"}
        several = () if question and whole.is_question else self._several(parts, own)
        requests = several or self._one(whole, parts, raised, question, slots)
        if question:
            raised |= {"policy_question"}
        guesses = whole.guesses[:3]
        if not requests:
            guesses = tuple(g for g in guesses if g.confidence >= self.settings.offer_threshold)
        return Decision(requests, raised, guesses, abstained=not requests)

    def _sure(self, clause: Clause, threshold: float) -> bool:
        first, second = clause.guesses[0], clause.guesses[1]
        if clause.words < 1:
            return False
        if self.cards[first.intent].signal is not None:
            if clause.words < 2:
                return False
            threshold = max(threshold, self.settings.signal_threshold)
        return first.confidence >= threshold and first.confidence - second.confidence >= self.settings.margin

    def _asks_for_own(self, clause: Clause) -> bool:
        sure = self._sure(clause, self.settings.split_threshold)
        return sure and self.evidence.kind(clause.guesses[0]) == "account"

    def _several(self, parts: Sequence[Clause], own: Sequence[frozenset[str]]) -> tuple[Request, ...]:
        """Return a request for each clause when at least two are clear and differ, else nothing.

        `own` holds the signals of each clause.
        """
        found: list[Request] = []
        for part, signals in zip(parts, own, strict=True):
            # "I'd like one" asks for what another clause has asked about.
            if part.outside or (part.wants_it and not signals and any(own)):
                continue
            if signals - {"injection", "policy_question"}:
                request = self._of_signals(part, signals, part.is_question)
            elif self.cards[part.guesses[0].intent].signal not in {None, *signals, *LIGHT}:
                # The evidence has weighed this guess and found it too faint in the whole.
                continue
            elif (
                self._sure(part, self.settings.split_threshold)
                and self.evidence.kind(part.guesses[0]) not in _SMALL
            ):
                if self.evidence.kind(part.guesses[0]) == "faq" and not part.asks:
                    continue
                request = _request(part.guesses[0], part, signals)
            else:
                continue
            if found and found[-1].intent == request.intent:
                last = found.pop()
                both = tuple(dict.fromkeys((*last.signals, *request.signals)))
                asks, joined = last.is_question and request.is_question, f"{last.text} {request.text}"
                found.append(last.model_copy(update={"text": joined, "signals": both, "is_question": asks}))
            else:
                found.append(request)
        found = self._with_its_anger(_asked_for(found))
        wanted = {request.intent for request in found}
        return tuple(found) if len(wanted) > 1 and not wanted <= _ONE_ANSWER else ()

    def _with_its_anger(self, found: Sequence[Request]) -> list[Request]:
        """Join anger to what it is about: beside a grave request a complaint is no second one."""
        angry = [request for request in found if request.intent == "complaint"]
        grave = [r for r in found if r not in angry and self.cards[r.intent].kind == "sensitive"]
        if not angry or not grave:
            return list(found)
        signals = frozenset(grave[0].signals).union(*(request.signals for request in angry))
        text = " ".join((grave[0].text, *(request.text for request in angry)))
        joined = grave[0].model_copy(update={"signals": in_order(signals), "text": text})
        return [joined if request is grave[0] else request for request in found if request not in angry]

    def _one(
        self, whole: Clause, parts: Sequence[Clause], signals: frozenset[str], question: bool, slots: Slots
    ) -> tuple[Request, ...]:
        if "unsure" in signals:
            return ()
        if signals:
            return (self._of_signals(whole, signals, question),)
        if whole.points and slots.choice is None and slots.yes_no is None:
            return ()
        small = self._by_slots(whole, slots)
        if small is not None:
            return (Request(intent=small, confidence=1.0, text=whole.text),)
        # With no signal raised, the evidence has found a part's grave guess too faint in the whole.
        grave = [part for part in parts if self.cards[part.guesses[0].intent].signal not in {None, *LIGHT}]
        weighty = [p for p in parts if p.words > 1 and self.evidence.kind(p.guesses[0]) not in _SMALL]
        alone = len(parts) > 1 and len(weighty) == 1 and weighty[0] not in grave
        if alone and self._sure(weighty[0], self.settings.intent_threshold):
            return (_request(weighty[0].guesses[0], whole, frozenset()),)
        if self._sure(whole, self.settings.intent_threshold):
            return (_request(whole.guesses[0], whole, frozenset()),)
        clear = [p for p in parts if p not in grave and self._sure(p, self.settings.split_threshold)]
        if clear:
            best = max(
                clear,
                key=lambda part: (
                    self.evidence.kind(part.guesses[0]) not in _SMALL,
                    part.guesses[0].confidence,
                ),
            )
            return (_request(best.guesses[0], whole, frozenset()),)
        return ()

    def _by_slots(self, whole: Clause, slots: Slots) -> str | None:
        """Return the intent of a message that is little more than a detail asked for."""
        if slots.yes_no is not None and whole.words <= 2:
            return "affirm" if slots.yes_no == "yes" else "deny"
        if (slots.invoice_numbers or slots.emails) and whole.words <= 5 and not whole.asks:
            return "give_identity"
        said = sum(len(slot.text.split()) for slot in slots.when)
        talks = whole.guesses[0].intent in _TALK and self._sure(whole, self.settings.intent_threshold)
        timed = slots.when and whole.words - said <= 2 and not talks
        acts = self.evidence.kind(whole.guesses[0]) in ("operation", "account")
        wishes = acts and self._sure(whole, 0.8) and whole.words > 5
        if (timed or (slots.choice is not None and not wishes)) and not whole.asks:
            return "give_time"
        # "Perpanjang paket Kenzo" asks for something and says for whom.
        wants = self.evidence.kind(whole.guesses[0]) == "operation" and self._sure(whole, 0.8)
        if slots.names and whole.words <= 3 and not whole.asks and not (wants and whole.words >= 2):
            return "choose_child"
        return None

    def _of_signals(self, clause: Clause, signals: frozenset[str], question: bool) -> Request:
        """Return the request that the signals name; the classifier only chooses among those they allow."""
        chances = {guess.intent: guess.confidence for guess in clause.guesses}
        if question:
            pages = [
                g.intent for g in clause.guesses[:2] if self.evidence.kind(g) == "faq" and g.confidence >= 0.2
            ]
            default = next(page for name, page in _POLICY_PAGE.items() if name in signals)
            intent = pages[0] if pages else default
            return self._named(intent, chances, clause, signals | {"policy_question"}, question=True)
        first = clause.guesses[0]
        insists = (
            self.cards[first.intent].kind == "sensitive"
            and first.confidence >= self.settings.signal_threshold
        )
        # "Then Tuesday it is, same time" keeps nothing as it was.
        insists |= first.intent == "reschedule" and first.confidence >= self.settings.certain_threshold
        if "withdrawal" in signals and not insists and not signals - LIGHT - {"refund", "cancel"}:
            return self._named("withdrawal", chances, clause, signals)
        grave = [signal for signal in GRAVITY if signal in signals]
        asked = self.evidence.kind(first) in ("account", "operation")
        if grave == ["injection"] and asked and self._sure(clause, self.settings.intent_threshold):
            return _request(first, clause, signals)
        if set(grave) <= LIGHT:
            kept = self.evidence.kind(first) == "account" or (
                self.evidence.kind(first) in ("operation", "conversational") and "reschedule" not in signals
            )
            enough = (
                self.settings.certain_threshold if "reschedule" in signals else self.settings.intent_threshold
            )
            if kept and self._sure(clause, enough):
                return _request(first, clause, signals)
        by_signal = {card.signal: name for name, card in self.cards.items() if card.signal}
        named = [guess.intent for guess in clause.guesses[:3] if self.cards[guess.intent].signal in grave]
        intent = named[0] if named else by_signal.get(grave[0], "human_request") if grave else "withdrawal"
        return self._named(intent, chances, clause, signals)

    def _named(
        self, intent: str, chances: Mapping[str, float], clause: Clause, signals: frozenset[str],
        question: bool = False,
    ) -> Request:  # fmt: skip
        return Request(
            intent=intent,
            confidence=chances.get(intent, 0.0),
            is_question=question,
            text=clause.text,
            signals=in_order(signals),
        )


def _asked_for(found: Sequence[Request]) -> list[Request]:
    """Leave out a question about a policy whose very thing another clause asks for: that one is a request."""
    asked = frozenset[str]().union(*(request.signals for request in found if not request.is_question))
    return [r for r in found if not r.is_question or not set(r.signals) - {"policy_question"} <= asked]


def _request(guess: IntentGuess, clause: Clause, signals: frozenset[str]) -> Request:
    return Request(
        intent=guess.intent, confidence=guess.confidence, text=clause.text, signals=in_order(signals)
    )
