"""What ``fmt`` does to files: each is read, laid out, and replaced as a whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from symparams.errors import SymparamsError, Unreadable
from symparams.replacing import replacing

#: What stands for standard input.
STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Formatted:
    """A text before and after, or what is wrong with it."""

    name: str
    before: str = ""
    after: str = ""
    #: Where it lies; "" of standard input.
    path: str = ""
    error: SymparamsError | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> Iterator[str]:
        """Yield the lines of a unified diff, each with its end."""
        from difflib import unified_diff

        before, after = _lines(self.before), _lines(self.after)
        for line in unified_diff(before, after, self.name, self.name):
            yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Split into lines; ``splitlines`` would split at a form feed, which ends none here."""
    parts = text.split("\n")
    return [line + "\n" for line in parts[:-1]] + [part for part in parts[-1:] if part]


def formatted(files: tuple[str, ...]) -> Iterator[Formatted]:
    """Yield the layouts of files and of the ``.arch`` files in folders; nothing is written.

    Raises:
        SymparamsError: standard input is asked for beside files.
    """
    from symparams.cli.files import below
    from symparams.cli.progress import tracked

    if STANDARD_INPUT in files and len(files) > 1:
        raise SymparamsError("'-' is standard input, and stands alone")
    paths: dict[str, str] = {}
    for given in files:
        for path in [given] if given == STANDARD_INPUT else below(given):
            # A file is formatted once, by whichever names it is given.
            paths.setdefault(os.path.realpath(path), path)
    yield from tracked(map(_formatted, paths.values()), len(paths), "formatting")


def _formatted(path: str) -> Formatted:
    from symparams.cli.files import read_file
    from symparams.cli.sources import standard_input
    from symparams.language import format_text

    try:
        source = standard_input() if path == STANDARD_INPUT else read_file(path)
        if isinstance(source, SymparamsError):
            raise source
        return Formatted(source.name, source.text, format_text(source), source.path)
    except SymparamsError as error:
        return Formatted("<stdin>" if path == STANDARD_INPUT else path, error=error)


def write(result: Formatted) -> Formatted:
    """Put the new text in the place of the old one; an error where that is not possible."""
    try:
        with replacing(result.path, exists=True) as file:
            file.write(result.after.encode("utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        wrong = Unreadable(f"'{result.name}' cannot be written: {reason}")
        return Formatted(result.name, error=wrong)
    return result
