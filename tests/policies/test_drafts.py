"""What a model phrased, held against the words it stands for: each flaw planted in it is found by its name."""

from datetime import date, time
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.base import Language
from casefile.effects import Citation, SendMessage
from policies.claims import claims, granted
from policies.drafts import differs
from policies.gate import admit
from policies.limits import Limits
from policies.presend import Scene, check_message
from policies.promises import Finding, check
from policies.words import DAYS, MONTHS
from tests.policies.worlds import page, snapshot, world


class Said(NamedTuple):
    """What a template says, the page it rests on if it does, and a good way to put it."""

    language: Language
    plain: str
    draft: str
    page: str = ""


LESSON = Said(
    "id",
    "Sesi berikutnya untuk Kenzo: Kamis, 12 Februari 2026 pukul 16.00 WIB dengan Coach Maya.",
    "Hai Kak! Jadwal Kenzo berikutnya Kamis, 12 Februari 2026 jam 16.00 WIB bareng Coach Maya ya.",
)
LESSON_EN = Said(
    "en",
    "Your next session is on Thursday, 12 February 2026 at 4:00 PM WIB with Coach Maya.",
    "Hi there! Your next lesson is Thursday, 12 February 2026 at 4:00 PM WIB with Coach Maya. See you then!",
)
PRICES = Said(
    "id",
    "Harga paket privat, Kak: 4 sesi Rp 1.400.000, 8 sesi Rp 2.640.000. Biaya pendaftaran Rp 250.000.",
    "Paket privat 8 sesi Rp 2.640.000 ya Kak, biaya pendaftarannya Rp 250.000.",
    "Harga paket privat, Kak: 4 sesi Rp 1.400.000, 8 sesi Rp 2.640.000. Biaya pendaftaran Rp 250.000.",
)
PRICES_EN = Said(
    "en",
    "Private packages: 4 lessons Rp 1,400,000, 8 lessons Rp 2,640,000. Registration Rp 250,000.",
    "The private package of 8 lessons is Rp 2,640,000, and registration is Rp 250,000.",
    "Private packages: 4 lessons Rp 1,400,000, 8 lessons Rp 2,640,000. Registration Rp 250,000.",
)
REFUND = Said(
    "id",
    "Permintaan refund Kakak sudah kami teruskan ke tim. Kami kabari hari ini sebelum pukul 17.00 WIB ya.",
    "Kami paham perasaan Kakak. Permintaan refundnya sudah kami teruskan ke tim, dan kami kabari hari ini"
    " sebelum pukul 17.00 WIB.",
)
REFUND_EN = Said(
    "en",
    "We have passed your refund request to our team. We'll get back to you today before 5:00 PM WIB.",
    "I understand. We have passed your refund request to our team, and you will hear from us today before 5:00 PM WIB.",
)
RULE = Said(
    "id",
    "Biaya les tidak dapat dikembalikan, Kak. Sesi bisa dipindah sampai 60 menit sebelum mulai.",
    "Maaf Kak, biaya les tidak bisa dikembalikan. Sesinya bisa dipindah sampai 60 menit sebelum mulai ya.",
    "Biaya les tidak dapat dikembalikan, Kak. Sesi bisa dipindah sampai 60 menit sebelum mulai.",
)
RULE_EN = Said(
    "en",
    "Fees are not refunded. A session can be moved until 60 minutes before it starts.",
    "Sorry, fees are not refunded. You can move a session until 60 minutes before it starts.",
    "Fees are not refunded. A session can be moved until 60 minutes before it starts.",
)
BILL = Said(
    "id",
    "Tagihan INV-2026-0210-001 sebesar Rp 1.400.000 masih menunggu pembayaran, jatuh tempo 14 Februari 2026.",
    "Untuk tagihan INV-2026-0210-001 sebesar Rp 1.400.000 masih menunggu pembayaran ya Kak, jatuh temponya"
    " 14 Februari 2026.",
)
GOOD = (LESSON, LESSON_EN, PRICES, PRICES_EN, REFUND, REFUND_EN, RULE, RULE_EN, BILL)
TONE = {"id": ("Anda", "seharusnya"), "en": ("kindly", "as per")}


