"""What a trial, an enrolment or a renewal comes to, message by message."""

from datetime import timedelta

import pytest

from casefile.effects import RunOperation
from casefile.enrolments import Signup
from casefile.reading import Slots
from policies.enrol_matter import EnrolMatter, answers_signup, enrol_intent, task_params, unproved_enrolment
from policies.gate import admit
from policies.judge import judge
from policies.matter import effective_intent
from policies.presend import Scene
from tests.policies.builders import NOW, contact, slot
from tests.policies.builders import task as built
from tests.policies.enrol_worlds import (
    HOURS,
    LIMITS,
    ONLINE_8,
    PRIVATE_8,
    PRIVATE_12,
    RINA,
    TRIAL,
    enrolling,
    enrolment,
    seen,
    waiting,
)
from tests.policies.worlds import World, case, identity, reading, request, rules

TANIA = Signup(name="Tania", age=25)
GENDIS = Signup(name="Gendis", age=8, own=False)
OURS = {"identity": identity(), "students": (RINA,), "student": RINA}


def weighed(w: World) -> EnrolMatter:
    made = w.matter().enrol
    assert made is not None
    return made


def test_a_desk_whose_people_arrange_it_weighs_nothing() -> None:
    w = enrolling("trial_request")
    assert World(w.case, w.facts, w.request, rules()).matter().enrol is None
    assert enrolling("greeting").matter().enrol is None


def test_what_is_missing_is_asked_one_thing_at_a_time() -> None:
    assert weighed(enrolling("trial_request", "mau trial dong")).open == "who"
    assert weighed(enrolling("trial_request", "trial buat Tania")).open == "who"
    assert weighed(enrolling("enrol_request", "daftar, nama Tania, 25 tahun")).open == "package"
    assert weighed(enrolling("trial_request", "trial, nama Tania, 25 tahun")).open == "slot"
    unread = enrolling("trial_request").with_facts(enrolling=None)
    assert weighed(unread).open == "records"


def test_a_child_is_taught_by_who_teaches_children() -> None:
    made = weighed(enrolling("trial_request", "trial buat anak saya, namanya Gendis, umur 8"))
    assert made.choice is not None and [s.coach for s in made.choice.offers] == ["Nadia"]
    none = seen("namanya Gendis, umur 8", for_children=frozenset())
    assert weighed(enrolling("trial_request", read=none)).open == "nothing"


def test_nobody_is_sold_what_is_not_for_their_age_or_not_published() -> None:
    made = weighed(enrolling("enrol_request", "namanya Gendis, umur 8"))
    # There is one for children, so nothing has to be chosen.
    assert made.offer is not None and (made.offer.id, made.open) == ("pk_anak_4", "confirm")
    hidden = seen("Tania, 25", offers=(PRIVATE_8.model_copy(update={"published": False}),))
    assert weighed(enrolling("enrol_request", read=hidden)).open == "nothing"
    assert weighed(enrolling("trial_request", "namanya Bela, umur 3")).open == "nothing"


def test_a_package_is_chosen_by_kind_number_or_its_place_in_the_list() -> None:
    eight = weighed(enrolling("enrol_request", "daftar 8 sesi, nama Tania, 25 tahun"))
    assert (eight.open, eight.fitting) == ("package", (PRIVATE_8, ONLINE_8))
    on = waiting("enrol_request", "package", eight.signup)
    assert weighed(enrolling("enrol_request", "yang online", on=on)).offer == ONLINE_8
    second = enrolling("enrol_request", "2", on=on, slots=Slots(choice=2))
    assert weighed(second).offer == ONLINE_8
    assert weighed(enrolling("enrol_request", "9", on=on, slots=Slots(choice=9))).open == "package"
    # What was said before still narrows what is asked again.
    assert weighed(enrolling("enrol_request", "hmm", on=on)).fitting == (PRIVATE_8, ONLINE_8)


def test_a_sum_is_agreed_to_only_as_it_was_shown() -> None:
    shown = TANIA.with_(package="pk_privat_8", shown=2_890_000)
    yes = Slots(yes_no="yes")
    agreed = enrolling("enrol_request", "ya", on=waiting("enrol_request", "confirm", shown), slots=yes)
    assert weighed(agreed).settled and weighed(agreed).proved
    assert admit(agreed.case, agreed.facts, agreed.request, agreed.rules).decision == "EXECUTE"
    other = waiting("enrol_request", "confirm", shown.with_(shown=2_000_000))
    assert weighed(enrolling("enrol_request", "ya", on=other, slots=yes)).open == "confirm"
    changed = enrolling(
        "enrol_request", "ya yang 12 sesi", on=waiting("enrol_request", "confirm", shown), slots=yes
    )
    assert (weighed(changed).offer, weighed(changed).open) == (PRIVATE_12, "confirm")
    no = enrolling(
        "enrol_request", "tidak", on=waiting("enrol_request", "confirm", shown), slots=Slots(yes_no="no")
    )
    assert weighed(no).open == "package"


