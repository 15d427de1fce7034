"""``symparams layers``: the catalogue."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("layers", epilog="Example:  symparams layers lstm")
@click.argument("name", metavar="[NAME]", required=False)
@options.formats(*options.ALL)
def command(name: str | None, output: str) -> None:
    """The layer kinds: arguments, weights, general formulas, differences of conventions."""
    from symparams.views.pages.layers import catalogue, kind

    options.emit(catalogue() if name is None else kind(name), output)
