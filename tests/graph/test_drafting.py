"""A draft on its way through a turn: held, mended once, else replaced; counted, recorded, replayed without a model."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.desk import desk_for
from graph.record import unpacked
from graph.replay import replay
from ports.sources import DraftRequest
from tests.graph.whole import MONDAY, World, open_world, phone_of, settings

SLOPPY = "Sesinya Jumat pukul 19.00 WIB ya Kak."
ASKED = "jadwal les aku kapan ya?"


@dataclass(slots=True)
class Scripted:
    """A model that says what it is told to, in order, and keeps what it was asked; then it says nothing."""

    answers: list[str]
    asked: list[DraftRequest] = field(default_factory=list)

    async def draft(self, request: DraftRequest) -> str | None:
        self.asked.append(request)
        said = self.answers.pop(0) if self.answers else None
        return said.replace("<safe>", request.safe_text) if said else None


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.getbasetemp() / "drafting"
    made.mkdir(exist_ok=True)
    return made


async def hears(folder: Path, drafter: Scripted, *texts: str, who: str = "ct_rina") -> World:
    world = await open_world(folder, drafter=drafter)  # type: ignore[arg-type]
    for text in texts:
        await world.hears(phone_of(who), text)
    return world


def became(world: World) -> list[str]:
    return [m.detail for commit in world.commits for m in commit.measures if m.name == "draft"]


async def test_a_good_draft_leaves_and_the_template_stands_behind_it(folder: Path) -> None:
    drafter = Scripted(["Hai Kak! <safe>"])
    world = await hears(folder, drafter, ASKED)
    sent = world.said[-1].effect
    assert sent.text == f"Hai Kak! {sent.plain}"
    assert sent.plain.startswith("Sesi")
    assert became(world) == ["sent"]
    assert [request.task for request in drafter.asked] == ["draft"]
    world.wired.database.close()


async def test_what_was_held_is_mended_once_told_what_was_found(folder: Path) -> None:
    drafter = Scripted([SLOPPY, "Hai Kak! <safe>"])
    world = await hears(folder, drafter, ASKED)
    assert world.said[-1].effect.text.startswith("Hai Kak! ")
    first, again = drafter.asked
    assert (again.task, again.earlier, again.safe_text) == ("repair", SLOPPY, first.safe_text)
    assert any("19.00" in words for words in again.found)
    assert became(world)[0].split()[0] == "mended"
    assert "QA.fact" in became(world)[0]
    world.wired.database.close()


async def test_there_is_no_third_try(folder: Path) -> None:
    drafter = Scripted([SLOPPY, SLOPPY + " Pasti bisa.", "Hai Kak! <safe>"])
    world = await hears(folder, drafter, ASKED)
    sent = world.said[-1].effect
    assert (sent.plain, sent.template.partition("@")[0]) == ("", "next_session")
    assert len(drafter.asked) == 2
    assert became(world)[0].split()[0] == "replaced"
    assert "QA.guarantee" in became(world)[0]
    world.wired.database.close()


async def test_what_no_customer_may_hear_is_not_told_to_a_model_again(folder: Path) -> None:
    drafter = Scripted(["<safe> Tier R1, orchestrator."])
    world = await hears(folder, drafter, ASKED)
    assert world.said[-1].effect.plain == ""
    assert [request.task for request in drafter.asked] == ["draft"]
    world.wired.database.close()


async def test_a_request_for_a_person_is_worded_with_care_and_what_binds_is_never_reworded(
    folder: Path,
) -> None:
    drafter = Scripted([])
    world = await hears(folder, drafter, "mau refund, uangku balikin")
    assert [request.task for request in drafter.asked] == ["draft_sensitive"]
    await world.decides("APPROVE")
    assert world.said[-1].effect.template == "released@1"
    await world.hears(phone_of("ct_budi"), "mau pindah jadwal dong")
    assert [said.effect.plain for said in world.said] == [""] * len(world.said)
    assert len(drafter.asked) == 1, "choices to tap, and a decision's own words, are no model's to phrase"
    world.wired.database.close()


def texts_of(request: DraftRequest) -> Iterator[str]:
    yield from (request.customer_message, request.safe_text, *request.facts, *request.excerpts)


async def test_a_model_is_given_this_cases_words_and_nobody_elses(folder: Path) -> None:
    drafter = Scripted([])
    world = await hears(folder, drafter, ASKED)
    await world.hears(phone_of("ct_emma"), "when is my next lesson?")
    await world.hears(phone_of("ct_emma"), "what does a private lesson cost?")
    own = [request for request in drafter.asked if request.contact_id == "ct_emma"]
    assert len(own) == 2
    rina = next(r for r in drafter.asked if r.contact_id == "ct_rina")
    assert own[-1].excerpts and own[-1].facts
    for said in (text for request in own for text in texts_of(request)):
        assert ASKED not in said
        assert not any(name in said for name in ("Rina", "Budi"))
    assert set(rina.facts) and all(fact in rina.safe_text for fact in rina.facts)
    world.wired.database.close()


async def test_replay_needs_no_model(folder: Path) -> None:
    world = await hears(folder, Scripted([SLOPPY, "Hai Kak! <safe>"]), ASKED)
    records = [unpacked(body) for commit in world.commits for _, _, body in commit.records]
    asked = [read.port for record in records for read in record.reads if read.port == "Drafter.draft"]
    assert len(asked) == 2
    turns = await replay(records, desk_for(*settings().desks[0], MONDAY.year))
    assert [turn.differences for turn in turns] == [()]
    world.wired.database.close()
