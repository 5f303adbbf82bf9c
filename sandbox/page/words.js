// The page's own labels in both languages; what people write is never translated.
const WORDS = {
  id: {
    title: "Panggung Loket", phones: "Ponsel", pay: "Bayar", people: "Siapa yang menulis?", unknown: "Nomor tak dikenal",
    unknown_about: "Belum terdaftar; pakai nomor apa saja", number: "Nomor", write_as: "Tulis",
    placeholder: "Ketik pesan…", compose_help: "Pesan untuk dikirim. Enter mengirim, Shift+Enter baris baru", send: "Kirim", burst: "Beruntun",
    burst_help: "Kirim tiap baris sebagai pesan sendiri, berturut-turut", photo: "Foto", photo_help: "Kirim foto bukti transfer",
    voice: "Suara", voice_help: "Kirim pesan suara", voice_note: "Pesan suara", typing: "sedang mengetik…",
    online: "akun bisnis", empty_chat: "Kirim pesan pertama sebagai {name}.", empty_chat_unknown: "Kirim pesan pertama dari nomor tak dikenal.",
    empty_chat_help: "Pilih salah satu contoh di bawah, atau tulis sendiri seperti pelanggan sungguhan.",
    try: "Coba", groups: "Grup Telegram", coach: "Pelatih", ops: "Operasional", incident: "Insiden",
    act_as: "Sebagai", stranger: "Orang asing", reply: "Balas", reply_placeholder: "Balas sebagai {name}…",
    reply_to: "Membalas", cancel: "Batal", edited: "diubah",
    empty_coach: "Belum ada permintaan persetujuan.", empty_coach_help: "Coba minta refund dari ponsel di sebelah kiri; tombolnya akan muncul di sini.",
    empty_ops: "Belum ada kabar untuk tim operasional.", empty_ops_help: "Kirim foto bukti transfer, atau pesan yang sulit dimengerti.",
    empty_incident: "Tidak ada insiden.", empty_incident_help: "Rusakkan salah satu sumber di bawah, lalu tanyakan jadwal.",
    file_photo: "Foto dari pelanggan", file_document: "Berkas",
    unseen: "Bot tidak melihat pesan biasa di grup. Balas salah satu pesannya.",
    case: "Berkas kasus", case_of: "Berkas kasus · {name}", reload: "Muat ulang",
    no_case: "Berkas kasus muncul di sini.", no_case_help: "Kirim pesan dari ponsel, lalu lihat tingkat risiko, aturan yang berlaku, peran yang bekerja, dan catatannya.",
    no_server: "Server Loket tidak menjawab.", no_server_help: "Pesan tetap disimpan dan diantar lagi begitu server hidup. Jalankan server, halaman ini menyambung sendiri.",
    no_sandbox: "Sandbox tidak menjawab. Jalankan lagi perintahnya; halaman ini menyambung sendiri.",
    server_up: "Server hidup", server_down: "Server mati", server_unknown: "Memeriksa server…",
    clock: "Waktu", plus_minute: "+1 menit", plus_quarter: "+15 menit", plus_hour: "+1 jam", morning: "Besok pagi",
    stop: "Hentikan", go: "Jalankan", frozen: "berhenti", sources: "Sumber", break_help: "Klik untuk merusak atau memperbaiki {name}",
    degraded: "Gangguan yang diketahui Loket", degraded_of: "Mode terbatas: {name} terganggu.", degraded_since: "sejak {at}, {n} kasus terdampak.",
    level_minor: "Gangguan kecil", level_major: "Gangguan besar",
    paused_schedule: "Jawaban dan perubahan jadwal ditunda, pelanggan dikabari begitu pulih.",
    paused_payments: "Jawaban soal pembayaran dan tagihan ditunda, pelanggan dikabari begitu pulih.",
    paused_knowledge: "Tidak ada halaman baru; jawaban memakai rilis yang berlaku.", paused_model: "Jawaban memakai templat.", paused_embeddings: "Yang dicari katanya saja.",
    paused_telegram: "Kiriman ke grup menunggu; keputusan bisa lewat perintah.", paused_whatsapp: "Pesan ke pelanggan ditahan dan dikirim berurutan begitu pulih.",
    broken: "rusak", schedule: "Jadwal", payments: "Pembayaran", knowledge: "Pengetahuan", model: "Model", embeddings: "Makna",
    telegram: "Telegram", whatsapp: "WhatsApp", language: "Bahasa halaman", waiting: "{n} pesan menunggu diantar",
    window_closed: "Jendela 24 jam tertutup: hanya templat yang bisa dikirim.", failed: "gagal terkirim", document: "Dokumen",
    revoked: "Pesan ini dihapus", burst_sample: "halo kak\nmau tanya dong\njadwal aku minggu ini\nkapan ya?",
  },
  en: {
    title: "Loket stage", phones: "Phones", pay: "Pay", people: "Who is writing?", unknown: "Unknown number",
    unknown_about: "Not registered; use any number", number: "Number", write_as: "Write",
    placeholder: "Type a message…", compose_help: "The message to send. Enter sends, Shift+Enter starts a new line", send: "Send", burst: "Burst",
    burst_help: "Send every line as a message of its own, one after another", photo: "Photo", photo_help: "Send a photo of a transfer slip",
    voice: "Voice", voice_help: "Send a voice note", voice_note: "Voice note", typing: "typing…",
    online: "business account", empty_chat: "Send the first message as {name}.", empty_chat_unknown: "Send the first message from an unknown number.",
    empty_chat_help: "Pick one of the examples below, or write as a real customer would.",
    try: "Try", groups: "Telegram groups", coach: "Coach", ops: "Ops", incident: "Incident",
    act_as: "Acting as", stranger: "A stranger", reply: "Reply", reply_placeholder: "Reply as {name}…",
    reply_to: "Replying to", cancel: "Cancel", edited: "edited",
    empty_coach: "Nothing to approve yet.", empty_coach_help: "Ask for a refund on the phone to the left; its buttons will appear here.",
    empty_ops: "No news for the ops team yet.", empty_ops_help: "Send a photo of a transfer slip, or something hard to understand.",
    empty_incident: "No incidents.", empty_incident_help: "Break one of the sources below, then ask about a lesson.",
    file_photo: "Photo from the customer", file_document: "File",
    unseen: "The bot does not see ordinary group messages. Reply to one of its own.",
    case: "Case file", case_of: "Case file · {name}", reload: "Reload",
    no_case: "The case file appears here.", no_case_help: "Send a message from the phone, then see its risk tier, the rules that fired, the roles at work and the ledger.",
    no_server: "The Loket server is not answering.", no_server_help: "Messages are kept and delivered once it is back. Start the server; this page reconnects by itself.",
    no_sandbox: "The sandbox is not answering. Start it again; this page reconnects by itself.",
    server_up: "Server up", server_down: "Server down", server_unknown: "Checking the server…",
    clock: "Time", plus_minute: "+1 min", plus_quarter: "+15 min", plus_hour: "+1 h", morning: "Next morning",
    stop: "Stop", go: "Run", frozen: "stopped", sources: "Sources", break_help: "Click to break or mend {name}",
    degraded: "What Loket itself holds to be down", degraded_of: "Degraded mode: {name} is down.", degraded_since: "since {at}, {n} cases touched.",
    level_minor: "Minor", level_major: "Major",
    paused_schedule: "Schedule answers and changes wait; customers hear as soon as it is back.",
    paused_payments: "Payment answers and invoices wait; customers hear as soon as it is back.",
    paused_knowledge: "No new pages; answers come from the release in force.", paused_model: "Answers use templates.", paused_embeddings: "Words alone are searched.",
    paused_telegram: "Group posts wait; decisions can go by command.", paused_whatsapp: "Messages to customers are held and go in order once it is back.",
    broken: "broken", schedule: "Schedule", payments: "Payments", knowledge: "Knowledge", model: "Model", embeddings: "Meaning",
    telegram: "Telegram", whatsapp: "WhatsApp", language: "Page language", waiting: "{n} messages waiting to be delivered",
    window_closed: "The 24-hour window is closed: only templates can be sent.", failed: "not delivered", document: "Document",
    revoked: "This message was deleted", burst_sample: "hi there\nquick question\nmy lessons this week\nwhen are they?",
  },
};

let language = localStorage.getItem("loket-language") === "en" ? "en" : "id";

export const current = () => language;

export function choose(next) {
  language = next;
  localStorage.setItem("loket-language", next);
  document.documentElement.lang = next;
}

export function t(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Fills every element that names a label, its hint or its placeholder.
export function label(root = document) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    node.title = t(node.dataset.tLabel);
  }
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}
