"""The border to SymPy, both ways. Nothing else in the core imports SymPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol
from symparams.algebra.functions import make_divisible, maximum, minimum, modulo
from symparams.algebra.opaque import Applied, Exponential, Floor, ceil, floor, power
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    product,
    symbol,
)
from symparams.algebra.text import ordered
from symparams.errors import SymparamsError


def sympy_symbol(name: str, integer: bool = True) -> sympy.Symbol:
    """The one SymPy symbol of a name: positive, integer unless said otherwise."""
    if integer:
        return sympy.Symbol(name, integer=True, positive=True)
    return sympy.Symbol(name, rational=True, positive=True)


def _number(value: Number) -> sympy.Expr:
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    return sympy.Integer(value)


def _atom(atom: Atom) -> sympy.Expr:
    if isinstance(atom, Symbol):
        return sympy_symbol(atom.name, atom.integer)
    if isinstance(atom, Floor):
        return sympy.floor(to_sympy(atom.argument))
    if isinstance(atom, Exponential):
        base = _number(atom.base) if isinstance(atom.base, int) else _atom(atom.base)
        return base ** to_sympy(atom.exponent)
    assert isinstance(atom, Applied)
    arguments = [to_sympy(a) for a in atom.arguments]
    named = {"min": sympy.Min, "max": sympy.Max}
    return named.get(atom.name, sympy.Function(atom.name, integer=True))(*arguments)


def _term(monomial: Monomial, coefficient: Number) -> sympy.Expr:
    return sympy.Mul(_number(coefficient), *(_atom(a) ** e for a, e in monomial))


def to_sympy(size: Size) -> sympy.Expr:
    """A size as an expanded SymPy expression."""
    return sympy.Add(*(_term(m, c) for m, c in ordered(size)))


def from_sympy(expression: sympy.Expr) -> Size:
    """A SymPy expression as a size; a symbol not said to be a fraction is an integer.

    Raises:
        SymparamsError: a float, or a function that sizes do not have.
    """
    if isinstance(expression, int | Fraction):
        return expression
    if isinstance(expression, sympy.Integer):
        return int(expression)
    if isinstance(expression, sympy.Rational):
        return Fraction(int(expression.p), int(expression.q))
    if isinstance(expression, sympy.Symbol):
        return symbol(
            expression.name,
            integer=expression.is_integer is not False
            and not (expression.is_rational and expression.is_integer is None),
        )
    args = expression.args
    if isinstance(expression, sympy.Add):
        return add_up(from_sympy(a) for a in args)
    if isinstance(expression, sympy.Mul):
        return product(from_sympy(a) for a in args)
    if isinstance(expression, sympy.Pow):
        return power(from_sympy(args[0]), from_sympy(args[1]))
    functions: dict[Any, Callable[..., Size]] = {
        sympy.floor: floor,
        sympy.ceiling: ceil,
        sympy.Min: minimum,
        sympy.Max: maximum,
        sympy.Mod: modulo,
    }
    for cls, function in functions.items():
        if isinstance(expression, cls):
            return function(*(from_sympy(a) for a in args))
    name = type(expression).__name__
    if isinstance(expression, AppliedUndef) and name == "make_divisible":
        return make_divisible(*(from_sympy(a) for a in args))
    raise SymparamsError(f"sizes are exact and have no '{expression}' ({name})")


def factors(size: Polynomial) -> list[tuple[Size, int]]:
    """Irreducible factors over the rationals with multiplicities, the content first.

    Opaque atoms are factored as if they were symbols.
    """
    (expression,), atoms = _over_symbols((size,))
    content, parts = sympy.factor_list(expression, *atoms)
    result: list[tuple[Size, int]] = [(from_sympy(content), 1)] if content != 1 else []
    result += [(_back(part, atoms), int(multiplicity)) for part, multiplicity in parts]
    return result


def _over_symbols(sizes: Sequence[Size]) -> tuple[list[sympy.Expr], dict[sympy.Symbol, Atom]]:
    """Sizes as SymPy polynomials in stand-ins, one an atom; opaque atoms are symbols too."""
    atoms = {a for z in sizes if isinstance(z, Polynomial) for a in z.atoms()}
    placed = {a: sympy.Symbol(f"_{k}") for k, a in enumerate(sorted(atoms, key=lambda a: a.key))}
    written = [
        sympy.Add(
            *(sympy.Mul(_number(c), *(placed[a] ** e for a, e in m)) for m, c in ordered(size))
        )
        for size in sizes
    ]
    return written, {stand_in: atom for atom, stand_in in placed.items()}


def _back(expression: sympy.Expr, atoms: Mapping[sympy.Symbol, Atom]) -> Size:
    total: list[Size] = []
    if not atoms:
        return from_sympy(expression)
    for powers, coefficient in sympy.Poly(expression, *atoms).terms():
        monomial = tuple((a, int(e)) for a, e in zip(atoms.values(), powers, strict=True) if e)
        value = from_sympy(coefficient)
        assert not isinstance(value, Polynomial)
        total.append(collect({monomial: value}))
    return add_up(total)


def cancelled(above: Size, below: Size) -> tuple[Size, Size]:
    """A fraction of sizes without a common factor; the coefficients are as SymPy leaves them."""
    written, atoms = _over_symbols((above, below))
    top, bottom = sympy.fraction(sympy.cancel(written[0] / written[1]))
    return _back(sympy.expand(top), atoms), _back(sympy.expand(bottom), atoms)
