"""The keys to a provider of payments: a desk's own, everybody's, and no start without."""

import pytest

from app.desk_settings import DeskConfig
from app.paying import missing_keys, provider_of
from app.settings import ROOT, Settings, load
from casefile.errors import BadInput


def told(**environment: str) -> tuple[Settings, DeskConfig]:
    settings = load(ROOT / "config.yaml", environment)
    return settings, next(desk for _, desk in settings.desks if desk.name == "shop")


def test_a_desk_without_its_provider_s_keys_does_not_start_and_says_which() -> None:
    assert missing_keys(*told()) == ("LOKET_MIDTRANS_SERVER_KEY",)
    with pytest.raises(BadInput, match=r"desk shop: .*LOKET_MIDTRANS_SERVER_KEY is not set; set it, or"):
        provider_of(*told())


@pytest.mark.parametrize("name", ["LOKET_MIDTRANS_SERVER_KEY", "LOKET_SHOP_MIDTRANS_SERVER_KEY"])
def test_a_desk_is_paid_with_keys_of_its_own_or_with_everybody_s(name: str) -> None:
    assert missing_keys(*told(**{name: "key"})) == ()
    assert provider_of(*told(**{name: "key"})) is not None


def test_another_desk_s_own_keys_are_not_its() -> None:
    assert missing_keys(*told(LOKET_SCHOOL_MIDTRANS_SERVER_KEY="key")) == ("LOKET_MIDTRANS_SERVER_KEY",)
