r"""Reads formulas in LaTeX back with SymPy's own reader.

That reader knows no name of several letters, no ``\,``, no separators in numbers and no
``\left``: what stands for them is put in their place, by their characters alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sympy
from sympy.parsing.latex import parse_latex

from symparams.algebra import Size, to_sympy
from symparams.views.latex import tex
from symparams.views.typeset_names import Naming

#: What no reader of LaTeX can know: a function of this project's own.
UNKNOWN = ("make_divisible", "gcd", "lcm")


#: What stands for names: the letters without those that mean something, e, i, d and E, I, N, O, S.
_LETTERS = "abcfghjklmnopqrstuvwxyzABCDFGHJKLMPQRTUVWXYZ"


class NotReadError(Exception):
    """SymPy's reader does not know something in a formula."""


def read_back(written: str, names: Iterable[str]) -> Any:
    """The expression of SymPy that a formula is; its symbols are called as ours.

    Raises:
        NotReadError: SymPy's reader does not know a part of it.
    """
    naming = Naming()
    symbols = {}
    spelled = sorted(((tex(naming(name)), name) for name in names), key=lambda p: -len(p[0]))
    for k, (shown, name) in enumerate(spelled):
        # A letter of a name is never inside a command: those are read first.
        pattern = re.escape(shown)
        if shown[0].isalpha():
            pattern = rf"(?<![\\A-Za-z_{{]){pattern}(?![A-Za-z_])|(?<={{){pattern}(?![A-Za-z_])"
        elif shown[-1].isalpha():
            pattern += "(?![A-Za-z])"
        written = re.sub(pattern, f"@{k}@", written)
        symbols[_LETTERS[k]] = sympy.Symbol(name)
    written = re.sub(r"@(\d+)@", lambda found: f" {_LETTERS[int(found[1])]} ", written)
    for ours, theirs in (("{,}", ""), (r"\left", ""), (r"\right", ""), (r"\,", r" \cdot ")):
        written = written.replace(ours, theirs)
    try:
        found = parse_latex(written, backend="lark")
    except Exception as error:  # of Lark, and of SymPy's own
        raise NotReadError(f"{type(error).__name__} in {written[:200]}") from error
    if not isinstance(found, sympy.Expr):
        raise NotReadError(f"{type(found).__name__} of {written[:200]}")
    return found.xreplace(
        {symbol: symbols[symbol.name] for symbol in found.free_symbols if symbol.name in symbols}
    )


def same(read: Any, size: Size) -> bool:
    """Whether what was read is a size, as formulas."""
    own = sympy.sympify(to_sympy(size))
    plain = own.xreplace({s: sympy.Symbol(s.name) for s in own.free_symbols})
    return sympy.expand(read - plain) == 0
