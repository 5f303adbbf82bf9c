"""Chooses Indonesian or English: a vote of telling words, then py3langid, then the conversation's language."""

from collections.abc import Callable, Mapping
from functools import cache

from casefile.base import Language

Tie = Callable[[str], Language | None]


def choose_language(
    tokens: list[str],
    telling: Mapping[str, Language],
    conversation: Language | None,
    default: Language,
    tie_break: Tie,
) -> Language:
    """Return the language of the words; a mixed message keeps the conversation's."""
    votes = {"id": 0, "en": 0}
    for token in tokens:
        if token in telling:
            votes[telling[token]] += 1
    indonesian, english = votes["id"], votes["en"]
    if indonesian and not english:
        return "id" if indonesian > 1 or conversation is None else _short(tokens, "id", conversation)
    if english and not indonesian:
        return "en" if english > 1 or conversation is None else _short(tokens, "en", conversation)
    if indonesian >= 3 * english and indonesian:
        return "id"
    if english >= 3 * indonesian and english:
        return "en"
    if conversation is not None:
        return conversation
    if indonesian != english:
        return "id" if indonesian > english else "en"
    return tie_break(" ".join(tokens)) or default if len(tokens) >= 3 else default


def _short(tokens: list[str], voted: Language, conversation: Language) -> Language:
    """Keep the conversation's language when a single telling word stands among several that tell nothing."""
    return voted if len(tokens) <= 4 else conversation


@cache
def _identifier() -> Callable[[str], tuple[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    loaded.set_languages(["id", "en"])
    classify: Callable[[str], tuple[str, float]] = loaded.classify
    return classify


def langid_tie_break(text: str) -> Language | None:
    """Ask py3langid, restricted to the two languages; None when it is as good as a coin toss.

    Its model (0.8 s, 100 MB) is loaded at the first text that needs it.
    """
    code, share = _identifier()(text)
    if share < 0.6:
        return None
    return "en" if code == "en" else "id"
