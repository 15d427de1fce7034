"""Run tests in forked children, each in a copy of the tree.

The parent has loaded pytest and what the tests import from others, but neither the package
nor its tests: a child loads those from its copy, in a fraction of a second.
"""

from __future__ import annotations

import compileall
import importlib.util
import json
import os
import resource
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".*_cache", ".hypothesis", ".mutation", "dist")
#: What a child may hold, in bytes; a change that asks for more is noticed by that.
MEMORY = 6 * 2**30
LOADED = ("pytest", "sympy", "numpy", "click", "rich", "lark", "sybil", "sortedcontainers")


def load_what_others_wrote() -> None:
    """Load the libraries that tests use, so that no child has to."""
    for name in LOADED:
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


def copied(tree: Path, where: Path) -> Path:
    """A copy of the tree, with its bytecode."""
    shutil.copytree(tree, where, ignore=LEFT_OUT, symlinks=True)
    compileall.compile_dir(str(where), quiet=2, workers=1)
    return where


@dataclass
class Changed:
    """A file of a copy with another text, as long as the block runs."""

    path: Path
    text: str
    _before: bytes = field(default=b"", init=False)

    def __enter__(self) -> None:
        self._before = self.path.read_bytes()
        # Bytecode is trusted by time and size: the old one must not stand for the new text.
        for compiled in (self.path.parent / "__pycache__").glob(f"{self.path.stem}.*.pyc"):
            compiled.unlink()
        self.path.write_text(self.text, "utf-8")

    def __exit__(self, *_: object) -> None:
        self.path.write_bytes(self._before)


@dataclass
class Child:
    """A child that runs, and what it has written so far."""

    pid: int
    pipe: int
    task: Any
    ends: float
    started: float
    written: bytes = b""


class Children:
    """At most one child in each copy; answers come as they end."""

    def __init__(self, copies: list[Path]) -> None:
        self.copies = copies
        self._running: dict[int, Child] = {}

    def run(
        self,
        tasks: list[Any],
        work: Callable[[Path, Any], object],
        seconds: float,
        around: Callable[[Path, Any], Changed] | None = None,
    ) -> Iterator[tuple[Any, Any, float]]:
        """Each task with what its child answers (None where it was ended) and its seconds."""
        waiting = list(reversed(tasks))
        changed: dict[int, Changed] = {}
        try:
            while waiting or self._running:
                for place, where in enumerate(self.copies):
                    if place not in self._running and waiting:
                        task = waiting.pop()
                        if around is not None:
                            changed[place] = around(where, task)
                            changed[place].__enter__()
                        self._running[place] = _started(where, task, work, seconds)
                for place in self._ended():
                    child = self._running.pop(place)
                    if place in changed:
                        changed.pop(place).__exit__()
                    yield child.task, _answer(child), time.monotonic() - child.started
        finally:
            for child in self._running.values():
                _end(child)
            self._running.clear()
            for one in changed.values():
                one.__exit__()

    def _ended(self) -> list[int]:
        """Wait for children; those that closed their pipe, or are over time and were ended."""
        by_pipe = {child.pipe: place for place, child in self._running.items()}
        ready, _, _ = select.select(list(by_pipe), [], [], 0.5)
        ended = []
        for place, child in self._running.items():
            over = time.monotonic() > child.ends
            if over:
                _end(child)
            elif child.pipe in ready:
                piece = os.read(child.pipe, 1 << 20)
                child.written += piece
                over = not piece
                if over:
                    os.waitpid(child.pid, 0)
            if over:
                os.close(child.pipe)
                ended.append(place)
        return ended


def _started(
    where: Path, task: object, work: Callable[[Path, Any], object], seconds: float
) -> Child:
    reading, writing = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        now = time.monotonic()
        return Child(pid, reading, task, now + seconds, now)
    try:  # the child
        os.close(reading)
        os.setsid()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _move_into(where)
        answer = json.dumps(work(where, task)).encode()
        for place in range(0, len(answer), 1 << 16):
            os.write(writing, answer[place : place + (1 << 16)])
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(0)


def _move_into(where: Path) -> None:
    """Work in a copy: its package, its tests, its folder, and no output."""
    os.chdir(where)
    os.environ["PYTHONPATH"] = str(where)
    os.environ["HYPOTHESIS_PROFILE"] = "ci"
    sys.path[:] = [str(where), *(p for p in sys.path if p not in {"", str(where)})]
    for name in [m for m in sys.modules if m.partition(".")[0] in {"tests", "symparams"}]:
        del sys.modules[name]
    if not os.environ.get("MUTATION_OUTPUT"):
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)


def _answer(child: Child) -> Any:
    return json.loads(child.written) if child.written else None


def _end(child: Child) -> None:
    """End a child and what it started, and wait for it."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
