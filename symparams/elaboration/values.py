"""The kinds of values the language has, and what they are called in errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from symparams.algebra import Condition, NamedValue, Polynomial, Size
from symparams.errors import SymparamsError
from symparams.language import tree
from symparams.network import Flow, Net, Node
from symparams.records import Record


class Tensor(Record):
    """A value with a shape, and the network that computes it."""

    node: Node

    @property
    def signal(self) -> Flow:
        """Its shape."""
        return self.node.output


class Word(Record):
    """``same``, ``causal``, ``concat``."""

    id: str


class Chosen(Record):
    """One of the words of a domain: which, or the symbol of a parameter that is one of them."""

    size: Size
    words: tuple[NamedValue, ...]


#: The most values that a list or a bundle holds, those of lists inside it counted too.
MOST_HELD = 100_000


class _Holding(Record):
    """Values in a row; what doubles an argument again and again is stopped here."""

    items: tuple[Any, ...]
    noun: ClassVar[str]

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        held = sum(i.held if isinstance(i, _Holding) else 1 for i in self.items)
        if held > MOST_HELD:
            raise SymparamsError(f"{self.noun} of more than {MOST_HELD:,} values")
        self.__dict__["_held"] = held

    @property
    def held(self) -> int:
        """How many values there are, those of lists inside counted too."""
        found: int = self.__dict__["_held"]
        return found


class Several(_Holding):
    """A bundle ``(a, b)`` of values kept apart; a row of a table."""

    noun = "a bundle"


class Listed(_Holding):
    """A list ``[3, 4, 6, 3]``."""

    noun = "a list"


class Template(Record):
    """A kind, block or model by its name, not called yet; ``made`` calls it."""

    name: str
    target: Any

    def named_in(self, inside: tuple[tree.SyntaxNode, ...]) -> Template:
        """Return the template as the text of these definitions names it.

        One that was named before, and passed on, stays what it was.
        """
        if getattr(self.target, "named_in", ()) is not None:
            return self
        return self.but(target=replace(self.target, named_in=inside))


class Partial(Template):
    """A call that still needs arguments: a template that has some of them.

    ``missing`` says what, where it is used as it is.
    """

    missing: str


class Layout(Record):
    """How a matrix is kept: its bytes, from its inputs and outputs."""

    name: str
    bytes_of: Callable[[Size, Size], Size]


_Told: TypeAlias = "Word | Chosen | Layout | Condition | bool | None"
Value: TypeAlias = "Size | Net | Tensor | Several | Listed | Template | _Told"


def describe(value: Value) -> str:
    """Return what a value is, with its article, for errors."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "a flag"
    if isinstance(value, int | Fraction | Polynomial):
        return "a size"
    if isinstance(value, Net):
        return "a net"
    if isinstance(value, Template):
        return f"the {value.target.noun} '{value.name}'"
    if isinstance(value, Layout):
        return f"the layout '{value.name}'"
    return {
        Tensor: "a tensor",
        Word: "a word",
        Chosen: "a word",
        Several: "a bundle",
        Listed: "a list",
        Condition: "a truth value",
    }[type(value)]


def is_size(value: Value) -> bool:
    """Tell whether a value is a size (a flag is not, though Python calls it an int)."""
    return isinstance(value, int | Fraction | Polynomial) and not isinstance(value, bool)


def is_number(value: Value) -> bool:
    """Tell whether a value is a size without symbols."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)
