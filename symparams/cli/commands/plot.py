"""``symparams plot``: a figure of a model, and the table that it is drawn from."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

import click
from click.core import ParameterSource

from symparams.cli import options
from symparams.errors import SymparamsError, did_you_mean
from symparams.interchange import CommandAnswer
from symparams.records import Record

if TYPE_CHECKING:
    from symparams.algebra import Number
    from symparams.analysis import NetworkGraph
    from symparams.elaboration import Value, WrittenModel
    from symparams.views.plots import Plotted

#: Inches in each unit of --width.
_INCHES = {"in": 1.0, "pt": 1 / 72.27, "cm": 1 / 2.54, "mm": 1 / 25.4}
_NARROWEST, _WIDEST = 1.5, 20.0
_LENGTH = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<unit>in|pt|cm|mm)")


class UnfinishedFront(CommandAnswer, command="plot"):
    """The time was over before there was any point of the front."""

    proved: bool
    status: str


class _TooLate(Exception):
    """The time limit came before there was anything to draw."""


@click.command(
    "plot",
    epilog="Example:  symparams plot zoo:gpt2 --over h=64..4096",
)
@options.source
@click.option(
    "--over",
    multiple=True,
    metavar="NAME=VALUES",
    help="The parts of the measure along one size, as h=64..4096; the values of the sizes of "
    "--tornado, --iso and --pareto.",
)
@click.option("--bars", metavar="NAME", help="A bar a size or a part: sensitivity or shares.")
@click.option("--tornado", is_flag=True, help="What each size does over its values.")
@click.option("--iso", metavar="VALUES", help="Curves of equal count, as params=1B,3B.")
@click.option("--axes", metavar="H,L", help="The two sizes of --iso.")
@click.option("--pareto", metavar="GOALS", help="The front of two goals, as params,min:macs.")
@click.option("--budget", multiple=True, help='With --pareto, as "params <= 7B".')
@click.option(
    "--time-limit", type=click.FloatRange(0, min_open=True), help="Of --pareto, in seconds."
)
@click.option("--graph", is_flag=True, help="The network, blocks folded, as Graphviz DOT.")
@click.option("--share", is_flag=True, help="Parts in percent of the whole.")
@click.option("--depth", type=click.IntRange(0, 100), help="Open so many groups of parts.")
@click.option("--factor", metavar="NUMBER", help="Of --tornado, for sizes without a domain: 2.")
@click.option("--points", type=click.IntRange(2, 1000), help="The most points of a curve.")
@click.option("--log/--linear", "logarithmic", default=None, help="The axes of sizes.")
@options.settings
@options.convention
@options.measure()
@click.option(
    "--symbol",
    "symbols",
    multiple=True,
    metavar="NAME=MATHS",
    help=r"How a size is typeset, as d_{\mathrm{model}}; may be repeated.",
)
@click.option("--out", metavar="FILE", help="Draw it: .svg, .pdf, .png, .tex (pgfplots) or .dot.")
@click.option("--width", metavar="LENGTH", help="Of the figure, as 3.4in, 246pt or 8.6cm.")
@click.option(
    "--format",
    "output",
    type=click.Choice(options.offered("pgf", "dot")),
    default=None,
    help="Print the table of the figure, its pgfplots source, or a graph as DOT.  [default: "
    "table; of --graph dot]",
)
def command(
    source: str,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    symbols: tuple[str, ...],
    out: str | None,
    width: str | None,
    output: str | None,
    **asked: object,
) -> None:
    """Draw a figure of a model, or print the table that it is drawn from.

    With --over alone: what each part has of the measure as one size grows. --bars,
    --tornado, --iso, --pareto and --graph draw something else. All other sizes are
    at what --set says, or at their defaults.

    A figure is as wide as a column, with colours that the colour-blind tell apart, and the
    same bytes each time. To draw needs the extra `plot`; the table is exact and needs nothing.

    Exit code 0: done. 2: bad input, or matplotlib is missing. 3: the time limit came
    before a front was proved.
    """
    from symparams.cli.sources import definition_of, values_of

    figure = _figure(asked)
    own = click.get_current_context().get_parameter_source("measure")
    if figure in ("iso", "pareto") and own is ParameterSource.COMMANDLINE:
        raise SymparamsError(f"--measure does not go with --{figure}, which names what it counts")
    drawing = None if out is None else _Drawing(figure, out, width)
    if width is not None and (drawing is None or figure == "graph"):
        raise SymparamsError("--width is that of a figure in a file", None, "--out figure.svg")
    text = TEXTS["graph" if figure == "graph" else "figure"]
    if output in TEXTS.values() and output != text:
        raise SymparamsError(f"--format {output} is not of this figure", None, f"it has {text}")
    task = PlotTask(definition_of(source, convention), values_of(settings), measure, asked)
    try:
        made = _graph(task) if figure == "graph" else _Figure(FIGURES[figure](task))
    except _TooLate as late:
        if output == "json":
            options.emit_json(UnfinishedFront(False, str(late)))
        click.echo(str(late), err=True)
        sys.exit(3)
    if symbols:
        made = _notated(made, symbols, drawing is not None or output == text, output or "table")
    if drawing is not None:
        drawing.write(made)
        click.echo(f"written to {out}", err=output is not None)
    if output == text or (output is None and drawing is None and figure == "graph"):
        click.echo(made.text())
    elif output is not None or drawing is None:
        options.emit(made.sheet, output or "table")
    sys.exit(0 if getattr(made.sheet.answered(), "proved", True) else 3)


def _notated(made: _Figure | _Graph, symbols: tuple[str, ...], drawn: bool, output: str) -> _Figure:
    """Return a figure whose sizes are typeset as the command line says.

    Raises:
        SymparamsError: nothing is typeset, or a notation is wrong.
    """
    from symparams.cli.notations import notations_of
    from symparams.views import FORMATS, Typesetting

    if isinstance(made, _Graph):
        raise SymparamsError("--symbol does not go with --graph")
    typeset = [name for name in FORMATS if getattr(FORMATS[name], "TYPESET", False)]
    if not drawn and output not in typeset:
        listed = " or ".join([*typeset, TEXTS["figure"]])
        raise SymparamsError(f"--symbol goes with --out, or --format {listed}")
    given = notations_of(symbols)
    sheet = made.sheet
    Typesetting(notations=given).setter(sheet)  # a name that the model does not have is refused
    return _Figure(made.plotted.but(sheet=replace(sheet, notations={**sheet.notations, **given})))


#: What figures and graphs are as text for another program, and the format's name.
TEXTS = {"figure": "pgf", "graph": "dot"}


class PlotTask(Record):
    """What a figure is made of; ``asked`` are the options by name."""

    definition: WrittenModel
    values: Mapping[str, Value]
    measure: str
    asked: Mapping[str, object]

    def given(self, name: str) -> Mapping[str, object]:
        """Return an option as an argument where it is given; else its own default holds."""
        value = self.asked[name]
        return {} if value is None else {name: value}


class _Figure:
    """A figure: its table, its pgfplots source, its drawing."""

    suffixes: ClassVar = (".svg", ".pdf", ".png", ".tex")

    def __init__(self, plotted: Plotted) -> None:
        self.sheet = plotted.sheet
        self.plotted = plotted

    def text(self) -> str:
        from symparams.views.plots import pgf

        return pgf(self.plotted)

    def drawn(self, suffix: str, width: float | None) -> bytes:
        from symparams.views.plots import COLUMN, drawn

        return drawn(self.plotted, suffix, width or COLUMN)


class _Graph:
    """The same of a graph, which Graphviz draws."""

    suffixes: ClassVar = (".dot", ".gv", ".svg", ".pdf", ".png")

    def __init__(self, found: NetworkGraph) -> None:
        from symparams.views.plots import graph_sheet

        self.sheet = graph_sheet(found)
        self.found = found

    def text(self) -> str:
        from symparams.views.plots import dot

        return dot(self.found)

    def drawn(self, suffix: str, _: float | None) -> bytes:
        from symparams.views.plots import drawn_by_dot

        return drawn_by_dot(self.text(), suffix)


class _Drawing:
    """A file that is drawn to; its name and width are judged before anything else."""

    def __init__(self, figure: str, path: str, width: str | None) -> None:
        known = (_Graph if figure == "graph" else _Figure).suffixes
        self.path = path
        self.suffix = PurePath(path).suffix.lower()
        if self.suffix not in known:
            listed = f"it ends in {', '.join(known[:-1])} or {known[-1]}"
            hint = did_you_mean(self.suffix, known, listed)
            raise SymparamsError(f"--out {path}: nothing is drawn to such a file", None, hint)
        self.width = None if width is None else _inches(width)

    def write(self, made: _Figure | _Graph) -> None:
        """Write the file.

        Raises:
            SymparamsError: it cannot be written, or what draws it is missing.
        """
        from symparams.cli.files import write_bytes, write_text

        if self.suffix in (".tex", ".dot", ".gv"):
            write_text(self.path, made.text() + "\n")
        else:
            write_bytes(self.path, made.drawn(self.suffix, self.width))


def _inches(width: str) -> float:
    """Return a length in inches.

    Raises:
        SymparamsError: it is none, or no width of a figure.
    """
    found = _LENGTH.fullmatch(width.strip())
    if not found:
        raise SymparamsError(f"--width {width}: no length", None, "as in 3.4in, 246pt or 8.6cm")
    inches = float(found["number"]) * _INCHES[found["unit"]]
    if not _NARROWEST <= inches <= _WIDEST:
        raise SymparamsError(
            f"--width {width}: a figure is {_NARROWEST:g} to {_WIDEST:g} inches wide"
        )
    return inches


#: Option that asks for a figure → the further options it has; ``over`` is the one without any.
OWN: Mapping[str, tuple[str, ...]] = {
    "over": ("share", "depth", "points", "logarithmic"),
    "bars": (),
    "tornado": ("over", "factor"),
    "iso": ("over", "axes", "points", "logarithmic"),
    "pareto": ("over", "budget", "logarithmic", "time_limit"),
    "graph": ("depth",),
}


def _figure(asked: Mapping[str, object]) -> str:
    """Return the one figure that is asked for, and that the other options go with it.

    Raises:
        SymparamsError: none, several, or an option that the figure does not have.
    """
    given = [name for name, value in asked.items() if value not in (None, False, ())]
    if asked["logarithmic"] is False and "logarithmic" not in given:
        given.append("logarithmic")
    figures = [name for name in OWN if name != "over" and name in given]
    if len(figures) > 1:
        listed = " and ".join(f"--{name}" for name in figures)
        raise SymparamsError(f"{listed} are different figures", None, "ask for one at a time")
    figure = figures[0] if figures else "over"
    if not figures and "over" not in given:
        raise SymparamsError(
            "nothing is asked to be drawn",
            None,
            "give --over h=64..4096, --bars sensitivity, --tornado, --iso, --pareto or --graph",
        )
    for name in given:
        if name not in (figure, *OWN[figure]):
            fits = " or ".join(f"--{f}" for f, own in OWN.items() if name in own)
            called = {"logarithmic": "log" if asked[name] else "linear"}.get(name, name)
            called = called.replace("_", "-")
            raise SymparamsError(f"--{called} goes with {fits}")
    return figure


def _over(task: PlotTask) -> Plotted:
    from symparams.analysis import parts_along
    from symparams.views.plots import plot_parts

    found = parts_along(
        task.definition,
        task.asked["over"],  # type: ignore[arg-type]  # as declared above
        task.values,
        task.measure,
        **task.given("points"),  # type: ignore[arg-type]
        **task.given("logarithmic"),  # type: ignore[arg-type]
        **task.given("depth"),  # type: ignore[arg-type]
    )
    return plot_parts(found, bool(task.asked["share"]))


def _bars(task: PlotTask) -> Plotted:
    from symparams.analysis import at_point, shares, studied
    from symparams.views.plots import plot_sensitivities, plot_shares

    what = str(task.asked["bars"])
    if what == "sensitivity":
        return plot_sensitivities(at_point(task.definition, task.values, task.measure))
    if what == "shares":
        return plot_shares(shares(studied(task.definition, task.values, task.measure)))
    known = ("sensitivity", "shares")
    raise SymparamsError(
        f"no bars '{what}'", None, did_you_mean(what, known, "there are sensitivity and shares")
    )


def _tornado(task: PlotTask) -> Plotted:
    from symparams.analysis import tornado
    from symparams.views.plots import plot_tornado

    factor = task.asked["factor"]
    number = None if factor is None else _number(str(factor), "--factor")
    over: tuple[str, ...] = task.asked["over"]  # type: ignore[assignment]
    return plot_tornado(tornado(task.definition, task.values, task.measure, over, number))


def _iso(task: PlotTask) -> Plotted:
    from symparams.analysis import curves_of_equal_count
    from symparams.cli.sources import names_of
    from symparams.language import between_commas
    from symparams.views.plots import plot_equal_counts

    written = str(task.asked["iso"])
    measure, equals, listed = written.rpartition("=")
    if not equals or not measure.strip() or not listed.strip():
        raise SymparamsError(f"--iso {written}: write measure=values", None, "as in params=1B,3B")
    if task.asked["axes"] is None:
        raise SymparamsError("--iso needs two sizes", None, "as in --axes h,l")
    one, other = names_of(str(task.asked["axes"]), "--axes", ",", 2)
    targets = [_number(each, "--iso") for each in between_commas(listed)]
    points = task.asked["points"]
    found = curves_of_equal_count(
        task.definition,
        measure.strip(),
        targets,
        (one, other),
        task.asked["over"],  # type: ignore[arg-type]
        task.values,
        **({} if points is None else {"lines": points}),  # type: ignore[arg-type]
        **task.given("logarithmic"),  # type: ignore[arg-type]
    )
    return plot_equal_counts(found)


def _graph(task: PlotTask) -> _Graph:
    from symparams.analysis import network_graph

    depth = task.given("depth")
    return _Graph(network_graph(task.definition, task.values, task.measure, **depth))  # type: ignore[arg-type]


def _pareto(task: PlotTask) -> Plotted:
    from symparams.analysis import ModelSpace
    from symparams.cli.progress import counting_up
    from symparams.language import between_commas
    from symparams.search import OutOfTimeError, ended_after
    from symparams.views.plots import plot_front

    goals = [goal.strip() for goal in between_commas(str(task.asked["pareto"]))]
    if len(goals) != 2 or not all(goals):
        raise SymparamsError(
            f"--pareto {task.asked['pareto']}: a figure of a front has two goals",
            None,
            "as in params,min:macs; symparams search has the table of more",
        )
    over, budgets = task.asked["over"], task.asked["budget"]
    limit: float | None = task.asked["time_limit"]  # type: ignore[assignment]
    space = ModelSpace(task.definition, task.values, over, budgets)  # type: ignore[arg-type]
    try:
        with ended_after(limit), counting_up("boxes searched") as progress:
            found = space.front(goals, limit, progress)
    except OutOfTimeError:
        raise _TooLate(f"the time limit of {limit:g} s came before an answer") from None
    if limit is not None and not found.proved and not found.choices:
        raise _TooLate(f"the time limit of {limit:g} s came before any point of the front")
    return plot_front(space, found, goals, task.asked["logarithmic"])  # type: ignore[arg-type]


def _number(written: str, option: str) -> Number:
    """Return a number of the language, as ``1.5B``.

    Raises:
        SymparamsError: it is none.
    """
    from symparams.elaboration import Evaluator, Scope, Shipped, describe, is_number
    from symparams.errors import Source
    from symparams.language import parse_expression
    from symparams.network import Run

    expression = parse_expression(Source(option, written.strip()))
    value = Evaluator(Run(), Shipped()).value(expression, Scope())
    if not is_number(value):
        raise SymparamsError(f"{option}: a number is needed, not {describe(value)}")
    return value  # type: ignore[return-value]  # it is a number


#: Figure → what makes it.
FIGURES: Mapping[str, Callable[[PlotTask], Plotted]] = {
    "over": _over,
    "bars": _bars,
    "tornado": _tornado,
    "iso": _iso,
    "pareto": _pareto,
}
