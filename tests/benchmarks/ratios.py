"""All comparisons in one table: ``python -m tests.benchmarks.ratios [GROUP…]``.

Times are medians of runs that take turns; on a busy machine they are long, and
the ratios still hold.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tests.benchmarks.bulk import BULK
from tests.benchmarks.choices import CHOICES
from tests.benchmarks.measuring import Comparison, medians
from tests.benchmarks.repeats import REPEATS
from tests.benchmarks.searches import SEARCHES
from tests.benchmarks.starts import STARTS
from tests.benchmarks.sums import SLOPES, SUMS

GROUPS = {
    "sums": SUMS,
    "derivatives": SLOPES,
    "repeats": REPEATS,
    "starts": STARTS,
    "searches": SEARCHES,
    "choices": CHOICES,
    "bulk": BULK,
}
HEAD = ("What", "Ours", "Reference", "", "Result", "Aim", "Met")
#: The columns that are numbers.
RIGHT = (1, 3, 4, 5)


def rows(group: tuple[Comparison, ...]) -> Iterator[tuple[str, ...]]:
    """A row a comparison."""
    taken = medians(list(dict.fromkeys(run for c in group for run in (c.ours, c.reference))))
    for comparison in group:
        ours, reference = taken[comparison.ours], taken[comparison.reference]
        aim = comparison.aim
        value = aim.value(ours, reference)
        yield (
            comparison.ours.name,
            _milliseconds(ours),
            comparison.reference.name,
            _milliseconds(reference),
            aim.form.format(value),
            aim.shown(),
            aim.judged(value),
        )


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:,.{2 if seconds < 0.01 else 0}f} ms"


def aligned(table: list[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a table."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = enumerate(zip(row, widths, strict=True))
        line = (c.rjust(w) if k in RIGHT else c.ljust(w) for k, (c, w) in cells)
        yield "  ".join(line).rstrip()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Times of symparams beside their references.")
    parser.add_argument("group", nargs="*", help=f"of {', '.join(GROUPS)}; all if none is named")
    asked = parser.parse_args().group or list(GROUPS)
    if unknown := set(asked) - GROUPS.keys():
        parser.error(f"no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    print(*aligned([HEAD, *(row for name in asked for row in rows(GROUPS[name]))]), sep="\n")


if __name__ == "__main__":
    main()
