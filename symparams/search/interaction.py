"""Which sizes meet: the factors of a problem, and an order in which few are open at a time.

A formula is a sum of terms, and a term has a *scope*: the sizes it depends on. So has a
condition. Terms and conditions are gathered into *factors*, one for each scope that lies in
no larger one. Where scopes are small, sizes far apart never meet, and a space is a path
problem: sizes are taken up one after another, and of those taken up only the *open* ones,
which still meet a size to come, have to be remembered.

The order is a linear arrangement of the interaction graph of small width, found greedily
(Bodlaender, "A tourist guide through treewidth", 1993, for the notions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log2, prod
from typing import Any

from symparams.algebra import Number, Size, collect, terms_of
from symparams.records import Record
from symparams.search.problem import IntegerFormula, Problem, Test

#: So many of the sizes that meet most others are tried as the first to be taken up.
HUBS = 4
#: An open size of n values counts as this many sizes of n values when a cut is chosen.
OPEN = 2


class ScopeFactor(Record):
    """What depends on some sizes and no others.

    Attributes:
        scope: the places of those axes, rising.
        sizes: the part of each formula.
        tests: the conditions.
    """

    scope: tuple[int, ...]
    sizes: tuple[Size, ...]
    tests: tuple[Test, ...]


class Side(Record):
    """One side of a cut: the axes it takes up, in order, and the factors it settles.

    Attributes:
        order: places of axes; those kept open at the end are among them.
        factors: indices of factors.
        width: the most points that are looked at for one size taken up.
    """

    order: tuple[int, ...]
    factors: tuple[int, ...]
    width: int


class Cut(Record):
    """Two sides, which share no size but the open ones.

    Attributes:
        sides: the two; either may be without a factor.
        open: the places of the axes that both take up and keep open, rising.
    """

    sides: tuple[Side, Side]
    open: tuple[int, ...]

    @property
    def width(self) -> int:
        """The most points that are looked at for one size taken up."""
        return max(side.width for side in self.sides)


def factors_of(
    problem: Problem, forms: Sequence[IntegerFormula]
) -> tuple[list[ScopeFactor], list[Number]]:
    """Return the factors of some formulas and of all tests, and the formulas' constants."""
    places = {axis.name: k for k, axis in enumerate(problem.axes)}
    terms: list[dict[frozenset[int], dict[Any, Number]]] = []
    starts: list[Number] = []
    for form in forms:
        own: dict[frozenset[int], dict[Any, Number]] = {}
        for monomial, coefficient in terms_of(form.size).items():
            scope = frozenset(places[s.name] for atom, _ in monomial for s in atom.symbols())
            own.setdefault(scope, {})[monomial] = coefficient
        constant = own.pop(frozenset(), {})
        starts.append(sum(constant.values()) if constant else 0)
        terms.append(own)
    tests = [(frozenset(places[name] for name in test.names), test) for test in problem.tests]
    scopes = {scope for own in terms for scope in own} | {scope for scope, _ in tests}
    scopes |= {frozenset((k,)) for k in range(len(problem.axes))}
    largest: list[frozenset[int]] = []
    home: dict[frozenset[int], int] = {}
    for scope in sorted(scopes, key=lambda s: (-len(s), sorted(s))):
        around = next((k for k, other in enumerate(largest) if scope <= other), None)
        if around is None:
            around = len(largest)
            largest.append(scope)
        home[scope] = around
    found = []
    for k, scope in enumerate(largest):
        sizes = []
        for own in terms:
            part: dict[Any, Number] = {}
            for inner, some in own.items():
                if home[inner] == k:
                    part.update(some)
            sizes.append(collect(part))
        held = tuple(test for inner, test in tests if home[inner] == k)
        found.append(ScopeFactor(tuple(sorted(scope)), tuple(sizes), held))
    return found, starts


# --- orders ---------------------------------------------------------------------------


