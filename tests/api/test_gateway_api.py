"""What other systems ask of a desk: by key, scope and rate, and each access written down."""

import json
from datetime import timedelta
from typing import Any

import httpx

from tests.api.api_scenes import NARROW_KEY, Api

Json = dict[str, Any]
NARROW = {"authorization": f"Bearer {NARROW_KEY}"}
SHIRT = "Kemeja Linen Bahari"


async def audit(api: Api) -> list[Json]:
    rows = api.wired.database.read("SELECT body FROM audit WHERE service = 'api' ORDER BY at, key")
    return [json.loads(row["body"]) for row in rows]


async def sku(api: Api) -> str:
    hits = (await api.http.get("/products/search", params={"text": SHIRT, "in_stock": True})).json()
    assert hits[0]["product"]["name"] == SHIRT
    return str(next(v["sku"] for v in hits[0]["product"]["variants"] if v["stock"] > 1))


async def test_nobody_without_a_key_and_no_key_beyond_its_scopes(api: Api) -> None:
    for wrong in ("", "Bearer nonsense", "Basic abc"):
        answer = await api.http.get("/products/search?text=x", headers={"authorization": wrong})
        assert answer.status_code == 401
    refused = await api.http.get("/contacts/lookup?alias=ct_ayu", headers=NARROW)
    assert refused.status_code == 403
    assert "contacts:read" in refused.json()["detail"]
    (entry,) = await audit(api)
    assert (entry["actor"], entry["result"], entry["reason"]) == ("api:narrow", "blocked", "403")


async def test_a_key_has_its_rate_and_gets_on_after_a_minute(api: Api) -> None:
    asked = [await api.http.get("/products/search?text=kemeja", headers=NARROW) for _ in range(4)]
    assert [answer.status_code for answer in asked] == [200, 200, 200, 429]
    api.clock.advance(timedelta(seconds=61))
    assert (await api.http.get("/products/search?text=kemeja", headers=NARROW)).status_code == 200


async def test_goods_have_a_price_and_a_stock(api: Api) -> None:
    one = await sku(api)
    assert (await api.http.get("/products/price", params={"sku": one})).json() == {
        "sku": one,
        "price": 349000,
    }
    assert (await api.http.get("/products/stock", params={"sku": one})).json()["stock"] > 1
    assert (await api.http.get("/products/stock", params={"sku": "nothing"})).status_code == 404


async def test_stock_is_counted_by_a_named_person_and_never_below_what_is_set_aside(api: Api) -> None:
    (held,) = api.wired.database.read(
        "SELECT sku, SUM(qty) AS aside FROM reservations WHERE state = 'held' GROUP BY sku ORDER BY sku LIMIT 1"
    )
    (person,) = api.wired.database.read("SELECT id FROM staff ORDER BY position LIMIT 1")

    async def count(request: str, stock: int, **other: str) -> httpx.Response:
        told = {"request_id": request, "sku": held["sku"], "stock": stock, "by": person["id"]} | other
        return await api.http.put("/products/stock", json=told)

    assert (await count("stock-0001", 40, by="sf_nobody")).status_code == 409
    assert (await count("stock-0002", 40)).json() == {"sku": held["sku"], "stock": 40 - held["aside"]}
    assert (await count("stock-0003", held["aside"] - 1)).status_code == 409
    assert (await count("stock-0004", 1, sku="nothing")).status_code == 404


async def test_a_contact_is_found_and_changed_and_every_access_is_written_down(api: Api) -> None:
    headers = {"user-agent": "crm/1.0"}
    found = (
        await api.http.get("/contacts/lookup", params={"alias": "+6281300002001"}, headers=headers)
    ).json()
    assert (found["id"], found["full_name"]) == ("ct_ayu", "Ayu Larasati")
    changed = await api.http.patch("/contacts/ct_ayu", json={"vip": True, "tags": ["reseller"]})
    assert (changed.json()["vip"], changed.json()["tags"]) == (True, ["reseller"])
    assert changed.json()["full_name"] == "Ayu Larasati"
    (row,) = api.wired.database.read("SELECT rev FROM contacts WHERE id = 'ct_ayu'")
    assert row["rev"] == 2
    assert (await api.http.patch("/contacts/ct_none", json={"vip": True})).status_code == 404
    assert (await api.http.patch("/contacts/ct_ayu", json={"id": "ct_other"})).status_code == 422
    lines = await audit(api)
    assert len(lines) == 4
    looked = next(line for line in lines if line["action"].startswith("GET"))
    assert (looked["actor"], looked["agent"], looked["result"]) == ("api:crm", "crm/1.0", "success")
    assert "6281300002001" not in json.dumps(lines)
    assert looked["target_hash"] and looked["params_hash"] and looked["address"]


async def test_an_order_is_made_once_and_moved_by_a_named_person(api: Api) -> None:
    wish = {"request_id": "order-0001", "contact_id": "ct_ayu", "items": [{"sku": await sku(api), "qty": 1}]}
    before = (await api.http.get("/contacts/ct_ayu/orders")).json()
    address = before[0]["address"]
    made = await api.http.post("/orders", json={**wish, "address": address, "courier": before[0]["courier"]})
    assert made.status_code == 201, made.text
    again = await api.http.post("/orders", json={**wish, "address": address, "courier": before[0]["courier"]})
    number = made.json()["number"]
    assert again.json()["number"] == number
    assert len((await api.http.get("/contacts/ct_ayu/orders")).json()) == len(before) + 1
    invoice = (await api.http.get(f"/invoices/{made.json()['invoice_number']}")).json()
    assert (invoice["amount"], invoice["status"]) == (made.json()["total"], "unpaid")
    assert (await api.http.get(f"/orders/{number}/status")).json()["status"] == "pending"
    refused = await api.http.post(
        f"/orders/{number}/status", json={"request_id": "move-0001", "status": "shipped", "by": "sf_nobody"}
    )
    assert refused.status_code == 409
    assert "named staff member" in refused.json()["detail"]


async def test_more_than_a_person_has_to_decide_on_is_not_made(api: Api) -> None:
    wish = {"request_id": "order-0002", "contact_id": "ct_ayu", "items": [{"sku": await sku(api), "qty": 4}]}
    before = (await api.http.get("/contacts/ct_ayu/orders")).json()[0]
    made = await api.http.post(
        "/orders", json={**wish, "address": before["address"], "courier": before["courier"]}
    )
    assert made.status_code == 409


async def test_it_describes_itself(api: Api) -> None:
    told = (await api.http.get("/openapi.json")).json()
    assert {"/contacts/lookup", "/orders", "/products/search"} <= set(told["paths"])
    assert told["servers"] == [{"url": "/api"}]
