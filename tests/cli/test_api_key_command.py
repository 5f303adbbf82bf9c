"""A key for another system: shown once, kept as a hash."""

import hashlib
import re

import pytest
import yaml

from app.cli.main import main
from app.service_keys import ServiceKey


def test_a_key_is_shown_once_with_the_line_for_the_desk(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["api-key", "crm", "--scope", "contacts:read", "--scope", "orders:read"]) == 0
    told = capsys.readouterr().out
    (key,) = re.findall(r"loket_[\w-]{40,}", told)
    (line,) = yaml.safe_load(told[told.index("  - {") :])
    given = ServiceKey.model_validate(line)
    assert given.sha256 == hashlib.sha256(key.encode()).hexdigest()
    assert given.scopes == {"contacts:read", "orders:read"}


def test_an_unknown_scope_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["api-key", "crm", "--scope", "everything"]) == 2
    assert "contacts:read" in capsys.readouterr().err
