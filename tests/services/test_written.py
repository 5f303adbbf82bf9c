"""Pages written elsewhere: read as often as needed and no oftener, and one that is not in order stops no other."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from services_scenes import NOW, ZONE

from policies.limits import Limits
from ports.knowledge import ListedPage
from services.knowledge import KnowledgeBase
from services.page_keeper import PORTION, PageKeeper
from services.pages import composed, parse_page
from services.written import SourcePages, Written
from store.database import Database
from tests.support.postgres import Opener

FRONT = {
    "Title": "Ruang tunggu",
    "Status": "Published",
    "Effective date": "2026-01-05",
    "Owner": "Administrasi",
    "Last reviewed": "2026-01-05",
    "Applies to": "all",
    "Language": "id",
}
FILLABLE = frozenset({"{cutoff_text}"})
MINUTE = timedelta(minutes=1)


class Shelf:
    """Pages in memory, and how often each was read."""

    def __init__(self) -> None:
        self.front: dict[str, dict[str, str]] = {}
        self.body: dict[str, str] = {}
        self.edited: dict[str, datetime] = {}
        self.reads: list[str] = []

    def put(self, topic: str, body: str, at: datetime, page_id: str = "", **front: str) -> None:
        key = page_id or topic
        told = {**FRONT, "Topic": topic, **front}
        self.front[key] = {name: value for name, value in told.items() if value}
        self.body[key], self.edited[key] = body, at.replace(second=0, microsecond=0)

    def take(self) -> list[str]:
        """Return what was read since the last time."""
        taken, self.reads = self.reads, []
        return taken

    async def check(self) -> None: ...

    async def close(self) -> None: ...

    async def published(self) -> tuple[ListedPage, ...]:
        return tuple(
            ListedPage(
                id=key,
                title=front.get("Title", ""),
                link=f"https://notion.example/{key}",
                edited_at=self.edited[key],
                front=front,
            )
            for key, front in self.front.items()
        )

    async def text(self, page_id: str) -> str:
        self.reads.append(page_id)
        return self.body[page_id]


@pytest.fixture
def database(open_database: Opener) -> Iterator[Database]:
    opened = open_database()
    yield opened
    opened.close()


def base_of(database: Database) -> KnowledgeBase:
    return KnowledgeBase(database, Limits(), ZONE)


async def test_a_page_is_read_again_when_it_was_edited_and_once_more_after_that(
    database: Database,
) -> None:
    shelf = Shelf()
    pages = SourcePages(database, shelf, FILLABLE)
    for topic in ("satu", "dua"):
        shelf.put(topic, "Ada, Kak.", NOW)
    assert [page.name for page in (await pages.now(NOW)).pages] == ["dua.id", "satu.id"]
    assert sorted(shelf.take()) == ["dua", "satu"]
    # Within the minute it is dated by, it can change again without its date changing.
    shelf.put("satu", "Ada banyak, Kak.", NOW)
    later = await pages.now(NOW + MINUTE)
    assert later.pages[1].answer == "Ada banyak, Kak."
    assert sorted(shelf.take()) == ["dua", "satu"]
    await pages.now(NOW + 3 * MINUTE)
    assert sorted(shelf.take()) == ["dua", "satu"]
    await pages.now(NOW + 4 * MINUTE)
    assert shelf.take() == []
    shelf.put("dua", "Tidak ada, Kak.", NOW + 5 * MINUTE)
    await pages.now(NOW + 5 * MINUTE)
    assert shelf.take() == ["dua"]
    del shelf.front["satu"]
    assert [page.name for page in (await pages.now(NOW + 9 * MINUTE)).pages] == ["dua.id"]


async def test_a_page_that_is_not_in_order_says_why_and_stays_as_it_is_in_force(
    database: Database,
) -> None:
    shelf = Shelf()
    pages, base = SourcePages(database, shelf, FILLABLE), base_of(database)
    shelf.put("satu", "Ada, Kak.", NOW)
    shelf.put("dua", "Ada, Kak.", NOW)
    await base.publish((await pages.now(NOW)).upon(()), "sf_tari", NOW)
    at = NOW + 10 * MINUTE
    shelf.put("satu", "Ada baru, Kak.", at, Language="")
    shelf.put("dua", "Ada baru, Kak.", at)
    shelf.put("tiga", "Ada, Kak.", at, **{"Effective date": "2026-01-05T10:00:00"})
    shelf.put("empat", "Ada, Kak.", at)
    shelf.put("empat", "Ada juga, Kak.", at, page_id="lagi")
    written = await pages.now(at)
    assert [(p.page, p.words.split(": ", 1)[1], p.link.rsplit("/")[-1]) for p in written.problems] == [
        ("satu.id", "Language missing", "satu"),
        ("tiga.id", "Effective date = '2026-01-05T10:00:00'; allowed: a day such as 2026-01-05", "tiga"),
        ("empat.id", "2 pages are empat.id; take all but one of them back", "empat"),
        ("empat.id", "2 pages are empat.id; take all but one of them back", "lagi"),
    ]
    released = written.upon(base.pages_in_force())
    assert {page.name: page.answer for page in released} == {
        "satu.id": "Ada, Kak.",
        "dua.id": "Ada baru, Kak.",
    }


def test_the_same_words_in_another_spelling_are_no_change() -> None:
    body = "Ada, Kak: di depan."
    source = composed({**FRONT, "Topic": "satu", "Next detail": "Tanya: kami."}, body)
    quoted = source.replace("'Tanya: kami.'", '"Tanya: kami."')
    before, after = parse_page("a", source), parse_page("b", quoted)
    assert before.content_hash != after.content_hash

    assert Written((after,)).upon((before,)) == (before,)
    changed = parse_page("b", quoted.replace("di depan", "di belakang"))
    assert Written((changed,)).upon((before,)) == (changed,)


async def test_a_page_never_seen_in_order_stays_as_it_is_in_force_as_well(database: Database) -> None:
    shelf, base = Shelf(), base_of(database)
    source = composed({**FRONT, "Topic": "satu"}, "Ada, Kak.")
    await base.publish((parse_page("a", source),), "folder", NOW)
    shelf.put("satu", "Ada baru, Kak.", NOW, Owner="")
    shelf.put("dua", "Ada, Kak.", NOW, Owner="", Topic="")
    written = await SourcePages(database, shelf, FILLABLE).now(NOW)
    assert [problem.page for problem in written.problems] == ["", "satu.id"]
    assert [page.answer for page in written.upon(base.pages_in_force())] == ["Ada, Kak."]


@pytest.mark.parametrize(
    ("body", "front", "words"),
    [
        ("Ada, Kak.", {"Title": "Judul yang terlalu panjang"}, "the Title has 26 characters; at most 20 fit"),
        ("Ada " * 200, {}, "the answer has 799 characters; at most 420 fit"),
        ("Ada {cutoff_text} dan {harga}, Kak.", {}, "nothing is known to fill {harga} in"),
        ("# Parkir\n\nAda, Kak.", {}, "the first paragraph is what is sent"),
        ("- satu\n- dua", {}, "the first paragraph is what is sent"),
    ],
)
async def test_what_a_customer_would_stumble_over_is_not_in_order(
    database: Database, body: str, front: dict[str, str], words: str
) -> None:
    shelf = Shelf()
    shelf.put("satu", body, NOW, **front)
    shelf.put("dua", "Paling lambat {cutoff_text}, Kak.", NOW)
    written = await SourcePages(database, shelf, FILLABLE).now(NOW)
    assert [page.name for page in written.pages] == ["dua.id"]
    (problem,) = written.problems
    assert words in problem.words


async def test_two_that_look_at_once_release_once_and_say_the_same(database: Database) -> None:
    shelf = Shelf()
    keepers = [
        PageKeeper(
            SourcePages(database, shelf, FILLABLE), base_of(database), timedelta(minutes=10), alone=True
        )
        for _ in range(2)
    ]
    shelf.put("satu", "Ada, Kak.", NOW)
    first, second = await asyncio.gather(*(keeper.look(NOW) for keeper in keepers))
    assert first == second
    assert first is not None
    assert first.published == ("satu.id",)
    (row,) = database.read("SELECT COUNT(*) AS n FROM kb_releases")
    assert row["n"] == 1


async def test_a_long_look_goes_on_where_it_was_and_ends_with_everything_read_once(
    database: Database,
) -> None:
    shelf = Shelf()
    pages, base = SourcePages(database, shelf, FILLABLE), base_of(database)
    keeper = PageKeeper(pages, base, timedelta(minutes=10), alone=True)
    for number in range(PORTION * 2 + 1):
        shelf.put(f"topik{number}", "Ada, Kak.", NOW)
    assert keeper.due(NOW)
    at = NOW
    while (news := await keeper.look(at)) is None:
        at += timedelta(seconds=5)
        assert keeper.due(at)
        assert base.in_force() is None
    assert len(news.published) == len(shelf.take()) == PORTION * 2 + 1
    assert not keeper.due(at)
    assert keeper.due(NOW + timedelta(minutes=10))


async def test_what_role_a_releases_never_takes_back_what_a_person_has_released_meanwhile(
    database: Database,
) -> None:
    base, other = base_of(database), base_of(database)
    source = composed({**FRONT, "Topic": "satu"}, "Ada, Kak.")
    first = await base.publish((parse_page("a", source),), "folder", NOW)
    mended = parse_page("a", source.replace("Ada, Kak.", "Ada dua, Kak."))
    second = await other.publish((mended,), "sf_tari", NOW)
    late = parse_page("a", source.replace("Ada, Kak.", "Ada tiga, Kak."))
    assert await base.publish((late,), "A", NOW, upon=first) == second
    # What is published is in force everywhere at once, and documented.
    found = await base.excerpt("satu", "id", NOW)
    assert found is not None
    assert (found.excerpt, found.release) == ("Ada dua, Kak.", second)
    assert await other.publish(base.pages_of(first), "sf_tari", NOW, action="rollback") == "v2026-02-10.3"
    rows = database.read("SELECT actor, action, body FROM audit WHERE service = 'knowledge' ORDER BY id")
    assert [(row["actor"], row["action"]) for row in rows] == [
        ("folder", "publish"),
        ("sf_tari", "publish"),
        ("sf_tari", "rollback"),
    ]
    assert '"~satu.id"' in rows[1]["body"]


async def test_who_publish_at_once_follow_one_another_and_nothing_is_lost(open_database: Opener) -> None:
    databases = [open_database() for _ in range(3)]
    source = composed({**FRONT, "Topic": "satu"}, "Ada, Kak.")
    bases = [base_of(database) for database in databases]
    await bases[0].publish((parse_page("a", source),), "folder", NOW)
    sets = [(parse_page("a", source.replace("Ada", f"Ada {n}")),) for n in range(9)]
    made = await asyncio.gather(
        *(bases[n % 3].publish(pages, f"sf_{n}", NOW) for n, pages in enumerate(sets))
    )
    assert sorted(made) == sorted(f"v2026-02-10.{n}" for n in range(2, 11))
    assert {base.in_force() for base in bases} == {max(made, key=lambda name: int(name.split(".")[1]))}
    for release, pages in zip(made, sets, strict=True):
        assert bases[0].pages_of(release) == pages
    # Each follows the one before it: that is what the audit trail says.
    rows = databases[0].read("SELECT body FROM audit WHERE service = 'knowledge' ORDER BY id")
    refs = [json.loads(row["body"])["data_refs"] for row in rows]
    assert [ref[1] for ref in refs[1:]] == [ref[0] for ref in refs[:-1]]
    for database in databases:
        database.close()
