"""Conditions as they are printed, read back by a reader of their own.

``n >= 3``, ``h % a == 0``, ``h/2 is an integer``, ``for all k in 0..n - 1: …``
and ``for s = 1`` become the conditions of :mod:`.sizes`; nothing of the
product reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.properties.whole.sizes import (
    Arith,
    Between,
    Comparing,
    Either,
    Element,
    Exact,
    Fn,
    Gathered,
    Items,
    Logic,
    Names,
    Negated,
    Num,
    Var,
    holds,
    of_any_size,
    value_of,
)

_WORD = re.compile(r"\s*(\.\.|[<>=!]=|//|\*\*|\d+(?:\.\d+)?|[^\W\d][\w#]*'*|[-+*/%^()\[\],:<>=])")
_SIGNS = ("==", "!=", "<", "<=", ">", ">=", "=")


class UnreadableCondition(Exception):
    """A condition that this reader cannot read."""


@dataclass(frozen=True)
class ForAll:
    """``for all index in first..last: condition``."""

    index: str
    items: Between
    condition: Any


class ConditionReading:
    """One reading, by descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        place = 0
        while text[place:].strip():
            found = _WORD.match(text, place)
            if found is None:
                raise UnreadableCondition(text)
            self.words.append(found[1])
            place = found.end()
        self.at = 0

    def now(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self, *wanted: str) -> bool:
        if self.words[self.at : self.at + len(wanted)] == list(wanted):
            self.at += len(wanted)
            return True
        return False

    def want(self, *wanted: str) -> None:
        if not self.take(*wanted):
            raise UnreadableCondition(f"{self.text}: no {' '.join(wanted)} at word {self.at}")

    # --- conditions ---

    def condition(self) -> Any:
        if self.take("for", "all"):
            index = self.now()
            self.at += 1
            self.want("in")
            items = self.items()
            self.want(":")
            return ForAll(index, items, self.condition())
        self.take("for")  # a size that took its default: `for s = 1`
        found = self.both()
        while self.take("or"):
            found = Logic("or", found, self.both())
        return found

    def both(self) -> Any:
        found = self.single()
        while self.take("and"):
            found = Logic("and", found, self.single())
        return found

    def single(self) -> Any:
        if self.take("not"):
            return Negated(self.single())
        before = self.at
        if self.take("("):  # of a condition, or of a size
            try:
                inner = self.condition()
                self.want(")")
            except UnreadableCondition:
                inner = None
            if inner is not None and self.now() in ("", "and", "or", ")", ",", "then"):
                return inner
            self.at = before
        left = self.sum()
        if self.take("is", "an", "integer"):
            return Comparing("==", Arith("%", left, Num(1)), Num(0))
        sign = self.now()
        if sign not in _SIGNS:
            raise UnreadableCondition(self.text)
        self.at += 1
        return Comparing("==" if sign == "=" else sign, left, self.sum())

    # --- sizes ---

    def sum(self) -> Any:
        found = self.product()
        while self.now() in ("+", "-"):
            op = self.now()
            self.at += 1
            found = Arith(op, found, self.product())
        return found

    def product(self) -> Any:
        found = self.signed()
        while self.now() in ("*", "/", "//", "%"):
            op = self.now()
            self.at += 1
            found = Arith(op, found, self.signed())
        return found

    def signed(self) -> Any:
        if self.take("-"):
            return Arith("-", Num(0), self.signed())
        base = self.single_size()
        if self.now() in ("^", "**"):
            self.at += 1
            return Arith("^", base, self.signed())
        return base

    def single_size(self) -> Any:
        word = self.now()
        self.at += 1
        if word == "(":
            found = self.chosen() if self.take("if") else self.sum()
            self.want(")")
        elif word == "[":
            found = self.bracketed()
        elif word[:1].isdigit():
            return Num(_number(word))
        elif re.match(r"[^\W\d]", word):
            found = self.call(word) if self.take("(") else Var(word)
        else:
            raise UnreadableCondition(self.text)
        while self.take("["):
            found = Element(found, self.sum())
            self.want("]")
        return found

    def bracketed(self) -> Any:
        """A list, or an indicator ``[n = 3]``: 1 where it is so, 0 elsewhere."""
        before = self.at
        try:
            return Items(tuple(self.listed("]")))
        except UnreadableCondition:
            self.at = before
        condition = self.single()
        self.want("]")
        return Either(condition, Num(1), Num(0))

    def chosen(self) -> Any:
        condition = self.condition()
        self.want("then")
        one = self.sum()
        self.want("else")
        return Either(condition, one, self.sum())

    def call(self, name: str) -> Any:
        first = self.sum()
        if self.take("for"):
            index = self.now()
            self.at += 1
            self.want("in")
            items = self.items()
            self.want(")")
            return Gathered(name, first, index, items)
        return Fn(name, (first, *(self.listed(")") if self.take(",") else self.end())))

    def end(self) -> tuple[Any, ...]:
        self.want(")")
        return ()

    def listed(self, close: str) -> list[Any]:
        found = [self.sum()]
        while self.take(","):
            found.append(self.sum())
        self.want(close)
        return found

    def items(self) -> Any:
        first = self.sum()
        return Between(first, self.sum()) if self.take("..") else first


def _number(word: str) -> Any:
    value = Fraction(word)
    return value.numerator if value.denominator == 1 else value


def read(text: str) -> Any:
    """A printed condition; ``…, where f = 2*n`` says besides what a name in it stands for.

    Raises:
        UnreadableCondition: it is of no form that is known here.
    """
    reading = ConditionReading(text)
    found = reading.condition()
    if reading.take(",", "where"):
        found = Logic("and", found, reading.condition())
        while reading.take(","):
            found = Logic("and", found, reading.condition())
    if reading.now():
        raise UnreadableCondition(text)
    return found


def size_printed(text: str, names: Names) -> Exact:
    """The value of a printed size at a point.

    Raises:
        UnreadableCondition: it is of no form that is known here.
        KeyError: it names what is no size of the source.
        Broken: it has no value.
    """
    reading = ConditionReading(text)
    found = reading.sum()
    if reading.now():
        raise UnreadableCondition(text)
    with of_any_size():
        return value_of(found, names)  # type: ignore[no-any-return]


def is_met(condition: Any, names: Names) -> bool:
    """Whether a printed condition holds at a point.

    Raises:
        KeyError: it names what is no size of the source.
        Broken: a side of it has no value.
    """
    if isinstance(condition, ForAll):
        passes = value_of(condition.items, names)
        return all(is_met(condition.condition, {**names, condition.index: k}) for k in passes)
    return holds(condition, names)
