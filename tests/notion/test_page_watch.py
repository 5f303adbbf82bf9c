"""The look at Notion by itself: what A may release goes in force, the rest waits; a webhook only wakes it."""

import hashlib
import hmac
import shutil
from pathlib import Path

import httpx
import pytest
from notion_scenes import Show, showing

from app.cli.doctor_notion import notion
from app.settings import ROOT, load

KEMANG = "Studio kami ada di lantai tiga, Kak."


def release(show: Show) -> tuple[str, str]:
    row = show.stage.wired.database.read_one("SELECT * FROM kb_releases ORDER BY seq DESC LIMIT 1")
    assert row is not None
    return row["release"], row["published_by"]


async def lane(show: Show) -> str:
    answer = await show.http.get(f"{show.stage.sandbox.url}/sandbox/telegram/chat/ops")
    return "\n".join(message["text"] for message in answer.json()["messages"])


async def looked(show: Show, minutes: int = 1) -> None:
    """Let minutes go by, and everything that is to be looked at in them be looked at."""
    for _ in range(minutes):
        await show.passes(60)
    for _ in range(20):
        await show.passes()


async def queries(show: Show) -> int:
    answer = await show.http.get(f"{show.stage.sandbox.url}/sandbox/events", params={"after": 0, "wait": 0})
    return sum(1 for e in answer.json()["events"] if e["kind"] == "notion.call" and e["op"] == "query")


async def delivered(show: Show) -> None:
    """Wait until everything the sandbox had to say has been heard."""
    while (await show.http.get(f"{show.stage.sandbox.url}/sandbox/state")).json()["pending_webhooks"]:
        await show.world.settle()


async def test_what_touches_neither_rules_nor_money_is_in_force_by_itself_and_the_rest_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(tmp_path, monkeypatch) as show:
        first, _ = release(show)
        await looked(show, 2)
        assert release(show)[0] == first
        await show.edits("facilities", KEMANG)
        await show.edits("price_list", "Paket 4 sesi sekarang Rp 1, Kak.")
        await show.edits("genres", Owner=None)
        await show.control("notion/page", topic="branches", trash=True)
        await looked(show, 11)
        made, by = release(show)
        assert (made != first, by) == (True, "A")
        pages = {page.name: page for page in show.stage.wired.knowledge.pages_of(made)}
        assert pages["facilities.id"].answer == KEMANG
        # Money, a page taken back, a page that is not in order: as they were.
        before = {page.name: page for page in show.stage.wired.knowledge.pages_of(first)}
        for name in ("price_list.id", "branches.id", "genres.id"):
            assert pages[name] == before[name]
        told = await lane(show)
        for words in (
            f"Langsung berlaku di {made}: facilities.id",
            "• branches.id: dihapus (halaman ditarik)",
            "• price_list.id: berubah (soal uang",
            "Owner missing",
        ):
            assert words in told, words
        assert [(one.state, one.said.split(": ")[-1]) for one in notion(show.stage.wired.settings)][1] == (
            "note",
            "Owner missing",
        )
        # Found again and again, told once, and nothing more is released.
        await looked(show, 11)
        assert release(show)[0] == made
        assert (await lane(show)).count("price_list.id") == 2
        answer = await show.asks("fasilitas studionya apa aja kak?")
        assert KEMANG in answer.text
        assert answer.citations[0].release == made


async def test_with_a_human_a_nothing_is_released_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(tmp_path, monkeypatch, a_approval="human") as show:
        first = release(show)
        await show.edits("facilities", KEMANG)
        await looked(show, 12)
        assert release(show) == first
        assert "• facilities.id: berubah\n" in await lane(show)


