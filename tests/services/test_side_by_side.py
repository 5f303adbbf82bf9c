"""Two workers write to the same records at the same moment: what only one may have, only one gets."""

import asyncio
from pathlib import Path

from services_scenes import School, move

from tests.support.postgres import Opener


async def test_a_slot_has_one_taker_and_a_quota_holds_whoever_writes(
    open_database: Opener, tmp_path: Path
) -> None:
    here = await School(open_database()).open(tmp_path / "records")
    there = School(open_database())
    # Rina has two free changes a month; three sessions reach for three slots, each from both workers.
    tasks = [move(f"k{n}{who}", f"ss_rina_{n}", f"sl_{n}") for n in (1, 2, 3) for who in ("a", "b")]
    results = await asyncio.gather(
        *((here if one.idempotency_key.endswith("a") else there).operations.execute(one) for one in tasks)
    )
    done = [result for result in results if result.status == "SUCCESS"]
    assert len(done) == 2
    assert {result.status for result in results} == {"SUCCESS", "BLOCKED_POLICY"}
    assert len({result.rev for result in done}) == 2
    facts = await here.sources.schedule("st_rina", here.clock.at)
    assert facts.reschedules_this_month == 2
    assert len(here.database.read("SELECT session_id FROM slots WHERE session_id IS NOT NULL")) == 2
    here.database.close()
    there.database.close()


async def test_one_key_is_one_operation_whichever_worker_repeats_it(
    open_database: Opener, tmp_path: Path
) -> None:
    here = await School(open_database()).open(tmp_path / "records")
    there = School(open_database())
    results = await asyncio.gather(
        *(school.operations.execute(move()) for _ in range(4) for school in (here, there))
    )
    assert len({result.model_dump_json() for result in results}) == 1
    assert results[0].status == "SUCCESS"
    assert len(here.database.read("SELECT 1 FROM reschedules WHERE id = 'k1'")) == 1
    here.database.close()
    there.database.close()
