"""The gate's table: every row a rule, the strictest matching row wins, and no match asks.

Read it beside spec 2: a row's words are what it means, `when` is how it is seen.
"""

from dataclasses import dataclass

from casefile.base import Lane
from casefile.verdict import ApprovalKind, Decision, Tier
from policies.conditions import (
    SMALL_TALK,
    UNPRICED,
    Test,
    account,
    asks_only_about_policy,
    attack_with_request,
    child_open,
    claims_payment,
    nothing_ahead,
    nothing_open,
    open_reschedule,
    proved,
    readable,
    readable_now,
    requests,
    reschedule,
    slot,
)
from policies.leads import LEADS
from policies.matter import STILL_OPEN, Matter


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: where it puts a request, what then happens, and in which words people read it."""

    id: str
    words: str
    words_id: str
    tier: Tier
    decision: Decision
    when: Test
    missing: str | None = None
    kind: ApprovalKind | None = None
    lane: Lane | None = None
    urgent: bool = False


# fmt: off
RULES: tuple[Rule, ...] = (
    # --- R3 by request: a person decides, always -------------------------------------------------------
    Rule("R3.nothing_open", "Takes something back, but nothing is open: nobody decides, the customer is asked",
         "Menarik permintaan, padahal tidak ada yang berjalan: pelanggan ditanya, tidak ada yang diputuskan",
         "R3", "ASK", nothing_open, missing="withdrawal"),
    Rule("R3.safety", "Safety of a child, harassment or abuse is reported",
         "Laporan keselamatan anak, pelecehan, atau kekerasan", "R3", "ESCALATE_COACH",
         requests("minors_safety", "harassment", "abuse"), kind="OTHER_EXCEPTION", lane="coach", urgent=True),
    Rule("R3.legal", "Threatens a chargeback, a complaint to an authority or the law",
         "Ancaman chargeback, lapor ke pihak berwenang, atau jalur hukum", "R3", "ESCALATE_COACH",
         requests("chargeback", "legal"), kind="OTHER_EXCEPTION", lane="coach", urgent=True),
    Rule("R3.refund", "Asks for money back", "Minta uang kembali", "R3", "ESCALATE_COACH",
         requests("refund"), kind="REFUND", lane="coach"),
    Rule("R3.privacy", "Asks to delete, hand over or correct personal data",
         "Minta data pribadi dihapus, diberikan, atau dibetulkan", "R3", "ESCALATE_COACH",
         requests("privacy_delete", "privacy_export", "privacy_correct"), kind="PRIVACY", lane="coach"),
    Rule("R3.third_party", "Asks for somebody else's data", "Minta data milik orang lain", "R3",
         "ESCALATE_COACH", requests("third_party"), kind="PRIVACY", lane="coach"),
    Rule("R3.cancel", "Cancels something paid, or with a penalty",
         "Membatalkan yang sudah dibayar, atau yang ada dendanya", "R3", "ESCALATE_COACH",
         requests("cancel"), kind="OTHER_EXCEPTION", lane="coach"),
    Rule("R3.attack", "Tries to override the rules and asks for something with it",
         "Mencoba melangkahi aturan sambil meminta sesuatu", "R3", "ESCALATE_COACH",
         attack_with_request, kind="OTHER_EXCEPTION", lane="coach"),
    Rule("R3.time", "Outside policy, and the new time is still open: asked for first, so that a person decides once",
         "Di luar aturan dan jam barunya belum pasti: ditanya dulu, supaya orang memutuskan sekali saja",
         "R3", "ASK", readable(lambda m: not proved(m) and m.time_open), missing="slot"),
    Rule("R3.exception", "Asks for an exception to a rule", "Minta pengecualian dari aturan", "R3",
         "ESCALATE_COACH", requests("exception", "vip_pressure"), kind="OTHER_EXCEPTION", lane="coach"),
    Rule("R3.complaint", "Is angry or complains about a person or the service",
         "Marah, atau mengeluh tentang seseorang atau layanan", "R3", "ESCALATE_COACH",
         requests("complaint"), kind="OTHER_EXCEPTION", lane="coach"),
    Rule("R3.unsure", "May need a person, but nothing says for what: asked first, never named for the customer",
         "Mungkin perlu orang, tetapi belum jelas untuk apa: ditanyakan dulu, tidak diberi nama sendiri",
         "R3", "ASK", requests("unsure"), missing="meaning"),
    Rule("R3.reschedule_words", "Mentions moving a session without a clear, provable request",
         "Menyebut pindah jadwal tanpa permintaan yang jelas dan bisa dibuktikan", "R3",
         "ESCALATE_COACH", open_reschedule, kind="RESCHEDULE_EXCEPTION", lane="coach"),
    Rule("R3.insists", "Wants an account action although verification is locked",
         "Minta perubahan akun padahal verifikasi sedang terkunci", "R3", "ESCALATE_COACH",
         lambda m: m.kind == "operation" and m.dependency is not None and m.locked,
         kind="OTHER_EXCEPTION", lane="coach"),
    # --- R3 by predicate, bound to its operation -------------------------------------------------------
    Rule("R3.unverified", "Wants something moved before it is known who is asking",
         "Minta pindah jadwal, tetapi belum diketahui siapa yang meminta", "R3", "NEED_VERIFICATION",
         reschedule(lambda m: not m.verified and not m.locked), missing="identity"),
    Rule("R3.schedule_down", "The schedule cannot be read, so nothing can be proved yet",
         "Jadwal sedang tidak terbaca, jadi belum ada yang bisa dibuktikan", "R3", "DEGRADED_MODE",
         reschedule(lambda m: m.verified and m.is_down)),
    Rule("R3.child", "Has several children: which one is asked before anything is proved",
         "Anaknya beberapa: ditanya dulu anak yang mana sebelum ada yang dibuktikan", "R3", "ASK",
         reschedule(lambda m: m.verified and m.student == "ask"), missing="child"),
    Rule("R3.predicate", "Cut-off passed, quota used up, VIP, or something that cannot be proved",
         "Batas waktu lewat, kuota habis, VIP, atau ada yang tidak terbukti", "R3", "ESCALATE_COACH",
         readable(lambda m: not proved(m) and not nothing_ahead(m)),
         kind="RESCHEDULE_EXCEPTION", lane="coach"),
    Rule("R3.vip", "A transaction of a VIP or high-value account",
         "Transaksi pelanggan VIP atau bernilai besar", "R3", "ESCALATE_COACH",
         lambda m: m.kind == "operation" and m.vip and m.intent not in UNPRICED and not m.told,
         kind="OTHER_EXCEPTION", lane="coach"),
    Rule("R3.stranger", "Wants to book or enrol, but nothing says who is asking",
         "Mau daftar, tetapi tidak ada yang menunjukkan siapa yang meminta", "R3", "ESCALATE_COACH",
         lambda m: m.intent in LEADS and not m.known and not m.told, kind="OTHER_EXCEPTION", lane="coach"),
    # --- R2: reversible, inside policy, every predicate proved -----------------------------------------
    Rule("R2.no_session", "Verified, and the schedule shows no session ahead to move",
         "Terverifikasi, dan di jadwal tidak ada sesi mendatang yang bisa dipindah", "R2", "ASK",
         readable(nothing_ahead), missing="session"),
    Rule("R2.session_day", "In policy, but no session stands on the day it was named by: asked whether it is the next",
         "Sesuai aturan, tetapi di hari yang disebut tidak ada sesi: ditanya apakah yang terdekat",
         "R2", "ASK", readable(lambda m: proved(m) and m.astray), missing="session_day"),
    Rule("R2.time", "In policy; the new time is still open", "Sesuai aturan; waktu barunya belum pasti",
         "R2", "ASK", slot("none", *(STILL_OPEN - {"back"})), missing="slot"),
    Rule("R2.confirm", "In policy; the resolved day and time are confirmed before acting",
         "Sesuai aturan; hari dan jamnya dipastikan dulu sebelum dijalankan", "R2", "ASK",
         slot("matched", "back"), missing="confirm"),
    Rule("R2.reschedule", "In policy, time chosen from what is free: C carries it out",
         "Sesuai aturan, waktu dipilih dari yang kosong: C menjalankannya", "R2", "EXECUTE",
         slot("chosen")),
    Rule("R2.claim", "Says a payment was made: kept as evidence and reconciled by staff, never a confirmation",
         "Bilang sudah bayar: disimpan sebagai bukti dan dicek staf, bukan konfirmasi", "R2", "HAND_OVER",
         claims_payment, lane="ops"),
    Rule("R2.lead", "A trial, enrolment or renewal of one's own",
         "Kelas percobaan, pendaftaran, atau perpanjangan milik sendiri", "R2", "EXECUTE",
         lambda m: m.intent in LEADS and m.known and not m.told),
    Rule("R2.opt_out", "Wants no more reminders", "Tidak mau menerima pengingat lagi", "R2", "EXECUTE",
         lambda m: m.intent == "opt_out"),
    Rule("R2.opt_in", "Wants the reminders again", "Mau menerima pengingat lagi", "R2", "EXECUTE",
         lambda m: m.intent == "opt_in" and m.known),
    # --- R1: this customer's own data, read only -------------------------------------------------------
    Rule("R1.locked", "Account question while verification is locked",
         "Pertanyaan soal akun saat verifikasi terkunci", "R1", "REFUSE",
         account(lambda m: m.locked), missing="identity"),
    Rule("R1.unverified", "Account question before it is known who is asking",
         "Pertanyaan soal akun, tetapi belum diketahui siapa yang bertanya", "R1", "NEED_VERIFICATION",
         account(lambda m: not m.verified and not m.locked), missing="identity"),
    Rule("R1.down", "Verified, but the record this needs is down: pending verification, whatever we hold",
         "Terverifikasi, tetapi sumber datanya sedang gangguan: menunggu verifikasi", "R1", "DEGRADED_MODE",
         account(lambda m: m.verified and m.is_down)),
    Rule("R1.child", "Account question of somebody with several children",
         "Pertanyaan soal akun dari orang tua dengan beberapa anak", "R1", "ASK",
         account(lambda m: m.verified and not m.is_down and child_open(m)), missing="child"),
    Rule("R1.late", "Verified and running late: told when the session ends all the same, and the ops lane hears of it",
         "Terverifikasi dan akan terlambat: diberi tahu jam selesainya, dan tim operasional mendengarnya", "R1",
         "ANSWER", account(lambda m: m.intent == "running_late" and readable_now(m))),
    Rule("R1.fresh", "Verified, and the snapshot is fresh: answered from it",
         "Terverifikasi dan datanya masih segar: dijawab dari situ", "R1", "ANSWER",
         account(lambda m: m.intent != "running_late" and readable_now(m))),
    Rule("R1.stale", "Verified, not fresh: one quick read by C",
         "Terverifikasi tetapi datanya sudah lama: C membacanya sekali lagi", "R1", "LOOK_UP",
         account(lambda m: m.verified and not m.is_down and not m.fresh and not child_open(m))),
    # --- R0: published, or a turn that claims nothing --------------------------------------------------
    Rule("R0.policy_question", "Only asks how a policy reads, and a published page answers it",
         "Hanya bertanya isi aturan, dan ada halaman terbit yang menjawab", "R0", "ANSWER",
         asks_only_about_policy),
    Rule("R0.attack", "Tries to override the rules and asks for nothing: a polite no",
         "Mencoba melangkahi aturan tanpa permintaan: ditolak dengan sopan", "R0", "REFUSE",
         lambda m: "injection" in m.signals),
    Rule("R0.person", "Asks for a person", "Minta bicara dengan orang", "R0", "HAND_OVER",
         lambda m: m.intent == "human_request" or ("human_request" in m.signals and not m.news), lane="ops"),
    Rule("R0.attachment", "A file without a request: kept as evidence, shown to the ops lane",
         "Kiriman berkas tanpa permintaan: disimpan dan ditunjukkan ke tim operasional", "R0", "HAND_OVER",
         lambda m: m.intent == "attachment", lane="ops"),
    Rule("R0.page", "A published page in effect says all of it",
         "Ada halaman terbit dan berlaku yang menjawab semuanya", "R0", "ANSWER",
         lambda m: m.kind == "faq" and m.answered),
    Rule("R0.no_page", "A question no published page answers: the ops lane and the gap list",
         "Pertanyaan yang belum ada halamannya: ke tim operasional dan daftar celah", "R0", "HAND_OVER",
         lambda m: m.kind == "faq" and not m.answered, lane="ops"),
    Rule("R0.told", "Only tells that they have, or have not, enrolled: asked whether they want to, nobody is enrolled",
         "Hanya bercerita sudah atau belum daftar: ditanya apakah mau, tidak ada yang didaftarkan", "R0", "ASK",
         lambda m: m.told, missing="lead"),
    Rule("R0.offer", "Takes up what we offered: a person arranges it",
         "Mau dibantu seperti yang kami tawarkan: orang yang mengaturnya", "R0", "HAND_OVER",
         lambda m: m.intent == "accepted_offer", lane="ops"),
    Rule("R0.news", "Asks how their request stands: told what is on file, or asked which one",
         "Menanyakan kabar permintaannya: disampaikan yang tercatat, atau ditanya yang mana", "R0", "ANSWER",
         lambda m: m.intent == "case_status"),
    Rule("R0.small_talk", "A greeting, thanks or chat that claims nothing",
         "Salam, terima kasih, atau obrolan tanpa janji apa pun", "R0", "ANSWER",
         lambda m: m.intent in SMALL_TALK),
)
# fmt: on
NO_MATCH = Rule(
    "ASK.unclear",
    "Nothing matches: one short question, never a guess",
    "Tidak ada yang cocok: satu pertanyaan singkat, tidak menebak",
    "R0",
    "ASK",
    lambda m: True,
    missing="meaning",
)


def matching(matter: Matter, table: tuple[Rule, ...] = RULES) -> tuple[Rule, ...]:
    """Return every row that matches, strictest tier first and in the table's order within a tier."""
    hits = [rule for rule in table if rule.when(matter)]
    return tuple(sorted(hits, key=lambda r: -int(r.tier[1]))) or (NO_MATCH,)
