"""What people read, masked unless asked for plainly."""

from services_scenes import NOW, School, first_message, move, task

from casefile.effects import SendMessage
from policies.privacy import mask_phone
from ports.journal import TranscriptLine, TurnCommit
from store.views import Views


async def test_one_case_shows_everything_that_belongs_to_it_masked(school: School) -> None:
    await school.journal.receive([first_message("+6281200001001")])
    [row] = await school.journal.unread("wa-628001-ct_rina")
    case = (await school.sources.open_cases("wa-628001-ct_rina", NOW))[0]
    told = case.said("customer", "rahasia", NOW).move("triaged", "B", NOW)
    send = SendMessage(
        key="s1",
        conversation_id=told.conversation_id,
        text="rahasia",
        plain="rahasia juga",
        language="id",
        template="t@1",
        purpose="answer",
    )
    line = TranscriptLine(told.conversation_id, told.id, "in", "customer", "rahasia", NOW, "m1")
    await school.journal.commit(
        TurnCommit(
            "tx",
            told.conversation_id,
            NOW,
            (row.id,),
            (told,),
            ((told.id, send),),
            (line,),
            (),
            ((told.id, 1, b"r"),),
        )
    )
    await school.approved(move())
    await school.operations.execute(move("k2"))

    views = Views(school.database, mask_phone)
    shown = views.case("SCH-rina")
    assert shown is not None
    assert "rahasia" not in repr(shown)
    assert "+6281200001001" not in repr(shown)
    assert [t["turn"] for t in shown.turns] == [1]
    assert [s["new"] for s in shown.transitions] == ["triaged"]
    assert [e["body"]["type"] for e in shown.effects] == ["send_message"]
    assert [a["state"] for a in shown.approvals] == ["approved"]
    assert [o["result"]["status"] for o in shown.operations] == ["SUCCESS"]
    assert [a["actor"] for a in shown.audit] == ["C"]
    plainly = views.case("SCH-rina", plain=True)
    assert plainly is not None
    assert plainly.transcript[0]["text"] == "rahasia"
    assert views.case("SCH-none") is None
    assert views.records("SCH-rina") == ((1, "tx", b"r"),)
    assert views.records("SCH-rina", first=2) == ()


async def test_cases_are_listed_by_what_is_asked(school: School) -> None:
    await school.journal.receive([first_message("+6281200001001")])
    views = Views(school.database, mask_phone)
    assert {line.id for line in views.cases()} == {"SCH-rina", "SCH-maya", "SCH-vina"}
    [line] = views.cases(conversation_id="wa-628001-ct_rina", state="new", desk="school", tier="R0")
    assert line.customer == "+62…1001"
    assert views.cases(conversation_id="wa-628001-ct_rina", plain=True)[0].customer == "+6281200001001"
    assert views.cases(state="closed") == ()
    assert len(views.cases(limit=2)) == 2


async def test_a_doctor_gets_counts(school: School) -> None:
    await school.operations.execute(task("ENROL", "ct_rina"))
    views = Views(school.database, mask_phone)
    counts = views.counts()
    assert (counts["cases_open"], counts["inbox_unread"], counts["students"], counts["tasks_due"]) == (
        3,
        1,
        4,
        1,
    )
    assert views.staff_names() == {"sf_sinta": "Sinta", "sf_tari": "Tari"}
