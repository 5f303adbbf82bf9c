"""Outcomes to score and compare."""

from evals.outcome import Amiss, Heard, Judged, Outcome, Step


def outcome(name: str = "one", *steps: Step, amiss: tuple[Amiss, ...] = ()) -> Outcome:
    return Outcome(name=name, title="A try", language="en", steps=steps or (step(),), amiss=amiss)


def step(
    text: str = "Hello, Kak.",
    tier: str = "R0",
    template: str = "greeting@1",
    amiss: tuple[Amiss, ...] = (),
    did: str = "hi",
) -> Step:
    turn = Judged(case_id="SCH-2026-0001", intent="greeting", floor="R0", tier=tier, decision="ANSWER")
    return Step(
        who="ct_rina", did=did, heard=(Heard(text=text, template=template),), judged=(turn,), amiss=amiss
    )


def wrong(dimension: str = "correctness", slight: bool = False) -> Amiss:
    return Amiss(dimension=dimension, words="expected otherwise", slight=slight)
