"""Faults of the runtime. A refusal is data with a reason; these are for what must not happen."""


class LoketError(Exception):
    """Something in Loket could not be done; the message says what and how to mend it."""


class BadInput(LoketError):
    """Input from outside does not have the shape it must have."""


class IllegalTransition(LoketError):
    """A case was asked to move between two states that are not connected."""


class UnknownEffect(LoketError):
    """An effect reached the performer that nothing knows how to perform."""


class DependencyDown(LoketError):
    """An outside system did not answer; `name` is the dependency as the degraded-mode table calls it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} is not answering: {why}")
        self.name = name
        self.why = why


class TakenOver(LoketError):
    """Somebody else has taken up, or done already, what this turn was about; nothing of it was written."""


class StoreDown(LoketError):
    """The database takes no writes, or cannot be read; it is nobody's message that is at fault."""


class FactsMoved(LoketError):
    """The records changed while a turn was stating them; it is run again with what they hold now."""


class PaymentRefused(LoketError):
    """The provider will not do this, whatever is tried again; `code` is its own, as text."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"the payment provider refused ({code}): {why}")
        self.code = code


class SendRefused(LoketError):
    """The channel refused the message for good; nothing was sent.

    `code` is the vendor's code as text (WhatsApp 131026, 131047 ...).
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"the channel refused the message ({code}): {why}")
        self.code = code
        self.why = why


class SendLater(LoketError):
    """The channel did not take the message and nothing was sent; try again after `seconds`.

    `scope` says whom it holds back: one recipient, or the whole account.
    """

    def __init__(self, why: str, seconds: float, scope: str = "account") -> None:
        super().__init__(f"the channel asks to wait {seconds:g} s: {why}")
        self.why = why
        self.seconds = seconds
        self.scope = scope


class SendUnknown(LoketError):
    """The request left but no answer came: the message may or may not have been sent."""
