"""What these tests share: engines in a room, houses over HTTP, and a log that is not written out."""

from tests.gateway_engine.conftest import filled, log, room

__all__ = ["filled", "log", "room"]
