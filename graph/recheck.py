"""What was sent, judged again from its record by today's rules: does it still stand, and on what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.work import Desk
from casefile.effects import SendMessage
from casefile.records import Snapshot
from casefile.verdict import RuleHit
from graph.record import TurnRecord
from graph.replay import Replayed, replay
from graph.state import Entry
from policies.claims import claims, granted
from policies.grounds import done_now, grounds
from policies.presend import Scene, check_message

# What findings of pre-send QA say of a text that has left, by the measures of spec 4.
NO_SOURCE = frozenset({"fact", "name", "status", "citation", "mixed", "ungrounded"})
INVENTED = frozenset({"paid", "commitment", "guarantee", "exception", "undone"})


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A message that was sent, seen again: `found` speaks against it, `stands_on` are the facts its words name.

    `comparable` is False where the turn cannot be entered again, or its records do not reach back.
    """

    comparable: bool
    found: tuple[RuleHit, ...] = ()
    stands_on: tuple[str, ...] = ()

    @property
    def without_source(self) -> bool:
        """Say whether it states what nothing holds."""
        return bool(_groups(self.found) & NO_SOURCE)

    @property
    def invented(self) -> bool:
        """Say whether it tells of something done or promised that is not."""
        return bool(_groups(self.found) & INVENTED)


async def recheck(records: Sequence[TurnRecord], desk: Desk, key: str) -> Rechecked:
    """Run a case's turns again and look how its message with this key fares; `records` may begin anywhere."""
    reached = list(records)
    while reached and reached[0].before is None:
        reached.pop(0)
    for turn in await replay(reached, desk) if reached else ():
        sent = next((e for e in turn.record.effects if e.key == key), None)
        if isinstance(sent, SendMessage):
            return _again(turn, sent, desk)
    return Rechecked(comparable=False)


def _again(turn: Replayed, sent: SendMessage, desk: Desk) -> Rechecked:
    if turn.entry is None:
        return Rechecked(comparable=False)
    scene = _scene(turn, turn.entry, sent, desk)
    stands_on = _stands_on(scene, sent)
    # What a person let go is that person's, and what leaves today exactly as it did has been judged.
    if sent.purpose == "release" or (turn.run is not None and sent in turn.run.effects):
        return Rechecked(comparable=True, stands_on=stands_on)
    found = [RuleHit(id=f"QA.{f.rule}", words=f"{f.words} {f.span}") for f in check_message(sent, scene)]
    done = done_now(scene.case, scene.facts, scene.events, sent.text)
    if undone := set(sent.done) - done - {"withdrawn"}:
        found.append(RuleHit(id="JUDGE.undone", words=f"Says something is done that is not: {undone}"))
    return Rechecked(comparable=True, found=tuple(found), stands_on=stands_on)


def _scene(turn: Replayed, entry: Entry, sent: SendMessage, desk: Desk) -> Scene:
    """Return what the message was judged against: the turn's facts, with what C read in it."""
    facts, record = entry.facts, turn.record
    read = next((r.answer for r in record.reads if r.port == "Records.fresh_snapshot" and not r.down), None)
    if read is not None:
        facts = facts.model_copy(update={"snapshot": Snapshot.model_validate(read)})
    steps = turn.run.context.steps if turn.run else []
    case = next((step.case for step in steps if sent in step.effects), entry.case)
    literals = desk.templates.literals(sent.template.partition("@")[0], sent.language)
    return Scene("B", case, facts, entry.verdict, record.events, entry.matter, desk.rules, literals)


def _stands_on(scene: Scene, sent: SendMessage) -> tuple[str, ...]:
    """Return the fewest facts of the turn that hold what its words state, as people read them."""
    page = scene.facts.excerpt
    cited = granted((page.excerpt,)) if page and sent.citations else frozenset()
    left = [claim for claim in claims(sent.text) if cited.isdisjoint(claim.asserts)]
    weighed = (scene.matter.shop, scene.matter.enrol)
    facts = grounds(scene.case, scene.facts, scene.events, scene.rules, sent.language, *weighed)
    values = {value: granted((value,)) for value in facts}
    found: list[str] = []
    while left and values:
        best = max(values, key=lambda v: sum(not values[v].isdisjoint(claim.asserts) for claim in left))
        holds = values.pop(best)
        if all(holds.isdisjoint(claim.asserts) for claim in left):
            break
        found.append(best)
        left = [claim for claim in left if holds.isdisjoint(claim.asserts)]
    return tuple(found)


def _groups(found: Iterable[RuleHit]) -> set[str]:
    """Return what rules are about: `QA.status.paid` and `JUDGE.undone` are of the groups status and undone."""
    return {rule.id.split(".")[1] for rule in found if "." in rule.id}
