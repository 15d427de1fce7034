"""Parts of a network by name: ``attention.params``, ``conv.macs``, ``block[2].params``.

A name is a braced name, a block, a layer kind, or a weight; all its uses
count together. ``NAME[k]`` is the k-th use, from 0, -1 the last. A name that
nothing has may be that of a row of the table, ``conv2``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from symparams.algebra import PLAIN, Facts, Size, add_up, substitute, symbols_of, text
from symparams.errors import NeedsValue, SymparamsError, UnknownName, did_you_mean, listed, several
from symparams.network.folding import fold, over_series
from symparams.network.measures import Measure
from symparams.network.nodes import (
    GroupNode,
    LeafNode,
    Node,
    ReferenceNode,
    RepeatNode,
    ScaledNode,
    SeriesNode,
    children,
)
from symparams.network.rows import names_below, names_of, parts_of, row_total
from symparams.network.shapes import axes_of
from symparams.records import Record

_WRITTEN = re.compile(r"(?P<name>\w+(?:\.\w+)*)(\[(?P<place>-?\d{1,9})\])?\.(?P<measure>\w+)")


def taken_apart(written: str) -> tuple[str, int | None, str] | None:
    """Return (name, place or None, measure) of an address; None of a bare measure.

    Raises:
        SymparamsError: neither of both.
    """
    if "." not in written and "[" not in written:
        return None
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise SymparamsError(
            f"'{written}' is no address", None, "as in NAME.params or NAME[0].params"
        )
    place = found["place"]
    return found["name"], None if place is None else int(place), found["measure"]


def measured(
    root: Node, name: str, place: int | None, measure: Measure, facts: Facts = PLAIN
) -> Size:
    """Return a measure of all uses of a name, or of one.

    Raises:
        SymparamsError: nothing has that name, or not as many uses.
        NeedsValue: which use it is depends on a symbol.
    """
    _same_in_branches(root, name, measure)
    known = sorted(names_below(root))
    if name not in known:
        row = row_total(root, name, measure)
        if row is not None and place is None:
            _same_rows(root, name, facts)
            return row
        if row is not None:
            raise SymparamsError(
                f"'{name}' is a row of the table, with all its copies",
                None,
                f"write {name}.{measure.name}",
            )
        raise UnknownName(
            f"nothing in it is called '{name}'",
            None,
            did_you_mean(name, known, f"there are {', '.join(known)}"),
        )
    if place is None:
        return _together(root, name, measure)
    uses = _Uses(name, measure, facts)
    return uses.pick(list(uses.of(root, 1)), place)


def measures_by_name(node: Node, measure: Measure) -> dict[str, Size]:
    """Return a measure of all uses of each name, where there is something of it."""
    found = {name: _together(node, name, measure) for name in sorted(names_below(node))}
    return {name: size for name, size in found.items() if size != 0}


def _axes_around(node: Node) -> tuple[Size, ...]:
    """Return the axes of what enters and leaves a part."""
    entering = axes_of(node.source) if isinstance(node, LeafNode) else ()
    return (*entering, *axes_of(node.output))


def _same_rows(root: Node, name: str, facts: Facts) -> None:
    """Check that a network has the same rows whatever its sizes.

    Raises:
        NeedsValue: a repeat may have fewer passes, or passes that are alike.
    """
    for node in parts_of(root):
        moving: set[str] = set()
        if isinstance(node, RepeatNode):
            times = [times for times, _ in node.parts]
            if len(node.parts) > 1 or facts.positive(times[0]) is not True:
                # Passes are alike where the shape that enters is the one that leaves.
                shapes = [a for leaf in parts_of(node) for a in _axes_around(leaf)]
                moving = {s.name for size in (*times, *shapes) for s in symbols_of(size)}
        elif isinstance(node, SeriesNode):
            if node.listed or name.startswith("series") or facts.positive(node.times) is not True:
                moving = {s.name for s in symbols_of(node.times)}
        elif isinstance(node, GroupNode):
            moving = set(node.decided) if node.other is not None else set()
        if names := sorted(n for n in moving if "#" not in n):
            raise NeedsValue(
                f"which row is '{name}' depends on {listed(names)}",
                names,
                None,
                f"give {listed(names)} a value, or name a part: block[0].params",
            )


def _same_in_branches(root: Node, name: str, measure: Measure) -> None:
    """Check that a name counts the same in both branches of what nothing had to decide.

    Raises:
        NeedsValue: it does not.
    """
    for node in parts_of(root):
        if not isinstance(node, GroupNode) or node.other is None:
            continue
        runs, others = (
            [(r.times, r.value(0)) for r in _Uses(name, measure, PLAIN).of(branch, 1)]
            for branch in (node.body, node.other)
        )
        if runs != others:
            names, what = list(node.decided), f"whether there is a '{name}'"
            if not names:  # an index of passes that are one part here
                raise NeedsValue(f"{what} differs from pass to pass", [], node.span)
            told = listed(names)
            raise NeedsValue(f"{what} depends on {told}", names, node.span, f"give {told} a value")


def _is(node: Node, name: str) -> bool:
    return name in names_of(node)


def _together(node: Node, name: str, measure: Measure) -> Size:
    if _is(node, name):
        return fold(node, measure)
    if isinstance(node, RepeatNode):
        return add_up(times * _together(part, name, measure) for times, part in node.parts)
    if isinstance(node, ScaledNode):
        factor = measure.factor(node)
        return factor * _together(node.part, name, measure) if factor != 0 else 0
    if isinstance(node, SeriesNode):
        return over_series(node, _together(node.body, name, measure), measure)
    return add_up(_together(part, name, measure) for part in children(node))


class _Run(Record):
    """Uses that follow each other.

    ``value(k)`` is the measure of the k-th, from 0; of the last ones with k < 0.
    """

    times: Size
    value: Callable[[int], Size]


def _alike(times: Size, value: Size) -> _Run:
    return _Run(times, lambda k: value)


class _Uses:
    """The uses of a name, one by one."""

    def __init__(self, name: str, measure: Measure, facts: Facts) -> None:
        self.name = name
        self.measure = measure
        self.facts = facts

    def pick(self, runs: list[_Run], place: int) -> Size:
        """Return the measure of one use; counted from the end, -1 is the last.

        Raises:
            SymparamsError: there are not as many.
            NeedsValue: which one it is depends on a symbol.
        """
        before, ahead = 0, place if place >= 0 else -place - 1
        for run in runs if place >= 0 else reversed(runs):
            left = ahead - before
            here = left < run.times if isinstance(run.times, int) else None
            if here is None:
                if self.facts.positive(run.times - left) is not True:
                    names = sorted(s.name for s in symbols_of(run.times))
                    raise NeedsValue(
                        f"which use '{self.name}[{place}]' is depends on {text(run.times)}", names
                    )
                here = True
            if here:
                return run.value(left if place >= 0 else -left - 1)
            assert isinstance(run.times, int)
            before += run.times
        raise SymparamsError(
            f"there is no '{self.name}[{place}]'",
            None,
            f"it is used {several(before, 'time')}, counted from 0",
        )

    def of(self, node: Node, factor: Size) -> Iterator[_Run]:
        """Yield all uses in a part of a network, in order."""
        if _is(node, self.name):
            held = node.body if isinstance(node, GroupNode) else None
            if isinstance(held, ScaledNode) and held.label == "owner":
                return  # what owns shared weights is no use of them
            if isinstance(held, ScaledNode) and held.label == "shared":
                yield _alike(1, fold(held.part, self.measure))
            else:
                yield _alike(1, factor * fold(node, self.measure))
        elif isinstance(node, RepeatNode):
            for times, part in node.parts:
                yield from self._passes(times, list(self.of(part, factor)))
        elif isinstance(node, SeriesNode):
            yield from self._passes(node.times, list(self.of(node.body, factor)), node)
        elif isinstance(node, ScaledNode):
            yield from self._scaled(node, factor)
        elif not isinstance(node, ReferenceNode):
            for part in children(node):
                yield from self.of(part, factor)

    def _passes(
        self, times: Size, runs: list[_Run], series: SeriesNode | None = None
    ) -> Iterator[_Run]:
        """Yield the uses of all passes, pass after pass."""
        if not runs or times == 0:
            return
        each = add_up(run.times for run in runs)

        def value(k: int) -> Size:
            # Backwards, the last pass is the first and its last use comes first.
            turn, place = 0, k if k >= 0 else -k - 1
            if isinstance(each, int):
                turn, place = divmod(place, each)
            if k < 0:
                turn, place = -turn - 1, -place - 1
            found = self.pick(runs, place)
            if series is None:
                return found
            first = series.first if k >= 0 else series.first + series.times
            return substitute(found, {series.index.name: first + turn})

        yield _Run(times * each, value)

    def _scaled(self, node: ScaledNode, factor: Size) -> Iterator[_Run]:
        """Yield uses of a part that counts several times.

        The owner of shared weights is no use; each use of them has them all. One
        of n experts is a use that is at work.
        """
        if node.label == "owner":
            return
        if node.label != "shared" and node.weights == 1:
            yield from self.of(node.part, factor * self.measure.factor(node))
            return
        runs = list(self.of(node.part, factor))
        if node.label == "shared":
            yield from runs
        else:
            yield from self._passes(node.weights, runs)
