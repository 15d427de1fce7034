"""In which order a polynomial is worked out: Horner's form in several variables.

Eliminating x writes a sum as ``C0 + x^a*(C1 + x^b*(…))``, or, where the
coefficients are narrower than the whole, as ``C0 + x^a*C1 + …``; then each
coefficient is treated alike. Which variable goes first decides how many wide
operations there are, so the orders are searched, and, where there are too
many, the variable of the most terms is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import TypeAlias

from symparams.algebra.kernels.program import ProgramBuilder

#: The exponents of a term, in the order of the variables.
Powers: TypeAlias = tuple[int, ...]

#: How many different sums are looked at before the search turns greedy.
MOST_STATES = 400
#: Above this many terms, or variables, the search is greedy from the start.
MOST_SEARCHED_TERMS = 200
MOST_SEARCHED_VARIABLES = 32


class Horner:
    """Works out sums of terms over variables that are results of a program."""

    def __init__(self, builder: ProgramBuilder, variables: Sequence[int]) -> None:
        self.builder = builder
        self.variables = variables
        self._plans: dict[frozenset[Powers], tuple[float, int, bool]] = {}

    def place(self, terms: Mapping[Powers, int]) -> int:
        """Return the place of the sum of ``coefficient * variables^powers``; powers are >= 0."""
        if not terms:
            return self.builder.constant(0)
        if len(terms) == 1:
            ((powers, coefficient),) = terms.items()
            return self._term(powers, coefficient)
        _, variable, nested = self._plan(frozenset(terms))
        parts = sorted(_by_power(terms, variable).items())
        return (self._nested if nested else self._summed)(variable, parts)

    def _term(self, powers: Powers, coefficient: int) -> int:
        builder = self.builder
        factors = [builder.raised(self.variables[k], e) for k, e in enumerate(powers) if e]
        return builder.joined("multiply", [builder.constant(coefficient), *factors])

    def _nested(self, variable: int, parts: list[tuple[int, dict[Powers, int]]]) -> int:
        builder, own = self.builder, self.variables[variable]
        exponent, terms = parts.pop()
        total = self.place(terms)
        while parts:
            lower, terms = parts.pop()
            total = builder.do("multiply", total, builder.raised(own, exponent - lower))
            total = builder.do("add", total, self.place(terms))
            exponent = lower
        return builder.do("multiply", total, builder.raised(own, exponent)) if exponent else total

    def _summed(self, variable: int, parts: list[tuple[int, dict[Powers, int]]]) -> int:
        builder, own = self.builder, self.variables[variable]
        found = []
        for exponent, terms in parts:
            place = self.place(terms)
            if exponent:
                place = builder.do("multiply", place, builder.raised(own, exponent))
            found.append(place)
        return builder.joined("add", found)

    # --- what it costs ---

    def _uses(self, terms: frozenset[Powers]) -> int:
        uses = 0
        for k, variable in enumerate(self.variables):
            if any(powers[k] for powers in terms):
                uses |= self.builder.uses[variable]
        return uses

    def _plan(self, terms: frozenset[Powers]) -> tuple[float, int, bool]:
        """Return (elements worked on, the variable to eliminate, whether to nest)."""
        found = self._plans.get(terms)
        if found is not None:
            return found
        present = [k for k in range(len(self.variables)) if any(p[k] for p in terms)]
        if (
            len(self._plans) >= MOST_STATES
            or len(terms) > MOST_SEARCHED_TERMS
            or len(present) > MOST_SEARCHED_VARIABLES
        ):
            present = [max(present, key=lambda k: sum(1 for p in terms if p[k]))]
        best = (inf, present[0], True)
        for variable in present:
            best = min(best, self._costs(terms, variable))
        self._plans[terms] = best
        return best

    def _costs(self, terms: frozenset[Powers], variable: int) -> tuple[float, int, bool]:
        width, own = self.builder.widths.of, self.builder.uses[self.variables[variable]]
        parts: dict[int, set[Powers]] = {}
        for powers in terms:
            without = (*powers[:variable], 0, *powers[variable + 1 :])
            parts.setdefault(powers[variable], set()).add(without)
        exponents = sorted(parts, reverse=True)
        frozen = {e: frozenset(parts[e]) for e in exponents}
        uses = {e: self._uses(frozen[e]) for e in exponents}
        inside = sum(self._cost(frozen[e]) for e in exponents)
        nested, so_far = inside, 0
        for number, e in enumerate(exponents):
            so_far |= uses[e]
            if number:
                nested += width(so_far)
            if e:
                so_far |= own
                nested += width(so_far)
        products = sorted((width(uses[e] | own) if e else width(uses[e])) for e in exponents)
        spread = [uses[e] | (own if e else 0) for e in exponents]
        summed, so_far = inside + sum(p for p, e in zip(products, exponents, strict=True) if e), 0
        for number, one in enumerate(sorted(spread, key=width)):
            so_far |= one
            if number:
                summed += width(so_far)
        return (nested, variable, True) if nested <= summed else (summed, variable, False)

    def _cost(self, terms: frozenset[Powers]) -> float:
        if len(terms) > 1:
            return self._plan(terms)[0]
        (powers,) = terms
        width, total, so_far = self.builder.widths.of, 0, 0
        factors = [self.builder.uses[self.variables[k]] for k, e in enumerate(powers) if e]
        for number, uses in enumerate(sorted(factors, key=width)):
            so_far |= uses
            if number:
                total += width(so_far)
        return total


def _by_power(terms: Mapping[Powers, int], variable: int) -> dict[int, dict[Powers, int]]:
    """Map each exponent of a variable to the terms with it, freed of the variable."""
    parts: dict[int, dict[Powers, int]] = {}
    for powers, coefficient in terms.items():
        without = (*powers[:variable], 0, *powers[variable + 1 :])
        parts.setdefault(powers[variable], {})[without] = coefficient
    return parts
