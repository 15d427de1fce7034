"""``symparams diff``: what one model has more than another, layer by layer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from symparams.cli import options

if TYPE_CHECKING:
    from symparams.elaboration import WrittenModel


@click.command("diff", epilog="Example:  symparams diff zoo:gpt2 zoo:llama")
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@options.settings
@options.convention
@options.measure()
@click.option("--all", "everything", is_flag=True, help="Show the layers that are the same too.")
@click.option("--exit-code", is_flag=True, help="End with 1 where any layer differs.")
@options.formats()
def command(
    left: str,
    right: str,
    settings: tuple[str, ...],
    convention: str | None,
    measure: str,
    everything: bool,
    exit_code: bool,
    output: str,
) -> None:
    """Compare two models, B with A: each layer that differs, the total, and where they cross.

    A and B are SOURCEs, or files as git has them: HEAD~1:net.arch. Rows show formulas of all
    copies, and their difference at the defaults of each model; they add up to the total.

    Exit code 0 whether they differ or not; with --exit-code 1 where they do.
    """
    from symparams.analysis import model_diff, shared_out
    from symparams.cli.revisions import versioned
    from symparams.cli.sources import values_of
    from symparams.views.pages import diff

    models = [versioned(source, convention) for source in (left, right)]
    names = _names((left, models[0]), (right, models[1]))
    given = shared_out(values_of(settings), models, measure)
    found = model_diff(models[0], models[1], measure, given, names)
    options.emit(diff.page(found, everything), output)
    if exit_code and found.differs:
        sys.exit(1)


def _names(*sides: tuple[str, WrittenModel]) -> tuple[str, str]:
    """Return what two models are called: by their names, by their SOURCEs, or A and B."""
    (left, one), (right, other) = sides
    if one.name != other.name:
        return one.name, other.name
    written = any(model.parameters is None for _, model in sides)  # the text is the SOURCE
    return ("A", "B") if written or left == right else (left, right)
