"""Layers drawn by hypothesis, as a framework is asked for them: (class, arguments, input).

Every table goes from a layer kind of the language, perhaps with a word that
tells several strategies apart, to a strategy. Sizes are small, and an input is
always large enough for the window that goes over it. The draws are the same in
every run.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import HealthCheck, settings, strategies as st

from .written import each

#: Class, arguments, the shape of the input or of each input.
Drawn: TypeAlias = tuple[str, dict[str, Any], tuple[Any, ...]]
Draw: TypeAlias = st.DrawFn

#: Reproducible everywhere: no clock, no seed, no data base of earlier failures.
EXAMPLES = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

SMALL = st.integers(1, 9)
FLAG = st.booleans()


def option(draw: Draw, options: dict[str, Any], name: str, strategy: st.SearchStrategy[Any]) -> Any:
    """Give an argument half of the time, so that defaults are tested as well."""
    if draw(FLAG):
        options[name] = draw(strategy)
    return options.get(name)


def one_or_each(draw: Draw, axes: int, low: int, high: int) -> Any:
    """One size for all axes, or one for each."""
    if draw(FLAG):
        return draw(st.integers(low, high))
    return [draw(st.integers(low, high)) for _ in range(axes)]


def positions(draw: Draw, kernel: Any, dilation: Any, axes: int, room: int = 5) -> tuple[int, ...]:
    """Axes into which a window fits, with some room to move."""
    reach = zip(each(kernel, axes), each(dilation, axes), strict=True)
    return tuple(draw(st.integers(d * (k - 1) + 1, d * (k - 1) + 1 + room)) for k, d in reach)


def kinds_of(table: dict[str, st.SearchStrategy[Drawn]]) -> set[str]:
    """The layer kinds of a table."""
    return {name.split()[0] for name in table}


def shape(low: int = 1, high: int = 4) -> st.SearchStrategy[tuple[int, ...]]:
    """A shape of a few small axes."""
    return st.lists(st.integers(1, 6), min_size=low, max_size=high).map(tuple)


#: (size, kernel, stride, dilation) of a window over one axis, all of them.
WINDOWS = [
    (n, k, s, d)
    for n in (1, 2, 3, 5, 8, 9)
    for k in (1, 2, 3, 4, 5)
    for s in (1, 2, 3, 4)
    for d in (1, 2, 3)
]
