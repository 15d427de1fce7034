"""The kinds of values the language has, and what they are called in errors."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from symparams.algebra import Polynomial, Size, text
from symparams.algebra.conditions import Condition
from symparams.errors import Span

if TYPE_CHECKING:
    from symparams.model.nets import Net
    from symparams.model.network import Node


@dataclass(frozen=True, slots=True)
class Signal:
    """What travels between layers: axes without batch, channels last.

    ``tokens`` marks integers, which only an embedding takes.
    """

    axes: tuple[Size, ...]
    tokens: bool = False

    def described(self) -> str:
        """The shape in words: ``a vector of 8``, ``a sequence of 10 x h``."""
        if self.tokens:
            return str(self)
        names = {1: "a vector of", 2: "a sequence of", 3: "an image of"}
        if not self.axes:
            return "a scalar"
        return f"{names.get(len(self.axes), 'an array of')} {shape_text(self.axes)}"

    def __str__(self) -> str:
        if self.tokens:
            return f"tokens({', '.join(map(text, self.axes))})"
        return shape_text(self.axes)


def shape_text(axes: tuple[Size, ...]) -> str:
    """``224x224x64``; formulas in parentheses where they need them; ``1`` of no axes."""
    shown = [text(a) for a in axes]
    if all(s.isalnum() for s in shown):
        # 2xh is readable, axb is not: letters keep a space around.
        joint = "x" if all(s.isdigit() for s in shown) else " x "
        return joint.join(shown) or "scalar"
    return " x ".join(s if " " not in s else f"({s})" for s in shown)


@dataclass(frozen=True, slots=True)
class Tensor:
    """A value with a shape, and the network that computes it."""

    node: Node

    @property
    def signal(self) -> Signal:
        """Its shape."""
        return self.node.output


@dataclass(frozen=True, slots=True)
class Word:
    """``same``, ``causal``, ``concat``."""

    id: str


@dataclass(frozen=True, slots=True)
class Several:
    """A bundle ``(a, b)`` of values kept apart; a row of a table."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list ``[3, 4, 6, 3]``."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A kind, block or model by its name, not called yet; ``made`` calls it."""

    name: str
    target: Any


Value: TypeAlias = "Size | Net | Tensor | Word | Several | Listed | Template | Condition | bool | None"


def describe(value: Value) -> str:
    """What a value is, with its article, for errors."""
    from symparams.model.nets import Net

    if isinstance(value, bool) or value is None:
        return "a flag"
    if isinstance(value, int | Fraction | Polynomial):
        return "a size"
    if isinstance(value, Net):
        return "a net"
    if isinstance(value, Template):
        return f"the {value.target.noun} '{value.name}'"
    return {
        Tensor: "a tensor",
        Word: "a word",
        Several: "a bundle",
        Listed: "a list",
        Condition: "a truth value",
    }[type(value)]


def is_size(value: Value) -> bool:
    """Whether a value is a size (a flag is not, though Python calls it an int)."""
    return isinstance(value, int | Fraction | Polynomial) and not isinstance(value, bool)


def is_number(value: Value) -> bool:
    """Whether a value is a size without symbols."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Applied:
    """A default that a layer took because the call did not say: from which line."""

    option: str
    shown: str
    span: Span
    origin: str
