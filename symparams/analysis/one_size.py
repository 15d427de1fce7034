"""A model along one size: its networks, and the values of the size that they admit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from math import exp, log

from symparams.algebra import Domain, Number
from symparams.analysis.questions import Asked, Question, ask
from symparams.analysis.variation import values_of
from symparams.elaboration import Value, WrittenModel
from symparams.errors import Source, SymparamsError
from symparams.records import Record

#: From so many times the first value on, a figure of which nothing is said has a logarithmic axis.
WIDE = 16
#: Beyond it a drawing has no coordinates.
LARGEST_DRAWN = 10**300
#: The most neighbours of a value that are asked whether the model admits one of them.
MOST_PASSED = 10_000


class OneSize(Record):
    """A size of a model that varies, everything else being given.

    Attributes:
        asked: the networks, one for all values or one for each; a question's first size is
            the measure.
        name: of the size.
        domain: the values it may have.
    """

    asked: Asked
    name: str
    domain: Domain

    @property
    def decides(self) -> bool:
        """Whether the size decides the structure, so that each value has a network of its own."""
        return any(self.name in question.fixed for question in self.asked.questions)

    def question(self, value: Number) -> Question | None:
        """Return the question whose network has a value; None where the model does not admit it."""
        for one in self.asked.questions:
            here = {} if self.name in one.fixed else {self.name: value}
            if one.fixed.get(self.name, value) == value and (not here or here in one.space):
                return one
        return None

    def grid(self) -> Sequence[Number]:
        """Return the values in rising order; conditions may admit fewer.

        Raises:
            SymparamsError: they have no end, or there is none.
        """
        if self.decides:
            return sorted(q.fixed[self.name] for q in self.asked.questions)
        grid, endless = values_of(self.asked.questions[0].network, self.name, {}, self.domain)
        if endless:
            raise SymparamsError(
                f"'{self.name}' has no last value to draw",
                None,
                f"give it a range that ends: --over {self.name}=1..64",
            )
        if not grid:
            raise SymparamsError(f"no value of '{self.name}' in {self.domain} is admitted")
        return grid


def one_size(
    definition: WrittenModel,
    name: str,
    domain: Domain,
    values: Mapping[str, Value],
    measure: str,
) -> OneSize:
    """Return a model along one size, with a measure.

    Raises:
        SymparamsError: as :func:`ask`.
    """
    source = Source("<measure>", measure)
    return OneSize(ask(definition, {name: domain}, values, (), [source]), name, domain)


def is_wide(grid: Sequence[Number]) -> bool:
    """Tell whether values are told apart better along a logarithmic axis."""
    return grid[0] > 0 and grid[-1] >= WIDE * grid[0]


def spread(along: OneSize, most: int, logarithmic: bool) -> list[tuple[Number, Question]]:
    """Return at most so many admitted values, evenly along an axis, with their questions.

    The first and the last admitted value are among them.

    Raises:
        SymparamsError: the model admits none.
    """
    grid = along.grid()
    chosen = places(grid, most, logarithmic)
    found: list[tuple[Number, Question]] = []
    for k, place in enumerate(chosen):
        last = k == len(chosen) - 1
        stop = place + 1 if last else chosen[k + 1]
        candidates: Iterator[int] = iter(range(place, min(stop, place + MOST_PASSED)))
        if last and len(chosen) < len(grid):  # the last one that is admitted, wherever that is
            before = chosen[k - 1] if k else -1
            candidates = iter(range(place, max(before, place - MOST_PASSED), -1))
        for candidate in candidates:
            value = grid[candidate]
            question = along.question(value)
            if question is not None and not (found and value <= found[-1][0]):
                found.append((value, question))
                break
    if not found:
        raise SymparamsError(f"no value of '{along.name}' in {along.domain} is admitted")
    return found


def places(grid: Sequence[Number], most: int, logarithmic: bool) -> list[int]:
    """Return at most so many places on a grid, both ends among them, evenly along an axis.

    Raises:
        SymparamsError: the grid goes beyond what can be drawn.
    """
    if grid[-1] > LARGEST_DRAWN:
        raise SymparamsError("sizes above 10^300 cannot be drawn", None, "take a smaller range")
    if len(grid) <= most:
        return list(range(len(grid)))
    last, steps = len(grid) - 1, most - 1
    if not logarithmic:
        return [last * k // steps for k in range(most)]
    low, high = log(grid[0]), log(grid[-1])
    # Floats choose only where to look; the values themselves are those of the grid.
    aims = (low + (high - low) * k / steps for k in range(1, steps))
    inner = {min(bisect_left(grid, exp(aim)), last) for aim in aims}
    return sorted({0, *inner, last})
