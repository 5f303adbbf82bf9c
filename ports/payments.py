"""Where customers pay online: asked for ways to pay, for what has become of them, and to give money back."""

from typing import Protocol

from casefile.payments import Charge, PaymentLink, Provider, ProviderState


class PaymentProvider(Protocol):
    """One account at a provider of payments.

    Errors: PaymentRefused (it will not, whatever is tried again), DependencyDown (no answer, or one that says nothing;
    everything here may be asked again, because a charge is one by its reference and a refund by its key).
    """

    name: Provider

    async def request(self, charge: Charge, attempt: int) -> PaymentLink:
        """Make a way to pay; one that was made before under this reference comes back, if it can still be paid.

        PaymentRefused with the code `taken` where it cannot, or nobody can say any more how to pay it.
        """
        ...

    async def state(self, link: PaymentLink) -> ProviderState:
        """Read what the provider says of a payment now; the only word of it that counts."""
        ...

    async def refund(self, link: PaymentLink, amount: int, key: str, reason: str) -> None:
        """Give so much of a payment back, once per key."""
        ...

    async def end(self, link: PaymentLink) -> None:
        """End a way to pay that is still open; PaymentRefused where it is over, or cannot be ended."""
        ...

    async def check(self) -> None:
        """Return when the provider answers and takes our key, without changing anything."""
        ...
