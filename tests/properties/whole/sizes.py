"""Sizes, conditions and lists of a drawn source: their text, and their value at a point.

The values are worked out here, in Python's integers and fractions: nothing of
the product is asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

Exact: TypeAlias = int | Fraction
#: Name → its value where a part of a source stands.
Names: TypeAlias = Mapping[str, Any]

#: Above this, a number of a source is of no interest here.
LARGEST = 10**12
_largest = [LARGEST]


class Broken(Exception):
    """A source has no value at a point: it must be an error there."""


class TooLarge(Exception):
    """A source would take too many layers, or too large numbers, at a point."""


def exact(value: Exact) -> Exact:
    """A fraction that is whole as an int; too large a number is refused."""
    if abs(value) > _largest[-1]:
        raise TooLarge(str(value))
    return value.numerator if value.denominator == 1 else value


@contextmanager
def of_any_size() -> Iterator[None]:
    """Values of any size: a formula of high degree passes through large ones to a small one."""
    _largest.append(10**300)
    try:
        yield
    finally:
        _largest.pop()


def whole(value: Exact, what: str, least: int = 1) -> int:
    """A value that must be a whole number, and not below the least."""
    if value.denominator != 1 or value < least:
        raise Broken(f"{what} is {value}")
    return int(value)


# --- sizes -----------------------------------------------------------------


@dataclass(frozen=True)
class Num:
    """A number."""

    value: Exact


@dataclass(frozen=True)
class Var:
    """A name, of a size or of a list."""

    name: str


@dataclass(frozen=True)
class Arith:
    """``left op right``; op is one of ``+ - * / // % ^``."""

    op: str
    left: Any
    right: Any


@dataclass(frozen=True)
class Fn:
    """``min(a, b)``, ``ceil(a)``, ``round_up(a, b)``, …"""

    name: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Gathered:
    """``sum(body for index in items)``; also ``min`` and ``max``."""

    name: str
    body: Any
    index: str
    items: Any


@dataclass(frozen=True)
class Either:
    """``(if condition then first else second)``, of sizes."""

    condition: Any
    first: Any
    second: Any


@dataclass(frozen=True)
class Element:
    """``items[place]``."""

    items: Any
    place: Any


# --- lists -----------------------------------------------------------------


@dataclass(frozen=True)
class Items:
    """``[a, b, c]``."""

    items: tuple[Any, ...]


@dataclass(frozen=True)
class Pair:
    """A row ``(a, b)`` of a list."""

    first: Any
    second: Any


@dataclass(frozen=True)
class Between:
    """``first..last``."""

    first: Any
    last: Any


@dataclass(frozen=True)
class Mapped:
    """``[body for index in items]``, of sizes."""

    body: Any
    index: str
    items: Any


# --- conditions ------------------------------------------------------------


@dataclass(frozen=True)
class Comparing:
    """``left op right``; op is one of ``== != < <= > >=``."""

    op: str
    left: Any
    right: Any


@dataclass(frozen=True)
class Logic:
    """``left and right``, or ``or``."""

    op: str
    left: Any
    right: Any


@dataclass(frozen=True)
class Negated:
    """``not (condition)``."""

    condition: Any


# --- text ------------------------------------------------------------------


def number(value: Exact) -> str:
    """A number as text; a fraction as its quotient."""
    if value.denominator == 1:
        return str(value) if value >= 0 else f"(-{-value})"
    return f"({value.numerator}/{value.denominator})"


def said(part: Any) -> str:
    """A size, a list or a condition as text."""
    match part:
        case Num(value):
            return number(value)
        case Var(name):
            return name
        case Arith(op, left, right):
            return f"{operand(left)} {op} {operand(right)}"
        case Fn(name, args):
            return f"{name}({', '.join(map(said, args))})"
        case Gathered(name, body, index, items):
            return f"{name}({said(body)} for {index} in {said(items)})"
        case Either(condition, first, second):
            return f"(if {said(condition)} then {said(first)} else {said(second)})"
        case Element(items, place):
            return f"{said(items)}[{said(place)}]"
        case Items(items):
            return f"[{', '.join(map(said, items))}]"
        case Pair(first, second):
            return f"({said(first)}, {said(second)})"
        case Between(first, last):
            return f"{said(first)}..{said(last)}"
        case Mapped(body, index, items):
            return f"[{said(body)} for {index} in {said(items)}]"
        case Comparing(op, left, right):
            return f"{said(left)} {op} {said(right)}"
        case Logic(op, left, right):
            return f"({said(left)}) {op} ({said(right)})"
        case Negated(condition):
            return f"not ({said(condition)})"
    raise TypeError(type(part).__name__)


