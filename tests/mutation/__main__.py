"""Change the core in small ways, one at a time, and see whether a test notices.

    python -m tests.mutation                      # a sample of 400 places
    python -m tests.mutation --in symparams/layers --places 0   # every place of a room
    python -m tests.mutation --at symparams/layers/dense.py:76  # every change of a line
    python -m tests.mutation --again              # the survivors of the last run, with new tests

It works in copies of the tree. Ends with 1 where less than 92 % of the changes that are
not equivalent are noticed, or where the table of equivalent ones is stale.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.mutation.changes import Change, all_changes
from tests.mutation.children import Changed, Children, copied, load_what_others_wrote
from tests.mutation.table import Equivalent, entry
from tests.mutation.touched import recorded
from tests.mutation.trying import MOST, Trial, failing_anyway, trial, try_out, without

TREE = Path(__file__).resolve().parents[2]
CACHE = TREE / ".mutation"
ROOMS = ("algebra", "network", "elaboration", "analysis", "layers", "search")
FLOOR = 0.92
#: Said behind a file that a change kept from being read, or that it made fall over.
WHOLE = " as a whole"
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
    return [draw.choice(p) for p in chosen]


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
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        copies = [copied(TREE, Path(scratch) / f"copy{k}") for k in range(options.workers)]
        children = Children(copies)
        tests = recorded(children, TREE, CACHE / "tests.json", options.record)
        trials = [trial(c, tests, options.seconds) for c in tried]
        results = _confirmed(children, _results(children, trials, texts, options), options)
    return _summary(options, chosen, results, stale, time.monotonic() - started)


Found = tuple[Any, Any, float]
Results = dict[Change, tuple[Trial, str]]  # by which test it was noticed; "" by none


def _results(
    children: Children, trials: list[Trial], texts: dict[str, str], options: argparse.Namespace
) -> Results:
    """Try out changes, each in a copy."""

    def around(where: Path, one: Trial) -> Changed:
        return Changed(where / one.change.file, one.change.applied(texts[one.change.file]))

    results: Results = {}
    for one, answer, seconds in _until_interrupted(children.run(trials, try_out, LONGEST, around)):
        # A child that ended without an answer fell over or hung: that is noticed too.
        answer = answer or {"file": one.tests[0][0] if one.tests else "?", "test": None}
        by = answer["test"] or (answer["file"] and answer["file"] + WHOLE) or ""
        results[one.change] = (one, by)
        _told(len(results), len(trials), one.change, by, seconds, options.verbose)
    return results


def _until_interrupted(found: Iterator[Found]) -> Iterator[Found]:
    """What comes before Ctrl-C: changes are tried in no order, so that it is a sample too."""
    try:
        yield from found
    except KeyboardInterrupt:
        print("interrupted", flush=True)


def _confirmed(
    children: Children,
    results: Results,
    options: argparse.Namespace,
) -> Results:
    """Ask the tests that noticed whether they pass without a change; else try again without."""
    asked: dict[str, dict[str, float]] = {}
    for _, by in results.values():
        file, one_test, _ = by.removesuffix(WHOLE).partition("::")
        if by:
            asked.setdefault(file, {}).update({by: 60.0} if one_test else {})
    failing: set[str] = set()
    for (_, tests), answer, _ in children.run(list(asked.items()), failing_anyway, LONGEST):
        failing |= set(tests if answer is None else answer)
    if not failing:
        return results
    print("failing without any change, and left out:", *sorted(failing), sep="\n  ")
    again = [
        without(one, failing) for one, by in results.values() if by.removesuffix(WHOLE) in failing
    ]
    texts = dict(core(TREE))
    return results | _confirmed(children, _results(children, again, texts, options), options)


def _chosen(places: list[list[Change]], options: argparse.Namespace) -> list[Change]:
    if options.again:
        left = {
            tuple(e["key"]) for e in json.loads((CACHE / "last.json").read_text()) if not e["by"]
        }
        found = {c.key: c for p in places for c in p if c.key in left}
        print(f"{len(left) - len(found)} of {len(left)} survivors stand no more in the text")
        return list(found.values())
    if options.at:
        file, _, line = options.at.rpartition(":")
        return [c for p in places for c in p if c.file == file and c.line == int(line)]
    wanted = [p for p in places if p[0].file.startswith(options.inside)]
    return sample(wanted, options.places, options.seed)


def _told(done: int, of: int, change: Change, by: str, seconds: float, verbose: bool) -> None:
    if not by or verbose:
        print(f"[{done}/{of}] {change.file}:{change.line}: {change.says}")
        print(f"    {change.text}")
        print(f"    {'noticed by ' + by if by else 'SURVIVED'}, {seconds:.1f} s", flush=True)
    elif done % 25 == 0:
        print(f"[{done}/{of}]", flush=True)


def _summary(
    options: argparse.Namespace,
    chosen: list[Change],
    results: Results,
    stale: list[tuple[str, ...]],
    seconds: float,
) -> int:
    survivors = [change for change, (_, by) in results.items() if not by]
    CACHE.mkdir(exist_ok=True)
    log = [{"key": c.key, "line": c.line, "by": by} for c, (_, by) in results.items()]
    (CACHE / "last.json").write_text(json.dumps(log, indent=1))
    (CACHE / "survivors.toml").write_text("\n\n".join(map(entry, survivors)) + "\n")
    noticed, mattering = len(results) - len(survivors), len(results)
    share = noticed / mattering if mattering else 1.0
    print(f"\nsurvivors ({len(survivors)}):")
    for change in sorted(survivors, key=lambda c: (c.file, c.line)):
        print(f"  {change.file}:{change.line}: {change.says}\n      {change.text}")
    for key in stale:
        print(f"stale in the table of equivalent changes: {' | '.join(key)}")
    print(
        f"\nseed {options.seed}: {len(chosen)} changes, {len(chosen) - mattering} equivalent, "
        f"{noticed} of {mattering} noticed ({share:.1%}), {seconds / 60:.1f} min"
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
    parser.add_argument("--again", action="store_true", help="the survivors of the last run")
    parser.add_argument("--record", action="store_true", help="record again which tests call what")
    parser.add_argument("--verbose", action="store_true", help="print every change")
    return parser.parse_args()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
