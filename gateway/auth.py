"""Who may be listened to from where. Pure."""

from collections.abc import Mapping
from ipaddress import ip_address

SHORTEST_SECRET = 16


def loopback(host: str) -> bool:
    """Say whether an address to bind is reachable from this machine only."""
    name = host.strip("[]")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def bind_problems(host: str, secrets: Mapping[str, str | None]) -> tuple[str, ...]:
    """Say what forbids listening on `host`; nothing does on loopback.

    `secrets` maps the environment variable that holds each secret to its value; the values are not repeated.
    """
    if loopback(host):
        return ()
    return tuple(problem for name, value in secrets.items() if (problem := _problem(host, name, value)))


def _problem(host: str, name: str, value: str | None) -> str:
    if not value or not value.strip():
        return f"{name} is not set; set it, or listen on 127.0.0.1 instead of {host}"
    if len(value) < SHORTEST_SECRET:
        return (
            f"{name} is shorter than {SHORTEST_SECRET} characters; make it longer, "
            f"or listen on 127.0.0.1 instead of {host}"
        )
    return ""
