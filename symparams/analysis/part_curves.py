"""What each part of a network has of a measure as one size grows: exact, point by point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symparams.algebra import Number, Size, add_up, as_number, substitute
from symparams.analysis.one_size import OneSize, is_wide, one_size, spread
from symparams.analysis.part_shares import sizes_by_part
from symparams.analysis.questions import Question, domains_over
from symparams.analysis.reports import report
from symparams.elaboration import Value, WrittenModel, asking, sizes_of
from symparams.errors import SymparamsError
from symparams.records import Record

#: How many points a curve has where nothing is said.
USUAL_POINTS = 33


class PartsAtPoint(Record):
    """What the parts have at a value of the size; together they are the ``total``."""

    value: Number
    parts: Mapping[str, Number]
    total: Number


class PartCurves(Record):
    """What the parts of a network have of a measure along one size.

    Attributes:
        along: the size, and the networks.
        measure: what is counted.
        logarithmic: how the points are spread.
        parts: their names, in the order of the text; each point has all of them.
        points: in rising order.
        values: how many values the size may have by its domain and what divides it.
    """

    along: OneSize
    measure: str
    logarithmic: bool
    parts: tuple[str, ...]
    points: tuple[PartsAtPoint, ...]
    values: int


def parts_along(
    definition: WrittenModel,
    over: Iterable[str],
    values: Mapping[str, Value] | None = None,
    measure: str = "params",
    points: int = USUAL_POINTS,
    logarithmic: bool | None = None,
    depth: int = 0,
) -> PartCurves:
    """Return the measure of every part at values of one size, all others at their defaults.

    Args:
        definition: the model.
        over: the size and its values, as ``h=64..4096``.
        values: sizes that are set.
        measure: what is counted.
        points: the most points.
        logarithmic: how they are spread; None: as the width of the range suggests.
        depth: how many groups are opened: 0 has the parts at the top.

    Raises:
        SymparamsError: not one size, one without an end, a measure that parts do not add up to.
    """
    given = dict(values or {})
    definition = asking(definition, [measure], given)
    domains = domains_over(over, sizes_of(definition, given), given)
    if len(domains) != 1:
        raise SymparamsError(
            f"a figure of the parts is along one size, not {len(domains)}",
            None,
            "as in --over h=64..4096; the others are at --set or their defaults",
        )
    ((name, domain),) = domains.items()
    along = one_size(definition, name, domain, given, measure)
    grid = along.grid()
    scale = is_wide(grid) if logarithmic is None else logarithmic
    if scale and grid[0] <= 0:
        raise SymparamsError(f"a logarithmic axis has no place for {name} = {grid[0]}")
    formulas: dict[int, Mapping[str, Size]] = {}
    found: list[PartsAtPoint] = []
    for value, question in spread(along, points, scale):
        of = formulas.get(id(question))
        if of is None:
            of = formulas[id(question)] = _by_part(question, measure, depth)
        found.append(_at(question, of, name, value))
    parts = tuple(dict.fromkeys(part for point in found for part in point.parts))
    filled = (p.but(parts={part: p.parts.get(part, 0) for part in parts}) for p in found)
    return PartCurves(along, measure, scale, parts, tuple(filled), len(grid))


def _by_part(question: Question, measure: str, depth: int) -> Mapping[str, Size]:
    rows = report(question.network, measure).rows
    return {part: add_up(sizes) for part, sizes in sizes_by_part(rows, depth).items()}


def _at(question: Question, formulas: Mapping[str, Size], name: str, value: Number) -> PartsAtPoint:
    """Return the numbers at a value: of every part, and of the whole, which is their sum."""
    here = {name: value}
    numbers = {part: as_number(substitute(size, here)) for part, size in formulas.items()}
    total = as_number(substitute(question.sizes[0], here))
    assert sum(numbers.values()) == total, f"the parts are {sum(numbers.values())}, not {total}"
    return PartsAtPoint(value, {part: n for part, n in numbers.items() if n}, total)


__all__ = ["PartCurves", "PartsAtPoint", "parts_along"]
