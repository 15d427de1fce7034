"""Change the core in small ways, one at a time, and see whether a test notices.

    python -m tests.mutation                      # a sample of 400 places
    python -m tests.mutation --in symparams/layers --places 0   # every place of a room
    python -m tests.mutation --at symparams/layers/dense.py:76  # every change of a line

It works in copies of the tree. Ends with 1 where less than 92 % of the changes that are
not equivalent are noticed, or where the table of equivalent ones is stale.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.mutation.changes import Change, all_changes
from tests.mutation.children import Changed, Children, copied, load_what_others_wrote
from tests.mutation.table import Equivalent, entry
from tests.mutation.touched import recorded
from tests.mutation.trying import MOST, Trial, trial, try_out

TREE = Path(__file__).resolve().parents[2]
CACHE = TREE / ".mutation"
ROOMS = ("algebra", "model", "layers", "search")
FLOOR = 0.92
#: Seconds of a change's whole trial, after which it counts as noticed: something hangs.
LONGEST = 900.0


def core(tree: Path) -> list[tuple[str, str]]:
    """The files that are changed, with their text."""
    found = sorted(p for room in ROOMS for p in (tree / "symparams" / room).rglob("*.py"))
    return [(str(p.relative_to(tree)), p.read_text("utf-8")) for p in found]


def sample(places: list[list[Change]], count: int, seed: int) -> list[Change]:
    """One change at each of so many places; at every place where ``count`` is 0."""
    draw = random.Random(seed)
    chosen = draw.sample(places, min(count, len(places))) if count else places
    return sorted((draw.choice(p) for p in chosen), key=lambda c: (c.file, c.start))


def main() -> int:
    options = _options()
    started = time.monotonic()
    files = core(TREE)
    texts = dict(files)
    places = all_changes(iter(files))
    equivalent = Equivalent()
    stale = equivalent.stale(c for place in places for c in place)
    chosen = _chosen(places, options)
    tried = [c for c in chosen if equivalent.reason(c) is None]
    print(
        f"{len(places)} places in {len(files)} files; seed {options.seed}; {len(chosen)} changes, "
        f"{len(chosen) - len(tried)} of them equivalent by the table",
        flush=True,
    )
    load_what_others_wrote()
    survivors, noticed = [], []
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        copies = [copied(TREE, Path(scratch) / f"copy{k}") for k in range(options.workers)]
        children = Children(copies)
        tests = recorded(children, TREE, CACHE / "tests.json", options.record)
        trials = [trial(c, tests, options.seconds) for c in tried]

        def around(where: Path, one: Trial) -> Changed:
            return Changed(where / one.change.file, one.change.applied(texts[one.change.file]))

        for done, (one, answer, seconds) in enumerate(
            children.run(trials, try_out, LONGEST, around), 1
        ):
            # A child that ended without an answer fell over or hung: that is noticed too.
            by = answer["noticed"] if answer else "(fell over, or does not end)"
            (noticed if by else survivors).append((one.change, by))
            _told(done, len(trials), one.change, by, seconds, options.verbose)
    return _summary(options, chosen, noticed, survivors, stale, time.monotonic() - started)


def _chosen(places: list[list[Change]], options: argparse.Namespace) -> list[Change]:
    if options.at:
        file, _, line = options.at.rpartition(":")
        return [c for p in places for c in p if c.file == file and c.line == int(line)]
    wanted = [p for p in places if p[0].file.startswith(options.inside)]
    return sample(wanted, options.places, options.seed)


def _told(
    done: int, of: int, change: Change, by: str | None, seconds: float, verbose: bool
) -> None:
    if by is None or verbose:
        print(f"[{done}/{of}] {change.file}:{change.line}: {change.says}")
        print(f"    {change.text}")
        print(f"    {'noticed by ' + by if by else 'SURVIVED'}, {seconds:.1f} s", flush=True)
    elif done % 25 == 0:
        print(f"[{done}/{of}]", flush=True)


def _summary(
    options: argparse.Namespace,
    chosen: list[Change],
    noticed: list[tuple[Change, str]],
    survivors: list[tuple[Change, str]],
    stale: list[tuple[str, ...]],
    seconds: float,
) -> int:
    CACHE.mkdir(exist_ok=True)
    log = [{"key": c.key, "line": c.line, "by": by} for c, by in [*noticed, *survivors]]
    (CACHE / "last.json").write_text(json.dumps(log, indent=1))
    (CACHE / "survivors.toml").write_text("\n\n".join(entry(c) for c, _ in survivors) + "\n")
    mattering = len(noticed) + len(survivors)
    share = len(noticed) / mattering if mattering else 1.0
    print(f"\nsurvivors ({len(survivors)}):")
    for change, _ in sorted(survivors, key=lambda s: (s[0].file, s[0].line)):
        print(f"  {change.file}:{change.line}: {change.says}\n      {change.text}")
    for key in stale:
        print(f"stale in the table of equivalent changes: {' | '.join(key)}")
    print(
        f"\nseed {options.seed}: {len(chosen)} changes, {len(chosen) - mattering} equivalent, "
        f"{len(noticed)} of {mattering} noticed ({share:.1%}), {seconds / 60:.1f} min"
    )
    return int(share < FLOOR or bool(stale))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--places", type=int, default=400, help="0: every place")
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=MOST, help="of recorded tests a change")
    parser.add_argument("--in", dest="inside", default="symparams/", help="a folder or file")
    parser.add_argument("--at", default="", metavar="FILE:LINE", help="every change of a line")
    parser.add_argument("--record", action="store_true", help="record again which tests call what")
    parser.add_argument("--verbose", action="store_true", help="print every change")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
