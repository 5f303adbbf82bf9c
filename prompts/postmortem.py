"""The post-mortem stub of an incident: what is known is filled in, what only people know is asked."""

from collections.abc import Mapping
from typing import NamedTuple

from casefile.base import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "title": "Catatan kejadian",
        "level": "Tingkat",
        "began": "Mulai",
        "ended": "Pulih",
        "going_on": "belum pulih",
        "minutes": "{n} menit",
        "cause": "Sebab yang tercatat",
        "paused": "Yang dijeda",
        "integrity": "Risiko data",
        "timeline": "Urutan kejadian",
        "cases": "Kasus terdampak",
        "nobody": "Tidak ada.",
        "questions": "Yang perlu dijawab",
        "opened": "dinyatakan terganggu",
        "held": "ditahan oleh orang",
        "level_set": "tingkat diubah",
        "asked": "petugas jaga ditanya apakah pelanggan dikabari dulu",
        "told": "pelanggan dikabari dulu",
        "not_told": "pelanggan menunggu sampai pulih",
        "closed": "pulih",
    },
    "en": {
        "title": "Post-mortem",
        "level": "Level",
        "began": "Began",
        "ended": "Ended",
        "going_on": "still going on",
        "minutes": "{n} minutes",
        "cause": "Cause on record",
        "paused": "What was paused",
        "integrity": "Data risk",
        "timeline": "Timeline",
        "cases": "Cases touched",
        "nobody": "None.",
        "questions": "Still to be answered",
        "opened": "taken to be down",
        "held": "held by a person",
        "level_set": "level changed",
        "asked": "the person on call was asked whether customers are told first",
        "told": "customers told first",
        "not_told": "customers wait until it is back",
        "closed": "back",
    },
}
QUESTIONS: Mapping[Language, tuple[str, ...]] = {
    "id": (
        "Apa sebab sebenarnya, dan bagaimana kita tahu?",
        "Siapa yang pertama tahu, dan apakah bisa lebih cepat?",
        "Adakah pelanggan yang menunggu lebih lama dari yang dijanjikan?",
        "Adakah data yang perlu dicocokkan lagi?",
        "Apa yang diubah supaya tidak terulang, oleh siapa, dan kapan?",
    ),
    "en": (
        "What was the real cause, and how do we know?",
        "Who noticed first, and could it have been sooner?",
        "Did any customer wait longer than they were promised?",
        "Is there data that has to be reconciled?",
        "What changes so that it does not happen again, by whom and when?",
    ),
}


class Line(NamedTuple):
    """One line of the timeline, its moment and its actor in words."""

    at: str
    actor: str
    what: str
    detail: str


class Postmortem(NamedTuple):
    """What is known of an incident, in words; `minutes` is None while it lasts."""

    id: str
    name: str
    level: str
    began: str
    ended: str
    minutes: int | None
    why: str
    paused: str
    integrity: str
    cases: tuple[str, ...]
    timeline: tuple[Line, ...]

    def markdown(self, language: Language) -> str:
        """Write the stub."""
        words = WORDS[language]
        lasted = f" ({words['minutes'].format(n=self.minutes)})" if self.minutes is not None else ""
        facts = {
            "level": self.level,
            "began": self.began,
            "ended": f"{self.ended}{lasted}" if self.ended else words["going_on"],
            "cause": self.why,
            "paused": self.paused,
            "integrity": self.integrity,
        }
        parts = [
            f"# {words['title']} {self.id}: {self.name}",
            "\n".join(f"- {words[key]}: {value}" for key, value in facts.items()),
            f"## {words['timeline']}",
            "\n".join(self._line(line, words) for line in self.timeline),
            f"## {words['cases']}",
            "\n".join(f"- {case}" for case in self.cases) or words["nobody"],
            f"## {words['questions']}",
            "\n".join(f"- [ ] {question}" for question in QUESTIONS[language]),
        ]
        return "\n\n".join(parts) + "\n"

    @staticmethod
    def _line(line: Line, words: Mapping[str, str]) -> str:
        what = words["level_set" if line.what == "level" else line.what]
        return f"- {line.at}: {what}, {line.actor}" + (f" ({line.detail})" if line.detail else "")
