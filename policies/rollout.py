"""How much runs by itself: the table of spec 1, per rollout mode and tier, as data."""

import hashlib
from typing import Literal

from casefile.base import Frozen, Language
from casefile.facts import RolloutMode
from casefile.verdict import TIERS, Tier

AApproval = Literal["role", "human"]
MODES: tuple[RolloutMode, ...] = ("pilot", "hardening", "production")
# Up to which tier a case needs no pass by role A, and from which tier its packet is shown to the ops lane.
AUTO_UP_TO: dict[RolloutMode, Tier] = {"pilot": "R0", "hardening": "R1", "production": "R2"}
PACKET_FROM: dict[RolloutMode, Tier] = {"pilot": "R1", "hardening": "R2", "production": "R3"}


class Treatment(Frozen):
    """What a case of one tier needs in one mode before anything of it leaves.

    `needs_a`: none, role A's own check, or an operator as well; `verified_required`: identity is part of
    the tier's proof.
    """

    auto: bool
    needs_a: Literal["none", "role", "human"]
    coach: bool
    packet_to_ops: bool
    verified_required: bool


def treatment(mode: RolloutMode, tier: Tier, a_approval: AApproval, sample: bool = False) -> Treatment:
    """Look one cell of the table up; `sample` says that the case was drawn as one."""
    coach = tier == "R3"
    auto = TIERS.index(tier) <= TIERS.index(AUTO_UP_TO[mode])
    return Treatment(
        auto=auto,
        needs_a="none" if auto or coach else a_approval,
        coach=coach,
        packet_to_ops=packet(mode, tier, sample),
        verified_required=tier in ("R1", "R2"),
    )


def packet(mode: RolloutMode, tier: Tier, sample: bool) -> bool:
    """Say whether the case packet goes to the ops lane; samples are drawn in production only."""
    return TIERS.index(tier) >= TIERS.index(PACKET_FROM[mode]) or (sample and mode == "production")


def sampled(case_id: str, every: int) -> bool:
    """Say whether a case is one of the samples A looks at, about one in `every`; the same case always is.

    By a hash of its id, so that nobody chooses; `every` 0 draws none.
    """
    drawn = hashlib.sha256(f"sample:{case_id}".encode()).hexdigest()[:16]
    return every > 0 and int(drawn, 16) % every == 0


def rows(a_approval: AApproval = "role", language: Language = "en") -> tuple[tuple[str, ...], ...]:
    """Return the table in words, one row per mode: its name, then R0 to R3."""
    return tuple(
        (mode, *(_words(treatment(mode, tier, a_approval), tier, language) for tier in TIERS))
        for mode in MODES
    )


def _words(cell: Treatment, tier: Tier, language: Language) -> str:
    if cell.coach:
        return "pelatih memutuskan" if language == "id" else "coach decides"
    if tier == "R0":
        return "otomatis" if language == "id" else "auto"
    if not cell.auto:
        after = {"id": ", lalu C", "en": ", then C"}[language] if tier == "R2" else ""
        if cell.needs_a == "human":
            return ("A dan operator menyetujui" if language == "id" else "A and an operator approve") + after
        return ("A menyetujui" if language == "id" else "A approves") + after
    if tier == "R1":
        return (
            "otomatis bila identitas terverifikasi dan data segar"
            if language == "id"
            else "auto when identity is verified and facts are fresh"
        )
    return "langsung ke C bila semua syarat terbukti" if language == "id" else "straight to C when proved"
