"""Budgets, from text to two sizes of a model and the sign between them."""

from __future__ import annotations

from symparams.algebra import Polynomial, Size, SizeRecord
from symparams.elaboration import FormulaReading
from symparams.errors import Source, SymparamsError
from symparams.language import names_in, parse_expression, tree
from symparams.search import OPERATORS, Budget


class Limit(SizeRecord):
    """A budget as it is written: ``left sign right``, both sides sizes of the model.

    ``says`` are the words of both sides.
    """

    left: Size
    sign: str
    right: Size
    says: tuple[str, str]

    @property
    def written(self) -> str:
        """The budget as a line of text."""
        return f"{self.says[0]} {self.sign} {self.says[1]}"

    @property
    def budget(self) -> Budget:
        """The same as the engine reads it: a size against a number."""
        left, right = self.says
        if not isinstance(self.right, Polynomial):
            return Budget(self.left, self.sign, self.right, left)
        if not isinstance(self.left, Polynomial):
            return Budget(self.right, TURNED[self.sign], self.left, right)
        return Budget(self.left - self.right, self.sign, 0, f"{left} - ({right})")


#: A sign as it is read from the right.
TURNED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}


class BudgetReading(FormulaReading):
    """Reads comparisons of formulas about a network."""

    def limit(self, source: Source) -> Limit:
        """Return a text that must compare two sizes.

        Raises:
            SymparamsError: it does not compare, or with a sign no budget has.
        """
        node = parse_expression(source)
        while isinstance(node, tree.Group):
            node = node.body
        if not isinstance(node, tree.Compare):
            raise SymparamsError("a budget compares", node.span, 'as in "params <= 7B"')
        if node.op not in OPERATORS:
            raise SymparamsError(
                f"a budget has one of {' '.join(OPERATORS)}, not {node.op}", node.span
            )
        self.names = names_in(node)
        return Limit(
            self.whole(node.left),
            node.op,
            self.whole(node.right),
            (node.left.span.text, node.right.span.text),
        )
