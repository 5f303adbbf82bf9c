"""The gate's rows for prospects: what is asked of them, and the note. Joined to the table of `rules`."""

from collections.abc import Callable

from policies.conditions import Test
from policies.lead_matter import LeadMatter
from policies.rule import Rule


def lead(test: Callable[[LeadMatter], bool]) -> Test:
    """Narrow a test to an interview with somebody whose number is their own."""
    return lambda m: m.known and m.lead is not None and test(m.lead)


# fmt: off
LEAD_RULES: tuple[Rule, ...] = (
    Rule("R2.lead_ask", "A prospect: what is still open of need, budget and time is asked, at most two at once",
         "Calon pelanggan: kebutuhan, anggaran, dan waktu yang belum jelas ditanyakan, paling banyak dua sekaligus",
         "R2", "ASK", lead(lambda one: bool(one.ask)), missing="lead"),
    Rule("R2.lead_note", "A prospect who has told everything that is asked: C takes the note",
         "Calon pelanggan sudah menjawab semuanya: C mencatatnya", "R2", "EXECUTE",
         lead(lambda one: one.to_note)),
)
# fmt: on
