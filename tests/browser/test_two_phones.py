"""Two desks in the demo: a phone for each, and the people, groups and case of the one in hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from app.stage import open_stage
from tests.desks.deployment import two_desks
from tests.graph.whole import loaded
from tests.support.browser import BROWSER, FLAGS, MONDAY

MINUTE = "+1 menit"


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    expect.set_options(timeout=20_000)
    stage = await open_stage(two_desks(), tmp_path / "stage", freeze_at=MONDAY, loaded=loaded())
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=BROWSER, args=FLAGS)
        opened = await browser.new_page(viewport={"width": 1600, "height": 900})
        await opened.goto(stage.sandbox.url)
        yield opened
        await browser.close()
    await stage.stop()


async def test_each_phone_talks_to_its_own_desk(page: Page) -> None:
    second = page.locator("#chat-barber")
    await expect(page.locator("#people")).to_contain_text("Rina Anggraini")
    await page.get_by_role("button", name="potong rambut berapa?").click()
    await expect(second).to_contain_text("potong rambut berapa?")
    await page.get_by_role("button", name=MINUTE).click()
    await expect(second).to_contain_text("Rp 60.000")
    await expect(page.locator("#people")).to_contain_text("Wayan Sudarma")
    await expect(page.locator("#people")).not_to_contain_text("Rina Anggraini")
    await expect(page.frame_locator("#case").locator("body")).to_contain_text("PKS-2026-0001")
    await expect(page.locator("#chat")).not_to_contain_text("Rp 60.000")


async def test_a_coach_decides_in_the_groups_of_the_desk_in_hand(page: Page) -> None:
    await page.locator("#words-barber").fill("mau refund dong, uangku balikin")
    await page.locator("#composer-barber button[type=submit]").click()
    await expect(page.locator("#chat-barber")).to_contain_text("mau refund dong")
    await page.get_by_role("button", name=MINUTE).click()
    room = page.locator("#room")
    await expect(room).to_contain_text("PKS-2026-0001")
    await room.get_by_role("button", name="Deny").click()
    await expect(room).to_contain_text("Ditolak")
    await page.locator("#phones").get_by_role("button", name="Suara Kita").click()
    await expect(page.locator("#people")).to_contain_text("Rina Anggraini")
    await expect(room).not_to_contain_text("PKS-2026-0001")


async def test_a_small_screen_shows_one_phone_and_a_switch(page: Page) -> None:
    await page.set_viewport_size({"width": 1100, "height": 800})
    await expect(page.locator("#phone")).to_be_visible()
    await expect(page.locator("#phone-barber")).to_be_hidden()
    await page.locator("#phones").get_by_role("button", name="Pangkas Sore").click()
    await expect(page.locator("#phone-barber")).to_be_visible()
    await expect(page.locator("#phone")).to_be_hidden()