def held(said: Said, draft: str, emoji: int = 1) -> list[Finding]:
    """Return everything pre-send QA finds in a draft: as in any text, and beside the words it stands for."""
    pages = (said.page,) if said.page else ()
    args = (said.language, (said.plain,), pages, (), False, True, False, frozenset[str](), Limits())
    banned = TONE[said.language]
    return [*check(draft, *args), *differs(draft, said.plain, pages, said.language, banned, emoji)]


def rules(found: list[Finding]) -> set[str]:
    return {finding.rule for finding in found}


@pytest.mark.parametrize("said", GOOD, ids=lambda said: said.plain[:20])
def test_a_good_draft_and_the_words_themselves_may_go(said: Said) -> None:
    assert held(said, said.draft) == []
    assert held(said, said.plain) == []
    kind = {"id": "Semoga membantu ya, Kak.", "en": "Hope that helps!"}[said.language]
    assert held(said, f"{said.plain}\n\n{kind}") == []


FLAWS: list[tuple[str, Said, str, str]] = [
    # (what is found, in which, the words planted there, in place of these; "" puts them behind)
    ("fact", LESSON, "pukul 17.00", "jam 16.00"),
    ("fact", LESSON, "jam 5 sore", "jam 16.00"),
    ("fact", LESSON, "setengah lima", "jam 16.00"),
    ("fact", LESSON, "Jumat", "Kamis"),
    ("fact", LESSON, "13 Februari", "12 Februari"),
    ("fact", LESSON, "besok", "Kamis, 12 Februari 2026"),
    ("fact", LESSON, "bsk", "Kamis, 12 Februari 2026"),
    ("fact", LESSON, "lusa sore", "Kamis, 12 Februari 2026"),
    ("fact", LESSON, "Lesnya dua jam ya.", ""),
    ("fact", LESSON, "Ini sesi kelima Kenzo.", ""),
    ("fact", LESSON, "Sisa kuotanya 3x.", ""),
    ("fact", LESSON_EN, "5 PM", "4:00 PM"),
    ("fact", LESSON_EN, "half past three", "4:00 PM"),
    ("fact", LESSON_EN, "noon", "4:00 PM WIB"),
    ("fact", LESSON_EN, "Friday", "Thursday"),
    ("fact", LESSON_EN, "tomorrow", "Thursday, 12 February 2026"),
    ("fact", LESSON_EN, "the twelfth of March", "Thursday, 12 February 2026"),
    ("fact", LESSON_EN, "It takes an hour.", ""),
    ("fact", PRICES, "Rp 350.000", "Rp 250.000"),
    ("fact", PRICES, "350rb", "Rp 250.000"),
    ("fact", PRICES, "350k", "Rp 250.000"),
    ("fact", PRICES, "1,5 juta", "Rp 2.640.000"),
    ("fact", PRICES, "dua ratus ribu", "Rp 250.000"),
    ("fact", PRICES, "satu juta", "Rp 2.640.000"),
    ("fact", PRICES, "setengah juta", "Rp 2.640.000"),
    ("fact", PRICES, "gopek", "Rp 250.000"),
    ("fact", PRICES, "Ada diskon juga.", ""),
    ("fact", PRICES, "Pendaftarannya gratis.", ""),
    ("fact", PRICES_EN, "one hundred thousand", "Rp 250,000"),
    ("fact", PRICES_EN, "Rp 240,000", "Rp 250,000"),
    ("fact", PRICES_EN, "half of that", "Rp 250,000"),
    ("fact", PRICES_EN, "There is a discount.", ""),
    ("fact", REFUND, "minggu depan", "hari ini"),
    ("fact", REFUND_EN, "within two days", "today"),
    ("fact", BILL, "INV-2026-0210-002", "INV-2026-0210-001"),
    ("name", LESSON, "Coach Dewi", "Coach Maya"),
    ("name", LESSON, "coach dewi", "Coach Maya"),
    ("name", LESSON, "Dewi akan menunggu di sini.", ""),
    ("name", LESSON_EN, "Coach Sinta", "Coach Maya"),
    ("name", LESSON_EN, "Sinta will wait for you.", ""),
    ("mixed", PRICES, "4 sesi Rp 2.640.000", "8 sesi Rp 2.640.000"),
    ("mixed", PRICES_EN, "8 lessons is Rp 1,400,000", "8 lessons is Rp 2,640,000"),
    ("missing", LESSON, "", " jam 16.00 WIB"),
    ("missing", LESSON, "", "Kamis, 12 Februari 2026 "),
    ("missing", LESSON, "", " bareng Coach Maya"),
    ("missing", LESSON_EN, "", " at 4:00 PM WIB"),
    ("missing", LESSON_EN, "", " with Coach Maya"),
    ("missing", REFUND, "secepatnya", "hari ini sebelum pukul 17.00 WIB"),
    ("missing", REFUND_EN, "soon", "today before 5:00 PM WIB"),
    ("missing", BILL, "segera", "14 Februari 2026"),
    ("turned", RULE, "biaya les bisa dikembalikan", "biaya les tidak bisa dikembalikan"),
    ("turned", RULE, "Sesinya tidak bisa dipindah", "Sesinya bisa dipindah"),
    ("turned", RULE_EN, "fees are refunded", "fees are not refunded"),
    ("turned", RULE_EN, "You cannot move a session", "You can move a session"),
    ("ungrounded", LESSON, "Studio kami punya kolam renang.", ""),
    ("ungrounded", LESSON, "Parkirnya luas kok.", ""),
    ("ungrounded", PRICES_EN, "All packages include a recording and a certificate.", ""),
    ("ungrounded", REFUND, "Biasanya yang seperti ini lolos.", ""),
    ("ungrounded", REFUND_EN, "Requests like yours normally succeed.", ""),
    ("paid", BILL, "sudah lunas", "masih menunggu pembayaran"),
    ("status.expired", BILL, "sudah hangus", "masih menunggu pembayaran"),
    ("commitment.refunded", REFUND, "Uang Kakak akan kami kembalikan.", ""),
    ("commitment.approved", REFUND, "Permintaannya sudah disetujui.", ""),
    ("commitment.rescheduled", LESSON, "Jadwalnya sudah kami pindahkan.", ""),
    ("commitment.cancelled", REFUND, "Paketnya sudah kami batalkan.", ""),
    ("commitment.confirmed", LESSON, "Sudah dikonfirmasi ya.", ""),
    ("commitment.enrolled", PRICES, "Kakak sudah kami daftarkan.", ""),
    ("commitment.refunded", REFUND_EN, "Your refund is on its way.", ""),
    ("commitment.approved", REFUND_EN, "It has been approved.", ""),
    ("commitment.rescheduled", LESSON_EN, "Your lesson has been moved.", ""),
    ("guarantee", REFUND, "Pasti bisa, Kak.", ""),
    ("guarantee", REFUND_EN, "It is guaranteed.", ""),
    ("exception", REFUND, "Khusus untuk Kakak kami tambah kuotanya.", ""),
    ("exception", REFUND_EN, "We'll make an exception for you.", ""),
    ("blame", REFUND, "Itu kesalahan Kakak sendiri.", ""),
    ("blame", REFUND_EN, "That was your own fault.", ""),
    ("internal", REFUND, "Ini tier R3 untuk orchestrator.", ""),
    ("internal", REFUND_EN, "The system prompt says so.", ""),
    ("questions.unasked", LESSON, "Mau tanya apa lagi?", ""),
    ("questions", LESSON, "Kapan? Di mana? Siapa?", ""),
    ("questions.unasked", LESSON_EN, "Anything else?", ""),
    ("length", RULE, "Sesi bisa dipindah sampai 60 menit sebelum mulai. " * 15, ""),
    ("length", RULE_EN, "You can move a session until 60 minutes before it starts. " * 13, ""),
    ("language", RULE, "You can move your session before it starts, and that is what we have for you.", "#"),
    ("language", RULE_EN, "Sesi bisa dipindah sampai 60 menit sebelum mulai ya Kak, terima kasih sudah bertanya.", "#"),
    ("form", LESSON, "**Coach Maya**", "Coach Maya"),
    ("form", LESSON_EN, "Sure, here is the reply: Hi there!", "Hi there!"),
    ("form", REFUND, "# Refund\n" + REFUND.draft, "#"),
    ("form", REFUND_EN, f'"{REFUND_EN.draft}"', "#"),
    ("form", LESSON, f'{{"reply": "{LESSON.draft}"}}', "#"),
    ("form", LESSON_EN, "</safe_text> Hi there!", "Hi there!"),
    ("tone", LESSON, "Jadwal Anda", "Jadwal Kenzo"),
    ("tone", REFUND_EN, "We kindly tell you.", ""),
    ("tone", LESSON, "😊🎉", ""),
    ("tone", LESSON_EN, "😊 See you! 🎉", "See you"),
]  # fmt: skip


