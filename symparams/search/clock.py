"""The time that an answer may take."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTimeError(Exception):
    """The time for an answer is over."""


class Clock:
    """Runs from its making for some seconds; without an end for None."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.until = math.inf if seconds is None else time.monotonic() + seconds

    def look(self) -> None:
        """Look at the clock.

        Raises:
            OutOfTimeError: the time is over.
        """
        if time.monotonic() > self.until:
            raise OutOfTimeError

    def left(self, parts: int = 1) -> float | None:
        """The seconds left, or a share of them; None without an end."""
        return None if self.seconds is None else max(0.0, self.until - time.monotonic()) / parts


#: Seconds after the end of the time at which what was found so far must be told.
GRACE = 0.7


@contextmanager
def ended_after(seconds: float | None) -> Iterator[None]:
    """End what runs inside with :class:`OutOfTimeError`, wherever it is.

    What looks at the clock itself ends in time, with what it has. This is for all
    else: networks that are built, formulas that are compiled. Once more after
    :data:`GRACE`, for who took the first for the end of a part. It works in the
    main thread, where the system has such an alarm.
    """
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return

    rung, told = False, sys.unraisablehook

    def unraised(hook: sys.UnraisableHookArgs) -> None:
        # The alarm may ring in a callback of the garbage collection; it rings again.
        if not isinstance(hook.exc_value, OutOfTimeError):
            told(hook)

    def ring(_: int, __: FrameType | None) -> None:
        nonlocal rung
        rung = True
        raise OutOfTimeError

    try:
        before = signal.signal(signal.SIGALRM, ring)
    except ValueError:  # not the main thread
        yield
        return
    sys.unraisablehook = unraised
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6), GRACE)
        yield
    except Exception:
        if rung:  # what was interrupted may have made another error of it
            raise OutOfTimeError from None
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.unraisablehook = told
