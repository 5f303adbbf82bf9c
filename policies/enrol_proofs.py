"""What the records prove of an enrolment: each condition true, false, or not known."""

from casefile.enrolments import EnrolmentKind, EnrolSeen, PackageOffer, Signup
from casefile.facts import Facts
from casefile.records import Slot
from policies.desk import Rules
from policies.enrol_price import Price, trials_of
from policies.orders import needs_review
from policies.reschedule import Proof, Truth

WORDS: dict[str, tuple[str, str]] = {
    "package_published": ("paketnya terbit dan sesuai usianya", "the package is published and for this age"),
    "slot_free": ("jamnya masih kosong", "the hour is free"),
    "first_trial": ("belum pernah trial", "has had no trial yet"),
    "below_review": ("di bawah batas tinjau", "below the review limit"),
    "not_vip": ("bukan pelanggan VIP", "not a VIP customer"),
}


def prove(
    kind: EnrolmentKind,
    signup: Signup,
    offer: PackageOffer | None,
    slot: Slot | None,
    costs: Price | None,
    facts: Facts,
    seen: EnrolSeen,
    rules: Rules,
) -> tuple[Proof, ...]:
    """Return what the records say of each condition; nothing before it is known for whom it is and what."""
    if offer is None or costs is None or not signup.name:
        return ()
    vip = bool(facts.contact and facts.contact.vip)
    proofs = [
        _proof("package_published", offer.published and offer.fits(signup.age), offer.id),
        _proof("below_review", not needs_review(costs.total, rules.limits), str(costs.total)),
        _proof("not_vip", not vip, facts.contact.id if facts.contact else ""),
    ]
    if kind == "trial":
        had = [e.id for e in trials_of(signup.name, seen.mine)]
        proofs.append(_proof("first_trial", not had, ", ".join(had)))
        free = slot in seen.openings if slot else None
        proofs.append(_proof("slot_free", free, slot.id if slot else ""))
    return tuple(proofs)


def _proof(name: str, holds: bool | None, ref: str) -> Proof:
    value: Truth = "unknown" if holds is None else "true" if holds else "false"
    words_id, words_en = WORDS[name]
    return Proof(name=name, value=value, words_id=words_id, words_en=words_en, ref=ref)
