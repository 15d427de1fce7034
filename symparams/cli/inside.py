"""A command run inside another program: its page goes there, a text is its standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from symparams.cli.main import executed
from symparams.cli.options import SCREEN

if TYPE_CHECKING:
    from symparams.views import Sheet


def run_inside(args: Sequence[str], show: Callable[[Sheet], None], text: str = "") -> int:
    """Run a command; its exit code.

    Args:
        args: its words.
        show: is given the page, unless a format of text is asked for, which is printed.
        text: what it reads where SOURCE is ``-``.

    Raises:
        SymparamsError: the input is bad, or the command line.
    """
    screen = SCREEN.set(show)
    try:
        with _standard_input(text):
            return executed(args)
    finally:
        SCREEN.reset(screen)


@contextmanager
def _standard_input(text: str) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), "utf-8")
    try:
        yield
    finally:
        sys.stdin = before
