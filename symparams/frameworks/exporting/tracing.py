"""A network walked once, with expressions for its tensors: which classes there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

from symparams.algebra import Polynomial, Size, Symbol, substitute, symbol
from symparams.elaboration import Network, WrittenLayer
from symparams.errors import SymparamsError
from symparams.frameworks.base import NotBuilt
from symparams.frameworks.exporting.drafts import (
    ClassDraft,
    ClassUse,
    ListOfUses,
    WeightText,
    passed,
)
from symparams.frameworks.exporting.loops import alike, as_entered, looped
from symparams.frameworks.exporting.parts import (
    alone,
    kind_of,
    name_of,
    owners,
    places_made,
    places_read,
    plural,
    singular,
    weighted,
)
from symparams.frameworks.exporting.target import TextTarget
from symparams.frameworks.steps import Owner
from symparams.frameworks.written_calls import (
    WrittenExpression,
    WrittenTensor,
    at_the_end,
    with_batch,
    writing,
)
from symparams.layers import Bidirectional, ConvLSTM, Rewriter
from symparams.network import (
    INCOMING,
    ZEROS,
    Bodies,
    Bundled,
    ChainNode,
    Flow,
    GroupNode,
    InputNode,
    JoinNode,
    KeptNode,
    LeafNode,
    Node,
    ReferenceNode,
    RepeatNode,
    ScaledNode,
    SeriesNode,
    WeightNode,
)


class Tracer:
    """One walk over a network with symbols."""

    def __init__(self, network: Network, target: TextTarget) -> None:
        self.network = network
        self.target = target
        #: A variant is MODEL.VARIANT, which is no name in Python.
        self.name = network.definition.name.replace(".", "_")
        #: How often each place is read, in the whole network.
        self.read_anywhere = Counter(places_read(network.root))
        #: Index of a series → what it is called in Python.
        self.indices: dict[str, Symbol] = {}
        self.depth = 0
        self.inputs: list[InputNode] = []

    def trace(self) -> ClassDraft:
        """Return the class of the whole model.

        Raises:
            NotBuilt: a layer that the framework does not have, or that says no forward.
        """
        draft = ClassDraft(self.name, None)
        with writing(self.target.name):
            made = self.run(self.network.root, (), draft, "")
            draft.result = _at_last(made)
        return draft

    # --- sizes ---

    def size(self, size: Size) -> Size:
        """Return a size, its indices called as the text calls them."""
        values = {name: _of(found) for name, found in self.indices.items()}
        if not isinstance(size, Polynomial) or not values:
            return size
        return substitute(size, values)

    def axes(self, flow: Flow) -> Any:
        """Return the axes of a flow; a tuple of them of a bundle."""
        if isinstance(flow, Bundled):
            return tuple(map(self.axes, flow.items))
        return tuple(map(self.size, flow.axes))

    def index(self, told: Symbol) -> Symbol:
        """Return what Python calls an index."""
        names = (n for n in "ijkmnpqr" if n not in self.network.symbols)
        chosen = [*names][self.depth]
        found = Symbol(chosen, low=told.low)
        self.indices[told.name] = found
        return found

    # --- nodes ---

    def run(self, node: Node, incoming: Any, here: ClassDraft, hint: str) -> Any:
        """Return what a node makes of what comes in."""
        match node:
            case InputNode():
                return self.input(node, here)
            case ReferenceNode():
                return self.read(node, incoming, here)
            case WeightNode():
                return self.weight(node, here)
            case LeafNode():
                return self.leaf(node, incoming, here, hint)
            case KeptNode():
                return incoming
            case ChainNode():
                for part in node.parts:
                    incoming = self.run(part, incoming, here, hint)
                return incoming
            case RepeatNode() | SeriesNode():
                return self.repeat(node, incoming, here, hint)
            case JoinNode():
                return self.join(node, incoming, here, hint)
            case Bodies():
                for part in node.parts:
                    self.run(part, incoming, here, hint)
                return self.run(node.result, incoming, here, hint)
            case ScaledNode():
                return self.scaled(node, incoming, here, hint)
            case GroupNode():
                return self.group(node, incoming, here, hint)
        raise SymparamsError(f"not exported: {type(node).__name__}", node.span)

    def input(self, node: InputNode, here: ClassDraft) -> Any:
        root = here
        while root.parent is not None:
            root = root.parent
        key: Hashable = ("input", id(node))
        if key not in root.places:
            name = "tokens" if node.name == "tokens" else "x"
            word = WrittenTensor("word", root.parameter(name), axes=self.axes(node.output))
            root.places[key] = word
            root.like = root.like or word
            root.first = root.first or key
            self.inputs.append(node)
        return here.lookup(key, "x")

    def read(self, node: ReferenceNode, incoming: Any, here: ClassDraft) -> Any:
        if node.of is ZEROS:
            return self.target.blank(self.axes(node.output), here.batch())
        found = incoming if node.of is INCOMING else here.lookup(node.of, name_of(node.of))
        for part in node.part:
            found = found[part]
        return found

    def weight(self, node: WeightNode, here: ClassDraft) -> Any:
        axes = tuple(map(self.size, node.weight.shape))
        reference = here.own(node.name, WeightText(node.weight.but(shape=axes), node.frozen))
        made = WrittenTensor(reference.form, *reference.parts, axes=axes, bare=True)
        made.like = here.batch
        if node.place is not None:
            here.places[node.place] = made
        return made

    def leaf(self, node: LeafNode, incoming: Any, here: ClassDraft, hint: str) -> Any:
        layer = node.layer
        if layer.kind == "id":
            return incoming
        if isinstance(layer, WrittenLayer):
            raise NotBuilt(
                f"not exported: '{layer.kind}' is a layer of the text's own, which says its "
                "shapes, not what it computes",
                node.span,
            )
        kinds = self.target.kinds
        rule = kinds.rule(node)
        pointwise = rule.pointwise and not node.weights
        axes = self.axes(node.source)
        tensors = self.entering(incoming, axes, pointwise)
        try:
            if node.weights or layer.kind in kinds.layers:
                adapter = self.owned(node, axes, here, hint)
                made = adapter(*tensors)
            else:
                others = self.others(node, incoming, here)
                made = rule.make(self.numbered(layer), *tensors, **others)
        except NotBuilt as error:
            raise error.at(node.span) from None
        return self.outcome(made, node.output, pointwise)

    def numbered(self, layer: Any) -> Any:
        """Return a layer whose indices are called as the text calls them."""
        changed: dict[str, Any] = {}
        for name in layer.options:
            value = getattr(layer, name)
            if isinstance(value, Polynomial):
                changed[name] = self.size(value)
            elif isinstance(value, tuple) and any(isinstance(v, Polynomial) for v in value):
                changed[name] = tuple(map(self.size, value))
        if not changed:
            return layer
        return type(layer)(**{n: changed.get(n, getattr(layer, n)) for n in layer.options})

    def entering(self, incoming: Any, axes: Any, pointwise: bool) -> list[Any]:
        """Return the tensors that enter a layer, with a batch in front."""
        several = isinstance(incoming, tuple)
        tensors, shapes = (incoming, axes) if several else ((incoming,), (axes,))
        found = []
        for tensor, shape in zip(tensors, shapes, strict=True):
            if tensor.axes is None or None in tensor.axes:
                tensor.axes = shape
            found.append(tensor if pointwise else with_batch(tensor))
        return found

    def owned(self, node: LeafNode, axes: Any, here: ClassDraft, hint: str) -> Any:
        """Return the module of a layer's weights, an attribute of the class here."""
        around = tuple(layer for layer, _ in node.around)
        if len(around) > 1:
            names = " and ".join(f"'{layer.kind}'" for layer in around)
            raise NotBuilt(f"not exported: {names} around one layer", node.span)
        numbered = node.but(layer=self.numbered(node.layer))
        owner = Owner(node.layer.kind, 0, numbered, node.frozen, around)
        adapter = self.target.adapted(owner, axes)
        key = hint or node.layer.kind
        return adapter.with_inner(here.own(key, adapter.inner))

    def others(self, node: LeafNode, incoming: Any, here: ClassDraft) -> dict[str, Any]:
        """Return what a function takes beside its tensors."""
        found = {name: with_batch(self.read(tensor, incoming, here)) for name, tensor in node.feeds}
        if node.matrix is not None:
            shared = here.lookup(node.matrix, "shared")
            if shared.adapter is None:
                raise NotBuilt("not exported: the matrix of a net of several layers", node.span)
            found["matrix"] = self.target.matrix(shared.adapter)
        if node.layer.kind == "dropout":
            found |= self.target.training()
        return found

    def outcome(self, made: Any, output: Flow, pointwise: bool = False) -> Any:
        """Return what a call gave: a tensor, or several apart."""
        axes = self.axes(output)
        if not isinstance(output, Bundled):
            made.axes = axes
            return made
        if isinstance(made, list | tuple):
            return tuple(self.outcome(*pair) for pair in zip(made, output.items, strict=True))
        several = WrittenTensor("several", made, len(axes))
        return tuple(
            self.outcome(WrittenTensor("part", several, k), item)
            for k, item in enumerate(output.items)
        )

    def join(self, node: JoinNode, incoming: Any, here: ClassDraft, hint: str) -> Any:
        parts = [self.run(part, incoming, here, hint) for part in node.parts]
        return self.joined(node.op, parts, node)

    def joined(self, op: str, parts: list[Any], node: Node) -> Any:
        if op == "bundle":
            return tuple(parts)
        if op == "|" or not isinstance(node.output, Bundled):
            parts = [with_batch(part) for part in parts] if op == "|" else parts
        made = self.target.merge(op, parts)
        made.axes = self.axes(node.output)
        return made

    # --- groups and classes ---

    def group(self, node: GroupNode, incoming: Any, here: ClassDraft, hint: str) -> Any:
        if isinstance(node.wrapper, Bidirectional):
            return self.both(node, incoming, here)
        if node.wrapper is not None and not isinstance(node.wrapper, Rewriter):
            raise NotBuilt(f"not exported: '{node.kind}'", node.span)
        own = node.kind if not node.shown and node.kind.isidentifier() else hint
        if node.shown and node.wrapper is None and owners(node) and self.closed(node):
            made = self.called(node, incoming, here, own if not node.shown else "")
        else:
            inner = own if own and sum(1 for _ in weighted(node)) == 1 else hint and own
            if node.entry is not None:
                here.places[node.entry] = incoming
            made = self.run(node.body, incoming, here, inner)
        if node.place is not None:
            here.places[node.place] = made
            if isinstance(made, WrittenTensor) and not made.hint and made.form != "word":
                made.hint = own
        return made

    def closed(self, node: Node) -> bool:
        """Tell whether nothing outside reads what is made inside, so that it can be a class."""
        inside = Counter(places_read(node))
        return all(self.read_anywhere[p] == inside[p] for p in places_made(node))

    def called(self, node: GroupNode, incoming: Any, here: ClassDraft, key: str) -> Any:
        """Return a block as a class of its own."""
        draft, entered = self.drafted(node.body, incoming, here, node.kind, entry=node.entry)
        reference = here.own(key or node.kind, ClassUse(draft))
        return self.result_of(reference, draft, incoming, here, node.output, entered)

    def drafted(
        self,
        body: Node,
        incoming: Any,
        here: ClassDraft,
        kind: str,
        entry: Hashable | None = None,
        alike: bool = False,
    ) -> tuple[ClassDraft, Any]:
        """Return the class of a part, and what enters it; ``alike``: it gives what it takes."""
        draft = ClassDraft(kind, here)
        entered = draft.entrance(incoming, "x")
        if entry is not None:
            draft.places[entry] = entered
        made = self.run(body, entered, draft, "")
        draft.result = as_entered(made, entered) if alike else made
        return draft, entered

    def result_of(
        self,
        reference: WrittenExpression,
        draft: ClassDraft,
        incoming: Any,
        here: ClassDraft,
        output: Flow,
        entered: Any = None,
    ) -> Any:
        """Return what a class gives when it is called here."""
        made = reference(*passed(incoming), *self.captured(draft, here))
        return self.given(made, draft.result, output)

    def captured(self, draft: ClassDraft, here: ClassDraft) -> list[Any]:
        """Return what a class is passed beside what comes in."""
        return [one for p, name in draft.captures for one in passed(here.lookup(p, name))]

    def given(self, made: Any, result: Any, output: Flow) -> Any:
        """Return a call of a class as what it gives: tensors with channels where they are."""
        if isinstance(result, tuple):
            several = WrittenTensor("several", made, len(_flat(result)))
            parts = iter(range(len(_flat(result))))

            def apart(one: Any) -> Any:
                if isinstance(one, tuple):
                    return tuple(map(apart, one))
                part = WrittenTensor("part", several, next(parts))
                return alike(one, part)

            return apart(result)
        return alike(result, made)

    # --- repeats ---

    def repeat(
        self, node: RepeatNode | SeriesNode, incoming: Any, here: ClassDraft, hint: str
    ) -> Any:
        index = None
        if isinstance(node, SeriesNode):
            index = self.index(node.index)
            here.bound.add(index)
            parts: list[tuple[Size, Size, Node]] = [
                (self.size(node.first), self.size(node.times), node.body)
            ]
        else:
            parts = [(0, self.size(times), part) for times, part in node.parts]
        self.depth += index is not None
        try:
            if not any(map(owners, (part for *_, part in parts))):
                for first, times, part in parts:
                    incoming = self.again(part, first, times, index, incoming, here, hint)
                return incoming
            return self.listed(node, parts, index, incoming, here, hint)
        finally:
            self.depth -= index is not None

    def listed(
        self,
        node: Node,
        parts: list[tuple[Size, Size, Node]],
        index: Symbol | None,
        incoming: Any,
        here: ClassDraft,
        hint: str,
    ) -> Any:
        """Return a list of modules run one behind the other."""
        uses: list[tuple[Any, ClassUse, Any]] = []
        kinds = {kind_of(part) for *_, part in parts}
        kind = kinds.pop() if len(kinds) == 1 else ""
        for first, times, part in parts:
            if not self.closed(part):
                raise NotBuilt("not exported: what a repeat makes is read outside", node.span)
            whole = alone(part)
            draft, _ = self.drafted(
                whole.body if whole is not None else part,
                incoming,
                here,
                kind or kind_of(part) or f"{self.name}_layer",
                entry=whole.entry if whole is not None else None,
                alike=True,
            )
            uses.append(((first, times), ClassUse(draft), index))
        reference = here.own(hint or plural(kind or "layer"), ListOfUses(uses))
        # The last pass has what every pass needs; each pass is called alike.
        captures = uses[-1][1].draft.captures
        if any(use.draft.captures != captures for _, use, _ in uses):
            raise NotBuilt("not exported: passes that read other tensors each", node.span)
        module = WrittenExpression("word", singular(kind or "layer"))
        extra = self.captured(uses[-1][1].draft, here)
        result = uses[-1][1].draft.result
        return looped(
            module,
            reference,
            incoming,
            lambda entered: self.given(module(*passed(entered), *extra), result, node.output),
        )

    def again(
        self,
        part: Node,
        first: Size,
        times: Size,
        index: Symbol | None,
        incoming: Any,
        here: ClassDraft,
        hint: str,
    ) -> Any:
        """Return a part without weights of its own run several times."""
        if times == 1 and index is None:
            return self.run(part, incoming, here, hint)
        stop = first + times if first else times
        ends = [one for one in (first, stop) if one is stop or first]
        counter = WrittenExpression("call", "range", tuple(ends), {})
        word = WrittenExpression("word", index.name if index is not None else "_")
        return looped(word, counter, incoming, lambda entered: self.run(part, entered, here, hint))

    # --- parts that count several times ---

    def scaled(self, node: ScaledNode, incoming: Any, here: ClassDraft, hint: str) -> Any:
        from symparams.frameworks.exporting import scaled

        return scaled.run(self, node, incoming, here, hint)

    def both(self, node: GroupNode, incoming: Any, here: ClassDraft) -> Any:
        """Return ``bidirectional``: the second copy runs from the end, and is turned back."""
        body = node.body
        assert isinstance(body, JoinNode)
        forward, backward = body.parts
        nets = [one for one in weighted(forward) if isinstance(one, LeafNode)]
        axis = 0 if any(isinstance(leaf.layer, ConvLSTM) for leaf in nets) else -2
        turned = self.target.backwards(incoming, axis)
        turned.axes = incoming.axes
        found = [
            self.run(forward, incoming, here, "forward_net"),
            self.run(backward, turned, here, "backward_net"),
        ]
        if len(found[1].axes) == len(self.axes(nets[0].source)):
            axes = found[1].axes
            found[1] = self.target.backwards(found[1], axis)
            found[1].axes = axes
        op = "ave" if getattr(node.wrapper, "join", "") == "ave" else body.op
        return self.joined(op, found, node)


def _at_last(value: Any) -> Any:
    """Return what leaves a model: batches of tensors, their channels at the end."""
    if isinstance(value, tuple):
        return tuple(map(_at_last, value))
    if at_the_end(value):
        return WrittenTensor("method", value.parts[0], "movedim", (1, -1), {}, axes=value.axes)
    return with_batch(value)


def _flat(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [one for item in value for one in _flat(item)]
    return [value]


def _of(found: Symbol) -> Size:
    return symbol(found.name, low=found.low)
