"""What can be said of an intent before anything is known of the case."""

from typing import Literal

from casefile.base import Frozen
from casefile.packets import Action

IntentKind = Literal["conversational", "faq", "goods", "hours", "account", "cart", "operation", "sensitive"]


class IntentSpec(Frozen):
    """One intent: `dependency` is the system it is answered from, `signal` the risk it stands for."""

    kind: IntentKind
    dependency: Literal["schedule", "payments", "knowledge"] | None = None
    action: Action | None = None
    signal: str | None = None


def conversational(*names: str) -> dict[str, IntentSpec]:
    """Return intents that claim nothing."""
    return {name: IntentSpec(kind="conversational") for name in names}


def sensitive(**signals: str) -> dict[str, IntentSpec]:
    """Return intents that stand for a risk, each with its signal."""
    return {name: IntentSpec(kind="sensitive", signal=signal) for name, signal in signals.items()}
