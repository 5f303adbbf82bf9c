"""Logs: whatever is thrown at them, what people wrote and are called never stands in a line."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from app.logging import ThroughStructlog, processors
from app.settings import ROOT
from casefile.errors import BadInput, DependencyDown, LoketError, SendRefused
from tests.graph.whole import records

ADDRESS = "Jl. Melati No. 7 RT 03/RW 05, Kebayoran Baru, Jakarta Selatan 12160"
PRIVATE = [
    "halo kak, aku Rina Anggraini, nomorku 0812-0000-1001 ya",
    "Please refund me, I live at 12 Orchard Road #03-04",
    ADDRESS,
    *(str(c["full_name"]) for c in records("contacts")),
    *(str(c["email"]) for c in records("contacts")),
    *(str(c["phone"]) for c in records("contacts") if c.get("phone")),
]
KEYS = [
    "event",
    "conversation",
    "key",
    "error",
    "why",
    "path",
    "task",
    "code",
    "frames",
    "at",
    "text",
    "name",
    "x y",
]
private = st.one_of(
    st.sampled_from(PRIVATE), st.text(min_size=12, alphabet="abcdefgh ijklmnop").map("Kak {}, ya".format)
)
log = structlog.get_logger()


class Strict(BaseModel):
    """Something that refuses what it is given, and quotes it."""

    amount: int


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    out = io.StringIO()
    structlog.configure(
        processors=processors("json"),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(out),
    )
    yield out
    structlog.reset_defaults()


def line(out: io.StringIO) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    out.truncate(0)
    out.seek(0)
    return found


def quoting(said: str) -> list[Exception]:
    """Return errors that quote what they stumbled over, raised for real."""
    raised: list[Exception] = []
    try:
        Strict.model_validate({"amount": said})
    except ValidationError as error:
        raised.append(error)
    for kind in (ValueError, BadInput, LoketError, KeyError):
        try:
            raise kind(f"cannot take {said}")
        except Exception as error:  # noqa: BLE001 - whatever is raised here is handed on
            raised.append(error)
    try:
        try:
            raise ValueError(said)
        except ValueError as cause:
            raise LoketError(said) from cause
    except LoketError as error:
        raised.append(error)
    return raised


@given(said=private, key=st.sampled_from(KEYS))
@settings(max_examples=200, deadline=None)
def test_nothing_a_person_wrote_or_is_called_is_logged(said: str, key: str) -> None:
    out = io.StringIO()
    structlog.configure(processors=processors("json"), logger_factory=structlog.PrintLoggerFactory(out))
    try:
        fields: dict[str, Any] = {key: said, "said": [said], "more": {"text": said}}
        event = fields.pop("event", "turn_failed")
        log.error(event, **fields)
        for error in quoting(said):
            log.error("turn_failed", conversation="wa-school-ct_a1", exc_info=error)
        for raised in quoting(said):
            ThroughStructlog().emit(
                logging.LogRecord(
                    "lib",
                    logging.ERROR,
                    "/x/lib.py",
                    3,
                    f"oh {said} %s",
                    (said,),
                    (type(raised), raised, None),
                )
            )
        assert said not in out.getvalue()
        assert json.dumps(said)[1:-1] not in out.getvalue()
    finally:
        structlog.reset_defaults()


def test_an_error_is_its_type_and_its_frames(written: io.StringIO) -> None:
    error = quoting("Rina Anggraini")[0]
    log.error("turn_failed", conversation="wa-school-ct_a1", error="ValidationError", exc_info=error)
    shown = line(written)
    assert (shown["event"], shown["conversation"], shown["error"]) == (
        "turn_failed", "wa-school-ct_a1", "ValidationError",
    )  # fmt: skip
    assert all(frame.rpartition(":")[2] for frame in shown["frames"])
    assert shown["frames"][0].startswith(__file__) and shown["frames"][0].endswith(":quoting")
    assert "why" not in shown


def test_our_own_words_for_an_error_stay_readable(written: io.StringIO) -> None:
    log.error("effect_failed", key="SCH-2026-0001:3:say", exc_info=DependencyDown("schedule", "HTTP 503"))
    shown = line(written)
    assert (shown["key"], shown["why"]) == ("SCH-2026-0001:3:say", "schedule is not answering: HTTP 503")
    log.error("effect_failed", exc_info=SendRefused("131026", "not reachable: +6281200001001"))
    assert "+6281200001001" not in line(written)["why"]


def test_ids_and_numbers_stay_readable(written: io.StringIO) -> None:
    log.warning(
        "webhook_refused", path="/webhooks/whatsapp/school", status=400, again_in=2.5, task="turns wa-a-ct_1"
    )
    shown = line(written)
    assert (shown["path"], shown["status"], shown["again_in"]) == ("/webhooks/whatsapp/school", 400, 2.5)
    assert shown["task"] == "turns wa-a-ct_1"
    log.warning("webhook_refused", status=6281200001001)
    assert line(written)["status"] == "…"


def test_a_librarys_line_is_known_by_where_it_was_written(written: io.StringIO) -> None:
    source = logging.LogRecord("telegram.ext", logging.WARNING, "/x/updater.py", 12, "Rina", (), None, "poll")
    ThroughStructlog().emit(source)
    shown = line(written)
    assert (shown["event"], shown["logger"], shown["at"]) == ("library", "telegram.ext", "updater:12:poll")


@pytest.mark.parametrize("form", ["console", "json"])
def test_set_up_takes_every_logger_the_same_way(form: str) -> None:
    script = (
        "import logging\n"
        "from app.logging import set_up\n"
        "from app.settings import Logging\n"
        f"set_up(Logging(format={form!r}))\n"
        "logging.getLogger('asyncio').error('Rina Anggraini +6281200001001', exc_info=ValueError('Rina'))\n"
        "logging.getLogger('uvicorn.error').warning('Jl. Melati')\n"
        "import warnings, structlog\n"
        "structlog.get_logger().info('turn_failed', text='Rina')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ},
        check=True,
    )
    assert ran.stderr.count("library") == 2
    assert "ValueError" in ran.stderr
    assert "Rina" not in ran.stderr and "Melati" not in ran.stderr and ran.stdout == ""
