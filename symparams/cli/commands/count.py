"""``symparams count``: the integer alone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from symparams.cli import options
from symparams.interchange import CommandAnswer, Further

if TYPE_CHECKING:
    from symparams.algebra import Number


class CountAnswer(CommandAnswer, command="count"):
    """The numbers; their keys are the measures."""

    by_measure: Further[Number]


@click.command("count", epilog='Example:  symparams count "input(i) -> lstm(h)" --set i=4096,h=256')
@options.source
@options.settings
@options.convention
@options.rename
@options.measure(several=True)
@options.formats("table", "json")
def command(
    source: str,
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    measure: str,
    output: str,
) -> None:
    """Print the integer, at the defaults and what is --set; of several measures a line each.

    A formula of measures, as flops/params, may come to a fraction.
    """
    from symparams.analysis import counted, measure_columns
    from symparams.cli.sources import definition_of, values_of
    from symparams.elaboration import asking
    from symparams.network import channels_first

    columns, values = measure_columns(measure), values_of(settings)
    formulas = [column.formula for column in columns]
    definition = asking(definition_of(source, convention, rename), formulas, values)
    numbers: dict[str, Number] = {}
    for column in columns:
        numbers[column.name], network = counted(definition, values, column.formula)
    if output == "json":
        options.emit_json(CountAnswer(Further(numbers)))
    elif len(numbers) == 1:
        click.echo(str(*numbers.values()))
    else:
        longest = max(map(len, numbers))
        for name, number in numbers.items():
            click.echo(f"{name:{longest}}  {number}")
    for remark in channels_first(network.root):
        with suppress(OSError):  # a stream that is closed takes no remark
            click.echo(f"note: {remark}", err=True)
