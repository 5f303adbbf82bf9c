"""What the staff read: every value escaped, always one Telegram message, what is decided on never cut."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.approval import Alternative, ApprovalRequest
from casefile.base import Language
from casefile.errors import BadInput
from casefile.packets import CasePacket, CResult, CTask
from casefile.verdict import RuleHit, Verdict
from policies.degraded import DEPENDENCIES
from prompts.catalogue import LANGUAGES, load_labels
from prompts.lane import LaneVoice
from prompts.lane_templates import LANE_CHARS, LaneTemplates, escape

SHARED = Path(__file__).parents[2] / "prompts" / "templates"
LANES = LaneTemplates.load(SHARED)
NAMES = sorted({name for name, _ in LANES.templates})
NOW = datetime(2026, 2, 12, 3, 0, tzinfo=UTC)
TASK = CTask(
    case_id="case-1",
    action="RESCHEDULE",
    subject="st_alya",
    params={"session": "ss_1", "slot": "sl_9"},
    constraints={"max_moves": 2},
    verification_status="OK",
    idempotency_key="case-1:2:0",
    approval_id="ap-1",
)
VERDICT = Verdict(
    intent="reschedule",
    floor="R3",
    tier="R3",
    decision="ESCALATE_COACH",
    rules=(RuleHit(id="R3.predicate", words="Cut-off passed"),),
    approval_kind="RESCHEDULE_EXCEPTION",
    lane="coach",
)
PACKET = CasePacket(
    case_id="case-1",
    wa_number="+62…7890",
    identity="WA_MATCH",
    request="reschedule",
    minutes_to_session=59,
    reschedules_this_month=2,
    draft_reply="Kami tanyakan dulu ya, Kak.",
    customer_message="bisa pindah <sekarang> & besok?",
)


class _Reader(HTMLParser):
    """Reads a post the way Telegram does, and keeps what is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == []
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(html: str) -> _Reader:
    assert len(html) <= LANE_CHARS
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    assert reader.tags <= {"b", "i", "code", "blockquote"}
    return reader


def _request(**changed: object) -> ApprovalRequest:
    request = ApprovalRequest(
        id="ap-1",
        case_id="case-1",
        kind="RESCHEDULE_EXCEPTION",
        token="tok",
        digest="d" * 64,
        customer_masked="+62…7890",
        language="id",
        asks="Mau pindah, padahal sesi 59 menit lagi",
        policy="Jadwal bisa diganti paling lambat 60 menit sebelum sesi mulai.",
        checked=("Sesi ss_1 mulai 10.59", "Jatah terpakai 1 dari 2"),
        suggested="Izinkan kali ini",
        operation=TASK,
        text="Sesi Alya sudah dipindah.",
        deny_text="Maaf, tidak bisa kami setujui.",
        alternatives=(
            Alternative(id="a1", label="Bulan depan", operation=TASK, text="Bulan depan ya, Kak."),
        ),
        cited=("reschedule_policy@v2026-02-10.1",),
        additions=("Anaknya sakit",),
        urgent=True,
        requested_at=NOW,
        deadline=NOW,
    )
    return request.model_copy(update=changed)


def _voice(language: Language = "id") -> LaneVoice:
    return LaneVoice(LANES, language, load_labels(SHARED / f"labels.{language}.yaml", language))


SAID: dict[Language, dict[str, str]] = {
    "id": {
        "operation": "pindah jadwal st_alya session=ss_1, slot=sl_9",
        "kind": "Ganti jadwal di luar aturan",
        "identity": "nomor WA terdaftar",
        "decision": "menunggu keputusan pelatih",
        "request": "Pindah jadwal sesi",
        "result": "Berhasil",
    },
    "en": {
        "operation": "move a session st_alya session=ss_1, slot=sl_9",
        "kind": "Schedule change outside the rules",
        "identity": "registered WhatsApp number",
        "decision": "waiting for a coach",
        "request": "Move a session",
        "result": "Done",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=25)
def test_any_value_is_text_and_any_post_fits(language: Language, name: str, data: st.DataObject) -> None:
    template = LANES.templates[(name, language)]
    words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
    values = {value: data.draw(words, label=value) for value in sorted(template.text.names)}
    for value in template.shorten:
        values[value] *= data.draw(st.integers(min_value=1, max_value=90), label=f"times {value}")
    seen = _read(LANES.post(name, language, values)).text
    for value in template.text.names - template.shorten:
        assert values[value] in seen


@given(st.text(max_size=300))
def test_escaping_leaves_no_markup_and_loses_nothing(text: str) -> None:
    safe = escape(text)
    assert "<" not in safe and ">" not in safe
    assert safe.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_packet_shows_what_spec_4_asks_for(language: Language) -> None:
    qa = ("NEEDS EDIT", "tier ✓ · verification ✗")
    post = _voice(language).case_packet(
        PACKET, VERDICT, hooks="2/2, 60 min", operation=TASK, due="17.00 WIB", qa=qa
    )
    text = _read(post).text
    said = SAID[language]
    for shown in (
        "case-1",
        "R3",
        "+62…7890",
        said["request"],
        "2/2, 60 min",
        said["identity"],
        said["decision"],
        "QA: NEEDS EDIT\ntier ✓ · verification ✗",
        "59 menit" if language == "id" else "59 minutes",
        "Kami tanyakan dulu ya, Kak.",
        "bisa pindah <sekarang> & besok?",
        said["operation"],
        f"{said['kind']} (coach)",
        "• Cut-off passed",
        "17.00 WIB",
    ):
        assert shown in text
    assert "WA_MATCH" not in text and "ESCALATE_COACH" not in text


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("refund_request", "Refund"),
        ("faq.price_list", "Pertanyaan umum: price list"),
        ("legal_threat", "Ancaman jalur hukum"),
        ("something_new", "something new"),
    ],
)
def test_what_a_case_is_about_is_said_in_words(intent: str, words: str) -> None:
    assert _voice().request_words(intent) == words


