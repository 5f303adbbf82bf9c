"""Midtrans: QRIS codes and Snap pages, what has become of them, and its notifications."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import quote

import httpx
from pydantic import Field

from adapters import midtrans_parse
from adapters.midtrans_parse import WIB, data, word
from casefile.base import Frozen
from casefile.errors import BadInput, DependencyDown, PaymentRefused
from casefile.events import ChannelEvent
from casefile.payments import Charge, PaymentLink, Provider, ProviderState

DEPENDENCY = "payments"
TAKEN = "taken"
# Nobody's order: asking for it shows whether our key is taken.
NOBODYS = "loket-check"


class MidtransSettings(Frozen):
    """One merchant account."""

    base_url: str
    snap_url: str
    server_key: str = Field(min_length=1, repr=False)
    method: Literal["qris", "snap"] = "qris"
    timeout_seconds: float = Field(default=10.0, gt=0)


class Midtrans:
    """Implements ports.payments.PaymentProvider, and ports.channels.Channel for its notifications."""

    name: Provider = "midtrans"

    def __init__(self, settings: MidtransSettings) -> None:
        self._settings = settings
        self._http = httpx.AsyncClient(
            auth=(settings.server_key, ""),
            timeout=httpx.Timeout(settings.timeout_seconds),
            headers={"Accept": "application/json"},
            verify=not settings.base_url.startswith("http://"),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Check the signature, which is in the body."""
        return midtrans_parse.verified(body, self._settings.server_key)

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Answer nobody: Midtrans asks for no subscription."""
        return None

    def parse(self, body: bytes, account: str, received_at: datetime) -> Sequence[ChannelEvent]:
        """Read a notification."""
        return (midtrans_parse.parse(body, account, received_at),)

    async def request(self, charge: Charge, attempt: int) -> PaymentLink:
        """Make a QRIS code or a Snap page; a code made before under this order id comes back."""
        if self._settings.method == "snap":
            return await self._page(charge, attempt)
        body = {
            "payment_type": "qris",
            "transaction_details": {"order_id": charge.reference, "gross_amount": charge.amount},
            "qris": {"acquirer": "gopay"},
            "custom_expiry": {"expiry_duration": _minutes(charge), "unit": "minute"},
        }
        code, told = await self._call("POST", f"{self._settings.base_url}/v2/charge", charge.reference, body)
        if code == 406:
            # Made before, and our five minutes of its remembering that are over.
            told = await self._made_before(charge)
        elif code not in (200, 201):
            raise _refused(code, told)
        made = word(told, "transaction_id")
        actions = told.get("actions")
        shown = [
            str(action.get("url", ""))
            for action in (actions if isinstance(actions, list) else [])
            if isinstance(action, dict) and action.get("name") == "generate-qr-code"
        ]
        return PaymentLink(
            reference=charge.reference,
            invoice=charge.invoice,
            attempt=attempt,
            provider=self.name,
            provider_id=made,
            amount=charge.amount,
            url=shown[0] if shown else f"{self._settings.base_url}/v2/qris/{quote(made, safe='')}/qr-code",
            qr_string=str(told.get("qr_string") or ""),
            expires_at=midtrans_parse.expires(told, charge.expires_at),
        )

    async def state(self, link: PaymentLink) -> ProviderState:
        """Read the status; a Snap page on which nobody has chosen how to pay has none yet, and is still open."""
        code, told = await self._call("GET", self._of(link.reference, "status"))
        if code == 404:
            return ProviderState(
                reference=link.reference,
                provider_id=link.provider_id,
                amount=link.amount,
                word="not_chosen",
                state="PENDING",
            )
        if not word(told, "transaction_status"):
            raise _refused(code, told)
        return _read(told)

    async def refund(self, link: PaymentLink, amount: int, key: str, reason: str) -> None:
        """Give money back under a refund key; an answer without a code is checked against the status."""
        body: dict[str, object] = {"refund_key": key, "amount": amount, "reason": reason}
        code, told = await self._call("POST", self._of(link.reference, "refund"), key, body)
        if code == 200 and word(told, "status_code"):
            return
        if (await self.state(link)).refunded < amount:
            raise _refused(code, told)

    async def end(self, link: PaymentLink) -> None:
        """Let an order expire."""
        code, told = await self._call("POST", self._of(link.reference, "expire"))
        if word(told, "transaction_status") != "expire":
            raise _refused(code, told)

    async def check(self) -> None:
        """Ask for nobody's order: that there is none shows that our key is taken."""
        await self._call("GET", self._of(NOBODYS, "status"))

    async def _page(self, charge: Charge, attempt: int) -> PaymentLink:
        start = charge.made_at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S +0700")
        body = {
            "transaction_details": {"order_id": charge.reference, "gross_amount": charge.amount},
            "item_details": [
                {"id": charge.invoice, "price": charge.amount, "quantity": 1, "name": charge.description[:50]}
            ],
            "expiry": {"start_time": start, "unit": "minute", "duration": _minutes(charge)},
        }
        url = f"{self._settings.snap_url}/snap/v1/transactions"
        code, told = await self._call("POST", url, charge.reference, body)
        if code not in (200, 201) or not told.get("redirect_url"):
            raise PaymentRefused(TAKEN if "order_id" in _said(told) else str(code), _said(told))
        return PaymentLink(
            reference=charge.reference,
            invoice=charge.invoice,
            attempt=attempt,
            provider=self.name,
            provider_id=word(told, "token"),
            amount=charge.amount,
            url=str(told["redirect_url"]),
            expires_at=charge.expires_at,
        )

    async def _made_before(self, charge: Charge) -> Mapping[str, object]:
        """Return the payment that has this order id, if it is ours and can still be paid."""
        code, told = await self._call("GET", self._of(charge.reference, "status"))
        if not word(told, "transaction_status"):
            raise _refused(code, told)
        found = _read(told)
        if found.state != "PENDING" or found.amount != charge.amount:
            raise PaymentRefused(TAKEN, f"order id {charge.reference} was used before ({found.word})")
        return told

    def _of(self, reference: str, what: str) -> str:
        return f"{self._settings.base_url}/v2/{quote(reference, safe='')}/{what}"

    async def _call(
        self, method: str, url: str, key: str = "", body: Mapping[str, object] | None = None
    ) -> tuple[int, Mapping[str, object]]:
        """Ask, and return the code that counts (the body's before HTTP's) with the body."""
        headers = {"Idempotency-Key": key} if key else {}
        try:
            # httpx bounds each read, not the whole: an answer that drips in must not hold the outbox.
            async with asyncio.timeout(self._settings.timeout_seconds * 2):
                answer = await self._http.request(method, url, json=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            raise DependencyDown(
                DEPENDENCY, f"no whole answer from Midtrans ({type(error).__name__})"
            ) from error
        told = data(answer.content)
        said = word(told, "status_code")
        code = int(said) if said.isascii() and said.isdigit() else answer.status_code
        if code in (401, 403, 429) or code >= 500 or not told:
            raise DependencyDown(DEPENDENCY, f"Midtrans answered {code}")
        return code, told


def _minutes(charge: Charge) -> int:
    return max(1, round((charge.expires_at - charge.made_at).total_seconds() / 60))


def _read(told: Mapping[str, object]) -> ProviderState:
    try:
        return midtrans_parse.state_of(told)
    except BadInput as error:
        raise DependencyDown(DEPENDENCY, f"Midtrans said something unreadable: {error}") from error


def _said(told: Mapping[str, object]) -> str:
    messages = told.get("error_messages")
    lines = [str(line) for line in messages] if isinstance(messages, list) else []
    return "; ".join(lines)[:300] or word(told, "status_message") or "no reason given"


def _refused(code: int, told: Mapping[str, object]) -> PaymentRefused:
    return PaymentRefused(str(code), _said(told))
