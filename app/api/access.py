"""Who calls: by service key, within its scopes and its rate; every access is written down."""

import hashlib
import hmac
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import structlog
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.service_keys import Scope, ServiceKey
from app.wire import Wired
from casefile.packets import AuditEntry
from gateway.ratelimit import FloodCounter
from gateway.spending import account
from policies.privacy import hash_target
from ports.search import Search

log = structlog.get_logger(__name__)
AGENT_CHARS = 200
BEARER = HTTPBearer(auto_error=False, description="a service key (docs/api.md)")


@dataclass(frozen=True, slots=True)
class Caller:
    """A system that called, and the desk its key belongs to.

    `wake` hears of conversations with news; `search` is over what the desk can cite and sell.
    """

    key: ServiceKey
    wired: Wired
    wake: Callable[[str], None]
    search: Search

    @property
    def actor(self) -> str:
        """Its name in the audit trail."""
        return f"api:{self.key.name}"


@dataclass(slots=True)
class KeyRing:
    """The service keys of every desk; a key opens its own desk's data and no other's."""

    callers: Sequence[Caller]
    _counted: Counter[str] = field(default_factory=Counter)
    _rates: dict[str, FloodCounter] = field(default_factory=dict)

    def find(self, told: str) -> Caller | None:
        """Return whose key this is; takes as long whether it is one or not."""
        made = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
        found = None
        for caller in self.callers:
            if hmac.compare_digest(made, caller.key.sha256):
                found = caller
        return found

    def too_many(self, caller: Caller) -> bool:
        """Count a call; True when it is one more than the key may make in a minute."""
        name, now = caller.key.sha256, caller.wired.clock.now()
        rate = self._rates.setdefault(name, FloodCounter(caller.key.per_minute - 1))
        if rate.flooding(name, now):
            return True
        self._counted[name] += 1
        rate.seen(name, self._counted[name], now)
        return False


def caller_for(scope: Scope) -> Callable[..., Caller]:
    """Return the dependency that lets only keys of a scope in."""

    def admitted(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
    ) -> Caller:
        ring: KeyRing = request.app.state.ring
        caller = ring.find(given.credentials) if given is not None else None
        if caller is None:
            log.warning("api_refused", path=request.url.path)
            raise HTTPException(401, "no service key of ours", {"WWW-Authenticate": "Bearer"})
        request.state.caller = caller
        if ring.too_many(caller):
            raise HTTPException(429, f"at most {caller.key.per_minute} calls a minute", {"Retry-After": "60"})
        if scope not in caller.key.scopes:
            raise HTTPException(403, f"this key has no scope {scope}")
        return caller

    return admitted


async def write_down(request: Request, status: int) -> None:
    """Write an access into the audit trail of the desk it was made at, and what models it asked into the books."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        return
    route = request.scope.get("route")
    salt, now = caller.wired.settings.salt, caller.wired.clock.now()
    entry = AuditEntry(
        at=now,
        case_id=None,
        actor=caller.actor,
        service="api",
        action=f"{request.method} {getattr(route, 'path', 'unknown')}",
        target_hash=hash_target(request.url.path, salt),
        params_hash=hash_target(request.url.query, salt),
        result="success" if status < 400 else "blocked" if status < 500 else "error",
        reason=str(status),
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", "")[:AGENT_CHARS],
    )
    await caller.wired.journal.note(f"api:{uuid.uuid4().hex}", entry)
    await account(caller.wired.runner.calls, caller.wired.desk.rules, caller.wired.journal, now)
