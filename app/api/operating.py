"""Tasks that other systems give to C, and what they are told when a rule does not let it."""

from typing import Annotated, Any

from fastapi import HTTPException
from pydantic import Field

from app.api.access import Caller
from casefile.packets import Action, CResult, CTask

Once = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{8,64}$")]
NOT_DONE: dict[int | str, dict[str, Any]] = {
    404: {"description": "not there"},
    409: {"description": "a rule does not let it"},
}


async def carried_out(
    caller: Caller,
    action: Action,
    subject: str,
    params: dict[str, object],
    once: str,
    speaks_for: frozenset[str] = frozenset(),
) -> CResult:
    """Let C carry a task out, once per key and `once`; 404 for what is not there, 409 for what a rule refuses."""
    task = CTask.model_validate(
        {
            "case_id": "",
            "action": action,
            "subject": subject,
            "params": params,
            "verification_status": "OK",
            "idempotency_key": f"api:{caller.key.name}:{once}",
        }
    )
    result = await caller.wired.operations.execute(task, speaks_for)
    if result.status == "FAILED":
        raise HTTPException(404, result.details)
    if result.status != "SUCCESS":
        raise HTTPException(409, result.details)
    return result
