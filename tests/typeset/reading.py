r"""Reads formulas in LaTeX back with SymPy's own reader.

That reader knows no name of several letters, no ``\,``, no separators in numbers and no
``\left``: what stands for them is put in their place, by their characters alone. A function that
is only this project's, as ``make_divisible``, is read by its arguments. The terms of a sum are
read one by one, as the reader's time grows faster than a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.parsing.latex import parse_latex

from symparams.algebra import Size, to_sympy
from symparams.views.latex import tex
from symparams.views.typeset_names import Naming

#: What no reader of LaTeX can know: functions of this project's own → as they are typeset.
OWN = {
    "make_divisible": r"\operatorname{make\_divisible}",
    "gcd": r"\gcd",
    "lcm": r"\operatorname{lcm}",
}
#: What is written otherwise for SymPy's reader.
_SAME = (("{,}", ""), (r"\left", ""), (r"\right", ""), (r"\,", r" \cdot "))
#: What stands for names, with an index of one digit: the reader knows no longer ones. These are
#: the letters without those that mean something, e, i, d and E, I, N, O, S.
_LETTERS = "abcfghjklmnopqrstuvwxyzABCDFGHJKLMPQRTUVWXYZ"
_OPEN, _CLOSE = "({", ")}"


class NotReadError(Exception):
    """SymPy's reader does not know something in a formula."""


def _placeholder(number: int) -> str:
    return f"{_LETTERS[number // 10]}_{{{number % 10}}}"


def read_back(written: str, names: Iterable[str]) -> Any:
    """The expression of SymPy that a formula is; its symbols are called as ours.

    Raises:
        NotReadError: SymPy's reader does not know a part of it.
    """
    naming = Naming()
    symbols: dict[str, Any] = {}
    spelled = sorted(((tex(naming(name)), name) for name in names), key=lambda p: -len(p[0]))
    for shown, name in spelled:
        # A letter of a name is never inside a command: those are read first.
        pattern = re.escape(shown)
        if shown[0].isalpha():
            pattern = rf"(?<![\\A-Za-z_{{]){pattern}(?![A-Za-z_])|(?<={{){pattern}(?![A-Za-z_])"
        elif shown[-1].isalpha():
            pattern += "(?![A-Za-z])"
        # A sign that no command has; it becomes a letter when every name is found.
        written = re.sub(pattern, f"@{len(symbols)}@", written)
        symbols[_placeholder(len(symbols))] = sympy.Symbol(name)
    written = re.sub(r"@(\d+)@", lambda at: f" {_placeholder(int(at[1]))} ", written)
    for ours, theirs in _SAME:
        written = written.replace(ours, theirs)
    return _read(written, symbols)


def _read(written: str, symbols: dict[str, Any]) -> Any:
    """Read a formula in which the names are those of ``symbols``."""
    without = _without_calls(written, symbols)
    return sympy.Add(*(_term(term, symbols) for term in _terms(without)))


def _without_calls(written: str, symbols: dict[str, Any]) -> str:
    """Put a symbol in the place of each call of a function of our own, and add its meaning."""
    for name, shown in OWN.items():
        while (begin := written.find(shown)) >= 0:
            opening = written.find("(", begin + len(shown))
            if written[begin + len(shown) : opening].strip():
                raise NotReadError(f"no arguments behind {shown}")
            closing = _end(written, opening)
            inner = written[opening + 1 : closing]
            cuts = [k for k, sign in _outside(inner) if sign == ","]
            parts = [inner[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, None], strict=True)]
            meant = sympy.Function(name)(*(_read(part, symbols) for part in parts))
            key = next((k for k, known in symbols.items() if known == meant), None)
            if key is None:
                key = _placeholder(len(symbols))
                symbols[key] = meant
            written = f"{written[:begin]} {key} {written[closing + 1 :]}"
    return written


def _outside(written: str) -> Iterator[tuple[int, str]]:
    """Yield the signs outside of brackets, and where they stand."""
    depth = 0
    for k, sign in enumerate(written):
        depth += (sign in _OPEN) - (sign in _CLOSE)
        floor = written.count(r"\lfloor", 0, k) - written.count(r"\rfloor", 0, k)
        if depth == 0 and floor == 0:
            yield k, sign


def _end(written: str, opening: int) -> int:
    depth = 0
    for k in range(opening, len(written)):
        depth += (written[k] in _OPEN) - (written[k] in _CLOSE)
        if depth == 0:
            return k
    raise NotReadError(f"a bracket without an end in {written[opening:][:80]}")


def _terms(written: str) -> Iterator[str]:
    """Yield the terms of a sum with their signs; the sign of an exponent or factor begins none."""
    begin = 0
    for k, sign in _outside(written):
        before = written[:k].rstrip()
        if sign in "+-" and before and before[-1] not in "+-*^=" and not before.endswith(r"\cdot"):
            yield written[begin:k]
            begin = k
    yield written[begin:]


def _term(written: str, symbols: dict[str, Any]) -> Any:
    sign = -1 if written.lstrip().startswith("-") else 1
    written = written.strip().lstrip("+-").strip()
    try:
        found = parse_latex(written, backend="lark")
    except Exception as error:  # of Lark, and of SymPy's own
        raise NotReadError(f"{type(error).__name__} in {written[:200]}") from error
    if not isinstance(found, sympy.Expr):
        raise NotReadError(f"{type(found).__name__} of {written[:200]}")
    unknown = {s.name for s in found.free_symbols} - set(symbols)
    if unknown:
        raise NotReadError(f"{', '.join(sorted(unknown))} is no name in {written[:200]}")
    return sign * found.xreplace({s: symbols[s.name] for s in found.free_symbols})


def same(read: Any, size: Size) -> bool:
    """Whether what was read is a size, as formulas."""
    own = sympy.sympify(to_sympy(size))
    # The names are integers, and our own functions have no assumptions of theirs.
    there = read.subs({sympy.Symbol(s.name): s for s in own.free_symbols})
    sides = [
        side.replace(
            lambda e: isinstance(e, AppliedUndef),
            lambda e: sympy.Function(e.func.__name__)(*e.args),
        )
        for side in (there, own)
    ]
    return sympy.expand(sides[0] - sides[1]) == 0
