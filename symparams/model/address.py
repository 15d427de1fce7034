"""Parts of a network by name: ``attention.params``, ``conv.macs``, ``block[2].params``.

A name is a braced name, a block, a layer kind, or a weight; all its uses
count together. ``NAME[k]`` is the k-th use, from 0, -1 the last. A name that
nothing has may be that of a row of the table, ``conv2``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symparams.algebra import Polynomial, Size, add_up
from symparams.errors import NeedsValue, SymparamsError, did_you_mean
from symparams.language import tree
from symparams.model.network import (
    Group,
    Measure,
    Node,
    Reference,
    Repeat,
    Scaled,
    Series,
    children,
    fold,
    over_series,
)
from symparams.model.rows import names_below, names_of, row_total

_WRITTEN = re.compile(r"(?P<name>\w+(?:\.\w+)*)(\[(?P<place>-?\d{1,9})\])?\.(?P<measure>\w+)")


def taken_apart(written: str) -> tuple[str, int | None, str] | None:
    """(name, place or None, measure) of an address; None of a bare measure.

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


def use_of(base: tree.Expression) -> tuple[tree.Expression, str]:
    """(``NAME``, ``[k]``) of the tree of ``NAME[k]``; no place of a bare ``NAME``.

    Raises:
        SymparamsError: ``k`` is no number.
    """
    if not isinstance(base, tree.Index):
        return base, ""
    (index,) = base.indices if len(base.indices) == 1 else (None,)
    sign = ""
    if isinstance(index, tree.Negate):
        sign, index = "-", index.body
    if not isinstance(index, tree.Number) or not isinstance(index.value, int):
        raise SymparamsError("which use of a part must be a number", base.span)
    return base.base, f"[{sign}{index.value}]"


def dotted(node: tree.Expression) -> tuple[tuple[str, ...], tree.Expression]:
    """(``NAME``, ``NAME``, …) behind an expression, and that expression."""
    names: list[str] = []
    while isinstance(node, tree.Attribute):
        names.insert(0, node.name)
        node = node.base
    return tuple(names), node


def measured(root: Node, name: str, place: int | None, measure: Measure) -> Size:
    """A measure of all uses of a name, or of one.

    Raises:
        SymparamsError: nothing has that name, or not as many uses.
        NeedsValue: which use it is depends on a symbol.
    """
    known = sorted(names_below(root))
    if name not in known:
        row = row_total(root, name, measure)
        if row is not None and place is None:
            return row
        if row is not None:
            raise SymparamsError(
                f"'{name}' is a row of the table, with all its copies",
                None,
                f"write {name}.{measure.name}",
            )
        raise SymparamsError(
            f"nothing in it is called '{name}'",
            None,
            did_you_mean(name, known, f"there are {', '.join(known)}"),
        )
    if place is None:
        return _together(root, name, measure)
    uses = list(_uses(root, name, measure, 1))
    before, wanted = 0, place
    if place < 0:
        uses.reverse()  # counted from the end: the last is the last, however many there are
        place = -place - 1
    for times, value in uses:
        if isinstance(times, Polynomial):
            if before == place:
                return value
            raise _depends(name, wanted, times)
        if before <= place < before + times:
            return value
        before += int(times)
    raise SymparamsError(
        f"there is no '{name}[{wanted}]'",
        None,
        f"it is used {before} time{'s' * (before != 1)}, counted from 0",
    )


def _depends(name: str, place: int, times: Polynomial) -> NeedsValue:
    names = sorted(s.name for s in times.symbols())
    return NeedsValue(f"which use '{name}[{place}]' is depends on {times}", names)


def _is(node: Node, name: str) -> bool:
    return name in names_of(node)


def _together(node: Node, name: str, measure: Measure) -> Size:
    if _is(node, name):
        return fold(node, measure)
    if isinstance(node, Repeat):
        return add_up(times * _together(part, name, measure) for times, part in node.parts)
    if isinstance(node, Scaled):
        factor: Size = getattr(node, measure.scale)
        return factor * _together(node.part, name, measure) if factor != 0 else 0
    if isinstance(node, Series):
        return over_series(node, _together(node.body, name, measure), measure)
    return add_up(_together(part, name, measure) for part in children(node))


def _uses(node: Node, name: str, measure: Measure, factor: Size) -> Iterator[tuple[Size, Size]]:
    """(how often, the measure of one) for every use, in order."""
    if _is(node, name):
        held = node.body if isinstance(node, Group) else None
        if isinstance(held, Scaled) and held.label == "owner":
            return  # what owns shared weights is no use of them
        if isinstance(held, Scaled) and held.label == "shared":
            yield 1, fold(held.part, measure)
        else:
            yield 1, factor * fold(node, measure)
    elif isinstance(node, Repeat):
        for times, part in node.parts:
            inner = list(_uses(part, name, measure, factor))
            if len(inner) == 1:
                yield times * inner[0][0], inner[0][1]
            elif inner and isinstance(times, int) and times * len(inner) <= 100_000:
                for _ in range(times):
                    yield from inner
            elif inner:
                yield from ((times, value) for _, value in inner)
    elif isinstance(node, Scaled):
        yield from _scaled_uses(node, name, measure, factor)
    elif not isinstance(node, Reference):
        for part in children(node):
            yield from _uses(part, name, measure, factor)


def _scaled_uses(
    node: Scaled, name: str, measure: Measure, factor: Size
) -> Iterator[tuple[Size, Size]]:
    """Uses of a part that counts several times.

    The owner of shared weights is no use; each use of them has them all. One
    of n experts is a use that is at work.
    """
    if node.label == "owner":
        return
    if node.label != "shared" and node.weights == 1:
        yield from _uses(node.part, name, measure, factor * getattr(node, measure.scale))
        return
    for times, value in _uses(node.part, name, measure, factor):
        yield (times if node.label == "shared" else times * node.weights), value
