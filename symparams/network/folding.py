"""A measure of a network is one fold over its tree."""

from __future__ import annotations

from symparams.algebra import Size, add_up, brief, substitute, sum_over, symbols_of
from symparams.errors import NeedsValue, listed
from symparams.network.measures import Measure
from symparams.network.nodes import (
    Bodies,
    ChainNode,
    GroupNode,
    InputNode,
    JoinNode,
    KeptNode,
    LeafNode,
    Node,
    ReferenceNode,
    RepeatNode,
    SavedNode,
    ScaledNode,
    SeriesNode,
    WeightNode,
)

#: The most passes without a closed sum that are added up one by one.
MOST_ADDED = 10_000


def fold(node: Node, measure: Measure) -> Size:
    """Return a measure of a network: the sum over its parts, times the repeats around them.

    Raises:
        NeedsValue: a series without a closed form for this measure.
    """
    match node:
        case ReferenceNode():
            return 0
        case LeafNode() | InputNode() | WeightNode() | KeptNode() | SavedNode():
            return measure.rule(node)
        case ChainNode() | JoinNode():
            return add_up(fold(part, measure) for part in node.parts)
        case RepeatNode():
            return add_up(times * fold(part, measure) for times, part in node.parts)
        case ScaledNode():
            factor = measure.factor(node)
            return factor * fold(node.part, measure) if factor != 0 else 0
        case Bodies():
            return add_up(fold(part, measure) for part in (*node.parts, node.result))
        case SeriesNode():
            return over_series(node, fold(node.body, measure), measure)
        case GroupNode():
            return fold(node.body, measure)
    raise TypeError(type(node).__name__)  # pragma: no cover - all kinds are above


def over_series(node: SeriesNode, term: Size, measure: Measure) -> Size:
    """Return the sum of a term over a series' passes.

    Raises:
        NeedsValue: it has no closed form.
    """
    last = node.first + node.times - 1
    total = sum_over(term, node.index, node.first, last)
    if total is not None:
        return total
    if isinstance(node.first, int) and isinstance(last, int) and last - node.first < MOST_ADDED:
        passes = range(node.first, last + 1)
        return add_up(substitute(term, {node.index.name: k}) for k in passes)
    names = sorted(s.name for s in symbols_of(node.times) | symbols_of(node.first))
    raise NeedsValue(
        f"{measure.name} of this repeat has no closed form: a pass takes {brief(term)}",
        names,
        node.span,
        f"give {listed(names)} a value" if names else f"repeat it up to {MOST_ADDED:,} times",
    )
