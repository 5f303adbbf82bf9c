"""Where orders have got to as a table, tracking numbers with it: a row is what staff would say one at a time."""

import uuid
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from casefile.base import Frozen
from casefile.packets import CResult, CTask
from casefile.shop import ORDER_MOVES
from policies.orders import BY_STAFF
from services.cells import Text
from services.importing import Refused
from store import orders
from store.records import Reader
from store.transaction import Tx

# As a courier's or a warehouse's list says it in Indonesian.
SAID = {
    "diproses": "processing",
    "dikemas": "processing",
    "dikirim": "shipped",
    "sampai": "delivered",
    "diterima": "delivered",
    "terkirim": "delivered",
    "selesai": "completed",
}


def _status(value: Any) -> str:
    text = str(value).strip().casefold()
    status = SAID.get(text, text)
    if status not in ORDER_MOVES:
        raise ValueError(f"say one of {', '.join(sorted(BY_STAFF))}, or {', '.join(SAID)}")
    return status


class OrderRow(Frozen):
    """How far an order has got; shipped needs its tracking number."""

    order: Text = Field(min_length=1)
    status: Annotated[str, BeforeValidator(_status)]
    tracking: Text = ""


COLUMNS = tuple(OrderRow.model_fields)


class OrderTable:
    """Implements services.importing.Kind; `carry` lets C carry a task out in the transaction of the table."""

    shape = OrderRow

    def __init__(self, by: str, carry: Callable[[Tx, CTask], CResult]) -> None:
        self._by = by
        self._carry = carry

    def put(self, tx: Tx, row: OrderRow) -> bool:
        """Say how far an order has got, unless that is known; customers are told as if it was said by hand."""
        known = orders.order(tx.all, row.order.upper())
        if known is None:
            raise Refused(f"there is no order {row.order}; `loket shop orders` lists them")
        if (known.status, known.tracking or "") == (row.status, row.tracking or known.tracking or ""):
            return False
        task = CTask(
            case_id="",
            action="ORDER_STATUS",
            subject=known.number,
            params={"staff_id": self._by, "status": row.status, "tracking": row.tracking},
            verification_status="OK",
            idempotency_key=f"table:ORDER_STATUS:{uuid.uuid4().hex}",
        )
        result = self._carry(tx, task)
        if result.status != "SUCCESS":
            raise Refused(result.details)
        return False


def order_rows(read: Reader) -> Iterator[dict[str, Any]]:
    """Yield the orders that staff can still move, as rows to fill in and bring back."""
    for row in read("SELECT number, status, tracking FROM orders ORDER BY number", ()):
        if BY_STAFF & ORDER_MOVES[row["status"]]:
            yield {"order": row["number"], "status": row["status"], "tracking": row["tracking"] or ""}
