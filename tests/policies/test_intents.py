from casefile.reading import SIGNALS
from policies.intents import INTENTS, POLICY_PAGES, POLICY_TOPICS, known, spec, topic_of


def test_an_intent_nobody_knows_is_unclear() -> None:
    assert spec("nonsense") == spec("unclear")
    assert spec("reschedule").action == "RESCHEDULE"


def test_an_faq_is_answered_from_its_topic() -> None:
    assert spec("faq.price_list").dependency == "knowledge"
    assert (topic_of("faq.price_list"), topic_of("greeting")) == ("price_list", None)


def test_every_risk_an_intent_stands_for_is_a_signal() -> None:
    assert {what.signal for what in INTENTS.values() if what.signal} <= set(SIGNALS)


def test_only_what_starts_high_and_is_no_threat_has_policy_pages() -> None:
    assert set(POLICY_PAGES) == set(POLICY_TOPICS)
    assert "chargeback" not in POLICY_PAGES
    assert all(POLICY_TOPICS[signal] in pages for signal, pages in POLICY_PAGES.items())


def test_a_name_that_is_no_intent_is_not_known() -> None:
    assert known("trial_request") and known("faq.parking")
    assert not known("new_bill")


def test_what_is_asked_of_a_shop_changes_nothing_but_its_own_orders() -> None:
    assert {spec(name).action for name in ("order_request", "checkout", "use_voucher")} == {"ORDER_CREATE"}
    assert {spec(name).dependency for name in ("track_order", "address_change")} == {"schedule"}
    assert spec("stock_question").action is None
    assert (spec("cancel_unpaid_order").signal, spec("damaged_goods").signal) == ("cancel", "complaint")
