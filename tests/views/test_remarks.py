"""Remarks below a page: the sizes that are fixed, and those that lack a value."""

from __future__ import annotations

import pytest

from tests.cli.running import run


def test_all_fixed_sizes_stand_in_one_line():
    done = run("prove", "model m(a = 2, b = 3) = input(a) -> dense(b)", "~= 10")
    assert done.code == 1
    assert [line for line in done.out.splitlines() if line.startswith("for ")] == [
        "for a = 2, b = 3"
    ]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (["--set", "s=10"], ["no values are told: there is none for a, h"]),
        (["--set", "s=10,a=3"], ["no values are told: there is none for h"]),
        (["--set", "s=10,a=3,h=4"], []),
        ([], []),  # nothing was asked at a point
    ],
)
def test_sensitivities_say_which_sizes_lack_a_value(settings, told):
    done = run("sensitivity", "input(s, a) -> dense(h)", *settings)
    assert done.code == 0
    assert [line for line in done.out.splitlines() if line.startswith("no values")] == told
    assert ("Slope" in done.out) == ("h=4" in str(settings))
