"""Code of theirs while it runs: builders, and the modules that they return."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

#: What code of theirs may raise: a script that ends itself does not end this one.
RAISED = (Exception, SystemExit)


@contextmanager
def their_code() -> Iterator[None]:
    """Have code of theirs run: it warns of nothing, and what it prints is no part of an answer."""
    with warnings.catch_warnings(), redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        yield


__all__ = ["RAISED", "their_code"]
