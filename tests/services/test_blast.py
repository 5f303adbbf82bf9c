"""Who was told what a page said, and what it would be today."""

from datetime import timedelta

from services_scenes import NOW, ZONE, School, first_message

from casefile.effects import Citation, SendMessage
from policies.limits import Limits
from policies.privacy import mask_phone
from ports.journal import TurnCommit
from services.blast import Blast
from services.knowledge import KnowledgeBase
from services.pages import Page, composed, parse_page
from services.proposals import proposals

FRONT = {
    "Topic": "parkir",
    "Title": "Parkir",
    "Status": "Published",
    "Effective date": "2026-01-05",
    "Owner": "Administrasi",
    "Last reviewed": "2026-01-05",
    "Applies to": "all",
    "Language": "id",
}


def page(answer: str, topic: str = "parkir", **front: str) -> Page:
    return parse_page(topic, composed({**FRONT, "Topic": topic, **front}, answer))


async def tell(school: School, key: str, phone: str, said: Page, release: str, days_ago: int = 0) -> None:
    """Let a customer be told a page, so many days ago."""
    contact = {"+6281200001001": "ct_rina", "+6281200001003": "ct_maya"}[phone]
    conversation = f"wa-628001-{contact}"
    await school.journal.receive([first_message(phone, key)])
    at = NOW - timedelta(days=days_ago)
    send = SendMessage(
        key=key,
        conversation_id=conversation,
        text=said.answer,
        language="id",
        template="faq_answer@1",
        purpose="answer",
        citations=(Citation(page_id=said.page_id, release=release, content_hash=said.content_hash),),
    )
    (case,) = await school.sources.open_cases(conversation, NOW)
    await school.journal.commit(TurnCommit(key, conversation, at, (), (), ((case.id, send),), (), (), ()))
    await school.journal.attempting(key, at)
    await school.journal.accepted(key, f"wamid.{key}", at)


async def test_past_answers_change_lose_their_page_or_stay(school: School) -> None:
    base = KnowledgeBase(school.database, Limits(), ZONE)
    blast = Blast(school.database, base.citable, mask_phone)
    old, kept, gone = page("Ada 6 mobil."), page("Ada wifi.", "wifi"), page("Ada kantin.", "kantin")
    release = await base.publish((old, kept, gone), "sf_tari", NOW)
    await tell(school, "s1", "+6281200001001", old, release)
    await tell(school, "s2", "+6281200001003", kept, release)
    await tell(school, "s3", "+6281200001003", gone, release)
    await tell(school, "s4", "+6281200001001", old, release, days_ago=40)
    new = page("Ada 9 mobil.")
    more = page("Ada wifi.\n\nSandi di meja depan.", "wifi")
    later = page("Ada kantin besar.", "kantin", **{"Effective date": "2026-12-01"})
    changes = proposals(base.pages_in_force(), (new, more, later))
    told = blast.of(changes, NOW - timedelta(days=30), NOW)
    assert [(one.page, one.becomes) for one in told] == [
        ("parkir.id", "different"),
        ("wifi.id", "the same"),
        ("kantin.id", "without a page"),
    ]
    assert {one.customer for one in told} == {mask_phone("+6281200001001"), mask_phone("+6281200001003")}
    assert len(blast.of(changes, NOW - timedelta(days=60), NOW)) == 4

    # After a retraction: who holds the old fact; going back to it makes it true again.
    await base.publish((new, kept), "sf_tari", NOW)
    held = blast.stale("parkir.id", new, NOW - timedelta(days=60), NOW)
    assert [(one.case_id, one.release) for one in held] == [("SCH-rina", release)] * 2
    assert [one.becomes for one in blast.stale("kantin.id", None, NOW - timedelta(days=60), NOW)] == [
        "without a page"
    ]
    assert blast.stale("parkir.id", old, NOW - timedelta(days=60), NOW) == ()
