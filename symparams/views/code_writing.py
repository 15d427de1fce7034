"""Formulas as expressions of programming languages, in whole numbers throughout.

A formula is a numerator over a denominator, both polynomials with whole coefficients: the
function divides once, at its end, and says where that leaves a rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm

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
    Plus,
    Raised,
    Size,
    Symbol,
    Times,
    collect,
    named,
    ordered,
    short,
    symbols_of,
    terms_of,
)
from symparams.errors import SymparamsError
from symparams.views.latex import shown_in_tex
from symparams.views.typeset_names import GREEK

#: How tightly an expression holds together: a sum, a product, a call or a name.
SUM, PRODUCT, ATOM = range(3)
_NOT_IN_NAMES = re.compile(r"\W+", re.ASCII)


@dataclass(frozen=True, slots=True)
class CodeExpression:
    """An expression of a language, and how tightly it holds together."""

    text: str
    level: int = ATOM

    def within(self, level: int) -> str:
        """Return the text, in brackets where it would come apart in its place."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True)
class FormulaCode:
    """A formula that becomes a function.

    Attributes:
        name: what the function is called.
        title: what it counts.
        formula: what it returns, in some form.
        total: the same as a size.
        parameters: the sizes it is a function of, in their order.
        conditions: what must hold for it to be true.
    """

    name: str
    title: str
    formula: Form
    total: Size
    parameters: tuple[Symbol, ...]
    conditions: tuple[Condition, ...]


