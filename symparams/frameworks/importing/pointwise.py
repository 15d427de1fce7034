"""A source recorded at several sizes: its numbers become formulas in them."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from symparams.algebra import Number, text
from symparams.errors import SymparamsError
from symparams.frameworks.importing.graph import SourceGraph
from symparams.frameworks.inference.fitting import fits
from symparams.frameworks.inference.quantities import Quantity
from symparams.frameworks.inference.sampling import PointSource
from symparams.frameworks.inference.space import SizeSpace, size_space
from symparams.frameworks.inference.tensors import BuildRefusal, BuiltModule, SizePoint
from symparams.language import between_commas

#: Points that all sizes vary in, beside those where one does.
JOINT = 3
#: So many steps of one size alone.
STEPS = 4

#: Records a point: what a source does at these sizes.
RecordedAt = Callable[[SizePoint], SourceGraph]


def sizes_with_defaults(builder: Callable[..., Any], sizes: str) -> str:
    """Return the names of ``--sizes`` with the builder's own defaults where none is written."""
    try:
        parameters = inspect.signature(builder).parameters
    except (TypeError, ValueError):
        return sizes
    written = []
    for entry in between_commas(sizes):
        name = entry.strip().split("=")[0].split(" in ")[0].strip()
        default = parameters[name].default if name in parameters else None
        plain = isinstance(default, int) and not isinstance(default, bool) and default > 0
        written.append(f"{entry} = {default}" if plain and "=" not in entry else entry)
    return ", ".join(written)


class RecordedPoints:
    """A source at the points of a space that it runs at."""

    def __init__(self, space: SizeSpace, record: RecordedAt) -> None:
        self.space = space
        self._record = record
        self._graphs: dict[tuple[Any, ...], SourceGraph] = {}
        source = PointSource(space, self._build, lambda tried: None)
        base = source.base()
        star, _ = source.star(base)
        source.learn()
        values = {n: [base[n], *(p[n] for p in ps)] for n, ps in star.items()}
        points = [base, *(p for ps in star.values() for p in ps[:STEPS])]
        if len(space.names) > 1:
            points += source.joint(values, JOINT)
        self.points: list[SizePoint] = []
        for point in points:
            if point not in self.points:
                self.points.append(point)

    def _build(self, point: SizePoint) -> BuiltModule | BuildRefusal:
        try:
            self._graphs[_key(point)] = self._record(point)
        except SymparamsError as error:
            return BuildRefusal(str(error.message))
        return BuiltModule(())

    def graph(self, point: SizePoint) -> SourceGraph:
        """Return what was recorded at a point."""
        return self._graphs[_key(point)]


def _key(point: SizePoint) -> tuple[tuple[str, Number], ...]:
    return tuple(sorted(point.items()))


class NumberFitter:
    """Formulas of numbers that were seen at some points."""

    def __init__(self, space: SizeSpace, points: Sequence[SizePoint]) -> None:
        self._names = [
            Quantity(space.symbol(n), tuple(p[n] for p in points))
            for n in space.names
            if len({p[n] for p in points}) > 1
        ]
        #: What has no formula, as ``filters: 64, 96, 128``.
        self.unfitted: list[str] = []

    def formula(self, values: Sequence[int], what: str) -> Any:
        """Return a number, or a formula that all values are of; the first where there is none."""
        column = tuple(values)
        if len(set(column)) == 1:
            return column[0]
        found = fits(column, self._names)
        if not found:
            shown = ", ".join(map(str, column[:6]))
            self.unfitted.append(f"{what}: {shown}")
            return column[0]
        return text(found[0])


def largest_group(keys: Iterable[Any]) -> list[int]:
    """Return the places of what there is most of, in order."""
    listed = list(keys)
    most, _ = Counter(listed).most_common(1)[0]
    return [n for n, key in enumerate(listed) if key == most]


def recorded_points(
    builder: Callable[..., Any],
    sizes: str,
    over: Sequence[str],
    record: Callable[[Mapping[str, Any]], SourceGraph],
) -> RecordedPoints:
    """Return a source recorded where its sizes take several values.

    Raises:
        SymparamsError: it runs at no point, or the sizes are not written so.
    """
    space = size_space(sizes_with_defaults(builder, sizes), over)

    def at(point: SizePoint) -> SourceGraph:
        return record({n: int(v) for n, v in point.items()})

    return RecordedPoints(space, at)


__all__ = ["NumberFitter", "RecordedPoints", "largest_group", "recorded_points"]
