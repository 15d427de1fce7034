"""Run the tests that concern a change, until one notices it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.mutation.changes import Change
from tests.mutation.touched import PYTEST, Recorded

#: Seconds of recorded tests that a change is tried with; nearly all are noticed in the first.
MOST = 30.0
#: Seconds of each test file that are tried before the rest of any.
FIRST = 1.0
#: A test may take so many times its recorded seconds of processor time, and at least so many.
PATIENCE, LEAST = 10, 10.0


@dataclass(frozen=True)
class Trial:
    """A change and the tests it is tried with, in order."""

    change: Change
    tests: list[tuple[str, dict[str, float]]]


def trial(change: Change, tests: Recorded, most: float = MOST) -> Trial:
    """Choose tests for a change: of its own room first, then the quickest files."""
    parts = Path(change.file)
    room = parts.parts[1]
    found = tests.of(f"{change.file}:{change.function}", change.file)

    def order(item: tuple[str, dict[str, float]]) -> tuple[bool, bool, float]:
        file, calling = item
        namesake = Path(file).stem == f"test_{parts.stem}"
        return (not namesake, f"tests/{room}/" not in file, sum(calling.values()))

    files = sorted(found.items(), key=order)
    chosen, spent = [], 0.0
    begun: dict[str, int] = {}
    for share in (FIRST, most):  # the quick tests of every file, and then the long ones
        for file, calling in files:
            kept, here = {}, 0.0
            for test, seconds in sorted(calling.items(), key=lambda i: i[1])[begun.get(file, 0) :]:
                if spent + seconds > most or here + seconds > share:
                    break
                kept[test] = seconds
                spent += seconds
                here += seconds
            begun[file] = begun.get(file, 0) + len(kept)
            if kept:
                chosen.append((file, kept))
    return Trial(change, chosen)


def without(one: Trial, failing: set[str]) -> Trial:
    """A trial without some tests."""
    kept = [(f, {t: s for t, s in tests.items() if t not in failing}) for f, tests in one.tests]
    return Trial(one.change, [(f, tests) for f, tests in kept if tests and f not in failing])


def try_out(where: Path, one: Trial) -> dict[str, Any]:
    """Run the tests in a copy that has the change; say which test noticed it, if one did."""
    import sys

    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    for file, tests in one.tests:
        chooser = _Chooser(tests)
        code = pytest.main([*PYTEST, file], plugins=[chooser])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            return {"file": file, "test": chooser.failed}
    return {"file": None, "test": None}


def failing_anyway(where: Path, task: tuple[str, dict[str, float]]) -> list[str]:
    """The tests of a file that fail without any change, when they alone are run."""
    file, tests = task
    failing = []
    if pytest.main([*PYTEST, "--collect-only", file]) != pytest.ExitCode.OK:
        return [file, *tests]  # it cannot even be read without a change
    for test, seconds in tests.items():
        chooser = _Chooser({test: seconds})
        if pytest.main([*PYTEST, file], plugins=[chooser]) != pytest.ExitCode.OK:
            failing.append(test)
    return failing


class _Chooser:
    """A plugin that keeps the tests asked for, in their order, and ends those that hang."""

    def __init__(self, tests: dict[str, float]) -> None:
        self.names = {_unescaped(name): name for name in tests}
        self.tests = {_unescaped(name): seconds for name, seconds in tests.items()}
        self.failed: str | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [i for i in items if _unescaped(i.nodeid) in self.tests]
        items.sort(key=lambda i: self.tests[_unescaped(i.nodeid)])

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        seconds = max(LEAST, PATIENCE * self.tests[_unescaped(item.nodeid)])

        def end(signum: int, frame: FrameType | None) -> None:
            self.failed = self.names[_unescaped(item.nodeid)]
            raise KeyboardInterrupt  # pytest ends the run at it

        signal.signal(signal.SIGPROF, end)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.failed is None:
            self.failed = self.names.get(_unescaped(report.nodeid), report.nodeid)


def _unescaped(name: str) -> str:
    """A test's name; pytest escapes its backslashes again each time it reads the file again."""
    return re.sub(r"\\+", r"\\", name)
