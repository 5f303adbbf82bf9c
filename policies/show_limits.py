"""The limits in force in words, for the owner: those of every desk, of lessons, and of goods."""

from casefile.base import Language

Words = dict[Language, str]
Rows = tuple[tuple[Words, Words], ...]
OF_LESSONS: Rows = (
    (
        {"id": "Ganti jadwal gratis", "en": "Free reschedules"},
        {
            "id": "{free_reschedules} kali per siswa per bulan; {counted} ({zone})",
            "en": "{free_reschedules} per student a calendar month; {counted} ({zone})",
        },
    ),
    (
        {"id": "Batas waktu ganti jadwal", "en": "Cut-off for a reschedule"},
        {
            "id": "{cutoff}; setelah itu sesi hangus dan perubahan perlu persetujuan",
            "en": "{cutoff}; after that the session counts as used and a change is an exception",
        },
    ),
)
OF_GOODS: Rows = (
    (
        {"id": "Tinjau pesanan", "en": "Review of orders"},
        {
            "id": "di atas {review} dilihat orang dulu sebelum ditagihkan",
            "en": "above {review} a person looks before anything is billed",
        },
    ),
    (
        {"id": "Tukar ukuran", "en": "Exchange of sizes"},
        {
            "id": "paling lambat {exchange_days} hari setelah sampai",
            "en": "at most {exchange_days} days after it arrived",
        },
    ),
    (
        {"id": "Simpan barang", "en": "Goods set aside"},
        {
            "id": "{reservation_minutes} menit untuk pesanan yang belum dibayar",
            "en": "{reservation_minutes} minutes for an order that is not paid yet",
        },
    ),
)
OF_EVERY_DESK: Rows = (
    (
        {"id": "Refund", "en": "Refund"},
        {
            "id": "tidak ada; pengecualian selalu keputusan pelatih dan dicatat",
            "en": "none; any exception is a coach's decision and is documented",
        },
    ),
    (
        {"id": "Verifikasi identitas", "en": "Identity check"},
        {
            "id": "{verification_attempts} kali gagal: terkunci {verification_lock_minutes} menit",
            "en": "{verification_attempts} failed attempts lock it for {verification_lock_minutes} minutes",
        },
    ),
    (
        {"id": "Umur data", "en": "Age of what we hold"},
        {
            "id": "paling lama {snapshot_ttl_minutes} menit, lalu dibaca ulang",
            "en": "at most {snapshot_ttl_minutes} minutes, then it is read again",
        },
    ),
    (
        {"id": "Panjang percakapan", "en": "Length of a case"},
        {
            "id": "setelah {max_turns} giliran, atau {clarifications_per_case} kali tidak jelas, ke orang",
            "en": "after {max_turns} turns, or {clarifications_per_case} unclear ones, to a person",
        },
    ),
    (
        {"id": "Sampel untuk dicek", "en": "Samples for QA"},
        {
            "id": "di mode production, kira-kira 1 dari {qa_sample_every} kasus ke grup operasional (0: tidak ada)",
            "en": "in production about 1 case in {qa_sample_every} goes to the ops lane (0: none)",
        },
    ),
    (
        {"id": "Waktu jawab", "en": "Response times"},
        {
            "id": "balasan pertama {first_response_minutes} menit, R0/R1 selesai {resolution_minutes} menit,"
            " yang mendesak dilihat orang {urgent_minutes} menit (jam kerja)",
            "en": "first reply {first_response_minutes} minutes, R0/R1 settled {resolution_minutes} minutes,"
            " urgent ones looked at {urgent_minutes} minutes (business hours)",
        },
    ),
    (
        {"id": "Pesan per menit", "en": "Messages a minute"},
        {
            "id": "{messages_per_minute} per percakapan, dua arah; selebihnya digabung, tidak ada yang hilang",
            "en": "{messages_per_minute} per conversation, either way; more are merged, none is dropped",
        },
    ),
    (
        {"id": "Pertanyaan per balasan", "en": "Questions in one reply"},
        {"id": "paling banyak {questions_per_turn}", "en": "at most {questions_per_turn}"},
    ),
)
