"""``symparams verify``: a network against what a framework builds of it."""

from __future__ import annotations

import sys

import click

from symparams.cli import options


@click.command("verify", epilog="Example:  symparams verify zoo:llama --against torch")
@options.source
@click.option(
    "--against",
    metavar="NAME",
    required=True,
    help="torch or keras; they come with pip install 'symparams[oracle]'.",
)
@options.settings
@click.option(
    "--convention",
    metavar="NAME",
    default=None,
    help="Count as textbook, keras or pytorch; the text's own, or else the framework's.",
)
@options.formats()
def command(
    source: str, against: str, settings: tuple[str, ...], convention: str | None, output: str
) -> None:
    """Build SOURCE in a framework, and compare every weight and every output shape.

    Nothing is held in memory, so that the largest models can be built too.
    Exit code 0: all agree. 1: some differ. 2: the framework has no such layer, or is not there.
    """
    from symparams.cli.progress import tracked
    from symparams.cli.sources import counted_as, values_of
    from symparams.frameworks import convention_of, verify
    from symparams.views.pages import verify as page

    definition, used, said_by = counted_as(source, convention, convention_of(against))
    found = verify(
        definition,
        against,
        values_of(settings),
        lambda steps, total: tracked(steps, total, f"building in {against}"),
    )
    options.emit(page.page(found, used, said_by), output)
    sys.exit(0 if found.agrees else 1)
