from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.facts import RolloutMode
from casefile.verdict import TIERS, Tier
from policies.rollout import MODES, AApproval, packet, rows, sampled, treatment


@pytest.mark.parametrize(
    ("mode", "tier", "auto", "needs_a", "coach", "packets", "verified"),
    [
        ("pilot", "R0", True, "none", False, False, False),
        ("pilot", "R1", False, "role", False, True, True),
        ("pilot", "R2", False, "role", False, True, True),
        ("pilot", "R3", False, "none", True, True, False),
        ("hardening", "R0", True, "none", False, False, False),
        ("hardening", "R1", True, "none", False, False, True),
        ("hardening", "R2", False, "role", False, True, True),
        ("hardening", "R3", False, "none", True, True, False),
        ("production", "R0", True, "none", False, False, False),
        ("production", "R1", True, "none", False, False, True),
        ("production", "R2", True, "none", False, False, True),
        ("production", "R3", False, "none", True, True, False),
    ],
)
def test_the_table_of_the_product(
    mode: RolloutMode, tier: Tier, auto: bool, needs_a: str, coach: bool, packets: bool, verified: bool
) -> None:
    cell = treatment(mode, tier, "role")
    assert (cell.auto, cell.needs_a, cell.coach) == (auto, needs_a, coach)
    assert (cell.packet_to_ops, cell.verified_required) == (packets, verified)


def test_an_operator_as_well_where_the_desk_wants_one() -> None:
    assert treatment("pilot", "R1", "human").needs_a == "human"
    assert treatment("hardening", "R2", "human").needs_a == "human"
    assert treatment("hardening", "R1", "human").needs_a == "none"
    assert treatment("pilot", "R3", "human").needs_a == "none"


@given(st.sampled_from(MODES), st.sampled_from(TIERS), st.sampled_from(get_args(AApproval)))
def test_total_and_each_cell_has_exactly_one_way(mode: RolloutMode, tier: Tier, approval: AApproval) -> None:
    cell = treatment(mode, tier, approval)
    assert [cell.auto, cell.needs_a != "none", cell.coach].count(True) == 1
    assert cell.coach == (tier == "R3")


@given(st.sampled_from(MODES), st.booleans())
def test_a_higher_tier_is_never_freer(mode: RolloutMode, sampled: bool) -> None:
    for lower, higher in pairwise(TIERS):
        assert treatment(mode, lower, "role").auto >= treatment(mode, higher, "role").auto
        assert packet(mode, lower, sampled) <= packet(mode, higher, sampled)


def test_samples_are_a_thing_of_production() -> None:
    assert packet("production", "R0", sample=True)
    assert treatment("production", "R0", "role", sample=True).packet_to_ops
    assert not packet("production", "R2", sample=False)
    assert not packet("pilot", "R0", sample=True)
    assert not packet("hardening", "R1", sample=True)


def test_about_one_case_in_so_many_is_a_sample_and_always_the_same_ones() -> None:
    ids = [f"SCH-2026-{number:04d}" for number in range(1, 4001)]
    drawn = [one for one in ids if sampled(one, 20)]
    assert 150 <= len(drawn) <= 250
    assert drawn == [one for one in ids if sampled(one, 20)]
    assert all(sampled(one, 1) for one in ids)
    assert not any(sampled(one, 0) for one in ids)


def test_the_table_in_words() -> None:
    assert rows() == (
        ("pilot", "auto", "A approves", "A approves, then C", "coach decides"),
        (
            "hardening",
            "auto",
            "auto when identity is verified and facts are fresh",
            "A approves, then C",
            "coach decides",
        ),
        (
            "production",
            "auto",
            "auto when identity is verified and facts are fresh",
            "straight to C when proved",
            "coach decides",
        ),
    )
    assert rows("human", "id")[0][1:] == (
        "otomatis",
        "A dan operator menyetujui",
        "A dan operator menyetujui, lalu C",
        "pelatih memutuskan",
    )
    assert rows("human")[1][3] == "A and an operator approve, then C"
    assert rows(language="id")[2][2:4] == (
        "otomatis bila identitas terverifikasi dan data segar",
        "langsung ke C bila semua syarat terbukti",
    )
    assert rows(language="id")[0][1:3] == ("otomatis", "A menyetujui")
