"""The rules in force, written for the owner: what is decided how, within which limits, and when we work."""

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap

from casefile.base import Lane, Language
from casefile.money import rupiah
from casefile.verdict import TIERS, Decision, Tier
from policies.booking_rules import BOOKING_RULES
from policies.desk import Rules
from policies.lead_rules import LEAD_RULES
from policies.rollout import rows
from policies.rule import Rule
from policies.rules import NO_MATCH, RULES
from policies.shop_rules import SHOP_RULES
from policies.show_limits import OF_EVERY_DESK, OF_GOODS, OF_LESSONS, Words
from policies.sla import WEEK
from policies.words import DAYS, MONTHS

Part = tuple[str, Iterator[str]]
HOLIDAYS_SHOWN = 5
ROW_WIDTHS = (19, 53, 32)
PAIR_WIDTHS = (25, 81)
ROLLOUT_WIDTHS = (12, 9, 29, 29, 18)
HEADS: dict[str, Words] = {
    "title": {"id": "Aturan meja {desk}", "en": "Rules of the {desk} desk"},
    "limits": {"id": "Batas yang berlaku", "en": "Limits in force"},
    "rollout": {"id": "Siapa yang memutuskan, per mode", "en": "Who decides, per mode"},
    "in_force": {"id": "  > mode yang berlaku: {mode}", "en": "  > mode in force: {mode}"},
    "no_match": {"id": "Kalau tidak ada baris yang cocok", "en": "When no row matches"},
    "hours": {"id": "Jam buka ({zone})", "en": "Opening hours ({zone})"},
    "closed": {"id": "tutup", "en": "closed"},
    "holidays": {"id": "Hari libur berikutnya", "en": "Next days off"},
    "no_holidays": {"id": "belum ada yang tercatat", "en": "none on record"},
    "urgent": {"id": ", segera", "en": ", urgent"},
}
TIER_WORDS: dict[Tier, Words] = {
    "R3": {
        "id": "Selalu diputuskan orang (baris paling ketat yang berlaku)",
        "en": "A person decides, always (the strictest matching row wins)",
    },
    "R2": {
        "id": "Perubahan yang sesuai aturan, semua syarat terbukti",
        "en": "A change inside policy, every condition proved",
    },
    "R1": {
        "id": "Data pelanggan itu sendiri, hanya dibaca",
        "en": "The customer's own data, read only",
    },
    "R0": {
        "id": "Informasi terbit, atau balasan tanpa janji",
        "en": "Published information, or a turn that claims nothing",
    },
}
THEN: dict[Decision, Words] = {
    "ANSWER": {"id": "dijawab langsung", "en": "answered at once"},
    "ASK": {"id": "ditanya balik dulu", "en": "one question first"},
    "NEED_VERIFICATION": {
        "id": "minta nomor invoice dan email dulu",
        "en": "invoice number and email first",
    },
    "LOOK_UP": {"id": "C membaca data, lalu dijawab", "en": "C reads the record, then answered"},
    "EXECUTE": {"id": "C menjalankan, lalu dikabari", "en": "C carries it out, then told"},
    "ESCALATE_COACH": {"id": "orang memutuskan", "en": "a person decides"},
    "DEGRADED_MODE": {
        "id": "menunggu verifikasi, dengan batas waktu",
        "en": "pending verification, with a time window",
    },
    "REFUSE": {"id": "ditolak dengan sopan", "en": "a polite no"},
    "HAND_OVER": {"id": "diteruskan ke orang", "en": "handed to a person"},
}
LANES: dict[Lane, Words] = {
    "coach": {"id": "grup pelatih", "en": "coach lane"},
    "ops": {"id": "grup operasional", "en": "ops lane"},
    "incident": {"id": "grup insiden", "en": "incident lane"},
}
QUOTA_MONTH: dict[str, Words] = {
    "request": {
        "id": "dihitung di bulan saat perubahan diminta",
        "en": "counted in the month the change is made",
    },
    "session": {
        "id": "dihitung di bulan sesi yang dipindah",
        "en": "counted in the month of the moved session",
    },
}
CUTOFF: dict[str, Words] = {
    "minutes": {
        "id": "paling lambat {minutes} menit sebelum sesi mulai (bukan sehari sebelumnya)",
        "en": "at the latest {minutes} minutes before the start (not the day before)",
    },
    "calendar_days": {
        "id": "H-{calendar_days} dihitung hari kalender: paling lambat {calendar_days} hari sebelumnya, "
        "jam berapa pun (H-1 = sehari sebelumnya)",
        "en": "H-{calendar_days} in calendar days: at the latest {calendar_days} day(s) before, "
        "whatever the hour (H-1 = the day before)",
    },
}


