"""Every sabotage fits the code as it is; whether its test notices is for `make sabotage`."""

import ast

import pytest

from tests.house.test_tree import ROOT
from tests.sabotage.plan import PLAN, Sabotage


@pytest.mark.parametrize("sabotage", PLAN, ids=lambda one: one.name)
def test_it_fits_its_file_and_leaves_python(sabotage: Sabotage) -> None:
    broken = (ROOT / sabotage.file).read_text(encoding="utf-8")
    for old, new in sabotage.changes:
        assert broken.count(old) == 1, f"{old!r} is not once in {sabotage.file}"
        broken = broken.replace(old, new)
    if sabotage.file.endswith(".py"):
        ast.parse(broken)
