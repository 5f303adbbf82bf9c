"""A page changed in Notion changes the next answer once it is published; a draft never does."""

import json
from pathlib import Path

import pytest
from notion_scenes import showing


async def test_a_page_changed_in_notion_changes_the_next_answer_and_a_draft_never_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with showing(tmp_path, monkeypatch) as show:
        first = await show.asks("parkir ada ga kak?")
        assert "6 mobil" in first.text
        (cited,) = first.citations
        # What lies in Notion is what the folder had: nothing would change.
        assert await show.loket("kb", "sync", "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["in_force"], told["pages"]) == (cited.release, 154)
        assert [told[what] for what in ("added", "changed", "removed", "problems")] == [[], [], [], []]
        await show.edits("parking", "Ada parkir gratis untuk 9 mobil, Kak.\n\nDi belakang studio.")
        assert await show.loket("kb", "diff") == 0
        shown = capsys.readouterr().out
        assert "~ parking.id" in shown
        assert "+Ada parkir gratis untuk 9 mobil, Kak." in shown
        # Before it is published: what was said on its ground, and which golden conversations rest on it.
        assert "1 rest on these pages: 1 would be different" in shown
        assert await show.loket("kb", "blast", "--json") == 0
        radius = json.loads(capsys.readouterr().out)
        (told,) = radius["answers"]
        assert (told["page"], told["becomes"], told["release"]) == ("parking.id", "different", cited.release)
        assert told["customer"].startswith("+62…")
        assert {"name": "parking-and-a-move", "page": "parking.id", "heard": True} in radius["golden"]
        unpublished = await show.asks("parkir mobil ada ga kak?")
        assert "6 mobil" in unpublished.text
        assert await show.loket("kb", "publish", "--by", "tari") == 0
        assert "loket kb blast --page parking.id" in capsys.readouterr().out
        # Who holds the old fact now; asked twice, told twice.
        assert await show.loket("kb", "blast", "--page", "parking.id", "--json") == 0
        held = json.loads(capsys.readouterr().out)["answers"]
        assert [(one["page"], one["becomes"]) for one in held] == [("parking.id", "different")] * 2
        assert await show.loket("kb", "blast", "--page", "parking.xx") == 2
        second = await show.asks("kak, ada tempat parkir?")
        assert "9 mobil" in second.text
        assert second.citations[0].page_id == "parking"
        assert second.citations[0].release not in {"", cited.release}
        assert second.citations[0].content_hash != cited.content_hash

        await show.edits("parking", "Ada parkir untuk 100 mobil, Kak.", Status="Draft")
        assert await show.loket("kb", "diff") == 0
        assert "- parking.id  (a person: taken back" in capsys.readouterr().out
        assert await show.loket("kb", "publish", "--by", "tari") == 0
        assert await show.loket("kb", "blast", "--page", "parking.id") == 0
        assert "without a page" in capsys.readouterr().out
        third = await show.asks("parkir di studio ada kak?")
        assert "100 mobil" not in third.text
        assert third.citations == ()
