"""Many sources of a seed, judged and asked; what disagrees is shrunk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.properties.whole.asking import asked
from tests.properties.whole.drawing import Drawn, drawn
from tests.properties.whole.judging import Disagreement, Looked, Point, judged
from tests.properties.whole.plain import MEASURES
from tests.properties.whole.shrinking import shrunk
from tests.properties.whole.tree import Whole


@dataclass
class RunFound:
    """What some sources came to: the disagreements, the answers withheld, how much was looked at."""

    wrong: list[Disagreement] = field(default_factory=list)
    withheld: list[Disagreement] = field(default_factory=list)
    tally: Looked = field(default_factory=Looked)

    def with_(self, other: RunFound) -> None:
        self.wrong += other.wrong
        self.withheld += other.withheld
        self.tally.found += other.tally.found


def look(seeds: Iterable[str], points: int = 4, each: int = 8, most_shrunk: int = 3) -> RunFound:
    """Judge the sources of seeds at ``points`` points; one of ``each`` is asked in all ways."""
    found = RunFound()
    for k, seed in enumerate(seeds):
        here = drawn(seed, points)
        told = judged(here.source, here.points, found.tally)
        measure = MEASURES[k // each % len(MEASURES)]
        if k % each in (0, 3, 5):
            addresses = k % each != 0
            told += asked(here.source, here.points[-1], found.tally, measure, addresses)
        found.withheld += [d for d in told if d.refusal]
        wrong = {d.stem: d for d in told if not d.refusal}
        for one in wrong.values():
            if len(found.wrong) < most_shrunk:
                one = smaller(here, one, measure)
            found.wrong.append(
                Disagreement(one.kind, one.source, one.point, f"{one.says}\n  seed {seed}")
            )
    return found


def smaller(here: Drawn, one: Disagreement, measure: str) -> Disagreement:
    """A disagreement shrunk, as it was found: by judging, or by asking."""
    rest = here.points[-1]

    def whole(source: Whole, point: Point) -> Point:
        names = {s.name for s in source.symbols}
        return {n: v for n, v in {**rest, **point}.items() if n in names}

    def judge(source: Whole, point: Point) -> list[Disagreement]:
        return judged(source, (whole(source, point),), thorough=True)

    def ask(source: Whole, point: Point) -> list[Disagreement]:
        return asked(source, whole(source, point), None, measure)

    for way in (judge, ask):
        if any(d.stem == one.stem for d in way(here.source, one.point)):
            return shrunk(here.source, one, way)[1]
    return one
