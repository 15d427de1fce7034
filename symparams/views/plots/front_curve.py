"""A Pareto front of two goals: each point is no worse than any other in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symparams.algebra import Number
from symparams.analysis import Best, Choice, ModelSpace
from symparams.errors import SymparamsError
from symparams.views.cells import Phrase, phrase
from symparams.views.pages import search as page
from symparams.views.plots.answers import PlotAnswer, about, named_sizes
from symparams.views.plots.picture import PALETTE, Curve, Mark, Picture, Plotted, Star, axis_of

#: So many points have their sizes beside them.
MOST_NAMED = 5


class FrontAnswer(PlotAnswer, command="plot"):
    """A front, by the first goal; ``proved`` says that no other sizes are on it."""

    goals: tuple[str, str]
    budgets: tuple[str, ...]
    proved: bool
    engine: str
    status: str
    nodes: int
    rows: tuple[Mapping[str, Number | None], ...]


def plot_front(
    space: ModelSpace, found: Best, goals: Sequence[str], logarithmic: bool | None = None
) -> Plotted:
    """Return the points of a front, and the staircase that they bound.

    ``goals`` are as they were asked for, with ``min:`` before what should be small.

    Raises:
        SymparamsError: a front of other than two goals, or without points.
    """
    if len(goals) != 2:
        raise SymparamsError(
            f"a figure of a front has two goals, not {len(goals)}",
            None,
            "as in --pareto params,min:macs; symparams search has the table of more",
        )
    if not found.choices:
        raise SymparamsError("the front has no points: nothing meets the budgets")
    choices = sorted(found.choices, key=lambda c: c.goals[0])
    sheet = page.front(space, found.but(choices=tuple(choices)))
    said: Any = sheet.answered()
    answer = FrontAnswer.like(
        said, **about("pareto", ", ".join(goals), space.asked), goals=tuple(goals)
    )
    points = tuple((c.goals[0], c.goals[1]) for c in choices)
    xs, ys = ([p[k] for p in points] for k in (0, 1))
    x_small = goals[0].lstrip().startswith("min:")
    marks: tuple[Mark, ...] = (
        Curve(points, PALETTE[0], dots=len(points) <= 60, steps="post" if x_small else "pre"),
        *(Star(points[k], PALETTE[5], _named(choices, k), dot=True) for k in _some(len(points))),
    )
    axes = (
        axis_of(phrase(goal), values, _is_log(values, logarithmic), margin=Fraction(1, 12))
        for goal, values in zip(found.goals, (xs, ys), strict=True)
    )
    x, y = axes
    return Plotted(replace(sheet, answer=answer), Picture(sheet.title, x, y, marks))


def _is_log(values: list[Number], asked: bool | None) -> bool:
    low, high = min(values), max(values)
    return low > 0 and high >= 16 * low if asked is None else asked


def _some(many: int) -> list[int]:
    """Return the first place, the last, and some between."""
    if many <= MOST_NAMED:
        return list(range(many))
    return [(many - 1) * k // (MOST_NAMED - 1) for k in range(MOST_NAMED)]


def _named(choices: list[Choice], place: int) -> tuple[Phrase, ...]:
    """Return the sizes of a point that are not the same everywhere on the front."""
    sizes = choices[place].sizes
    varied = {n: v for n, v in sizes.items() if any(c.sizes[n] != v for c in choices)}
    return named_sizes(varied or sizes)
