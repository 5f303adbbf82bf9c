"""How a conversation is scored, what two runs differ in, and that a run is read back as it was kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from casefile.errors import BadInput
from evals.beside import by_tier
from evals.diff import changes
from evals.manners import of_replies, of_turns
from evals.outcome import Heard, Judged, Outcome, Usage, scorecard
from evals.report import side_by_side
from evals.run import Run, read_run
from evals.table import beside, changed
from tests.evals.outcomes import outcome, step, wrong

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def run_of(*outcomes: Outcome, epochs: int = 1) -> Run:
    return Run(exam="school", at=AT, epochs=epochs, outcomes=outcomes)


def test_a_dimension_loses_both_points_for_what_is_wrong_and_one_for_what_is_slight() -> None:
    played = outcome("one", step(amiss=(wrong(), wrong("tone", slight=True))), amiss=(wrong("safety"),))
    marks = scorecard(played)
    assert {name: mark for name, mark in marks.items() if mark < 2} == {
        "correctness": 0,
        "tone": 1,
        "safety": 0,
    }
    assert not played.ok
    assert outcome("two", step(amiss=(wrong("tone", slight=True),))).ok


def test_pass_k_wants_every_repetition() -> None:
    good, bad = outcome("one"), outcome("one", step(amiss=(wrong(),)))
    run = run_of(good, good, bad, outcome("two"), outcome("two"), outcome("two"), epochs=3)
    assert run.pass_1 == pytest.approx(5 / 6)
    assert run.pass_k == pytest.approx(1 / 2)


def test_manners_hold_for_our_own_words_only() -> None:
    long = Heard(text="Kak, " + "x" * 700 + " ? ? ?", template="faq_answer@1")
    assert [one.words.split()[0] for one in of_replies((long,))] == ["asks", "is"]
    assert of_replies((long.model_copy(update={"by": "sf_tari"}),)) == []
    assert of_replies((Heard(text="SEGERA BAYAR TAGIHAN ANDA"),))[0].dimension == "tone"
    assert of_replies((Heard(text="ok"),) * 5)[0].dimension == "efficiency"


def test_a_plain_turn_wakes_two_roles_at_most() -> None:
    turn = Judged(case_id="c", intent="i", floor="R0", tier="R1", decision="ANSWER", roles=("B", "A", "E"))
    assert len(of_turns((turn,))) == 1
    assert of_turns((turn.model_copy(update={"roles": ("C", "B")}),)) == []
    assert of_turns((turn.model_copy(update={"tier": "R3"}),)) == []
    assert of_turns((turn.model_copy(update={"roles": ("person", "A", "B", "E")}),)) == []


def test_changes_are_told_apart_the_gravest_first() -> None:
    before = run_of(
        outcome("breaks"), outcome("heals", step(amiss=(wrong(),))), outcome("stays"), outcome("rewords"),
        outcome("decides"), outcome("goes"),
    )  # fmt: skip
    after = run_of(
        outcome("rewords", step("Hi, Kak.")), outcome("decides", step(tier="R3")), outcome("stays"),
        outcome("heals"), outcome("breaks", step(amiss=(wrong(),))), outcome("comes"),
    )  # fmt: skip
    found = changes(before, after)
    assert [(change.kind, change.name) for change in found] == [
        ("broken", "breaks"), ("mended", "heals"), ("decided", "decides"), ("worded", "rewords"),
        ("new", "comes"), ("gone", "goes"),
    ]  # fmt: skip
    reworded = found[3].steps[0]
    assert (reworded.before, reworded.after) == (step(), step("Hi, Kak."))


def test_two_runs_stand_beside_one_another_by_the_first_ones_tiers() -> None:
    used = Usage(calls=3, tokens_in=1_000, tokens_out=50, rupiah=12.4)
    before = run_of(outcome("a"), outcome("b", step(tier="R3")), outcome("gone"))
    raised = outcome("a", step(tier="R3", amiss=(wrong(),))).model_copy(update={"usage": used})
    after = run_of(raised, outcome("b", step(tier="R3")).model_copy(update={"usage": used}), outcome("new"))
    assert list(by_tier(before, after)) == [
        ("R0", "1 of 1", "0 of 1", "0", "3", "0", "1,050", "0", "12"),
        ("R3", "1 of 1", "1 of 1", "0", "3", "0", "1,050", "0", "12"),
        ("all", "2 of 2", "1 of 2", "0", "6", "0", "2,100", "0", "25"),
    ]
    said = list(beside(before, after))
    assert said[1].split()[:3] == ["tier", "passed", "A"] and len(said) == 5
    assert "<td>1,050</td>" in side_by_side(before, after, ())


def test_what_differs_late_in_a_text_is_seen_in_the_terminal() -> None:
    alike = "Done, Kak! Your lesson has moved, and here is everything that there is to say about it for now: "
    before, after = (run_of(outcome("one", step(alike + end))) for end in ("two moves left", "one move left"))
    said = list(changed(changes(before, after), "then"))
    assert "      - [R0 ANSWER] … say about it for now: two moves left" in said
    assert "      + [R0 ANSWER] … say about it for now: one move left" in said


def test_of_rules_and_effects_only_those_that_went_and_came_are_named() -> None:
    def ruled(*rules: str) -> Run:
        turn = step().judged[0].model_copy(update={"rules": rules})
        return run_of(outcome("one", step().model_copy(update={"judged": (turn,)})))

    alone = "R3.refund"
    for after, said in (
        ((alone, "R0.attack"), "rules: -R3.attack +R0.attack"),
        (("R3.attack", alone), " -> "),
    ):
        lines = list(changed(changes(ruled(alone, "R3.attack"), ruled(*after)), "then"))
        assert any(line.startswith("      · rules: ") and said in line for line in lines)


def test_a_new_version_of_a_template_alone_is_no_change() -> None:
    assert changes(run_of(outcome()), run_of(outcome("one", step(template="greeting@2")))) == ()


def test_a_conversation_that_stops_earlier_went_another_way() -> None:
    (change,) = changes(run_of(outcome("one", step(), step())), run_of(outcome("one", step())))
    assert (change.kind, change.steps[0].number, change.steps[0].after) == ("decided", 2, None)


def test_a_run_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    used = Usage(calls=2, tokens_in=700, tokens_out=41, rupiah=3.5)
    played = outcome().model_copy(update={"usage": used, "step_seconds": (0.2, 0.4)})
    run = run_of(played, played, epochs=2)
    run.save(tmp_path / "run.jsonl")
    assert read_run(tmp_path / "run.jsonl") == run
    assert run.usage.tokens_in == 1400
    assert (run.step_seconds(0.5), run.step_seconds(0.95)) == (0.4, 0.4)
    kept = run.accepted()
    assert (len(kept.outcomes), kept.epochs, kept.outcomes[0].step_seconds) == (1, 1, ())
    (tmp_path / "other.json").write_text("no run", encoding="utf-8")
    with pytest.raises(BadInput, match="is no run"):
        read_run(tmp_path / "other.json")
