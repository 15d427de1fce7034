"""``symparams formula``: the closed form alone."""

from __future__ import annotations

import click

from symparams.cli import options
from symparams.views.code import names as code_names


@click.command(
    "formula", epilog='Example:  symparams formula "input(t, i) -> lstm(h)" --form grouped'
)
@options.source
@click.option(
    "--form",
    type=click.Choice(["short", "expanded", "factored", "grouped"]),
    default="short",
    show_default=True,
    help="How to write it; grouped keeps a term a group of like layers.",
)
@options.settings
@options.convention
@options.measure()
@options.formats(more=code_names())
def command(
    source: str,
    form: str,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    output: str,
) -> None:
    """Print the closed form alone."""
    from symparams.cli.sources import definition_of, values_of
    from symparams.elaboration import asking, build
    from symparams.views.pages import formula

    values = values_of(settings)
    definition = asking(definition_of(source, convention), [measure], values)
    network = build(definition, values)
    if output in code_names():
        options.emit_code(formula.code(network, measure, form, output), output)
        return
    options.emit(formula.page(network, measure, form), output)
