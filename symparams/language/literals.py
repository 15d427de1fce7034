"""Exact values of number literals; no float on the way."""

from __future__ import annotations

import re
from fractions import Fraction

from symparams.errors import Span, SyntaxProblem
from symparams.language.characters import bad_name

#: Most digits a literal may have, written out (CPython's own limit for ``int``).
MOST_DIGITS = 4300

#: What a suffix stands for; a billion is B of parameters, and G of MACs and FLOPs.
SUFFIXES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "G": 10**9, "T": 10**12}
#: Of bytes: decimal (SI) and binary (IEC 80000-13) prefixes.
SUFFIXES |= {f"{p}B": SUFFIXES[p] for p in "KMGT"}
SUFFIXES |= {f"{p}iB": 1024**k for k, p in enumerate("KMGT", 1)}

#: What is counted, as other texts write it behind a suffix: ``2GFLOPs``.
_UNITS = frozenset({"mac", "macs", "flop", "flops", "param", "params", "parameters"})

_PARTS = re.compile(r"([0-9][0-9_]*)(?:\.([0-9][0-9_]*))?(?:[eE]([+-]?[0-9]+))?(\w*)")


def number_value(span: Span) -> tuple[int | Fraction, str]:
    """Return the value and the suffix of the literal at ``span``.

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
    if tail not in SUFFIXES:
        raise _sticking(span, text[: len(text) - len(tail)], tail)
    for digits in (whole, decimals):
        if digits.endswith("_") or "__" in digits:
            raise SyntaxProblem("an underscore stands between two digits", span)
    whole, decimals = whole.replace("_", ""), decimals.replace("_", "")
    shift = int(exponent or "0") - len(decimals)
    factor = SUFFIXES[tail]
    more = len(str(factor - 1)) if tail else 0
    if len(whole) + len(decimals) + abs(shift) + more > MOST_DIGITS:
        raise _too_long(span)
    value = Fraction(int(whole + decimals)) * Fraction(10) ** shift * factor
    return (value.numerator if value.denominator == 1 else value), tail


def _too_long(span: Span) -> SyntaxProblem:
    return SyntaxProblem(f"a number has at most {MOST_DIGITS:,} digits", span)


def _sticking(span: Span, number: str, tail: str) -> SyntaxProblem:
    if not f"_{tail}".isidentifier():
        return bad_name(Span(span.source, span.start + len(number), span.end))
    if tail.startswith("_"):
        return SyntaxProblem("an underscore stands between two digits", span)
    if tail.lower() in {suffix.lower() for suffix in SUFFIXES}:
        known = "K M B G T, and of bytes KB KiB MB MiB …"
        hint = f"the suffixes are {known}; or write '{number} * {tail}'"
    elif tail[0] in SUFFIXES and tail[1:].lower() in _UNITS:
        hint = f"write '{number}{tail[0]}'; the measure says what is counted"
    elif tail[0] in SUFFIXES and len(tail) > 1:
        hint = f"write '{number}{tail[0]} * {tail[1:]}'"
    else:
        hint = f"write '{number} * {tail}'"
    return SyntaxProblem(f"'{tail}' sticks to a number", span, hint if len(span.text) < 40 else "")
