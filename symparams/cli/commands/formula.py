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
    type=click.Choice(["short", "expanded", "factored", "grouped", "collected"]),
    default="short",
    show_default=True,
    help="How to write it; grouped keeps a term a group of like layers.",
)
@click.option(
    "--by",
    metavar="NAMES",
    help="Collect as a polynomial in these sizes, as h,l; with --approx, those that grow.",
)
@click.option("--approx", is_flag=True, help="The leading terms, and their relative error.")
@click.option(
    "--over",
    multiple=True,
    metavar="DOMAIN",
    help="With --approx: bound the error for these sizes, as in l>=24, h=2048..8192.",
)
@options.inline
@options.settings
@options.convention
@options.rename
@options.measure()
@options.formats(more=code_names())
def command(
    source: str,
    form: str,
    by: str | None,
    approx: bool,
    over: tuple[str, ...],
    inline: bool,
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    measure: str,
    output: str,
) -> None:
    """Print the closed form alone."""
    from symparams.analysis import approximation, named_sizes
    from symparams.cli.sources import definition_of, names_of, values_of
    from symparams.elaboration import asking, build
    from symparams.errors import SymparamsError
    from symparams.views.pages import approximation as approximation_page, formula

    values = values_of(settings)
    definition = asking(definition_of(source, convention, rename), [measure], values)
    names = names_of(by, "--by") if by is not None else []
    if approx:
        found = approximation(definition, values, measure, names, over)
        options.emit(approximation_page.page(found, form), output)
        return
    if over:
        raise SymparamsError("--over needs --approx: it bounds the error of an approximation")
    network = build(definition, values)
    if output in code_names():
        options.emit_code(formula.code(network, measure, form, output, names), output)
        return
    named = None if inline else named_sizes(network, values, measure)
    options.emit(formula.page(network, measure, form, names, named), output)
