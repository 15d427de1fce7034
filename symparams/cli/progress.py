"""A progress bar for what takes longer than two seconds, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

#: Seconds before the bar appears.
PATIENCE = 2.0


def tracked(items: Iterable[T], total: int, label: str) -> Iterator[T]:
    """Yield ``items``, with a bar on stderr once two seconds have passed."""
    if not sys.stderr.isatty():
        yield from items
        return
    import click

    started = time.monotonic()
    bar = None
    try:
        for done, item in enumerate(items):
            if bar is None and time.monotonic() - started > PATIENCE:
                bar = click.progressbar(length=total, label=label, file=sys.stderr)
                bar.__enter__()
                bar.update(done)
            yield item
            if bar is not None:
                bar.update(1)
    finally:  # the bar hides the cursor, which must come back after an error too
        if bar is not None:
            bar.__exit__(None, None, None)


@contextmanager
def counting_up(label: str) -> Iterator[Callable[[int, object], None]]:
    """Yield a function to call with how much is done; it shows on stderr after two seconds."""
    started = time.monotonic()
    shown = ""

    def tell(done: int, _: object = None) -> None:
        nonlocal shown
        if time.monotonic() - started > PATIENCE:
            shown = f"{done:,} {label}"
            sys.stderr.write(f"\r{shown}")
            sys.stderr.flush()

    try:
        yield tell if sys.stderr.isatty() else lambda *_: None
    finally:
        if shown:
            sys.stderr.write(f"\r{' ' * len(shown)}\r")
