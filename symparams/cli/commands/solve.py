"""``symparams solve``: the value of one size that a budget allows."""

from __future__ import annotations

import sys

import click

from symparams.cli import options


@click.command(
    "solve",
    epilog='Example:  symparams solve zoo:gpt2 "params <= 7B" --for h',
)
@options.source
@click.argument("budget", metavar="BUDGET")
@click.option("--for", "name", metavar="NAME", required=True, help="The size that is solved for.")
@click.option(
    "--over",
    multiple=True,
    metavar="NAME=VALUES",
    help="The values it may have, as h=64..1024:64 or k={1, 2, 4}.",
)
@options.settings
@options.convention
@options.rename
@options.formats()
def command(
    source: str,
    budget: str,
    name: str,
    over: tuple[str, ...],
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    output: str,
) -> None:
    """Find the largest value of a size that meets BUDGET, in integers.

    BUDGET compares measures, of the model or of a part, and sizes: "params <= 7B",
    "attention.params + V*h < 1B", "macs == 12*l*h^2". With >= and > it is the
    smallest value; with == the value that gives equality. All other sizes are
    at what --set says, or at their defaults.

    Exit code 0: there is one. 1: no value gives equality.
    """
    from symparams.analysis import solve
    from symparams.cli.sources import definition_of, values_of
    from symparams.errors import Source
    from symparams.views.pages import solve as page

    found = solve(
        definition_of(source, convention, rename),
        Source("<budget>", budget),
        name,
        values_of(settings),
        over,
    )
    options.emit(page.page(found), output)
    sys.exit(0 if found.at is not None or found.open else 1)
