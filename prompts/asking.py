"""What a model is given of one case, after its prompt: each piece between tags of its own, all of it data."""

from collections.abc import Iterable

from ports.sources import DraftRequest

# What somebody wrote can close no tag and open none.
DISARMED = str.maketrans("<>", "‹›")


def draft_words(request: DraftRequest) -> str:
    """Word what is to be phrased: what the customer wrote, the text that is right, and what must stay as it is."""
    return tagged(
        ("customer_message", request.customer_message),
        *(("page", excerpt) for excerpt in request.excerpts),
        ("copy_exactly", "\n".join(request.facts)),
        ("held_reply", request.earlier),
        ("found_in_it", "\n".join(request.found)),
        ("safe_text", request.safe_text),
    )


def tagged(*pieces: tuple[str, str]) -> str:
    """Put pieces between tags; an empty one is left out."""
    return "\n".join(_tagged(pieces))


def _tagged(pieces: Iterable[tuple[str, str]]) -> Iterable[str]:
    for tag, words in pieces:
        if words:
            yield f"<{tag}>\n{words.translate(DISARMED)}\n</{tag}>"
