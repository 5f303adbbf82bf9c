"""The page on which the sandbox's customers pay."""

from html import escape

from starlette.responses import HTMLResponse, Response

WORDS = {
    "settlement": "Sudah dibayar · Paid",
    "PAID": "Sudah dibayar · Paid",
    "SETTLED": "Sudah dibayar · Paid",
    "expire": "Kedaluwarsa · Expired",
    "EXPIRED": "Kedaluwarsa · Expired",
}
PAGE = """<!doctype html>
<html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bayar · Pay</title>
<style>
body {{ font: 16px system-ui, sans-serif; max-width: 22rem; margin: 12vh auto; text-align: center; color: #1d2b28 }}
h1 {{ font-size: 2rem; margin: .2em 0 }} p {{ color: #5a6b67 }}
button {{ font: inherit; padding: .7em 2em; border: 0; border-radius: .6em; background: #0a7d5a; color: #fff }}
</style>
<p>Sandbox · {name}</p><h1>{amount}</h1>{rest}
</html>"""
BUTTON = '<form method="post"><button id="pay">Bayar · Pay</button></form>'


def pay_page(name: str, amount: int, status: str) -> Response:
    """Show a bill: with a button while it waits to be paid."""
    waiting = status in ("pending", "PENDING")
    rest = BUTTON if waiting else f"<p>{escape(WORDS.get(status, status))}</p>"
    money = f"Rp {amount:,}".replace(",", ".") if amount else ""
    return HTMLResponse(PAGE.format(name=escape(name), amount=money, rest=rest))
