"""Names and default lines as they stand at one place of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from symparams.elaboration.values import Value
from symparams.errors import Span
from symparams.language import tree
from symparams.records import Record


class DefaultLine(Record):
    """One option of a ``default`` line, and where the line stands.

    ``origin`` is the convention's name, or ``""`` for a line of the user's own.
    ``about`` is the definition that it speaks of; None of a built-in kind, and of a
    convention, whose lines are of the library's blocks.
    """

    value: tree.Expression
    scope: Scope
    span: Span
    origin: str
    about: tree.SyntaxNode | None = None


#: kind → option → line
Defaults = Mapping[str, Mapping[str, DefaultLine]]


@dataclass
class Scope:
    """A layer of names over the ones around it.

    Attributes:
        names: what is bound here.
        parent: the names around.
        defaults: the default lines that hold here.
        axes: axis names that ``on`` gave, with their places.
        free: makes a symbol of an unknown name (one-line sources), or None.
        inside: the definitions whose bodies the text here is part of, by way of
            those that they use, the outermost first.
    """

    parent: Scope | None = None
    names: dict[str, Value] = field(default_factory=dict)
    defaults: Defaults = field(default_factory=dict)
    free: Callable[[str], Value] | None = None
    axes: dict[str, int] = field(default_factory=dict)
    inside: tuple[tree.SyntaxNode, ...] = ()

    def axis(self, name: str) -> int | None:
        """Return the place of an axis by its name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.axes:
                return scope.axes[name]
            scope = scope.parent
        return None

    def inner(self, names: Mapping[str, Value] | None = None) -> Scope:
        """Return a scope inside this one."""
        return Scope(self, dict(names or {}), self.defaults, self.free, inside=self.inside)

    def binds(self, name: str) -> bool:
        """Tell whether ``name`` is bound here or around."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.parent
        return False

    def get(self, name: str) -> Value:
        """Return the value of a bound name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        raise KeyError(name)

    def all_names(self) -> Iterator[str]:
        """Yield every bound name, for suggestions."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.names
            scope = scope.parent

    def default(self, kind: str, option: str) -> DefaultLine | None:
        """Return the default line for an option of a kind."""
        return self.defaults.get(kind, {}).get(option)


def with_default(defaults: Defaults, kind: str, option: str, line: DefaultLine) -> Defaults:
    """Return ``defaults`` with one line more; what stood there before is replaced."""
    return {**defaults, kind: {**defaults.get(kind, {}), option: line}}
