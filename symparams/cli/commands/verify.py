"""``symparams verify``: a network against what a framework builds of it, or somebody's module."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from symparams.cli import options

if TYPE_CHECKING:
    from symparams.elaboration import WrittenModel


@click.command(
    "verify",
    epilog="Example:  symparams verify zoo:llama --against torch\n\n"
    "          symparams verify zoo:resnet --module models.resnet:build",
)
@options.source
@click.option(
    "--against",
    metavar="NAME",
    default=None,
    help="torch or keras; they come with pip install 'symparams[oracle]'.",
)
@click.option(
    "--module",
    "module",
    metavar="PKG.MODULE:NAME",
    default=None,
    help="A function that builds a module, or a module: it is imported and run.",
)
@options.settings
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="PREFIX=LAYERS",
    help='One tensor of the module, several layers: "blocks.#.qkv = attention.q|k|v".',
)
@click.option(
    "--convention",
    metavar="NAME",
    default=None,
    help="Count as textbook, keras or pytorch; the text's own, or else the framework's.",
)
@options.formats()
def command(
    source: str,
    against: str | None,
    module: str | None,
    settings: tuple[str, ...],
    maps: tuple[str, ...],
    convention: str | None,
    output: str,
) -> None:
    """Compare SOURCE with what a framework builds of it, or with your own module.

    --against builds SOURCE in a framework and compares every weight and every output
    shape. --module compares the tensors of a module that you have: a builder is called
    with the sizes by their names, at the defaults and at three other points.

    Nothing is held in memory where a framework has a meta device.
    Exit code 0: all agree. 1: some differ. 2: the framework has no such layer, or the
    module cannot be built.
    """
    from symparams.errors import SymparamsError

    if (against is None) == (module is None):
        raise SymparamsError(
            "give one of --against and --module",
            None,
            "as in --against torch, or --module models.resnet:build",
        )
    if module is not None:
        sys.exit(_module(source, module, settings, maps, convention, output))
    if maps:
        raise SymparamsError("--map goes with --module")
    assert against is not None
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


def _module(
    source: str,
    module: str,
    settings: tuple[str, ...],
    maps: tuple[str, ...],
    convention: str | None,
    output: str,
) -> int:
    """Compare a text with a module; the exit code."""
    from symparams.cli.progress import counting_up
    from symparams.cli.sources import counting, values_of
    from symparams.frameworks import check_module, convention_of
    from symparams.views.pages import verify_module as page

    read = counting(source, convention)
    told: dict[str, tuple[WrittenModel, str, str]] = {}

    def counted(framework: str) -> WrittenModel:
        if framework not in told:
            told[framework] = read(convention_of(framework))
        return told[framework][0]

    with counting_up("points tried") as tell:
        found = check_module(
            counted, module, values_of(settings), maps, lambda tried: tell(tried, None)
        )
    _, used, said_by = told[found.framework]
    options.emit(page.page(found, used, said_by), output)
    return 0 if found.agrees else 1
