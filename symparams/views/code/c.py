"""A formula as a function of C: in 128 bits, with every step checked, to a result of 64."""

from __future__ import annotations

from collections.abc import Sequence

from symparams.algebra import NamedValue
from symparams.errors import SymparamsError
from symparams.views.code_writing import CodeExpression, CodeWriter, FormulaCode
from symparams.views.written import clean

_SIGNS = {"and": "&&", "or": "||", "==": "==", "!=": "!="}
_RESERVED = (
    "auto break case char const continue default do double else enum extern float for goto if"
    " inline int long register restrict return short signed sizeof static struct switch typedef"
    " union unsigned void volatile while wrong wide total rest bool true false asm typeof"
)
_HEAD = """\
/* Needs the __int128 and the checked arithmetic of GCC or Clang. */
#include <stdint.h>

typedef __int128 wide;

static wide add(wide a, wide b, int *wrong) {
  wide found = 0;
  if (__builtin_add_overflow(a, b, &found)) *wrong = 1;
  return found;
}

static wide subtract(wide a, wide b, int *wrong) {
  wide found = 0;
  if (__builtin_sub_overflow(a, b, &found)) *wrong = 1;
  return found;
}

static wide multiply(wide a, wide b, int *wrong) {
  wide found = 0;
  if (__builtin_mul_overflow(a, b, &found)) *wrong = 1;
  return found;
}
"""
_HELPERS = {
    "power": """\
static wide power(wide base, wide exponent, int *wrong) {
  wide found = 1;
  for (; exponent > 0 && !*wrong; exponent--) found = multiply(found, base, wrong);
  return found;
}
""",
    "floor": """\
static wide floor_divide(wide a, wide b, int *wrong) {
  if (b <= 0) { *wrong = 1; return 0; }
  return a / b - (a % b < 0);
}
""",
    "remainder": """\
static wide remainder_of(wide a, wide b, int *wrong) {
  if (b <= 0) { *wrong = 1; return 1; }
  return a % b;
}
""",
    "max": """\
static wide largest(wide a, wide b, int *wrong) {
  (void)wrong;
  return a > b ? a : b;
}
""",
    "min": """\
static wide smallest(wide a, wide b, int *wrong) {
  (void)wrong;
  return a < b ? a : b;
}
""",
    "gcd": """\
static wide gcd(wide a, wide b, int *wrong) {
  (void)wrong;
  while (b) { wide rest = a % b; a = b; b = rest; }
  return a;
}
""",
    "lcm": """\
static wide lcm(wide a, wide b, int *wrong) {
  wide c = a, d = b;
  while (d) { wide rest = c % d; c = d; d = rest; }
  return c ? multiply(a / c, b, wrong) : 0;
}
""",
    "make_divisible": """\
static wide make_divisible(wide n, wide m, wide d, int *wrong) {
  wide below = multiply(2, multiply(m, d, wrong), wrong);
  if (below <= 0) { *wrong = 1; return 0; }
  wide nearest = multiply(add(multiply(2, n, wrong), below / 2, wrong) / below, d, wrong);
  wide rounded = nearest > d ? nearest : d;
  wide least = multiply(9, n, wrong);
  wide most = multiply(multiply(10, rounded, wrong), m, wrong);
  return most < least ? add(rounded, d, wrong) : rounded;
}
""",
}
#: The largest number that a literal of C has.
_LARGEST = 2**63 - 1


class CWriter(CodeWriter):
    """Expressions of C: a call for every step, as each may overflow."""

    language = "c"
    functions = {
        "add": "add",
        "subtract": "subtract",
        "multiply": "multiply",
        "power": "power",
        "floor": "floor_divide",
        "remainder": "remainder_of",
        "max": "largest",
        "min": "smallest",
        "gcd": "gcd",
        "lcm": "lcm",
        "make_divisible": "make_divisible",
    }
    called: set[str]

    def integer(self, number: int) -> CodeExpression:
        if number > _LARGEST:
            raise SymparamsError(f"{number:,} is too large for a number of C")
        return CodeExpression(f"{number}LL" if number > 2**31 - 1 else str(number))

    def call(self, function: str, arguments: Sequence[CodeExpression]) -> CodeExpression:
        self.called.add(function)
        if function in ("max", "min", "gcd", "lcm") and len(arguments) != 2:
            first, *others = arguments
            found = first
            for other in others:
                found = self.call(function, [found, other])
            return found
        return super().call(function, [*arguments, CodeExpression("wrong")])

    def word(self, value: NamedValue) -> CodeExpression:
        return CodeExpression(f"{int(value)} /* {value.word} */")

    def sum(self, terms: Sequence[tuple[bool, CodeExpression]]) -> CodeExpression:
        (negative, found), *others = terms
        if negative:
            found = self.call("subtract", [self.integer(0), found])
        for minus, term in others:
            found = self.call("subtract" if minus else "add", [found, term])
        return found

    def product(self, factors: Sequence[CodeExpression]) -> CodeExpression:
        found, *others = factors
        for factor in others:
            found = self.call("multiply", [found, factor])
        return found

    def remainder(self, above: CodeExpression, below: CodeExpression) -> CodeExpression:
        return self.call("remainder", [above, below])


def render(code: FormulaCode) -> str:
    """Return a function that sets ``*wrong`` where the formula does not hold, or the number is
    larger than 64 bits.
    """
    writer = CWriter(code.parameters, [*_RESERVED.split(), *CWriter.functions.values(), code.name])
    writer.called = set()
    given = [f"int64_t {name}" for name in writer.names.values()]
    lines = [
        f"int64_t {code.name}({', '.join([*given, 'int *wrong'])}) {{",
        "  *wrong = 0;",
    ]
    for condition in code.conditions:
        told = clean(str(condition)).replace("*/", "* /").replace("/*", "/ *")
        lines.append(f"  if ({writer.broken(condition, _SIGNS)}) *wrong = 1; /* {told} */")
    above, below = writer.pair(code.total, code.formula)
    lines.append(f"  wide total = {above.text};")
    if below.text != "1":
        lines += [
            f"  wide rest = {below.text};",
            "  if (rest <= 0 || total % rest) *wrong = 1;",
            "  else total /= rest;",
        ]
    lines += [
        "  if (total < INT64_MIN || total > INT64_MAX) *wrong = 1;",
        "  return *wrong ? 0 : (int64_t)total;",
        "}",
    ]
    if writer.called & {"lcm", "power", "make_divisible"}:
        writer.called |= {"multiply", "add"}
    head = _HEAD.split("\n\n")
    kept = head[:2] + [
        part
        for part in head[2:]
        if any(f" {name}(" in part.partition("{")[0] for name in writer.called)
    ]
    helpers = [_HELPERS[name].rstrip() for name in _HELPERS if name in writer.called]
    title = clean(code.title).replace("*/", "* /").replace("/*", "/ *")
    about = f"/* Returns {title}; *wrong is 1 where it has no number there. */"
    return "\n\n".join([*(part.strip() for part in kept), *helpers, "\n".join([about, *lines])])
