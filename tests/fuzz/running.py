"""Run cases in worker processes, and what is suspicious once more, alone in a fresh one."""

from __future__ import annotations

import json
import mmap
import os
import resource
import select
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from types import FrameType

from tests.fuzz.cases import MEMORY, Case, Failure, TooSlow

#: Cases that one worker runs before it makes place for a fresh one.
BATCH = 250
#: Seconds after which a worker that says nothing is ended.
SILENT = 60.0
#: Bytes that any process here may ask for.
MOST_MEMORY = 3 * 2**30

Maker = Callable[[int], Case]


@dataclass
class Worker:
    """A process that runs the cases ``first`` to ``last``."""

    pid: int
    pipe: int
    now: mmap.mmap
    last: int
    heard: float
    written: bytes = b""

    def current(self) -> int:
        return int.from_bytes(self.now[:8], "little")


def suspects(
    make: Maker,
    count: int,
    workers: int,
    folder: Path,
    done: Callable[[int], None],
    seconds: float,
) -> Iterator[int]:
    """The numbers of cases that failed in a worker, or took too much there."""
    batches = [(k, min(k + BATCH, count)) for k in range(0, count, BATCH)][::-1]
    running: list[Worker] = []
    finished = 0
    try:
        while batches or running:
            while batches and len(running) < workers:
                running.append(_worker(make, *batches.pop(), folder, seconds))
            ready, _, _ = select.select([w.pipe for w in running], [], [], 1.0)
            for worker in list(running):
                if worker.pipe in ready:
                    piece = os.read(worker.pipe, 1 << 16)
                    worker.written += piece
                    worker.heard = time.monotonic()
                    if piece:
                        continue
                elif time.monotonic() - worker.heard < SILENT:
                    continue
                running.remove(worker)
                stopped = _finish(worker)
                if stopped is not None:
                    yield stopped
                    if stopped + 1 < worker.last:
                        batches.append((stopped + 1, worker.last))
                yield from map(int, worker.written.split())
                finished = (
                    count
                    - sum(b - a for a, b in batches)
                    - sum(w.last - w.current() for w in running)
                )
                done(finished)
    finally:
        for worker in running:
            os.kill(worker.pid, signal.SIGKILL)
            os.waitpid(worker.pid, 0)


def _finish(worker: Worker) -> int | None:
    """End a worker; the case it fell over, or hung in, if it did not come to its end."""
    os.kill(worker.pid, signal.SIGKILL)
    os.waitpid(worker.pid, 0)
    os.close(worker.pipe)
    current = worker.current()
    return None if current >= worker.last else current


def _worker(make: Maker, first: int, last: int, folder: Path, seconds: float) -> Worker:
    now = mmap.mmap(-1, 8)
    now[:8] = first.to_bytes(8, "little")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Worker(pid, reading, now, last, time.monotonic())
    try:
        _leave_signals()
        os.close(reading)
        _settle(folder / f"worker{os.getpid()}")
        for number in range(first, last):
            now[:8] = number.to_bytes(8, "little")
            # A space says that this process lives.
            os.write(writing, b" ")
            failed, large = _limited(make(number), seconds)
            if failed is not None or large:
                os.write(writing, f" {number} ".encode())
            if large:  # the most a process ever held does not go down again
                now[:8] = (number + 1).to_bytes(8, "little")
                os._exit(0)
        now[:8] = last.to_bytes(8, "little")
    finally:
        os._exit(0)


def _leave_signals() -> None:
    """End at a signal, where the parent would tidy up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _settle(folder: Path) -> None:
    """Work in a folder of one's own, within bounds."""
    from tests.fuzz.cases import scratch_files

    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    scratch_files(folder)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limited(case: Case, seconds: float) -> tuple[Failure | None, bool]:
    """Run a case: its failure, and whether the process ever held too much."""

    def end(signum: int, frame: FrameType | None) -> None:
        raise TooSlow

    def begin() -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds, 0.5)

    signal.signal(signal.SIGPROF, end)
    begin()
    try:
        failure = case.run(begin)
    except TooSlow:
        failure = Failure("over time", "?")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    large = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MEMORY
    if failure is not None and failure.kind == MemoryError.__name__:
        # What grows beyond all limits is told by the one that it met first.
        failure = Failure("over memory", failure.where)
    return failure, large


def alone(case: Case, folder: Path, seconds: float) -> Failure | None:
    """What is wrong with a case in a fresh process, where it has a limit of time and memory."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            _leave_signals()
            os.close(reading)
            _settle(folder / "alone")
            failure, large = _limited(case, seconds)
            if failure is None and large:
                failure = Failure("over memory", "?")
            if failure is not None:
                os.write(writing, json.dumps(astuple(failure)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    found = b""
    ends = time.monotonic() + SILENT
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, ends - time.monotonic()))
        piece = os.read(reading, 1 << 16) if ready else b""
        if not piece:
            break
        found += piece
    os.close(reading)
    if not ready:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return Failure("does not end", "?")
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return Failure("fell over", f"signal {os.WTERMSIG(status)}")
    return Failure(*json.loads(found)) if found else None