class CodeWriter:
    """Writes expressions in the way of Python and C; a language says what it has otherwise.

    Args:
        parameters: the symbols of the formula.
        reserved: words of the language that no name can have.
    """

    #: What the format is called in errors.
    language = "code"
    #: The functions of sizes that the language, or a helper, has; ``make_divisible`` takes a
    #: numerator, a denominator and the divisor.
    functions: Mapping[str, str] = {}
    #: Whether names are told apart by the case of their letters.
    cased = True
    #: Whether a size may be a fraction.
    fractions = False

    def __init__(self, parameters: Sequence[Symbol], reserved: Iterable[str] = ()) -> None:
        self.names: dict[str, str] = {}
        taken = {self._key(word) for word in reserved}
        for symbol in parameters:
            if not symbol.integer and not self.fractions:
                raise SymparamsError(
                    f"'{symbol.name}' may be a fraction, and {self.language} counts in whole"
                    " numbers",
                    None,
                    f"set it, as in --set {symbol.name}=1",
                )
            name = self.spelled(symbol.name)
            while self._key(name) in taken:
                name += "_"
            taken.add(self._key(name))
            self.names[symbol.name] = name

    def _key(self, name: str) -> str:
        return name if self.cased else name.lower()

    def spelled(self, name: str) -> str:
        """Return a name in ASCII letters, digits and ``_``."""
        greek = "".join(GREEK.get(c, c) for c in named(name))
        plain = _NOT_IN_NAMES.sub("_", shown_in_tex(greek).replace("]", "")).strip("_")
        return f"_{plain}" if plain[:1].isdigit() or not plain else plain

    # --- what a language may say otherwise ---

    def integer(self, number: int) -> CodeExpression:
        """Return a natural number."""
        return CodeExpression(str(number))

    def sum(self, terms: Sequence[tuple[bool, CodeExpression]]) -> CodeExpression:
        """Return terms, each with whether it is taken away."""
        out = ""
        for negative, term in terms:
            shown = term.within(PRODUCT)
            if not out:
                out = f"-{shown}" if negative else shown
            else:
                out += f" - {shown}" if negative else f" + {shown}"
        single = len(terms) == 1 and not terms[0][0]
        return CodeExpression(out or "0", terms[0][1].level if single else SUM)

    def product(self, factors: Sequence[CodeExpression]) -> CodeExpression:
        """Return a product of one factor or more."""
        if len(factors) == 1:
            return factors[0]
        return CodeExpression("*".join(f.within(PRODUCT) for f in factors), PRODUCT)

    def power(self, base: CodeExpression, exponent: CodeExpression) -> CodeExpression:
        """Return a power with an exponent of 0 or more."""
        return self.call("power", [base, exponent])

    def floored(self, above: CodeExpression, below: CodeExpression) -> CodeExpression:
        """Return the floor of a quotient whose denominator is positive."""
        return self.call("floor", [above, below])

    def call(self, function: str, arguments: Sequence[CodeExpression]) -> CodeExpression:
        """Return a function of sizes.

        Raises:
            SymparamsError: the language has none like it.
        """
        if function not in self.functions:
            raise SymparamsError(f"{self.language} has no function '{function}'")
        shown = ", ".join(argument.text for argument in arguments)
        return CodeExpression(f"{self.functions[function]}({shown})")

    # --- formulas ---

    def pair(self, size: Size, form: Form | None = None) -> tuple[CodeExpression, CodeExpression]:
        """Return (numerator, denominator) of a size; ``form`` writes it where it is whole."""
        above, below = fraction(size)
        if below == 1 and form is not None and _is_whole(form):
            return self.form(form), self.integer(1)
        return self.form(short(above)), self.form(short(below))

    def form(self, form: Form) -> CodeExpression:
        """Return a form without a denominator."""
        if isinstance(form, Plus):
            return self.sum([self._signed(term) for term in form.terms])
        return self.sum([self._signed(form)]) if _negative(form) else self._unsigned(form)

    def _signed(self, form: Form) -> tuple[bool, CodeExpression]:
        if not _negative(form):
            return False, self._unsigned(form)
        if isinstance(form, FormLeaf):
            return True, self.size(-form.size)
        assert isinstance(form, Times)
        first, *others = form.factors
        assert isinstance(first, FormLeaf)
        positive = FormLeaf(-first.size)
        kept = others if positive == FormLeaf(1) and others else [positive, *others]
        return True, self.product([self.form(factor) for factor in kept])

    def _unsigned(self, form: Form) -> CodeExpression:
        match form:
            case FormLeaf():
                return self.size(form.size)
            case Plus():
                return self.form(form)
            case Raised():
                return self.power(self.form(form.base), self.integer(form.exponent))
            case Times():
                return self.product([self.form(factor) for factor in form.factors])
        raise TypeError(type(form).__name__)  # pragma: no cover - there are no more forms

    def size(self, size: Size) -> CodeExpression:
        """Return a size whose coefficients are whole, expanded."""
        return self.sum([(c < 0, self._term(m, abs(c))) for m, c in ordered(size)])  # type: ignore[arg-type]

    def _term(self, monomial: Monomial, coefficient: int) -> CodeExpression:
        factors = [] if coefficient == 1 and monomial else [self.integer(coefficient)]
        for atom, exponent in monomial:
            factors.append(self._power(atom, exponent))
        return self.product(factors)

    def _power(self, atom: Atom, exponent: int) -> CodeExpression:
        if isinstance(atom, Exponential):
            base = self.integer(atom.base) if isinstance(atom.base, int) else self.atom(atom.base)
            return self.power(base, self.size(atom.exponent * exponent))
        shown = self.atom(atom)
        return shown if exponent == 1 else self.power(shown, self.integer(exponent))

    def atom(self, atom: Atom) -> CodeExpression:
        """Return a symbol, or a function of sizes."""
        if isinstance(atom, Symbol):
            return CodeExpression(self.names[atom.name])
        if isinstance(atom, Floor):
            return self.floored(*self.pair(atom.argument))
        if isinstance(atom, Indicator):
            return self.indicator(atom)
        assert isinstance(atom, AppliedFunction)
        name = atom.function.name
        if name == "make_divisible":
            size, divisor = atom.arguments
            return self.call(name, [*self.pair(size), self._whole(divisor, name)])
        return self.call(name, [self._whole(argument, name) for argument in atom.arguments])

    def indicator(self, atom: Indicator) -> CodeExpression:
        """Return 1 where a size has a value, else 0."""
        above, below = self.pair(atom.subject)
        if isinstance(atom.value, NamedValue):
            return self.equal(above, self.word(atom.value))
        over, under = (self.integer(abs(n)) for n in atom.value.as_integer_ratio())
        left = above if atom.value.denominator == 1 else self.product([under, above])
        right = over if fraction(atom.subject)[1] == 1 else self.product([over, below])
        return self.equal(left, right if atom.value >= 0 else self.sum([(True, right)]))

    def word(self, value: NamedValue) -> CodeExpression:
        """Return what a parameter that is a word is compared with: its name, quoted."""
        return CodeExpression(f'"{value.word}"')

    def equal(self, left: CodeExpression, right: CodeExpression) -> CodeExpression:
        """Return 1 where two numbers are equal, else 0."""
        return CodeExpression(f"({left.within(PRODUCT)} == {right.within(PRODUCT)})")

    def _whole(self, size: Size, function: str) -> CodeExpression:
        above, below = self.pair(size)
        if fraction(size)[1] != 1:
            raise SymparamsError(
                f"{self.language} takes '{function}' of whole numbers only, not of {size}"
            )
        del below
        return above

    # --- conditions ---

    def broken(self, condition: Condition, signs: Mapping[str, str]) -> str:
        """Return the test that a condition does not hold.

        ``signs`` are the language's ``and``, ``or``, ``not``, ``==`` and ``!=``.
        """
        return self._test(condition, False, signs)

    def _test(self, condition: Condition, holds: bool, signs: Mapping[str, str]) -> str:
        op = condition.op
        if op == "not":
            return self._test(condition.parts[0], not holds, signs)
        if op in ("and", "or"):
            sign = signs["and" if (op == "and") is holds else "or"]
            return f" {sign} ".join(f"({self._test(p, holds, signs)})" for p in condition.parts)
        if op in ("true", "false"):
            zero = self.integer(0).text
            return f"{zero} {signs['==' if (op == 'true') is holds else '!=']} {zero}"
        above, below = self.pair(condition.size)
        if op == "integer":
            shown = self.remainder(above, below).text
            sign = signs["==" if holds else "!="]
        else:
            # The denominator is positive: all sizes are.
            shown = above.within(PRODUCT)
            sign = {
                "zero": (signs["!="], signs["=="]),
                "positive": ("<=", ">"),
                "nonnegative": ("<", ">="),
            }[op][holds]
        return f"{shown} {sign} {self.integer(0).text}"

    def remainder(self, above: CodeExpression, below: CodeExpression) -> CodeExpression:
        """Return what a division leaves."""
        return CodeExpression(f"{above.within(ATOM)} % {below.within(ATOM)}", PRODUCT)


