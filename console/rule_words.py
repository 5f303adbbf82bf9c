"""Rules in both languages, and why an effect was held."""

from policies.promises_words import RULE_WORDS
from policies.rule_words import INDONESIAN

Words = dict[str, str]

# A turn's record keeps why an effect was held by id only.
HELD: dict[str, tuple[str, str]] = {
    "JUDGE.role": ("Peran ini tidak boleh mengusulkan hal itu", "This role may not propose that"),
    "JUDGE.recipient": (
        "Sebuah kasus hanya bicara di percakapannya sendiri",
        "A case speaks only in its own conversation",
    ),
    "JUDGE.invite": (
        "Di luar 24 jam hanya pesan yang disetujui WhatsApp yang boleh keluar, dan sekali saja",
        "Outside the 24 hours only the message WhatsApp approved may go, and once",
    ),
    "JUDGE.purpose": (
        "Pesan seperti ini tidak mengikuti keputusan gerbang",
        "Such a message does not follow from the gate's decision",
    ),
    "JUDGE.by": (
        "Hanya kata-kata yang ditulis seseorang yang boleh keluar atas namanya",
        "Only words a person wrote may leave as a person's",
    ),
    "JUDGE.undone": (
        "Menyebut sesuatu sudah dilakukan padahal belum",
        "Says something is done that is not",
    ),
    "JUDGE.attachment": (
        "Dokumen hanya boleh ikut kata-kata tentang tagihan itu sendiri",
        "A document goes only with words on the very bill it is of",
    ),
    "JUDGE.identity": (
        "Data akun tanpa identitas terverifikasi dan fakta segar",
        "Account data without a verified identity and fresh facts",
    ),
    "JUDGE.release": (
        "Hanya kata-kata yang dilepas seseorang yang boleh keluar",
        "Only exactly the words a person let go may leave",
    ),
    "JUDGE.task": (
        "C hanya mengerjakan tugas kasus ini yang terverifikasi",
        "C works only on this case's own verified task",
    ),
    "JUDGE.unapproved": (
        "Operasi butuh bukti gerbang atau persetujuan orang",
        "An operation needs the gate's proof or a person's approval",
    ),
    "JUDGE.unproved": ("Tidak terbukti dari catatan", "Not proved from records"),
    "JUDGE.other": ("Tugasnya bukan yang dibuktikan", "The task is not the one that was proved"),
    "JUDGE.no_approval": (
        "Tidak ada keputusan untuk operasi ini",
        "There is no decision for this operation",
    ),
    "JUDGE.used": (
        "Persetujuannya sudah terpakai, batal, atau ditolak",
        "The approval is used, void or a no",
    ),
    "JUDGE.digest": (
        "Yang disetujui bukan yang akan terjadi",
        "What was approved is not what is about to happen",
    ),
    "JUDGE.payment": (
        "Cara bayar hanya dibuat untuk tagihan kasus ini sendiri yang masih harus dibayar",
        "A way to pay is made only for the case's own bill, while it is still to be paid",
    ),
    "JUDGE.approval": (
        "Tidak ada yang perlu ditanya untuk hal ini",
        "Nobody is asked about what needs no decision",
    ),
    "JUDGE.decision": (
        "Hanya keputusan yang benar diberikan yang menutup persetujuan",
        "Only a decision that was given settles an approval",
    ),
}


def fired(rule: str, words: str) -> Words:
    """Return a rule that fired, in both languages; its own words where there are no Indonesian ones."""
    return {"rule": rule, "id": INDONESIAN.get(rule, words), "en": words}


def held(rule: str) -> Words:
    """Return why an effect was held, in both languages; the rule's id where nothing is known of it."""
    group = rule.removeprefix("QA.").partition(".")[0]
    if rule.startswith("QA.") and group in RULE_WORDS:
        indonesian, english = RULE_WORDS[group]
        return {"rule": rule, "id": f"Pesannya {indonesian}", "en": f"The message {english}"}
    indonesian, english = HELD.get(rule, (rule, rule))
    return {"rule": rule, "id": indonesian, "en": english}