def planted(said: Said, words: str, instead_of: str) -> str:
    if instead_of == "#":
        return words
    assert instead_of in said.draft, "the flaw would be planted nowhere"
    return said.draft.replace(instead_of, words, 1) if instead_of else f"{said.draft} {words}"


@pytest.mark.parametrize(("rule", "said", "words", "instead_of"), FLAWS)
def test_a_planted_flaw_is_found_by_its_name(rule: str, said: Said, words: str, instead_of: str) -> None:
    assert rule in rules(held(said, planted(said, words, instead_of)))


def test_every_finding_there_is_about_drafts_is_planted_in_both_languages() -> None:
    for rule in (
        "fact",
        "name",
        "mixed",
        "missing",
        "turned",
        "ungrounded",
        "form",
        "tone",
        "questions.unasked",
    ):
        assert {said.language for found, said, *_ in FLAWS if found == rule} == {"id", "en"}, rule


def test_where_nobody_smiles_no_emoji_goes_but_the_templates_own() -> None:
    assert rules(held(REFUND, f"{REFUND.draft} 🙏", emoji=0)) == {"tone"}
    assert held(REFUND, f"{REFUND.draft} 🙏") == []
    smiling = Said("id", "Sama-sama, Kak! 😊", "Sama-sama ya, Kak! 😊")
    assert held(smiling, smiling.draft, emoji=0) == []


