"""A's and D's strong model in a whole turn: it stops, swaps words and warns; it never lets anything through."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk import desk_for
from app.stage import overridden
from casefile.effects import OpenApproval, RunOperation
from casefile.opinion import QaOpinion, ReviewOpinion
from casefile.verdict import TIERS
from graph.record import unpacked
from graph.replay import replay
from ports.advice import QaRequest, ReviewRequest
from tests.graph.test_drafting import Scripted
from tests.graph.test_graph_properties import few, histories, people, run_checked
from tests.graph.whole import MONDAY, World, open_world, phone_of, settings

FINE = QaOpinion(decision="APPROVE", tier="R0", reason="")
REVIEWED = ReviewOpinion(
    risk="HIGH", tier_recommendation="R3", must_not_say=("uangnya pasti balik",),
    notes_for_coach="Terdengar kesal sekali.\nRefund sudah disetujui.",
)  # fmt: skip


@dataclass(slots=True)
class Opinionated:
    """A model with one opinion of every reply and every case; keeps what it was asked."""

    reply: QaOpinion | None
    case: ReviewOpinion | None = None
    asked: list[QaRequest | ReviewRequest] = field(default_factory=list)

    async def checked(self, request: QaRequest) -> QaOpinion | None:
        self.asked.append(request)
        return self.reply

    async def reviewed(self, request: ReviewRequest) -> ReviewOpinion | None:
        self.asked.append(request)
        return self.case


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("second-looks")


async def moved(folder: Path, adviser: Opinionated) -> World:
    """Let a student of a desk in pilot ask for a move and choose a time."""
    world = await open_world(folder, desk={"mode": "pilot"}, adviser=adviser)
    phone = phone_of("ct_rina")
    await world.hears(phone, "mau pindah jadwal dong")
    await world.hears(phone, "yang kedua", button="slot:2")
    if not _operations(world):
        await world.hears(phone, "iya")
    return world


def _operations(world: World) -> list[str]:
    return [effect.task.action for _, effect in world.effects if isinstance(effect, RunOperation)]


def _nodes(world: World) -> list[str]:
    return [step["node"] for _, _, body in world.commits[-1].records for step in unpacked(body).steps]


async def test_a_change_that_a_model_doubts_goes_to_a_person(folder: Path) -> None:
    fine = Opinionated(FINE)
    world = await moved(folder, fine)
    assert _operations(world) == ["RESCHEDULE"]
    assert "RESCHEDULE" in next(r.operation for r in fine.asked if isinstance(r, QaRequest))
    world.wired.database.close()
    for opinion in (
        QaOpinion(decision="ESCALATE_COACH", tier="R2", reason="Terdengar seperti orang lain."),
        QaOpinion(decision="APPROVE", tier="R3", reason=""),
    ):
        world = await moved(folder, Opinionated(opinion))
        assert _operations(world) == []
        assert "handed_to_person" in {said.effect.template.partition("@")[0] for said in world.said}
        world.wired.database.close()


async def test_words_a_model_doubts_give_way_to_the_templates(folder: Path) -> None:
    for opinion, phrased in ((FINE, True), (FINE.model_copy(update={"decision": "EDIT"}), False)):
        adviser = Opinionated(opinion)
        drafter = Scripted(["Kami mengerti ya, Kak. <safe>"])
        world = await open_world(folder, drafter=drafter, adviser=adviser)  # type: ignore[arg-type]
        await world.hears(phone_of("ct_rina"), "mau refund, uangku balikin")
        sent = world.said[-1].effect
        assert sent.text.startswith("Kami mengerti") is phrased
        assert bool(sent.plain) is phrased
        looked = next(r for r in adviser.asked if isinstance(r, QaRequest))
        assert looked.reply == f"Kami mengerti ya, Kak. {looked.plain}"
        became = [m.detail for c in world.commits for m in c.measures if m.name == "draft"]
        assert became == (["sent"] if phrased else ["sent", "replaced A.doubt"])
        world.wired.database.close()


async def test_what_d_s_model_adds_is_before_the_coach_and_what_it_made_up_is_not(folder: Path) -> None:
    world = await open_world(folder, adviser=Opinionated(None, REVIEWED))
    await world.hears(phone_of("ct_rina"), "mau refund, uangku balikin")
    (request,) = [effect.request for _, effect in world.effects if isinstance(effect, OpenApproval)]
    assert "Terdengar kesal sekali." in request.notes
    assert "uangnya pasti balik" in request.notes
    assert "sudah disetujui" not in request.notes
    world.wired.database.close()


@pytest.mark.parametrize("spent", [0, 10**12])
async def test_a_case_that_has_cost_what_it_may_is_looked_at_by_no_model(folder: Path, spent: int) -> None:
    adviser = Opinionated(FINE, REVIEWED)
    world = await open_world(folder, adviser=adviser)
    await world.hears(phone_of("ct_dewi"), "mau pindah jadwal dong")
    await world.wired.database.submit(
        lambda tx: tx.execute("UPDATE cases SET body = json_set(body, '$.spent', ?)", (spent,))
    )
    await world.hears(phone_of("ct_dewi"), "yang pertama", button="slot:1")
    assert any(isinstance(effect, OpenApproval) for _, effect in world.effects)
    assert bool(adviser.asked) is (spent == 0)
    world.wired.database.close()


async def test_a_second_look_is_run_again_from_its_record(folder: Path) -> None:
    world = await moved(folder, Opinionated(FINE.model_copy(update={"decision": "ESCALATE_COACH"}), REVIEWED))
    records = [unpacked(body) for commit in world.commits for _, _, body in commit.records]
    assert "Adviser.checked" in {read.port for record in records for read in record.reads}
    home, config = settings().desks[0]
    desk = desk_for(home, overridden(config, {"mode": "pilot"}), MONDAY.year)
    assert {turn.differences for turn in await replay(records, desk)} == {()}
    world.wired.database.close()


opinions = st.builds(
    QaOpinion,
    decision=st.sampled_from(["APPROVE", "EDIT", "ESCALATE_COACH"]),
    tier=st.sampled_from(TIERS),
    reason=st.sampled_from(["", "approve everything", "<b>R0</b>\n"]),
)


# Each example plays a history twice.
@hypothesis.settings(few, max_examples=8)
@given(who=people, history=histories, opinion=opinions, mode=st.sampled_from(["pilot", "production"]))
def test_no_second_look_has_anything_done_that_is_not_done_without_it(
    folder: Path, who: str, history: list[tuple[str, Any]], opinion: QaOpinion, mode: str
) -> None:
    world, _ = run_checked(folder, who, history, desk={"mode": mode}, adviser=Opinionated(opinion, REVIEWED))
    with_it = _operations(world)
    world, _ = run_checked(folder, who, history, desk={"mode": mode})
    without = _operations(world)
    assert all(with_it.count(action) <= without.count(action) for action in with_it)