def test_choosing_one_of_the_hours_offered_with_the_price_is_a_yes() -> None:
    offered = TANIA.with_(package="pk_trial", shown=150_000)
    on = waiting("trial_request", "slot", offered, offered=HOURS)
    chosen = enrolling("trial_request", "2", on=on, slots=Slots(choice=2))
    assert weighed(chosen).slot == HOURS[1] and weighed(chosen).settled
    gone = seen(openings=HOURS[:1])
    late = enrolling("trial_request", "2", on=on, slots=Slots(choice=2), read=gone)
    assert weighed(late).open == "slot"
    named = waiting("trial_request", "confirm", offered, chosen=HOURS[0])
    assert weighed(enrolling("trial_request", "ya", on=named, slots=Slots(yes_no="yes"))).settled
    refused = enrolling("trial_request", "tidak", on=named, slots=Slots(yes_no="no"))
    assert weighed(refused).open == "slot"


def test_of_two_wishes_the_first_that_can_be_is_taken() -> None:
    from casefile.reading import WhenSlot

    never = WhenSlot(text="minggu", date=(NOW + timedelta(days=12)).date())
    there = WhenSlot(text="sabtu", date=HOURS[0].start.date())
    two = enrolling("trial_request", "Tania, 25", slots=Slots(when=(never, there)))
    made = weighed(two)
    assert made.choice is not None and (made.choice.state, made.choice.offers) == ("vague", HOURS[:1])
    only = weighed(enrolling("trial_request", "Tania, 25", slots=Slots(when=(never,))))
    assert only.choice is not None and only.choice.state == "no_slot"


def test_an_hour_wished_for_before_it_was_known_for_whom_is_remembered() -> None:
    from casefile.case import Wish

    wish = Wish(text="", date=HOURS[1].start.date())
    on = waiting("trial_request", "who", Signup(), wish=wish)
    made = weighed(enrolling("trial_request", "Tania, 25", on=on))
    assert made.choice is not None and made.choice.offers == HOURS[1:]


def test_a_renewal_is_of_the_package_on_record_unless_another_is_named() -> None:
    same = weighed(enrolling("renewal_request", "mau perpanjang", **OURS))
    assert (same.kind, same.offer, same.open) == ("renew", PRIVATE_8, "confirm")
    assert same.signup == Signup(name="Rina Ayu", own=True, package="pk_privat_8")
    assert weighed(enrolling("renewal_request", "perpanjang 8 sesi", **OURS)).offer == PRIVATE_8
    assert weighed(enrolling("renewal_request", "perpanjang 12 sesi", **OURS)).offer == PRIVATE_12


def test_which_child_is_asked_and_who_has_no_package_begins_one() -> None:
    two = (RINA, RINA.model_copy(update={"id": "st2", "own_contact": None}))
    several = enrolling("renewal_request", identity=identity(), students=two, student=None)
    assert weighed(several).open == "child"
    assert weighed(several.with_facts(enrolling=None)).open == "records"
    bare = RINA.model_copy(update={"package": None})
    first = enrolling("renewal_request", identity=identity(), students=(bare,), student=bare)
    assert (weighed(first).kind, weighed(first).signup.name, weighed(first).open) == (
        "enrol",
        "Rina Ayu",
        "package",
    )


def test_who_takes_lessons_already_is_no_new_student() -> None:
    again = weighed(enrolling("enrol_request", "daftar lagi privat 8 sesi, nama Rina, 30 tahun", **OURS))
    assert (again.kind, again.student) == ("renew", RINA)
    assert again.price is not None and again.price.registration == 0
    other = weighed(enrolling("enrol_request", "daftar privat 8 sesi, nama Bela, 30 tahun", **OURS))
    assert (other.kind, other.student) == ("enrol", None)


def test_who_has_had_a_trial_need_not_say_again_who_they_are() -> None:
    tried = seen("mau lanjut daftar", mine=(enrolment(),))
    made = weighed(enrolling("enrol_request", read=tried))
    assert (made.signup.name, made.signup.age, made.open) == ("Tania", 25, "package")


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        ({}, set()),
        ({"contact": contact(vip=True)}, {"not_vip"}),
        ({"limits": LIMITS.model_copy(update={"order_review": 100_000})}, {"below_review"}),
        ({"read": seen(mine=(enrolment(),))}, {"first_trial"}),
    ],
)
def test_every_condition_is_proved_from_the_records(changes: dict[str, object], failing: set[str]) -> None:
    on = waiting("trial_request", "slot", TANIA.with_(shown=150_000), offered=HOURS)
    made = weighed(enrolling("trial_request", on=on, slots=Slots(choice=1), **changes))  # type: ignore[arg-type]
    assert {proof.name for proof in made.proofs if proof.value != "true"} == failing
    assert made.proved is not failing or not failing
    assert made.second_trial is (failing == {"first_trial"})


