"""Logs: ids only, from our own lines and from every library's alike."""

import logging
import sys
from typing import Any

import structlog

from app.log_lines import shaped, told
from app.settings import Logging


class ThroughStructlog(logging.Handler):
    """Takes the standard library's records the way of our own lines.

    Their texts may quote anything, so a record is known by where it was written: that names the statement.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Log where a record comes from, how serious it is, and its exception."""
        structlog.get_logger().log(
            record.levelno,
            "library",
            logger=record.name,
            at=f"{record.module}:{record.lineno}:{record.funcName}",
            exc_info=record.exc_info,
        )


def set_up(settings: Logging) -> None:
    """Configure structlog and the standard library's logging for this process."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    structlog.configure(
        processors=processors(settings.format),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # What a command answers goes to standard output; logs never do.
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # Libraries say a lot below a warning, and some of it is what they carry.
    logging.basicConfig(handlers=[ThroughStructlog()], level=max(level, logging.WARNING), force=True)
    logging.lastResort = None


def processors(form: str) -> list[Any]:
    """Return what every line goes through, in order."""
    console = structlog.dev.ConsoleRenderer(colors=False)
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        told,
        shaped,
        console if form == "console" else structlog.processors.JSONRenderer(),
    ]
