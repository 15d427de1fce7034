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
    """The number; its key is the measure."""

    by_measure: Further[Number]


@click.command("count", epilog='Example:  symparams count "input(i) -> lstm(h)" --set i=4096,h=256')
@options.source
@options.settings
@options.convention
@options.measure
@options.formats("table", "json")
def command(
    source: str, settings: tuple[str, ...], convention: str | None, measure: str, output: str
) -> None:
    """The integer alone, at the defaults and what is --set."""
    from symparams.analysis import counted
    from symparams.cli.sources import definition_of, values_of
    from symparams.network import channels_first

    number, network = counted(definition_of(source, convention), values_of(settings), measure)
    if output == "json":
        options.emit_json(CountAnswer(Further({measure: number})))
    else:
        click.echo(str(number))
    for remark in channels_first(network.root):
        with suppress(OSError):  # a stream that is closed takes no remark
            click.echo(f"note: {remark}", err=True)
