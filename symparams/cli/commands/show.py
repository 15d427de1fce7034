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
@options.settings
@options.convention
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
@options.formats()
def command(
    source: str,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    collapse: bool,
    columns: str | None,
    what: str,
    output: str,
) -> None:
    """Print a table of the layers: output shapes, formulas, numbers, the total."""
    from symparams.analysis import column_report, measure_columns, shown
    from symparams.cli.sources import definition_of, names_of, values_of
    from symparams.views.pages import show, show_columns

    if what != "table":
        if collapse or columns is not None:
            option = "--collapse" if collapse else "--columns"
            raise SymparamsError(f"{option} goes with --what table")
        _other(what, source, settings, convention, measure, output)
        return
    measures = measure_columns(measure, ("name", "kind", "depth", "group", "output"))
    if [c.formula for c in measures] != [measure]:
        if columns is not None:
            raise SymparamsError("--columns goes with one measure")
        found = column_report(definition_of(source, convention), measures, values_of(settings))
        options.emit(show_columns.page(found, expand=not collapse), output)
        return
    report, at_defaults = shown(definition_of(source, convention), values_of(settings), measure)
    names = () if columns is None else tuple(names_of(columns, "--columns"))
    page = show.page(report, at_defaults=at_defaults, expand=not collapse, columns=names)
    options.emit(page, output)


def _other(
    what: str,
    source: str,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    output: str,
) -> None:
    """Print what another command prints of the same source."""
    context = click.get_current_context()
    assert context.parent is not None
    group = context.parent.command
    assert isinstance(group, click.Group)
    name = ELSEWHERE[what]
    command = group.get_command(context, name)
    if command is None:
        raise SymparamsError(f"--what {what}: there is no command {name}")
    given: dict[str, object] = {"source": source, "sources": (source,), "settings": settings}
    given |= {"measure": measure, "convention": convention, "output": output}
    own = {parameter.name for parameter in command.params}
    if "measure" not in own and measure != "params":
        raise SymparamsError(f"--what {what} is of params")
    context.invoke(command, **{name: value for name, value in given.items() if name in own})
