"""``symparams plot``: a figure of a model, and the table that it is drawn from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from symparams.cli import options
from symparams.errors import SymparamsError
from symparams.interchange import CommandAnswer
from symparams.records import Record

if TYPE_CHECKING:
    from symparams.elaboration import Value, WrittenModel
    from symparams.figures import Figure


class UnfinishedFront(CommandAnswer, command="plot"):
    """The time was over before there was any point of the front."""

    proved: bool
    status: str


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
    from symparams.figures import Figure, FigureFile, GraphFigure, TooLate, figure_asked

    figure = figure_asked(asked, USUAL, lambda name: _option(name, asked))
    own = click.get_current_context().get_parameter_source("measure")
    if figure in ("iso", "pareto") and own is ParameterSource.COMMANDLINE:
        raise SymparamsError(f"--measure does not go with --{figure}, which names what it counts")
    if width is not None and (out is None or figure == "graph"):
        raise SymparamsError("--width is that of a figure in a file", None, "--out figure.svg")
    made_as = GraphFigure if figure == "graph" else Figure
    file = None if out is None else FigureFile(out, made_as, width, "--{}".format)
    text = TEXTS["graph" if figure == "graph" else "figure"]
    if output in TEXTS.values() and output != text:
        raise SymparamsError(f"--format {output} is not of this figure", None, f"it has {text}")
    task = PlotTask(definition_of(source, convention), values_of(settings), measure, asked)
    try:
        made = FIGURES[figure](task)
    except TooLate as late:
        if output == "json":
            options.emit_json(UnfinishedFront(False, late.message))
        click.echo(late.message, err=True)
        sys.exit(3)
    if symbols:
        made = _notated(made, symbols, file is not None or output == text, output or "table")
    if file is not None:
        file.write(made)
        click.echo(f"written to {out}", err=output is not None)
    if output == text or (output is None and file is None and figure == "graph"):
        click.echo(made.text())
    elif output is not None or file is None:
        options.emit(made.table, output or "table")
    sys.exit(0 if getattr(made.table.answered(), "proved", True) else 3)


def _notated(made: Figure, symbols: tuple[str, ...], drawn: bool, output: str) -> Figure:
    """Return a figure whose sizes are typeset as the command line says.

    Raises:
        SymparamsError: nothing is typeset, or a notation is wrong.
    """
    from symparams.cli.notations import notations_of
    from symparams.figures import GraphFigure
    from symparams.views import FORMATS

    if isinstance(made, GraphFigure):
        raise SymparamsError("--symbol does not go with --graph")
    typeset = [name for name in FORMATS if getattr(FORMATS[name], "TYPESET", False)]
    if not drawn and output not in typeset:
        listed = " or ".join([*typeset, TEXTS["figure"]])
        raise SymparamsError(f"--symbol goes with --out, or --format {listed}")
    return made.notated(notations_of(symbols))


#: What may be asked for.
USUAL = "--over h=64..4096, --bars sensitivity, --tornado, --iso, --pareto or --graph"
#: What figures and graphs are as text for another program, and the format's name.
TEXTS = {"figure": "pgf", "graph": "dot"}


class PlotTask(Record):
    """What a figure is made of; ``asked`` are the options by name."""

    definition: WrittenModel
    values: Mapping[str, Value]
    measure: str
    asked: Mapping[str, Any]

    def given(self, *names: str) -> dict[str, Any]:
        """Return options as arguments where they are given; else their own defaults hold."""
        return {name: self.asked[name] for name in names if self.asked[name] is not None}

    @property
    def model(self) -> tuple[WrittenModel, Mapping[str, Value], str]:
        """The model, the sizes it is given, and the measure."""
        return self.definition, self.values, self.measure


def _option(name: str, asked: Mapping[str, object]) -> str:
    """Return what an option of the command is called."""
    called = "linear" if asked["logarithmic"] is False else "log"
    return f"--{called if name == 'logarithmic' else name.replace('_', '-')}"


def _over(task: PlotTask) -> Figure:
    from symparams.figures import parts_figure

    more = task.given("points", "logarithmic", "depth")
    return parts_figure(*task.model, task.asked["over"], task.asked["share"], **more)


def _bars(task: PlotTask) -> Figure:
    from symparams.figures import bars_figure

    return bars_figure(*task.model, str(task.asked["bars"]))


def _tornado(task: PlotTask) -> Figure:
    from symparams.figures import tornado_figure, written_number

    factor = task.asked["factor"]
    number = None if factor is None else written_number(str(factor), "--factor")
    return tornado_figure(*task.model, task.asked["over"], number)


def _iso(task: PlotTask) -> Figure:
    from symparams.cli.sources import names_of
    from symparams.figures import iso_figure, written_number
    from symparams.language import between_commas

    written = str(task.asked["iso"])
    measure, equals, listed = written.rpartition("=")
    if not equals or not measure.strip() or not listed.strip():
        raise SymparamsError(f"--iso {written}: write measure=values", None, "as in params=1B,3B")
    if task.asked["axes"] is None:
        raise SymparamsError("--iso needs two sizes", None, "as in --axes h,l")
    one, other = names_of(str(task.asked["axes"]), "--axes", ",", 2)
    targets = [written_number(each, "--iso") for each in between_commas(listed)]
    points = task.asked["points"]
    return iso_figure(
        task.definition,
        task.values,
        measure.strip(),
        targets,
        (one, other),
        task.asked["over"],
        **({} if points is None else {"lines": points}),
        **task.given("logarithmic"),
    )


def _graph(task: PlotTask) -> Figure:
    from symparams.figures import graph_figure

    return graph_figure(*task.model, **task.given("depth"))


def _pareto(task: PlotTask) -> Figure:
    from symparams.cli.progress import counting_up
    from symparams.figures import pareto_figure
    from symparams.language import between_commas

    goals = [goal.strip() for goal in between_commas(str(task.asked["pareto"]))]
    if len(goals) != 2 or not all(goals):
        raise SymparamsError(
            f"--pareto {task.asked['pareto']}: a figure of a front has two goals",
            None,
            "as in params,min:macs; symparams search has the table of more",
        )
    with counting_up("boxes searched") as progress:
        return pareto_figure(
            task.definition,
            task.values,
            goals,
            task.asked["over"],
            task.asked["budget"],
            progress=progress,
            **task.given("logarithmic", "time_limit"),
        )


#: Figure → what makes it.
FIGURES: Mapping[str, Callable[[PlotTask], Figure]] = {
    "over": _over,
    "bars": _bars,
    "tornado": _tornado,
    "iso": _iso,
    "pareto": _pareto,
    "graph": _graph,
}
