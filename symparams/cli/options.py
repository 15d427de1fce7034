"""Options that several commands share, and how results leave."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import click

from symparams.errors import ErrorData, SymparamsError
from symparams.interchange import CommandAnswer, json_text

if TYPE_CHECKING:
    from symparams.views import Sheet, Typesetting

#: The exit code of bad input.
BAD_INPUT = 2

_F = TypeVar("_F", bound=Callable[..., Any])


class RefusedError(ErrorData):
    """An error that a command ends with."""

    code: int = BAD_INPUT


class ErrorAnswer(CommandAnswer, command="error"):
    """What a command answers that is refused."""

    error: RefusedError


source = click.argument("source", metavar="SOURCE")
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a size a value; may be repeated.",
)
convention = click.option(
    "--convention",
    metavar="NAME",
    default=None,
    help="Count as textbook, keras or pytorch, whatever the file says.",
)


inline = click.option(
    "--inline", is_flag=True, help="Write derived sizes out, also where their names are shorter."
)
rename = click.option(
    "--rename",
    multiple=True,
    metavar="N=I",
    help="Call the model's size I by the name N, as the paper does; may be repeated.",
)


class _MeasureOption(click.Option):
    """``--measure``; its help names the measures, which are loaded for it alone."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        from symparams.network import MEASURE_NAMES

        *names, last = MEASURE_NAMES
        self.help = f"{', '.join(names)} or {last}; of a part, as conv.macs; or a formula of them."
        return super().get_help_record(ctx)


def _one(context: click.Context, parameter: click.Parameter, written: str) -> str:
    """Return the one measure of a command that has no columns.

    Raises:
        SymparamsError: there are several.
    """
    if written.isidentifier():
        return written
    from symparams.analysis import measure_columns

    columns = measure_columns(written)
    if len(columns) > 1:
        raise SymparamsError(
            f"--measure {written}: this command has one measure",
            None,
            "count, search, show, sizes, sweep and zoo take several",
        )
    return columns[0].formula


def measure(several: bool = False) -> Callable[[_F], _F]:
    """Return ``--measure`` of a command that has one, or a column or line for each of several."""
    return click.option(
        "--measure",
        metavar="NAME",
        default="params",
        show_default=True,
        cls=_MeasureOption,
        callback=None if several else _one,
    )


#: Where the options of typeset formats are kept while a command runs.
_TYPESETTING = "symparams.typesetting"


def _kept(context: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep an option for :func:`emit`: no command needs to know it."""
    if value not in (None, False, ()):
        context.meta.setdefault(_TYPESETTING, {})[parameter.name] = value


def _typeset(command: _F) -> _F:
    """Add the options of typeset formats, which :func:`emit` asks for."""
    for option, metavar, says in reversed(
        (
            ("--width", "LENGTH", "Of a line, as 246pt or 8.6cm; 345pt is an article's."),
            ("--caption", "TEXT", "Over a table."),
            ("--label", "KEY", "What \\ref calls it."),
        )
    ):
        command = click.option(
            option, metavar=metavar, expose_value=False, callback=_kept, help=f"Typeset: {says}"
        )(command)
    for option, says in (
        ("--free", "Layers without weights too."),
        ("--bare", "The formula alone, for running text."),
        ("--span", "A table across both columns of a page."),
        ("--standalone", "A whole document."),
    ):
        command = click.option(
            option, is_flag=True, expose_value=False, callback=_kept, help=f"Typeset: {says}"
        )(command)
    return click.option(
        "--symbol",
        "symbols",
        multiple=True,
        metavar="NAME=MATHS",
        expose_value=False,
        callback=_kept,
        help=r"Typeset: a name as d_{\mathrm{model}}, or a command of your own; may be repeated.",
    )(command)


def offered(*more: str) -> list[str]:
    """Return the formats of every sheet, the default first, and behind them a command's own."""
    from symparams.views.formats import names

    return [*names(), *more]


def formats(*own: str, more: Sequence[str] = ()) -> Callable[[_F], _F]:
    """Return ``--format`` with a command's own formats, or all there are and ``more``; the first
    is the default. With the typeset ones come their options.
    """
    choices = own or offered(*more)
    option = click.option(
        "--format",
        "output",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="How to print the result.",
    )
    return option if own else lambda command: option(_typeset(command))


def _typesetting(output: str) -> Typesetting | None:
    """Return what is asked of a typeset page; None where nothing is.

    Raises:
        SymparamsError: the format is not typeset, or an option is wrong.
    """
    given: dict[str, Any] = click.get_current_context().meta.get(_TYPESETTING, {})
    if not given:
        return None
    from symparams.cli.notations import notations_of
    from symparams.views import FORMATS, Typesetting, length

    if not getattr(FORMATS.get(output), "TYPESET", False):
        typeset = [name for name in FORMATS if getattr(FORMATS[name], "TYPESET", False)]
        wrong = "--symbol" if "symbols" in given else f"--{next(iter(given))}"
        raise SymparamsError(f"{wrong} goes with --format {' or '.join(typeset)}")
    asked = dict(given)
    if "width" in asked:
        asked["width"] = length(asked["width"])
    return Typesetting(notations=notations_of(asked.pop("symbols", ())), **asked)


#: What shows the page of a command in place of a terminal, in a notebook.
SCREEN: ContextVar[Callable[[Sheet], None] | None] = ContextVar("SCREEN", default=None)


def emit(sheet: Sheet, output: str) -> None:
    """Print a sheet in a format; colour only on a terminal."""
    from symparams.views import render

    screen = SCREEN.get()
    if screen is not None and output == "table":
        screen(sheet)
        return
    typesetting = _typesetting(output)
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        color = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        click.echo(render(sheet, output, color, width, typesetting))
    else:
        click.echo(render(sheet, output, typesetting=typesetting))


def emit_code(text: str, output: str) -> None:
    """Print a formula as code; no option of typeset formats goes with it."""
    _typesetting(output)
    emit_text(text + "\n")


def emit_json(answer: CommandAnswer) -> None:
    """Print the answer of a command that has no page as JSON."""
    click.echo(json_text(answer))


def emit_text(text: str) -> None:
    """Print a text of the language: as it is for a program, safe on a terminal."""
    # Without colour, click would take escape sequences out of the text.
    click.echo(printable(text) if sys.stdout.isatty() else text, nl=False, color=True)


def wants_json(args: Sequence[str]) -> bool:
    """Tell whether a command line asks for JSON, even one that is not understood otherwise."""
    written = list(args)[: args.index("--")] if "--" in args else list(args)
    return "--format=json" in written or ("--format", "json") in pairwise(written)


def error_json(error: SymparamsError) -> str:
    """Return what is wrong as JSON, for programs that asked for JSON."""
    return json_text(ErrorAnswer(RefusedError.like(error.data())))


def printable(text: str) -> str:
    """Drop control characters: the text may quote a stranger's file."""
    return "".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in text)
