"""``symparams show``: a table, a line a layer."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("show", epilog='Example:  symparams show "input(i) -> dense(h) * l -> dense(o)"')
@options.source
@options.inline
@options.settings
@options.convention
@options.rename
@options.measure(several=True)
@click.option("--collapse", is_flag=True, help="Show blocks as one line each.")
@options.formats()
def command(
    source: str,
    inline: bool,
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    measure: str,
    collapse: bool,
    output: str,
) -> None:
    """Print a table of the layers: output shapes, formulas, numbers, the total."""
    from symparams.analysis import column_report, measure_columns, named_sizes, shown
    from symparams.cli.sources import definition_of, values_of
    from symparams.views.pages import show, show_columns

    columns = measure_columns(measure, ("name", "kind", "depth", "group", "output"))
    if [c.formula for c in columns] != [measure]:
        found = column_report(
            definition_of(source, convention, rename), columns, values_of(settings)
        )
        options.emit(show_columns.page(found, expand=not collapse), output)
        return
    values = values_of(settings)
    definition = definition_of(source, convention, rename)
    report, at_defaults = shown(definition, values, measure)
    named = None if inline else named_sizes(report.network, values, measure)
    options.emit(show.page(report, at_defaults, not collapse, named), output)
