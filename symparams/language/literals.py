"""Exact values of number literals; no float on the way."""

from __future__ import annotations

import re
from fractions import Fraction

from symparams.errors import Span, SyntaxProblem
from symparams.language.characters import bad_name
from symparams.records import Record

#: Most digits a literal may have, written out (CPython's own limit for ``int``).
MOST_DIGITS = 4300

#: What a suffix stands for; a billion is B of parameters, and G of MACs and FLOPs.
SUFFIXES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "G": 10**9, "T": 10**12}
#: Of bytes: decimal (SI) and binary (IEC 80000-13) prefixes.
SUFFIXES |= {f"{p}B": SUFFIXES[p] for p in "KMGT"}
SUFFIXES |= {f"{p}iB": 1024**k for k, p in enumerate("KMGT", 1)}

#: What is counted, as it is printed behind a number or its suffix: ``2GFLOPs``, ``3.8 GMACs``.
UNITS = {"mac": "MACs", "flop": "FLOPs", "param": "params", "parameter": "params"}

_PARTS = re.compile(r"([0-9][0-9_]*)(?:\.([0-9][0-9_]*))?(?:[eE]([+-]?[0-9]+))?(.*)", re.DOTALL)


class PrintedNumber(Record):
    """What a literal says.

    Attributes:
        value: exact, with the suffix.
        suffix: a key of :data:`SUFFIXES`.
        unit: ``MACs``, ``FLOPs`` or ``params``, where it says what is counted.
        step: what one step of the last printed digit is worth: 100,000 of ``25.6M``.
    """

    value: int | Fraction
    suffix: str
    unit: str
    step: Fraction


def _suffix_and_unit(tail: str) -> tuple[str, str] | None:
    """Take apart what stands behind the digits; None: it is nothing known."""
    *before, last = tail.split() or [""]
    for suffix in ("", last[:1]):
        unit = UNITS.get(last[len(suffix) :].lower().removesuffix("s"))
        if unit and suffix in SUFFIXES and not (before and suffix):
            return ("".join(before) or suffix, unit) if len(before) < 2 else None
    return None if before else (last, "")


def number_value(span: Span) -> PrintedNumber:
    """Return what the literal at ``span`` says.

    Raises:
        SyntaxProblem: letters stick to the digits, an underscore stands
            elsewhere than between two digits, or there are too many digits.
    """
    text = span.text
    parts = _PARTS.fullmatch(text)
    assert parts is not None, text
    whole, decimals, exponent, tail = parts.groups(default="")
    if len(whole) + len(decimals) > MOST_DIGITS or len(exponent) > 6:
        raise _too_long(span)
    found = _suffix_and_unit(tail)
    if found is None or found[0] not in SUFFIXES:
        raise _sticking(span, text[: len(text) - len(tail)], tail)
    suffix, unit = found
    for digits in (whole, decimals):
        if digits.endswith("_") or "__" in digits:
            raise SyntaxProblem("an underscore stands between two digits", span)
    whole, decimals = whole.replace("_", ""), decimals.replace("_", "")
    shift = int(exponent or "0") - len(decimals)
    factor = SUFFIXES[suffix]
    more = len(str(factor - 1)) if suffix else 0
    if len(whole) + len(decimals) + abs(shift) + more > MOST_DIGITS:
        raise _too_long(span)
    step = Fraction(10) ** shift * factor
    value = int(whole + decimals) * step
    exact = value.numerator if value.denominator == 1 else value
    return PrintedNumber(exact, suffix, unit, step)


def _too_long(span: Span) -> SyntaxProblem:
    return SyntaxProblem(f"a number has at most {MOST_DIGITS:,} digits", span)


def _sticking(span: Span, number: str, tail: str) -> SyntaxProblem:
    if len(tail.split()) > 1:
        return SyntaxProblem("a number has one suffix and one unit", span, "as in '3.8 GMACs'")
    if not f"_{tail}".isidentifier():
        return bad_name(Span(span.source, span.start + len(number), span.end))
    if tail.startswith("_"):
        return SyntaxProblem("an underscore stands between two digits", span)
    if tail.lower() in {suffix.lower() for suffix in SUFFIXES}:
        known = "K M B G T, and of bytes KB KiB MB MiB …"
        hint = f"the suffixes are {known}; or write '{number} * {tail}'"
    elif tail[0] in SUFFIXES and len(tail) > 1:
        hint = f"write '{number}{tail[0]} * {tail[1:]}'"
    else:
        hint = f"write '{number} * {tail}'"
    return SyntaxProblem(f"'{tail}' sticks to a number", span, hint if len(span.text) < 40 else "")
