from datetime import date, time, timedelta

import pytest

from casefile.case import Case, Wish
from casefile.facts import ScheduleFacts
from casefile.reading import Reading, Slots, WhenSlot
from policies.sessions import Meant, session_meant
from policies.slots import SlotChoice, choose
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


def heard(text: str) -> Reading:
    return reading(request("give_time")).model_copy(update={"normalized": text})


def meant(text: str, *whens: WhenSlot, plan: ScheduleFacts = FREE, on: Case | None = None) -> Meant:
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
    hit = pick(offered, when=(when(time=time(15)),))
    assert (hit.state, hit.slot, hit.offers) == ("matched", SAT_15, (SAT_10, SAT_15, SUN_15))
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


def test_others_are_those_not_shown_yet_and_at_last_all_again() -> None:
    asked = case(waiting_for="slot", offered=(SAT_10,), shown=("f1",))
    said = heard("ada jam lain ?")
    first = choose(asked, said, FREE, Meant(session=session()), WIB, NOW, 2)
    assert first == SlotChoice(state="vague", offers=(SAT_15, SUN_15))
    rest = asked.model_copy(update={"shown": ("f1", "f2", "f3", "f4")})
    assert choose(rest, said, FREE, Meant(session=session()), WIB, NOW, 2).state == "all_shown"
    confirm = case(waiting_for="confirm", chosen=SAT_10)
    assert SAT_10 not in choose(confirm, said, FREE, Meant(session=session()), WIB, NOW, 2).offers
    assert choose(case(), said, FREE, Meant(session=session()), WIB, NOW, 2).state == "none"
    sunday = case(waiting_for="slot", wish=Wish(text="", date=SUN, time=time(9)))
    assert choose(sunday, said, FREE, Meant(session=session()), WIB, NOW, 2).offers == (SUN_15, SAT_10)


def test_the_lessons_own_day_is_offered_last_unless_it_was_named() -> None:
    friday = slot(NOW + timedelta(days=3, hours=2), id="own")
    plan = schedule(free_slots=(friday, SAT_10, SUN_15))
    assert pick(plan=plan).offers == (SAT_10, SUN_15, friday)
    assert pick(plan=plan, when=(when(part_of_day="noon"),)).offers == (friday,)
    day = date(2026, 2, 13)
    known = case(session_id="s1")
    assert pick(known, plan, when=(when(date=day),)).offers == (friday,)
    assert pick(known, plan, when=(when(date=day, time=time(19)),)).offers[0] == friday
    saturday = pick(plan=plan, when=(when(date=SAT, time=time(19)),))
    assert saturday.offers == (SAT_10, SUN_15, friday)


def test_a_bare_hour_is_of_the_lessons_own_day_when_that_is_free() -> None:
    friday = slot(NOW + timedelta(days=3, hours=5), id="own")
    plan = schedule(free_slots=(SAT_15, friday))
    assert pick(plan=plan, when=(when(time=time(15)),)).slot == friday


def test_another_coach_is_never_swapped_for_ones_own() -> None:
    def with_nadia(*whens: WhenSlot, on: Case | None = None) -> SlotChoice:
        asked = request("reschedule").model_copy(update={"text": "sama coach nadia"})
        said = reading(asked, slots=Slots(when=whens))
        return choose(on or case(), said, FREE, Meant(session=session(), wishes=whens), WIB, NOW, 2)

    assert (with_nadia().state, with_nadia().offers) == ("other_coach", (SAT_10, SAT_15))
    exact = with_nadia(when(date=SAT, time=time(10)))
    assert (exact.state, exact.slot, exact.offers) == ("other_coach", None, (SAT_10,))
    assert with_nadia(when(date=SUN)).offers == (SUN_15,)
    assert with_nadia(on=case(waiting_for="confirm", chosen=SAT_15)).offers == (SAT_15,)


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


def test_the_nearest_session_agreed_to_goes_where_was_said_before() -> None:
    wish = Wish(text="sabtu", date=SAT, time=time(10))
    asked = case(waiting_for="session", wish=wish)
    assert pick(asked, yes_no="yes").slot == SAT_10
    assert pick(case(waiting_for="session"), yes_no="yes").state == "none"