def show(rules: Rules, language: Language, today: date) -> str:
    """Render limits, rollout table, the gate's rows, hours and next days off; at most 110 columns."""
    head = {name: words[language] for name, words in HEADS.items()}
    parts = (
        *_decided(rules, language),
        (head["hours"].format(zone=rules.hours.zone), _hours(rules, language)),
        (head["holidays"], _holidays(rules, language, today)),
    )
    title = head["title"].format(desk=rules.desk)
    return f"{title}\n{'=' * len(title)}\n\n{_blocks(parts)}\n"


def decision_table(rules: Rules, language: Language) -> str:
    """Render what decides - limits, rollout table, the gate's rows - the same on every day."""
    return _blocks(_decided(rules, language))


def _decided(rules: Rules, language: Language) -> tuple[Part, ...]:
    head = {name: words[language] for name, words in HEADS.items()}
    tiers = (
        (f"{tier}: {TIER_WORDS[tier][language]}", _rows(tier, rules, language)) for tier in reversed(TIERS)
    )
    return (
        (head["limits"], _limits(rules, language)),
        (head["rollout"], _rollout(rules, language)),
        *tiers,
        (head["no_match"], _table((_row(NO_MATCH, language),), ROW_WIDTHS)),
    )


def _blocks(parts: Sequence[Part]) -> str:
    return "\n\n".join("\n".join((name, "-" * len(name), *lines)) for name, lines in parts)


def _rows(tier: Tier, rules: Rules, language: Language) -> Iterator[str]:
    """Yield a tier's rows; those of a shop, on prospects and on bookings only where there is such a thing."""
    elsewhere = (
        *(() if rules.sells else SHOP_RULES),
        *(LEAD_RULES if rules.leads is None else ()),
        *(BOOKING_RULES if rules.appointments is None else ()),
    )
    there = (rule for rule in RULES if rule.tier == tier and rule not in elsewhere)
    return _table([_row(rule, language) for rule in there], ROW_WIDTHS)


def _row(rule: Rule, language: Language) -> tuple[str, str, str]:
    lane = f" ({LANES[rule.lane][language]})" if rule.lane else ""
    urgent = HEADS["urgent"][language] if rule.urgent else ""
    words = rule.words_id if language == "id" else rule.words
    return rule.id, words, f"{THEN[rule.decision][language]}{lane}{urgent}"


def _limits(rules: Rules, language: Language) -> Iterator[str]:
    values = rules.limits.model_dump()
    meaning = rules.limits.cutoff.model_dump(exclude_none=True)
    values["counted"] = QUOTA_MONTH[rules.limits.quota_month][language]
    values["cutoff"] = CUTOFF[next(iter(meaning))][language].format(**meaning)
    values["zone"] = rules.hours.zone
    values["review"] = rupiah(rules.limits.order_review, language)
    rows_of = (*(OF_GOODS if rules.sells else OF_LESSONS), *OF_EVERY_DESK)
    return _table(
        [(name[language], words[language].format(**values)) for name, words in rows_of], PAIR_WIDTHS
    )


def _rollout(rules: Rules, language: Language) -> Iterator[str]:
    """Yield the table of modes, the one in force marked."""
    table = [
        (f"{'>' if row[0] == rules.mode else ' '} {row[0]}", *row[1:])
        for row in rows(rules.a_approval, language)
    ]
    yield from _table([("", *TIERS), *table], ROLLOUT_WIDTHS)
    yield HEADS["in_force"][language].format(mode=rules.mode)


def _hours(rules: Rules, language: Language) -> Iterator[str]:
    spans = [rules.hours.week.get(day) for day in WEEK]
    words = [f"{s[0]:%H.%M}-{s[1]:%H.%M}" if s else HEADS["closed"][language] for s in spans]
    return _table(list(zip(DAYS[language], words, strict=True)), PAIR_WIDTHS)


def _holidays(rules: Rules, language: Language, today: date) -> Iterator[str]:
    ahead = sorted(day for day in rules.hours.holidays | rules.hours.closed if day >= today)
    for day in ahead[:HOLIDAYS_SHOWN]:
        yield f"  {DAYS[language][day.weekday()]}, {day.day} {MONTHS[language][day.month - 1]} {day.year}"
    if not ahead:
        yield "  " + HEADS["no_holidays"][language]


def _table(lines: Sequence[tuple[str, ...]], widths: Sequence[int]) -> Iterator[str]:
    """Yield rows of aligned cells, each wrapped within its own column."""
    for cells in lines:
        columns = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for number in range(max(map(len, columns))):
            parts = [c[number] if number < len(c) else "" for c in columns]
            padded = (part.ljust(width) for part, width in zip(parts, widths, strict=True))
            yield ("  " + "  ".join(padded)).rstrip()
