"""WhatsApp Cloud API: the inbound channel, and the one way to a customer."""

import asyncio
import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NoReturn
from urllib.parse import quote, urlsplit

import httpx
import structlog
from pydantic import Field

from adapters import whatsapp_compose, whatsapp_parse
from adapters.whatsapp_fields import obj, word
from casefile.base import Frozen
from casefile.effects import SendMessage
from casefile.errors import BadInput, DependencyDown, LoketError, SendUnknown
from casefile.events import ChannelEvent
from ports.channels import MediaFile
from ports.sources import Files

log = structlog.get_logger(__name__)


class WhatsAppSettings(Frozen):
    """One Meta app and its numbers; `numbers` maps our account names to phone number ids."""

    base_url: str
    version: str = "v23.0"
    access_token: str = Field(min_length=1, repr=False)
    app_secret: str = Field(min_length=1, repr=False)
    verify_token: str = Field(min_length=1, repr=False)
    numbers: dict[str, str] = Field(min_length=1)
    timeout_seconds: float = Field(default=10.0, gt=0)
    media_bytes: int = Field(default=20_000_000, gt=0)


class WhatsApp:
    """Implements ports.channels.Channel and CustomerFiles, and ports.sinks.CustomerChannel.

    One app has one callback address: what is read here may also be of the numbers of those `beside` it. `documents`
    are what messages may carry.
    """

    name = "whatsapp"

    def __init__(
        self, settings: WhatsAppSettings, beside: Sequence["WhatsApp"] = (), documents: Files | None = None
    ) -> None:
        self._settings = settings
        self._documents = documents
        told = (settings, *(one._settings for one in beside))
        self._accounts = {number: account for one in told for account, number in one.numbers.items()}
        self._base = f"{settings.base_url.rstrip('/')}/{settings.version}"
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {settings.access_token}"},
            timeout=httpx.Timeout(settings.timeout_seconds),
            # Loading the certificates takes 50 ms, and only an https address has any to check.
            verify=not settings.base_url.startswith("http://"),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Check `X-Hub-Signature-256` over the raw body in constant time."""
        scheme, _, claimed = headers.get("x-hub-signature-256", "").partition("=")
        made = hmac.new(self._settings.app_secret.encode(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(claimed.encode(), made.encode()) and scheme == "sha256"

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Answer a subscription request that carries our verify token."""
        told = query.get("hub.verify_token", "").encode()
        ours = hmac.compare_digest(told, self._settings.verify_token.encode())
        return query.get("hub.challenge") if ours and query.get("hub.mode") == "subscribe" else None

    def parse(self, body: bytes, account: str, received_at: datetime) -> Sequence[ChannelEvent]:
        """Read a delivery; a number of ours named inside it decides the account."""
        return whatsapp_parse.parse(body, account, received_at, self._accounts)

    async def send(self, message: SendMessage, address: str) -> str:
        """Send once, without a retry of its own: whether to repeat is the ledger's decision."""
        account = self._account_of(message.conversation_id)
        file = await self._uploaded(message, account)
        answer = await self._post(account, whatsapp_compose.body(message, address, file))
        if not answer.is_success:
            raise whatsapp_compose.failure(answer.status_code, answer.headers, _json(answer))
        return whatsapp_compose.provider_id(_json(answer))

    async def _uploaded(self, message: SendMessage, account: str) -> str:
        """Upload what a message carries and return its id, "" when it carries nothing.

        A file that cannot be made lets the words go alone. An upload may be repeated: nobody sees one.
        """
        carried = whatsapp_compose.carries(message)
        file = await self._documents.file(carried.document) if carried and self._documents else None
        if carried is None or file is None:
            return ""
        url = f"{self._base}/{self._settings.numbers[account]}/media"
        form = {"messaging_product": "whatsapp", "type": file.mime}
        try:
            async with asyncio.timeout(self._settings.timeout_seconds * 2):
                answer = await self._http.post(
                    url, data=form, files={"file": (carried.filename, file.data, file.mime)}
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise DependencyDown("whatsapp", f"a file was not uploaded ({type(error).__name__})") from error
        if not answer.is_success:
            refused = whatsapp_compose.failure(answer.status_code, answer.headers, _json(answer))
            # No message has been tried: it is only later, whatever became of the upload.
            raise DependencyDown("whatsapp", str(refused)) if isinstance(refused, SendUnknown) else refused
        return whatsapp_compose.media_id(_json(answer))

    async def mark_read(self, account: str, message_id: str) -> None:
        """Show the read and typing marks; a mark that fails is logged, for nobody waits for it."""
        mark: dict[str, object] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message_id,
            "typing_indicator": {"type": "text"},
        }
        try:
            answer = await self._post(account, mark)
        except (DependencyDown, SendUnknown) as error:
            log.warning("mark_read_failed", message_id=message_id, error=type(error).__name__, exc_info=error)
            return
        if not answer.is_success:
            code = word(obj(obj(_json(answer)).get("error")).get("code"))
            log.warning("mark_read_refused", message_id=message_id, status=answer.status_code, code=code)

    async def check(self) -> None:
        """Look one of our numbers up, which sends nothing; raises DependencyDown unless it is found."""
        number = next(iter(self._settings.numbers.values()))
        try:
            async with asyncio.timeout(self._settings.timeout_seconds * 2):
                answer = await self._http.get(f"{self._base}/{number}", params={"fields": "id"})
        except (httpx.HTTPError, TimeoutError) as error:
            raise DependencyDown("whatsapp", f"no whole answer ({type(error).__name__})") from error
        if not answer.is_success or word(obj(_json(answer)).get("id")) != number:
            raise DependencyDown("whatsapp", f"our number was not found (HTTP {answer.status_code})")

    async def media(self, media_id: str) -> MediaFile:
        """Fetch a file a customer sent.

        Raises BadInput for a file that is gone, too large or not the one announced, DependencyDown when
        WhatsApp cannot be reached.
        """
        try:
            found = await self._http.get(f"{self._base}/{quote(media_id, safe='')}")
            described = obj(_json(found)) if found.is_success else self._gone(found.status_code)
            data = await self._download(word(described.get("url")))
        except httpx.HTTPError as error:
            raise DependencyDown(
                "whatsapp", f"a file could not be fetched ({type(error).__name__})"
            ) from error
        made = hashlib.sha256(data).digest()
        announced = word(described.get("sha256"))
        if announced and made not in _digests(announced):
            raise BadInput("the file WhatsApp handed over is not the one it announced")
        return MediaFile(data, word(described.get("mime_type")), made.hex())

    async def _download(self, url: str) -> bytes:
        parts = urlsplit(url)
        # The token goes along, so nothing but TLS or our own configured host may see it.
        if parts.scheme != "https" and parts.netloc != urlsplit(self._base).netloc:
            raise BadInput("WhatsApp named an address for the file that is not safe to call")
        data = bytearray()
        async with self._http.stream("GET", url) as answer:
            if not answer.is_success:
                self._gone(answer.status_code)
            async for piece in answer.aiter_bytes():
                data += piece
                if len(data) > self._settings.media_bytes:
                    raise BadInput(f"the file is larger than {self._settings.media_bytes} bytes")
        return bytes(data)

    def _gone(self, status: int) -> NoReturn:
        if status == 429 or status >= 500 or status in (401, 403):
            raise DependencyDown("whatsapp", f"a file could not be fetched (HTTP {status})")
        raise BadInput(f"WhatsApp has no such file any more (HTTP {status})")

    def _account_of(self, conversation_id: str) -> str:
        named = [a for a in self._settings.numbers if conversation_id.startswith(f"wa-{a}-")]
        if not named:
            raise LoketError(
                f"conversation {conversation_id} belongs to no WhatsApp number in the configuration"
            )
        return max(named, key=len)

    async def _post(self, account: str, body: Mapping[str, object]) -> httpx.Response:
        url = f"{self._base}/{self._settings.numbers[account]}/messages"
        try:
            # httpx bounds each read, not the whole: an answer that drips in must not hold the outbox.
            async with asyncio.timeout(self._settings.timeout_seconds * 2):
                return await self._http.post(url, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DependencyDown("whatsapp", type(error).__name__) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise SendUnknown(f"no whole answer from WhatsApp ({type(error).__name__})") from error


def _json(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _digests(announced: str) -> list[bytes]:
    """Read a digest in either spelling WhatsApp uses: hex with a file, base64 in a webhook."""
    found = []
    for decode in (bytes.fromhex, base64.b64decode):
        try:
            found.append(decode(announced))
        except (ValueError, binascii.Error):
            continue
    return found
