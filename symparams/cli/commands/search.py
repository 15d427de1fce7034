"""``symparams search``: the best sizes under budgets."""

from __future__ import annotations

import sys
from math import isfinite
from typing import TYPE_CHECKING, NoReturn

import click

from symparams.cli import options

if TYPE_CHECKING:
    from symparams.analysis import ModelSpace
    from symparams.search import Clock
    from symparams.views import Sheet


@click.command(
    "search",
    epilog='Example:  symparams search zoo:gpt2 --budget "params <= 7B" --maximize params '
    "--over h=256..16384:64,l=6..128",
)
@options.source
@click.option(
    "--over",
    multiple=True,
    metavar="NAME=VALUES",
    help="The values of a size, as h=64..1024:64 or k={1, 2, 4}; may be repeated.",
)
@click.option("--budget", multiple=True, help='As "params <= 7B" or "attention.macs <= 1T".')
@click.option("--maximize", metavar="FORMULA", help='As params, h or "l*h^2".')
@click.option("--minimize", metavar="FORMULA", help="What should be small.")
@click.option("--top", type=click.IntRange(1, 10_000), default=1, help="How many of the best.")
@click.option("--count", is_flag=True, help="Count all that meet the budgets.")
@click.option("--pareto", metavar="GOALS", help="The front of some goals, as params,min:macs.")
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="FORMULA",
    help='A column more, as macs or "work = 2*macs"; may be repeated.',
)
@click.option(
    "--sample", type=click.IntRange(1, 10**7), help="Uniform samples; one may come twice."
)
@click.option("--seed", type=int, default=0, help="Of --sample.")
@click.option("--time-limit", type=click.FloatRange(0, min_open=True), help="In seconds.")
@options.settings
@options.convention
@options.formats()
def command(
    source: str,
    over: tuple[str, ...],
    budget: tuple[str, ...],
    measures: tuple[str, ...],
    settings: tuple[str, ...],
    convention: str | None,
    output: str,
    time_limit: float | None,
    **wanted: object,
) -> None:
    """Find the sizes that meet all budgets: the best, a front, samples, how many.

    Sizes are searched over the domains that the model declares or --over gives;
    all others are at what --set says, or at their defaults. What is found is
    exact, in integers, and the page says what proves that nothing is better.

    The time limit is kept, whatever is asked. A count that it ends is a least
    number; samples that it ends are none.

    Exit code 0: proved. 3: the time limit came before the proof.
    """
    from symparams.analysis import ModelSpace
    from symparams.cli.sources import definition_of, values_of
    from symparams.errors import SymparamsError
    from symparams.search import Clock, OutOfTimeError, ended_after, loaded, numpy_is_there

    if time_limit is not None and not isfinite(time_limit):
        raise SymparamsError("--time-limit is a number of seconds")
    if time_limit is not None:  # what is loaded takes none of the time
        numpy_is_there()
        loaded()
    clock = Clock(time_limit)
    try:
        with ended_after(time_limit):
            definition = definition_of(source, convention)
            space = ModelSpace(definition, values_of(settings), over, budget, measures)
            sheet = _answer(space, clock=clock, **wanted)  # type: ignore[arg-type]  # as declared above
    except OutOfTimeError:
        _too_late(time_limit, output)
    options.emit(sheet, output)
    sys.exit(0 if getattr(sheet.answered(), "proved", True) else 3)


def _too_late(seconds: float | None, output: str) -> NoReturn:
    """Say that the time was over before there was any answer."""
    told = f"the time limit of {seconds:g} s came before an answer"
    if output == "json":
        from symparams.views.pages.search import UnfinishedAnswer

        options.emit_json(UnfinishedAnswer(False, told))
    click.echo(told, err=True)
    sys.exit(3)


def _answer(
    space: ModelSpace,
    maximize: str | None,
    minimize: str | None,
    top: int,
    count: bool,
    pareto: str | None,
    sample: int | None,
    seed: int,
    clock: Clock,
) -> Sheet:
    from symparams.cli.progress import counting_up
    from symparams.errors import SymparamsError
    from symparams.language import between_commas
    from symparams.views.pages import search as page

    asked = [w for w in (maximize, minimize, pareto, sample) if w is not None]
    if len(asked) > 1:
        raise SymparamsError("ask for one of --maximize, --minimize, --pareto and --sample")
    objective = maximize if minimize is None else minimize
    with counting_up("boxes searched") as progress:
        # What is asked besides gets half of the time.
        counted = space.counted(progress, clock.left(2 if asked else 1)) if count else None
        if objective is not None:
            best = space.best(objective, minimize is not None, top, clock.left(), progress)
            return page.best(space, best, counted)
        if pareto is not None:
            goals = between_commas(pareto)
            if not all(goal.strip() for goal in goals):
                raise SymparamsError(f"--pareto {pareto}: write goals as params,min:macs")
            return page.front(space, space.front(goals, clock.left(), progress), counted)
        if sample is not None:
            return page.samples(space, space.samples(sample, seed, clock.left()))
    if counted is not None and not space.columns:
        return page.counted(space, counted)
    if counted is not None:
        raise SymparamsError(
            "--measure is a column of what is found, and --count alone finds nothing",
            None,
            "give --maximize, --minimize, --pareto or --sample, too",
        )
    raise SymparamsError(
        "nothing is asked of the space",
        None,
        "give --maximize, --minimize, --pareto, --sample or --count",
    )
