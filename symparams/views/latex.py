r"""Sizes and forms as LaTeX, without SymPy: ``4\,h\,(h + i + 1)``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction

from symparams.algebra import (
    AppliedFunction,
    Atom,
    Exponential,
    Floor,
    Form,
    FormLeaf,
    Monomial,
    Number,
    Order,
    Plus,
    Polynomial,
    Raised,
    Size,
    Symbol,
    Times,
    is_sum,
    join_terms,
    ordered,
    terms_of,
)
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
from symparams.views.written import as_form, clean

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
    "Γ": "Gamma",
    "Δ": "Delta",
    "Θ": "Theta",
    "Λ": "Lambda",
    "Ξ": "Xi",
    "Π": "Pi",
    "Σ": "Sigma",
    "Υ": "Upsilon",
    "Φ": "Phi",
    "Ψ": "Psi",
    "Ω": "Omega",
}
_GREEK_NAMES = frozenset(_GREEK.values())
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": "{[}",
    "]": "{]}",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "…": r"\ldots{}",
    "→": r"$\to$",
}
_SIGNS = {
    "==": "=",
    "=": "=",
    "!=": r"\ne",
    "<": "<",
    "<=": r"\le",
    ">": ">",
    ">=": r"\ge",
    "divides": r"\mid",
}
_INDEXED = re.compile(r"(.+)\[([\w, ]+)\]")
_NUMBERED = re.compile(r"(\D+?)(\d+)")


def escape(words: str) -> str:
    r"""Return text as LaTeX text: ``kv\_heads``."""
    return "".join(
        _SPECIAL.get(c) or (rf"$\{_GREEK[c]}$" if c in _GREEK else c) for c in clean(words)
    )


def latex_name(name: str) -> str:
    r"""Return a name in a formula: ``h``, ``\alpha``, ``k_{3}``, ``\mathrm{kv\_heads}``."""
    indexed = _INDEXED.fullmatch(name)
    if indexed:
        return f"{latex_name(indexed[1])}_{{{escape(indexed[2])}}}"
    if name in _GREEK_NAMES:
        return f"\\{name}"
    if name in _GREEK:
        return f"\\{_GREEK[name]}"
    if len(name) == 1 and name.isascii() and name.isalpha():
        return name
    numbered = _NUMBERED.fullmatch(name)
    if numbered and (len(numbered[1]) == 1 or numbered[1] in _GREEK_NAMES):
        return f"{latex_name(numbered[1])}_{{{numbered[2]}}}"
    return rf"\mathrm{{{escape(name)}}}"


def latex_number(number: Number) -> str:
    r"""Return a number: ``138{,}357{,}544``, ``\frac{1}{2}``."""
    if isinstance(number, Fraction):
        sign = "-" if number < 0 else ""
        return rf"{sign}\frac{{{_int(abs(number.numerator))}}}{{{_int(number.denominator)}}}"
    return _int(number)


def _int(number: int) -> str:
    return f"{number:,}".replace(",", "{,}")


def latex_formula(formula: Form | Size) -> str:
    r"""Return a size, or a form of one, for math mode.

    >>> latex_formula(Times((FormLeaf(3), FormLeaf(3), FormLeaf(32))))
    '3 \\cdot 3 \\cdot 32'
    """
    return _form(as_form(formula), False)


def latex_math(cell: Cell) -> str | None:
    """Return a cell for math mode, or None where it is words."""
    match cell:
        case int() | Fraction() | Polynomial() | Form():
            return latex_formula(cell)
        case Signal() | Bundled():
            return _signal(cell)
        case Equation():
            # The last side is the result: only what leads to it is written with dots.
            *before, last = cell.sides
            return " = ".join([*(_form(side, True) for side in before), _form(last, False)])
        case Copies():
            inner = latex_formula(cell.times)
            return rf"\times {_brackets(inner) if is_sum(as_form(cell.times)) else inner}"
        case Relation():
            left, right = latex_formula(cell.left), latex_formula(cell.right)
            return f"{left} {_SIGNS[cell.sign]} {right}"
        case _:
            return None


def latex_text(cell: Cell) -> str:
    """Return a cell for text mode."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return escape(cell)
    if isinstance(cell, Stated):
        return latex_text(cell.maths)
    if isinstance(cell, Phrase):
        return "".join(map(latex_text, cell.pieces))
    return f"${latex_math(cell)}$"


def _signal(signal: Flow) -> str:
    if isinstance(signal, Bundled):
        return rf"({', '.join(map(_signal, signal.items))})"
    axes = [
        _brackets(latex_formula(a)) if len(terms_of(a)) > 1 else latex_formula(a)
        for a in signal.axes
    ]
    if signal.tokens:
        return rf"\mathrm{{tokens}}({', '.join(map(latex_formula, signal.axes))})"
    return r" \times ".join(axes) or r"\mathrm{scalar}"


