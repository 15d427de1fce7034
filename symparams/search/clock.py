"""The time that an answer may take."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: The seconds of a share where none are left: a limit must be above 0.
NOTHING = 1e-9


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
        """Return the seconds left, or a share of them, but some; None without an end."""
        if self.seconds is None:
            return None
        return max(NOTHING, (self.until - time.monotonic()) / parts)


#: The longest that an alarm is set for, in seconds: a year.
LONGEST = 365 * 24 * 3600.0
#: Seconds after the end of the time for who looks at the clock to tell what was found; then
#: the alarm rings.
PATIENCE = 0.5
#: Seconds after the alarm at which it rings again.
GRACE = 0.35


@contextmanager
def ended_after(seconds: float | None) -> Iterator[None]:
    """End what runs inside with :class:`OutOfTimeError`, wherever it is.

    What looks at the clock itself ends in time, with what it has. This is for all
    else: networks that are built, formulas that are compiled. The alarm rings
    :data:`PATIENCE` after the time, and again after :data:`GRACE`, for who took the
    first for the end of a part. It works in the main thread, where the system has one.
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
        signal.setitimer(signal.ITIMER_REAL, min(seconds, LONGEST) + PATIENCE, GRACE)
        yield
    except Exception:
        if rung:  # what was interrupted may have made another error of it
            raise OutOfTimeError from None
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.unraisablehook = told
