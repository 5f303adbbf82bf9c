from datetime import date, time, timedelta

import pytest

from casefile.case import Case
from casefile.facts import ScheduleFacts
from casefile.reading import Slots, WhenSlot
from casefile.records import Session
from policies.slots import Meant, SlotChoice, choose, session_meant, upcoming
from tests.policies.builders import NOW, WIB, schedule, session, slot
from tests.policies.worlds import case, reading, request

# NOW is Tuesday 10 February 2026, 10.00 WIB; free are Saturday 10.00, Saturday 15.00, Sunday 03.00 and 15.00.
SAT_10 = slot()
SAT_15 = slot(NOW + timedelta(days=4, hours=5), id="f2")
SUN_15 = slot(NOW + timedelta(days=5, hours=5), id="f3")
OTHERS = slot(NOW + timedelta(days=1, hours=3), id="f4", coach="Bagas")
GONE = slot(NOW + timedelta(days=6), id="gone")
PAST = slot(NOW - timedelta(hours=1), id="past")
FREE = schedule(free_slots=(OTHERS, SUN_15, SAT_15, PAST, SAT_10))
SAT, SUN = date(2026, 2, 14), date(2026, 2, 15)


def when(**said: object) -> WhenSlot:
    return WhenSlot(text="itu").model_copy(update=said)


def pick(on: Case | None = None, plan: ScheduleFacts = FREE, most: int = 3, **said: object) -> SlotChoice:
    heard = reading(request("give_time"), slots=Slots().model_copy(update=said))
    meant = session_meant(on or case(), heard, plan, WIB, NOW)
    return choose(on or case(), heard, plan, meant, WIB, NOW, most)


def meant(text: str, *whens: WhenSlot, plan: ScheduleFacts, on: Case | None = None) -> Meant:
    asked = request("reschedule").model_copy(update={"text": text})
    heard = reading(asked, slots=Slots(when=whens)).model_copy(update={"normalized": text})
    return session_meant(on or case(), heard, plan, WIB, NOW)


def test_nothing_said_offers_the_nearest_of_the_own_coach_first() -> None:
    assert pick() == SlotChoice(state="none", offers=(SAT_10, SAT_15, SUN_15))
    assert choose(case(), None, FREE, Meant(), WIB, NOW, 2).offers == (OTHERS, SAT_10)


@pytest.mark.parametrize(
    ("said", "state", "found"),
    [
        (when(date=SAT, time=time(10)), "matched", SAT_10),
        (when(date=SAT, time=time(3), ambiguous_hour=True), "matched", SAT_15),
        (when(time=time(10)), "matched", SAT_10),
        (when(date=SAT), "vague", None),
        (when(time=time(15)), "vague", None),
        (when(date=SUN, part_of_day="afternoon"), "vague", None),
        (when(part_of_day="morning"), "vague", None),
        (when(date=SAT, time=time(10, 30)), "no_slot", None),
        (when(date=SAT, time=time(3)), "no_slot", None),
        (when(date=date(2026, 2, 16)), "no_slot", None),
        (when(part_of_day="evening"), "no_slot", None),
        (when(), "vague", None),
    ],
)
def test_a_time_said_is_resolved_against_what_is_free(said: WhenSlot, state: str, found: object) -> None:
    choice = pick(when=(said,))
    assert (choice.state, choice.slot) == (state, found)
    assert choice.offers


def test_what_is_not_free_is_answered_with_the_nearest_days() -> None:
    assert pick(when=(when(date=SUN, time=time(9)),)).offers[0] == SUN_15
    assert pick(when=(when(time=time(9)),)).offers == (SAT_10, SAT_15, SUN_15)


def test_a_choice_among_offers_counts_from_one_and_knows_the_last() -> None:
    offered = case(waiting_for="slot", offered=(SAT_10, SUN_15))
    assert pick(offered, choice=1) == SlotChoice(state="chosen", slot=SAT_10)
    assert pick(offered, choice=-1).slot == SUN_15
    assert pick(offered, choice=3).state == "none"
    assert pick(offered, choice=0).state == "none"
    assert pick(case(waiting_for="slot"), choice=1).state == "none"
    assert pick(case(offered=(SAT_10,)), choice=1).state == "none"
    assert pick(case(waiting_for="slot", offered=(GONE,)), choice=1).state == "taken"


