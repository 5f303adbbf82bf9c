"""Buying on the phones: asked, agreed to, paid on the bill's own button, and told so."""

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


async def write(page: Page, words: str, answer: str, phone: str = "-shop") -> None:
    """Write on a phone and let a minute pass; the answer has to hold these words."""
    await page.locator(f"#words{phone}").fill(words)
    await page.locator(f"#composer{phone} button[type=submit]").click()
    await expect(page.locator(f"#chat{phone} .mine").last).to_contain_text(words)
    await page.get_by_role("button", name=MINUTE).click()
    await expect(page.locator(f"#chat{phone}")).to_contain_text(answer)


async def test_a_bill_is_paid_where_it_is_shown_and_the_receipt_comes_back(page: Page) -> None:
    await write(page, "kemeja linen bahari yg navy size L masih ada?", "Rp 349.000")
    await write(page, "mau pesen 1 ya kak", "Total Rp 357.000")
    await write(page, "iya", "siap dibayar")
    await page.locator("#chat-shop .pay").last.click()
    await expect(page.locator("#chat-shop")).to_contain_text("sudah lunas")
    await expect(page.frame_locator("#case").locator("body")).to_contain_text("TOK-2026-0001")


async def test_a_package_is_renewed_and_paid_on_the_school_s_phone(page: Page) -> None:
    await write(page, "kak mau perpanjang paket 4 sesi dong", "Total Rp 1.400.000", "")
    await write(page, "ya", "siap dibayar", "")
    await page.locator("#chat .pay").last.click()
    await expect(page.locator("#chat")).to_contain_text("Sisa sesi")
