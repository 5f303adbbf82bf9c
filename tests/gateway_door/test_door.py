"""The door over real HTTP and a real journal."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.door import BODY_BYTES
from store.database import Database
from tests.gateway_door.serving import PATH, STAFF_SECRET, Door, delivery


def inbox(database: Database) -> list[str]:
    """External ids in the inbox, in order."""
    return [row["external_id"] for row in database.read("SELECT external_id FROM inbox ORDER BY id")]


async def test_what_is_answered_200_is_on_the_disk(door: Door, database: Database) -> None:
    answer = await door.deliver(delivery("halo", "kak"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert inbox(database) == ["wamid.0", "wamid.1"]
    await door.around.rang.wait()
    assert [(one.external_id, one.new) for one in door.around.received] == [
        ("wamid.0", True),
        ("wamid.1", True),
    ]
    assert {one.conversation_id for one in door.around.received} == {"wa-school-ct_000000000001"}


async def test_a_repeat_is_taken_and_changes_nothing(door: Door, database: Database) -> None:
    for _ in range(3):
        assert (await door.deliver(delivery("halo"))).status_code == 200
    assert inbox(database) == ["wamid.0"]
    await door.around.rang.wait()
    metrics = (await door.http.get("/metrics")).text
    assert 'loket_webhook_events_total{new="no"} 2' in metrics
    assert 'loket_webhook_events_total{new="yes"} 1' in metrics


@pytest.mark.parametrize("signature", ["sha256=00", "sha1=x", "sha256=é", "="])
async def test_a_wrong_signature_is_kept_out(door: Door, database: Database, signature: str) -> None:
    assert (await door.deliver(delivery("halo"), signature=signature)).status_code == 401
    assert inbox(database) == []


async def test_no_signature_is_kept_out(door: Door, database: Database) -> None:
    assert (await door.http.post(PATH, content=delivery("halo"))).status_code == 401
    assert inbox(database) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"entry": 1}', b"\xff"])
async def test_what_is_no_delivery_is_refused_in_words(door: Door, body: bytes) -> None:
    answer = await door.deliver(body)
    assert (answer.status_code, "send the delivery" in answer.text) == (400, True)


async def test_a_delivery_without_events_is_fine(door: Door, database: Database) -> None:
    assert (await door.deliver(b'{"entry": []}')).status_code == 200
    assert inbox(database) == []


async def test_size_limit_announced_and_not(door: Door, database: Database) -> None:
    large = b" " * (BODY_BYTES + 1)
    assert (await door.deliver(large)).status_code == 413

    async def in_pieces():  # type: ignore[no-untyped-def]
        for _ in range(4):
            yield b" " * (BODY_BYTES // 3)

    assert (await door.http.post(PATH, content=in_pieces())).status_code == 413
    padded = delivery("halo") + b" " * (BODY_BYTES - len(delivery("halo")))
    assert (await door.deliver(padded)).status_code == 200
    assert inbox(database) == ["wamid.0"]


async def test_unknown_account_and_channel(door: Door) -> None:
    for path in (
        "/webhooks/whatsapp/nobody",
        "/webhooks/whatsapp/school/",
        "/webhooks/fax/school",
        "/webhooks/",
    ):
        answer = await door.deliver(delivery("halo"), path=path)
        assert (answer.status_code, "account" in answer.text) == (404, True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused(door: Door, method: str) -> None:
    assert (await door.http.request(method, PATH)).status_code == 405


async def test_subscription_challenge(door: Door) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "verify-token", "hub.challenge": "98123"}
    answer = await door.http.get(PATH, params=asked)
    assert (answer.status_code, answer.text) == (200, "98123")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in ({**asked, "hub.verify_token": "x"}, {"hub.mode": "subscribe"}, {}):
        assert (await door.http.get(PATH, params=wrong)).status_code == 403


async def test_what_cannot_be_stored_must_come_again(door: Door, database: Database) -> None:
    # The journal knows no desk for this account, so it stores nothing.
    unwired = delivery("halo").replace(b"55501", b"00000")
    answer = await door.deliver(unwired, path="/webhooks/whatsapp/unwired")
    assert (answer.status_code, answer.text) == (503, "not stored; send it again\n")
    assert inbox(database) == []
    assert door.around.received == []


async def test_a_stopped_store_asks_for_another_delivery(door: Door, database: Database) -> None:
    database.close()
    assert (await door.deliver(delivery("halo"))).status_code == 503


async def test_probes(door: Door) -> None:
    assert (await door.http.get("/healthz")).text == "ok\n"
    ready = await door.http.get("/readyz")
    assert (ready.status_code, ready.text) == (200, "ready\n")
    door.around.problems = ("the database is read-only",)
    ready = await door.http.get("/readyz")
    assert (ready.status_code, ready.text) == (503, "the database is read-only\n")
    assert (await door.http.post("/healthz")).status_code == 405


async def test_metrics_are_prometheus_text(door: Door) -> None:
    await door.deliver(delivery("halo"))
    answer = await door.http.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert f'loket_webhook_answers_total{{path="{PATH}",status="200"}} 1' in answer.text
    assert 'loket_outbox{state="queued"} 3' in answer.text


async def test_everything_else_goes_beyond(door: Door) -> None:
    assert (await door.http.get("/console/cases")).text == "beyond /console/cases\n"


async def test_staff_updates_by_webhook(door: Door) -> None:
    header = {"X-Telegram-Bot-Api-Secret-Token": STAFF_SECRET}
    path = "/webhooks/telegram"
    assert (await door.http.post(path, content=b"{}")).status_code == 401
    assert (await door.http.get(path, headers=header)).status_code == 405
    assert (await door.http.post(path, content=b"x", headers=header)).status_code == 400
    assert (await door.http.post(path, content=b"{}", headers=header)).status_code == 200
    assert door.around.staff_bodies == [b"{}"]
    door.around.staff_connected = False
    assert (await door.http.post(path, content=b"{}", headers=header)).status_code == 503


HEADERS = st.dictionaries(
    st.sampled_from(["X-Hub-Signature-256", "Content-Type", "X-Odd"]),
    st.text(st.characters(codec="ascii", categories=["L", "N"])),
    max_size=3,
)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD"]),
    path=st.sampled_from(
        [PATH, "/webhooks/telegram", "/webhooks/x", "/healthz", "/readyz", "/metrics", "/x"]
    ),
    query=st.text(max_size=20),
    headers=HEADERS,
    body=st.binary(max_size=60),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nothing_from_outside_makes_it_fall(
    door: Door, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    answer = await door.http.request(
        method, path, params={"q": query, query: "1"}, headers=headers, content=body
    )
    assert answer.status_code < 500
    assert "Traceback" not in answer.text


SIGNED = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "from", "type", "text", "body", "status", "user_id"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(st.lists(SIGNED, max_size=3), st.lists(SIGNED, max_size=2), st.lists(SIGNED, max_size=2))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_signed_delivery_is_stored(
    door: Door, messages: list, statuses: list, errors: list
) -> None:  # type: ignore[type-arg]
    value = {"messages": messages, "statuses": statuses, "errors": errors}
    body = json.dumps({"entry": [{"changes": [{"value": value}]}]}).encode()
    assert (await door.deliver(body)).status_code == 200
