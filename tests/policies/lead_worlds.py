"""A desk that qualifies its prospects, for the tests of its rules."""

from casefile.lead import Lead
from policies.leads import Leads, Option, Question
from tests.policies.worlds import World, case, identity, rules, world

LEADS = Leads(
    page="starter",
    service="demo",
    questions=(
        Question(
            id="need",
            kind="choice",
            template="ask_need",
            name={"id": "Kebutuhan", "en": "Need"},
            options=(
                Option(id="website", name={"id": "Website", "en": "Website"}, words=("web", "toko*")),
                Option(id="app", name={"id": "Aplikasi HP", "en": "Mobile app"}, words=("aplikasi", "app")),
                Option(id="else", name={"id": "Yang lain", "en": "Something else"}, outcome="person"),
            ),
        ),
        Question(
            id="users",
            kind="count",
            template="ask_users",
            name={"id": "Pengguna", "en": "Users"},
            cues=("orang", "user*", "people"),
            person_from=500,
        ),
        Question(
            id="budget",
            kind="money",
            template="ask_budget",
            name={"id": "Anggaran", "en": "Budget"},
            at_least=5_000_000,
            person_from=300_000_000,
        ),
        Question(id="start", kind="time", template="ask_start", name={"id": "Mulai", "en": "Start"}),
        Question(
            id="detail",
            kind="words",
            template="ask_detail",
            name={"id": "Catatan", "en": "Notes"},
            cues=("fitur*", "feature*"),
        ),
    ),
)
ALL = "Mau bikin website buat 20 orang, budget 30 juta, mulai bulan depan, fiturnya katalog"


def prospect(
    words: str = "", lead: Lead | None = None, intent: str = "lead_request", status: str = "NEW"
) -> World:
    """A prospect's message in their case."""
    on = case(lead=lead, intent="lead_request") if lead is not None else case()
    there = world(intent, on=on, by=rules(leads=LEADS), identity=identity(status))  # type: ignore[arg-type]
    return there.with_facts(words=words)
