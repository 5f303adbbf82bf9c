"""The page in a real browser: hostile words stay words, it keeps up by itself, and says when it cannot."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from console_scenes import NOW, Desk, case, record, refund, say
from playwright.async_api import Page, async_playwright, expect

from policies.rule_words import INDONESIAN

HOSTILE = (
    '<script>window.hit=1</script><img src=x onerror="window.hit=2"> \u202etxt.exe {{7*7}} </blockquote>'
)
SMALL = {"width": 640, "height": 400}
WIDE = {"width": 1400, "height": 500}
LATEST = "/console/cases/latest?conversation=6281200001001"


@pytest.fixture
async def page(browser_path: str) -> AsyncIterator[Page]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        opened = await browser.new_page(viewport=SMALL)
        yield opened
        await browser.close()


async def test_before_the_first_word_it_says_what_to_do_and_then_opens_the_case(
    open_desk: Desk, page: Page
) -> None:
    await page.goto(f"{open_desk.url}{LATEST}&lang=id")
    await expect(page.locator(".empty")).to_contain_text("Tulis sesuatu di ponsel")
    await refund(open_desk)
    await expect(page.locator(".number")).to_have_text("SCH-2026-0001")
    await expect(page.locator(".turn .rules")).to_contain_text(INDONESIAN["R3.refund"])
    lit = page.locator(".route .lit")
    assert [await lit.nth(n).inner_text() for n in range(4)] == ["A\n3", "B\n1", "D\n2", "☺\n4"]
    assert await page.locator("body").evaluate("b => b.scrollWidth <= b.clientWidth")


async def test_hostile_words_are_shown_and_never_run(open_desk: Desk, page: Page) -> None:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text))
    await refund(open_desk, HOSTILE)
    await page.goto(f"{open_desk.url}/console/cases/SCH-2026-0001?lang=en")
    quoted = page.locator(".event blockquote")
    await expect(quoted).to_contain_text("<script>window.hit=1</script><img src=x")
    await expect(quoted).to_contain_text("⟨202E⟩txt.exe")
    assert await page.evaluate("window.hit === undefined && document.images.length === 0")
    assert troubles == []


async def test_masked_it_shows_the_work_without_the_words(desk: Desk, page: Page) -> None:
    await refund(desk)
    await page.goto(f"{desk.url}/console/cases/SCH-2026-0001?lang=en")
    await expect(page.locator(".event")).to_contain_text("text, 35 characters")
    await expect(page.locator(".masked")).to_be_visible()
    assert "rahasia" not in await page.content()


async def test_it_keeps_up_without_losing_the_readers_place(open_desk: Desk, page: Page) -> None:
    await page.set_viewport_size(WIDE)
    asked = await refund(open_desk)
    for turn in range(2, 9):
        later = asked.with_(turn=turn)
        await open_desk.turn(later, record=record(later, f"tambahan {turn}"))
    await page.goto(f"{open_desk.url}/console/cases/SCH-2026-0001?lang=id")
    opened = page.locator('details[data-key="turn-3"]')
    await opened.locator("summary").click()
    story = page.locator(".story")
    await story.evaluate("box => { box.scrollTop = 150 }")
    before = await opened.bounding_box()
    later = asked.with_(turn=9)
    await open_desk.turn(later, record=record(later, "tambahan 9"))
    await expect(page.locator('details[data-key="turn-9"]')).to_be_attached()
    assert await opened.get_attribute("open") is not None
    after = await opened.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1


async def test_deadlines_change_colour_with_the_desks_clock(desk: Desk, page: Page) -> None:
    conversation = await desk.writes("+6281200001001", "halo")
    due = NOW + timedelta(minutes=30)
    await desk.turn(case("SCH-2026-0001", conversation, state="awaiting_approval", due_at=due))
    await page.goto(f"{desk.url}/console/cases?lang=id")
    sla = page.locator(".sla")
    await expect(sla).to_have_text("sisa 30 mnt")
    await expect(sla).to_have_class("chip sla fine")
    desk.clock.advance(timedelta(minutes=20))
    await expect(sla).to_have_class("chip sla soon")
    desk.clock.advance(timedelta(minutes=20))
    await expect(sla).to_have_text("lewat 10 mnt")
    await expect(sla).to_have_class("chip sla late")


async def test_a_server_that_is_gone_is_said_and_what_was_seen_stays(open_desk: Desk, page: Page) -> None:
    await refund(open_desk)
    await page.goto(f"{open_desk.url}/console/cases/SCH-2026-0001?lang=en")
    await expect(page.locator(".number")).to_be_visible()
    await page.route("**/console/api/**", lambda route: route.abort())
    await expect(page.locator("#gone")).to_contain_text("The server does not answer.", timeout=10_000)
    await expect(page.locator(".number")).to_be_visible()
    await page.unroute("**/console/api/**")
    await expect(page.locator("#gone")).to_be_hidden(timeout=10_000)


async def test_the_cases_of_a_conversation_are_one_click_apart(open_desk: Desk, page: Page) -> None:
    asked = await refund(open_desk)
    other = case("SCH-2026-0002", asked.conversation_id, 1, state="answered", intent="next_session")
    answer = say(other, "Sesi Kakak Kamis.")
    await open_desk.turn(other, answer, record=record(other, "kapan?", answer))
    await page.goto(f"{open_desk.url}{LATEST}&lang=en")
    await expect(page.locator(".number")).to_have_text("SCH-2026-0002")
    await page.get_by_role("link", name="0001").click()
    await expect(page.locator(".number")).to_have_text("SCH-2026-0001")
    await page.get_by_role("link", name="Follow").click()
    await expect(page.locator(".number")).to_have_text("SCH-2026-0002")
    await page.get_by_role("link", name="☰").click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.locator(".tongue").click()
    await expect(page.locator("th").first).to_have_text("Kasus")
