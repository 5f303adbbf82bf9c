import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.base import Language
from casefile.effects import Citation
from casefile.packets import KbExcerpt
from policies.limits import Limits
from policies.promises import Finding, check, explain, insistable
from policies.promises_words import RULE_WORDS
from tests.policies.builders import NOW

LIMITS = Limits()
EVERYTHING = frozenset(
    {"rescheduled", "refunded", "cancelled", "confirmed", "approved", "exception", "erased", "enrolled"}
)
PAGE = KbExcerpt(
    topic="refund_policy",
    title="Refund",
    status="Published",
    effective_date=NOW.date(),
    language="id",
    excerpt="Biaya paket tidak dapat dikembalikan.",
    source_link="",
    page_id="refund_policy",
    release="v2026-02-10.1",
    content_hash="h1",
)
CITED = Citation(page_id="refund_policy", release="v2026-02-10.1", content_hash="h1")


def found(
    text: str,
    language: Language = "id",
    allowed: tuple[str, ...] = (),
    excerpts: tuple[str, ...] = (),
    done: frozenset[str] = frozenset(),
    **rest: object,
) -> list[str]:
    settings_: dict[str, object] = {
        "citations": (), "needs_citation": False, "identity_ok": True, "account_claim": False, "limits": LIMITS,
    }  # fmt: skip
    findings = check(text, language, allowed, excerpts, done=done, **(settings_ | rest))  # type: ignore[arg-type]
    return [finding.rule for finding in findings]