def test_a_case_packet_leaves_out_what_there_is_none_of() -> None:
    packet = PACKET.model_copy(
        update={"minutes_to_session": None, "reschedules_this_month": None, "draft_reply": ""}
    )
    plain = VERDICT.model_copy(update={"approval_kind": None, "a_approval": "none", "rules": ()})
    text = _read(_voice().case_packet(packet, plain, hooks="", operation=None, due="17.00 WIB")).text
    for absent in (
        "Sesi mulai",
        "Ganti jadwal",
        "Usulan",
        "dijalankan",
        "persetujuan",
        "Kenapa",
        "None",
        "QA",
    ):
        assert absent not in text


@pytest.mark.parametrize(("who", "shown"), [("role", "persetujuan: A\n"), ("human", "persetujuan: A + ops")])
def test_a_pass_by_a_is_named(who: str, shown: str) -> None:
    verdict = VERDICT.model_copy(update={"approval_kind": None, "a_approval": who})
    post = _voice().case_packet(PACKET, verdict, hooks="", operation=None, due="17.00 WIB")
    assert shown in _read(post).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_approval_request_shows_everything_the_decision_releases(language: Language) -> None:
    request = _request(asks="x" * 6000, additions=("y" * 6000,), checked=("z" * 6000,), notes="Risiko sedang")
    text = _read(_voice(language).approval_request(request, deadline="12.00 WIB")).text
    for whole in (
        request.text,
        request.deny_text,
        SAID[language]["operation"],
        SAID[language]["kind"],
        f"• Bulan depan [{SAID[language]['operation']}]: Bulan depan ya, Kak.",
        "Risiko sedang",
        "12.00 WIB",
        "APPROVE",
        "DENY",
        "EDIT",
    ):
        assert whole in text
    assert "x…" in text


def test_a_request_that_has_nothing_to_release_yet_offers_no_yes() -> None:
    request = _request(operation=None, wants="CONTACT_ERASE", text="", alternatives=())
    text = _read(_voice().approval_request(request, deadline="12.00 WIB")).text
    assert "APPROVE belum bisa: identitas belum terbukti untuk penghapusan data pribadi" in text
    assert "Kalau APPROVE" not in text and "balas pesan ini: DENY" in text


def test_a_calm_request_without_an_operation_says_so_by_silence() -> None:
    request = _request(urgent=False, operation=None, alternatives=(), cited=(), additions=(), checked=())
    text = _read(_voice().approval_request(request, deadline="12.00 WIB")).text
    for absent in ("Mendesak", "pindah jadwal st_alya", "Pilihan lain", "📎", "Tambahan", "dicek"):
        assert absent not in text


