"""Layouts: in how many bytes a matrix is kept, as the text says.

``measure nf4(block = 64) on [i, o] = …`` is a measure of a matrix of i inputs
and o outputs, in bytes; ``precision(net, nf4)`` keeps those of a net so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symparams.algebra import POSITIVE, Size
from symparams.elaboration.blocks import bound, completed
from symparams.elaboration.conditionals import demand
from symparams.elaboration.patterns import axis_names
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Layout, Template, Value
from symparams.errors import SymparamsError
from symparams.language import tree
from symparams.network import Signal, used


@dataclass(frozen=True, eq=False)
class LayoutTarget:
    """A measure of a matrix, with the names around its definition."""

    written: tree.MeasureDefinition
    scope: Scope
    noun: ClassVar[str] = "layout"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        written, inner = self.written, self.scope.inner()
        what = f"layout '{written.name}'"
        values = bound(evaluator, node, scope, written.parameters, what, {})
        made = completed(
            evaluator, values, written.parameters, inner, what, {}, node.span, POSITIVE
        )
        if made.missing:
            raise SymparamsError(made.missing, node.span)

        def bytes_of(inputs: Size, outputs: Size) -> Size:
            (pattern,) = written.patterns
            names = axis_names(pattern, Signal((inputs, outputs)), evaluator.run)
            try:
                if names is None:
                    told = f"{what} is not of a matrix of {inputs} inputs and {outputs} outputs"
                    raise SymparamsError(told, pattern.span)
                deeper = inner.inner(names)
                for condition in written.where:
                    demand(evaluator, condition, deeper)
                return evaluator.size(written.body, deeper, "the bytes of a matrix")
            except SymparamsError as error:
                raise used(error, written.name, node.span) from None

        return Layout(written.name, bytes_of)


def layout_named(written: tree.MeasureDefinition, scope: Scope) -> Template:
    """Return the layout that a definition says.

    Raises:
        SymparamsError: what it is of is no matrix.
    """
    pattern = written.patterns[0]
    if len(written.patterns) > 1 or len(pattern.axes) != 2:
        raise SymparamsError(
            "a measure is of a model, or of a matrix of inputs and outputs",
            pattern.span,
            f"write 'measure {written.name} on [i, o] = …' for its bytes",
        )
    return Template(written.name, LayoutTarget(written, scope))