GOOD = [
    ("id", "Halo Kak, ada yang bisa kami bantu?"),
    ("id", "Permintaan refund Kakak sudah kami terima dan kami teruskan ke tim, ya."),
    ("id", "Maaf ya Kak, kami belum bisa memastikan sebelum dicek."),
    ("id", "Sesi belum kami pindahkan, masih menunggu persetujuan."),
    ("id", "Kalau Kakak setuju, kami pindahkan ke jadwal itu ya."),
    ("id", "Mau kami pindahkan ke jadwal itu?"),
    ("id", "Apakah pembayarannya sudah berhasil?"),
    ("id", "Jika pembayaran sudah kami terima, kami kabari ya."),
    ("id", "Terima kasih, buktinya sudah kami simpan. Statusnya kami cek dulu ya."),
    ("id", "Kalau slotnya masih kosong, kami kabari ya."),
    ("id", "Ini bukan salah Kakak, kok."),
    ("id", "Refund tidak bisa kami proses tanpa keputusan tim."),
    ("id", "Refund tidak akan kami proses sendiri."),
    ("id", "Hasilnya tidak bisa kami jamin ya, Kak."),
    ("en", "Hi, how can we help?"),
    ("en", "We have passed your refund request on."),
    ("en", "We can't promise a refund."),
    ("en", "Your lesson has not been moved yet."),
    ("en", "If you agree, we'll move your lesson."),
    ("en", "This isn't your fault."),
    ("en", "Has your payment been made?"),
    ("en", "Sorry, we cannot make an exception."),
    ("en", "We will tell you once your payment has been received."),
]
BAD = [
    ("commitment.rescheduled", "id", "Jadwal Kakak udah aku pindah ya"),
    ("commitment.rescheduled", "id", "Kalau begitu jadwalnya sudah kami ganti, Kak"),
    ("commitment.rescheduled", "id", "Sesi Kakak berhasil dipindahkan"),
    ("commitment.rescheduled", "en", "I've moved your lesson"),
    ("commitment.rescheduled", "en", "Your lesson is now rescheduled"),
    ("commitment.rescheduling", "id", "Sip, langsung kami jadwal ulang ya Kak"),
    ("commitment.rescheduling", "en", "We'll move your lesson"),
    ("commitment.refunded", "id", "refund akan kami proses"),
    ("commitment.refunded", "id", "Uang Kakak akan kami kembalikan secepatnya"),
    ("commitment.refunded", "id", "Kalau Kakak kirim bukti, refund akan kami proses"),
    ("commitment.refunded", "id", "Tidak hanya refund akan kami proses, Kak"),
    ("commitment.refunded", "en", "A refund is on its way"),
    ("commitment.refunded", "en", "You will get your money back"),
    ("commitment.refunded", "en", "We are refunding you"),
    ("commitment.cancelled", "id", "Paketnya sudah kami batalkan"),
    ("commitment.cancelled", "en", "Your package has been cancelled"),
    ("commitment.confirmed", "id", "Sudah dikonfirmasi ya Kak"),
    ("commitment.confirmed", "en", "It is confirmed"),
    ("commitment.approved", "id", "Coach setuju refund-nya ya Kak"),
    ("commitment.approved", "en", "Your request has been approved"),
    ("commitment.erased", "id", "Data Kakak sudah kami hapus"),
    ("commitment.erased", "en", "Your data will be deleted"),
    ("commitment.enrolled", "id", "Kakak sudah kami daftarkan"),
    ("commitment.enrolled", "en", "You're enrolled"),
    ("paid", "id", "Pembayaran Kakak sudah masuk, terima kasih"),
    ("paid", "id", "Setelah kami cek pembayaran sudah masuk"),
    ("paid", "id", "Pembayaran invoice INV-2026-1117-001 sebesar Rp 1.400.000 sudah kami terima"),
    ("paid", "en", "We've received the payment of Rp 1,400,000"),
    ("paid", "id", "Sudah lunas ya, ada yang lain?"),
    ("paid", "en", "Your payment went through"),
    ("paid", "en", "Your invoice is fully paid"),
    ("status.unpaid", "id", "Tagihannya belum dibayar"),
    ("status.expired", "en", "The link has expired"),
    ("status.free", "id", "Slotnya masih kosong kok"),
    ("status.full", "en", "We are fully booked"),
    ("guarantee", "id", "Pasti bisa, Kak"),
    ("guarantee", "id", "Hasilnya dijamin memuaskan"),
    ("guarantee", "en", "It is guaranteed"),
    ("guarantee", "en", "I promise it will work"),
    ("exception", "id", "Kali ini saja kami izinkan, ya"),
    ("exception", "id", "Khusus untuk Kakak, kuotanya kami tambah"),
    ("exception", "en", "We'll make an exception for you"),
    ("exception", "en", "We will waive the fee"),
    ("blame", "id", "Itu kesalahan Kakak sendiri"),
    ("blame", "en", "You should have told us earlier"),
    ("blame", "en", "This is your own fault"),
    ("internal", "en", "That is tier R3 for us"),
    ("internal", "id", "Kami teruskan ke coach lane"),
    ("internal", "id", "or\u200bchestrator kami sibuk"),
    ("internal", "id", "Kuncinya sk-abcdefghijklmnopq"),
    ("internal", "id", "Kami kabari {time_window}"),
    ("internal", "en", "Our agent will answer"),
    ("internal", "en", "role B says hello"),
    ("fact", "id", "Sesi Kakak jam 4 sore"),
    ("fact", "id", "Harganya Rp 500.000"),
    ("fact", "id", "Sisa sesi tiga kali"),
    ("name", "id", "Sesi Kakak dengan Coach Dewi"),
    ("questions", "id", "Kapan? Di mana? Dengan siapa?"),
    ("language", "id", "Please have a look at the schedule and tell us if you can make it"),
    ("language", "en", "Terima kasih ya Kak, kami akan kabari kalau sudah ada jadwal untuk sesi ini"),
]

