"""Buying at the shop on the second phone: asked, ordered, paid on the bill's own button, and told so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from app.settings import ROOT, load
from app.stage import open_stage
from tests.support.browser import BROWSER, FLAGS, MONDAY

MINUTE = "+1 menit"


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    expect.set_options(timeout=30_000)
    stage = await open_stage(load(ROOT / "config.yaml", {}), tmp_path / "stage", freeze_at=MONDAY)
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=BROWSER, args=FLAGS)
        opened = await browser.new_page(viewport={"width": 1600, "height": 900})
        await opened.goto(stage.sandbox.url)
        yield opened
        await browser.close()
    await stage.stop()


async def write(page: Page, words: str, answer: str) -> None:
    """Write on the shop's phone and let a minute pass; the answer has to hold these words."""
    await page.locator("#words-shop").fill(words)
    await page.locator("#composer-shop button[type=submit]").click()
    await expect(page.locator("#chat-shop .mine").last).to_contain_text(words)
    await page.get_by_role("button", name=MINUTE).click()
    await expect(page.locator("#chat-shop")).to_contain_text(answer)


async def test_a_bill_is_paid_where_it_is_shown_and_the_receipt_comes_back(page: Page) -> None:
    await write(page, "kemeja linen bahari yg navy size L masih ada?", "Rp 349.000")
    await write(page, "mau pesen 1 ya kak", "Total Rp 357.000")
    await write(page, "iya", "siap dibayar")
    await page.locator("#chat-shop .pay").last.click()
    await expect(page.locator("#chat-shop")).to_contain_text("sudah lunas")
    await expect(page.frame_locator("#case").locator("body")).to_contain_text("TOK-2026-0001")
