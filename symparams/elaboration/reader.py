"""What the parts of a reading ask of each other: who reads, and what is read meanwhile."""

from __future__ import annotations

from collections.abc import Container, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from symparams.algebra import Condition, Size
from symparams.elaboration.scope import Defaults, Scope
from symparams.elaboration.values import Template, Tensor, Value
from symparams.errors import Span
from symparams.language import tree
from symparams.network import Bodies, Cell, Net, Node, ReferenceNode, Run, Signal, owned


@dataclass
class Body:
    """What is computed or owned while an expression of some body is read."""

    run: Run
    parts: list[Node] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    def closed(self, result: Node) -> Node:
        """Return the body with its result."""
        owners = [o for o in (owned(cell, self.run) for cell in self.cells) if o is not None]
        parts = (*owners, *self.parts)
        return Bodies(result.output, result.span, parts, result) if parts else result


class Reader(Protocol):
    """Who reads expressions; see :class:`~symparams.elaboration.evaluator.Evaluator`."""

    run: Run
    #: What can be called by name.
    built_in: Mapping[str, Any]
    #: What options may say.
    words: Container[str]
    #: The bodies being read, the innermost last.
    bodies: list[Body]
    #: The lines of the model's convention: they hold in library blocks too.
    convention: Defaults
    #: How deep braces stand in expressions.
    braces: int
    #: Braces in which all names were found to be used, by identity.
    checked: set[int]
    #: What a model in a chain takes for its inputs; None at the top.
    feed: list[ReferenceNode] | None

    def value(self, node: tree.Expression, scope: Scope) -> Value:
        """Return the value of an expression."""

    def hidden_by(self, node: tree.Expression, scope: Scope) -> str:
        """Return a hint where a name hides what its place needs."""

    def size(self, node: tree.Expression, scope: Scope, what: str = "a size") -> Size:
        """Return an expression that must be a size."""

    def as_size(self, value: Value, span: Span, what: str = "a size") -> Size:
        """Return a value that must be a size; ``what`` names what needs it."""

    def net(self, node: tree.Expression, scope: Scope) -> Net:
        """Return an expression that must be a net."""

    def as_net(self, value: Value, node: tree.Expression, scope: Scope) -> Net:
        """Return a value as a net."""

    def truth(self, node: tree.Expression, scope: Scope) -> Condition:
        """Return an expression that must be true, false or open."""

    def integer(self, node: tree.Expression, scope: Scope, what: str) -> int:
        """Return an expression that must be a number known at once."""

    def axis(self, node: tree.Expression, scope: Scope) -> Size:
        """Return a size of a shape: an integer, at least 1."""

    def items(self, node: tree.Expression, scope: Scope) -> tuple[Value, ...]:
        """Return the elements of a list or a range."""

    def passes(self, node: tree.Comprehension, scope: Scope) -> tuple[Value, ...]:
        """Return the values of a comprehension's body, one a pass."""

    def name_axes(self, pattern: tree.Pattern, signal: Signal, scope: Scope) -> None:
        """Bind the axes of ``y[h, w, c] = …``."""

    def body(self) -> AbstractContextManager[Body]:
        """Read a body: what is computed in it is kept in it."""

    def held(self, tensor: Tensor, name: str = "") -> Tensor:
        """Return a tensor that may be used several times: computed once, in the body that is
        read.
        """

    def block(self, written: tree.BlockDefinition, scope: Scope) -> Template:
        """Return a block defined inside braces."""

    def with_lines(self, defaults: Defaults, line: tree.Default, scope: Scope) -> Defaults:
        """Return the default lines with one more."""

    def suggestions(self, scope: Scope) -> list[str]:
        """Return the names that may have been meant."""
