"""The border to SymPy, both ways. Nothing else in the core imports SymPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, cast

import sympy
from sympy.core.function import AppliedUndef

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol
from symparams.algebra.functions import modulo
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    product,
    symbol,
    terms_of,
)
from symparams.algebra.size_functions.base import AppliedFunction, SizeFunction
from symparams.algebra.size_functions.catalogue import FUNCTIONS
from symparams.algebra.size_functions.indicators import equal
from symparams.algebra.size_functions.powers import power
from symparams.algebra.size_text import ordered
from symparams.errors import SymparamsError


def sympy_symbol(name: str, integer: bool = True) -> sympy.Symbol:
    """Return the one SymPy symbol of a name: positive, integer unless said otherwise."""
    if integer:
        return sympy.Symbol(name, integer=True, positive=True)
    return sympy.Symbol(name, rational=True, positive=True)


def of_symbol(atom: Symbol) -> sympy.Symbol:
    """Return SymPy's symbol of a size; of one that may be 0, nothing more is said."""
    if atom.integer and atom.low == 0:
        return sympy.Symbol(atom.name, integer=True, nonnegative=True)
    return sympy_symbol(atom.name, atom.integer)


def _number(value: Number) -> sympy.Expr:
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    return sympy.Integer(value)


def _atom(atom: Atom) -> sympy.Expr:
    if isinstance(atom, Symbol):
        return of_symbol(atom)
    assert isinstance(atom, AppliedFunction)
    function = atom.function
    if function.sympy in ("floor", "ceiling"):
        return _rounded(getattr(sympy, function.sympy), atom.arguments[0])
    if function.sympy:
        made = getattr(sympy, function.sympy)
    else:  # an integer only where that is shown
        made = sympy.Function(function.name, **({"integer": True} if atom.integer else {}))
    return made(*map(to_sympy, atom.arguments))


def _rounded(made: Callable[[sympy.Expr], sympy.Expr], size: Size) -> sympy.Expr:
    """Return the floor or the ceiling of a size; of a power over 6, half of that of its third,
    rounded.

    SymPy 1.14 takes ``2**a/6`` for an integer, and leaves its floor out: of an even
    denominator it looks at the twos alone. Of ``floor(2**a/3)/2`` it does not.
    """
    below = lcm(*(c.denominator for c in terms_of(size).values()))
    twos = below & -below
    if twos in (1, below) or not _has_powers(size):
        return made(to_sympy(size))
    return made(made(to_sympy(size * twos)) / twos)


def _has_powers(size: Size) -> bool:
    """Tell whether there is a power with an exponent that is no number, however deep."""
    return isinstance(size, Polynomial) and any(
        isinstance(atom, AppliedFunction)
        and (atom.function.sympy == "Pow" or any(map(_has_powers, atom.arguments)))
        for atom in size.atoms()
    )


def _term(monomial: Monomial, coefficient: Number) -> sympy.Expr:
    return sympy.Mul(_number(coefficient), *(_atom(a) ** e for a, e in monomial))


def to_sympy(size: Size) -> sympy.Expr:
    """Return a size as an expanded SymPy expression."""
    return sympy.Add(*(_term(m, c) for m, c in ordered(size)))


