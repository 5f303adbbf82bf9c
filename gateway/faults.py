"""A week's sample run again: which of its cases state what nothing holds, or what has not been done."""

from agents.work import Desk
from casefile.auditing import Sample
from casefile.weekly import Faults
from graph.recheck import recheck
from graph.record import unpacked
from ports.auditing import AuditBook


async def faults_in(sample: Sample | None, book: AuditBook, desk: Desk) -> Faults:
    """Count what running a sample again finds, and what people found of it; nothing of a week without one."""
    without_source: set[str] = set()
    invented: set[str] = set()
    not_comparable = 0
    answers = sample.answers if sample else ()
    for answer in answers:
        records = [unpacked(body) for body in await book.records_of(answer.case_id)]
        again = await recheck(records, desk, answer.key)
        not_comparable += not again.comparable
        flaw = answer.judgement.flaw if answer.judgement else None
        if again.without_source or flaw == "no_source":
            without_source.add(answer.case_id)
        if again.invented or flaw == "invented_state":
            invented.add(answer.case_id)
    return Faults(
        cases=len({answer.case_id for answer in answers}),
        without_source=len(without_source),
        invented=len(invented),
        not_comparable=not_comparable,
    )
