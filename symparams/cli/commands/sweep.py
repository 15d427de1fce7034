"""``symparams sweep``: every configuration of some sizes, to a file or in a summary."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command(
    "sweep",
    epilog='Example:  symparams sweep zoo:gpt2 --over "h=768..4096:64" --over "l=6..96" '
    '--budget "params <= 7B" --out grid.parquet',
)
@options.source
@click.option(
    "--over",
    multiple=True,
    metavar="NAME=VALUES",
    help="The values of a size, as h=64..1024:64 or k={1, 2, 4}.",
)
@click.option(
    "--budget",
    "budgets",
    multiple=True,
    metavar="BUDGET",
    help='What must hold, as "params <= 7B"; may be repeated.',
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="FORMULA",
    help="What is counted, as params or attention.macs; may be repeated.  [default: params]",
)
@options.settings
@options.convention
@options.rename
@click.option(
    "--out",
    metavar="FILE",
    default=None,
    help="Write what fits to .parquet, .csv or .json (an object a line).",
)
@click.option(
    "--engine",
    metavar="NAME",
    default="numpy",
    show_default=True,
    help="numpy, duckdb, spark, or a URL that Ibis connects to.",
)
@options.formats()
def command(
    source: str,
    over: tuple[str, ...],
    budgets: tuple[str, ...],
    measures: tuple[str, ...],
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    out: str | None,
    engine: str,
    output: str,
) -> None:
    """Count every configuration of some sizes: how many fit, the least and the greatest.

    The sizes that vary are those with a domain, declared or given by --over; all
    others are at what --set says, or at their defaults. Conditions of the model
    hold in every row. All numbers are exact.
    """
    from symparams.analysis import swept
    from symparams.cli.progress import tracked
    from symparams.cli.sources import definition_of, values_of
    from symparams.views.pages import sweep as page

    found = swept(
        definition_of(source, convention, rename),
        over,
        budgets,
        measures or ("params",),
        values_of(settings),
        engine,
        out,
        lambda items, total: tracked(items, total, "sweeping"),
    )
    options.emit(page.page(found), output)
