from datetime import timedelta

import pytest
from pydantic import ValidationError

from policies.retention import Retention, before
from tests.policies.builders import NOW


def test_a_limit_is_counted_back_in_days() -> None:
    assert before(30, NOW) == NOW - timedelta(days=30)


@pytest.mark.parametrize(("name", "days"), [("inbox_days", 7), ("outbox_days", 7), ("audit_days", 364)])
def test_what_is_needed_for_longer_cannot_be_kept_shorter(name: str, days: int) -> None:
    with pytest.raises(ValidationError, match=name):
        Retention.model_validate({name: days})


def test_the_audit_is_kept_longest() -> None:
    limits = Retention()
    assert limits.audit_days == max(limits.model_dump().values())
