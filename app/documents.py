"""The documents of a desk, plugged together."""

from app.wire import Wired
from services.documents import Documents, Issuer


def documents_for(wired: Wired) -> Documents:
    """Plug in what makes a desk's invoices, receipts and QR codes, and finds the photos of its goods."""
    config, rules = wired.desk_config, wired.desk.rules
    issuer = Issuer(
        title=config.title, zone=rules.zone, pay_to=config.pay_to, photos=wired.desk_home / "records"
    )
    return Documents(wired.database, issuer, wired.desk.templates.label)
