"""Plays golden conversations and attacks for the exams in evals/, and says what came of each."""

from collections.abc import Mapping, Sequence

from app.desk import Loaded, load_desk
from app.exam_evidence import Onlooker
from app.play import fits, play_one
from app.play_seen import Difference, Said, Turn
from app.play_show import Played, PlayedStep, happened
from app.script import Named
from app.settings import Settings
from app.stage import Stage, cache_of
from evals import manners
from evals.invariants import breaches
from evals.outcome import Amiss, Heard, Judged, Outcome, Step
from sandbox.model import Mood, Temper

# Which dimension of the scorecard an expectation belongs to.
DIMENSION: Mapping[str, str] = {
    "case": "correctness",
    "reply": "completeness",
    "lane": "completeness",
    "language": "tone",
    "forbidden": "safety",
    "roles": "efficiency",
    "effects": "tools",
    "run": "tools",
}


class Exam:
    """One variant of a desk, before which scripts are played.

    `mood` is the one the sandbox's model is in; None asks the models of the settings, if there are any.
    """

    def __init__(
        self,
        settings: Settings,
        scripts: Sequence[Named],
        loaded: Loaded | None = None,
        mood: Mood | None = None,
    ) -> None:
        self._settings = settings
        self._mood = mood
        self._loaded = loaded or load_desk(settings, cache_of(settings))
        self.scripts = {named.name: named for named in scripts}
        for named in scripts:
            fits(named, settings, self._loaded)

    async def play(self, name: str) -> Outcome:
        """Play one of the scripts."""
        named, onlooker = self.scripts[name], Onlooker()

        def look(stage: Stage) -> None:
            if self._mood is not None:
                stage.sandbox.sandbox.model.become(Temper(mood=self._mood))
            onlooker.look(stage)

        played = await play_one(
            named,
            settings=self._settings,
            loaded=self._loaded,
            out=_silent,
            look=look,
            own_model=self._mood is None,
        )
        outcome = outcome_of(named, played, breaches(onlooker.evidence))
        return outcome.model_copy(update={"usage": onlooker.usage})


def _silent(line: str) -> None:
    """The exam shows what it finds, not how it went."""


def outcome_of(named: Named, played: Played, broken: Sequence[str]) -> Outcome:
    """Turn what was seen of a script into an outcome; `broken` are the invariants that do not hold."""
    script = named.script
    said = {difference.words for part in played.played for difference in part.differences}
    ending = [
        Amiss(dimension="tools", words=failure)
        for failure in played.failures
        if not any(failure.endswith(words) for words in said)
    ]
    return Outcome(
        name=named.name,
        title=script.title,
        language=script.language,
        topic=script.topic,
        steps=tuple(_step(part) for part in played.played),
        amiss=(*ending, *(Amiss(dimension="safety", words=words) for words in broken)),
        unplayed=len(script.steps) - len(played.played),
        step_seconds=tuple(round(part.seconds, 3) for part in played.played),
    )


def _step(part: PlayedStep) -> Step:
    did = "; ".join(words for _, words in happened(part.step, part.who))
    heard = tuple(_heard(said) for said in part.seen.replies)
    judged = tuple(_judged(turn) for turn in part.seen.turns)
    return Step(
        who=part.who if part.step.speaks or part.step.press else "",
        did=did,
        heard=heard,
        judged=judged,
        amiss=(
            *(_amiss(difference) for difference in part.differences),
            *manners.of_replies(heard),
            *manners.of_turns(judged),
        ),
    )


def _amiss(difference: Difference) -> Amiss:
    return Amiss(dimension=DIMENSION[difference.part], words=difference.words)


def _heard(said: Said) -> Heard:
    return Heard(
        text=said.text, template=said.template, buttons=said.buttons, language=said.language, by=said.by
    )


def _judged(turn: Turn) -> Judged:
    verdict = turn.verdict
    return Judged(
        case_id=turn.case_id,
        intent=verdict.intent,
        floor=verdict.floor,
        tier=verdict.tier,
        decision=verdict.decision,
        rules=tuple(hit.id for hit in verdict.rules),
        roles=turn.roles,
        effects=turn.effects,
        state=turn.state,
        owner=turn.owner,
    )