def test_the_gate_hands_c_the_signing_up_that_was_agreed_to_and_no_other() -> None:
    on = waiting("trial_request", "slot", TANIA.with_(package="pk_trial", shown=150_000), offered=HOURS)
    w = enrolling("trial_request", on=on, slots=Slots(choice=1))
    verdict = admit(w.case, w.facts, w.request, w.rules)
    scene = Scene("C", w.case, w.facts, verdict, (), w.matter(), w.rules)
    task = built(
        action="BOOKING_CREATE",
        subject="c1",
        params=task_params(weighed(w)),
        constraints={"total": 150_000},
    )
    assert judge(RunOperation(key="k1", task=task), scene).allowed
    other = task.model_copy(update={"constraints": {"total": 1}})
    refused = judge(RunOperation(key="k1", task=other), scene)
    assert (refused.allowed, refused.rules[0].id) == (False, "JUDGE.unproved")


def test_a_task_goes_only_as_it_was_agreed_to() -> None:
    on = waiting("trial_request", "slot", TANIA.with_(package="pk_trial", shown=150_000), offered=HOURS)
    w = enrolling("trial_request", on=on, slots=Slots(choice=1))
    made = weighed(w)
    task = built(
        action="BOOKING_CREATE", subject="c1", params=task_params(made), constraints={"total": 150_000}
    )
    assert unproved_enrolment(task, made, w.facts) == ""
    for other in (
        {"subject": "c2"},
        {"params": {**task_params(made), "slot_id": "f2"}},
        {"constraints": {"total": 1}},
    ):
        assert unproved_enrolment(task.model_copy(update=other), made, w.facts)
    stranger = w.facts.model_copy(update={"identity": identity("UNKNOWN")})
    assert unproved_enrolment(task, made, stranger) == "a yes to it"
    asked = weighed(enrolling("trial_request", "Tania, 25"))
    assert "slot_free" in unproved_enrolment(task, asked, w.facts)
    assert task_params(asked)["slot_id"] is None


def said(words: str, intent: str, *signals: str, slots: Slots | None = None):  # type: ignore[no-untyped-def]
    asked = request(intent, *signals).model_copy(update={"text": words})
    return asked, reading(asked, slots=slots).model_copy(update={"normalized": words})


@pytest.mark.parametrize(
    ("waits", "words", "intent", "expected"),
    [
        ("who", "gendis 8 tahun", "faq.kids_program", "trial_request"),
        ("who", "mau daftar gendis, 8 tahun", "enrol_request", "trial_request"),
        ("who", "langsung daftar aja deh ya kak aku", "enrol_request", None),
        ("who", "minimal umur berapa?", "faq.minimum_age", None),
        ("package", "yang privat", "faq.price_list", "trial_request"),
        ("package", "bedanya apa?", "faq.price_list", None),
        ("slot", "sabtu", "faq.opening_hours", None),
    ],
)
def test_an_answer_to_our_question_keeps_the_sign_up(
    waits: str, words: str, intent: str, expected: str | None
) -> None:
    asked, heard = said(words, intent)
    assert enrol_intent(waiting("trial_request", waits, Signup()), asked, heard) == expected


def test_a_risk_or_no_open_sign_up_answers_nothing() -> None:
    asked, heard = said("gendis 8 tahun", "faq.kids_program", "refund")
    open_one = waiting("trial_request", "who", Signup())
    assert enrol_intent(open_one, asked, heard) is None
    assert not answers_signup(heard, open_one)
    asked, heard = said("gendis 8 tahun", "faq.kids_program")
    assert enrol_intent(case(), asked, heard) is None
    assert not answers_signup(heard, case(waiting_for="who"))
    assert enrol_intent(open_one, asked, None) is None
    assert effective_intent(open_one, asked, heard) == "trial_request"
    _, chosen = said("2", "unclear", slots=Slots(choice=2))
    assert answers_signup(chosen, waiting("enrol_request", "package", Signup()))
    assert not answers_signup(chosen, waiting("enrol_request", "slot", Signup()))


def test_what_comes_back_without_words_is_weighed_as_it_stood() -> None:
    on = waiting("trial_request", "slot", TANIA.with_(shown=150_000), offered=(slot(id="gone"),))
    w = enrolling("trial_request", on=on)
    made = weighed(w.with_facts(reading=None))
    assert (made.signup.name, made.open) == ("Tania", "slot")
    assert GENDIS.age == 8 and TRIAL.fits(8)
