"""One layer too many or too few, repeats counted once, one direction, one expert."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Size, text
from symparams.analysis.causes.hypotheses import CauseQuestion, Hypothesis, renoded
from symparams.network import (
    GroupNode,
    JoinNode,
    Node,
    RepeatNode,
    ScaledNode,
    SeriesNode,
    parts_below,
)


def _repeats(root: Node) -> list[Node]:
    return [node for node in parts_below(root) if isinstance(node, RepeatNode | SeriesNode)]


def _times(node: Node) -> Size:
    if isinstance(node, RepeatNode):
        return sum((several for several, _ in node.parts[1:]), node.parts[0][0])
    assert isinstance(node, SeriesNode)
    return node.times


def _with(node: Node, more: int | None) -> Node:
    """Return a repeat with some more passes of its last part, or of one pass."""
    if isinstance(node, SeriesNode):
        return node.but(times=1 if more is None else node.times + more)
    assert isinstance(node, RepeatNode)
    if more is None:
        return node.but(parts=tuple((1, part) for _, part in node.parts[:1]))
    *first, (several, part) = node.parts
    return node.but(parts=(*first, (several + more, part)))


def one_layer(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts with one pass of a repeat more, or less; a tolerance allows for that."""
    if asked.relation.share is not None:
        return
    repeats = _repeats(asked.network.root)
    for wanted in [None, *repeats] if len(repeats) > 1 else repeats:
        where = "every repeat" if wanted is None else f"the repeat of {text(_times(wanted))}"
        for more, says in ((-1, "one layer too few"), (1, "one layer too many")):
            yield _repeated(f"{says} in {where}", wanted, more)


def counted_once(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts with one pass of a repeat alone."""
    repeats = _repeats(asked.network.root)
    for wanted in [None, *repeats] if len(repeats) > 1 else repeats:
        where = "every repeat" if wanted is None else f"the repeat of {text(_times(wanted))}"
        yield _repeated(f"{where} counted once", wanted, None)


def _repeated(says: str, wanted: Node | None, more: int | None) -> Hypothesis:
    def visit(node: Node) -> Node:
        own = isinstance(node, RepeatNode | SeriesNode) and (wanted is None or node == wanted)
        return _with(node, more) if own else node

    return Hypothesis(says, lambda network: renoded(network, visit))


def one_direction(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts of one direction of what runs in both."""

    def visit(node: Node) -> Node:
        if not isinstance(node, GroupNode) or node.kind != "bidirectional":
            return node
        body = node.body
        return node.but(body=body.but(parts=body.parts[:1])) if isinstance(body, JoinNode) else node

    yield Hypothesis("one of two directions counted", lambda network: renoded(network, visit))


def experts(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts of the experts at work for all, of all for those at work, of one for all."""

    def scaled(says: str, weights: str, active: str) -> Hypothesis:
        def visit(node: Node) -> Node:
            if not isinstance(node, ScaledNode) or node.role != "experts":
                return node
            sizes = {"all": node.weights, "active": node.active, "one": 1}
            return node.but(weights=sizes[weights], active=sizes[active])

        return Hypothesis(says, lambda network: renoded(network, visit))

    yield scaled("the experts at work for all", "active", "active")
    yield scaled("all experts for those at work", "all", "all")
    yield scaled("one expert for all", "one", "one")
