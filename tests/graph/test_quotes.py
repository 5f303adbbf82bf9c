"""A quoted message is what "yang ini kak" points at, and tells which question an answer belongs to."""

from casefile.effects import SendMessage
from graph.record import unpacked
from tests.graph.flows import Flow
from tests.graph.test_flow_school import Opens, folder, opens
from tests.graph.whole import phone_of

__all__ = ["folder", "opens"]


async def quoting(flow: Flow, message_id: str, text: str) -> list[str]:
    await flow.world.hears(phone_of(flow.who), text, quoting=message_id)
    return flow.out()


async def arrived(flow: Flow, template: str) -> str:
    """Let the channel have taken our newest message of a template; return the id it gave it."""
    sent = [
        effect
        for commit in flow.world.commits
        for _, effect in commit.effects
        if isinstance(effect, SendMessage) and effect.template.startswith(template)
    ]
    await flow.world.wired.journal.accepted(sent[-1].key, f"out.{template}", flow.world.clock.now())
    return f"out.{template}"


async def test_words_that_only_point_mean_the_message_they_quote(opens: Opens) -> None:
    flow = await opens()
    await flow.says("harga paketnya berapa ya kak?")
    prices = flow.last()
    await flow.says("parkirnya di mana?")
    assert "say faq_answer" in await quoting(flow, "wamid.1", "yang ini kak")
    assert flow.last() == prices


async def test_words_that_only_point_at_nothing_known_are_asked_about(opens: Opens) -> None:
    flow = await opens()
    await flow.says("harga paketnya berapa ya kak?")
    await arrived(flow, "faq_answer")
    for message_id in ("wamid.of-somebody-else", "out.faq_answer"):
        out = await quoting(flow, message_id, "yang ini kak")
        assert "say faq_answer" not in out and any(effect.startswith("say clarify") for effect in out)


async def test_a_quoted_request_carries_its_risk(opens: Opens) -> None:
    flow = await opens()
    await flow.says("minta refund dong")
    await flow.decided("DENY")
    await quoting(flow, "wamid.1", "yang ini kak")
    record = unpacked(flow.world.commits[-1].records[-1][2])
    assert "refund" in record.verdict.signals
    assert record.verdict.tier == "R3"


async def test_an_answer_goes_to_the_question_it_quotes(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau pindah jadwal dong")
    offer = await arrived(flow, "reschedule_offer")
    await flow.says("mau daftar trial buat keponakan")
    assert [flow.case(0).waiting_for, flow.case(1).waiting_for] == ["slot", "who"]
    assert "run RESCHEDULE" in await quoting(flow, offer, "yang kedua")
