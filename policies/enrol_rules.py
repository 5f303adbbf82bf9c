"""The gate's rows for trials, enrolments and renewals that go through invoices. Joined to the table of `rules`."""

from collections.abc import Callable

from policies.conditions import Test
from policies.enrol_matter import EnrolMatter
from policies.matter import Matter
from policies.rule import Rule


def signup(test: Callable[[EnrolMatter], bool]) -> Test:
    """Narrow a test to somebody known who wants somebody signed up, and does not only tell of it."""
    return lambda m: m.enrol is not None and m.known and not m.told and test(m.enrol)


def _renews_unproved(m: Matter) -> bool:
    """Say whether who is not on record wants a package to go on: whose, has to be proved first."""
    return m.intent == "renewal_request" and m.enrol is not None and m.known and not m.verified and not m.told


def _for_a_person(enrol: EnrolMatter) -> bool:
    return enrol.second_trial or (enrol.settled and not enrol.proved)


def _open(*names: str) -> Test:
    return signup(lambda e: not e.second_trial and e.open in names)


# fmt: off
ENROL_RULES: tuple[Rule, ...] = (
    Rule("R3.renewal_identity", "Wants a package to go on before it is known whose",
         "Minta perpanjang, tetapi belum diketahui paket siapa", "R3", "NEED_VERIFICATION",
         _renews_unproved, missing="identity"),
    Rule("R3.enrol_review", "Over the review limit, a second trial, or something that the records do not prove",
         "Di atas batas tinjau, trial kedua, atau ada yang tidak terbukti", "R3", "ESCALATE_COACH",
         signup(_for_a_person), kind="ORDER_REVIEW", lane="coach"),
    Rule("R2.enrol_down", "Packages and hours cannot be read, so nothing can be offered yet",
         "Paket dan jam kosong sedang tidak terbaca, jadi belum bisa ditawarkan", "R2", "DEGRADED_MODE",
         _open("records")),
    Rule("R2.enrol_child", "Has several children: whose package goes on is asked",
         "Anaknya beberapa: ditanya paket siapa yang diperpanjang", "R2", "ASK", _open("child"), missing="child"),
    Rule("R2.enrol_who", "Whom it is for, and how old they are, is asked",
         "Ditanyakan untuk siapa dan usianya", "R2", "ASK", _open("who"), missing="who"),
    Rule("R2.enrol_package", "Which of the published packages is asked",
         "Ditanyakan paket yang mana", "R2", "ASK", _open("package"), missing="package"),
    Rule("R2.enrol_slot", "The hour of a trial is still open: those that are free are offered",
         "Jam trial-nya belum pasti: ditawarkan yang kosong", "R2", "ASK", _open("slot"), missing="enrol_slot"),
    Rule("R2.enrol_nothing", "No package or no free hour is there for them: a person finds one",
         "Belum ada paket atau jam kosong yang cocok: orang yang mencarikan", "R2", "HAND_OVER",
         _open("nothing"), lane="ops"),
    Rule("R2.enrol_confirm", "Everything is known; person, package, hour and sum are confirmed before the bill",
         "Semua sudah jelas; orang, paket, jam, dan jumlahnya dipastikan dulu sebelum ditagihkan", "R2", "ASK",
         _open("confirm"), missing="enrol_confirm"),
)
# fmt: on


def may_enrol(m: Matter) -> bool:
    """Say whether C may record it: for a person to arrange, or, where it is billed, proved and agreed to."""
    return m.enrol is None or (m.enrol.settled and m.enrol.proved)