async def test_a_webhook_wakes_the_look_and_a_lost_one_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with showing(tmp_path, monkeypatch) as show:
        url = f"{show.stage.server.url}/webhooks/notion/school"
        assert await show.loket("kb", "webhook") == 0
        assert "/webhooks/notion/school" in capsys.readouterr().out
        token = (await show.control("notion/webhooks", subscribe=url))["token"]
        await show.passes()
        assert await show.loket("kb", "webhook") == 0
        assert capsys.readouterr().out.strip().endswith(token)
        assert "the webhook is not confirmed yet" in [one.said for one in notion(show.stage.wired.settings)]
        assert (await show.control("notion/webhooks", confirm=token))["active"]
        # The second look reads everything once more, for it was all written just before the first.
        await looked(show, 12)
        quiet = await queries(show)
        await looked(show, 1)
        assert await queries(show) == quiet
        # Held back, repeated and shuffled: all of it is one look.
        await show.control("notion/webhooks", hold=True)
        await show.edits("facilities", "Ada ruang tunggu, Kak.")
        await show.edits("facilities", KEMANG)
        await show.control("notion/webhooks", hold=False, times=3, shuffle=7)
        await delivered(show)
        await looked(show, 1)
        assert await queries(show) == quiet + 2
        assert release(show)[1] == "A"
        assert await show.loket("kb", "webhook") == 0
        assert "is subscribed" in capsys.readouterr().out
        assert [one.state for one in notion(show.stage.wired.settings)] == ["ok"]
        # Lost on the way: the next look in turn finds it all the same.
        await show.control("notion/webhooks", lose=1)
        await show.edits("facilities", "Ada ruang tunggu di lantai tiga, Kak.")
        await looked(show, 11)
        newest = show.stage.wired.knowledge.pages_of(release(show)[0])
        assert "lantai tiga" in next(page for page in newest if page.name == "facilities.id").answer


async def test_only_who_knows_the_token_is_heard_and_the_first_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with showing(tmp_path, monkeypatch) as show, httpx.AsyncClient(trust_env=False) as anybody:
        url = f"{show.stage.server.url}/webhooks/notion/school"
        event = b'{"type": "page.created"}'
        assert (await anybody.post(url, content=event)).status_code == 401
        assert (await anybody.post(url, json={"verification_token": "secret_a"})).status_code == 200
        assert (await anybody.post(url, json={"verification_token": "secret_b"})).status_code == 401
        signed = hmac.new(b"secret_b", event, hashlib.sha256).hexdigest()
        forged = {"X-Notion-Signature": f"sha256={signed}"}
        assert (await anybody.post(url, content=event, headers=forged)).status_code == 401
        signed = hmac.new(b"secret_a", event, hashlib.sha256).hexdigest()
        genuine = {"X-Notion-Signature": f"sha256={signed}"}
        assert (await anybody.post(url, content=event, headers=genuine)).status_code == 200
        assert await show.loket("kb", "webhook", "--forget", "--by", "nobody") == 2
        assert await show.loket("kb", "webhook", "--forget", "--by", "tari") == 0
        assert (await anybody.post(url, json={"verification_token": "secret_b"})).status_code == 200
        assert (await anybody.post(f"{url}x", content=event)).status_code == 404


async def test_with_notion_down_answers_go_on_nothing_is_published_and_it_heals_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with showing(tmp_path, monkeypatch) as show:
        first, _ = release(show)
        await looked(show, 2)
        await show.edits("facilities", KEMANG)
        await show.control("faults", target="notion", mode="down")
        for _ in range(30):
            if "knowledge" in await show.stage.wired.board.down():
                break
            await show.passes(121)
        assert "knowledge" in await show.stage.wired.board.down()
        answer = await show.asks("parkir ada ga kak?")
        assert answer.citations[0].release == first
        assert await show.loket("kb", "publish", "--by", "tari") == 2
        assert "knowledge is not answering" in capsys.readouterr().err
        await show.http.delete(f"{show.stage.sandbox.url}/sandbox/faults")
        for _ in range(30):
            if "knowledge" not in await show.stage.wired.board.down():
                break
            await show.passes(10)
        await looked(show, 11)
        assert release(show)[1] == "A"


async def test_a_school_without_a_folder_of_pages_answers_from_what_notion_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = tmp_path / "own"
    shutil.copytree(ROOT / "desks", desks / "desks")
    shutil.rmtree(desks / "desks" / "school" / "knowledge")
    shutil.copy(ROOT / "config.yaml", desks / "config.yaml")
    async with showing(tmp_path, monkeypatch, load(desks / "config.yaml", {})) as show:
        assert show.stage.wired.knowledge.in_force() is None
        properties = {
            "Title": "Fasilitas",
            "Status": "Published",
            "Effective date": "2026-01-05",
            "Owner": "Administrasi",
            "Last reviewed": "2026-01-05",
            "Applies to": "prospects",
        }
        await show.control("notion/page", topic="facilities", create=True, properties=properties, text=KEMANG)
        await looked(show, 2)
        answer = await show.asks("fasilitas studionya apa aja kak?")
        assert KEMANG in answer.text
        assert [(one.page_id, one.release) for one in answer.citations] == [("facilities", release(show)[0])]