def from_sympy(expression: sympy.Expr, symbols: Mapping[sympy.Symbol, Size] | None = None) -> Size:
    """Return a SymPy expression as a size.

    Args:
        expression: the expression.
        symbols: what its symbols stand for. One that is not among them is an
            integer, unless it is said to be a fraction.

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
        if symbols is not None and expression in symbols:
            return symbols[expression]
        return symbol(
            expression.name,
            integer=expression.is_integer is not False
            and not (expression.is_rational and expression.is_integer is None),
            low=0 if expression.is_nonnegative and expression.is_positive is None else 1,
        )
    args = [from_sympy(a, symbols) for a in expression.args] if _has_sizes(expression) else []
    if isinstance(expression, sympy.Add):
        return add_up(args)
    if isinstance(expression, sympy.Mul):
        return product(args)
    if isinstance(expression, sympy.Pow):
        return power(*args)
    if isinstance(expression, sympy.Mod):
        return modulo(*args)
    function = _function_of(expression)
    if function is not None:
        return function(*args)
    name = type(expression).__name__
    raise SymparamsError(f"sizes are exact and have no '{expression}' ({name})")


#: SymPy's classes that are size functions; the others are undefined functions of their names.
_CLASSES = {getattr(sympy, f.sympy): f for f in (*FUNCTIONS.values(), equal) if f.sympy}


def _function_of(expression: sympy.Basic) -> SizeFunction | None:
    """Return the size function that an expression is made of; None of another."""
    if not isinstance(expression, AppliedUndef):
        return _CLASSES.get(type(expression))
    function = FUNCTIONS.get(type(expression).__name__)
    if function is None or function.sympy:
        return None
    return function if function.takes in (None, len(expression.args)) else None


def _has_sizes(expression: sympy.Basic) -> bool:
    """Tell whether an expression is made of sizes in a way that sizes have."""
    known = (sympy.Add, sympy.Mul, sympy.Pow, sympy.Mod)
    return isinstance(expression, known) or _function_of(expression) is not None


def replaced(expression: Any, values: Mapping[str, Size]) -> Any:
    """Replace symbols of an expression or a matrix by name, and work out functions of ours."""
    new = {n: to_sympy(size) for n, size in values.items()}
    chosen = {one: new[str(one)] for one in expression.free_symbols if str(one) in new}
    return expression.xreplace(chosen).replace(_is_ours, lambda e: to_sympy(from_sympy(e)))


def _is_ours(expression: sympy.Basic) -> bool:
    """Tell whether an expression is a size function that SymPy does not work out."""
    return isinstance(expression, AppliedUndef) and _function_of(expression) is not None


#: What a symbol may be said to be that no positive integer is, the plainest word first.
_CONTRADICTIONS = (
    "negative", "zero", "nonpositive", "irrational", "noninteger", "imaginary", "infinite",
    "extended_negative", "extended_nonpositive",
)  # fmt: skip


def size_symbols(
    expression: object, integral: Mapping[str, bool], named: Callable[[str], bool]
) -> dict[sympy.Symbol, Size]:
    """Return what the symbols of a SymPy expression stand for: each for the size of its name.

    Args:
        expression: the expression.
        integral: the sizes of the model by name, and whether they are integers.
            A symbol of another name stands for a positive integer.
        named: whether a text is a name.

    Raises:
        SymparamsError: not an expression, a symbol that cannot be a size, or two of
            one name.
    """
    if not isinstance(expression, sympy.Expr):
        raise SymparamsError(f"a size cannot be SymPy's {type(expression).__name__}")
    found: dict[sympy.Symbol, Size] = {}
    by_name: dict[str, sympy.Symbol] = {}
    for one in sorted(expression.free_symbols, key=str):
        if type(one) is not sympy.Symbol:
            raise SymparamsError(
                f"a size cannot be SymPy's {type(one).__name__} '{one}'",
                None,
                "use sympy.Symbol, with a name of its own",
            )
        name = cast("str", one.name)
        if not named(name):
            raise SymparamsError(f"a SymPy symbol is called '{name}', which names no size")
        integer = integral.get(name, True)
        why = _contradiction(one, "integer" if integer else "rational")
        if why:
            kind = "integer" if integer else "number"
            raise SymparamsError(
                f"the SymPy symbol '{name}' is {why}, and a size is a positive {kind}",
                None,
                f"use sympy.Symbol('{name}', integer=True, positive=True)",
            )
        two_of_one_name(by_name, {name: one})
        by_name[name] = one
        found[one] = symbol(name, integer)
    return found


def two_of_one_name(known: Mapping[str, sympy.Symbol], others: Mapping[str, sympy.Symbol]) -> None:
    """Refuse symbols that SymPy tells apart and their names do not.

    Raises:
        SymparamsError: two symbols of one name.
    """
    for name, one in others.items():
        if name in known and known[name] != one:
            raise SymparamsError(
                f"two different SymPy symbols are called '{name}'",
                None,
                "a size is known by its name: give one of them another",
            )


def _contradiction(one: sympy.Symbol, kind: str) -> str:
    """Return what a symbol is said to be that no positive number of a kind is; "" of nothing."""
    said: dict[str, bool] = one.assumptions0

    def contradicts(assumptions: Mapping[str, bool]) -> bool:
        try:
            sympy.Symbol(one.name, **{**assumptions, kind: True, "positive": True})
        except ValueError:  # InconsistentAssumptions
            return True
        return any(assumptions.get(n) is False for n in (kind, "positive"))

    if said.get("commutative") is False:
        return "not commutative"
    if said.get("complex") and "real" not in said:
        return "complex"
    if not contradicts(said):
        return ""
    words = (w for w in _CONTRADICTIONS if said.get(w) and contradicts({w: True}))
    denied = "not an integer" if said.get("integer") is False else "not a positive number"
    return next(words, denied).replace("_", " ")


def factors(size: Polynomial) -> list[tuple[Size, int]]:
    """Return irreducible factors over the rationals with multiplicities, the content first.

    Opaque atoms are factored as if they were symbols.
    """
    (expression,), atoms = _over_symbols((size,))
    content, parts = sympy.factor_list(expression, *atoms)
    result: list[tuple[Size, int]] = [(from_sympy(content), 1)] if content != 1 else []
    result += [(_back(part, atoms), int(multiplicity)) for part, multiplicity in parts]
    return result


def _over_symbols(sizes: Sequence[Size]) -> tuple[list[sympy.Expr], dict[sympy.Symbol, Atom]]:
    """Return sizes as SymPy polynomials in stand-ins, one an atom; opaque atoms are symbols too."""
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
    """Return a fraction of sizes without a common factor; the coefficients are as SymPy leaves
    them.
    """
    written, atoms = _over_symbols((above, below))
    top, bottom = sympy.fraction(sympy.cancel(written[0] / written[1]))
    return _back(sympy.expand(top), atoms), _back(sympy.expand(bottom), atoms)
