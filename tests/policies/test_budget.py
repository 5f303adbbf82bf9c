"""What models may cost a case."""

import pytest

from casefile.money import MICRO
from policies.budget import may_be_read, spent_out
from policies.limits import Limits
from tests.policies.worlds import case

LIMITS = Limits(model_rupiah_per_case=2)


@pytest.mark.parametrize(
    ("spent", "out"), [(0, False), (2 * MICRO - 1, False), (2 * MICRO, True), (9 * MICRO, True)]
)
def test_a_case_is_spent_out_at_its_cap_to_the_micro_rupiah(spent: int, out: bool) -> None:
    assert spent_out(case(spent=spent), LIMITS) is out


def test_no_model_reads_along_while_one_of_the_open_cases_is_spent_out() -> None:
    rich, poor = case(), case(spent=2 * MICRO)
    assert may_be_read((), LIMITS) and may_be_read((rich,), LIMITS)
    assert not may_be_read((rich, poor), LIMITS)
    assert may_be_read((rich, poor.with_(state="resolved")), LIMITS)
