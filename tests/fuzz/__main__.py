"""Throw generated and mutated sources and command lines at the program.

    python -m tests.fuzz                          # 200,000 sources, 20,000 command lines
    python -m tests.fuzz --sources 2000 --commands 500 --seed 3
    python -m tests.fuzz --case source:9:1234     # one of them again
    python -m tests.fuzz --seconds 1              # what comes near the limit of time

Nothing but the project's own errors may come out, nothing may take over 2 s of processor
time or 200 MB, and a --time-limit is kept within a second. What goes beyond a limit is run
again, alone in a fresh process, before it counts. Ends with 1 where anything fails.
"""

from __future__ import annotations

import argparse
import gc
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.fuzz.cases import SECONDS, Case, Failure
from tests.fuzz.commands import command_line
from tests.fuzz.corpus import corpus
from tests.fuzz.running import Maker, alone, suspects
from tests.fuzz.shrinking import shrunk
from tests.fuzz.sources import source


def maker(kind: str, seed: int) -> Maker:
    """What makes the case of a number: the same one in every run."""

    def source_case(number: int) -> Case:
        return Case(text=source(random.Random(f"source:{seed}:{number}")))

    def command_case(number: int) -> Case:
        words, stdin = command_line(random.Random(f"command:{seed}:{number}"))
        return Case(words=tuple(words), stdin=stdin)

    return source_case if kind == "source" else command_case


class Run:
    """The failures of a run, like ones together."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self.folder = folder
        self.seconds = seconds
        self.found: dict[tuple[str, str], list[tuple[str, Case, Failure]]] = defaultdict(list)
        self.passing = 0
        self.counts = {"source": 0, "command": 0}

    def go(self, kind: str, seed: int, count: int, workers: int) -> None:
        """Run the cases of a kind, and look at the suspicious ones again."""
        started = time.monotonic()
        make = maker(kind, seed)
        told, reached = [0], [0]

        def done(number: int) -> None:
            reached[0] = number
            if number * 20 // max(count, 1) > told[0]:
                told[0] = number * 20 // count
                minutes = (time.monotonic() - started) / 60
                print(f"{kind}s: {number:,} of {count:,}, {minutes:.1f} min", flush=True)

        try:
            for number in suspects(make, count, workers, self.folder, done, self.seconds):
                case = make(number)
                failure = alone(case, self.folder, self.seconds)
                if failure is None:
                    self.passing += 1
                    continue
                like = self.found[failure.signature]
                like.append((f"{kind}:{seed}:{number}", case, failure))
                if len(like) == 1:
                    print(
                        f"  {kind}:{seed}:{number}: {failure.kind} in {failure.where}", flush=True
                    )
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            count = reached[0]
        self.counts[kind] = count
        minutes = (time.monotonic() - started) / 60
        print(f"{count:,} {kind}s, seed {seed}: {minutes:.1f} min", flush=True)

    def table(self) -> None:
        """Print each way to fail, how often it was met, and a small case of it."""
        for (what, where), like in sorted(self.found.items()):
            name, case, failure = min(like, key=lambda one: len(str(one[1])))
            small = shrunk(case, lambda c, w=(what, where): self._fails(c, w))
            print(f"\n{what} in {where}: {len(like)} ({name}) {failure.says}")
            print("    " + str(small).replace("\n", "\n    "))
            if small.stdin:
                print(f"    standard input: {small.stdin!r}")

    def _fails(self, case: Case, wanted: tuple[str, str]) -> bool:
        failure = alone(case, self.folder, self.seconds)
        # Where time runs out is another place each time.
        return failure is not None and (
            failure.kind == wanted[0] and (failure.where == wanted[1] or "over" in wanted[0])
        )


def main() -> int:
    options = _options()
    _load()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        run = Run(Path(scratch), options.seconds)
        if options.case:
            kind, seed, number = options.case.split(":")
            case = maker(kind, int(seed))(int(number))
            print(case)
            failure = alone(case, Path(scratch), options.seconds)
            print(failure or "nothing wrong")
            return int(failure is not None)
        started = time.monotonic()
        print(f"seed {options.seed}; {len(corpus())} texts to start from", flush=True)
        run.go("source", options.seed, options.sources, options.workers)
        run.go("command", options.seed, options.commands, options.workers)
        run.table()
        print(
            f"\nseed {options.seed}: {run.counts['source']:,} sources, {run.counts['command']:,} "
            f"command lines, {sum(map(len, run.found.values()))} failures of {len(run.found)} kinds, "
            f"{run.passing} suspicious ones within all limits when alone, "
            f"{(time.monotonic() - started) / 60:.1f} min"
        )
        return int(bool(run.found))


def _load() -> None:
    """Load what every case needs, so that no case is charged for it."""
    import symparams.api
    import symparams.views.formats
    from tests.fuzz.cases import try_command

    usual = gc.get_threshold()
    sources = "input(h, 8) -> lstm(h) -> dense(3)"
    for words in (
        ["show", sources], ["search", sources, "--over", "h=1..9", "--maximize", "params"],
        ["sweep", sources, "--over", "h=1..9"], ["solve", sources, "params <= 999", "--for", "h"],
        ["prove", sources, "h"], ["sensitivity", sources, "--set", "h=3"], ["layers"],
        ["explain", sources], ["formula", sources, "--form", "factored"], ["count", "-"],
    ):  # fmt: skip
        try_command(words, b"")
    corpus()
    assert symparams.api is not None
    # A command has garbage collected rarely, for its one short run; many measures of a text are
    # many runs.
    gc.set_threshold(*usual)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sources", type=int, default=200_000)
    parser.add_argument("--commands", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--case", default="", metavar="KIND:SEED:NUMBER")
    return parser.parse_args()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
