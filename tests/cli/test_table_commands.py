"""`loket import` and `loket export`: all of a table or nothing of it, and out as it comes in."""

import csv
import io
import json
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.cli.shop_counter import Counter

HEAD = "id;name;category;weight_grams;sku;size;colour;price;stock\n"
GOOD = "kaos-baru;Kaos Baru;kaos;200;KB-M;M;hitam;Rp 99.000;5\nkaos-baru;Kaos Baru;kaos;200;KB-L;L;hitam;99000;\n"


@pytest.fixture
def counter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Counter:
    return Counter(tmp_path, capsys)


def staff(counter: Counter) -> str:
    return str(counter.rows("SELECT id FROM staff ORDER BY position")[0]["id"])


def bring(counter: Counter, kind: str, text: str, *options: str) -> tuple[int, str]:
    file = counter.home / "t.csv"
    file.write_text(text, encoding="utf-8-sig")
    return counter.run("import", kind, str(file), "--by", staff(counter), *options)


def free(counter: Counter, sku: str) -> list[int]:
    return [row["free"] for row in counter.rows(f"SELECT free FROM variants WHERE sku = '{sku}'")]


def test_goods_come_in_with_the_sums_of_a_spreadsheet(counter: Counter) -> None:
    code, said = bring(counter, "catalogue", HEAD + GOOD, "--dry-run")
    assert code == 0 and "2 new" in said and free(counter, "KB-M") == []
    code, said = bring(counter, "catalogue", HEAD + GOOD)
    assert code == 0 and "2 new, 0 known before" in said
    assert (free(counter, "KB-M"), free(counter, "KB-L")) == ([5], [0])
    code, said = bring(counter, "catalogue", HEAD + GOOD.replace("99.000;5", "109.000;7"))
    assert code == 0 and "0 new, 2 known before" in said
    assert free(counter, "KB-M") == [7]
    (entry,) = counter.rows("SELECT actor, body FROM audit WHERE action = 'IMPORT' ORDER BY id DESC LIMIT 1")
    assert entry["actor"] == staff(counter)


def test_a_list_of_prices_leaves_everything_else_as_it_was(counter: Counter) -> None:
    before = counter.json("shop", "product", "KLB-PTH-S")
    row = "kemeja-linen-bahari,Kemeja Linen Bahari,kemeja,280,KLB-PTH-S,Rp 359.000\n"
    code, said = bring(counter, "catalogue", "id,name,category,weight_grams,sku,price\n" + row)
    assert code == 0, said
    after = counter.json("shop", "product", "KLB-PTH-S")
    assert after["variants"][0] == before["variants"][0] | {"price": 359_000}
    assert {**after, "variants": None} == {**before, "variants": None}


def test_a_bad_row_keeps_the_whole_table_out_or_is_left_out_alone(counter: Counter) -> None:
    bad = "kaos-baru;Kaos Lain;kaos;200;KB-XL;XL;hitam;gratis;5\nx;X;kaos;0;KLB-PTH-S;S;putih;1000;1\n"
    code, said = bring(counter, "catalogue", HEAD + GOOD + bad)
    assert code == 1 and "t.csv line 4: price = 'gratis'" in said and "t.csv line 5: weight_grams" in said
    assert "Nothing of the 4 rows was written" in said and free(counter, "KB-M") == []
    code, said = bring(counter, "catalogue", HEAD + GOOD + bad, "--skip-bad")
    assert code == 1 and "Brought in: 2 new, 0 known before; 2 left out" in said
    assert free(counter, "KB-M") == [5]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("kaos-lain;Kaos Lain;kaos;200;KB-M;M;hitam;1000;1", "'KB-M' is in the table twice"),
        ("kaos-baru;Kaos Lain;kaos;200;KB-S;S;hitam;1000;1", "name: not as in the row of kaos-baru"),
        ("kaos-lain;Kaos Lain;kaos;200;KLB-PTH-S;S;putih;1000;1", "belongs to kemeja-linen-bahari"),
        ("kaos-lain;Kaos Lain;kaos;200;KL-S;S;putih;1000;-1", "stock = '-1'"),
    ],
)
def test_a_row_that_does_not_fit_the_others_or_the_records(counter: Counter, row: str, words: str) -> None:
    code, said = bring(counter, "catalogue", HEAD + GOOD + row + "\n")
    assert code == 1 and words in said


def test_stock_counts_what_is_set_aside(counter: Counter) -> None:
    (held,) = counter.rows("SELECT sku, SUM(qty) AS n FROM reservations GROUP BY sku ORDER BY sku LIMIT 1")
    rows = list(csv.DictReader(io.StringIO(exported(counter, "catalogue"))))
    row = next(row for row in rows if row["sku"] == held["sku"])
    assert int(row["stock"]) == free(counter, held["sku"])[0] + held["n"]
    row["stock"] = str(held["n"] - 1)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(row))
    writer.writeheader()
    writer.writerow(row)
    code, said = bring(counter, "catalogue", out.getvalue())
    assert code == 1 and "are set aside for orders" in said


