"""Whether two sizes are equal: proved, refuted with a point, or undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import prod

from symparams.algebra.facts import POSITIVE, Domain, Facts
from symparams.algebra.polynomial import Number, Polynomial, Size, Symbol, substitute
from symparams.algebra.residues import residue_cases
from symparams.errors import SymparamsError

#: The most points a search for a counterexample tries.
MOST_POINTS = 20_000

Point = Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "are these equal?".

    Attributes:
        equal: True (proved), False (refuted), None (undecided).
        difference: left minus right, reduced.
        point: where they differ, the smallest found.
        left, right: the two values at ``point``.
        reason: how it was proved, or why it is undecided.
    """

    equal: bool | None
    difference: Size
    point: Point = field(default_factory=dict)
    left: Number | None = None
    right: Number | None = None
    reason: str = ""


def compare(
    left: Size,
    right: Size,
    facts: Facts,
    allowed: Callable[[Point], bool] = lambda point: True,
) -> Verdict:
    """Decide ``left == right`` over all sizes that ``facts`` and ``allowed`` admit."""
    difference = facts.reduce(left - right)
    if difference == 0:
        return Verdict(True, 0, reason="equal as polynomials")
    if not isinstance(difference, Polynomial):
        point = next(points(_names(left, right), facts, allowed), {})
        return _refuted(left, right, difference, point)
    names = sorted(s.name for s in difference.symbols())
    tried, complete = 0, False
    for point in islice(points(names, facts, allowed), MOST_POINTS):
        tried += 1
        try:
            here = substitute(difference, point)
        except SymparamsError:
            continue  # a point that a division or an exponent does not admit
        if here != 0 and not isinstance(here, Polynomial):
            rest = [n for n in _names(left, right) if n not in point]
            more = next(points(rest, facts, lambda p: allowed({**point, **p})), {})
            return _refuted(left, right, difference, {**point, **more})
    domains = [facts.domains.get(n, POSITIVE) for n in names]
    if all(d.finite for d in domains):
        complete = prod(len(list(d.values())) for d in domains) <= MOST_POINTS
    if complete and tried:
        return Verdict(True, difference, reason=f"equal at all {tried:,} allowed points")
    if all(isinstance(a, Symbol) for a in difference.atoms()):
        return Verdict(
            None, difference, reason=f"no difference at the {tried:,} smallest allowed points"
        )
    cases = residue_cases(difference, facts)
    if cases is None:
        return Verdict(
            None,
            difference,
            reason="the formulas differ as data, but not at "
            f"the {tried:,} smallest points, and their floors do not split by residues",
        )
    if all(case == 0 for _, case in cases):
        return Verdict(True, 0, reason=f"equal in each of {len(cases):,} residue cases")
    return Verdict(
        None, difference, reason=f"no difference at the {tried:,} smallest allowed points"
    )


def _names(*sizes: Size) -> list[str]:
    return sorted({s.name for z in sizes if isinstance(z, Polynomial) for s in z.symbols()})


def _refuted(left: Size, right: Size, difference: Size, point: Point) -> Verdict:
    at_left, at_right = substitute(left, point), substitute(right, point)
    assert not isinstance(at_left, Polynomial)
    assert not isinstance(at_right, Polynomial)
    return Verdict(False, difference, point, at_left, at_right)


def points(
    names: list[str], facts: Facts, allowed: Callable[[Point], bool]
) -> Iterator[dict[str, Number]]:
    """Allowed points, the smallest first: by the sum of steps from the least values."""
    if not names:
        yield {}
        return
    value = [_counter(facts.domains.get(n, POSITIVE), facts.multiples.get(n, 1)) for n in names]
    tried = 0
    total = 0
    while True:
        any_left = False
        for steps in _compositions(total, len(names)):
            tried += 1
            if tried > 50 * MOST_POINTS:
                return
            chosen = [v(k) for v, k in zip(value, steps, strict=True)]
            if any(c is None for c in chosen):
                continue
            any_left = True
            point = {n: c for n, c in zip(names, chosen, strict=True) if c is not None}
            if allowed(point):
                yield point
        if not any_left:
            return
        total += 1


def _counter(domain: Domain, multiple: int) -> Callable[[int], Number | None]:
    """k → the k-th value of a domain that is a multiple, or None past its end."""
    if domain.finite:
        listed = [v for v in domain.values() if v % multiple == 0]
        return lambda k: listed[k] if k < len(listed) else None
    first = -(-domain.low // multiple) * multiple
    return lambda k: first + k * multiple


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to write ``total`` as an ordered sum of ``parts`` numbers >= 0."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total, -1, -1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)
