"""A family of tensors to formulas: how many, of which shape, and where they differ.

Where the shapes of a family differ along its index, these are tried in turn: runs of
equal ones (which are the first, the last, and the stages of a flat list), the
index modulo 2, 3, 4, 6, the first or last of one of two indices, and shapes that
grow with the index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, groupby
from typing import TypeAlias

from symparams.algebra import Number, Polynomial, Size, Symbol, power, symbols_of
from symparams.frameworks.inference.fitted import (
    FittedTensors,
    UnfittedTensors,
    all_values,
    index_symbol,
    whole_at,
)
from symparams.frameworks.inference.fitting import LARGEST_COST, fits, is_symbol
from symparams.frameworks.inference.patterns import TensorFamily
from symparams.frameworks.inference.presence import MODULI, presence
from symparams.frameworks.inference.quantities import Quantity, Values
from symparams.frameworks.inference.tensors import SizePoint

#: The most runs of equal shapes that are a family's parts.
MOST_RUNS = 16
#: The most samples with an index that a fit looks at.
MOST_SAMPLES = 80
#: The most choices of further sizes that are tried.
MOST_TRIED = 16
#: The most sizes that a value is fitted over, where the star does not say which.
MOST_NAMES = 5

Shape: TypeAlias = tuple[int, ...]
_Members: TypeAlias = Mapping[int, tuple[tuple[tuple[int, ...], Shape], ...]]
#: A part of a family: what it is called, and its shapes at each point.
_Part: TypeAlias = tuple[str, dict[int, list[Shape]]]


class FitContext:
    """The points of a fit, what depends on which size, and what was found so far."""

    def __init__(
        self,
        points: Sequence[SizePoint],
        star: Mapping[str, Sequence[int]],
        moved: Mapping[str, Size],
        wide: frozenset[int] = frozenset(),
        earlier: Iterable[Size] = (),
    ) -> None:
        self.points = points
        #: Size → the numbers of the points where it alone has moved; 0 is the base.
        self.star = star
        #: The sizes that have moved, as formulas.
        self.sizes = moved
        self.moved = tuple(moved)
        self.wide = wide
        #: Formulas that others may be built over, also those of a fit at fewer points.
        self.earlier = dict.fromkeys(earlier)
        #: Formula → others that fit as well, with the names they are in.
        self.rivals: dict[Size, tuple[Size, ...]] = {}
        #: How complicated a form may be.
        self.most_cost = LARGEST_COST
        self.index_name, self.index = index_symbol(tuple(points[0]))
        self._known: dict[tuple[object, ...], Size | None] = {}

    def fit(self, values: Mapping[int, Number]) -> Size | None:
        """Return the simplest formula of values at points, or None."""
        rows = sorted(values)
        told = tuple(values[n] for n in rows)
        key = (tuple(rows), told, len(self.earlier), self.most_cost)
        if key not in self._known:
            self._known[key] = self._fit(rows, values)
        return self._known[key]

    def _fit(self, rows: list[int], values: Mapping[int, Number]) -> Size | None:
        if len(set(values.values())) == 1:
            return next(iter(values.values()))
        told = self._depends(values)
        near = [n for n in rows if n not in self.wide]
        tries = [(told, rows), (told, near)] if len(near) < len(rows) else [(told, rows)]
        for names, kept in chain(tries, self._with_another(told, rows, near, values)):
            found = self._among(kept, tuple(values[n] for n in kept), names)
            if found is not None:
                return found
        return None

    def _with_another(
        self,
        told: tuple[str, ...],
        rows: list[int],
        near: list[int],
        values: Mapping[int, Number],
    ) -> Iterator[tuple[tuple[str, ...], list[int]]]:
        """Yield the sizes with one or two more, and the points that they decide the values at.

        a*(h//a) does not move with an a that divides h.
        """
        others = [n for n in self.moved if n not in told]
        more = list(combinations(others, 1))
        if self.most_cost == LARGEST_COST and len(told) <= 2:
            more += combinations(others, 2)
        tried = 0
        for names in ((*told, *extra) for extra in more):
            kept = next((k for k in (rows, near) if self._decide(names, k, values)), None)
            if len(names) <= MOST_NAMES and kept is not None and tried < MOST_TRIED:
                tried += 1
                yield names, kept

    def _decide(
        self, names: tuple[str, ...], rows: Sequence[int], values: Mapping[int, Number]
    ) -> bool:
        """Tell whether there are never other values at equal sizes."""
        seen: dict[tuple[Number, ...], Number] = {}
        for n in rows:
            key = tuple(self.points[n][x] for x in names)
            if seen.setdefault(key, values[n]) != values[n]:
                return False
        return True

    def _depends(self, values: Mapping[int, Number]) -> tuple[str, ...]:
        """Return the sizes that change a value when they alone move; all, where none can tell."""
        if 0 not in values:
            return self.moved
        return tuple(
            name
            for name in self.moved
            if not self.star.get(name)
            or any(values[n] != values[0] for n in self.star[name] if n in values)
        )

    def _among(self, rows: Sequence[int], values: Values, names: tuple[str, ...]) -> Size | None:
        if not names:
            return None
        sizes = [Quantity(self.sizes[n], tuple(self.points[r][n] for r in rows)) for n in names]
        earlier = self._earlier(names, [self.points[r] for r in rows])
        found = fits(values, sizes, earlier, self.most_cost)
        return self._chosen(found)

    def _chosen(self, found: tuple[Size, ...]) -> Size | None:
        if not found:
            return None
        self.note(found[0])
        if len(found) > 1:
            self.rivals[found[0]] = found[1:]
        return found[0]

    def note(self, size: Size) -> None:
        """Remember a formula that others may be built over."""
        if isinstance(size, Polynomial) and (
            len(size.terms) > 1 or not all(map(is_symbol, size.atoms()))
        ):
            self.earlier.setdefault(size)

    def _earlier(self, names: Sequence[str], points: Sequence[SizePoint]) -> list[Quantity]:
        found = []
        for size in self.earlier:
            if {s.name for s in symbols_of(size)} <= set(names):
                values = [v for p in points if (v := whole_at(size, p)) is not None]
                if len(values) == len(points) and len(set(values)) > 1:
                    found.append(Quantity(size, tuple(values)))
        return found

    def fit_indexed(self, values: Mapping[tuple[int, int], Number]) -> Size | None:
        """Return the simplest formula of values at (point, index), with the index in it."""
        rows = sorted(values)
        if len(rows) > MOST_SAMPLES:  # the last of each point say most
            step = -(-len(rows) // MOST_SAMPLES)
            rows = sorted({*rows[::step], *rows[1::step]})
        there = {n for n, _ in rows}
        low = {n: values[n, min(k for m, k in values if m == n)] for n in there}
        names = list(self._depends(low))
        for name in self.moved:  # what only later ones depend on
            if name not in names and any(
                values[n, k] != values[0, k]
                for n, k in values
                if n in self.star.get(name, ()) and (0, k) in values
            ):
                names.append(name)
        points = [{**self.points[n], self.index_name: k} for n, k in rows]
        sizes = [
            Quantity(s, tuple(p[name] for p in points))
            for name, s in [(n, self.sizes[n]) for n in names] + [(self.index_name, self.index)]
        ]
        doubled = Quantity(power(2, self.index), tuple(1 << k for _, k in rows))
        earlier = self._earlier([*names, self.index_name], points)
        found = fits(tuple(values[r] for r in rows), sizes, [doubled, *earlier])
        return self._chosen(found)


def fit_family(family: TensorFamily, context: FitContext) -> list[FittedTensors | UnfittedTensors]:
    """Return the formulas of a family, part by part; what has none is told with its values."""
    best: list[FittedTensors | UnfittedTensors] = []
    for parts in _partitions(family, len(context.points)):
        if not all(_uniform(shapes) for _, there in parts for shapes in there.values()):
            continue
        found = [_fit_part(family, part, there, context) for part, there in parts]
        fitted = [f for f in found if isinstance(f, FittedTensors)]
        if len(fitted) == len(found) and _foretells(fitted, family, context):
            return list(fitted)
        best = best or list(found)
        if len(parts) == 1 and len(fitted) < len(found):
            return best  # of tensors that are all alike no part is easier
    indexed = _growing(family, context)
    if indexed is not None and _foretells([indexed], family, context):
        return [indexed]
    if any(isinstance(f, UnfittedTensors) for f in best):
        return best
    return [
        UnfittedTensors(
            family.pattern, "", family.role, family.owner, "shape", _told(family, context)
        )
    ]


def _uniform(shapes: Sequence[Shape]) -> bool:
    return len(set(shapes)) <= 1


def _partitions(family: TensorFamily, points: int) -> Iterator[list[_Part]]:
    """Yield the ways in which a family may be taken apart, the simplest first.

    A part has a list of shapes, which may be empty, at each point that speaks of it.
    """
    members = {n: family.members.get(n, ()) for n in range(points)}
    yield [("", {n: [s for _, s in ms] for n, ms in members.items()})]
    if not family.indices:
        return
    yield from _runs(members)
    for place in range(family.indices):
        for modulus in MODULI:
            yield [_residue(members, place, modulus, rest) for rest in range(modulus)]
        if family.indices > 1:
            yield from _ends(members, place)


def _residue(members: _Members, place: int, modulus: int, rest: int) -> _Part:
    """Return the tensors whose index leaves a rest when divided."""
    return f"k % {modulus} == {rest}", {
        n: [s for k, s in ms if k[place] % modulus == rest] for n, ms in members.items()
    }


def _runs(members: _Members) -> Iterator[list[_Part]]:
    """Yield the runs of equal shapes, where most points have equally many."""
    found = {
        n: [(s, len(list(g))) for s, g in groupby(s for _, s in ms)] for n, ms in members.items()
    }
    most = max(map(len, found.values()))
    if not 2 <= most <= MOST_RUNS:
        return
    full = {n: runs for n, runs in found.items() if len(runs) == most}
    yield [
        (
            _run_name(place, most, [runs[place][1] for runs in full.values()]),
            {n: [runs[place][0]] * runs[place][1] for n, runs in full.items()},
        )
        for place in range(most)
    ]


def _run_name(place: int, several: int, lengths: Sequence[int]) -> str:
    if set(lengths) == {1} and place == 0:
        return "first"
    if set(lengths) == {1} and place == several - 1:
        return "last"
    return "others" if several <= 3 and set(lengths) != {1} else f"run {place + 1}"


def _ends(members: _Members, place: int) -> Iterator[list[_Part]]:
    """Yield the first, and the last, of one of two indices against the others."""
    for pick, name in ((min, "first"), (max, "last")):
        end = {n: pick((k[place] for k, _ in ms), default=0) for n, ms in members.items()}
        yield [
            (f"{name} {place + 1}", _at_end(members, place, end, True)),
            (f"not {name} {place + 1}", _at_end(members, place, end, False)),
        ]


def _at_end(
    members: _Members, place: int, end: Mapping[int, int], there: bool
) -> dict[int, list[Shape]]:
    return {n: [s for k, s in ms if (k[place] == end[n]) is there] for n, ms in members.items()}


def _fit_part(
    family: TensorFamily, part: str, there: dict[int, list[Shape]], context: FitContext
) -> FittedTensors | UnfittedTensors:
    """Fit the number and the shape of tensors that are alike at every point."""
    counts = {n: len(shapes) for n, shapes in there.items()}
    said = ""
    count: Size | None
    if set(counts.values()) == {0, 1}:
        rows = sorted(counts)
        found = presence(
            [context.points[n] for n in rows], [counts[n] for n in rows], context.sizes
        )
        count = found[0].formula if found else context.fit(counts)
        if found:
            said = found[0].text
            if len(found) > 1:
                context.rivals[found[0].formula] = tuple(t.formula for t in found[1:])
    else:
        count = context.fit(counts)
    if count is None:
        return _failed(family, part, "count", {n: str(c) for n, c in counts.items()}, context)
    shapes = {n: shapes[0] for n, shapes in there.items() if shapes}
    several = range(len(next(iter(shapes.values()), ())))
    # All of them, though one fails: it may be half of another.
    sizes = [context.fit({n: s[axis] for n, s in shapes.items()}) for axis in several]
    if None in sizes:
        axis = sizes.index(None)
        values = {n: str(s[axis]) for n, s in shapes.items()}
        return _failed(family, part, f"axis {axis + 1}", values, context)
    axes = [size for size in sizes if size is not None]
    return FittedTensors(
        family.pattern,
        part,
        family.role,
        family.owner,
        count,
        tuple(axes),
        all_values(count, axes),
        presence=said,
    )


def _failed(
    family: TensorFamily, part: str, what: str, values: Mapping[int, str], context: FitContext
) -> UnfittedTensors:
    told = tuple((context.points[n], v) for n, v in sorted(values.items()))
    return UnfittedTensors(family.pattern, part, family.role, family.owner, what, told)


def _growing(family: TensorFamily, context: FitContext) -> FittedTensors | None:
    """Fit shapes that depend on the one index: ``c0 + g*k``, ``c*2^k``."""
    if family.indices != 1:
        return None
    first = {min(k for (k,), _ in ms) for ms in family.members.values()}
    if len(first) != 1:
        return None
    (low,) = first
    for ms in family.members.values():
        if [k for (k,), _ in ms] != list(range(low, low + len(ms))):
            return None
    counts = {n: len(family.members.get(n, ())) for n in range(len(context.points))}
    count = context.fit(counts)
    if count is None:
        return None
    several = len(next(iter(family.members.values()))[0][1])
    sizes = []
    for axis in range(several):
        values = {(n, k): s[axis] for n, ms in family.members.items() for (k,), s in ms}
        alike = len(set(values.values())) == 1
        sizes.append(next(iter(values.values())) if alike else context.fit_indexed(values))
    if None in sizes:
        return None
    axes = [size for size in sizes if size is not None]
    index = Symbol(context.index_name, True, 0)
    return FittedTensors(
        family.pattern,
        "",
        family.role,
        family.owner,
        count,
        tuple(axes),
        all_values(count, axes, index, low),
        index,
        low,
    )


def _foretells(found: Sequence[FittedTensors], family: TensorFamily, context: FitContext) -> bool:
    """Tell whether formulas give the shapes of a family at every point that they are of."""
    for n, point in enumerate(context.points):
        shapes = Counter(s for _, s in family.members.get(n, ()))
        if shapes != Counter(shape for part in found for shape in part.shapes_at(point)):
            if n in context.wide:
                continue
            return False
    return True


def _told(family: TensorFamily, context: FitContext) -> tuple[tuple[SizePoint, str], ...]:
    told = []
    for n, ms in sorted(family.members.items()):
        shapes = [f"{'x'.join(map(str, s))} × {len(list(g))}" for s, g in groupby(s for _, s in ms)]
        told.append((context.points[n], ", ".join(shapes[:8]) + (" …" if len(shapes) > 8 else "")))
    return tuple(told)


__all__ = ["FitContext", "fit_family"]