INFORMAL = [
    ("paid", "id", "Udah kami terima uangnya ya"),
    ("paid", "en", "We got your money"),
    ("commitment.refunded", "id", "Refund Kakak sedang kami proses"),
    ("commitment.refunded", "en", "Your refund is being processed"),
    ("exception", "id", "untuk kali ini bisa lewat dari kuota"),
    ("commitment.rescheduling", "id", "jadwalnya aku pindahin ya"),
    ("commitment.cancelled", "id", "Kelas Kakak dibatalkan ya"),
    ("status.used_up", "id", "Kuotanya sudah habis"),
    ("status.away", "id", "coach budi sakit"),
    ("blame", "id", "Kakak telat bayar makanya kena"),
    ("paid", "id", "duitnya udah masuk kak"),
    ("paid", "id", "tf-nya udh nyampe ya kak"),
    ("paid", "id", "udah kebayar kok kak"),
    ("paid", "id", "pembayarannya sudah beres ya"),
    ("paid", "en", "the money has landed, thank you"),
    ("paid", "en", "your payment came through"),
    ("commitment.refunded", "id", "uangnya lagi kami balikin ya kak"),
    ("commitment.refunded", "id", "pengembalian dananya dalam proses"),
    ("commitment.refunded", "en", "we're processing your refund now"),
    ("commitment.refunded", "en", "your money is coming back"),
    ("commitment.refunded", "id", "refundnya cair besok ya"),
    ("commitment.rescheduling", "id", "sesinya digeser ke Jumat ya"),
    ("commitment.rescheduling", "id", "tim kami ganti jadwalnya ya kak"),
    ("commitment.rescheduling", "en", "I'm moving your lesson to another day"),
    ("commitment.rescheduled", "en", "you're all set for Friday"),
    ("commitment.cancelled", "id", "lesnya aku batalin ya kak"),
    ("commitment.cancelled", "en", "we cancelled your class"),
    ("commitment.approved", "id", "udah di-acc coach kok"),
    ("exception", "id", "kali ini aku bolehin deh"),
    ("exception", "id", "jatahnya kami tambahin ya kak"),
    ("exception", "en", "we can go over the monthly limit for you"),
    ("exception", "en", "let's let it slide this time"),
    ("status.used_up", "id", "jatah ganti jadwal Kakak udah abis"),
    ("status.used_up", "en", "you are out of free reschedules"),
    ("status.away", "id", "coach lagi cuti ya kak"),
    ("status.away", "en", "your coach is sick today"),
    ("blame", "id", "Kakak lupa sih"),
    ("blame", "en", "you forgot to tell us"),
    ("commitment.enrolled", "id", "slotnya udah aku amankan ya kak"),
    ("commitment.erased", "id", "datanya langsung aku hapus ya"),
]
LOOK_ALIKES = [
    ("id", "Buktinya sudah kami terima, Kak. Tim kami cocokkan dulu ya."),
    ("id", "Bukti transfernya sudah masuk ke kami, terima kasih."),
    ("en", "Thanks, we got your payment proof."),
    ("id", "Permintaan refund Kakak sedang kami tinjau."),
    ("id", "Permintaan refund Kakak lagi kami proses ya, keputusannya di tim."),
    ("en", "Your refund request is being reviewed."),
    ("id", "Mau jadwalnya aku pindahin?"),
    ("id", "Kalau cocok, jadwalnya kami pindahin ya."),
    ("id", "Sesi yang dibatalkan kurang dari 60 menit dihitung terpakai."),
    ("id", "Sesi bisa dipindah sampai 60 menit sebelum mulai."),
    ("id", "Kelasnya belum kami batalkan ya, Kak."),
    ("id", "Permintaannya sudah kami batalkan ya, Kak."),
    ("id", "Kali ini belum bisa ya, Kak."),
    ("en", "We can't go over the monthly limit."),
    ("id", "Kalau Kakak lupa, tidak apa-apa."),
    ("id", "Kalau coach berhalangan, kami kabari ya."),
    ("en", "If you forgot, just tell us."),
    ("id", "Kalau jatahnya habis, perubahan berikutnya kami tanyakan dulu ke tim."),
    ("id", "Coach mana yang Kakak mau?"),
    ("id", "Kakak sudah pernah les?"),
    ("en", "Has the money arrived?"),
    ("en", "Have you got your payment ready?"),
    ("id", "Uangnya tidak kami terima lewat tunai."),
    ("id", "Maaf, kami belum bisa memindahkan sesinya."),
]


@pytest.mark.parametrize(("language", "text"), GOOD)
def test_kind_and_honest_words_may_go(language: Language, text: str) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(("rule", "language", "text"), BAD)
def test_what_must_not_be_said_is_held(rule: str, language: Language, text: str) -> None:
    assert rule in found(text, language)


