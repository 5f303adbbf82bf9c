"""Finding out who wrote: contacts by any of their aliases, and the conversation they write in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from casefile.channel_events import AliasChanged
from casefile.errors import BadInput
from casefile.events import Client, HumanSpoke, MessageReceived
from casefile.records import Alias
from store.measures import measure
from store.times import iso
from store.transaction import Tx

# The order in which aliases are believed when a message's aliases belong to more than one contact.
_TRUST = ("user_id", "phone", "lid", "username")


def aliases_of(client: Client) -> tuple[Alias, ...]:
    """List a sender's aliases, the most trusted first, each once."""
    found = list(client.aliases)
    if client.phone:
        found.append(Alias(kind="phone", value=client.phone))
    unique = {(alias.kind, alias.value): alias for alias in found}
    return tuple(sorted(unique.values(), key=lambda alias: _TRUST.index(alias.kind)))


def resolve(tx: Tx, message: MessageReceived | HumanSpoke, new_id: Callable[[], str]) -> str:
    """Return the contact who wrote or was written to, created when no alias is known; every alias seen is kept.

    A user name can change hands, so it decides only when nothing stronger came with the message.
    """
    seen = aliases_of(message.client)
    if not seen:
        raise BadInput(f"message {message.message.id} names nobody")
    at = message.received_at
    known = _owned(tx, seen)
    strong = [alias for alias in seen if alias.kind != "username"]
    owners = [known[alias] for alias in (strong or seen) if alias in known]
    if len(set(owners)) > 1:
        measure(tx, "contact_conflict", at, detail=" ".join(dict.fromkeys(owners)))
    contact_id = owners[0] if owners else _create(tx, message.client, new_id(), at)
    # Most messages say nothing new of who wrote them, and cost no write then.
    for alias in seen:
        if known.get(alias) != contact_id:
            _keep(tx, alias, contact_id, at)
    name = message.client.display_name
    if name:
        tx.execute(
            "UPDATE contacts SET wa_name = ? WHERE id = ? AND COALESCE(wa_name, '') <> ?",
            (name, contact_id, name),
        )
    return contact_id


def enter(tx: Tx, message: MessageReceived | HumanSpoke, contact_id: str, desk: str) -> str:
    """Return the contact's conversation on this account, created or brought up to date by this message.

    WhatsApp's window opens only with what the customer writes.
    """
    reached = address(aliases_of(message.client))
    conversation_id = f"wa-{message.account}-{contact_id}"
    # Of two contacts made one, each number goes on in the conversation it has always had.
    own = tx.one(
        "SELECT id FROM conversations WHERE account = ? AND contact_id = ? AND channel_address = ?"
        " ORDER BY CASE WHEN id = ? THEN 0 ELSE 1 END, id LIMIT 1",
        (message.account, contact_id, reached, conversation_id),
    )
    conversation_id = own["id"] if own else conversation_id
    by_customer = isinstance(message, MessageReceived)
    opened = iso(min(message.sent_at, message.received_at)) if by_customer else None
    tx.execute(
        "INSERT INTO conversations (id, desk, account, contact_id, channel_address, window_opened_at)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET channel_address = excluded.channel_address,"
        " window_opened_at = CASE WHEN conversations.window_opened_at IS NULL"
        " OR conversations.window_opened_at < excluded.window_opened_at"
        " THEN excluded.window_opened_at ELSE conversations.window_opened_at END",
        (conversation_id, desk, message.account, contact_id, reached, opened),
    )
    return conversation_id


def address(aliases: Sequence[Alias]) -> str:
    """Return what a channel can send to: the phone number when there is one, else the strongest alias."""
    phones = [alias.value for alias in aliases if alias.kind == "phone"]
    return phones[0] if phones else aliases[0].value


def change_alias(tx: Tx, event: AliasChanged) -> None:
    """Move a contact to its new aliases; the old one is forgotten: somebody else may get that number."""
    at = event.received_at
    owners = _owners(tx, (event.old,)) or _owners(tx, event.new)
    if not owners:
        measure(tx, "alias_change_unknown", at, detail=event.external_id)
        return
    contact_id = owners[0]
    tx.execute(
        "DELETE FROM aliases WHERE kind = ? AND value = ? AND contact_id = ?",
        (event.old.kind, event.old.value, contact_id),
    )
    taken = [alias for alias in event.new if any(o != contact_id for o in _owners(tx, (alias,)))]
    if taken:
        measure(tx, "contact_conflict", at, detail=f"{contact_id} {event.external_id}")
    for alias in event.new:
        if alias not in taken:
            _keep(tx, alias, contact_id, at)
    free = [alias for alias in event.new if alias not in taken]
    if free:
        tx.execute(
            "UPDATE conversations SET channel_address = ? WHERE contact_id = ? AND channel_address = ?",
            (address(free), contact_id, event.old.value),
        )


def _owners(tx: Tx, aliases: Sequence[Alias]) -> list[str]:
    return list(_owned(tx, aliases).values())


def _owned(tx: Tx, aliases: Sequence[Alias]) -> dict[Alias, str]:
    found = (
        (
            alias,
            tx.one("SELECT contact_id FROM aliases WHERE kind = ? AND value = ?", (alias.kind, alias.value)),
        )
        for alias in aliases
    )
    return {alias: row["contact_id"] for alias, row in found if row is not None}


def _create(tx: Tx, client: Client, suffix: str, at: datetime) -> str:
    contact_id = f"ct_{suffix}"
    tx.execute(
        "INSERT INTO contacts (id, wa_name, phone, first_seen) VALUES (?, ?, ?, ?)",
        (contact_id, client.display_name, client.phone, iso(at)),
    )
    return contact_id


def _keep(tx: Tx, alias: Alias, contact_id: str, at: datetime) -> None:
    # A user name follows whoever holds it now; any other alias stays with its first owner until merged.
    conflict = "DO UPDATE SET contact_id = excluded.contact_id" if alias.kind == "username" else "DO NOTHING"
    tx.execute(
        "INSERT INTO aliases (kind, value, contact_id, added_at) VALUES (?, ?, ?, ?)"
        f" ON CONFLICT (kind, value) {conflict}",
        (alias.kind, alias.value, contact_id, iso(at)),
    )
