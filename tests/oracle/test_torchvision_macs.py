"""Our MACs and the figures that torchvision publishes with its weights."""

from __future__ import annotations

from fractions import Fraction

import pytest

from .torchvision_models import BEYOND, CALLS, ROWS, Published


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_macs_are_those_of_torchvision(row: Published) -> None:
    params, macs, attention = row.measures()
    assert params == row.params
    assert macs == row.conv_linear + row.more
    assert attention == row.more, "all of the difference is attention"
    assert round(Fraction(macs, 10**9), 3) == Fraction(row.ops)


def test_every_row_has_a_model_and_every_model_a_row() -> None:
    assert {str(row) for row in ROWS} == CALLS.keys()
    assert {row.file for row in ROWS} >= BEYOND.keys()