def arranged(
    scopes: Sequence[frozenset[int]],
    lengths: Sequence[int],
    kept: frozenset[int] = frozenset(),
    first: Iterable[int] = (),
) -> tuple[list[int], int]:
    """Return all axes of some scopes in the order to take them up, and its width.

    Args:
        scopes: the axes that meet.
        lengths: of every axis.
        kept: axes that stay open to the end.
        first: axes to take up first.
    """
    around: dict[int, list[int]] = {}
    for k, scope in enumerate(scopes):
        for axis in scope:
            around.setdefault(axis, []).append(k)
    missing = [len(scope) for scope in scopes]
    left = {axis: len(own) for axis, own in around.items()}
    for axis in kept:
        around.setdefault(axis, [])
        left.setdefault(axis, 0)
    taken: set[int] = set()
    open_: set[int] = set()
    order: list[int] = []
    width = 1

    def closing(axis: int) -> tuple[list[int], set[int]]:
        done = [k for k in around[axis] if missing[k] == 1]
        fewer: dict[int, int] = {}
        for k in done:
            for other in scopes[k]:
                fewer[other] = fewer.get(other, 0) + 1
        closed = {a for a, n in fewer.items() if left[a] == n and a not in kept}
        return done, closed

    def take(axis: int) -> None:
        nonlocal width
        width = max(width, prod(lengths[a] for a in open_) * lengths[axis])
        done, closed = closing(axis)
        taken.add(axis)
        order.append(axis)
        open_.add(axis)
        for k in around[axis]:
            missing[k] -= 1
        for k in done:
            for other in scopes[k]:
                left[other] -= 1
        open_.difference_update(closed)
        if not around[axis] and axis not in kept:
            open_.discard(axis)

    def worth(axis: int) -> tuple[float, int, int, int]:
        done, closed = closing(axis)
        grown = log2(lengths[axis]) - sum(log2(lengths[a]) for a in closed)
        nearest = min((missing[k] for k in around[axis] if missing[k]), default=0)
        return round(grown, 6), nearest, -len(done), axis

    for axis in first:
        take(axis)
    while len(order) < len(around):
        near = {a for o in open_ for k in around[o] for a in scopes[k]} - taken
        take(min(near or around.keys() - taken, key=worth))
    return order, width


def _best_arranged(
    scopes: Sequence[frozenset[int]], lengths: Sequence[int], kept: frozenset[int] = frozenset()
) -> tuple[list[int], int]:
    """Return the best of the orders that begin with some of the axes which meet most others, and
    then with one that is far from them.
    """
    met: dict[int, set[int]] = {}
    for scope in scopes:
        for axis in scope:
            met.setdefault(axis, set()).update(scope)
    hubs = sorted(met, key=lambda a: (-len(met[a]), a))[:HUBS]
    starts = [hubs[:n] for n in range(len(hubs) + 1)]
    for n in range(len(hubs)):
        far = _farthest(met, hubs[n], frozenset(hubs[:n]))
        starts.append([*hubs[:n], far])
        starts.append([*hubs[:n], _farthest(met, far, frozenset(hubs[:n]))])
    starts += [sorted(kept)] if kept else []
    tried = [arranged(scopes, lengths, kept, dict.fromkeys(start)) for start in starts]
    return min(tried, key=lambda found: found[1])


def _farthest(met: Mapping[int, set[int]], start: int, without: frozenset[int]) -> int:
    """Return the last axis that a walk from one reaches, neighbour by neighbour."""
    seen, row = {start}, [start]
    for axis in row:
        for other in sorted(met[axis] - seen - without):
            seen.add(other)
            row.append(other)
    return row[-1]


def cut_of(factors: Sequence[ScopeFactor], lengths: Sequence[int], halved: bool = True) -> Cut:
    """Return the factors cut in two sides of about as many configurations each.

    Args:
        factors: all factors.
        lengths: of every axis.
        halved: whether to cut; else the first side has everything.
    """
    scopes = [frozenset(factor.scope) for factor in factors]
    every = tuple(range(len(factors)))
    order, width = _best_arranged(scopes, lengths)
    whole = Cut((Side(tuple(order), every, width), Side((), (), 1)), ())
    if not halved or len(order) < 2:
        return whole
    bits = [log2(lengths[axis]) for axis in order]
    best, place, shared = sum(bits), len(order), frozenset[int]()
    for t in range(1, len(order)):
        left = frozenset(order[:t])
        joined = frozenset(a for scope in scopes if not scope <= left for a in scope if a in left)
        # What stays open is looked at with everything on both sides.
        held = sum(log2(lengths[a]) for a in joined)
        most = max(sum(bits[:t]), sum(bits[t:]) + held) + OPEN * held
        if most < best:
            best, place, shared = most, t, joined
    if place == len(order):
        return whole
    left = frozenset(order[:place])
    sides = []
    for inside in (True, False):
        own = tuple(k for k in every if (scopes[k] <= left) is inside)
        some = [scopes[k] for k in own]
        path, width = _best_arranged(some, lengths, shared)
        sides.append(Side(tuple(path), own, width))
    return Cut((sides[0], sides[1]), tuple(sorted(shared)))