# --- sizes -----------------------------------------------------------------


def _size(size: Size, dots: bool, order: Order = ()) -> str:
    if not isinstance(size, Polynomial):
        return latex_number(size)
    shown: list[str] = []
    for monomial, coefficient in ordered(size, order):
        if coefficient < 0:
            shown.append("-" + _term(monomial, -coefficient, dots, order))
        else:
            shown.append(_term(monomial, coefficient, dots, order))
    return join_terms(shown)


def _term(monomial: Monomial, coefficient: Number, dots: bool, order: Order) -> str:
    above = [_int(coefficient.numerator)] if coefficient.numerator != 1 else []
    below = [_int(coefficient.denominator)] if coefficient.denominator != 1 else []
    for atom, exponent in monomial:
        (above if exponent > 0 else below).append(_power(atom, abs(exponent), order))
    top = _product(above, dots) or "1"
    return rf"\frac{{{top}}}{{{_product(below, dots)}}}" if below else top


def _product(factors: Iterable[str], dots: bool) -> str:
    out = ""
    for factor in factors:
        if out:
            out += r" \cdot " if dots or factor[0].isdigit() else r"\,"
        out += factor
    return out


def _power(atom: Atom, exponent: int, order: Order) -> str:
    if isinstance(atom, Exponential):
        base = _int(atom.base) if isinstance(atom.base, int) else _power(atom.base, 1, order)
        return f"{base}^{{{_size(atom.exponent * exponent, False, order)}}}"
    shown = _atom(atom, order)
    return shown if exponent == 1 else f"{shown}^{{{exponent}}}"


def _atom(atom: Atom, order: Order) -> str:
    match atom:
        case Symbol():
            return latex_name(atom.name)
        case Floor():
            inner = _quotient(atom.argument, order)
            return (
                rf"\left\lfloor {inner} \right\rfloor"
                if _tall(inner)
                else rf"\lfloor {inner} \rfloor"
            )
        case AppliedFunction():
            name = atom.function.latex or latex_name(atom.function.name)
            return name + _brackets(", ".join(_size(a, False, order) for a in atom.arguments))
        case _:  # pragma: no cover - there are no more atoms
            return rf"\mathrm{{{escape(atom.key)}}}"


def _quotient(size: Polynomial, order: Order) -> str:
    """Return one fraction: (H + 1)/2 rather than H/2 + 1/2."""
    below = math.lcm(*(c.denominator for c in size.terms.values()))
    if below == 1 or len(size.terms) == 1:
        return _size(size, False, order)
    return rf"\frac{{{_size(size * below, False, order)}}}{{{_int(below)}}}"


def _tall(shown: str) -> bool:
    return any(part in shown for part in ("(", r"\frac", r"\lfloor"))


def _brackets(shown: str) -> str:
    return rf"\left({shown}\right)" if _tall(shown) else f"({shown})"


# --- forms -----------------------------------------------------------------


def _form(form: Form, dots: bool) -> str:
    match form:
        case FormLeaf():
            return _size(form.size, dots, form.order)
        case Plus():
            return join_terms(
                _brackets(_form(t, dots)) if is_sum(t) else _form(t, dots) for t in form.terms
            )
        case Raised():
            return f"{_brackets(_form(form.base, dots))}^{{{form.exponent}}}"
        case Root():
            index = "" if form.degree == 2 else f"[{form.degree}]"
            return rf"\sqrt{index}{{{_form(form.inner, dots)}}}"
        case Over():
            return rf"\frac{{{_form(form.above, dots)}}}{{{_form(form.below, dots)}}}"
        case SumOver():
            start = f"{latex_name(form.index.name)} = {_size(form.first, False)}"
            inner = _form(form.inner, dots)
            summed = _brackets(inner) if is_sum(form.inner) else inner
            return rf"\sum_{{{start}}}^{{{_size(form.last, False)}}} {summed}"
        case PlusMinus():
            factor = "" if form.times == FormLeaf(1) else _factor(form.times, 0, dots) + r"\,"
            plain = "" if form.plain == FormLeaf(0) else _form(form.plain, dots) + " "
            return rf"{plain}\pm {factor}\sqrt{{{_form(form.under, dots)}}}"
        case Times():
            sign, factors = "", form.factors
            if len(factors) > 1 and factors[0] == FormLeaf(-1):
                sign, factors = "-", factors[1:]
            return sign + _product((_factor(f, k, dots) for k, f in enumerate(factors)), dots)
        case _:
            raise TypeError(type(form).__name__)  # pragma: no cover - there are no more forms


def _factor(form: Form, place: int, dots: bool) -> str:
    shown = _form(form, dots)
    nested = dots and isinstance(form, Times)
    if is_sum(form) or nested or (place and shown.startswith("-")):
        return _brackets(shown)
    return shown