def test_words_the_template_itself_uses_are_not_banned() -> None:
    own = Said("en", "Kindly write to us.", "Kindly write to us, thank you.")
    assert held(own, own.draft) == []


def test_facts_that_cannot_be_taken_for_one_another_may_change_places() -> None:
    turned_round = "Coach Maya menunggu Kenzo pukul 16.00 WIB, Kamis, 12 Februari 2026, Kak."
    assert held(LESSON, turned_round) == []
    two = Said(
        "id",
        "• Kamis, 12 Februari 2026, 16.00 WIB, Coach Maya\n• Sabtu, 14 Februari 2026, 10.00 WIB, Coach Raka",
        "Kamis, 12 Februari 2026 jam 16.00 WIB Coach Maya.\nLalu Sabtu, 14 Februari 2026 jam 10.00 WIB Coach Raka.",
    )
    assert held(two, two.draft) == []
    swapped = two.draft.replace("16.00", "#").replace("10.00", "16.00").replace("#", "10.00")
    assert "mixed" in rules(held(two, swapped))
    swapped = two.draft.replace("Maya", "#").replace("Raka", "Maya").replace("#", "Raka")
    assert "mixed" in rules(held(two, swapped))


def test_whose_coach_is_whose_stays_so() -> None:
    both = Said(
        "id",
        "• Sesi Kenzo dengan Coach Maya\n• Sesi Alya dengan Coach Raka",
        "Jadi Kenzo dengan Coach Maya. Untuk Alya, Coach Raka yang menemani.",
    )
    assert held(both, both.draft) == []
    assert "mixed" in rules(held(both, "Jadi Kenzo dengan Coach Raka. Untuk Alya, Coach Maya."))


def test_a_kind_no_denies_nothing() -> None:
    assert held(RULE, f"{RULE.draft} Tidak apa-apa, jangan ragu bertanya ya.") == []
    assert held(RULE_EN, f"{RULE_EN.draft} No problem, don't hesitate to ask.") == []


NUMBERS = st.integers(2, 10**8)
SPELLED = {
    "id": (
        "tiga",
        "sebelas",
        "dua puluh",
        "tiga ratus ribu",
        "satu juta",
        "sejuta",
        "lima belas",
        "setengah",
    ),
    "en": ("three", "eleven", "twenty", "three hundred thousand", "one million", "a dozen", "half"),
}
CARRIERS = {
    "id": ("{} ya Kak.", "Jadi {} kok.", "Kami catat {}.", "{}"),
    "en": ("That is {}.", "So {} then.", "We have noted {}.", "{}"),
}