def test_what_would_be_released_is_never_cut() -> None:
    with pytest.raises(BadInput, match="must stay whole"):
        _voice().approval_request(_request(text="kata " * 1000), deadline="12.00 WIB")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_posts_after_a_request_say_what_it_was_about(language: Language) -> None:
    voice, request = _voice(language), _request()
    posts = (
        voice.approval_decided(request, who="Dimas", when="10.15 WIB", outcome="Disetujui", why="sekali ini"),
        voice.approval_void(request, why="ditarik"),
        voice.approval_added(request, addition="Anaknya sakit"),
        voice.approval_reminder(request, deadline="12.00 WIB", who="Sinta"),
    )
    for post, own in zip(posts, ("Dimas", "ditarik", "Anaknya sakit", "Sinta"), strict=True):
        text = _read(post).text
        assert own in text
        assert all(part in text for part in ("case-1", "+62…7890", request.asks))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_operation_and_its_return(language: Language) -> None:
    task = _read(_voice(language).operations_task(TASK, customer="+62…7890", constraints="2/2")).text
    assert all(part in task for part in (SAID[language]["operation"], "2/2", "ap-1", "case-1:2:0"))
    result = CResult(
        case_id="case-1",
        status="SUCCESS",
        action="RESCHEDULE",
        details="moved",
        old_state={"slot": "a"},
        new_state={"slot": "b"},
        refs={"session": "ss_1"},
        rev=7,
    )
    back = _read(_voice(language).operations_return(result)).text
    assert all(
        part in back for part in (SAID[language]["result"], "moved", "slot=a", "slot=b", "session=ss_1")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_without_words_can_be_asked_about_too(language: Language) -> None:
    request = _request(asks="", text="", deny_text="")
    post = _voice(language).approval_request(request, deadline="12.00 WIB")
    assert "<blockquote>" not in post
    assert "case-1" in _read(_voice(language).approval_void(request, why="x")).text


def test_other_posts_go_by_their_name() -> None:
    post = _voice("en").post("knowledge_gap", {"case_id": "case-1", "question": "Is there a <piano>?"})
    assert "Is there a <piano>?" in _read(post).text


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("nope", {}, "no lane template 'nope'"),
        ("knowledge_gap", {"case_id": "1"}, "missing or unknown value: question"),
        ("knowledge_gap", {"case_id": "1", "question": "?", "x": ""}, "missing or unknown value: x"),
        ("knowledge_gap", {"case_id": "1", "question": ""}, "empty value question"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(name: str, values: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        LANES.post(name, "id", values)


GOOD = 'a: {version: 1, text: "<b>{x}</b>[[ <i>{y}</i>]]", shorten: [y]}\n'


@pytest.mark.parametrize(
    ("id_text", "en_text", "says"),
    [
        (GOOD.replace("<b>", "<u>"), GOOD, "only <b>, <i>, <code> and <blockquote>"),
        (GOOD.replace("<b>", "<b class='x'>"), GOOD, "only <b>, <i>, <code> and <blockquote>"),
        (GOOD.replace("<b>", "& <b>"), GOOD, "only <b>, <i>, <code> and <blockquote>"),
        (GOOD.replace("</b>", ""), GOOD, "<b> is not closed"),
        (GOOD.replace("<b>", ""), GOOD, "</b> closes nothing"),
        (GOOD.replace("</b>[[", "[[</b>"), GOOD, "<b> is not closed"),
        (GOOD.replace("version: 1", "version: x"), GOOD, "version: 'x' must be a whole number"),
        (GOOD.replace("shorten: [y]", "shorten: [z]"), GOOD, "shorten: z does not occur"),
        (GOOD.replace("shorten", "cut"), GOOD, "unknown key cut"),
        ("a: {version: 1}\n", GOOD, "text: must be words"),
        (GOOD, GOOD.replace("shorten: [y]", "shorten: [x]"), "'a': id and en differ"),
        (GOOD, GOOD.replace("a:", "b:"), "in one language only"),
    ],
)
def test_a_mistake_in_a_lane_file_is_refused_at_load(
    tmp_path: Path, id_text: str, en_text: str, says: str
) -> None:
    (tmp_path / "lane.id.yaml").write_text(id_text, encoding="utf-8")
    (tmp_path / "lane.en.yaml").write_text(en_text, encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        LaneTemplates.load(tmp_path)


@pytest.mark.parametrize(
    ("minutes", "indonesian", "english"),
    [
        (4679, "Sesi mulai 3 hari 6 jam lagi", "Session starts in 3 days 6 hours"),
        (1440, "Sesi mulai 1 hari lagi", "Session starts in 1 day"),
        (61, "Sesi mulai 1 jam 1 menit lagi", "Session starts in 1 hour 1 minute"),
        (59, "Sesi mulai 59 menit lagi", "Session starts in 59 minutes"),
        (0, "Sesi sudah mulai atau sudah lewat", "Session has started or is over"),
    ],
)
def test_a_card_says_in_words_when_the_session_starts(minutes: int, indonesian: str, english: str) -> None:
    packet = PACKET.model_copy(update={"minutes_to_session": minutes})
    for language, words in (("id", indonesian), ("en", english)):
        post = _voice(language).case_packet(packet, VERDICT, hooks="", operation=None, due="17.00 WIB")
        assert words in post


def test_what_is_out_of_order_and_what_waits_for_it_has_words_in_both_languages() -> None:
    known = {
        key for language in LANGUAGES for key in load_labels(SHARED / f"labels.{language}.yaml", language)
    }
    for group, name, language in product(("dependency", "paused"), DEPENDENCIES, LANGUAGES):
        assert (f"{group}.{name}", language) in known
