"""`loket school move`: a coach cannot teach on a day; who is touched is shown first, and told with --yes."""

import argparse
import asyncio
from datetime import date

from app.cli.cases import at_words
from app.cli.common import person, say, settings_of
from app.cli.wiring import wired
from casefile.errors import BadInput
from casefile.packets import CTask
from services.school_moves import sessions_of
from store import records


def run(args: argparse.Namespace) -> int:
    """Show what would move, or have it moved; 0 when it was done or shown, 1 when it was refused."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    try:
        day = date.fromisoformat(args.date)
    except ValueError as error:
        raise BadInput(f"--date {args.date!r} is no day; write it as 2026-11-30") from error
    async with wired(settings_of(args)) as parts:
        by = person(await parts.stored.staff(), args.by)
        read, zone, now = parts.database.read, parts.desk.rules.zone, parts.clock.now()
        touched = sessions_of(read, args.coach, day, zone, now)
        if not touched:
            coaches = ", ".join(
                sorted({row["coach"] for row in read("SELECT DISTINCT coach FROM sessions", ())})
            )
            raise BadInput(
                f"{args.coach!r} has no session ahead on {day} that is not moved yet; coaches: {coaches}"
            )
        for session in touched:
            student = records.student(read, session.student_id)
            say(
                f"{at_words(session.start, zone)}  {student.name if student else session.student_id}  {session.id}"
            )
        if not args.yes:
            say(f"{len(touched)} to move. Nothing was done; --yes tells them and offers other hours.")
            return 0
        task = CTask(
            case_id="",
            action="SCHOOL_MOVE",
            subject=args.coach,
            params={
                "date": day.isoformat(),
                "desk": parts.desk.rules.desk,
                "staff_id": by.id,
                "why": args.why,
            },
            verification_status="OK",
            idempotency_key=f"cli:school_move:{args.coach}:{':'.join(s.id for s in touched)}",
        )
        result = await parts.operations.execute(task)
        say(f"{result.status}: {result.details}")
        unreached = result.new_state.get("unreached")
        for session_id in unreached if isinstance(unreached, list) else ():
            say(f"not reached, please call: {session_id}")
        return 0 if result.status == "SUCCESS" else 1