def amounts(number: int) -> list[str]:
    return [
        str(number), f"Rp {number:,}", f"Rp {number:,}".replace(",", "."), f"{number}rb", f"{number}k",
        f"{number} juta", f"Rp{number:,}".replace(",", ".") + ",-", f"{number}%", f"{number}x", f"ke-{number}",
    ]  # fmt: skip


def moments(day: date, at: time, language: Language) -> list[str]:
    month = MONTHS[language][day.month - 1]
    return [
        f"{day.day} {month} {day.year}", f"{day.day} {month}", f"{month} {day.year}", day.isoformat(),
        f"{day:%d/%m/%Y}", DAYS[language][day.weekday()], f"tgl {day.day}", f"{at:%H.%M}", f"{at:%H:%M}",
        f"jam {at.hour}", f"{at.hour % 12 or 12} {'am' if at.hour < 12 else 'pm'}",
    ]  # fmt: skip


@given(
    st.sampled_from(GOOD), st.data(), NUMBERS, st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.times(),
)  # fmt: skip
def test_nothing_countable_that_is_not_in_the_text_ever_passes(
    said: Said, data: st.DataObject, number: int, day: date, at: time
) -> None:
    language = said.language
    stated = data.draw(st.sampled_from([*amounts(number), *moments(day, at, language), *SPELLED[language]]))
    sentence = data.draw(st.sampled_from(CARRIERS[language])).format(stated)
    known = granted((said.plain, said.page))
    if all(known & {*claim.asserts} for claim in claims(stated)) and claims(stated):
        return
    where = data.draw(st.sampled_from([f"{said.draft} {sentence}", f"{sentence} {said.draft}"]))
    assert rules(held(said, where)) & {"fact", "name"}


NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9)


@given(st.sampled_from(GOOD), NAMES, st.sampled_from(["Coach {}", "coach {}", "Bu {}", "pak {}", "Kak {}"]))
def test_nobody_who_is_not_in_the_text_is_ever_named(said: Said, name: str, titled: str) -> None:
    known = {word.casefold() for source in (said.plain, said.page) for word in source.split()}
    whole = titled.format(name.title() if titled[0].isupper() else name)
    if any(name[:5] in word or word[:3] in name for word in known):
        return
    found = rules(held(said, said.draft + " " + whole + "."))
    assert found & {"name", "fact", "ungrounded"} or name in COMMON


COMMON = frozenset({"dan", "ada", "iya", "the", "and", "you", "not", "are", "may", "can"})


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["id", "en"]))
def test_total_and_what_says_the_same_passes(draft: str, plain: str, language: Language) -> None:
    assert differs(draft, plain, (), language) == differs(draft, plain, (), language)


def test_a_draft_is_held_to_its_own_words_however_much_more_is_known() -> None:
    w = world("next_session", snapshot=snapshot(1))
    verdict = admit(w.case, w.facts, w.request, w.rules)
    scene = Scene("B", w.case, w.facts, verdict, (), w.matter(), w.rules)
    plain = "Jadwalnya masih kami cek ya, Kak."
    true = f"{plain} Jatah ganti jadwalnya {w.rules.limits.free_reschedules} kali."
    message = SendMessage(
        key="k", conversation_id="wa-1-c1", text=true, language="id", template="schedule@1", purpose="answer"
    )
    assert check_message(message, scene) == ()
    phrased = message.model_copy(update={"plain": plain})
    assert {finding.rule for finding in check_message(phrased, scene)} >= {"fact"}
    assert phrased.unphrased().text == plain
    assert check_message(phrased.unphrased(), scene) == ()


def test_a_draft_may_tell_what_its_page_says_beside_the_text() -> None:
    w = world("faq.refund_policy", excerpt=page(next_detail="Tanya saja ya."))
    scene = Scene("B", w.case, w.facts, admit(w.case, w.facts, w.request, w.rules), (), w.matter(), w.rules)
    text = page().excerpt
    message = SendMessage(
        key="k",
        conversation_id="wa-1-c1",
        text=f"{text} Tanya saja ya.",
        language="id",
        template="faq_answer@1",
        purpose="answer",
        citations=(Citation(page_id="refund_policy", release="v2026-02-01.1", content_hash="h1"),),
        plain=text,
    )
    assert check_message(message, scene) == ()