def exported(counter: Counter, kind: str) -> str:
    code, said = counter.run("export", kind, "--by", staff(counter))
    assert code == 0, said
    return said


@pytest.mark.parametrize("kind", ["catalogue", "contacts", "shipping", "vouchers"])
@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_what_goes_out_comes_in_again_and_changes_nothing(counter: Counter, kind: str, suffix: str) -> None:
    file = counter.home / f"out.{suffix}"
    code, said = counter.run("export", kind, "--to", str(file), "--by", staff(counter))
    assert code == 0 and file.stat().st_mode & 0o077 == 0
    before = exported(counter, kind)
    code, said = counter.run("import", kind, str(file), "--by", staff(counter))
    assert (code == 0 and " 0 new" in said) or "0 new," in said
    assert exported(counter, kind) == before


def test_people_are_known_again_by_number_or_email(counter: Counter) -> None:
    head = "phone,full_name,email,vip,full_address,city\n"
    code, said = bring(
        counter,
        "contacts",
        head + "'081300002001,Ayu L,,ya,,\n0812 9999 0001,Baru Sekali,baru@example.com,,Jl. Baru 1,Depok\n",
    )
    assert code == 0 and "1 new, 1 known before" in said
    (ayu,) = counter.rows("SELECT full_name, vip, email, rev FROM contacts WHERE id = 'ct_ayu'")
    assert (ayu["full_name"], ayu["vip"], ayu["email"]) == ("Ayu L", 1, "ayu.larasati@example.com")
    (new,) = counter.rows("SELECT contact_id FROM aliases WHERE value = '+6281299990001'")
    (place,) = counter.rows(
        f"SELECT city, is_default FROM addresses WHERE contact_id = '{new['contact_id']}'"
    )
    assert (place["city"], place["is_default"]) == ("Depok", 1)
    (kept,) = counter.rows("SELECT snapshots.rev FROM snapshots WHERE contact_id = 'ct_ayu'")
    assert kept["rev"] == ayu["rev"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("6.28E+12,A,,,,", "shortened a long number"),
        (",A,,,,", "give an id, a phone or an email"),
        ("081300002001,A,bagus.prakoso@example.com,,,", "loket contact merge"),
        ("081299990001,A,,,Jl. Baru 1,", "full_address and city"),
        ("081299990001,,,,Jl. Baru 1,Depok", "an address has a recipient"),
    ],
)
def test_a_person_who_is_nobody_or_two_is_refused(counter: Counter, row: str, words: str) -> None:
    code, said = bring(counter, "contacts", "phone,full_name,email,vip,full_address,city\n" + row + "\n")
    assert code == 1 and words in said


def test_students_come_with_those_who_answer_for_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    school = Counter(tmp_path, capsys, ROOT / "desks" / "school" / "records")
    head = "id,name,guardians,own_contact,package_name,sessions_left,package_expires\n"
    row = "st_baru,Nina Baru,0812 0000 1003; ct_rina,,Privat,4,31/12/2026\n"
    code, said = bring(school, "students", head + row)
    assert code == 0, said
    found = school.rows("SELECT contact_id FROM guardians WHERE student_id = 'st_baru' ORDER BY contact_id")
    assert [one["contact_id"] for one in found] == ["ct_maya", "ct_rina"]
    (kept,) = school.rows("SELECT body FROM snapshots WHERE contact_id = 'ct_maya'")
    assert "Nina Baru" in kept["body"]
    for bad, words in [
        ("st_x,X,0899 9999 9999,,,,\n", "bring the contacts in first"),
        ("st_x,X,,,,,\n", "somebody answers for a student"),
        ("st_x,X,ct_rina,,Privat,,\n", "a package has"),
        ("st_baru,Y,ct_rina,,,,\n" * 2, "in the table twice"),
    ]:
        code, said = bring(school, "students", head + bad)
        assert code == 1 and words in said, said
    before = exported(school, "students")
    assert bring(school, "students", before)[0] == 0
    assert exported(school, "students") == before


def test_couriers_and_vouchers_are_kept_by_table(counter: Counter) -> None:
    head = "courier;city;first_kg;next_kg;days\n"
    code, said = bring(
        counter, "shipping", head + "jne;jakarta pusat;Rp 11.000;9000;1\nAntar;Biak;90000;80000;7\n"
    )
    assert code == 0 and "1 new, 1 known before" in said
    rates = {(r["courier"], r["city"]): r["first_kg"] for r in counter.rows("SELECT * FROM shipping_rates")}
    assert (rates["JNE", "Jakarta Pusat"], rates["Antar", "Biak"]) == (11_000, 90_000)
    assert bring(counter, "shipping", head + "JNE;Biak;1;1;1\njne;biak;2;2;2\n")[0] == 1
    head = "code,percent,amount,first_day,last_day,uses,once_per_contact\n"
    code, said = bring(counter, "vouchers", head + "lebaran,,25000,01/03/2027,10/03/2027,50,ya\n")
    assert code == 0, said
    (row,) = counter.rows("SELECT * FROM vouchers WHERE code = 'LEBARAN'")
    # Midnights of Jakarta, the second one after its last day.
    assert (row["begins_at"][:16], row["ends_at"][:16]) == ("2027-02-28T17:00", "2027-03-10T17:00")
    for bad, words in [
        ("X,,,,,,\n", "code ="),
        ("ABC,5,5,,,,\n", "not both"),
        ("ABC,5,,02/03/2027,01/03/2027,,\n", "before"),
    ]:
        code, said = bring(counter, "vouchers", head + bad)
        assert code == 1 and words in said


