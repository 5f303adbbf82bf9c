import pytest

from casefile.reading import IntentGuess, Reading, Request, Slots, WhenSlot
from policies.additions import asks_of_its_own, joins_what_is_decided


def joins(intent: str, text: str, sure: float = 0.9, **slots: object) -> bool:
    request = Request(intent=intent, confidence=sure, text=text)
    reading = Reading(language="id", normalized=text, requests=(request,), slots=Slots.model_validate(slots))
    return joins_what_is_decided(request, reading)


@pytest.mark.parametrize(
    ("intent", "text", "sure"),
    [
        ("chitchat", "oh ya aku pindah kota makanya", 0.9),
        ("other_topic", "dokter bilang harus istirahat", 0.9),
        ("faq.vocal_health", "soalnya suara aku lagi sakit", 0.9),
        ("faq.installment", "kalau ga bisa semua, setengah juga gapapa", 0.9),
        ("faq.payment_methods", "rekening bca 123456789 atas nama rina", 0.9),
        ("faq.price_list", "yang lama aja", 0.4),
        ("faq.opening_hours", "kapan aja boleh, ga apa-apa", 0.4),
        ("next_session", "sesi aku cuma dua", 0.9),
        ("enrol_request", "aku cuma ikut 2 sesi kok", 0.9),
        ("enrol_request", "mau ikut dua sesi", 0.4),
        ("reschedule", "aku udah pernah pindah jadwal sekali", 0.9),
        ("cancel_request", "i only attended two lessons", 0.4),
        ("third_party_data", "oh and i'm moving to another city, that's why", 0.1),
        ("unclear", "yang tadi itu", 0.0),
    ],
)
def test_what_is_merely_told_or_guessed_at_joins_what_is_decided(intent: str, text: str, sure: float) -> None:
    assert joins(intent, text, sure)


@pytest.mark.parametrize(
    ("intent", "text", "sure"),
    [
        ("faq.opening_hours", "btw jam buka studionya sampai jam berapa kak", 0.9),
        ("faq.opening_hours", "jam buka hari sabtu", 0.9),
        ("faq.installment", "boleh bayar cicil ga kak", 0.5),
        ("faq.parking", "by the way, where can i park", 0.5),
        ("next_session", "jadwalku kapan", 0.9),
        ("invoice_resend", "kirim ulang invoice dong", 0.9),
        ("schedule_list", "jadwal minggu ini", 0.9),
        ("enrol_request", "mau daftar kelas grup juga", 0.9),
        ("enrol_request", "could i join the group class", 0.9),
        ("privacy_delete", "data saya dihapus aja", 0.9),
        ("privacy_delete", "tolong hapus data saya", 0.4),
        ("cancel_request", "kalau dibatalin bisa ga", 0.4),
        ("legal_threat", "saya lapor polisi", 0.2),
        ("thanks", "makasih kak", 0.9),
        ("chitchat", "cuaca di sana gimana", 0.9),
    ],
)
def test_a_clear_question_and_a_clear_request_stand_for_themselves(
    intent: str, text: str, sure: float
) -> None:
    assert not joins(intent, text, sure)


def test_a_session_to_be_moved_with_a_time_is_a_request_in_any_form() -> None:
    friday = WhenSlot(text="jumat jam 10")
    assert not joins("reschedule", "sesi kamis ke jumat jam 10", when=(friday,))
    assert joins("reschedule", "sesi kamis ke jumat jam 10", 0.4, when=(friday,))


def test_an_unclear_question_we_most_likely_answer_ourselves_is_no_addition() -> None:
    def asks(text: str, *guesses: str, intent: str = "unclear") -> bool:
        request = Request(intent=intent, confidence=0.0, text=text)
        likely = tuple(IntentGuess(intent=g, confidence=0.3) for g in guesses)
        reading = Reading(language="id", normalized=text, requests=(request,), guesses=likely)
        return asks_of_its_own(request, reading)

    assert asks("terus jadwal aku kapan", "next_session", "chitchat")
    assert not asks("kapan aja boleh kok", "next_session")
    assert not asks("terus gimana", "refund_request")
    assert not asks("terus gimana")
    assert not asks("terus jadwal aku kapan", "next_session", intent="chitchat")
