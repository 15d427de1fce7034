"""Domains as Python gives them: what text they become, and what is refused."""

from __future__ import annotations

import pytest

from symparams.analysis.domain_text import written_domain
from symparams.elaboration.python_values import MOST_LISTED
from symparams.errors import SymparamsError


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ("1..3", "1..3"),
        ("{1, 2}", "{1, 2}"),
        (range(1, 10, 3), "1..7:3"),
        (range(5), "0..4:1"),
        (range(3, 4), "{3}"),
        (range(9, 6, -1), "{9, 8, 7}"),
        ([4, 2], "{4, 2}"),
        ({4}, "{4}"),
        (iter([1, 2]), "{1, 2}"),
    ],
    ids=lambda given: type(given).__name__ if hasattr(given, "__next__") else repr(given),
)
def test_a_domain_as_text(values, text):
    assert written_domain("h", values) == text


def test_a_list_may_be_so_long_and_no_longer():
    most = written_domain("h", list(range(1, MOST_LISTED + 1)))
    assert most.count(",") == MOST_LISTED - 1
    assert most.endswith(f" {MOST_LISTED}}}")
    with pytest.raises(SymparamsError) as error:
        written_domain("h", list(range(1, MOST_LISTED + 2)))
    assert str(error.value) == f"the domain of 'h' has more than {MOST_LISTED:,} values"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (3, "the domain of 'h' must be a text or a list of numbers, not 'int'\n    as in h='64..1024:64' or h=[1, 2, 4]"),
        ([1.5], "'h' cannot be 1.5, which is a float; sizes are exact\n    pass an int or a fractions.Fraction"),
        (["x y"], "a value of 'h' must be a number, not 'str'"),
        ("1..3, {2}", "the domain of 'h' is one range or one set, not '1..3, {2}'\n    as in 64..1024:64 or {1, 2, 4}"),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_domain(values, says):
    with pytest.raises(SymparamsError) as error:
        written_domain("h", values)
    assert str(error.value) == says
