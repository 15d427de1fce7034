"""``symparams sensitivity``: what moves a measure."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command(
    "sensitivity",
    epilog='Example:  symparams sensitivity "input(t, i) -> lstm(h)" --wrt h --set t=1,i=32,h=64',
)
@options.source
@click.option("--wrt", metavar="NAME", default=None, help="One size; all are ranked without it.")
@options.settings
@options.convention
@options.measure
@options.formats(*options.ALL)
def command(
    source: str,
    wrt: str | None,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    output: str,
) -> None:
    """Derivatives, exact differences and elasticities of a measure.

    What is --set makes the point at which they are taken; sizes with a default
    are at their default.
    """
    from symparams.cli.sources import definition_of, values_of
    from symparams.model.sensitivity import at_point
    from symparams.views.pages import sensitivity

    found = at_point(definition_of(source, convention), values_of(settings), measure, wrt)
    options.emit(sensitivity.page(found), output)
