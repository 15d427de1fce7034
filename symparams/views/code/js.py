"""A formula as a function of JavaScript, in BigInt: its integers have no end."""

from __future__ import annotations

from collections.abc import Sequence

from symparams.views.code_writing import (
    ATOM,
    PRODUCT,
    CodeExpression,
    CodeWriter,
    FormulaCode,
    words_in,
)
from symparams.views.written import clean

_SIGNS = {"and": "&&", "or": "||", "==": "===", "!=": "!=="}
_RESERVED = (
    "abstract arguments await boolean break byte case catch char class const continue debugger"
    " default delete do double else enum eval export extends false final finally float for"
    " function goto if implements import in instanceof int interface let long native new null"
    " package private protected public return short static super switch synchronized this throw"
    " throws transient true try typeof undefined var void volatile while with yield BigInt total"
    " rest"
)
_HELPERS = {
    "floor": """\
const floorDivide = (a, b) => {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
};
""",
    "max": "const largest = (...all) => all.reduce((a, b) => (a > b ? a : b));\n",
    "min": "const smallest = (...all) => all.reduce((a, b) => (a < b ? a : b));\n",
    "gcd": """\
const gcd = (...all) => all.reduce((a, b) => {
  while (b) [a, b] = [b, a % b];
  return a;
});
""",
    "lcm": """\
const lcm = (...all) => all.reduce((a, b) => {
  let [c, d] = [a, b];
  while (d) [c, d] = [d, c % d];
  return c ? (a / c) * b : 0n;
});
""",
    "make_divisible": """\
const makeDivisible = (n, m, d) => {
  const nearest = ((2n * n + m * d) / (2n * m * d)) * d;
  const rounded = nearest > d ? nearest : d;
  return 10n * rounded * m < 9n * n ? rounded + d : rounded;
};
""",
}


class JavaScriptWriter(CodeWriter):
    """Expressions of JavaScript in BigInt."""

    language = "js"
    functions = {
        "floor": "floorDivide",
        "max": "largest",
        "min": "smallest",
        "gcd": "gcd",
        "lcm": "lcm",
        "make_divisible": "makeDivisible",
    }
    called: set[str]

    def integer(self, number: int) -> CodeExpression:
        return CodeExpression(f"{number}n")

    def power(self, base: CodeExpression, exponent: CodeExpression) -> CodeExpression:
        return CodeExpression(f"{base.within(ATOM)} ** {exponent.within(ATOM)}", PRODUCT)

    def equal(self, left: CodeExpression, right: CodeExpression) -> CodeExpression:
        return CodeExpression(f"({left.within(PRODUCT)} === {right.within(PRODUCT)} ? 1n : 0n)")

    def call(self, function: str, arguments: Sequence[CodeExpression]) -> CodeExpression:
        self.called.add(function)
        return super().call(function, arguments)


def render(code: FormulaCode) -> str:
    """Return a function of numbers or BigInts to a BigInt; it throws a RangeError where the
    formula does not hold.
    """
    reserved = [*_RESERVED.split(), *JavaScriptWriter.functions.values(), code.name]
    writer = JavaScriptWriter(code.parameters, reserved)
    writer.called = set()
    names = ", ".join(writer.names.values())
    lines = [f"function {code.name}({names}) {{"]
    numbers = ", ".join(name for one, name in writer.names.items() if one not in words_in(code))
    if numbers:
        lines.append(f"  [{numbers}] = [{numbers}].map(BigInt);")
    for condition in code.conditions:
        lines.append(f"  if ({writer.broken(condition, _SIGNS)})")
        lines.append(f'    throw new RangeError("{_quoted(str(condition))}");')
    above, below = writer.pair(code.total, code.formula)
    if below.text == "1n":
        lines.append(f"  return {above.text};")
    else:
        lines += [
            f"  const total = {above.text};",
            f"  const rest = {below.text};",
            '  if (total % rest) throw new RangeError("not an integer at these sizes");',
            "  return total / rest;",
        ]
    helpers = [_HELPERS[name] for name in sorted(writer.called) if name in _HELPERS]
    title = clean(code.title).replace("*/", "* /")
    return "\n".join([*helpers, f"/** Returns {title}. */", *lines, "}"])


def _quoted(words: str) -> str:
    return clean(words).replace("\\", "\\\\").replace('"', '\\"')
