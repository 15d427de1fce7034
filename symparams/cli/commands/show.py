"""``symparams show``: a table, a line a layer."""

from __future__ import annotations

import click

from symparams.cli import options
from symparams.errors import SymparamsError

#: What ``--what`` asks for → the command that prints it.
ELSEWHERE = {
    "equation": "formula",
    "derivation": "explain",
    "sensitivities": "sensitivity",
    "sizes": "sizes",
}


@click.command("show", epilog='Example:  symparams show "input(i) -> dense(h) * l -> dense(o)"')
@options.source
@options.inline
@options.settings
@options.convention
@options.rename
@options.measure(several=True)
@click.option("--collapse", is_flag=True, help="Show blocks as one line each.")
@click.option(
    "--columns",
    metavar="NAMES",
    default=None,
    help="Which, in their order: name, shape, copies, formula, the measure, share.",
)
@click.option(
    "--what",
    type=click.Choice(["table", *ELSEWHERE]),
    default="table",
    show_default=True,
    help="The table, or what formula, explain, sensitivity and sizes print.",
)
@click.option("--tree", is_flag=True, help="Draw the model above its layers, with their shares.")
@click.option("--shares", is_flag=True, help="Add percent of the total to each measure.")
@click.option("--unit", metavar="UNIT", default="", help="Of columns of bytes: MB, MiB, GB, ….")
@options.formats()
def command(
    source: str,
    inline: bool,
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    measure: str,
    collapse: bool,
    columns: str | None,
    what: str,
    tree: bool,
    shares: bool,
    unit: str,
    output: str,
) -> None:
    """Print a table of the layers: output shapes, formulas, numbers, the total."""
    from symparams.analysis import column_report, measure_columns, named_sizes, shown
    from symparams.cli.sources import definition_of, names_of, values_of
    from symparams.views.pages import show, show_columns

    if what != "table":
        told = {"--collapse": collapse, "--columns": columns is not None, "--tree": tree}
        told |= {"--shares": shares, "--unit": bool(unit)}
        for option in (name for name, given in told.items() if given):
            raise SymparamsError(f"{option} goes with --what table")
        _other(what)
        return
    measures = measure_columns(measure, ("name", "kind", "depth", "group", "output"))
    values = values_of(settings)
    definition = definition_of(source, convention, rename)
    if tree or shares or unit or [c.formula for c in measures] != [measure]:
        if columns is not None:
            beside = "--tree" if tree else "--shares" if shares else "--unit" if unit else ""
            clash = f"--columns does not go with {beside}" if beside else ""
            raise SymparamsError(clash or "--columns goes with one measure")
        found = column_report(definition, measures, values)
        page = show_columns.page(found, not collapse, tree, shares or tree, unit)
        options.emit(page, output)
        return
    report, at_defaults = shown(definition, values, measure)
    named = None if inline else named_sizes(report.network, values, measure)
    names = () if columns is None else tuple(names_of(columns, "--columns"))
    options.emit(show.page(report, at_defaults, not collapse, named, names), output)


def _other(what: str) -> None:
    """Print what another command prints of the same source, with the options of both."""
    context = click.get_current_context()
    assert context.parent is not None
    group = context.parent.command
    assert isinstance(group, click.Group)
    name = ELSEWHERE[what]
    command = group.get_command(context, name)
    if command is None:
        raise SymparamsError(f"--what {what}: there is no command {name}")
    given = {**context.params, "sources": (context.params["source"],)}
    own = {parameter.name for parameter in command.params}
    if "measure" not in own and given["measure"] != "params":
        raise SymparamsError(f"--what {what} is of params")
    context.invoke(command, **{name: value for name, value in given.items() if name in own})
