"""How people really ask, through the whole graph: several things at once, if only, never mind, I mean Thursday."""

from casefile.effects import SendMessage
from casefile.verdict import Tier
from tests.graph.flows import Flow
from tests.graph.test_flow_school import Opens, folder, opens

__all__ = ["folder", "opens"]


def tiers(flow: Flow) -> list[tuple[str, Tier | None]]:
    return sorted((case.intent, case.tier) for commit in flow.world.commits[-1:] for case in commit.cases)


async def test_each_of_several_requests_has_its_case_and_its_tier(opens: Opens) -> None:
    flow = await opens()
    out = await flow.says("duit gue balikin dong. terus parkirnya di mana ya?")
    assert tiers(flow) == [("faq.parking", "R0"), ("refund_request", "R3")]
    assert "ask REFUND" in out


async def test_what_if_asks_about_the_policy_and_never_mind_takes_the_request_back(opens: Opens) -> None:
    flow = await opens()
    await flow.says("kalau refund boleh ga sih?")
    assert tiers(flow) == [("faq.refund_policy", "R0")]
    assert "ask REFUND" in await flow.says("yaudah mau refund deh")
    assert "settle void" in await flow.says("ga jadi refund kak")


async def test_a_correction_goes_on_with_the_same_move(opens: Opens) -> None:
    flow = await opens()
    await flow.says("bisa pindah jadwal ke rabu?")
    before = flow.case()
    out = await flow.says("eh maksudnya kamis")
    after = flow.case()
    assert (after.id, after.intent) == (before.id, "reschedule")
    assert any(words.startswith("say reschedule") for words in out)
    assert "Kamis" in flow.last() or "kamis" in flow.last()


async def test_what_is_not_clear_is_asked_about_with_one_question(opens: Opens) -> None:
    flow = await opens()
    await flow.says("asdf qwer")
    sent = [e for _, e in flow.world.commits[-1].effects if isinstance(e, SendMessage)]
    assert len(sent) == 1
    assert sent[0].text.count("?") == 1
