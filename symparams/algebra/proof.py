"""Whether two sizes are equal: proved, refuted with a point, or undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, islice
from math import prod

from symparams.algebra.atoms import Number, Symbol
from symparams.algebra.facts import Facts
from symparams.algebra.polynomial import Polynomial, Size, substitute
from symparams.algebra.residues import residue_cases
from symparams.algebra.size_functions.extremes import by_gaps
from symparams.algebra.size_records import Formula, SizeRecord
from symparams.errors import SymparamsError

#: The points that a search for a counterexample tries first, and at the most.
FIRST_POINTS = 200
MOST_POINTS = 5_000
#: The most ways it tries to complete one that speaks of some symbols only,
#: and the most of such points that it gives up.
MOST_COMPLETIONS = 1_000
MOST_MISSES = 20
#: The most terms that are worked out at all of its points together: about a second.
MOST_TERMS = 200_000

#: The most points at which a claim is judged where a formula does not speak.
MOST_BEYOND = 20

Point = Mapping[str, Number]


class Verdict(SizeRecord):
    """The answer to "are these equal?".

    Attributes:
        equal: True (proved), False (refuted), None (undecided).
        difference: left minus right, reduced.
        point: where they differ, the smallest found.
        left, right: the two values at ``point``.
        reason: how it was proved, or why it is undecided.
    """

    equal: bool | None
    difference: Formula
    point: Point = {}
    left: Number | None = None
    right: Number | None = None
    reason: str = ""


def compare(
    left: Size,
    right: Size,
    facts: Facts,
    allowed: Callable[[Point], bool] = lambda point: True,
    beside: Iterable[str] = (),
) -> Verdict:
    """Decide ``left == right`` over all sizes that ``facts`` and ``allowed`` admit.

    ``beside`` names sizes that stand in neither, and that ``allowed`` asks for: at a point that
    refutes, there are values of these with which it is admitted.
    """
    difference = facts.reduce(left - right)
    if difference == 0 or facts.reduce(facts.settled(difference)) == 0:
        return Verdict(True, 0, reason="equal as polynomials")
    if _is_equal_by_gaps(difference, facts):
        return Verdict(True, 0, reason="equal, where max(x, y) is y + max(0, x - y)")

    def admitted(point: Point) -> bool:
        try:
            return facts.admits(point) and allowed(point)
        except SymparamsError:
            return False  # a point that a division or an exponent does not take

    names = _names(difference)
    shown = _names(left, right)
    rest = [n for n in sorted({*shown, *beside}) if n not in names]

    def search(most: int) -> tuple[Verdict | None, int, bool]:
        """Return (a refutation, points tried, whether all of them agree)."""
        tried = misses = 0
        for point in islice(points(names, facts, admitted, partly=admitted), most):
            tried += 1
            try:
                here = substitute(difference, point)
            except SymparamsError:
                continue
            if here != 0:
                found = _refuted(left, right, difference, point, rest, shown, admitted, facts)
                if found is not None:
                    return found, tried, False
                misses += 1
                if misses == MOST_MISSES:
                    break
        return None, tried, not misses

    # What is wrong is nearly always wrong at once; what is right is proved by
    # residues sooner than by looking at many points.
    found, tried, _ = search(FIRST_POINTS)
    if found is not None:
        return found
    if not tried:
        return Verdict(None, difference, reason="no allowed point was found")
    cases = None
    opaque = isinstance(difference, Polynomial) and not all(
        isinstance(a, Symbol) for a in difference.atoms()
    )
    if opaque:
        cases = residue_cases(facts.reduce(facts.settled(difference)), facts.classes)
        if cases is not None and all(case == 0 for _, case in cases):
            return Verdict(True, 0, reason=f"equal in each of {len(cases):,} residue cases")
    most = affordable([difference], MOST_POINTS)
    found, tried, complete = search(most)
    if found is not None:
        return found
    if complete and all(facts.domain(n).finite for n in names):
        every = prod(len(_values(n, facts)) for n in names)
        if every <= most:
            return Verdict(True, difference, reason=f"equal at all {tried:,} allowed points")
    if opaque and cases is None:
        return Verdict(
            None,
            difference,
            reason="the formulas differ as data, but not at "
            f"the {tried:,} smallest points, and their floors do not split by residues",
        )
    return Verdict(
        None, difference, reason=f"no difference at the {tried:,} smallest points that were tried"
    )


def _is_equal_by_gaps(difference: Size, facts: Facts) -> bool:
    """Tell whether a difference is 0 where ``min`` and ``max`` of two are written by their gap."""
    with suppress(SymparamsError):  # too many terms, or a division by what may be 0
        return facts.reduce(by_gaps(difference)) == 0
    return False


def affordable(sizes: Iterable[Size], most: int = 10 * MOST_POINTS) -> int:
    """Return at how many points sizes are worked out: ``most``, or fewer where they are long."""
    terms = sum(len(z.terms) for z in sizes if isinstance(z, Polynomial))
    return min(most, max(FIRST_POINTS, MOST_TERMS // max(terms, 1)))


def _names(*sizes: Size) -> list[str]:
    return sorted({s.name for z in sizes if isinstance(z, Polynomial) for s in z.symbols()})


def _refuted(
    left: Size,
    right: Size,
    difference: Size,
    point: Point,
    rest: list[str],
    shown: list[str],
    admitted: Callable[[Point], bool],
    facts: Facts,
) -> Verdict | None:
    """Return the refutation at a point, completed by the least values of the ``rest``."""
    for more in points(rest, facts, lambda p: admitted({**point, **p}), MOST_COMPLETIONS):
        whole = {**point, **more}
        try:
            at_left, at_right = substitute(left, whole), substitute(right, whole)
        except SymparamsError:
            continue
        assert not isinstance(at_left, Polynomial)
        assert not isinstance(at_right, Polynomial)
        seen = {name: value for name, value in whole.items() if name in shown}
        return Verdict(False, difference, seen, at_left, at_right)
    return None


def points(
    names: Sequence[str],
    facts: Facts,
    allowed: Callable[[Point], bool],
    most: int = 10 * MOST_POINTS,
    partly: Callable[[Point], bool] | None = None,
) -> Iterator[dict[str, Number]]:
    """Yield allowed points among the ``most`` smallest, by the sum of steps from the least values.

    ``partly`` says of some of the sizes whether a point with them may be allowed.
    """
    values = [_values(n, facts) for n in names]
    if partly is not None:
        # A value that no others can make good is left out at once, not once for each of them.
        values = [
            [v for v in few if partly({n: v})] if len(few) <= FIRST_POINTS else few
            for n, few in zip(names, values, strict=True)
        ]
    if not all(values):
        return
    limits = [len(v) - 1 for v in values]
    # Of a long list few values are met: each is asked for when it is.
    long = [n for n, few in zip(names, values, strict=True) if len(few) > FIRST_POINTS]
    alone: dict[str, dict[Number, bool]] = {n: {} for n in long if len(names) > 1}
    everywhere = (steps for total in range(sum(limits) + 1) for steps in _sums(total, limits))
    for steps in islice(everywhere, most):
        point = {n: v[k] for n, v, k in zip(names, values, steps, strict=True)}
        for name, known in alone.items():
            value = point[name]
            if partly is not None and value not in known and len(known) < MOST_POINTS:
                known[value] = partly({name: value})
                if len(known) == MOST_POINTS and not any(known.values()):
                    return
            if not known.get(value, True):
                break
        else:
            if allowed(point):
                yield point


def _values(name: str, facts: Facts) -> Sequence[Number]:
    return facts.domain(name).values(facts.multiples.get(name, 1))


def _sums(total: int, limits: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield all ways to write ``total`` as an ordered sum of numbers from 0 to each limit, those
    first that have much in front; without recursion, as there may be a thousand.
    """
    behind = [*accumulate(reversed(limits), initial=0)][::-1]  # at most, from each place on
    if total > behind[0]:
        return
    chosen: list[int] = []
    left = total
    while True:
        for limit in limits[len(chosen) :]:
            chosen.append(min(left, limit))
            left -= chosen[-1]
        yield tuple(chosen)
        while chosen:
            last = chosen.pop()
            left += last
            if last > max(0, left - behind[len(chosen) + 1]):
                chosen.append(last - 1)
                left -= last - 1
                break
        else:
            return