def test_a_bare_hour_means_one_of_the_slots_offered_that_are_still_free() -> None:
    offered = case(waiting_for="slot", offered=(SAT_10, SAT_15))
    assert pick(offered, when=(when(time=time(15)),)) == SlotChoice(
        state="matched", slot=SAT_15, offers=(SAT_10, SAT_15, SUN_15)
    )
    assert pick(offered, when=(when(date=SUN, time=time(15)),)).slot == SUN_15
    stale = case(waiting_for="slot", offered=(GONE,))
    assert pick(stale, when=(when(time=time(10)),)).slot == SAT_10


def test_a_yes_confirms_and_a_no_or_another_time_does_not() -> None:
    asked = case(waiting_for="confirm", chosen=SAT_10)
    assert pick(asked, yes_no="yes") == SlotChoice(state="chosen", slot=SAT_10)
    assert pick(asked, yes_no="yes", when=(when(time=time(10)),)).state == "chosen"
    assert pick(asked, yes_no="yes", when=(when(date=SAT, time=time(15)),)).state == "matched"
    assert pick(asked, yes_no="no").state == "none"
    assert pick(case(chosen=SAT_10), yes_no="yes").state == "none"
    assert pick(case(waiting_for="confirm"), yes_no="yes").state == "none"


def test_neither_yes_nor_no_leaves_the_confirmation_asked() -> None:
    asked = case(waiting_for="confirm", chosen=SAT_10)
    assert pick(asked) == SlotChoice(state="matched", slot=SAT_10, offers=(SAT_10, SAT_15, SUN_15))
    assert pick(case(waiting_for="confirm", chosen=GONE)).state == "none"


def test_a_yes_to_one_offer_chooses_it_and_to_several_asks_which() -> None:
    assert pick(case(waiting_for="slot", offered=(SAT_15,)), yes_no="yes").slot == SAT_15
    several = case(waiting_for="slot", offered=(SAT_15, GONE, SUN_15))
    assert pick(several, yes_no="yes") == SlotChoice(state="which", offers=(SAT_15, SUN_15))
    assert pick(several, yes_no="yes", choice=3).slot == SUN_15
    assert pick(case(waiting_for="slot", offered=(GONE, PAST)), yes_no="yes").state == "none"


def test_a_slot_confirmed_but_gone_or_changed_is_taken() -> None:
    changed = slot(NOW + timedelta(days=4, hours=1))
    asked = case(waiting_for="confirm", chosen=SAT_10)
    assert pick(asked, schedule(free_slots=(changed,)), yes_no="yes").state == "taken"
    assert pick(asked, schedule(free_slots=()), yes_no="yes") == SlotChoice(state="taken")


def test_taken_is_said_only_of_a_time_that_was_offered_and_is_gone() -> None:
    offered = case(waiting_for="slot", offered=(SAT_10, GONE))
    local = GONE.start.astimezone(WIB)
    named = when(date=local.date(), time=local.time())
    assert pick(offered, when=(named,)).state == "taken"
    assert pick(offered, when=(when(date=local.date()),)).state == "no_slot"
    assert pick(when=(named,)).state == "no_slot"


def test_of_two_times_the_first_may_name_the_session_and_the_second_the_wish() -> None:
    second = session(NOW + timedelta(days=7), id="s2")
    plan = schedule(sessions=(second, session()), free_slots=(SAT_10,))
    to, on_tuesday = when(date=SAT, time=time(10)), when(date=date(2026, 2, 17))
    heard = meant("kata", on_tuesday, to, plan=plan)
    assert heard == Meant(session=second, wishes=(to,))
    assert choose(case(), reading(request()), plan, heard, WIB, NOW, 3).slot == SAT_10
    assert meant("kata", to, when(date=SUN), plan=plan) == Meant(
        session=session(), wishes=(to, when(date=SUN))
    )
    # Of the case's own session as well; a single time there is always the wish.
    on = case(session_id="s2")
    assert meant("kata", on_tuesday, to, plan=plan, on=on) == Meant(session=second, wishes=(to,))
    assert meant("kata", on_tuesday, plan=plan, on=on) == Meant(session=second, wishes=(on_tuesday,))


