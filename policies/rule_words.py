"""The words of every rule that can stand in a verdict, in the language of whoever reads them."""

from casefile.base import Language
from casefile.verdict import RuleHit, Verdict
from policies.rules import NO_MATCH, RULES

INDONESIAN: dict[str, str] = {
    **{rule.id: rule.words_id for rule in (*RULES, NO_MATCH)},
    "MODEL.raise": "Model melihat risiko lebih; model hanya boleh menaikkan",
    "CASE.waiting": "Masih menunggu keputusan orang; perintah tidak menyelesaikan apa pun",
    "CASE.dropped": "Pelanggan menarik yang masih ditanyakan; tidak ada yang dikerjakan",
    "CASE.kept": "Pelanggan tidak jadi memindahkan: sesinya tetap di jadwal semula",
    "CASE.changed": "Pelanggan mau jam lain dari yang sedang diputuskan: permintaan yang lama batal",
    "CASE.addition": "Ditambahkan ke kasus; orang yang menangani melihatnya",
    "CASE.taken": "Percakapan ini sedang dipegang orang; B tidak bicara",
    "CASE.withdrawn": "Pelanggan menarik permintaannya; persetujuan batal",
    "CASE.cost": "Biaya model untuk kasus ini sudah sampai batasnya: seseorang mengambil alih",
    "CASE.stuck": "Berputar-putar: seseorang mengambil alih",
    "CASE.quiet": "Sudah cukup lama tenang: selesai, nanti ditutup",
    "C.result": "Hasil kerja C sudah kembali; B menyampaikannya",
    "C.failed": "Operasinya tidak berhasil: seseorang memeriksa",
    "C.stock_gone": "Baru saja terjual ke orang lain: ditawarkan yang lain",
    "C.enrol_changed": "Jamnya baru saja diambil, atau jumlahnya berubah: ditanya lagi",
    "C.order_changed": "Jumlahnya berubah: dipastikan lagi",
    "C.slot_taken": "Slotnya baru saja diambil orang: ditawarkan yang lain",
    "COACH.approved": "Orang yang berwenang memutuskan; persis itu yang keluar",
    "COACH.denied": "Orang yang berwenang menolak",
    "APPROVAL.changed": "Halaman rujukan berubah: ditanyakan ulang",
    "APPROVAL.stale": "Keputusan untuk hal yang sudah tidak ditanyakan: tidak berakibat apa-apa",
    "APPROVAL.deadline": "Belum diputus: diingatkan, lanjut ke orang berikutnya, pelanggan dikabari sekali",
    "APPROVAL.clock": "Belum diputus saat waktu yang dijanjikan tiba: pelanggan dikabari",
    "CASE.news": "Hanya menanyakan kabarnya; masih di tangan orang",
    "INCIDENT.told": "Petugas jaga minta pelanggan dikabari dulu sebelum gangguannya selesai",
    "CASE.courtesy": "Hanya bilang menunggu; tidak ada yang diganggu",
    "CASE.lost": "Tidak punya yang membuktikan siapa dirinya: seseorang mencari cara lain",
    "CASE.unheard": "Kata-katanya tidak sampai ke pelanggan: seseorang memeriksa",
    "CASE.window": "WhatsApp baru menerima kata-kata kita setelah pelanggan menulis lagi: pelanggan diundang menulis",
    "APPROVAL.unproved": "Belum ada yang bisa disetujui: pelanggan belum membuktikan identitasnya",
    "A.stopped": "Pemeriksaan A tidak lolos: seseorang mengambil alih",
    "OPERATOR.command": "Operator menyelesaikan kasus",
    "OUTSIDE.words": "Sistem lain menjawab; kata-katanya diperiksa seperti kata-kata kami sendiri",
    "PERSON.words": "Seseorang menjawab sendiri; persis kata-katanya yang keluar",
    "PERSON.phone": "Seseorang menulis dari HP bisnis",
    "TASK.done": "Tugasnya sudah selesai; tidak ada lagi yang perlu dikabarkan",
    "PAYMENT.link": "Cara bayarnya sudah dibuat; B mengirimkannya",
    "PAYMENT.no_link": "Cara bayar online tidak bisa dibuat: seseorang memeriksa",
    "PAYMENT.over": "Sudah tidak bisa dibayar lewat sini lagi: tidak ada yang dikabarkan",
    "BILL.news": "Tagihan jatuh tempo, atau sudah lunas; B menyampaikannya",
    "BILL.unsaid": "Tidak ada yang perlu dikabarkan soal tagihan, atau tidak ingin dikabari",
    "PAYMENT.returned": "Uangnya dikembalikan lewat penyedia pembayaran; B menyampaikannya",
    "PAYMENT.not_returned": "Uangnya tidak bisa dikembalikan otomatis: seseorang mengerjakannya",
    "PAYMENT.settled": "Pembukuan mencatat lunas; B menyampaikannya",
    "PAYMENT.unread": "Ada pembayaran masuk yang belum bisa disampaikan: seseorang memeriksa",
    "ORDER.moved": "Ada kabar pesanan; B menyampaikannya",
    "ORDER.unsaid": "Ada kabar pesanan, tetapi tidak ada yang boleh mendengarnya",
    "SESSION.tomorrow": "Besok ada sesi; B mengingatkan",
    "SESSION.unsaid": "Tidak ada yang perlu diingatkan, atau tidak ingin diingatkan: tidak ada yang dikabarkan",
    "SCHOOL.moves": "Sesinya tidak bisa kami adakan: B mengabari dan menawarkan jadwal lain",
    "SCHOOL.unsaid": "Sesinya sudah dipindah, atau tidak ada yang bisa dikabari",
    "SLA.late": "Waktunya habis sesudah dijawab: tidak ada lagi yang perlu dikabarkan",
    "SLA.clock": "Waktu hampir habis; tidak ada yang menunggu tanpa kabar",
}


def in_words(hit: RuleHit, language: Language) -> str:
    """Say a rule that fired; its own English where there are no Indonesian words for it."""
    return INDONESIAN.get(hit.id, hit.words) if language == "id" else hit.words


def spoken(verdict: Verdict, language: Language) -> Verdict:
    """Return a verdict whose rules read in the given language, to show to people."""
    rules = tuple(RuleHit(id=hit.id, words=in_words(hit, language)) for hit in verdict.rules)
    return verdict.model_copy(update={"rules": rules})