def test_a_file_that_is_none_is_said_plainly(counter: Counter) -> None:
    by = staff(counter)
    code, said = counter.run("import", "catalogue", str(counter.home / "none.csv"), "--by", by)
    assert code == 2 and "cannot be read" in said
    code, said = bring(counter, "catalogue", "nama,harga\nA,1\n")
    assert code == 2 and "unknown columns" in said
    code, said = bring(counter, "catalogue", HEAD + GOOD + "x;X;kaos;1;X;;;1;;;;9\n")
    assert code == 2 and "more cells than columns" in said
    assert counter.run("export", "catalogue", "--to", str(counter.home / "no" / "x.csv"), "--by", by)[0] == 2
    bad = counter.home / "t.json"
    bad.write_text(json.dumps([{"id": "x"}]), encoding="utf-8")
    assert counter.run("import", "catalogue", str(bad), "--by", by)[0] == 2


def order(counter: Counter, status: str) -> str:
    found = counter.rows(f"SELECT number FROM orders WHERE status = '{status}' ORDER BY number LIMIT 1")
    return str(found[0]["number"])


def test_a_couriers_list_moves_orders_and_again_changes_nothing(counter: Counter) -> None:
    paid, shipped = order(counter, "paid"), order(counter, "shipped")
    table = f"order,status,tracking\n{paid},Dikirim,JNE0012345678\n{shipped.lower()},sampai,\n"
    code, said = bring(counter, "orders", table)
    assert code == 0, said
    rows = counter.rows(
        f"SELECT status, tracking FROM orders WHERE number IN ('{paid}', '{shipped}') ORDER BY number"
    )
    assert {(row["status"], row["tracking"]) for row in rows} >= {("shipped", "JNE0012345678")}
    assert {row["status"] for row in rows} == {"shipped", "delivered"}
    operations = "SELECT status FROM operations WHERE action = 'ORDER_STATUS'"
    assert [row["status"] for row in counter.rows(operations)] == ["SUCCESS", "SUCCESS"]
    code, said = bring(counter, "orders", table)
    assert code == 0, said
    assert len(counter.rows(operations)) == 2


def test_a_step_no_order_can_take_keeps_the_whole_list_out(counter: Counter) -> None:
    paid, pending = order(counter, "paid"), order(counter, "pending")
    rows = (
        f"{paid},shipped,JNE1",
        f"{pending},shipped,JNE2",
        "ORD-2026-9999,shipped,JNE3",
        f"{paid},hilang,",
    )
    code, said = bring(counter, "orders", "order,status,tracking\n" + "\n".join(rows) + "\n")
    assert code == 1
    assert "t.csv line 3: an order that is pending can be set to nothing" in said
    assert "t.csv line 4: there is no order ORD-2026-9999" in said
    assert "t.csv line 5: status = 'hilang': say one of completed" in said
    assert order(counter, "paid") == paid


def test_orders_go_out_as_they_come_in(counter: Counter) -> None:
    code, said = counter.run("export", "orders", "--by", staff(counter))
    assert code == 0
    assert "order,status,tracking" in said and order(counter, "paid") in said
    before = [tuple(row) for row in counter.rows("SELECT * FROM orders ORDER BY number")]
    code, again = bring(counter, "orders", said[said.index("order,status") :])
    assert code == 0, again
    assert [tuple(row) for row in counter.rows("SELECT * FROM orders ORDER BY number")] == before


def test_packages_come_in_and_go_out_as_they_are_sold(counter: Counter) -> None:
    head = "id,name,name_en,sessions,minutes,weeks,price,words,page\n"
    row = 'pk_x,Privat 4 sesi,"Private, 4 sessions",4,60,6,Rp 1.400.000,privat private,price_list\n'
    code, said = bring(counter, "packages", head + row)
    assert code == 0 and "1 new" in said, said
    code, said = bring(counter, "packages", head + row.replace("1.400.000", "1.500.000"))
    assert code == 0 and "1 known before" in said, said
    (kept,) = counter.rows("SELECT price, words, published FROM packages WHERE id = 'pk_x'")
    assert (kept["price"], kept["words"], kept["published"]) == (1_500_000, '["privat", "private"]', 1)
    code, said = bring(counter, "packages", head + row + row)
    assert code != 0 and "in the table twice" in said
    code, said = bring(counter, "packages", head + row.replace(",6,", ",0,"))
    assert code != 0 and "weeks is missing" in said
    code, out = counter.run("export", "packages", "--by", staff(counter))
    assert code == 0 and "1500000" in out and "privat private" in out
