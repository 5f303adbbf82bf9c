"""Who is this, and what proves it? The registered number first, else invoice number and email together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from casefile.facts import Identity
from casefile.records import Contact, Conversation, IdentityStatus
from policies.limits import Limits


def is_verified(identity: Identity) -> bool:
    """Say whether account facts may be read and said; NEW is enough for a first booking, never for this."""
    return identity.status in ("WA_MATCH", "VERIFIED")


def may_be_billed(identity: Identity) -> bool:
    """Say whether a bill may be made and told: for NEW as well, whose number is the identity of what it orders."""
    return is_verified(identity) or identity.status == "NEW"


def own_contacts(conversation: Conversation, identity: Identity | None = None) -> tuple[str, ...]:
    """Return whose data this conversation may hear: the writer's, and that of whom they proved to be."""
    proved = identity.contact_id if identity and is_verified(identity) else None
    named = (conversation.contact_id, conversation.verified_contact, proved)
    return tuple(dict.fromkeys(contact for contact in named if contact is not None))


def assess(
    conversation: Conversation,
    contact: Contact | None,
    has_records: bool,
    matched_by_alias: bool,
    now: datetime,
) -> Identity:
    """Say who writes before anything of this turn is tried.

    NEW is a phone number of its own without records yet; without a phone such a contact stays UNKNOWN.
    """
    locked = _locked(conversation, now)
    if conversation.verified_contact is not None:
        return Identity(status="VERIFIED", contact_id=conversation.verified_contact, locked=locked)
    if contact is None:
        return Identity(status="UNKNOWN", locked=locked)
    return Identity(
        status=_status(contact, has_records, matched_by_alias),
        contact_id=contact.id if matched_by_alias else None,
        locked=locked,
    )


def pair(invoice_numbers: Sequence[str], emails: Sequence[str]) -> tuple[str, str] | None:
    """Return the one pair a message tries: the first of each, so one message is never many guesses."""
    return (invoice_numbers[0], emails[0]) if invoice_numbers and emails else None


def attempt(
    identity: Identity,
    invoice_numbers: Sequence[str],
    emails: Sequence[str],
    found_contact_id: str | None,
    conversation: Conversation,
    limits: Limits,
    now: datetime,
    again: bool = False,
) -> tuple[Identity, dict[str, JsonValue]]:
    """Try a verification; return who it is now and what the conversation has to remember.

    `found_contact_id` is the contact both halves of `pair` belong to; which half was wrong is never told.
    `again` tries it with somebody verified as well: then the pair has to be that contact's own.
    """
    known = is_verified(identity)
    if (known and not again) or not (invoice_numbers or emails):
        return identity, {}
    if _locked(conversation, now):
        # The lock refuses a correct pair as well: otherwise it would only slow a guesser down.
        return identity.model_copy(update={"attempt": "failed", "locked": True}), {}
    if pair(invoice_numbers, emails) is None:
        return identity.model_copy(update={"attempt": "incomplete"}), {}
    if found_contact_id is not None and (not known or found_contact_id == identity.contact_id):
        passed = Identity(status="VERIFIED", contact_id=found_contact_id, attempt="passed")
        return passed, {"verified_contact": found_contact_id, "failed_attempts": 0, "locked_until": None}
    # A lock that has run out starts the count anew.
    failed = 1 if conversation.locked_until is not None else conversation.failed_attempts + 1
    locked = failed >= limits.verification_attempts
    until = (now + timedelta(minutes=limits.verification_lock_minutes)).isoformat() if locked else None
    status = identity.status if known else "MISMATCH"
    refused = identity.model_copy(update={"status": status, "attempt": "failed", "locked": locked})
    return refused, {"failed_attempts": failed, "locked_until": until}


def _locked(conversation: Conversation, now: datetime) -> bool:
    return conversation.locked_until is not None and now < conversation.locked_until


def _status(contact: Contact, has_records: bool, matched_by_alias: bool) -> IdentityStatus:
    if has_records:
        return "WA_MATCH" if matched_by_alias else "MISMATCH"
    by_phone = contact.phone is not None or any(alias.kind == "phone" for alias in contact.aliases)
    return "NEW" if matched_by_alias and by_phone else "UNKNOWN"
