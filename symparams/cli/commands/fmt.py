"""``symparams fmt``: one layout for every file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from symparams.cli import options
from symparams.errors import ErrorData
from symparams.interchange import ABSENT, Absent, CommandAnswer
from symparams.records import Record

if TYPE_CHECKING:
    from symparams.cli.rewriting import Formatted

#: The colours of a diff's lines, by how they begin.
_COLORS = {"---": "bright_white", "+++": "bright_white", "@@": "cyan", "-": "red", "+": "green"}


class FormattedFile(Record):
    """Whether a file changed, and what could not be done."""

    file: str
    changed: bool
    error: ErrorData | Absent = ABSENT
    diff: str | Absent = ABSENT
    text: str | Absent = ABSENT


class FmtAnswer(CommandAnswer, command="fmt"):
    """What became of each file."""

    files: tuple[FormattedFile, ...]


@click.command("fmt", epilog="Example:  symparams fmt --check docs/examples")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--check", "only_check", is_flag=True, help="Name what would change; write nothing.")
@click.option("--diff", "as_diff", is_flag=True, help="Print what would change; write nothing.")
@options.formats("text", "json")
def command(files: tuple[str, ...], only_check: bool, as_diff: bool, output: str) -> None:
    """Bring files into one layout; a folder stands for the .arch files below it, - for
    standard input, whose layout is printed.

    What a file says stays the same, and so do its comments. A line break inside a chain or a
    list that needs several lines stays where it is. On a terminal, control characters of comments
    are printed as \ufffd; a pipe or a file gets the text as it is.

    Exit code 0: done, or nothing to do. 1: with --check or --diff, a file would change. 2: a file
    is wrong, and left as it is.
    """
    from symparams.cli.rewriting import formatted, write

    writes = not (only_check or as_diff)
    results: list[Formatted] = []
    for found in formatted(files):
        result = write(found) if writes and found.changed and found.path else found
        results.append(result)
        if result.error is not None:
            click.echo(options.printable(str(result.error)), err=True)
        elif output == "text":
            _print(result, writes, as_diff)
    if output == "json":
        answers = (_formatted(result, writes, as_diff) for result in results)
        options.emit_json(FmtAnswer(tuple(answers)))
    if any(result.error is not None for result in results):
        sys.exit(2)
    sys.exit(1 if not writes and any(result.changed for result in results) else 0)


def _print(result: Formatted, writes: bool, as_diff: bool) -> None:
    if writes and not result.path:
        options.emit_text(result.after)
    elif not result.changed:
        return
    elif as_diff:
        for line in result.diff():
            click.echo(_colored(line), nl=False, color=True)
    else:
        name = options.printable(result.name)
        click.echo(f"formatted {name}" if writes else f"would format {name}")


def _colored(line: str) -> str:
    """Return a line of a diff: as it is for a program, safe and in colour on a terminal."""
    if not sys.stdout.isatty():
        return line
    line = options.printable(line)
    if "NO_COLOR" in os.environ:
        return line
    color = next((c for start, c in _COLORS.items() if line.startswith(start)), None)
    return click.style(line, fg=color) if color else line


def _formatted(result: Formatted, writes: bool, as_diff: bool) -> FormattedFile:
    about = result.name, result.changed
    if result.error is not None:
        return FormattedFile(*about, error=result.error.data())
    if as_diff:
        return FormattedFile(*about, diff="".join(result.diff()))
    return FormattedFile(*about, text=result.after if writes and not result.path else ABSENT)
