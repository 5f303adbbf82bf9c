"""The keys with which other systems use the gateway API; desk.yaml holds only their hashes."""

import hashlib
import secrets
from typing import Literal

from pydantic import Field

from casefile.base import Frozen

Scope = Literal[
    "contacts:read",
    "contacts:write",
    "products:read",
    "products:write",
    "orders:read",
    "orders:write",
    "invoices:read",
    "payments:read",
    "payments:write",
    "schedule:read",
    "schedule:write",
    "knowledge:read",
    "messages:write",
]


class ServiceKey(Frozen):
    """One system's key: `sha256` is the key's hash in hex, `scopes` what it may be used for."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scopes: frozenset[Scope] = Field(min_length=1)
    per_minute: int = Field(default=60, ge=1, le=6000)


def new_key() -> tuple[str, str]:
    """Make a key that nobody can guess; returns it and its hash."""
    key = f"loket_{secrets.token_urlsafe(32)}"
    return key, hashlib.sha256(key.encode()).hexdigest()
