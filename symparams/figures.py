"""Figures of a model: what the command ``plot`` draws and what :meth:`Model.plot` returns.

A figure is the table that it is drawn from and a picture of it. matplotlib draws, or
Graphviz where it is a graph; neither is loaded before a picture is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from os import PathLike
from pathlib import PurePath
from shutil import which
from typing import TYPE_CHECKING, Any, ClassVar

from symparams.answers import PublicAnswer
from symparams.errors import SymparamsError, did_you_mean
from symparams.records import shortened

if TYPE_CHECKING:
    from symparams.algebra import Number
    from symparams.analysis import NetworkGraph
    from symparams.elaboration import Value, WrittenModel
    from symparams.language import MathNode
    from symparams.search import Progress
    from symparams.views import Sheet
    from symparams.views.plots import Plotted

#: Inches in each unit of a width.
_INCHES = {"in": 1.0, "pt": 1 / 72.27, "cm": 1 / 2.54, "mm": 1 / 25.4}
_NARROWEST, _WIDEST = 1.5, 20.0
_LENGTH = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<unit>in|pt|cm|mm)")

#: What asks for a figure → the further options it has; ``over`` is the one without any.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "over": ("share", "depth", "points", "logarithmic"),
    "bars": (),
    "tornado": ("over", "factor"),
    "iso": ("over", "axes", "points", "logarithmic"),
    "pareto": ("over", "budget", "logarithmic", "time_limit"),
    "graph": ("depth",),
}


class TooLate(SymparamsError):
    """The time limit came before there was anything to draw."""


class Figure(PublicAnswer):
    """A figure of a model: the exact table that it is drawn from, and its picture.

    A notebook shows the picture, or the table where nothing is there to draw it. ``table`` is
    that of the package, for its own use.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".svg", ".pdf", ".png", ".tex")

    def __init__(self, plotted: Plotted) -> None:
        self._plotted = plotted
        self.table = plotted.sheet

    @property
    def data(self) -> dict[str, Any]:
        """The numbers that are drawn, as ``symparams plot --format json`` prints them."""
        return self.to_dict()

    def text(self) -> str:
        """Return the source that pgfplots draws, for the fonts of a paper; of a graph, DOT."""
        from symparams.views.plots import pgf

        return pgf(self._plotted)

    def _drawn(self, suffix: str, width: float | None = None) -> bytes:
        """Return the picture as a file that ends in ``suffix``; its width in inches.

        Raises:
            SymparamsError: what draws it is not installed.
        """
        from symparams.views.plots import COLUMN, drawn

        return drawn(self._plotted, suffix, width or COLUMN)

    def notated(self, notations: Mapping[str, MathNode]) -> Figure:
        """Return the figure with sizes typeset as ``notations`` say.

        Raises:
            SymparamsError: the model has no such size.
        """
        from symparams.views import Typesetting

        sheet = self.table
        Typesetting(notations=notations).setter(sheet)  # refuses a name that is not there
        more = {**sheet.notations, **notations}
        return Figure(self._plotted.but(sheet=replace(sheet, notations=more)))

    def save(self, path: str | PathLike[str], width: str | float | None = None) -> None:
        """Write the picture to a file; the end of its name says how.

        ``.svg``, ``.pdf`` and ``.png`` are drawn by matplotlib (the extra ``plot``), ``.tex``
        is pgfplots source and needs nothing. A graph is DOT text (``.dot``), or drawn by
        Graphviz.

        Args:
            path: the file.
            width: in inches, or a length as ``246pt``; a column of a paper unless said.

        Raises:
            SymparamsError: it cannot be written, or what draws it is missing.
        """
        FigureFile(path, type(self), width).write(self)

    def _sheet(self) -> Sheet:
        return replace(self.table, picture=self._svg) if self._can_be_drawn() else self.table

    def _can_be_drawn(self) -> bool:
        return find_spec("matplotlib") is not None

    def _svg(self) -> str:
        return self._drawn(".svg").decode()

    def __repr__(self) -> str:
        return shortened(f"<figure: {self.table.title}>")

    def __str__(self) -> str:
        from symparams.views import render

        return render(self.table)


