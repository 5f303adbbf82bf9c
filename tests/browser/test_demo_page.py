"""The demo as a newcomer plays it: write, look at the case, let a coach decide, break something, mend it."""

from playwright.async_api import Page, expect

MINUTE = "+1 menit"
NAMES = ("Jadwal", "Pembayaran", "Pengetahuan", "Model", "Telegram", "WhatsApp")


async def write(page: Page, words: str) -> None:
    """Write on the phone and let a minute pass, so that the burst is over."""
    await page.locator("#words").fill(words)
    await page.locator("#composer button[type=submit]").click()
    await expect(page.locator("#chat")).to_contain_text(words)
    await page.get_by_role("button", name=MINUTE).click()


async def as_person(page: Page, name: str) -> None:
    """Choose who acts in the groups."""
    value = await page.locator("#person option").filter(has_text=name).first.get_attribute("value")
    await page.locator("#person").select_option(value)


async def test_a_question_is_answered_and_the_case_shows_why(page: Page) -> None:
    await page.locator("#people").get_by_text("Rina Anggraini").click()
    await write(page, "jadwal les aku kapan ya?")
    await expect(page.locator("#chat")).to_contain_text("Kamis, 26 November 2026 pukul 16.00 WIB")
    case = page.frame_locator("#case")
    await expect(case.locator("body")).to_contain_text("SCH-2026-0001")
    await expect(case.locator("body")).to_contain_text("R1")


async def test_a_refund_waits_for_a_coach_and_no_stranger_can_press(page: Page) -> None:
    await page.locator("#people").get_by_text("Rina Anggraini").click()
    await write(page, "mau refund dong, uangku balikin")
    room = page.locator("#room")
    approve = room.get_by_role("button", name="Approve")
    await expect(approve).to_be_visible()
    await as_person(page, "Orang asing")
    await approve.click()
    await expect(page.locator("#notices")).to_contain_text("terdaftar")
    await expect(approve).to_be_visible()
    await as_person(page, "Sinta")
    await approve.click()
    await expect(room).to_contain_text("Disetujui")
    await expect(approve).to_have_count(0)
    await expect(page.locator("#chat")).to_contain_text("sudah disetujui")
    await expect(page.frame_locator("#case").locator("body")).to_contain_text("R3")


async def test_a_broken_schedule_is_said_and_answered_when_it_is_back(page: Page) -> None:
    await page.locator("#people").get_by_text("Rina Anggraini").click()
    await page.get_by_role("button", name="Jalankan").click()
    await page.locator("#sources").get_by_role("button", name="Jadwal").click()
    await expect(page.locator("#trouble")).to_contain_text("Mode terbatas: Jadwal terganggu.")
    await write(page, "jadwal les aku kapan ya?")
    await expect(page.locator("#chat")).to_contain_text("sedang kami cek lagi")
    await expect(page.locator("#trouble")).to_contain_text("1 kasus terdampak")
    await expect(page.frame_locator("#case").locator("#trouble")).to_contain_text("Data jadwal terganggu.")
    await page.locator("#sources").get_by_role("button", name="Jadwal").click()
    await expect(page.locator("#chat")).to_contain_text("26 November 2026")
    await expect(page.locator("#trouble")).to_be_hidden()
    await expect(page.frame_locator("#case").locator("#trouble")).to_be_hidden()


async def test_whatever_is_pulled_shows_and_heals(page: Page) -> None:
    await page.get_by_role("button", name="Jalankan").click()
    sources = page.locator("#sources button")
    await expect(sources).to_have_count(6)
    for name in NAMES:
        await page.locator("#sources").get_by_role("button", name=name).click()
    trouble = page.locator("#trouble li")
    await expect(trouble).to_have_count(6)
    for name in NAMES:
        await expect(page.locator("#trouble")).to_contain_text(f"Mode terbatas: {name} terganggu.")
    for name in NAMES:
        await page.locator("#sources").get_by_role("button", name=name).click()
    await expect(trouble).to_have_count(0)
    await page.locator("#tab-incident").click()
    await expect(page.locator("#room")).to_contain_text("pulih")


async def test_the_page_speaks_english_too(page: Page) -> None:
    await page.get_by_role("button", name="English").click()
    await page.locator("#people").get_by_text("Emma Clarke").click()
    await page.locator("#words").fill("how does rescheduling work?")
    await page.locator("#composer button[type=submit]").click()
    await page.get_by_role("button", name="+1 min").click()
    await expect(page.locator("#chat")).to_contain_text("60 minutes before the session starts")
