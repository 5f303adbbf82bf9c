"""The words a model's draft is weighed by, in both languages, as data; `policies.drafts` applies them."""

import re

from casefile.base import Language
from policies.claims import ONES, SCALES, UNITS


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What states a time, an amount or a condition without a figure: it may be said only where the text says it too.
LOADED: dict[Language, frozenset[str]] = {
    "id": _each(
        "pagi siang sore malam subuh maghrib dini setengah seperempat separuh sebagian selusin seminggu sebulan"
        " setahun sehari sejam pekan mingguan bulanan tahunan weekend lusa bsk kmrn kemaren senen rebo jumat"
        " gocap cepek ceban goceng gopek noceng seceng jutaan ribuan ratusan puluhan belasan persen"
        " pertama kedua ketiga keempat kelima keenam ketujuh kedelapan kesembilan kesepuluh"
        " gratis cuma-cuma diskon potongan bonus promo voucher hadiah cashback denda kompensasi cicilan cicil"
        " selamanya selalu otomatis seumur"
    ),
    "en": _each(
        "morning noon afternoon evening night midnight half quarter dozen week weeks weekly weekend month months"
        " monthly year years yearly hour hours hourly minute minutes day days daily fortnight percent tmrw tmr tmw"
        " tonite mon tue tues wed weds thu thur thurs fri sat sun"
        " first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth fifteenth twentieth"
        " thirtieth once couple several"
        " free discount bonus promo voucher gift cashback fine penalty compensation instalment installment"
        " forever always automatically lifetime"
    ),
}
# Figures in words; "satu" and "one" are mostly articles, and what they count is there besides.
FIGURES = (frozenset(UNITS) | frozenset(SCALES) | _each("belas puluhan ratusan")) - frozenset(ONES) - {"k"}

# Words that say nothing a customer could hold us to: they may stand in a draft whatever the text says.
COURTESY: dict[Language, frozenset[str]] = {
    "id": _each(
        "yang dan di ke dari untuk dengan ini itu ada adalah ialah tidak tak nggak enggak gak ga bukan belum jangan"
        " sudah telah udah akan bakal lagi masih sedang tengah kami kita saya aku kamu kakak kak ya yah iya nih"
        " dong deh kok sih lho loh nah oh wah hehe bisa boleh dapat dapatkan mau ingin perlu harus atau juga pun"
        " mohon silakan silahkan tolong terima kasih makasih trims pada sebelum setelah sesudah nanti dulu jadi"
        " kalau bila jika agar supaya biar karena sebab apa siapa kapan mana bagaimana gimana berapa kenapa"
        " mengapa halo hai hi selamat datang salam maaf sama-sama apa-apa siap oke ok baik tentu senang hati semoga"
        " harinya hari membantu bantu bantuan dibantu tanya tanyakan pertanyaan bertanya kabar kabari mengabari"
        " info infonya informasi jawab jawaban jawabannya menjawab pesan pesannya chat soal tentang mengenai hal"
        " sini situ sana begini begitu tadi tersebut sekarang saat segera cepat mungkin langsung saja aja hanya"
        " cuma lain lainnya lanjut berikut berikutnya selanjutnya bagi oleh secara seperti sebagai dalam luar"
        " atas bawah antara hingga sampai sejak selama setiap tiap semua seluruh para bersama bareng sama serta"
        " tapi tetapi namun sedangkan maka lalu kemudian pula lebih paling sangat sekali banget cukup terlalu"
        " tahu tau mengerti paham memahami pengertian pengertiannya merasa rasanya rasa perasaan sabar kesabaran"
        " kesabarannya menunggu tunggu ditunggu nunggu khawatir cemas ragu sungkan tenang ketidaknyamanan"
        " ketidaknyamanannya kecewa kesal sedih dengar mendengar dengarkan cerita ceritakan menceritakan"
        " menghubungi hubungi dihubungi sampaikan disampaikan menyampaikan kasih beri tahu beritahu diberitahu"
        " diberi memberi memberikan lihat melihat cek catat mencatat dicatat terus teruskan diteruskan pastikan"
        " nya lah kah tinggal bilang tulis balas jelas jelaskan gunakan pakai ketemu jumpa sukses sehat semangat"
        " tim teman orang benar betul pas bulan tanggal jam pukul wib wita wit rp nomor kali seru keren mantap asyik"
        " sip yuk ayo waktu tepat kita sendiri punya miliki memiliki berlaku buat"
    ),
    "en": _each(
        "the a an and to of for with this that these those is are was were be been being am have has had do does did"
        " not no nor never we you your yours our ours us i me my it its they them their he she his her can could will"
        " would shall should may might must or please thank thanks on at from by in into out up down over under"
        " before after if there here so as but than then when what which who whom how why where just also too very"
        " more most much many some any all each every both few own same other another such only now soon still yet"
        " again already about let know tell ask asked asking question questions answer answers reply message chat"
        " write note say said hi hello hey dear welcome sorry apologies apologise glad happy hope hoping helps help"
        " helping assist great good nice well okay ok sure yes right day ahead need want like feel feeling"
        " understand understood understanding patience patient wait waiting worry worries concern frustrating"
        " problem problems hesitate"
        " frustrated upset appreciate hear hearing heard reach reaching contact touch back look looking forward see"
        " check checking checked get getting got give gives giving take takes make makes keep keeping go going come"
        " coming pass passed passing team people person someone here's it's that's we're we've we'll you're you've"
        " i'm i've i'll don't isn't can't couldn't won't doesn't didn't haven't s re ve ll t m d below above"
        " following next through until since during between rp wib wita wit date time times number o'clock per"
        " regarding mean means meant able case matter really quite bit little"
    ),
}
# "No" that denies nothing of the matter: taken out before what is denied is compared.
EMPTY_NO = re.compile(
    r"(?<!\w)(?:(?:tidak|nggak|ga|gak|tak)\s+(?:apa-apa|masalah|usah|perlu\s+(?:ragu|khawatir|sungkan))|jangan\s+"
    r"(?:ragu|khawatir|sungkan|lupa)(?:-ragu)?|no\s+(?:problem|worries|need\s+to\s+worry)|(?:don't|do\s+not)\s+"
    r"(?:worry|hesitate|forget)|not\s+to\s+worry)(?!\w)",
    re.IGNORECASE,
)
# What a chat program, a programmer or another writer's remark looks like, never a message to a customer.
FORM = re.compile(
    r"\*\*|```|^\s{0,3}#{1,6}\s|\]\(|^\s*[{\[]|<<<|>>>|</?\w+>|^[\"“].*[\"”]$"
    r"|^(?:sure|certainly|of course|tentu|baik|berikut|here(?:'s| is| are)?)\b[^\n]{0,60}"
    r"(?:reply|message|draft|rewrite|version|balasan|jawaban|pesan|versi)[^\n]{0,30}:"
    r"|^(?:reply|draft|message|balasan|pesan|assistant|system|user)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