def fraction(size: Size) -> tuple[Size, Size]:
    """Return (numerator, denominator), both with whole coefficients and without fractions.

    >>> fraction(3)
    (3, 1)
    """
    terms = terms_of(size)
    below = lcm(*(c.denominator for c in terms.values()))
    lowest: dict[Atom, int] = {}
    for monomial in terms:
        for atom, exponent in monomial:
            if exponent < 0:
                lowest[atom] = max(lowest.get(atom, 0), -exponent)
    common = tuple(sorted(lowest.items(), key=lambda pair: pair[0].key))
    divisor = collect({common: below})
    above = size * divisor
    return above, divisor


def words_in(code: FormulaCode) -> set[str]:
    """Return the parameters that are words."""
    return {
        symbol.name
        for size in (code.total, *(one for c in code.conditions for one in _sizes_of(c)))
        for monomial in terms_of(size)
        for atom, _ in monomial
        if isinstance(atom, Indicator) and isinstance(atom.value, NamedValue)
        for symbol in atom.symbols()
    }


def _sizes_of(condition: Condition) -> Iterable[Size]:
    yield condition.size
    for part in condition.parts:
        yield from _sizes_of(part)


def parameters_of(
    names: Iterable[str], total: Size, conditions: Iterable[Condition]
) -> tuple[Symbol, ...]:
    """Return the symbols of a formula and of its conditions, in the order of ``names``."""
    found: dict[str, Symbol] = {s.name: s for s in symbols_of(total)}
    for condition in conditions:
        found.update({s.name: s for s in condition.symbols()})
    order = {name: k for k, name in enumerate(names)}
    return tuple(sorted(found.values(), key=lambda s: (order.get(s.name, len(order)), s.name)))


def _is_whole(form: Form) -> bool:
    """Tell whether no part of a form has a denominator."""
    match form:
        case FormLeaf():
            return fraction(form.size)[1] == 1
        case Plus():
            return all(map(_is_whole, form.terms))
        case Times():
            return all(map(_is_whole, form.factors))
        case Raised():
            return _is_whole(form.base)
    return False


def _negative(form: Form) -> bool:
    """Tell whether a minus stands before a form that is one term."""
    first = form.factors[0] if isinstance(form, Times) else form
    if not isinstance(first, FormLeaf) or len(terms_of(first.size)) != 1:
        return False
    ((_, coefficient),) = terms_of(first.size).items()
    return coefficient < 0


__all__ = [
    "ATOM",
    "PRODUCT",
    "SUM",
    "CodeExpression",
    "CodeWriter",
    "FormulaCode",
    "fraction",
    "parameters_of",
    "words_in",
]
