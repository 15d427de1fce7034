"""What is timed, how, and against what: nothing here knows of formulas or commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from timeit import timeit
from typing import Any


def nothing() -> None:
    """No preparation."""


@dataclass(frozen=True)
class Run:
    """Something that is timed.

    Attributes:
        name: what it is, in a few words.
        call: what is timed; its result is checked by a test.
        prepare: run before every round, outside the timed part.
        expected: what ``call`` must come to, and
        plain: how its result is made comparable with that.
        rounds: how often it is timed; the median counts.
    """

    name: str
    call: Callable[[], Any]
    expected: Callable[[], Any]
    plain: Callable[[Any], Any]
    prepare: Callable[[], None] = nothing
    rounds: int = 9

    def in_benchmark(self, benchmark: Any) -> Any:
        """Its plain result, timed by pytest-benchmark (run once where that is disabled)."""
        rounds = {"rounds": self.rounds, "warmup_rounds": 1}
        return self.plain(benchmark.pedantic(self.call, setup=self.prepare, **rounds))


@dataclass(frozen=True)
class Aim:
    """What is made of two times (in seconds), and what it should be; no limit, no aim."""

    value: Callable[[float, float], float]
    sign: str
    limit: float | None
    form: str

    def judged(self, value: float) -> str:
        """Whether a value is as good as it should be: yes or no."""
        if self.limit is None:
            return ""
        good = value >= self.limit if self.sign == ">=" else value <= self.limit
        return "yes" if good else "no"

    def shown(self) -> str:
        """The aim as text."""
        return "" if self.limit is None else f"{self.sign} {self.form.format(self.limit)}"


def faster(times: float | None = None) -> Aim:
    """The reference takes so many times as long, or more."""
    return Aim(lambda ours, reference: reference / ours, ">=", times, "{:,.0f} x")


def level(times: float | None = None) -> Aim:
    """Ours takes so many times as long as the reference, or less."""
    return Aim(lambda ours, reference: ours / reference, "<=", times, "{:.2f} x")


def within(milliseconds: float) -> Aim:
    """Ours takes so many milliseconds more than the reference, or fewer."""
    return Aim(lambda ours, reference: 1000 * (ours - reference), "<=", milliseconds, "{:.0f} ms")


@dataclass(frozen=True)
class Comparison:
    """Two runs, and how they should compare."""

    ours: Run
    reference: Run
    aim: Aim


def medians(runs: Sequence[Run]) -> dict[Run, float]:
    """Median seconds of every run: they take turns, so that a busy spell hits all alike.

    As in :mod:`timeit`, the garbage collector rests meanwhile. A first round of
    each does not count.
    """
    times: dict[Run, list[float]] = {run: [] for run in runs}
    for turn in range(1 + max(run.rounds for run in runs)):
        for run in runs:
            if turn <= run.rounds:
                times[run].append(timeit(run.call, run.prepare, number=1))
    return {run: median(seconds[1:]) for run, seconds in times.items()}
