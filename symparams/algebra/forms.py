"""The same size, written differently: expanded, factored, grouped, shortest.

A form is a tree of sums and products over terms. It never changes the value:
:func:`value` of a form is the size it was made of.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol, exact, raised, times
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    common_monomial,
    product,
    terms_of,
)
from symparams.algebra.size_text import begins_negative, ordered, text

#: Above these, a polynomial is not factored: it would take longer than a reader waits.
MOST_FACTORED_TERMS = 40
MOST_FACTORED_ATOMS = 8
MOST_FACTORED_DEGREE = 64
MOST_FACTORED_BITS = 256
#: A sum of more terms is written as it is: nobody reads it, and nesting takes seconds.
MOST_NESTED_TERMS = 2_000
#: Brackets in brackets of a nested form: no reader follows more, and the language has a limit.
DEEPEST_FORM = 32


class Form:
    """Base of the forms."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class FormLeaf(Form):
    """A number or one term."""

    size: Size


@dataclass(frozen=True, slots=True)
class Plus(Form):
    """A sum."""

    terms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Times(Form):
    """A product."""

    factors: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Raised(Form):
    """A power with a numeric exponent."""

    base: Form
    exponent: int


def value(form: Form) -> Size:
    """Return what a form is worth."""
    if isinstance(form, FormLeaf):
        return form.size
    if isinstance(form, Plus):
        return add_up(value(t) for t in form.terms)
    if isinstance(form, Times):
        return product(value(f) for f in form.factors)
    assert isinstance(form, Raised)
    base = value(form.base)
    return base**form.exponent if isinstance(base, Polynomial) else exact(base**form.exponent)


def plus(forms: Iterable[Form]) -> Form:
    """Return a sum; of one form, that form."""
    kept = [f for f in forms if f != FormLeaf(0)]
    if not kept:
        return FormLeaf(0)
    return kept[0] if len(kept) == 1 else Plus(tuple(kept))


def times_forms(forms: Iterable[Form]) -> Form:
    """Return a product without ones and with single terms multiplied out; of one form, that
    form.
    """
    terms: Size = 1
    kept: list[Form] = []
    # A factor that is a product too, ``-1*(a + b)``, gives its factors: one sign, in front.
    flat = (f for form in forms for f in (form.factors if isinstance(form, Times) else (form,)))
    for form in flat:
        if isinstance(form, FormLeaf) and len(terms_of(form.size)) <= 1:
            terms = terms * form.size
        else:
            kept.append(form)
    if terms != 1 or not kept:
        kept.insert(0, FormLeaf(terms))
    return kept[0] if len(kept) == 1 else Times(tuple(kept))


# --- ways of writing -------------------------------------------------------


def expanded(size: Size) -> Form:
    """Return a sum of terms."""
    return plus(FormLeaf(collect({m: c})) for m, c in ordered(size))


def factored(size: Size) -> Form:
    """Return a product of irreducible factors, each expanded."""
    return _factored(size, expanded)


def _factored(size: Size, inner: object) -> Form:
    write = inner if callable(inner) else expanded
    if not isinstance(size, Polynomial) or len(size.terms) == 1:
        return FormLeaf(size)
    shift, primitive = take_out(size)
    if not isinstance(primitive, Polynomial) or not factorable(primitive):
        return times_forms([FormLeaf(shift), write(primitive)])
    from symparams.algebra.border import factors  # loads SymPy

    parts: list[Form] = [FormLeaf(shift)]
    for factor, multiplicity in factors(primitive):
        form = write(factor)
        parts.append(form if multiplicity == 1 else Raised(form, multiplicity))
    return times_forms(parts)


def factorable(size: Polynomial) -> bool:
    """Tell whether a polynomial is small enough to be factored while a reader waits."""
    return (
        len(size.terms) <= MOST_FACTORED_TERMS
        and len(size.atoms()) <= MOST_FACTORED_ATOMS
        and all(sum(e for _, e in m) <= MOST_FACTORED_DEGREE for m in size.terms)
        and all(c.numerator.bit_length() <= MOST_FACTORED_BITS for c in size.terms.values())
    )


def factorable_inside(size: Polynomial) -> bool:
    """Tell whether what is left without the common factor is small enough to be factored."""
    inside = take_out(size)[1]
    return isinstance(inside, Polynomial) and factorable(inside)


def take_out(size: Polynomial, symbols: bool = True) -> tuple[Size, Size]:
    """Return (common factor, rest): the numeric content and, if asked, the common monomial.

    The rest has integer coefficients without a common divisor, and its first
    term is positive.
    """
    coefficients = list(size.terms.values())
    above = math.gcd(*(c.numerator for c in coefficients))
    below = math.lcm(*(c.denominator for c in coefficients))
    content = exact(Fraction(above, below))
    if begins_negative(size):
        content = -content
    common: Monomial = ()
    if symbols:
        common = common_monomial(size.terms)
    if not common and content == 1:
        return 1, size
    inverse = raised(common, -1) if common else ()
    rest = collect({times(m, inverse): exact(Fraction(c) / content) for m, c in size.terms.items()})
    return collect({common: content}), rest


