"""``symparams explain``: the derivation, a layer at a time."""

from __future__ import annotations

import click

from symparams.cli import options


@click.command("explain", epilog='Example:  symparams explain "input(32, 32, 3) -> conv(64, 3)"')
@options.source
@options.inline
@options.settings
@options.convention
@options.rename
@options.formats()
def command(
    source: str,
    inline: bool,
    settings: tuple[str, ...],
    convention: str | None,
    rename: tuple[str, ...],
    output: str,
) -> None:
    """Print the derivation a person would write by hand, a layer at a time."""
    from symparams.analysis import named_sizes, shown
    from symparams.cli.sources import definition_of, values_of
    from symparams.views.pages import explain

    values = values_of(settings)
    definition = definition_of(source, convention, rename)
    report, _ = shown(definition, values)
    named = None if inline else named_sizes(report.network, values)
    options.emit(explain.page(report, named), output)
