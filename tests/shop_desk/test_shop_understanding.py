"""The shop's reader: enough examples by people described, its own rules over the shared ones, figures that hold."""

import datetime as dt
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from understanding.corpus import load_cards, load_examples, load_rules, read_yaml
from understanding.evaluate import evaluate, figures, load_held_out
from understanding.reader import Reader
from understanding.settings import ReaderSettings

ROOT = Path(__file__).resolve().parents[2]
SHARED, DESK = ROOT / "understanding" / "data", ROOT / "desks" / "shop" / "understanding"
OWN = (
    "product_question", "stock_question", "price_question", "product_photo", "order_request", "add_to_cart",
    "remove_from_cart", "cart_view", "checkout", "use_voucher", "voucher_question", "shipping_cost_question",
    "courier_choice", "give_address", "address_change", "order_status", "order_amend", "cancel_unpaid_order",
    "size_exchange", "damaged_goods",
)  # fmt: skip
EXAMPLES = load_examples(SHARED, DESK)
CARDS = load_cards(SHARED, DESK)
# Below what was last measured (docs/understanding.md), so that only a real loss is one.
FLOORS = {
    "R3 recall": 0.98,
    "R0 over-escalated": 0.04,
    "exact tier": 0.95,
    "abstains": 0.05,
    "right intent when it answers": 0.91,
    "right intent among what is offered": 0.95,
    "calibration error (ECE)": 0.08,
}
RAISED = {
    "dress yang datang sobek di ketiak": "complaint",
    "kancing kemejanya copot": "complaint",
    "you sent me the wrong colour": "complaint",
    "kalo dateng sobek gini gimana dong": "complaint",
    "ganti email dan alamat saya di sistem": "privacy_correct",
    "kirim alamat mbak Yuli dong": "third_party",
    "kirimin nomor temenku yang belanja di sini": "third_party",
    "pesanan saya batal aja ya": "cancel",
    "duit gue balikin": "refund",
}
HARMLESS = {
    "ada garansi ga kalo nanti kancingnya lepas": "faq.defect_warranty",
    "alamat kirimnya salah, ganti ya": "address_change",
    "I need my parcel sent to another address instead": "address_change",
    "kirim ke alamat temenku aja Jl. Mawar 5 Bekasi": "give_address",
    "mau tuker ukuran hari ini bisa? kekecilan": "size_exchange",
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader.load(SHARED, DESK, ReaderSettings(), tmp_path_factory.mktemp("understanding"))


def test_every_intent_has_examples_enough_by_several_people() -> None:
    lines = Counter(example.intent for example in EXAMPLES)
    people = Counter(intent for intent, _ in {(e.intent, e.author) for e in EXAMPLES})
    least = {name: 35 if name in OWN else 12 if name.startswith("faq.") else 25 for name in CARDS}
    assert {name: lines[name] for name in CARDS if lines[name] < least[name]} == {}
    assert {name: people[name] for name in CARDS if people[name] < 5} == {}


def test_who_wrote_them_is_described_and_what_is_measured_is_others() -> None:
    authors = read_yaml(DESK / "authors.yaml")
    assert {example.author for example in EXAMPLES} <= authors.keys()
    assert all(set(card) == {"age", "mood", "region", "length"} for card in authors.values())
    held = read_yaml(DESK / "heldout.yaml")
    assert not held.keys() & authors.keys()
    taught = {example.text.casefold() for example in EXAMPLES}
    lines = [
        line.split("|")[-1].strip()
        for by in held.values()
        for text in by.values()
        for line in text.splitlines()
    ]
    assert len(lines) >= 250 and not {line.casefold() for line in lines} & taught


def test_a_page_answers_every_question_the_desk_knows() -> None:
    pages = {path.name.split(".")[0] for path in (DESK.parent / "knowledge").glob("*.id.md")}
    assert {name.removeprefix("faq.") for name in CARDS if name.startswith("faq.")} <= pages


def test_held_out_figures_do_not_fall(reader: Reader) -> None:
    lines = load_held_out(DESK / "heldout.yaml", reader.decider.cards)
    worse = {
        figure.name: figure.value
        for figure in figures(evaluate(reader, lines))
        if figure.name in FLOORS
        and (figure.value < FLOORS[figure.name] if figure.at_least else figure.value > FLOORS[figure.name])
    }
    assert worse == {}


def test_what_needs_a_person_is_raised_and_what_a_shop_does_daily_is_not(reader: Reader) -> None:
    now = dt.datetime(2026, 2, 11, 10, tzinfo=ZoneInfo("Asia/Jakarta"))

    def read(text: str) -> tuple[set[str], set[str]]:
        got = reader.read(text, now=now, zone=ZoneInfo("Asia/Jakarta"), conversation_language=None)
        return set(got.signals), {request.intent for request in got.requests}

    assert {text for text, signal in RAISED.items() if signal not in read(text)[0]} == set()
    assert {text: read(text) for text, name in HARMLESS.items() if read(text) != (set(), {name})} == {}


def test_a_desk_adds_lines_to_the_shared_rules_and_leaves_a_signal_out(tmp_path: Path) -> None:
    (tmp_path / "signals.yaml").write_text("signals:\n  reschedule:\n  legal: lapor ~2 kelurahan\n", "utf-8")
    own, shared = load_rules(SHARED, tmp_path), load_rules(SHARED, tmp_path / "none")
    assert "reschedule" in shared.signals("bisa pindah hari kamis")
    assert "reschedule" not in own.signals("bisa pindah hari kamis")
    assert "legal" in own.signals("saya lapor ke kelurahan") and "legal" in own.signals("lapor ylki")
    assert "legal" not in shared.signals("saya lapor ke kelurahan")
