"""What WhatsApp's answers mean, and what its signatures prove."""

import hashlib
import hmac
from typing import Any

import pytest

from adapters.whatsapp import WhatsApp, _digests
from adapters.whatsapp_compose import body, failure, provider_id
from casefile.effects import ChannelTemplate, SendMessage
from casefile.errors import DependencyDown, LoketError, SendLater, SendRefused, SendUnknown
from tests.adapters.stage import whatsapp_settings


def answer(code: int | None) -> Any:
    """An error body of Graph's."""
    return {"error": {"code": code, "message": "no", "error_data": {"details": "because"}}} if code else None


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 131026, SendRefused),
        (400, 131047, SendRefused),
        (400, 100, SendRefused),
        (403, 130497, SendRefused),
        (404, None, SendRefused),
        (400, 130429, SendLater),
        (429, None, SendLater),
        (400, 131056, SendLater),
        (401, None, DependencyDown),
        (403, None, DependencyDown),
        (403, 200, DependencyDown),
        (400, 190, DependencyDown),
        (302, None, DependencyDown),
        (503, 2, DependencyDown),
        (500, 131016, DependencyDown),
        (503, None, SendUnknown),
        (500, None, SendUnknown),
        (500, 131000, SendUnknown),
        (502, None, SendUnknown),
        (504, None, SendUnknown),
        (408, None, SendUnknown),
    ],
)
def test_answers_that_are_not_yes(status: int, code: int | None, error: type[LoketError]) -> None:
    assert type(failure(status, {}, answer(code))) is error


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30.0), ("99999", 3600.0), ("soon", None), ("-1", None), ("", None)]
)
def test_throttling_says_how_long(header: str, seconds: float | None) -> None:
    told = failure(503, {"retry-after": header}, None)
    assert (told.seconds if isinstance(told, SendLater) else None) == seconds
    limited = failure(429, {"retry-after": header}, answer(130429))
    assert isinstance(limited, SendLater)
    assert (limited.seconds, limited.scope) == (seconds or 5.0, "account")


@pytest.mark.parametrize("told", [None, [], {}, {"messages": []}, {"messages": [{}]}, {"messages": 7}, "x"])
def test_a_yes_without_an_id_is_unknown(told: object) -> None:
    with pytest.raises(SendUnknown):
        provider_id(told)


def sign(body: bytes, secret: str = "app-secret") -> dict[str, str]:
    """The header WhatsApp would send."""
    return {"x-hub-signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


async def test_only_the_right_signature_over_the_raw_body_holds() -> None:
    channel = WhatsApp(whatsapp_settings("http://localhost"))
    body = b'{"entry": []}'
    good = sign(body)
    assert channel.verified(good, body)
    bare = good["x-hub-signature-256"].removeprefix("sha256=")
    wrong = [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": bare},
        {"x-hub-signature-256": f"sha1={bare}"},
        {"x-hub-signature-256": "sha256=é"},
        {"x-hub-signature-256": f"sha256={bare[:-1]}"},
        sign(body, "other"),
        sign(body + b" "),
    ]
    assert not any(channel.verified(headers, body) for headers in wrong)
    await channel.close()


async def test_challenge_needs_the_verify_token() -> None:
    channel = WhatsApp(whatsapp_settings("http://localhost"))
    asked = {"hub.mode": "subscribe", "hub.verify_token": "verify-token", "hub.challenge": "42"}
    assert channel.challenge(asked) == "42"
    for change in ({"hub.verify_token": "é"}, {"hub.verify_token": ""}, {"hub.mode": "x"}):
        assert channel.challenge({**asked, **change}) is None
    assert channel.challenge({}) is None
    await channel.close()


def test_secrets_do_not_print() -> None:
    shown = repr(whatsapp_settings("http://localhost"))
    assert not any(secret in shown for secret in ("access-token", "app-secret", "verify-token"))


def test_digests_in_either_spelling() -> None:
    made = hashlib.sha256(b"x").digest()
    assert made in _digests(made.hex())
    assert made not in _digests("nonsense!")


def test_an_approved_message_is_asked_for_by_name_and_language() -> None:
    asked = body(
        SendMessage(
            key="k1",
            conversation_id="wa-school-ct_1",
            text="Hi, there is news.",
            language="en",
            template="reopen@1",
            purpose="invite",
            channel_template=ChannelTemplate(name="kabar_menunggu", language="en_US"),
        ),
        "+628120001",
    )
    assert asked == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "628120001",
        "type": "template",
        "template": {"name": "kabar_menunggu", "language": {"code": "en_US"}},
        "biz_opaque_callback_data": "k1",
    }
