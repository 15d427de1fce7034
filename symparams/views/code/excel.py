"""A formula as one of a spreadsheet, over names: a cell for each size has to be given its name.

A spreadsheet counts in doubles: whole numbers are exact up to 2^53.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from symparams.algebra import Condition
from symparams.views.code_writing import ATOM, PRODUCT, CodeExpression, CodeWriter, FormulaCode

#: Names that a spreadsheet takes for cells, rows or columns.
_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]\d*([CcRr]\d*)?")


class ExcelWriter(CodeWriter):
    """Expressions of a spreadsheet."""

    language = "excel"
    functions = {"max": "MAX", "min": "MIN", "gcd": "GCD", "lcm": "LCM"}
    cased = False

    def spelled(self, name: str) -> str:
        found = super().spelled(name)
        return f"{found}_" if _CELL.fullmatch(found) else found

    def sum(self, terms: Sequence[tuple[bool, CodeExpression]]) -> CodeExpression:
        if terms[0][0]:  # a minus at the beginning would bind tighter than a power
            terms = [(False, self.integer(0)), *terms]
        return super().sum(terms)

    def power(self, base: CodeExpression, exponent: CodeExpression) -> CodeExpression:
        return CodeExpression(f"{base.within(ATOM)}^{exponent.within(ATOM)}", PRODUCT)

    def floored(self, above: CodeExpression, below: CodeExpression) -> CodeExpression:
        return CodeExpression(f"INT({above.within(PRODUCT)}/{below.within(ATOM)})")

    def remainder(self, above: CodeExpression, below: CodeExpression) -> CodeExpression:
        return CodeExpression(f"MOD({above.text}, {below.text})")

    def broken_test(self, code: FormulaCode) -> str:
        """Return the test that one of the conditions does not hold."""
        tests = [self.excel_test(condition) for condition in code.conditions]
        return tests[0] if len(tests) == 1 else f"OR({', '.join(tests)})"

    def excel_test(self, condition: Condition) -> str:
        """Return the test that a condition does not hold."""
        if condition.op in ("and", "or"):
            inner = ", ".join(map(self.excel_test, condition.parts))
            return f"{'OR' if condition.op == 'and' else 'AND'}({inner})"
        if condition.op == "not":
            return f"NOT({self.excel_test(condition.parts[0])})"
        return self.broken(condition, {"and": "", "or": "", "==": "=", "!=": "<>"})

    def equal(self, left: CodeExpression, right: CodeExpression) -> CodeExpression:
        return CodeExpression(f"IF({left.text}={right.text}, 1, 0)")

    def call(self, function: str, arguments: Sequence[CodeExpression]) -> CodeExpression:
        if function != "make_divisible":
            return super().call(function, arguments)
        above, below, step = (argument.within(ATOM) for argument in arguments)
        # In whole numbers: halves and tenths are no doubles.
        nearest = f"MAX(1, INT((2*{above} + {below}*{step})/(2*{below}*{step})))"
        more = f"IF(10*{nearest}*{step}*{below} < 9*{above}, 1, 0)"
        return CodeExpression(f"({nearest} + {more})*{step}", PRODUCT)


def render(code: FormulaCode) -> str:
    """Return ``=…``; ``#N/A`` where the formula does not hold."""
    writer = ExcelWriter(code.parameters)
    above, below = writer.pair(code.total, code.formula)
    value = above.text if below.text == "1" else f"{above.within(PRODUCT)}/{below.within(ATOM)}"
    if not code.conditions:
        return f"={value}"
    return f"=IF({writer.broken_test(code)}, NA(), {value})"
