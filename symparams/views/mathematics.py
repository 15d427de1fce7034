"""Sizes, forms and cells as a tree of mathematics, before any notation: LaTeX, Typst, MathML."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeGuard

from symparams.algebra import (
    AppliedFunction,
    Atom,
    Condition,
    Exponential,
    Floor,
    Form,
    FormLeaf,
    Indicator,
    Monomial,
    NamedValue,
    Number,
    Order,
    Plus,
    Polynomial,
    Raised,
    Size,
    Symbol,
    Times,
    collect,
    is_sum,
    of_atom,
    ordered,
    symbols_of,
    terms_of,
)
from symparams.language import Letters, MathNode, MathRow, OwnCommand, Scripted
from symparams.network import Bundled, Flow, Signal
from symparams.views.cells import (
    Cell,
    Copies,
    Equation,
    Over,
    Phrase,
    PlusMinus,
    Relation,
    Root,
    Stated,
    SumOver,
)
from symparams.views.signs import RELATIONS, TESTS
from symparams.views.typeset_names import Naming

#: A term of a sum: whether a minus stands before it, and the rest.
SignedTerm = tuple[bool, MathNode]


@dataclass(frozen=True, slots=True)
class Digits(MathNode):
    """A natural number; every notation sets its separators."""

    number: int


@dataclass(frozen=True, slots=True)
class Sign(MathNode):
    """An operator, a relation or a punctuation mark; a key of :data:`SIGNS`."""

    name: str


@dataclass(frozen=True, slots=True)
class ThinSpace(MathNode):
    """What stands between factors."""


@dataclass(frozen=True, slots=True)
class WideSpace(MathNode):
    """What stands between a formula and a remark."""


@dataclass(frozen=True, slots=True)
class Stacked(MathNode):
    """A fraction."""

    above: MathNode
    below: MathNode


@dataclass(frozen=True, slots=True)
class Radical(MathNode):
    """A root."""

    degree: int
    inner: MathNode


@dataclass(frozen=True, slots=True)
class Fenced(MathNode):
    """Something between brackets; ``fence`` is ``round``, ``floor``, ``set`` or
    ``square``.
    """

    inner: MathNode
    fence: str = "round"


@dataclass(frozen=True, slots=True)
class OperatorName(MathNode):
    """A function, as ``min``; ``latex`` is its operator there, where it has one."""

    name: str
    latex: str = ""


@dataclass(frozen=True, slots=True)
class Summed(MathNode):
    """The sign of a sum with what stands below and above it."""

    first: MathNode
    last: MathNode


@dataclass(frozen=True, slots=True)
class HalfBracket(MathNode):
    """One bracket whose partner stands on another line; ``size`` is 0 to 4."""

    opens: bool
    size: int
    fence: str = "round"


def row(*items: MathNode) -> MathNode:
    """Return nodes in a row; rows inside are taken apart, and words side by side are joined."""
    flat: list[MathNode] = []
    for item in items:
        for one in item.items if isinstance(item, MathRow) else (item,):
            last = flat[-1] if flat else None
            if _is_text(one) and _is_text(last):
                flat[-1] = words(last.text + one.text)
            elif one != Letters("", "text"):
                flat.append(one)
    return flat[0] if len(flat) == 1 else MathRow(tuple(flat))


def sum_of(terms: Iterable[SignedTerm]) -> MathNode:
    """Return terms joined by plus and minus."""
    items: list[MathNode] = []
    for negative, node in terms:
        if negative or items:
            items.append(Sign("minus" if negative else "plus"))
        items.append(node)
    return row(*items)


def _is_text(node: MathNode | None) -> TypeGuard[Letters]:
    return isinstance(node, Letters) and node.font == "text" and " " in node.text


def words(text: str) -> MathNode:
    """Return words, set upright."""
    return Letters(text, "text")


class MathSetter:
    """Makes trees; ``naming`` gives the symbols their notations, ``order`` the terms theirs."""

    def __init__(self, naming: Naming | None = None, order: Order = ()) -> None:
        self.naming = naming or Naming()
        self.order = order

    # --- cells ---

    def cell(self, cell: Cell) -> MathNode | None:
        """Return a cell as mathematics, or None where it is words."""
        match cell:
            case int() | Fraction() | Polynomial() | Form():
                return self.formula(cell)
            case Signal() | Bundled():
                return self.flow(cell)
            case Equation():
                return row(*self._equation(cell))
            case Copies():
                return row(Sign("times"), self._bracketed(cell.times))
            case Relation():
                left, right = self.formula(cell.left), self.formula(cell.right)
                return row(left, Sign(RELATIONS[cell.sign]), right)
            case Condition():
                return self.condition(cell)
            case Stated():
                return self.cell(cell.maths)
            case _:
                return None

    def sides(self, equation: Equation) -> list[list[SignedTerm]]:
        """Return the sides of an equation, each as its terms.

        The last side is the result: only what leads to it is written with dots.
        """
        *before, last = equation.sides
        return [*(self.terms(side, True) for side in before), self.terms(last)]

    def _equation(self, equation: Equation) -> Iterator[MathNode]:
        for k, side in enumerate(self.sides(equation)):
            if k:
                yield Sign("eq")
            yield sum_of(side)

    def in_line(self, cell: Cell) -> MathNode:
        """Return any cell as mathematics, words set upright."""
        if isinstance(cell, Phrase):
            return row(*map(self.in_line, cell.pieces))
        cell = cell.maths if isinstance(cell, Stated) else cell
        found = self.cell(cell)
        return found if found is not None else words(str(cell or ""))

    def flow(self, flow: Flow) -> MathNode:
        """Return a shape: sizes with crosses between."""
        if isinstance(flow, Bundled):
            return Fenced(self._listed([self.flow(item) for item in flow.items]))
        if flow.tokens:
            inside = self._listed([self.size(axis) for axis in flow.axes])
            return row(Letters("tokens", "rm"), Fenced(inside))
        items: list[MathNode] = []
        for axis in flow.axes:
            items += [Sign("times")] * bool(items)
            items.append(self._bracketed_sum(axis))
        return row(*items) if items else Letters("scalar", "rm")

    def _listed(self, nodes: Sequence[MathNode]) -> MathNode:
        items: list[MathNode] = []
        for node in nodes:
            items += [Sign("comma")] * bool(items)
            items.append(node)
        return row(*items)

    def _bracketed(self, formula: Form | Size) -> MathNode:
        if not isinstance(formula, Form):
            return self._bracketed_sum(formula)
        node = self.formula(formula)
        return Fenced(node) if is_sum(formula) else node

    def _bracketed_sum(self, size: Size) -> MathNode:
        node = self.size(size)
        return Fenced(node) if len(terms_of(size)) > 1 else node

    # --- conditions ---

    def condition(self, condition: Condition, holds: bool = True) -> MathNode:
        """Return a condition; with ``holds=False`` its denial."""
        op = condition.op
        if op == "not":
            return self.condition(condition.parts[0], not holds)
        if op in ("and", "or"):
            word = "and" if (op == "and") is holds else "or"
            items: list[MathNode] = []
            for part in condition.parts:
                items += [words(f" {word} ")] * bool(items)
                inner = self.condition(part, holds)
                mixed = part.op in ("and", "or") and part.op != op
                items.append(Fenced(inner) if mixed else inner)
            return row(*items)
        if op in ("true", "false"):
            return words("always" if (op == "true") is holds else "never")
        if op == "integer":
            return self._divides(condition.size, holds)
        if op == "zero" and (found := self._congruence(condition.size, holds)) is not None:
            return found
        terms = terms_of(condition.size)
        left = collect({m: c for m, c in terms.items() if c > 0})
        right = collect({m: -c for m, c in terms.items() if c < 0})
        if not left and right and op == "zero":
            left, right = right, left
        sign = Sign(TESTS[op][0 if holds else 1])
        return row(self.size(left), sign, self.size(right))

    def _divides(self, size: Size, holds: bool) -> MathNode:
        """Return ``a | h`` where a single term is an integer, else the same in words."""
        terms = terms_of(size)
        if len(terms) == 1:
            ((monomial, coefficient),) = terms.items()
            above = collect({tuple(p for p in monomial if p[1] > 0): coefficient.numerator})
            lower = tuple((a, -e) for a, e in monomial if e < 0)
            below = collect({lower: coefficient.denominator})
            if below != 1:
                sign = Sign("mid" if holds else "nmid")
                return row(self.size(below), sign, self.size(above))
        told = " is an integer" if holds else " is not an integer"
        return row(self.size(size), words(told))

    def _congruence(self, size: Size, holds: bool) -> MathNode | None:
        """Return ``a | h`` where ``h - a*floor(h/a)`` is 0; None where it is no remainder."""
        for monomial, coefficient in terms_of(size).items():
            for atom, exponent in monomial:
                if not isinstance(atom, Floor) or exponent != 1:
                    continue
                divisor = collect({tuple(p for p in monomial if p[0] != atom): -coefficient})
                whole = atom.argument * divisor
                rest = whole - size - divisor * of_atom(atom)
                if isinstance(rest, Polynomial) or symbols_of(divisor) & symbols_of(rest):
                    continue
                if rest == 0:
                    sign = Sign("mid" if holds else "nmid")
                    return row(self.size(divisor), sign, self.size(whole))
                left = row(self._bracketed_sum(whole), words(" mod "), self.size(divisor))
                return row(left, Sign("eq" if holds else "ne"), self.size(rest))
        return None

    # --- sizes ---

    def formula(self, formula: Form | Size) -> MathNode:
        """Return a size, or a form of one."""
        return sum_of(self.terms(formula))

    def terms(self, formula: Form | Size, dots: bool = False) -> list[SignedTerm]:
        """Return the terms of a formula; with ``dots``, its products written as by hand."""
        if isinstance(formula, Form) and self.order:
            formula = formula.arranged(self.order)
        return self._terms(formula, dots)

    def _terms(self, formula: Form | Size, dots: bool = False) -> list[SignedTerm]:
        if not isinstance(formula, Form):
            return list(self._size_terms(formula, dots))
        if isinstance(formula, FormLeaf):
            return list(self._size_terms(formula.size, dots))
        if isinstance(formula, Plus):
            return [self._term_of_sum(term, dots) for term in formula.terms]
        if isinstance(formula, PlusMinus):
            return [(False, self._plus_minus(formula, dots))]
        return [self._signed(formula, dots)]

    def size(self, size: Size, dots: bool = False) -> MathNode:
        """Return a size, expanded."""
        return sum_of(self._size_terms(size, dots))

    def _size_terms(self, size: Size, dots: bool) -> Iterator[SignedTerm]:
        for monomial, coefficient in ordered(size, self.order):
            positive = -coefficient if coefficient < 0 else coefficient
            yield coefficient < 0, self._term(monomial, positive, dots)

    def _term(self, monomial: Monomial, coefficient: Number, dots: bool) -> MathNode:
        above: list[MathNode] = []
        below: list[MathNode] = []
        if coefficient.numerator != 1:
            above.append(Digits(coefficient.numerator))
        if coefficient.denominator != 1:
            below.append(Digits(coefficient.denominator))
        for atom, exponent in monomial:
            (above if exponent > 0 else below).append(self._power(atom, abs(exponent)))
        top = product_of(above, dots) if above else Digits(1)
        return Stacked(top, product_of(below, dots)) if below else top

    def _power(self, atom: Atom, exponent: int) -> MathNode:
        if isinstance(atom, Exponential):
            base = Digits(atom.base) if isinstance(atom.base, int) else self._power(atom.base, 1)
            return raised(base, self.size(atom.exponent * exponent))
        shown = self.atom(atom)
        return shown if exponent == 1 else raised(shown, Digits(exponent))

    def atom(self, atom: Atom) -> MathNode:
        """Return a symbol, or a function of sizes."""
        match atom:
            case Symbol():
                return self.naming(atom.name)
            case Floor():
                return Fenced(self._quotient(atom.argument), "floor")
            case Indicator():
                value = self._value(atom.value)
                return Fenced(row(self.size(atom.subject), Sign("eq"), value), "square")
            case AppliedFunction():
                inside = self._listed([self.size(a) for a in atom.arguments])
                return row(OperatorName(atom.function.name, atom.function.latex), Fenced(inside))
            case _:  # pragma: no cover - there are no more atoms
                raise TypeError(type(atom).__name__)

    def _value(self, value: Number) -> MathNode:
        """Return what a size is compared with: a number, or a word set upright."""
        return Letters(str(value), "rm") if isinstance(value, NamedValue) else self.size(value)

    def _quotient(self, size: Polynomial) -> MathNode:
        """Return one fraction: (H + 1)/2 rather than H/2 + 1/2."""
        below = math.lcm(*(c.denominator for c in size.terms.values()))
        if below == 1 or len(size.terms) == 1:
            return self.size(size)
        return Stacked(self.size(size * below), Digits(below))

    # --- forms ---

    def _form(self, form: Form, dots: bool) -> MathNode:
        return sum_of(self._terms(form, dots))

    def _term_of_sum(self, form: Form, dots: bool) -> SignedTerm:
        if is_sum(form):
            return False, Fenced(self._form(form, dots))
        return self._signed(form, dots)

    def _signed(self, form: Form, dots: bool) -> SignedTerm:
        """Return a form that is no sum, its minus apart."""
        match form:
            case FormLeaf():
                (found,) = self._size_terms(form.size, dots)
                return found
            case Times():
                return self._times(form, dots)
            case Raised():
                base = Fenced(self._form(form.base, dots))
                return False, raised(base, Digits(form.exponent))
            case Root():
                return False, Radical(form.degree, self._form(form.inner, dots))
            case Over():
                return False, Stacked(self._form(form.above, dots), self._form(form.below, dots))
            case SumOver():
                first = row(self.naming(form.index.name), Sign("eq"), self.size(form.first))
                inner = self._form(form.inner, dots)
                summed = Summed(first, self.size(form.last))
                return False, row(summed, Fenced(inner) if is_sum(form.inner) else inner)
            case _:
                raise TypeError(type(form).__name__)  # pragma: no cover - there are no more forms

    def _times(self, form: Times, dots: bool) -> SignedTerm:
        negative, factors = False, form.factors
        if len(factors) > 1 and factors[0] == FormLeaf(-1):
            negative, factors = True, factors[1:]
        shown: list[MathNode] = []
        for k, factor in enumerate(factors):
            terms = self._terms(factor, dots)
            if not k and len(terms) == 1 and terms[0][0]:
                negative, terms = not negative, [(False, terms[0][1])]
            node = sum_of(terms)
            nested = dots and isinstance(factor, Times)
            shown.append(Fenced(node) if is_sum(factor) or nested or terms[0][0] else node)
        return negative, product_of(shown, dots)

    def _plus_minus(self, form: PlusMinus, dots: bool) -> MathNode:
        items: list[MathNode] = []
        if form.plain != FormLeaf(0):
            items.append(self._form(form.plain, dots))
        items.append(Sign("pm"))
        if form.times != FormLeaf(1):
            factor = self._form(form.times, dots)
            items += [Fenced(factor) if is_sum(form.times) else factor, ThinSpace()]
        items.append(Radical(2, self._form(form.under, dots)))
        return row(*items)


def product_of(factors: Sequence[MathNode], dots: bool) -> MathNode:
    """Return factors with a dot between where digits would meet, or ``dots`` are asked for."""
    items: list[MathNode] = []
    for factor in factors:
        if items:
            items.append(Sign("cdot") if dots or begins_with_digit(factor) else ThinSpace())
        items.append(factor)
    return row(*items)


def begins_with_digit(node: MathNode) -> bool:
    """Tell whether the first sign of a node is a digit."""
    match node:
        case Digits():
            return True
        case Scripted():
            return begins_with_digit(node.base)
        case MathRow():
            return bool(node.items) and begins_with_digit(node.items[0])
    return False


def raised(base: MathNode, exponent: MathNode) -> MathNode:
    """Return a power; what has an exponent of its own gets brackets."""
    if isinstance(base, Scripted):
        if base.above is None:
            return Scripted(base.base, base.below, exponent)
        return Scripted(Fenced(base), None, exponent)
    if isinstance(base, MathRow | OwnCommand) and not _is_call(base):
        return Scripted(Fenced(base), None, exponent)
    return Scripted(base, None, exponent)


def _is_call(node: MathNode) -> bool:
    return isinstance(node, MathRow) and isinstance(node.items[0], OperatorName)
