"""B's words on bills: how one can be paid, that it is paid, that it comes due."""

from agents import enrolled
from agents.answers import due_words, how_to_pay
from agents.work import Work
from casefile.effects import Attachment, SendMessage
from casefile.money import rupiah
from casefile.payment_events import BillNews
from policies.charging import bills_read, open_link
from policies.words import date_words
from prompts.render import Rendered


def of_a_bill(work: Work) -> SendMessage | None:
    """Say what has become of a bill in this turn; None when it is about something else."""
    news, link, payment = work.bill_news(), work.requested_payment(), work.settled_payment()
    returned = work.returned_payment()
    if link is not None:
        return _scannable(work, work.say(_payable(work, link.invoice), "notify", account=True), link.invoice)
    if payment is not None:
        return _paid(work, payment.invoice)
    if returned is not None:
        values = {"invoice": returned.invoice, "amount": rupiah(returned.amount, work.language)}
        return work.say(work.render("refund_sent", **values), "notify", account=True, done=("refunded",))
    if news is not None and news.stage == "lapsed":
        return work.say(enrolled.lapsed(work), "notify", account=True)
    if news is not None:
        return _paid(work, news.invoice) if news.stage == "paid" else _followed_up(work, news)
    return None


def paper(work: Work, message: SendMessage, number: str) -> SendMessage:
    """Return a message with the bill's own document: an invoice, or a receipt once it is paid."""
    file = Attachment(kind="document", filename=f"{number}.pdf", document=f"invoice:{number}:{work.language}")
    return message.model_copy(update={"attachment": file})


def _paid(work: Work, number: str) -> SendMessage:
    """Say that the books have confirmed a payment, with what they say of it now."""
    bills = work.facts.payments.invoices if work.facts.payments else ()
    bill = next(b for b in bills if b.number == number)
    values = {
        "invoice": bill.number,
        "amount": rupiah(bill.amount, work.language),
        "paid_on": date_words(bill.payment.at or work.now, work.desk.rules.zone, work.language),
    }
    rendered = enrolled.paid(work, values) or work.render("payment_confirmed", **values)
    return paper(work, work.say(rendered, "notify", account=True, done=("confirmed",)), number)


def _scannable(work: Work, message: SendMessage, number: str) -> SendMessage:
    """Return words on a way to pay with its QR code, where the way has one."""
    bill = next(b for b in bills_read(work.facts) if b.number == number)
    link = open_link(bill, work.now)
    if link is None or not link.qr_string:
        return message
    file = Attachment(kind="image", filename=f"{number}.png", document=f"qr:{number}")
    return message.model_copy(update={"attachment": file})


def _payable(work: Work, number: str) -> Rendered:
    """Word how a bill can be paid online, as the books have it now; a later way says that the one before ran out."""
    bill = next(b for b in bills_read(work.facts) if b.number == number)
    link = open_link(bill, work.now)
    amount, how = rupiah(bill.amount, work.language), how_to_pay(work, bill)
    if link is None or link.attempt == 1:
        return work.render("payment_link", invoice=bill.number, amount=amount, how_to_pay=how)
    due = due_words(work, bill)
    return work.render("payment_expired_renewed", invoice=bill.number, amount=amount, due=due, how_to_pay=how)


def _followed_up(work: Work, event: BillNews) -> SendMessage:
    """Say that a bill comes due, is due, or is late."""
    bill = next(b for b in bills_read(work.facts) if b.number == event.invoice)
    values: dict[str, str | Rendered] = {
        "invoice": bill.number,
        "amount": rupiah(bill.amount, work.language),
        "how_to_pay": how_to_pay(work, bill),
    }
    if event.stage != "on":
        values["due"] = due_words(work, bill)
    return work.say(work.render(f"payment_reminder_{event.stage}", **values), "notify", account=True)
