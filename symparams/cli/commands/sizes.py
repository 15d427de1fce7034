"""``symparams sizes``: the S, M, L table of models, their variants and lists of sizes."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("sizes", epilog="Example:  symparams sizes zoo:gpt2 --measure params,macs,kv_cache")
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUES",
    help="Give a size a value, or several as h=768,1024: a row for each choice; may be repeated.",
)
@options.convention
@options.measure(several=True)
@options.formats()
def command(
    sources: tuple[str, ...],
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    output: str,
) -> None:
    """Print a table of models: the sizes in which they differ, and a column for each measure.

    A SOURCE that is a model with variants stands for all of them. Every number is that of count.
    """
    from symparams.analysis import size_table
    from symparams.cli.sources import lists_of, models_of
    from symparams.views.pages import sizes

    models = models_of(sources, convention)
    options.emit(sizes.page(size_table(models, measure, lists_of(settings))), output)
