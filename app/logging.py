"""Logs: ids only. What people wrote and how they are reached is scrubbed before it is written."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from app.settings import Logging
from policies.privacy import scrub


def set_up(settings: Logging) -> None:
    """Configure structlog for this process; tracebacks show frames, never local variables."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    renderer: Any = structlog.processors.JSONRenderer()
    if settings.format == "console":
        renderer = structlog.dev.ConsoleRenderer(
            exception_formatter=structlog.dev.plain_traceback, colors=False
        )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _scrubbed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # What a command answers goes to standard output; logs never do.
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in ("httpx", "httpcore", "telegram", "uvicorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _scrubbed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask phone numbers, emails and the like in every value."""
    return {key: scrub(value) if isinstance(value, str) else value for key, value in event.items()}
