"""The magic of IPython, after ``%load_ext symparams``: a cell is a source, or a command.

``%%symparams`` reads the cell as a text and shows each model of it, ``%%symparams net`` binds
the model, too; ``%symparams count zoo:vgg16`` is a command line. Nothing here imports IPython
but what is called by it.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from typing import Any

from symparams.analysis import check
from symparams.api import Model
from symparams.cli import command_names, run_inside
from symparams.elaboration import understand
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.loading import Library
from symparams.views import Sheet, answers, render

#: What the text of a cell is called in errors.
_CELL = "<cell>"


class CellError(SymparamsError):
    """A cell that makes no sense: notebooks print the message alone, and run no cell after it."""

    def __init__(self, error: SymparamsError) -> None:
        super().__init__(error.message)
        self._whole = str(error)

    def __str__(self) -> str:
        return self._whole

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints in place of a traceback."""
        return self._whole.splitlines()


class ShownSheet:
    """A page, as notebooks show it, and as text where there is no other way."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def __repr__(self) -> str:
        there = sys.stdout.isatty()
        return render(self._sheet, width=shutil.get_terminal_size().columns if there else None)

    def _repr_html_(self) -> str | None:
        return answers.html(self._sheet)

    def _repr_svg_(self) -> str | None:
        return answers.picture(self._sheet)


class Magic:
    """``%symparams`` and ``%%symparams`` of one shell of IPython."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def __call__(self, line: str, cell: str | None = None) -> None:
        """Show the models of a cell, or run a command.

        %%symparams            the cell is a text: each model is shown, each claim judged
        %%symparams NAME       the same, and NAME is the model; of several, the library
        %%symparams solve - …  a command; the cell is its SOURCE, where that is -
        %symparams count …     a command line
        """
        try:
            words = _words(line)
            if cell is None:
                run_inside(words or ["--help"], _display)
            elif words and words[0] in command_names():
                _command(words, cell)
            else:
                self._text(_name(words), cell)
        except SymparamsError as error:
            raise CellError(error) from None

    def _text(self, name: str, cell: str) -> None:
        """Show the models and judge the claims of a text; bind them to a name."""
        source = Source(_CELL, cell)
        document = understand(source, None)
        library = Library(document)
        models = list(library.values()) or [Model(document.definition(), None, document)]
        sheets = [model._sheet() for model in models]
        judged = check([source])
        if judged.errors:
            raise judged.errors[0]
        for sheet in sheets:
            _display(sheet)
        if judged.judgements or judged.modules:
            _display(judged._sheet())
        if name:
            self._shell.user_ns[name] = models[0] if len(models) == 1 else library


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise SymparamsError(f"this is no command line: {str(error).lower()}") from None


def _command(words: list[str], cell: str) -> None:
    if "-" not in words:
        raise SymparamsError(
            "the command does not read the cell", None, f"as in %%symparams {words[0]} -"
        )
    run_inside(words, _display, cell)


def _name(words: list[str]) -> str:
    """Return the name that a cell's models are bound to; "" of none."""
    if not words:
        return ""
    if len(words) == 1 and words[0].isidentifier():
        return words[0]
    hint = did_you_mean(words[0], command_names(), "write a name for the model, or a command")
    raise SymparamsError(f"'{' '.join(words)}' is no name and no command", None, hint)


def _display(sheet: Sheet) -> None:
    from IPython.display import display

    display(ShownSheet(sheet))


def load(shell: Any) -> None:
    """Register the magic in a shell of IPython."""
    shell.register_magic_function(Magic(shell), "line_cell", "symparams")


__all__ = ["CellError", "Magic", "load"]
