"""``symparams show``: a table, a line a layer."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("show", epilog='Example:  symparams show "input(i) -> dense(h) * l -> dense(o)"')
@options.source
@options.settings
@options.convention
@options.measure(several=True)
@click.option("--collapse", is_flag=True, help="Show blocks as one line each.")
@click.option("--tree", is_flag=True, help="Draw the model above its layers, with their shares.")
@click.option("--shares", is_flag=True, help="Add percent of the total to each measure.")
@click.option("--unit", metavar="UNIT", default="", help="Of columns of bytes: MB, MiB, GB, ….")
@options.formats()
def command(
    source: str,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    collapse: bool,
    tree: bool,
    shares: bool,
    unit: str,
    output: str,
) -> None:
    """Print a table of the layers: output shapes, formulas, numbers, the total."""
    from symparams.analysis import column_report, measure_columns, shown
    from symparams.cli.sources import definition_of, values_of
    from symparams.views.pages import show, show_columns

    columns = measure_columns(measure, ("name", "kind", "depth", "group", "output"))
    if tree or shares or unit or [c.formula for c in columns] != [measure]:
        found = column_report(definition_of(source, convention), columns, values_of(settings))
        page = show_columns.page(found, not collapse, tree, shares or tree, unit)
        options.emit(page, output)
        return
    report, at_defaults = shown(definition_of(source, convention), values_of(settings), measure)
    options.emit(show.page(report, at_defaults=at_defaults, expand=not collapse), output)
