"""``symparams explain``: the derivation, a layer at a time."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("explain", epilog='Example:  symparams explain "input(32, 32, 3) -> conv(64, 3)"')
@options.source
@options.settings
@options.convention
@options.rename
@options.formats()
def command(
    source: str,
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    output: str,
) -> None:
    """Print the derivation a person would write by hand, a layer at a time."""
    from symparams.analysis import shown
    from symparams.cli.sources import definition_of, values_of
    from symparams.views.pages import explain

    report, _ = shown(definition_of(source, convention, rename), values_of(settings))
    options.emit(explain.page(report), output)
