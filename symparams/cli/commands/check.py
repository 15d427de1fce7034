"""``symparams check``: every ``expect`` of every file."""

from __future__ import annotations

import sys

import click

from symparams.cli import options


@click.command("check", epilog="Example:  symparams check docs/examples")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@options.convention
@click.option(
    "--modules",
    is_flag=True,
    help="Judge 'expect m == module \"…\"' too: import these modules, and run their builders.",
)
@options.formats()
def command(files: tuple[str, ...], convention: str | None, modules: bool, output: str) -> None:
    """Judge every 'expect' line of the files; a folder stands for the .arch files below it.

    A line about a module is not judged without --modules: no code of others is run.

    Exit code 0: all hold. 1: one fails or is undecided. 2: a file is wrong.
    """
    from symparams.cli.checking import check_files
    from symparams.views.pages import check

    result = check_files(files, convention, modules)
    options.emit(check.page(result), output)
    for error in result.errors:
        click.echo(options.printable(str(error)), err=True)
    sys.exit(2 if result.errors else 0 if result.holds else 1)
