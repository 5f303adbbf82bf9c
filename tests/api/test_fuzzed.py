"""Whatever is sent to the API it answers, and never that it broke; none of its answers shows how it is made."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.clock import ManualClock
from app.api.access import Caller
from app.api.build import build_api
from app.finding import search_of
from app.service_keys import ServiceKey
from app.wire import wire
from tests.api.api_scenes import ALL, HASH, KEY, shop, shop_loaded
from tests.graph.whole import MONDAY

Asked = tuple[str, str, dict[str, str], bytes]
words = st.one_of(
    st.sampled_from(
        ["ct_ayu", "ORD-2026-0001", "kemeja", "", "' OR 1=1 --", "\x00", "2147483648", "true", "💥"]
    ),
    st.text(max_size=40),
)
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words)
values = st.recursive(
    leaves, lambda part: st.lists(part, max_size=3) | st.dictionaries(words, part, max_size=3)
)
names = st.sampled_from(
    [
        "request_id",
        "contact_id",
        "items",
        "address",
        "status",
        "by",
        "tracking",
        "vip",
        "tags",
        "email",
        "text",
    ]
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.dictionaries(names, values, max_size=6).map(lambda body: json.dumps(body).encode()),
    st.fixed_dictionaries(
        {
            "request_id": st.just("request-1") | words,
            "contact_id": st.just("ct_ayu") | words,
            "items": st.just([{"sku": "x", "qty": 1}]) | values,
            "session_id": st.just("wa-shop-ct_ayu") | words,
            "message_id": st.just("message-1") | words,
            "text": words,
            "vector": values,
        }
    ).map(lambda body: json.dumps(body).encode()),
)
paths = st.sampled_from(
    [
        ("GET", "/products/search"),
        ("POST", "/products/search"),
        ("GET", "/products/stock"),
        ("PUT", "/products/stock"),
        ("GET", "/products/price"),
        ("GET", "/contacts/lookup"),
        ("PATCH", "/contacts/{}"),
        ("GET", "/contacts/{}/orders"),
        ("POST", "/orders"),
        ("GET", "/orders/{}"),
        ("GET", "/orders/{}/status"),
        ("POST", "/orders/{}/status"),
        ("GET", "/invoices"),
        ("GET", "/invoices/{}"),
        ("GET", "/payments/{}"),
        ("POST", "/payments/{}/confirmations"),
        ("GET", "/schedule/students"),
        ("GET", "/schedule/students/{}"),
        ("POST", "/schedule/students/{}/moves"),
        ("GET", "/knowledge/release"),
        ("GET", "/knowledge/pages/{}"),
        ("GET", "/knowledge/search"),
        ("POST", "/messages"),
        ("GET", "/messages/{}"),
    ]
)
params = st.dictionaries(
    st.sampled_from(
        ["text", "top_k", "in_stock", "size", "most_price", "sku", "alias", "contact_id", "language"]
    ),
    words,
    max_size=4,
)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Ask on one loop, as a server would."""
    home: Path = tmp_path_factory.mktemp("fuzzed")
    with asyncio.Runner() as runner:
        clock = ManualClock(MONDAY)
        wired = runner.run(wire(shop(), clock=clock, database=home / "loket.db", loaded=shop_loaded()))
        key = ServiceKey(name="crm", sha256=HASH, scopes=ALL, per_minute=6000)
        app = build_api([Caller(key, wired, lambda conversation: None, search_of(wired))])
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url="http://loket")
        yield lambda *asked, **more: runner.run(http.request(*asked, **more))
        runner.run(http.aclose())
        wired.database.close()


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(way=paths, name=words, query=params, body=bodies, told=st.sampled_from([KEY, "no key"]))
@example(way=("PATCH", "/contacts/{}"), name="ct_ayu", query={}, body=b'{"": Infinity}', told=KEY)
@example(way=("PATCH", "/contacts/{}"), name="ct_ayu", query={}, body=b'{"notes": "\\u0000"}', told=KEY)
def test_nothing_that_is_sent_breaks_it(
    asking: Any, way: tuple[str, str], name: str, query: dict[str, str], body: bytes, told: str
) -> None:
    method, path = way
    url = f"http://loket{path.replace('{}', quote(name, safe=''))}"
    headers = {"authorization": f"Bearer {told}", "content-type": "application/json"}
    answer = asking(method, url, params=query, headers=headers, content=body if method != "GET" else None)
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    if told != KEY:
        assert not answer.is_success
