"""50 million configurations under a budget on every engine: ``python -m tests.benchmarks.engines``.

Each engine runs in a process of its own; the memory is that of the process and
all it started, as /proc has it. The counts, extremes and sums must be equal.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from symparams.analysis.sweeps import engine_named, run
from tests.benchmarks.bulk import swept_space
from tests.benchmarks.ratios import aligned

ENGINES = ("numpy", "duckdb", "spark")


def alone(name: str) -> None:
    """Run one engine; print seconds to start, seconds to sweep, and the tally."""
    started = time.perf_counter()
    engine = engine_named(name)
    ready = time.perf_counter()
    tally = run(swept_space(), engine)
    (found,) = tally.ranges
    numbers = (tally.feasible, found.least, found.greatest, found.total)
    print(ready - started, time.perf_counter() - ready, *numbers)


def memory(process: int) -> int:
    """Kilobytes that a process and all below it hold now."""
    total = 0
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total = int(line.split()[1])
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            total += sum(memory(int(child)) for child in children.read_text().split())
    except OSError:
        pass  # it has just ended
    return total


def rows(names: list[str]) -> Iterator[tuple[str, ...]]:
    """A row an engine."""
    for name in names:
        command = [sys.executable, "-m", "tests.benchmarks.engines", "--alone", name]
        peak = 0
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            while process.poll() is None:
                peak = max(peak, memory(process.pid))
                time.sleep(0.02)
            assert process.stdout is not None
            said = process.stdout.read().split()
        if process.returncode:
            yield (name, "failed", "", "", "", "", "", "")
            continue
        start, sweep = (f"{float(seconds):,.2f} s" for seconds in said[:2])
        numbers = (f"{int(number):,}" for number in said[2:])
        yield (name, start, sweep, f"{peak // 1024:,} MB", *numbers)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="One sweep on every engine.")
    parser.add_argument("engine", nargs="*", help=f"of {', '.join(ENGINES)}; all if none is named")
    parser.add_argument("--alone", help="run this engine in this process")
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone)
        return
    head = ("Engine", "Start", "Sweep", "Memory", "Feasible", "Least", "Greatest", "Sum")
    found = list(rows(asked.engine or list(ENGINES)))
    print(*aligned([head, *found]), sep="\n")
    done = {row[4:] for row in found if row[1] != "failed"}
    sys.exit(0 if len(done) == 1 else 1)


if __name__ == "__main__":
    main()
