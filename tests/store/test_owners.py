"""Whose data a text carries: found in every spelling, and nobody's own held against them."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.database import Database
from store.facts import Reading
from store.owners import others_in
from store.records_load import load_records, read_records

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RECORDS = read_records(Path(__file__).parents[2] / "desks/school/records")
RINA, MAYA = ("ct_rina",), ("ct_maya",)
OTHERS = [row for row in RECORDS.rows["contacts"] if row.id != "ct_rina" and row.phone]
Look = Callable[..., tuple[str, ...]]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    database = Database.open(tmp_path_factory.mktemp("owners") / "loket.db")

    async def fill() -> None:
        await database.submit(
            lambda tx: load_records(tx, RECORDS, Reading(ZoneInfo("Asia/Jakarta")), NOW, lambda _: True)
        )
        await database.submit(
            lambda tx: tx.execute(
                "INSERT INTO contacts (id, full_name, first_seen) VALUES ('ct_one', 'Bunga', ''),"
                " ('ct_dot', 'M. Rizki', ''), ('ct_far', 'Zoë Müller', ''), ('ct_staff', 'Bima Pratama', ''),"
                " ('ct_same', 'RINA ANGGRAINI', '')"
            )
        )

    asyncio.run(fill())
    yield lambda text, own=RINA: others_in(database.read, text, own)
    database.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sama seperti Budi Santoso ya", {"budi santoso"}),
        ("sama seperti *BUDI*  santoso, ya", {"budi santoso"}),
        ("seperti budi\nsantosonya kemarin", {"budi santoso"}),
        ("Kak M. Rizki, dan Zoë Müller juga", {"m. rizki", "zoë müller"}),
        ("like Budi Santoso's lesson", {"budi santoso"}),
        ("kelasnya Kenzo Hapsari", {"kenzo hapsari"}),
        ("0812 0000 1002", {"0812 0000 1002"}),
        ("hubungi +62-812-0000-1002 jam 16.00", {"+62-812-0000-1002"}),
        ("wa.me/6281200001002", {"6281200001002"}),
        ("(0812) 0000.1002 2026", {"(0812) 0000.1002"}),
        ("Budi.Santoso@Example.com", {"budi.santoso@example.com"}),
        ("bayar inv-2026-1103-002 dulu", {"inv-2026-1103-002"}),
        ("pesanan ORD-2026-0001 punya siapa", set()),
        ("bunga mawar", set()),
        ("untuk Bunga", {"bunga"}),
        ("Rina Anggraini +6281200001001 rina.anggraini@example.com", set()),
        ("dengan Coach Bima Pratama", set()),
        ("budiman santosoyo 200001002", set()),
        ("", set()),
    ],
)
def test_what_is_somebody_elses_is_found_however_it_is_written(
    look: Look, text: str, found: set[str]
) -> None:
    invoice = next(row.number for row in RECORDS.rows["invoices"] if row.contact != "ct_rina")
    text = text.replace("inv-2026-1103-002", invoice.lower())
    found = {each.replace("inv-2026-1103-002", invoice.lower()) for each in found}
    plain = {re.sub(r"^\+|^\(", "", each.lower()) for each in look(text)}
    assert plain == {re.sub(r"^\+|^\(", "", each) for each in found}


def test_a_parent_may_hear_of_their_own_children_only(look: Look) -> None:
    assert look("Alya Hapsari dan Kenzo Hapsari", MAYA) == ()
    assert look("Alya Hapsari", RINA) == ("Alya Hapsari",)
    assert look("Alya Hapsari", (*RINA, *MAYA)) == ()
    assert look("Rina Anggraini", ()) == ("Rina Anggraini",)


@given(
    who=st.sampled_from(OTHERS),
    before=st.sampled_from(["", "Halo Kak, sama seperti ", "besok 16.00 ", "no. 12 ", "(", "*"]),
    after=st.sampled_from(["", " ya.", "!", ", jam 10.00", ")", "*", "\nterima kasih"]),
    case=st.sampled_from([str, str.upper, str.lower, str.title]),
    gap=st.sampled_from(["", " ", "-", "."]),
)
@settings(max_examples=150, deadline=None)
def test_no_spelling_hides_another_customer(
    look: Look, who: object, before: str, after: str, case: Callable[[str], str], gap: str
) -> None:
    name, email, phone = (str(getattr(who, part)) for part in ("full_name", "email", "phone"))
    local = "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone
    spaced = gap.join(re.findall(r".{1,4}", local))
    for said in (case(name), case(email), phone, spaced):
        assert look(before + said + after), said