@pytest.mark.parametrize(("rule", "language", "text"), INFORMAL)
def test_however_casually_it_is_put_it_is_held(rule: str, language: Language, text: str) -> None:
    assert rule in found(text, language)


@pytest.mark.parametrize(("language", "text"), LOOK_ALIKES)
def test_what_only_sounds_alike_may_go(language: Language, text: str) -> None:
    assert found(text, language, allowed=("60",)) == []


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("rescheduled", "Sesinya sudah kami pindahkan ya"),
        ("rescheduled", "Sesinya langsung kami pindahkan ya"),
        ("refunded", "Refund sudah kami proses"),
        ("refunded", "Refund sudah disetujui"),
        ("cancelled", "Paketnya sudah kami batalkan"),
        ("confirmed", "Pembayaran sudah kami terima"),
        ("approved", "Permintaannya sudah disetujui"),
        ("exception", "Kali ini saja kami izinkan"),
        ("erased", "Datanya sudah kami hapus"),
        ("enrolled", "Kakak sudah kami daftarkan"),
    ],
)
def test_what_is_done_may_be_said_and_only_that(key: str, text: str) -> None:
    assert found(text, done=frozenset({key})) == []
    assert found(text) != []
    unrelated = "erased" if key == "enrolled" else "enrolled"
    assert found(text, done=frozenset({unrelated})) != []


@pytest.mark.parametrize("text", ["Pasti bisa, Kak", "Hasilnya dijamin memuaskan", "Kami janji ya"])
def test_a_certainty_is_never_done(text: str) -> None:
    assert found(text, done=EVERYTHING) == ["guarantee"]


def test_every_statement_needs_its_fact() -> None:
    text = "Halo Kak Rani, sesi berikutnya Kamis, 12 Februari 2026 pukul 16.00 WIB dengan Coach Maya ya."
    facts = ("Rani", "Kamis, 12 Februari 2026", "16.00 WIB", "Maya")
    assert found(text, allowed=facts) == []
    for missing in facts:
        assert found(text, allowed=tuple(f for f in facts if f != missing)) != []


def test_a_published_sentence_may_be_repeated_word_for_word_only() -> None:
    page = (
        "Ganti jadwal gratis 2 kali. Refund akan kami proses bila disetujui; hasilnya dijamin."
        " Kali ini boleh. Lunas."
    )
    assert found(page, excerpts=(page,)) == []
    assert found("Refund akan kami proses.", excerpts=(page,)) == ["commitment.refunded"]
    assert found("Ganti jadwal gratis 3 kali.", excerpts=(page,)) == ["fact"]
    # The wording of a template is no published page: it excuses numbers, never commitments.
    assert found("Refund akan kami proses.", allowed=("Refund akan kami proses.",)) == ["commitment.refunded"]


def test_a_status_stands_when_the_facts_say_it_but_paid_never_by_words_alone() -> None:
    assert found("Tagihannya menunggu pembayaran", allowed=("menunggu pembayaran",)) == []
    assert found("Tagihannya lunas", allowed=("lunas",)) == ["paid"]


def test_names_of_others_are_held_and_own_names_are_not() -> None:
    assert "other_customer" in found("Sesi budi santoso sudah ada", others=("budi santoso",))
    assert found("Sesi Budi", allowed=("Budi",), others=("Budi",)) == []
    assert "other_customer" in found("sesi budi", allowed=("budiman",), others=("budi",))


@pytest.mark.parametrize(
    "text", ["Rani datang ya", "Halo!\nRani datang", "- Rani", "Kak, di bulan Maret nanti"]
)
def test_a_capital_that_opens_a_sentence_or_a_date_is_no_name(text: str) -> None:
    assert "name" not in found(text)


@pytest.mark.parametrize(("identity_ok", "held"), [(True, False), (False, True), (None, True)])
def test_account_facts_need_a_verified_identity(identity_ok: bool | None, held: bool) -> None:
    assert ("verification" in found("Halo", identity_ok=identity_ok, account_claim=True)) is held
    assert found("Halo", identity_ok=identity_ok) == []


