"""What an answer of an OpenAI-compatible endpoint says of its cost, and a refusal of how long to wait."""

from typing import Any

from casefile.base import Frozen

# Refusals after which asking again is no second answer: nothing was worked on.
NOT_WORKED_ON = frozenset({429, 503})


class Counted(Frozen):
    """Tokens as the endpoint counted them; `cached` are among `input`."""

    provider_id: str = ""
    input: int = 0
    cached: int = 0
    output: int = 0


def counted(answer: Any) -> Counted:
    """Read the count off a message of langchain's, or a completion of openai's; no count is none."""
    used = getattr(answer, "usage_metadata", None)
    if used is not None:
        details = used.get("input_token_details") or {}
        return Counted(
            provider_id=str((answer.response_metadata or {}).get("id") or ""),
            input=used["input_tokens"],
            cached=details.get("cache_read") or 0,
            output=used["output_tokens"],
        )
    usage = getattr(answer, "usage", None)
    if usage is None:
        return Counted()
    details = usage.prompt_tokens_details
    return Counted(
        provider_id=answer.id,
        input=usage.prompt_tokens,
        cached=(details.cached_tokens or 0) if details else 0,
        output=usage.completion_tokens,
    )


def retry_after(error: Exception) -> float | None:
    """Return the seconds a refusal asks to wait, None when it names none."""
    response = getattr(error, "response", None)
    if response is None or response.status_code not in NOT_WORKED_ON:
        return None
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if seconds >= 0 else None