def test_a_day_names_the_session_on_it_unless_it_is_where_it_shall_go() -> None:
    friday = when(text="jumat", date=date(2026, 2, 13))
    second = session(NOW + timedelta(days=7), id="s2")
    plan = schedule(sessions=(session(), second))
    tuesday = when(text="selasa", date=date(2026, 2, 17))
    assert meant("sesi selasa mau pindah", tuesday, plan=plan) == Meant(session=second)
    assert meant("pindah ke selasa dong", tuesday, plan=plan) == Meant(session=session(), wishes=(tuesday,))
    assert meant("ke selasa untuk sesi jumat", tuesday, friday, plan=plan) == Meant(
        session=session(), wishes=(tuesday,)
    )
    at_night = when(text="selasa jam 8", date=date(2026, 2, 17), time=time(20))
    assert meant("selasa jam 8 bisa?", at_night, plan=plan) == Meant(session=session(), wishes=(at_night,))


OVER = session(NOW - timedelta(days=1), id="s0", status="consumed")
EARLIER = session(NOW - timedelta(hours=2), id="s00")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("saya kelewat sesi kemarin , bisa diganti hari lain ?", OVER),
        ("i missed yesterdays lesson", OVER),
        ("i missed my lesson", EARLIER),
        ("saya kelewat sesi senin kemarin", OVER),
        ("saya tidak sempat datang kemarin lusa", None),
        ("sesi saya yang kemarin bisa diganti ?", OVER),
    ],
)
def test_a_lesson_gone_by_is_that_lesson_and_never_the_next(text: str, found: Session | None) -> None:
    plan = schedule(sessions=(EARLIER, OVER, session()))
    assert meant(text, plan=plan) == Meant(session=found, gone=True)


def test_a_time_beside_a_lesson_gone_by_is_the_wish() -> None:
    plan = schedule(sessions=(EARLIER, OVER, session()))
    on_friday = when(text="jumat", date=date(2026, 2, 13))
    missed = "saya kelewat sesi kemarin , jumat bisa ?"
    assert meant(missed, on_friday, plan=plan) == Meant(session=OVER, gone=True, wishes=(on_friday,))
    monday = when(text="senin", date=date(2026, 2, 16))
    heard = meant("sesi senin lalu kelewat", monday, plan=plan)
    assert heard == Meant(session=OVER, gone=True)
    assert meant("sesi senin lalu kelewat", on_friday, plan=plan).wishes == (on_friday,)
    today = when(text="today", date=date(2026, 2, 10))
    assert meant("i missed todays lesson", today, plan=plan) == Meant(session=EARLIER, gone=True)
    assert meant("sesi hari ini mau pindah", today, plan=plan) == Meant(session=EARLIER, gone=True)


def test_the_session_meant_is_the_cases_else_the_next() -> None:
    plan = schedule(sessions=(session(NOW + timedelta(days=7), id="s2"), session(), session(NOW, id="now")))
    assert session_meant(case(session_id="s2"), None, plan, WIB, NOW).session == plan.sessions[0]
    assert session_meant(case(session_id="gone"), None, plan, WIB, NOW) == Meant()
    assert session_meant(case(session_id="now"), None, plan, WIB, NOW).gone
    assert session_meant(case(), None, plan, WIB, NOW) == Meant(session=session())
    assert session_meant(case(), None, schedule(sessions=()), WIB, NOW) == Meant()
    assert upcoming(schedule(sessions=(session(status="cancelled"),)), NOW) == ()