class GraphFigure(Figure):
    """A drawing of a network: blocks folded, shapes and counts on its edges."""

    suffixes: ClassVar[tuple[str, ...]] = (".dot", ".gv", ".svg", ".pdf", ".png")

    def __init__(self, found: NetworkGraph) -> None:
        from symparams.views.plots import graph_sheet

        self._graph = found
        self.table = graph_sheet(found)

    def text(self) -> str:
        """Return the graph in DOT, the language of Graphviz."""
        from symparams.views.plots import dot

        return dot(self._graph)

    def _drawn(self, suffix: str, width: float | None = None) -> bytes:
        """Return the picture as Graphviz draws it, at its own width.

        Raises:
            SymparamsError: Graphviz is not there.
        """
        from symparams.views.plots import drawn_by_dot

        return drawn_by_dot(self.text(), suffix)

    def _can_be_drawn(self) -> bool:
        return which("dot") is not None


class FigureFile:
    """A file that a figure is drawn to; its name and width are judged before anything is drawn.

    ``option`` says how options are called in errors: ``--width`` on the command line.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        figure: type[Figure],
        width: str | float | None = None,
        option: Callable[[str], str] = str,
    ) -> None:
        from symparams.elaboration import path_given

        known = figure.suffixes
        self.path = path_given(path)
        self.suffix = PurePath(self.path).suffix.lower()
        if self.suffix not in known:
            listed = f"it ends in {', '.join(known[:-1])} or {known[-1]}"
            hint = did_you_mean(self.suffix, known, listed)
            told = f"{option('out')} {self.path}: nothing is drawn to such a file"
            raise SymparamsError(told, None, hint)
        if width is not None and figure is GraphFigure:
            raise SymparamsError(f"{option('width')}: Graphviz says how wide a graph is")
        self.width = None if width is None else _inches(width, option("width"))

    def write(self, figure: Figure) -> None:
        """Write the file.

        Raises:
            SymparamsError: it cannot be written, or what draws it is missing.
        """
        from symparams.cli import write_bytes

        if self.suffix in (".tex", ".dot", ".gv"):
            write_bytes(self.path, (figure.text() + "\n").encode())
        else:
            write_bytes(self.path, figure._drawn(self.suffix, self.width))


def _inches(width: str | float, called: str) -> float:
    """Return a length in inches.

    Raises:
        SymparamsError: it is none, or no width of a figure.
    """
    from symparams.algebra import bounded
    from symparams.elaboration import kind_of

    if isinstance(width, str):
        found = _LENGTH.fullmatch(width.strip())
        if not found:
            raise SymparamsError(
                f"{called} {width}: no length", None, "as in 3.4in, 246pt or 8.6cm"
            )
        inches: Number | float = float(found["number"]) * _INCHES[found["unit"]]
    elif isinstance(width, bool) or not isinstance(width, int | float | Fraction):
        raise SymparamsError(
            f"{called} must be a length, not {kind_of(width)}", None, "as in 3.4 or '246pt'"
        )
    else:
        inches = width if isinstance(width, float) else bounded(width)
    if not _NARROWEST <= inches <= _WIDEST:
        raise SymparamsError(
            f"{called} {width}: a figure is {_NARROWEST:g} to {_WIDEST:g} inches wide"
        )
    return float(inches)


def figure_asked(
    asked: Mapping[str, object], usual: str, option: Callable[[str], str] = str
) -> str:
    """Return the one figure that options ask for, where all of them go with it.

    Args:
        asked: option → its value; None, False and nothing are not given.
        usual: what to write, for who asks for no figure.
        option: what an option is called in errors.

    Raises:
        SymparamsError: none, several, or an option that the figure does not have.
    """
    given = [name for name, value in asked.items() if value is not None and value not in _NOTHING]
    if asked["logarithmic"] is False:
        given.append("logarithmic")
    figures = [name for name in OPTIONS if name != "over" and name in given]
    if len(figures) > 1:
        listed = " and ".join(map(option, figures))
        raise SymparamsError(f"{listed} are different figures", None, "ask for one at a time")
    figure = figures[0] if figures else "over"
    if not figures and "over" not in given:
        raise SymparamsError("nothing is asked to be drawn", None, f"give {usual}")
    for name in given:
        if name not in (figure, *OPTIONS[figure]):
            fits = " or ".join(option(f) for f, own in OPTIONS.items() if name in own)
            raise SymparamsError(f"{option(name)} goes with {fits}")
    return figure


#: What an option that is not given may be.
_NOTHING: tuple[object, ...] = (False, (), "", {}, [])


# --- figures, each of what the analysis found --------------------------------


def parts_figure(
    definition: WrittenModel,
    values: Mapping[str, Value],
    measure: str,
    over: Iterable[str],
    share: bool = False,
    **more: Any,
) -> Figure:
    """Return the parts of a measure as one size grows; ``more`` as ``parts_along`` takes it."""
    from symparams.analysis import parts_along
    from symparams.views.plots import plot_parts

    return Figure(plot_parts(parts_along(definition, over, values, measure, **more), share))


def bars_figure(
    definition: WrittenModel, values: Mapping[str, Value], measure: str, what: str
) -> Figure:
    """Return a bar a size (``sensitivity``) or a part (``shares``).

    Raises:
        SymparamsError: ``what`` is neither.
    """
    from symparams.analysis import at_point, shares, studied
    from symparams.views.plots import plot_sensitivities, plot_shares

    if what == "sensitivity":
        return Figure(plot_sensitivities(at_point(definition, values, measure)))
    if what == "shares":
        return Figure(plot_shares(shares(studied(definition, values, measure))))
    known = ("sensitivity", "shares")
    raise SymparamsError(
        f"no bars '{what}'", None, did_you_mean(what, known, "there are sensitivity and shares")
    )


def tornado_figure(
    definition: WrittenModel,
    values: Mapping[str, Value],
    measure: str,
    over: Iterable[str] = (),
    factor: Number | None = None,
) -> Figure:
    """Return what each size does to a measure over its values, or times and by a factor."""
    from symparams.analysis import tornado
    from symparams.views.plots import plot_tornado

    return Figure(plot_tornado(tornado(definition, values, measure, over, factor)))


def iso_figure(
    definition: WrittenModel,
    values: Mapping[str, Value],
    measure: str,
    targets: Sequence[Number],
    axes: tuple[str, str],
    over: Iterable[str] = (),
    **more: Any,
) -> Figure:
    """Return the curves of two sizes along which a measure has a value each."""
    from symparams.analysis import curves_of_equal_count
    from symparams.views.plots import plot_equal_counts

    found = curves_of_equal_count(definition, measure, targets, axes, over, values, **more)
    return Figure(plot_equal_counts(found))


def pareto_figure(
    definition: WrittenModel,
    values: Mapping[str, Value],
    goals: Sequence[str],
    over: Iterable[str] = (),
    budgets: Iterable[str] = (),
    logarithmic: bool | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Figure:
    """Return the front of two goals.

    Raises:
        TooLate: the time limit came before any point of it.
    """
    from symparams.analysis import ModelSpace
    from symparams.search import OutOfTimeError, ended_after
    from symparams.views.plots import plot_front

    space = ModelSpace(definition, values, over, budgets)
    try:
        with ended_after(time_limit):
            found = space.front(goals, time_limit, progress)
    except OutOfTimeError:
        told = f"the time limit of {time_limit:g} s came before an answer"
        raise TooLate(told) from None
    if time_limit is not None and not found.proved and not found.choices:
        raise TooLate(f"the time limit of {time_limit:g} s came before any point of the front")
    return Figure(plot_front(space, found, goals, logarithmic))


def graph_figure(
    definition: WrittenModel, values: Mapping[str, Value], measure: str, depth: int = 0
) -> GraphFigure:
    """Return the network as a graph, with so many groups open."""
    from symparams.analysis import network_graph

    return GraphFigure(network_graph(definition, values, measure, depth))


def written_number(written: str, called: str) -> Number:
    """Return a number of the language, as ``1.5B``.

    Raises:
        SymparamsError: it is none.
    """
    from symparams.elaboration import Evaluator, Scope, Shipped, describe, is_number
    from symparams.errors import Source
    from symparams.language import parse_expression
    from symparams.network import Run

    expression = parse_expression(Source(called, written.strip()))
    value = Evaluator(Run(), Shipped()).value(expression, Scope())
    if not is_number(value):
        raise SymparamsError(f"{called}: a number is needed, not {describe(value)}")
    return value  # type: ignore[return-value]  # it is a number


__all__ = [
    "Figure",
    "FigureFile",
    "GraphFigure",
    "TooLate",
    "bars_figure",
    "figure_asked",
    "graph_figure",
    "iso_figure",
    "pareto_figure",
    "parts_figure",
    "tornado_figure",
    "written_number",
]