def nested(size: Size, levels: int = DEEPEST_FORM) -> Form:
    """Return common factors taken out, again and again, the most common symbol first.

    After so many ``levels`` the rest is expanded.
    """
    if not isinstance(size, Polynomial) or len(size.terms) == 1:
        return FormLeaf(size)
    outside, inside = take_out(size)
    if not isinstance(inside, Polynomial) or len(inside.terms) == 1:
        return times_forms([FormLeaf(outside), FormLeaf(inside)])
    uses: dict[Atom, int] = {}
    for monomial in inside.terms:
        for atom, exponent in monomial:
            if exponent > 0:
                uses[atom] = uses.get(atom, 0) + 1
    best = max(uses, key=lambda a: (uses[a], isinstance(a, Symbol), _reverse(a.key)), default=None)
    if best is None or uses[best] < 2 or not levels:
        return times_forms([FormLeaf(outside), expanded(inside)])
    with_it: dict[Monomial, Number] = {}
    without: dict[Monomial, Number] = {}
    for monomial, coefficient in inside.terms.items():
        (with_it if dict(monomial).get(best, 0) > 0 else without)[monomial] = coefficient
    inner = nested(collect(with_it), levels - 1)
    parts = [inner, *_terms(nested(collect(without), levels - 1))]
    return times_forms([FormLeaf(outside), plus(parts)])


def _reverse(key: str) -> tuple[int, ...]:
    return tuple(-ord(c) for c in key)


def _terms(form: Form) -> Sequence[Form]:
    """Return the terms of a form inside a sum: ``-1*(a + b)`` gives ``-a`` and ``-b``."""
    if (
        isinstance(form, Times)
        and form.factors[0] == FormLeaf(-1)
        and isinstance(form.factors[1], Plus)
    ):
        return [_negated(t) for t in form.factors[1].terms]
    return form.terms if isinstance(form, Plus) else (form,)


def _negated(form: Form) -> Form:
    if isinstance(form, FormLeaf):
        return FormLeaf(-form.size)
    return times_forms([FormLeaf(-1), *(form.factors if isinstance(form, Times) else (form,))])


@lru_cache(maxsize=64)  # a page writes one total in several places, and factoring takes SymPy
def short(size: Size) -> Form:
    """Return the shortest of the forms known here, by the length of its text; expanded if it is
    long.
    """
    if isinstance(size, Polynomial) and len(size.terms) > MOST_NESTED_TERMS:
        return expanded(size)
    candidates = [nested(size), expanded(size)]
    if isinstance(size, Polynomial) and len(size.terms) > 1:
        if factorable_inside(size):  # else it would be nested once more
            candidates.append(_factored(size, nested))
        candidates.append(_factored(size, expanded))
    return min(candidates, key=lambda f: len(text_of(f).replace(" ", "")))


def by_degree(size: Size) -> Form:
    """Return what papers print of one layer: ``4*(h*(h + i) + h)``.

    The numeric content outside, the terms of like degree together, each
    degree with its common symbols taken out.
    """
    if not isinstance(size, Polynomial) or len(size.terms) == 1:
        return FormLeaf(size)
    content, inside = take_out(size, symbols=False)
    degrees: dict[int, dict[Monomial, Number]] = {}
    for monomial, coefficient in terms_of(inside).items():
        degree = sum(e for _, e in monomial)
        degrees.setdefault(degree, {})[monomial] = coefficient
    parts: list[Form] = []
    for degree in sorted(degrees, reverse=True):
        part = collect(degrees[degree])
        if isinstance(part, Polynomial) and len(part.terms) > 1:
            outside, rest = take_out(part)
            parts.append(times_forms([FormLeaf(outside), expanded(rest)]))
        else:
            parts.append(FormLeaf(part))
    return times_forms([FormLeaf(content), plus(parts)])


def grouped(parts: Iterable[tuple[Size, Form]]) -> Form:
    """Return one term a group: ``(times, form)`` pairs, equal forms counted together."""
    counted: dict[tuple[Form, bool], Size] = {}
    order: list[tuple[Form, bool]] = []
    for multiplier, form in parts:
        key = (form, isinstance(multiplier, Polynomial))
        if key not in counted:
            counted[key] = 0
            order.append(key)
        counted[key] = counted[key] + multiplier
    return plus(
        form if counted[key] == 1 else _multiple(counted[key], form)
        for key in order
        for form in (key[0],)
        if form != FormLeaf(0)
    )


def _multiple(multiplier: Size, form: Form) -> Form:
    factors = form.factors if isinstance(form, Times) else (form,)
    if isinstance(multiplier, Polynomial) and len(multiplier.terms) > 1:
        return Times((expanded(multiplier), *factors))
    return times_forms([FormLeaf(multiplier), *factors])


# --- printing --------------------------------------------------------------


def text_of(form: Form) -> str:
    """Return a form in the language's own notation."""
    if isinstance(form, FormLeaf):
        return text(form.size)
    if isinstance(form, Plus):
        return join_terms(_bracketed(text_of(t), t) for t in form.terms)
    if isinstance(form, Raised):
        return f"({text_of(form.base)})^{form.exponent}"
    assert isinstance(form, Times)
    return "*".join(
        f"({text_of(f)})" if is_sum(f) or (k and _negative(f)) else text_of(f)
        for k, f in enumerate(form.factors)
    )


def _bracketed(shown: str, form: Form) -> str:
    return f"({shown})" if is_sum(form) else shown


def join_terms(shown: Iterable[str]) -> str:
    """Return terms joined by plus, a leading minus made a subtraction."""
    out = ""
    for term in shown:
        if not out:
            out = term
        elif term.startswith("-"):
            out += f" - {term[1:]}"
        else:
            out += f" + {term}"
    return out


def is_sum(form: Form) -> bool:
    """Tell whether a form prints as a sum of several terms."""
    return isinstance(form, Plus) or (isinstance(form, FormLeaf) and len(terms_of(form.size)) > 1)


def _negative(form: Form) -> bool:
    return isinstance(form, FormLeaf) and begins_negative(form.size)


__all__ = [
    "Form",
    "FormLeaf",
    "Plus",
    "Raised",
    "Times",
    "by_degree",
    "expanded",
    "factorable",
    "factored",
    "grouped",
    "is_sum",
    "join_terms",
    "nested",
    "plus",
    "short",
    "take_out",
    "text_of",
    "times_forms",
    "value",
]
