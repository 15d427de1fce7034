"""``symparams layers``: the catalogue."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("layers", epilog="Example:  symparams layers gru --compare")
@click.argument("name", metavar="[NAME]", required=False)
@click.option(
    "--compare", is_flag=True, help="How textbook, keras and pytorch differ, as formulas."
)
@options.formats()
def command(name: str | None, compare: bool, output: str) -> None:
    """List the layer kinds: arguments, weights, general formulas, differences of conventions."""
    from symparams.views.pages import comparison
    from symparams.views.pages.layers import catalogue, kind

    if compare:
        options.emit(comparison.page(name), output)
    else:
        options.emit(catalogue() if name is None else kind(name), output)