@pytest.mark.parametrize(
    ("citations", "published", "rules"),
    [
        ((), None, ["citation.missing"]),
        ((), (PAGE,), ["citation.missing"]),
        ((CITED,), None, []),
        ((CITED,), (PAGE,), []),
        ((CITED,), (), ["citation.unpublished"]),
        ((CITED,), (PAGE.model_copy(update={"status": "Draft"}),), ["citation.unpublished"]),
        ((CITED,), (PAGE.model_copy(update={"content_hash": "h2"}),), ["citation.unpublished"]),
        ((CITED,), (PAGE.model_copy(update={"release": "v2026-02-11.1"}),), ["citation.unpublished"]),
    ],
)
def test_a_claim_rests_on_a_page_in_force(
    citations: tuple[Citation, ...], published: tuple[KbExcerpt, ...] | None, rules: list[str]
) -> None:
    assert found("Halo", citations=citations, needs_citation=True, published=published) == rules


def test_a_turn_without_a_claim_needs_no_page() -> None:
    assert found("Halo", published=(PAGE,)) == []


def test_two_questions_may_be_asked_and_a_long_text_only_as_an_invoice() -> None:
    assert found("Kapan? Di mana??") == []
    assert found("a" * 700) == []
    assert found("a" * 701) == ["length"]
    assert found("a" * 4096, invoice=True) == []
    assert found("a" * 4097, invoice=True) == ["length"]
    assert found("Kapan? Di mana?", limits=Limits(questions_per_turn=1)) == ["questions"]


def test_an_ordinary_word_may_come_from_a_page_and_an_inner_name_never() -> None:
    assert found("Masuk lewat gate ya", excerpts=("Parkir dekat gate utara",)) == []
    assert found("Masuk lewat gate ya", excerpts=("Kami investigate dulu",)) == ["internal"]
    assert found("Ini orchestrator ya", excerpts=("orchestrator",)) == ["internal"]


def test_names_and_short_answers_have_no_language() -> None:
    assert found("Thank you!") == []
    assert found("Oke, see you!", "id") == []


def test_a_person_may_insist_except_on_the_two_things() -> None:
    assert insistable(())
    assert insistable(check("Pasti bisa? a? b?", "id", (), (), (), False, True, False, frozenset(), LIMITS))
    for rule in RULE_WORDS:
        assert insistable([Finding(rule=rule, words="", span="")]) == (
            rule not in ("internal", "other_customer")
        )


def test_a_finding_explains_itself_in_the_readers_language() -> None:
    (finding,) = check("Pasti bisa ya", "id", (), (), (), False, True, False, frozenset(), LIMITS)
    assert finding == Finding(rule="guarantee", words="promises a certainty", span="Pasti bisa")
    assert explain(finding, "id") == "menjanjikan kepastian: “Pasti bisa”"
    assert explain(finding, "en") == "promises a certainty: “Pasti bisa”"
    assert explain(Finding(rule="citation.missing", words="", span=""), "en") == "rests on no published page"


@given(st.text(max_size=400), st.sampled_from(["id", "en"]))
@settings(max_examples=60)
def test_total_deterministic_and_every_finding_has_words(text: str, language: Language) -> None:
    arguments = (text, language, (), (), (), False, True, False, frozenset[str](), LIMITS)
    findings = check(*arguments)
    assert findings == check(*arguments)
    assert all(explain(finding, "id") and explain(finding, "en") for finding in findings)


@given(st.sampled_from(BAD), st.sampled_from(["Halo Kak. ", "Hi there! ", "Terima kasih sudah menunggu.\n"]))
def test_a_kind_beginning_hides_nothing(bad: tuple[str, Language, str], opening: str) -> None:
    rule, language, text = bad
    if rule not in ("language", "name"):
        assert rule in found(opening + text, language)


@given(st.sampled_from(BAD), st.frozensets(st.sampled_from(sorted(EVERYTHING))))
def test_knowing_more_never_holds_more(bad: tuple[str, Language, str], done: frozenset[str]) -> None:
    _, language, text = bad
    assert set(found(text, language, done=done)) <= set(found(text, language))
    assert set(found(text, language, allowed=(text,))) <= set(found(text, language))
