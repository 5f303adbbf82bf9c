"""Two contacts that are one person: everything follows, is written down, and can go back."""

import pytest
from services_scenes import NOW, School, first_message, task
from shop_scenes import Shop

from casefile.case import Case
from casefile.errors import BadInput
from services.contact_merge import OWN, PLACES, Who, merge, unmerge
from store.person import find_contact, person_of

WHO = Who("sf_tari", "the same buyer from two phones", NOW)
NEW = "+6281299990002"


async def joined(
    shop: School, kept: str = "ct_rina", gone: str = "ct_maya", name: str = "m1"
) -> dict[str, int]:
    return await shop.database.submit(lambda tx: merge(tx, kept, gone, WHO, shop.reading, name))


async def apart(shop: School, gone: str = "ct_maya") -> str:
    return await shop.database.submit(lambda tx: unmerge(tx, gone, WHO, shop.reading))


def held(shop: School) -> dict[str, list[tuple[object, ...]]]:
    """Return who has what, and who they are."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for table, column, key in PLACES:
        sql = f"SELECT {', '.join(key)}, {column} FROM {table} ORDER BY {', '.join(key)}"
        found[f"{table}.{column}"] = [tuple(row) for row in shop.database.read(sql)]
    found["guardians"] = [
        tuple(r) for r in shop.database.read("SELECT * FROM guardians ORDER BY student_id, contact_id")
    ]
    found["contacts"] = [
        tuple(r) for r in shop.database.read(f"SELECT id, {', '.join(OWN)} FROM contacts ORDER BY id")
    ]
    found["defaults"] = [
        tuple(row) for row in shop.database.read("SELECT id FROM addresses WHERE is_default = 1 ORDER BY id")
    ]
    return found


async def test_orders_cases_and_numbers_follow(shop: Shop) -> None:
    await shop.wrote("maya")
    counts = await joined(shop)
    assert counts == {
        "aliases": 1,
        "conversations": 1,
        "cases": 1,
        "invoices": 2,
        "orders": 2,
        "voucher_uses": 1,
    }
    facts = await shop.shop.shopping("ct_rina", NOW)
    assert len(facts.orders) == 2 and facts.rev == 2
    assert (await shop.shop.shopping("ct_maya", NOW)).orders == ()
    rina = await shop.sources.contact("ct_rina")
    assert rina is not None and [a.value for a in rina.aliases] == ["+6281200001001", "+6281200001003"]
    assert find_contact(shop.database.read, "+6281200001003") == "ct_rina"
    cases = [Case.model_validate_json(r["body"]) for r in shop.database.read("SELECT body FROM cases")]
    assert {case.contact_id for case in cases if case.id == "SCH-maya"} == {"ct_rina"}
    snapshot = await shop.sources.snapshot("ct_rina")
    assert snapshot is not None and len(snapshot.invoices) == 2
    assert not await shop.sources.registered("ct_maya")


async def test_a_voucher_for_once_is_for_once_of_both(shop: Shop) -> None:
    assert (await shop.vouchers.voucher("BARU", "ct_rina", 400_000, NOW)).refusal == ""
    await joined(shop)
    assert (await shop.vouchers.voucher("BARU", "ct_rina", 400_000, NOW)).refusal == "used"


async def test_flags_hold_if_either_had_them(shop: Shop) -> None:
    await joined(shop, gone="ct_vina")
    rina = await shop.sources.contact("ct_rina")
    assert rina is not None and rina.vip and rina.full_name == "Rina"


async def test_a_merge_goes_back_to_the_letter(shop: Shop) -> None:
    await shop.wrote("maya")
    before = held(shop)
    await joined(shop)
    assert held(shop) != before
    assert await apart(shop) == "ct_rina"
    assert held(shop) == before
    assert (await shop.shop.shopping("ct_maya", NOW)).rev == 3
    snapshot = await shop.sources.snapshot("ct_maya")
    assert snapshot is not None and len(snapshot.invoices) == 2


async def test_of_families_made_one_each_child_goes_back_to_whose_it_was(school: School) -> None:
    await school.database.submit(lambda tx: tx.execute("INSERT INTO guardians VALUES ('st_alya', 'ct_rina')"))
    before = held(school)
    await joined(school)
    assert [s.name for s in await school.sources.students_of("ct_rina")] == ["Alya", "Kenzo", "Rina"]
    await apart(school)
    assert held(school) == before


async def test_what_was_written_since_goes_where_it_was_written(shop: Shop) -> None:
    await shop.journal.receive([first_message("+6281200001003")])
    await joined(shop)
    again = first_message("+6281200001003")
    again = again.model_copy(update={"message": again.message.model_copy(update={"id": "m2"})})
    received = await shop.journal.receive([again])
    assert received[0].conversation_id == "wa-628001-ct_maya"
    await shop.commit("SCH-maya", "ct_maya")
    address = {"recipient": "M", "phone": NEW, "full_address": "Jl. Baru", "city": "Jakarta"}
    ordered = task("ORDER_CREATE", "ct_rina", "k1", "maya", items=[{"sku": "KM-M", "qty": 1}], address=address,
                   courier="JNE")  # fmt: skip
    await shop.set("UPDATE cases SET contact_id = 'ct_rina' WHERE id = 'SCH-maya'")
    result = await shop.operations.execute(ordered)
    assert result.status == "SUCCESS", result.details
    await shop.set("UPDATE contacts SET notes = 'since' WHERE id = 'ct_rina'")
    await apart(shop)
    assert len((await shop.shop.shopping("ct_maya", NOW)).orders) == 3
    (case,) = shop.database.read("SELECT contact_id FROM cases WHERE id = 'SCH-maya'")
    assert case["contact_id"] == "ct_maya"
    rina = await shop.sources.contact("ct_rina")
    assert rina is not None and rina.notes == "since"


async def test_what_cannot_be_merged_says_why(shop: Shop) -> None:
    with pytest.raises(BadInput, match="same contact"):
        await joined(shop, gone="ct_rina")
    with pytest.raises(BadInput, match="no contact 'ct_who'"):
        await joined(shop, gone="ct_who")
    with pytest.raises(BadInput, match="not merged"):
        await apart(shop)
    await joined(shop)
    with pytest.raises(BadInput, match="merged into another"):
        await joined(shop, name="m2")
    await joined(shop, "ct_vina", "ct_rina", "m3")
    with pytest.raises(BadInput, match="merged into ct_vina since"):
        await apart(shop)
    assert (await apart(shop, "ct_rina"), await apart(shop)) == ("ct_vina", "ct_rina")


async def test_nobody_is_merged_while_a_person_decides(shop: Shop) -> None:
    await shop.set("UPDATE cases SET state = 'awaiting_approval' WHERE id = 'SCH-maya'")
    before = held(shop)
    with pytest.raises(BadInput, match="still decides on SCH-maya"):
        await joined(shop)
    assert held(shop) == before


async def test_who_was_merged_is_the_same_person_to_export_and_erase(shop: Shop) -> None:
    await joined(shop)
    assert set(person_of(shop.database.read, "ct_rina").contacts) == {"ct_rina", "ct_maya"}
    await apart(shop)
    assert person_of(shop.database.read, "ct_rina").contacts == ("ct_rina",)
