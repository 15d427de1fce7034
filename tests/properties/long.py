"""The longer run of whole sources: ``python -m tests.properties.long``.

200,000 points of drawn sources, on two cores; a disagreement is shrunk and
printed, and the exit code is 1. The seeds are printed: ``--seed`` repeats a
run, ``--only`` one source.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context

from tests.properties.whole.drawing import drawn
from tests.properties.whole.running import RunFound, look
from tests.properties.whole.tree import source_text

#: Sources in a piece of work, and points at which each is looked at.
SOURCES, POINTS = 50, 8


def piece(prefix: str) -> tuple[str, RunFound]:
    """The sources of a prefix."""
    return prefix, look((f"{prefix}-{k}" for k in range(SOURCES)), POINTS, each=10)


def pieces(seed: str, points: int) -> Iterator[str]:
    """The prefixes of a run."""
    yield from (f"{seed}-{k}" for k in range(-(-points // (SOURCES * POINTS))))


def shown(found: RunFound, seconds: float) -> Iterator[str]:
    """What a run came to."""
    tally = found.tally
    for name, count in sorted(tally.found.items()):
        yield f"{name:32}{count:>10,}"
    yield f"share of sources with a value   {tally.share('sources with a value', 'sources'):>10.1%}"
    yield f"share with a formula            {tally.share('formulas', 'sources'):>10.1%}"
    yield f"answers withheld, of sources    {len({d.source for d in found.withheld}):>10,}"
    yield f"minutes                         {seconds / 60:>10.1f}"
    yield f"disagreements                   {len(found.wrong):>10,}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.properties.long", description=__doc__)
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--seed", default="long")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="the seed of one source")
    parser.add_argument("--withheld", action="store_true", help="print the answers withheld, too")
    asked = parser.parse_args(arguments)
    began, found = time.monotonic(), RunFound()
    if asked.only:
        print(source_text(drawn(asked.only, POINTS).source))
        found = look([asked.only], POINTS, each=1)
    else:
        print(f"seed {asked.seed}: sources {asked.seed}-0-0, {asked.seed}-0-1, …", flush=True)
        with get_context("spawn").Pool(asked.workers) as pool:
            for prefix, part in pool.imap_unordered(piece, pieces(asked.seed, asked.points)):
                found.with_(part)
                for one in part.wrong:
                    print(f"\n{prefix}: {one}", flush=True)
                if sys.stderr.isatty():
                    print(f"\r{found.tally.found['points']:,} points", end="", file=sys.stderr)
    if asked.only or asked.withheld:
        print("\n\n".join(map(str, [*found.wrong, *found.withheld])))
    print("\n".join(shown(found, time.monotonic() - began)))
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