def operand(part: Any) -> str:
    """A size as it stands beside an operator."""
    return f"({said(part)})" if isinstance(part, Arith) else said(part)


# --- values ----------------------------------------------------------------


def value_of(part: Any, names: Names) -> Any:
    """The value of a size (an exact number) or of a list (a tuple).

    Raises:
        Broken: it has none.
        TooLarge: it is of no interest.
    """
    match part:
        case Num(value):
            return value
        case Var(name):
            return names[name]
        case Arith(op, left, right):
            return _arithmetic(op, value_of(left, names), value_of(right, names))
        case Fn(name, args):
            return _function(name, [value_of(a, names) for a in args])
        case Gathered(name, body, index, items):
            values = [value_of(body, {**names, index: item}) for item in value_of(items, names)]
            if name == "sum":
                return exact(sum(values))
            return _function(name, values)
        case Either(condition, first, second):
            return value_of(first if holds(condition, names) else second, names)
        case Element(items, place):
            listed, k = value_of(items, names), value_of(place, names)
            if k.denominator != 1 or not -len(listed) <= k < len(listed):
                raise Broken(f"no element {k} of {len(listed)}")
            return listed[int(k)]
        case Items(items):
            return tuple(value_of(i, names) for i in items)
        case Pair(first, second):
            return (value_of(first, names), value_of(second, names))
        case Between(first, last):
            low = whole(value_of(first, names), "where a range starts", -LARGEST)
            high = whole(value_of(last, names), "where a range ends", -LARGEST)
            if high - low > 1000:
                raise TooLarge(f"{low}..{high}")
            return tuple(range(low, high + 1))
        case Mapped(body, index, items):
            return tuple(value_of(body, {**names, index: i}) for i in value_of(items, names))
    raise TypeError(type(part).__name__)


def _arithmetic(op: str, a: Exact, b: Exact) -> Exact:
    if op in ("/", "//", "%") and b == 0:
        raise Broken("division by zero")
    if op == "^":
        if b.denominator != 1 or abs(b) > 40:
            raise TooLarge(f"{a}^{b}")
        if a == 0 and b < 0:
            raise Broken("division by zero")
        return exact(Fraction(a) ** int(b))
    made: Exact
    match op:
        case "+":
            made = a + b
        case "-":
            made = a - b
        case "*":
            made = a * b
        case "/":
            made = Fraction(a) / b
        case "//":
            made = math.floor(Fraction(a) / b)
        case "%":
            made = a - b * math.floor(Fraction(a) / b)
        case _:
            raise ValueError(op)
    return exact(made)


def _function(name: str, args: list[Exact]) -> Exact:
    match name, args:
        case (("min" | "max"), []):
            raise Broken(f"{name} of nothing")
        case "min", _:
            return min(args)
        case "max", _:
            return max(args)
        case "floor", [x]:
            return math.floor(x)
        case "ceil", [x]:
            return math.ceil(x)
        case "round", [x]:
            return math.floor(x + Fraction(1, 2))
        case "round_up", [x, m]:
            if m == 0:
                raise Broken("division by zero")
            return exact(math.ceil(Fraction(x) / m) * m)
        case "make_divisible", [x, d]:
            if d <= 0:
                raise Broken("make_divisible by nothing")
            nearest = max(d, math.floor((x + Fraction(d) / 2) / d) * d)
            return exact(nearest + d if nearest < Fraction(9, 10) * x else nearest)
    raise ValueError(name)


def holds(condition: Any, names: Names) -> bool:
    """Whether a condition holds; ``and`` and ``or`` stop where the answer is known.

    Raises:
        Broken: a side of it has no value.
    """
    match condition:
        case Comparing(op, left, right):
            a, b = value_of(left, names), value_of(right, names)
            return {
                "==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b,
            }[op]  # fmt: skip
        case Logic("and", left, right):
            return holds(left, names) and holds(right, names)
        case Logic("or", left, right):
            return holds(left, names) or holds(right, names)
        case Negated(inner):
            return not holds(inner, names)
    raise TypeError(type(condition).__name__)
