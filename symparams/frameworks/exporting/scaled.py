"""Parts that count several times: shared nets, experts, steps of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symparams.frameworks.base import NotBuilt
from symparams.frameworks.exporting.drafts import (
    ClassDraft,
    ClassUse,
    ListOfUses,
    SharedPart,
    passed,
)
from symparams.frameworks.written_calls import (
    WrittenExpression,
    WrittenTensor,
    at_the_end,
    with_batch,
)
from symparams.network import (
    Bundled,
    ChainNode,
    GroupNode,
    LeafNode,
    Node,
    ScaledNode,
    children,
    signals_of,
)

if TYPE_CHECKING:
    from symparams.frameworks.exporting.tracing import Tracer


def run(tracer: Tracer, node: ScaledNode, incoming: Any, here: ClassDraft, hint: str) -> Any:
    """Return what a part that counts several times makes of what comes in."""
    if node.role == "owner":
        return _owner(tracer, node, here, hint)
    if node.role == "shared":
        return _shared(tracer, node, incoming, here)
    if node.role == "experts":
        return _experts(tracer, node, incoming, here)
    if node.role == "steps":
        return _steps(tracer, node, incoming, here, hint)
    return tracer.run(node.part, incoming, here, hint)


def _owner(tracer: Tracer, node: ScaledNode, here: ClassDraft, hint: str) -> Any:
    assert node.place is not None
    leaf = only_leaf(node.part)
    if leaf is not None:
        adapter = tracer.owned(leaf, tracer.axes(leaf.source), here, node.name or hint)
        here.places[node.place] = SharedPart(adapter.inner, adapter, None)
        return ()
    first = next(_leaves(node.part))
    if isinstance(first.source, Bundled):
        raise NotBuilt("not exported: a shared net of several tensors", node.span)
    entering = WrittenTensor("word", "x", axes=tracer.axes(first.source))
    draft, _ = tracer.drafted(node.part, entering, here, node.name or "shared")
    reference = here.own(node.name or "shared", ClassUse(draft))
    here.places[node.place] = SharedPart(reference, None, draft)
    here.places[node.place, "part"] = node.part
    return ()


def _shared(tracer: Tracer, node: ScaledNode, incoming: Any, here: ClassDraft) -> Any:
    assert node.place is not None
    shared = here.lookup(node.place, node.name or "shared")
    if shared.adapter is not None:
        leaf = only_leaf(node.part)
        assert leaf is not None
        tensors = tracer.entering(incoming, tracer.axes(leaf.source), False)
        return tracer.outcome(shared.adapter(*tensors), leaf.output)
    owner = here
    while (node.place, "part") not in owner.places:
        assert owner.parent is not None
        owner = owner.parent
    if _does(owner.places[node.place, "part"]) != _does(node.part):
        raise NotBuilt(
            "not exported: a shared net that does other things on other shapes", node.span
        )
    if at_the_end(incoming):
        axes = incoming.axes
        incoming = WrittenTensor("method", incoming.parts[0], "movedim", (1, -1), {}, axes=axes)
    return tracer.result_of(
        shared.reference, shared.draft, with_batch(incoming), here, node.part.output
    )


def _experts(tracer: Tracer, node: ScaledNode, incoming: Any, here: ClassDraft) -> Any:
    assert node.place is not None
    scores = with_batch(here.lookup(node.place, "scores"))
    kind = node.part.kind if isinstance(node.part, GroupNode) else "expert"
    body = node.part.body if isinstance(node.part, GroupNode) else node.part
    entry = node.part.entry if isinstance(node.part, GroupNode) else None
    draft, _ = tracer.drafted(body, incoming, here, kind, entry=entry)
    uses = ListOfUses([((0, tracer.size(node.weights)), ClassUse(draft), None)])
    reference = here.own("experts", uses)
    call = tracer.result_of(
        WrittenExpression("word", "expert"), draft, incoming, here, node.part.output
    )
    made = with_batch(call)
    if at_the_end(made):
        raise NotBuilt("not exported: experts with channels in front", node.span)
    outputs = WrittenExpression("each", made, WrittenExpression("word", "expert"), reference)
    found = tracer.target.mixture(scores, outputs, tracer.size(node.active))
    found.axes = tracer.axes(node.part.output)
    return found


def _steps(tracer: Tracer, node: ScaledNode, incoming: Any, here: ClassDraft, hint: str) -> Any:
    flow: Any = node.part.output
    states: Any = flow.items[-1] if isinstance(flow, Bundled) else flow
    axes = tracer.axes(states)
    if node.place is None:
        first = tracer.target.blank(axes, here.batch())
    else:
        first = with_batch(here.lookup(node.place, "state"))
    now = WrittenTensor("carried", axes=incoming.axes[1:])
    state = WrittenTensor("carried", axes=axes)
    found = tracer.run(node.part, (now, state), here, hint)
    given, after = (found[0], found[-1]) if isinstance(found, tuple) else (found, found)
    sequence = with_batch(incoming)
    made = WrittenTensor("steps", sequence, passed(first)[0], now, state, given, after)
    made.axes = (incoming.axes[0], *given.axes)
    return made


def only_leaf(node: Node) -> LeafNode | None:
    """Return the one layer that a part is."""
    if isinstance(node, LeafNode):
        return node
    if isinstance(node, ChainNode):
        parts = [p for p in node.parts if not (isinstance(p, LeafNode) and p.layer.kind == "id")]
        return only_leaf(parts[0]) if len(parts) == 1 else None
    if isinstance(node, GroupNode) and node.wrapper is not None:
        return only_leaf(node.body)
    return None


def _leaves(node: Node) -> Any:
    if isinstance(node, LeafNode):
        yield node
    for part in children(node):
        yield from _leaves(part)


def _does(node: Node) -> list[Any]:
    """Return which layers a part has, and of how many axes what enters them is."""
    found = []
    for leaf in _leaves(node):
        layer = leaf.layer
        ranks = [len(signal.axes) for signal in signals_of(leaf.source)]
        found.append((layer.kind, {n: getattr(layer, n) for n in layer.options}, ranks))
    return found
