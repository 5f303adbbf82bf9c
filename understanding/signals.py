"""Deterministic risk signals with wide recall, and the closed list of readings as a policy question."""

from collections.abc import Mapping
from dataclasses import dataclass

from casefile.reading import SIGNALS
from understanding.asides import Asides, build_asides
from understanding.patterns import Block, block_of, compile_block

_MASK = " ,, "
_NOTHING = block_of(())


@dataclass(frozen=True)
class SignalRules:
    """The compiled rules: what raises or only hints at each signal, what is harmless, what makes a policy question."""

    raised_by: Mapping[str, Block]
    hinted_by: Mapping[str, Block]
    harmless: Mapping[str, Block]
    with_injection: Mapping[str, Block]
    spelled: Mapping[str, tuple[str, ...]]
    asides: Asides
    question_about: frozenset[str]
    question_plain: Block
    question_explicit: Block
    question_idle: Block
    question_asides: Block
    question_vetoes: Block
    question_vetoes_always: Block
    question_asks_for_it: Block

    def signals(self, canonical: str) -> frozenset[str]:
        """Return every signal the canonical text raises.

        An injection phrase is also read as if it were not there, so that it can never hide another signal;
        what it demands raises a signal of its own.
        """
        found = self._raised(canonical, self.raised_by)
        bare = self.without_injection(canonical)
        if bare != canonical:
            found |= self._raised(bare, self.raised_by)
        if "injection" in found:
            found |= self.demands(canonical)
        return frozenset(found)

    def demands(self, canonical: str) -> frozenset[str]:
        """Return the signals of what an attack asks for."""
        return frozenset(name for name, wanted in self.with_injection.items() if wanted.found_in(canonical))

    def hints(self, canonical: str) -> frozenset[str]:
        """Return the signals whose words alone say too little: "police" is in a complaint, and in a traffic jam."""
        return frozenset(self._raised(self.without_injection(canonical), self.hinted_by))

    def spelled_out(self, letters: str) -> frozenset[str]:
        """Return the signals raised by words typed letter by letter, given here closed up."""
        return frozenset(
            signal for signal, stems in self.spelled.items() if any(stem in letters for stem in stems)
        )

    def told(self, canonical: str) -> str:
        """Return the text without its asides where a signal would be heard in them, else the text as it is."""
        told = self.asides.without(canonical, people=True)
        asides = _any_word(told) and told != canonical
        heard = asides and any(
            self._raised(canonical, rules) != self._heard(canonical, canonical, canonical, rules)
            for rules in (self.raised_by, self.hinted_by)
        )
        return told if heard else canonical

    def mere_mentions(self, canonical: str) -> frozenset[str]:
        """Return the signals that the text, being mere talk, only mentions."""
        return frozenset() if self.asides.ours.found_in(canonical) else self.asides.of_talk

    def is_outside(self, canonical: str) -> bool:
        """Tell whether the text is nothing but asides."""
        return _any_word(canonical) and not _any_word(self.asides.without(canonical, people=True))

    def _raised(self, canonical: str, rules: Mapping[str, Block]) -> set[str]:
        return self._heard(
            canonical,
            self.asides.without(canonical, people=False),
            self.asides.without(canonical, people=True),
            rules,
        )

    def _heard(self, canonical: str, of_things: str, of_people: str, rules: Mapping[str, Block]) -> set[str]:
        """Return the signals that the rules raise, each by the text that is heard for it."""
        common = self.harmless.get("all", _NOTHING)
        full = _without(canonical, common)
        things = full if of_things == canonical else _without(of_things, common)
        people = things if of_people == of_things else _without(of_people, common)
        found = set()
        for signal, patterns in rules.items():
            text = things if signal in self.asides.of_things else full
            text = people if signal in self.asides.of_people else text
            if patterns.found_in(_without(text, self.harmless.get(signal, _NOTHING))):
                found.add(signal)
        return found

    def is_policy_question(self, canonical: str, signals: frozenset[str]) -> bool:
        """Tell whether the text only asks how a rule reads, by the closed list, with no request in it."""
        if not signals <= self.question_about:
            return False
        text = _without(canonical, self.question_asides)
        if self.question_vetoes_always.found_in(text):
            return False
        if self.question_explicit.found_in(text):
            return True
        idly = _without(canonical, self.question_idle)
        if idly != canonical and not self.question_vetoes.found_in(_without(idly, self.question_asides)):
            return True
        return self.question_plain.found_in(text) and not self.question_vetoes.found_in(text)

    def asks_for_it(self, canonical: str) -> bool:
        """Tell whether somewhere in the text what was asked about is asked for, without its name."""
        return self.question_asks_for_it.found_in(_without(canonical, self.question_asides))

    def without_injection(self, canonical: str) -> str:
        """Return the text with every injection phrase blanked, so that it cannot sway the classifier."""
        return _without(canonical, self.raised_by.get("injection", _NOTHING))


def _any_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _without(text: str, block: Block) -> str:
    for pattern in block.worth_searching(text):
        text = pattern.sub(_MASK, text)
    return text


def in_order(signals: frozenset[str]) -> tuple[str, ...]:
    """Return the signals in the fixed order of SIGNALS."""
    return tuple(signal for signal in SIGNALS if signal in signals)


def build_rules(data: Mapping[str, object]) -> SignalRules:
    """Compile the rules from signals.yaml: groups, signals, hints, harmless, spelled, policy_question and asides."""
    groups = _texts(data, "groups")
    question = _texts(data, "policy_question")
    return SignalRules(
        raised_by={name: compile_block(block, groups) for name, block in _texts(data, "signals").items()},
        hinted_by={name: compile_block(block, groups) for name, block in _texts(data, "hints").items()},
        harmless={name: compile_block(block, groups) for name, block in _texts(data, "harmless").items()},
        with_injection={
            name: compile_block(block, groups) for name, block in _texts(data, "with_injection").items()
        },
        spelled={name: tuple(line.split()) for name, line in _texts(data, "spelled").items()},
        asides=build_asides(_texts(data, "asides"), groups),
        question_about=frozenset(question["about"].split()),
        question_plain=compile_block(question["asks"], groups),
        question_explicit=compile_block(question["asks_explicitly"], groups),
        question_idle=compile_block(question["asks_idly"], groups),
        question_asides=compile_block(question["asides"], groups),
        question_asks_for_it=compile_block(question["asks_for_it"], groups),
        question_vetoes=compile_block(question["vetoes"], groups),
        question_vetoes_always=compile_block(question["vetoes_always"], groups),
    )


def _texts(data: Mapping[str, object], key: str) -> dict[str, str]:
    section = data[key]
    if not isinstance(section, dict):
        raise ValueError(f"signals.yaml: {key} must be a mapping of names to text")
    return {str(name): str(text) for name, text in section.items()}
