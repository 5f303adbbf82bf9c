"""Who has no lessons here yet and asks when there could be some: a question about our hours, not about theirs."""

import re

_WHEN = re.compile(
    r"(?<!\w)(?:slot\w*|jadwal\w*|jam\w*|hari\w*|kelas\w*|les|lesnya|nya|sesi|lessons?|class(?:es)?|times?|kursus)(?!\w)"
)
_FREE = re.compile(
    r"(?<!\w)(?:kosong|weekend|weekends|weekday|weekdays|sabtu|minggu|senin|selasa|rabu|kamis|jumat|malam|sore|pagi"
    r"|siang|available|availability|free|open|openings?|saturdays?|sundays?|mondays?|tuesdays?|wednesdays?|thursdays?"
    r"|fridays?|evenings?|mornings?|afternoons?)(?!\w)"
)
_ASKS = re.compile(r"\?|(?<!\w)(?:ada|bisa|boleh|masih|apa|apakah|tidak|is|are|do|does|can|any|have)(?!\w)")
_THEIRS = re.compile(
    r"(?<!\w)(?:saya|aku|my|mine|our|anak|\w+ku|pindah\w*|ganti\w*|geser\w*|ubah\w*|reschedule\w*|move|change|switch"
    r"|undur\w*|maju\w*|tukar\w*|pengganti|kapan|when|instead)(?!\w)"
)
ALIKE = frozenset(
    {"reschedule", "unclear", "faq.waiting_list", "faq.opening_hours", "give_time", "next_session"}
)
FAINT = frozenset({"reschedule", "unsure"})


def asks_availability(words: str) -> bool:
    """Say whether canonical words ask when lessons could be, and speak of none of one's own."""
    asks = (
        _WHEN.search(words) is not None
        and _FREE.search(words) is not None
        and _ASKS.search(words) is not None
    )
    return asks and _THEIRS.search(words) is None
