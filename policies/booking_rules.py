"""The gate's rows for appointments: what is free, booking it, giving it back. Joined to the table of `rules`."""

from collections.abc import Callable

from policies.booking import Booking
from policies.conditions import Test
from policies.matter import Matter
from policies.rule import Rule


def _wants(intent: str, test: Callable[[Matter, Booking], bool]) -> Test:
    """Narrow a test to a request about what is free that could be weighed against the schedule."""
    return lambda m: m.intent == intent and m.booking is not None and test(m, m.booking)


def _ends(test: Test) -> Test:
    """Narrow a test to giving an appointment back."""
    return lambda m: m.intent == "booking_cancel" and test(m)


def _lacks(what: str) -> Callable[[Matter, Booking], bool]:
    return lambda m, b: m.student != "ask" and b.open == what and not b.nothing_free


def _known(test: Callable[[Booking], bool]) -> Test:
    """Narrow a test to giving back an appointment that the records were read for."""
    return _ends(lambda m: m.verified and m.booking is not None and test(m.booking))


def _proved(m: Matter) -> bool:
    return all(proof.value == "true" for proof in m.proofs)


def _none_ahead(m: Matter) -> bool:
    return m.session is None and not m.gone


def ends_freely(m: Matter) -> bool:
    """Say whether giving an appointment back is no person's to decide: inside the rule, or still to be asked about."""
    # A desk without appointments has nothing that could be weighed: that is a person's, as any cancelling is.
    asked_first = not m.verified or m.is_down or m.student == "ask"
    if m.booking is None and not asked_first:
        return False
    refused = _known(lambda b: b.open != "which" and not _proved(m) and not _none_ahead(m))
    return m.intent == "booking_cancel" and not refused(m)


# fmt: off
BOOKING_RULES: tuple[Rule, ...] = (
    # --- R3 ------------------------------------------------------------------------------------------
    Rule("R3.booking_identity", "Wants an appointment cancelled before it is known who is asking",
         "Minta janji dibatalkan, tetapi belum diketahui siapa yang meminta", "R3", "NEED_VERIFICATION",
         _ends(lambda m: not m.verified and not m.locked), missing="identity"),
    Rule("R3.booking_down", "The appointments cannot be read, so nothing can be proved yet",
         "Daftar janji sedang tidak terbaca, jadi belum ada yang bisa dibuktikan", "R3", "DEGRADED_MODE",
         _ends(lambda m: m.verified and m.is_down)),
    Rule("R3.booking_whose", "Answers for several people: whose appointment is asked before anything is proved",
         "Ada beberapa orang: ditanya dulu janji siapa sebelum ada yang dibuktikan", "R3", "ASK",
         _ends(lambda m: m.verified and m.student == "ask"), missing="child"),
    Rule("R3.which_booking", "Cancels one of several appointments: asked which before anything is decided",
         "Janjinya beberapa: ditanya dulu yang mana sebelum ada yang diputuskan", "R3", "ASK",
         _known(lambda b: b.open == "which"), missing="booking"),
    Rule("R3.booking_limit", "Has as many appointments ahead as one may have: a person looks",
         "Janji yang akan datang sudah sebanyak batasnya: orang melihat dulu", "R3", "ESCALATE_COACH",
         _wants("booking_request", lambda m, b: not _proved(m)), kind="OTHER_EXCEPTION", lane="coach"),
    # --- R2: reversible, inside policy, every condition proved ---------------------------------------
    Rule("R2.no_booking", "Nothing is booked that could be cancelled", "Tidak ada janji yang bisa dibatalkan",
         "R2", "ASK", _ends(lambda m: m.booking is not None and m.booking.open != "which" and _none_ahead(m)),
         missing="no_booking"),
    Rule("R2.cancel_confirm", "In policy; exactly which appointment ends is confirmed before acting",
         "Sesuai aturan; janji yang mana dipastikan dulu sebelum dijalankan", "R2", "ASK",
         lambda m: _known(lambda b: b.open == "confirm")(m) and _proved(m), missing="cancel_confirm"),
    Rule("R2.booking_cancel", "In policy and agreed to: C gives the appointment back, free of charge",
         "Sesuai aturan dan disetujui: C membatalkan janjinya, tanpa biaya", "R2", "EXECUTE",
         lambda m: _known(lambda b: b.open is None)(m) and _proved(m)),
    Rule("R2.schedule_down", "Wants to book, and what is free cannot be read",
         "Mau pesan janji, tetapi jadwal sedang tidak terbaca", "R2", "DEGRADED_MODE",
         lambda m: m.intent == "booking_request" and m.known and m.is_down),
    Rule("R2.booking_whose", "Books, and answers for several people: asked for whom",
         "Mau pesan janji dan orangnya beberapa: ditanya untuk siapa", "R2", "ASK",
         _wants("booking_request", lambda m, b: m.student == "ask"), missing="child"),
    Rule("R2.booking_full", "No slot suits what they want: a person finds one",
         "Tidak ada jam kosong untuk yang diminta: orang mencarikan", "R2", "HAND_OVER",
         _wants("booking_request", lambda m, b: b.nothing_free), lane="ops"),
    Rule("R2.booking_service", "What they want to book is asked for", "Ditanyakan mau janji untuk apa", "R2",
         "ASK", _wants("booking_request", _lacks("service")), missing="service"),
    Rule("R2.booking_time", "The hour is still open: what is free is offered",
         "Jamnya belum pasti: ditawarkan yang kosong", "R2", "ASK",
         _wants("booking_request", _lacks("time")), missing="time"),
    Rule("R2.booking_confirm", "Service, day, hour and person are confirmed before acting",
         "Layanan, hari, jam, dan orangnya dipastikan dulu sebelum dijalankan", "R2", "ASK",
         _wants("booking_request", _lacks("confirm")), missing="booking_confirm"),
    Rule("R2.booking", "Chosen from what is free: C books it", "Dipilih dari yang kosong: C memesankannya", "R2",
         "EXECUTE", _wants("booking_request", lambda m, b: m.student != "ask" and b.open is None and m.known)),
    # --- R0: what is free is published ---------------------------------------------------------------
    Rule("R0.schedule_down", "Asks what is free, and it cannot be read",
         "Bertanya jam kosong, tetapi jadwal sedang tidak terbaca", "R0", "DEGRADED_MODE",
         lambda m: m.intent == "free_slots" and m.is_down),
    Rule("R0.nothing_free", "No slot suits what they ask for: a person finds one",
         "Tidak ada jam kosong untuk yang ditanyakan: orang mencarikan", "R0", "HAND_OVER",
         _wants("free_slots", lambda m, b: b.nothing_free), lane="ops"),
    Rule("R0.free_service", "What it is for is asked before saying what is free",
         "Ditanyakan untuk apa dulu sebelum jam kosongnya disebut", "R0", "ASK",
         _wants("free_slots", lambda m, b: b.open == "service" and not b.nothing_free), missing="service"),
    Rule("R0.free_slots", "Told what is free, and asked which it shall be",
         "Diberi tahu jam kosongnya, dan ditanya mau yang mana", "R0", "ASK",
         _wants("free_slots", lambda m, b: b.open != "service" and not b.nothing_free), missing="time"),
)
# fmt: on
