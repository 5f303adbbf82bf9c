"""Pages and releases: checked, immutable, cited only when published and in effect."""

from datetime import timedelta
from pathlib import Path

import pytest
from services_scenes import NOW, ZONE

from policies.limits import Limits
from services.knowledge import KnowledgeBase
from services.pages import parse_page, read_pages
from store.database import Database
from store.errors import BadRecords, NotFound

PAGE = """---
Topic: {topic}
Title: Aturan
Status: {status}
Effective date: {day}
Owner: Kepala Sekolah
Last reviewed: 2026-01-05
Applies to: all students
Language: {language}
Next detail: Mau ganti jadwal, Kak?
---

Gratis {{free_reschedules}} kali,
paling lambat {{cutoff_text}}.

Latar belakang yang tidak dikirim.
"""


def page(
    topic: str = "aturan", status: str = "Published", day: str = "2026-01-05", language: str = "id"
) -> str:
    return PAGE.format(topic=topic, status=status, day=day, language=language)


def pages(*sources: str) -> tuple[object, ...]:
    return tuple(parse_page(f"p{n}.md", source) for n, source in enumerate(sources))


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeBase:
    database = Database.open(tmp_path / "kb.db")
    yield KnowledgeBase(database, Limits(), ZONE)  # type: ignore[misc]
    database.close()


async def test_an_excerpt_is_the_first_paragraph_with_the_limits_in_force(base: KnowledgeBase) -> None:
    release = await base.publish(pages(page()), "sf_tari", NOW)  # type: ignore[arg-type]
    found = await base.excerpt("aturan", "id", NOW)
    assert found is not None
    assert found.excerpt == "Gratis 2 kali, paling lambat 60 menit sebelum sesi mulai."
    assert (found.release, found.page_id, found.next_detail) == (release, "aturan", "Mau ganti jadwal, Kak?")
    assert found.content_hash == parse_page("x", page()).content_hash
    assert await base.excerpt("aturan", "en", NOW) is None
    assert base.titles("id", NOW) == {"aturan": "Aturan"}


async def test_a_shops_limits_are_filled_in_as_each_language_writes_them(base: KnowledgeBase) -> None:
    told = "Tukar {exchange_days} hari, bayar {pay_hours} jam, di atas {order_review} dilihat dulu."
    both = [
        parse_page(name, page(language=name).replace("Gratis {free_reschedules} kali,", told))
        for name in ("id", "en")
    ]
    await base.publish(both, "sf_tari", NOW)
    for language, amount in (("id", "Rp 1.000.000"), ("en", "Rp 1,000,000")):
        found = await base.excerpt("aturan", language, NOW)  # type: ignore[arg-type]
        assert found is not None
        assert f"Tukar 7 hari, bayar 24 jam, di atas {amount} dilihat dulu." in found.excerpt


async def test_drafts_and_pages_of_tomorrow_are_not_cited(base: KnowledgeBase) -> None:
    given = pages(page("draft", "Draft"), page("tomorrow", day="2026-02-11"))
    await base.publish(given, "sf_tari", NOW)  # type: ignore[arg-type]
    assert await base.excerpt("draft", "id", NOW) is None
    assert await base.excerpt("tomorrow", "id", NOW) is None
    # It takes effect at midnight in Jakarta, five in the afternoon UTC.
    midnight = NOW.replace(hour=17)
    assert await base.excerpt("tomorrow", "id", midnight - timedelta(seconds=1)) is None
    assert await base.excerpt("tomorrow", "id", midnight) is not None


async def test_a_release_is_new_only_when_something_changed(base: KnowledgeBase) -> None:
    assert base.in_force() is None
    assert await base.excerpt("aturan", "id", NOW) is None
    first = pages(page())
    assert await base.publish(first, "sf_tari", NOW) == "v2026-02-10.1"  # type: ignore[arg-type]
    assert await base.publish(first, "sf_tari", NOW) == "v2026-02-10.1"  # type: ignore[arg-type]
    second = pages(page().replace("Gratis", "Bebas"), page("baru"))
    changes = base.sync(second)  # type: ignore[arg-type]
    assert (changes.added, changes.changed, changes.removed) == (("baru.id",), ("aturan.id",), ())
    assert await base.publish(second, "sf_tari", NOW) == "v2026-02-10.2"  # type: ignore[arg-type]
    assert await base.publish(first, "sf_tari", NOW) == "v2026-02-10.3"  # type: ignore[arg-type]
    assert base.pages_of("v2026-02-10.1") == base.pages_of("v2026-02-10.3") == first
    found = await base.excerpt("aturan", "id", NOW)
    assert found is not None
    assert found.excerpt.startswith("Gratis")
    with pytest.raises(NotFound):
        base.pages_of("v1999-01-01.1")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("no front matter", "front matter"),
        (page(status="Maybe"), "Status = 'Maybe'; allowed: Published, Draft"),
        (page(language="de"), "Language = 'de'; allowed: id, en"),
        (page(day="soon"), "Effective date = 'soon'; allowed: a day such as"),
        (page().replace("Owner: Kepala Sekolah\n", ""), "Owner missing"),
        (page().split("\n\n")[0] + "\n", "no text"),
        ("---\n- a\n---\ntext", "Key: value"),
        ("---\n{\n---\ntext", "not YAML"),
    ],
)
def test_a_bad_page_is_refused_in_words(tmp_path: Path, source: str, words: str) -> None:
    (tmp_path / "aturan.id.md").write_text(source, encoding="utf-8")
    with pytest.raises(BadRecords, match=r"aturan\.id\.md") as caught:
        read_pages(tmp_path)
    assert words in str(caught.value)


def test_a_topic_has_one_page_per_language(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(page(), encoding="utf-8")
    with pytest.raises(BadRecords, match=r"b\.md: another file"):
        read_pages(tmp_path)


def test_an_empty_folder_is_not_knowledge(tmp_path: Path) -> None:
    with pytest.raises(BadRecords, match="no pages"):
        read_pages(tmp_path)
