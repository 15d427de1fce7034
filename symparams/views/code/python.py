"""A formula as a function of Python: its integers have no end, so the count is exact."""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from symparams.views.code_writing import ATOM, PRODUCT, CodeExpression, CodeWriter, FormulaCode
from symparams.views.written import clean

_SIGNS = {"and": "and", "or": "or", "==": "==", "!=": "!="}
_HELPERS = {
    "make_divisible": '''\
def make_divisible(n, m, d):
    """Return n/m as a multiple of d, never below 90 % of it."""
    rounded = max(d, (2 * n + m * d) // (2 * m * d) * d)
    return rounded + d if 10 * rounded * m < 9 * n else rounded
''',
    "gcd": "from math import gcd\n",
    "lcm": "from math import lcm\n",
}


class PythonWriter(CodeWriter):
    """Expressions of Python."""

    language = "python"
    functions = {name: name for name in ("max", "min", "gcd", "lcm", "make_divisible")}
    fractions = True

    def power(self, base: CodeExpression, exponent: CodeExpression) -> CodeExpression:
        return CodeExpression(f"{base.within(ATOM)}**{exponent.within(ATOM)}", PRODUCT)

    def floored(self, above: CodeExpression, below: CodeExpression) -> CodeExpression:
        return CodeExpression(f"({above.within(ATOM)} // {below.within(ATOM)})")

    def call(self, function: str, arguments: Sequence[CodeExpression]) -> CodeExpression:
        self.called.add(function)
        return super().call(function, arguments)

    called: set[str]


def render(code: FormulaCode) -> str:
    """Return a module with one function; it raises ValueError where the formula does not hold."""
    reserved = [*keyword.kwlist, *keyword.softkwlist, "total", "rest", "max", "min", *_HELPERS]
    writer = PythonWriter(code.parameters, reserved)
    writer.called = set()
    lines = [f"def {code.name}({', '.join(writer.names.values())}):", f'    """{_told(code)}"""']
    for condition in code.conditions:
        lines.append(f"    if {writer.broken(condition, _SIGNS)}:")
        lines.append(f"        raise ValueError({clean(str(condition))!r})")
    above, below = writer.pair(code.total, code.formula)
    if below.text == "1" and all(symbol.integer for symbol in code.parameters):
        lines.append(f"    return {above.text}")
    else:
        lines += [
            f"    total, rest = divmod({above.text}, {below.text})",
            "    if rest:",
            '        raise ValueError("not an integer at these sizes")',
            "    return total",
        ]
    helpers = [_HELPERS[name] for name in sorted(writer.called) if name in _HELPERS]
    return "\n\n".join([*helpers, "\n".join(lines)])


def _told(code: FormulaCode) -> str:
    return "".join(c for c in clean(f"Return {code.title}.") if c not in '"\\')
