"""Ways of writing a size: expanded, factored, grouped, collected, shortest.

No way writes one division over a whole sum: a fraction stays in its own term, unless
it is one of every term, as in ``n*(n + 1)/2``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol, by_key, exact, raised, times
from symparams.algebra.forms import (
    Form,
    FormLeaf,
    Plus,
    Raised,
    Times,
    plus,
    text_of,
    times_forms,
)
from symparams.algebra.long_division import common_monomial
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    collect,
    divide,
    terms_of,
)
from symparams.algebra.size_text import begins_negative, declared_rank, ordered

#: Above these, a polynomial is not factored: it would take longer than a reader waits.
MOST_FACTORED_TERMS = 40
MOST_FACTORED_ATOMS = 8
MOST_FACTORED_DEGREE = 64
MOST_FACTORED_BITS = 256
#: A sum of more terms is written as it is: nobody reads it, and nesting takes seconds.
MOST_NESTED_TERMS = 2_000
#: Brackets in brackets of a nested form: no reader follows more, and the language has a limit.
DEEPEST_FORM = 32


def expanded(size: Size) -> Form:
    """Return a sum of terms."""
    return plus(FormLeaf(collect({m: c})) for m, c in ordered(size))


def factored(size: Size) -> Form:
    """Return a product of irreducible factors, each expanded."""
    return _factored(size, expanded)


def _factored(size: Size, write: Callable[[Size], Form]) -> Form:
    if not isinstance(size, Polynomial) or len(size.terms) == 1:
        return FormLeaf(size)
    shift, primitive = take_out(size)
    if not isinstance(primitive, Polynomial) or not factorable(primitive):
        outside, inside = common_factor(size)
        return times_forms([FormLeaf(outside), write(inside)])
    from symparams.algebra.border import factors  # loads SymPy

    outside, below = _fraction_of_some(size, shift)
    parts: list[Form] = [FormLeaf(outside)]
    for factor, multiplicity in factors(primitive):
        if multiplicity == 1:
            divided, below = _divided(factor, below)
            parts.append(write(divided))
        else:
            parts.append(Raised(write(factor), multiplicity))
    if below != 1:  # no factor has it: it would stand below the whole sum
        outside, inside = common_factor(size)
        return times_forms([FormLeaf(outside), write(inside)])
    return times_forms(parts)


def _fraction_of_some(size: Polynomial, shift: Size) -> tuple[Size, Size]:
    """Return a common factor as (what every term has, what stands below the line of some)."""
    ((powers, content),) = terms_of(shift).items()
    ((own, number),) = terms_of(common_factor(size)[0]).items()
    rest = dict(times(powers, raised(own, -1)) if own else powers)
    left = Fraction(content) / Fraction(number)
    below = collect({tuple((a, -e) for a, e in rest.items() if e < 0): left.denominator})
    return shift * below, below


def _divided(factor: Size, below: Size) -> tuple[Size, Size]:
    """Return a factor divided by what its terms have of a denominator, and the rest of that.

    ``h + a`` over ``a`` is ``h/a + 1``: the fraction stays in its own term.
    """
    if not isinstance(factor, Polynomial) or below == 1:
        return factor, below
    ((powers, number),) = terms_of(below).items()
    highest = {a: max(dict(m).get(a, 0) for m in factor.terms) for a, _ in powers}
    taken = tuple((a, min(e, highest[a])) for a, e in powers if highest[a] > 0)
    whole = [c.numerator for c in factor.terms.values() if c.denominator == 1]
    by = collect({taken: math.lcm(*(math.gcd(number.numerator, c) for c in whole))})
    return divide(factor, by), divide(below, by)


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


def take_out(size: Polynomial) -> tuple[Size, Size]:
    """Return (common factor, rest): the numeric content and the common monomial, over one line.

    The rest has integer coefficients without a common divisor, no atom below a
    line, and its first term is positive.
    """
    coefficients = list(size.terms.values())
    above = math.gcd(*(c.numerator for c in coefficients))
    below = math.lcm(*(c.denominator for c in coefficients))
    content = exact(Fraction(above, below))
    if begins_negative(size):
        content = -content
    common = common_monomial(size.terms)
    if not common and content == 1:
        return 1, size
    inverse = raised(common, -1) if common else ()
    rest = collect({times(m, inverse): exact(Fraction(c) / content) for m, c in size.terms.items()})
    return collect({common: content}), rest


def common_factor(size: Polynomial, symbols: bool = True) -> tuple[Size, Size]:
    """Return (common factor, rest): what every term has, above or below its fraction line.

    ``2*h/a + 4*h`` is 2*h times ``1/a + 2``, not h/a times ``2 + 4*a``; the first term of the
    rest is positive.
    """
    coefficients = list(size.terms.values())
    below = {c.denominator for c in coefficients}
    line = below.pop() if len(below) == 1 else 1
    content = exact(Fraction(math.gcd(*(c.numerator for c in coefficients)), line))
    if begins_negative(size):
        content = -content
    shared: dict[Atom, int] = {}
    if symbols:
        monomials = [dict(m) for m in size.terms]
        for atom in set.intersection(*(set(m) for m in monomials)):
            exponents = [m[atom] for m in monomials]
            if min(exponents) > 0:
                shared[atom] = min(exponents)
            elif max(exponents) < 0:
                shared[atom] = max(exponents)
    common: Monomial = tuple(sorted(shared.items(), key=by_key))
    if not common and content == 1:
        return 1, size
    inverse = raised(common, -1) if common else ()
    rest = {times(m, inverse): exact(Fraction(c) / content) for m, c in size.terms.items()}
    return collect({common: content}), collect(rest)


def nested(size: Size, levels: int = DEEPEST_FORM) -> Form:
    """Return common factors taken out, again and again, the most common symbol first.

    After so many ``levels`` the rest is expanded.
    """
    if not isinstance(size, Polynomial) or len(size.terms) == 1:
        return FormLeaf(size)
    outside, inside = common_factor(size)
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
    written = [text_of(form).replace(" ", "") for form in candidates]
    # Of two of one length, the one that hides fewer fractions in brackets.
    best = min(range(len(written)), key=lambda k: (len(written[k]), _hidden(written[k])))
    return candidates[best]


def _hidden(written: str) -> int:
    """Return how many fraction lines of a text stand inside brackets."""
    depth = found = 0
    for c in written:
        depth += (c == "(") - (c == ")")
        found += c == "/" and depth > 0
    return found


def collected(size: Size, names: Sequence[str]) -> Form:
    """Return a polynomial in the sizes ``names``, each coefficient in its shortest form.

    Powers fall, those of the first name first. A function of a named size is no coefficient:
    it is a power of its own, ``floor(h/2)*(3*l + 1)``.
    """
    ranks = {name: place for place, name in enumerate(names)}
    parts: dict[Monomial, dict[Monomial, Number]] = {}
    for monomial, coefficient in terms_of(size).items():
        power = tuple(p for p in monomial if any(s.name in ranks for s in p[0].symbols()))
        rest = tuple(p for p in monomial if p not in power)
        parts.setdefault(power, {})[rest] = coefficient
    powers = sorted(parts, key=lambda m: declared_rank(m, tuple(names)))
    forms = [times_forms([short(collect(parts[p])), FormLeaf(collect({p: 1}))]) for p in powers]
    return plus(forms, kept=True)


def by_degree(size: Size) -> Form:
    """Return what papers print of one layer: ``4*(h*(h + i) + h)``.

    The numeric content outside, the terms of like degree together, each
    degree with its common symbols taken out.
    """
    if not isinstance(size, Polynomial) or len(size.terms) == 1:
        return FormLeaf(size)
    content, inside = common_factor(size, symbols=False)
    degrees: dict[int, dict[Monomial, Number]] = {}
    for monomial, coefficient in terms_of(inside).items():
        degree = sum(e for _, e in monomial)
        degrees.setdefault(degree, {})[monomial] = coefficient
    parts: list[Form] = []
    for degree in sorted(degrees, reverse=True):
        part = collect(degrees[degree])
        if isinstance(part, Polynomial) and len(part.terms) > 1:
            outside, rest = common_factor(part)
            parts.append(times_forms([FormLeaf(outside), expanded(rest)]))
        else:
            parts.append(FormLeaf(part))
    return times_forms([FormLeaf(content), plus(parts)])


def grouped(parts: Iterable[tuple[Size, Form]]) -> Form:
    """Return one term a group: ``(times, form)`` pairs, equal forms counted together, and groups
    of one term added to those that are alike: ``h*l`` and ``2*h*l``.
    """
    counted: dict[Form, Size] = {}
    for multiplier, form in parts:
        counted[form] = counted.get(form, 0) + multiplier
    single: dict[Monomial, Number] = {}
    groups: dict[Monomial | Form, Form] = {}
    for form, many in counted.items():
        if isinstance(form, FormLeaf) and isinstance(form.size, Polynomial):
            for monomial, coefficient in ordered(form.size * many):
                single[monomial] = single.get(monomial, 0) + coefficient
                groups[monomial] = FormLeaf(collect({monomial: single[monomial]}))
        elif form != FormLeaf(0):
            groups[form] = form if many == 1 else _multiple(many, form)
    return plus(groups.values(), kept=True)


def _multiple(multiplier: Size, form: Form) -> Form:
    factors = form.factors if isinstance(form, Times) else (form,)
    if isinstance(multiplier, Polynomial) and len(multiplier.terms) > 1:
        single = 1 if isinstance(factors[0], FormLeaf) else 0  # 4*(n + 1)*(h^2 + h)
        return Times((*factors[:single], expanded(multiplier), *factors[single:]))
    return times_forms([FormLeaf(multiplier), *factors])


__all__ = [
    "by_degree",
    "collected",
    "common_factor",
    "expanded",
    "factorable",
    "factored",
    "grouped",
    "nested",
    "short",
    "take_out",
]
