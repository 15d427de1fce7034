"""Literals are exact, whatever their way of writing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symparams.errors import Source, SymparamsError
from symparams.language import parse_expression, tree


@pytest.mark.parametrize(
    ("literal", "value", "suffix"),
    [
        ("0", 0, ""),
        ("007", 7, ""),
        ("1_000", 1000, ""),
        ("25_557_032", 25_557_032, ""),
        ("0.25", Fraction(1, 4), ""),
        ("1.0", 1, ""),
        ("0.1", Fraction(1, 10), ""),
        ("1e-5", Fraction(1, 100_000), ""),
        ("1e3", 1000, ""),
        ("1.5E+2", 150, ""),
        ("2K", 2000, "K"),
        ("25.6M", 25_600_000, "M"),
        ("7B", 7 * 10**9, "B"),
        ("7G", 7 * 10**9, "G"),
        ("2.5G", 25 * 10**8, "G"),
        ("1.5T", 15 * 10**11, "T"),
        ("0.0001K", Fraction(1, 10), "K"),
        ("80GB", 80 * 10**9, "GB"),
        ("1.5KB", 1500, "KB"),
        ("80GiB", 80 * 2**30, "GiB"),
        ("0.5KiB", 512, "KiB"),
        ("0.1MiB", Fraction(1024**2, 10), "MiB"),
        ("2e-3TiB", Fraction(2 * 1024**4, 1000), "TiB"),
        ("1TB", 10**12, "TB"),
        ("1e-4K", Fraction(1, 10), "K"),
        ("9" * 4300, 10**4300 - 1, ""),
    ],
)
def test_value(literal: str, value: int | Fraction, suffix: str) -> None:
    """An int where the value is whole, a Fraction otherwise, never a float."""
    found = parse_expression(Source("<test>", literal))
    assert isinstance(found, tree.Number)
    assert (found.value, found.literal, found.suffix) == (value, literal, suffix)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("literal", "value", "suffix", "unit", "step"),
    [
        ("3.8GMACs", 38 * 10**8, "G", "MACs", 10**8),
        ("3.8 GMACs", 38 * 10**8, "G", "MACs", 10**8),
        ("3.8G MACs", 38 * 10**8, "G", "MACs", 10**8),
        ("3.8 G  macs", 38 * 10**8, "G", "MACs", 10**8),
        ("15 MACs", 15, "", "MACs", 1),
        ("2GFLOPs", 2 * 10**9, "G", "FLOPs", 10**9),
        ("2.00 TFlop", 2 * 10**12, "T", "FLOPs", 10**10),
        ("25.6M params", 25_600_000, "M", "params", 10**5),
        ("25.6 M parameters", 25_600_000, "M", "params", 10**5),
        ("7BParams", 7 * 10**9, "B", "params", 10**9),
        ("61.0 MB", 61 * 10**6, "MB", "", 10**5),
        ("1.5\tGiB", 3 * 2**29, "GiB", "", Fraction(2**30, 10)),
        ("1_000", 1000, "", "", 1),
        ("1.50e3", 1500, "", "", 10),
        ("0.25", Fraction(1, 4), "", "", Fraction(1, 100)),
    ],
)
def test_what_is_counted(literal, value, suffix, unit, step):
    """A number as it is printed, with its unit; ``step`` is one of its last digit."""
    found = parse_expression(Source("<test>", literal))
    assert (found.value, found.literal) == (value, literal)
    assert (found.suffix, found.unit, found.step) == (suffix, unit, step)


@pytest.mark.parametrize(
    "text", ["3 GMACsx", "3 Mx", "3\nMACs", "3 mb", "3 MACs MACs", "(3) MACs", "3 B B", "n MACs"]
)
def test_what_is_no_unit(text):
    with pytest.raises(SymparamsError):
        parse_expression(Source("<test>", text))


def test_range_behind_a_number() -> None:
    """``1..n`` is a range and not the number ``1.``."""
    found = parse_expression(Source("<test>", "[a for a in 1..n]"))
    assert isinstance(found, tree.List)
    (made,) = found.items
    assert isinstance(made, tree.Comprehension)
    assert isinstance(made.iterable, tree.Range)
