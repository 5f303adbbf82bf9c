"""The demo's page with the real server behind it, in a browser where there is one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from app.settings import ROOT, load
from app.stage import Stage, open_stage
from tests.support.browser import BROWSER, FLAGS, MONDAY

collect_ignore_glob = [] if BROWSER else ["test_*.py"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    opened = await open_stage(
        load(ROOT / "config.yaml", {}).alone("school"), tmp_path / "stage", freeze_at=MONDAY
    )
    yield opened
    await opened.stop()


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    expect.set_options(timeout=20_000)
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=BROWSER, args=FLAGS)
        opened = await browser.new_page(viewport={"width": 1440, "height": 900})
        await opened.goto(stage.sandbox.url)
        yield opened
        await browser.close()
