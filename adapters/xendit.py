"""Xendit: invoices with a page to pay them on, what has become of them, and its callbacks."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

import httpx
from pydantic import Field

from adapters import xendit_parse
from adapters.xendit_parse import mapping, word
from casefile.base import Frozen
from casefile.errors import BadInput, DependencyDown, PaymentRefused
from casefile.events import ChannelEvent
from casefile.payments import Charge, PaymentLink, Provider, ProviderState

DEPENDENCY = "payments"
TAKEN = "taken"


class XenditSettings(Frozen):
    """One account."""

    base_url: str
    secret_key: str = Field(min_length=1, repr=False)
    callback_token: str = Field(min_length=1, repr=False)
    timeout_seconds: float = Field(default=10.0, gt=0)


class Xendit:
    """Implements ports.payments.PaymentProvider, and ports.channels.Channel for its callbacks."""

    name: Provider = "xendit"

    def __init__(self, settings: XenditSettings) -> None:
        self._settings = settings
        self._http = httpx.AsyncClient(
            auth=(settings.secret_key, ""),
            timeout=httpx.Timeout(settings.timeout_seconds),
            verify=not settings.base_url.startswith("http://"),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Check the callback's token."""
        return xendit_parse.verified(headers, self._settings.callback_token)

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Answer nobody: Xendit asks for no subscription."""
        return None

    def parse(self, body: bytes, account: str, received_at: datetime) -> Sequence[ChannelEvent]:
        """Read a callback."""
        return (xendit_parse.parse(body, account, received_at),)

    async def request(self, charge: Charge, attempt: int) -> PaymentLink:
        """Make an invoice, unless there is one: Xendit lets several have the same external id, so it is asked first."""
        told = await self._made_before(charge) or await self._make(charge)
        return PaymentLink(
            reference=charge.reference,
            invoice=charge.invoice,
            attempt=attempt,
            provider=self.name,
            provider_id=word(told, "id"),
            amount=charge.amount,
            url=str(told.get("invoice_url") or ""),
            expires_at=xendit_parse.expires(told, charge.expires_at),
        )

    async def state(self, link: PaymentLink) -> ProviderState:
        """Read the invoice."""
        told = mapping(await self._call("GET", f"/v2/invoices/{quote(link.provider_id, safe='')}"))
        return _read(told)

    async def refund(self, link: PaymentLink, amount: int, key: str, reason: str) -> None:
        """Give money back, once per key."""
        body = {
            "invoice_id": link.provider_id,
            "reference_id": key,
            "amount": amount,
            "currency": "IDR",
            "reason": "REQUESTED_BY_CUSTOMER",
            "metadata": {"reason": reason[:200]},
        }
        told = mapping(await self._call("POST", "/refunds", body, key))
        if word(told, "status") in {"FAILED", "CANCELLED"}:
            raise PaymentRefused(word(told, "failure_code") or "FAILED", "the refund did not go through")

    async def end(self, link: PaymentLink) -> None:
        """Let an invoice expire."""
        await self._call("POST", f"/invoices/{quote(link.provider_id, safe='')}/expire!")

    async def check(self) -> None:
        """List nothing: that it is answered shows that our key is taken."""
        await self._call("GET", "/v2/invoices?limit=1&external_id=loket-check")

    async def _make(self, charge: Charge) -> Mapping[str, object]:
        body = {
            "external_id": charge.reference,
            "amount": charge.amount,
            "currency": "IDR",
            "description": charge.description or charge.invoice,
            "invoice_duration": max(60, round((charge.expires_at - charge.made_at).total_seconds())),
        }
        return mapping(await self._call("POST", "/v2/invoices", body, charge.reference))

    async def _made_before(self, charge: Charge) -> Mapping[str, object] | None:
        named = quote(charge.reference, safe="")
        told = await self._call("GET", f"/v2/invoices?external_id={named}")
        found = [mapping(one) for one in told] if isinstance(told, list) else []
        made = next((one for one in found if word(one, "external_id") == charge.reference), None)
        if made is None:
            return None
        state = _read(made)
        if state.state != "PENDING" or state.amount != charge.amount:
            raise PaymentRefused(TAKEN, f"external id {charge.reference} was used before ({state.word})")
        return made

    async def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, key: str = ""
    ) -> object:
        headers = {"idempotency-key": key} if key else {}
        try:
            # httpx bounds each read, not the whole: an answer that drips in must not hold the outbox.
            async with asyncio.timeout(self._settings.timeout_seconds * 2):
                answer = await self._http.request(
                    method, f"{self._settings.base_url}{path}", json=body, headers=headers
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise DependencyDown(
                DEPENDENCY, f"no whole answer from Xendit ({type(error).__name__})"
            ) from error
        told = xendit_parse.data(answer.content)
        if answer.status_code in (401, 403, 429) or answer.status_code >= 500 or told is None:
            raise DependencyDown(DEPENDENCY, f"Xendit answered {answer.status_code}")
        if not answer.is_success:
            why = word(mapping(told), "message") or "no reason given"
            raise PaymentRefused(word(mapping(told), "error_code") or str(answer.status_code), why)
        return told


def _read(told: Mapping[str, object]) -> ProviderState:
    try:
        return xendit_parse.state_of(told)
    except BadInput as error:
        raise DependencyDown(DEPENDENCY, f"Xendit said something unreadable: {error}") from error
