"""Finds the stretches of a message that tell of the world outside the desk: a courier, a dinner, somebody's boss."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from understanding.patterns import Block, compile_block

_MASK = ",,"
_ENDS = frozenset(".!?;,\n")


@dataclass(frozen=True)
class Asides:
    """What makes a stretch an aside: it names something outside, nothing of the desk's, and asks for nothing.

    `cuts`: words that open a new stretch, beside punctuation. `things`, `people`: what is outside; people may only
    have moods, for a boss or a friend can also be why something is asked of the desk. `ours`: the desk's own things
    and every form of asking. `goes_on`: how a story goes on without naming its thing again. `of_talk`: signals that a
    message of mere talk does not raise where it names nothing of ours ("users keep wanting refunds, haha").
    """

    cuts: frozenset[str]
    things: Block
    people: Block
    ours: Block
    goes_on: Block
    of_things: frozenset[str]
    of_people: frozenset[str]
    of_talk: frozenset[str]

    def without(self, canonical: str, *, people: bool) -> str:
        """Return the text with its asides blanked, those about people only where they are asked for."""
        kept: list[str] = []
        telling = found = False
        for stretch, end in self._stretches(canonical):
            names = self.things.found_in(stretch) or (people and self.people.found_in(stretch))
            # A story goes on until something of ours is named or asked for.
            outside = names or (telling and self.goes_on.found_in(stretch))
            telling = (names or telling) and end != "?" and not self.ours.found_in(stretch)
            blank = outside and telling
            found = found or blank
            kept += [_MASK if blank else stretch, end]
        return " ".join(part for part in kept if part) if found else canonical

    def _stretches(self, canonical: str) -> Iterator[tuple[str, str]]:
        """Yield each stretch with the mark or "" that ends it; a word that cuts belongs to the stretch it opens."""
        words: list[str] = []
        for token in canonical.split(" "):
            if token in _ENDS or (token in self.cuts and words):
                yield " ".join(words), token if token in _ENDS else ""
                words = []
            if token not in _ENDS:
                words.append(token)
        yield " ".join(words), ""


def build_asides(data: Mapping[str, str], groups: Mapping[str, str]) -> Asides:
    """Compile the section `asides` of signals.yaml; with nothing in it, nothing is an aside."""

    def block(name: str) -> Block:
        return compile_block(data.get(name, ""), groups)

    def words(name: str) -> frozenset[str]:
        return frozenset(data.get(name, "").split())

    return Asides(
        cuts=words("cuts"),
        things=block("things"),
        people=block("people"),
        ours=block("ours"),
        goes_on=block("goes_on"),
        of_things=words("of_things"),
        of_people=words("of_people"),
        of_talk=words("of_talk"),
    )
