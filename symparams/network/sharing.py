"""Nets by name: used once, or shared and counted once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from symparams.algebra import TRUE, Condition, Size, symbols_of
from symparams.errors import Span, SymparamsError
from symparams.layers import Embedding, Saved, Transposed
from symparams.network.building import Run
from symparams.network.measures import learns
from symparams.network.nets import LayerNet, Net, Weights, one, weights_of
from symparams.network.nodes import (
    GroupNode,
    LeafNode,
    Node,
    Place,
    ReferenceNode,
    RepeatNode,
    ScaledNode,
    WeightNode,
    rewritten,
)
from symparams.network.precision import stored_again
from symparams.network.shapes import Flow, Signal
from symparams.network.storages import NO_SAVING, Saving
from symparams.network.uses import Use


class NamedNet(Net):
    """A braced name without ``shared``: its weights may be used once.

    ``loops`` is how many repeats were open where the name was bound.
    """

    apart = ("uses",)

    name: str
    net: Net
    loops: int
    uses: list[Use]

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self.net.apply(flow, run)
        if weights_of(node):
            if self.uses or run.loops > self.loops:
                raise SymparamsError(
                    f"the weights of '{self.name}' would be used more than once",
                    self.span,
                    f"write 'shared {self.name} = …' for one set of weights, "
                    f"'block {self.name} = …' for a set at each use",
                )
            run.use(Use(self.uses, node))
        return GroupNode(node.output, self.span, self.name, node, shown=False)


@dataclass
class Cell:
    """The one set of weights of a shared net, and its uses.

    ``around`` is how many conditions of presence, ``indices`` which indices of
    repeats were open where it was bound.
    """

    name: str
    span: Span | None = None
    around: int = 0
    indices: frozenset[str] = frozenset()
    uses: list[Use] = field(default_factory=list)
    place: Place = field(default_factory=lambda: Place("a shared net"))

    @property
    def owner(self) -> Node | None:
        """The node of the first use."""
        return self.uses[0].node if self.uses else None

    def when(self, run: Run) -> Condition:
        """Return what must hold for a use here to take place."""
        around = tuple(run.presence[self.around :])
        return TRUE if not around else Condition("and", parts=around)

    def used(self, node: Node, run: Run) -> None:
        """Take note of a use, here.

        Raises:
            SymparamsError, NeedsValue, Decide: as :meth:`check` and :meth:`stays` do.
        """
        now, when = weights_of(node), self.when(run)
        if run.gradients:
            self.stays(run)
        last = self.uses[-1] if self.uses else None
        # What is like the use before it was compared with all others then.
        if last is None or (last.weights, last.when) != (now, when):
            self.check(now, when, self.uses, run)
        precisions = tuple(run.precisions)
        frozen = run.frozen is True
        run.use(Use(self.uses, node, frozen, when, weights=now, precisions=precisions))

    def stays(self, run: Run) -> bool:
        """Tell whether training leaves the weights alone, as the uses so far and this one say.

        Only asked where gradients are followed.

        Raises:
            SymparamsError: uses say otherwise of weights that went into gradients already.
        """
        frozen = {use.frozen for use in self.uses}
        if frozen == {False} and run.frozen is True:
            raise self._unclear()
        when = self.when(run)
        if True in frozen and not any(u.frozen and u.when in (TRUE, when) for u in self.uses):
            raise self._unclear()
        return run.frozen is True or True in frozen

    def _unclear(self) -> SymparamsError:
        return SymparamsError(
            f"whether '{self.name}' is trained is not the same at all of its uses, so that its "
            "gradients are not known at the first",
            self.span,
            f"say it where the net is bound: shared {self.name} = freeze(…)",
        )

    def check(self, now: Weights, when: Condition, uses: Iterable[Use], run: Run) -> None:
        """Refuse weights that differ from those of uses that take place beside it.

        Raises:
            SymparamsError: they do at all sizes.
            NeedsValue, Decide: a value decides whether they do.
        """
        for before, other in dict.fromkeys((use.weights, use.when) for use in uses):
            alike = _same_weights(before, now, run)
            both = alike or Condition("and", parts=(other, when)).judge(run.facts)
            if alike or both is False:
                continue
            told = (
                f"'{self.name}' is shared, but its weights would differ: "
                f"{_shapes(before)} at one use, {_shapes(now)} at another"
            )
            if alike is False and both:
                same = [w[:2] for w in before] == [w[:2] for w in now]
                hint = f"write it where the net is bound: shared {self.name} = precision(…)"
                raise SymparamsError(told, self.span, hint if same else "")
            sizes = (size for weights in (before, now) for size in _sizes(weights))
            names = {s.name for size in sizes for s in symbols_of(size)}
            names |= {s.name for c in (other, when) for s in c.symbols()}
            raise run.needs(names, told, self.span)


class SharedNet(Net):
    """``shared E = net``: every use has the same weights."""

    apart = ("cell",)

    net: Net
    cell: Cell

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self._applied(flow, run)
        self.cell.used(node, run)
        self._check(self.cell.uses[-1].weights, run)
        use = ScaledNode(
            node.output, self.span, node, 0, 0, 1, "shared", role="shared", place=self.cell.place
        )
        return GroupNode(node.output, self.span, self.cell.name, use, shown=False)

    def _applied(self, flow: Flow, run: Run) -> Node:
        """Return the net on an input; what one use froze is frozen at the others too."""
        if run.gradients and self.cell.stays(run):
            with run.training(frozen=True):
                return self.net.apply(flow, run)
        return self.net.apply(flow, run)

    def _check(self, now: Weights, run: Run) -> None:
        """Refuse weights that differ from pass to pass."""
        moving = run.indices.keys() - self.cell.indices
        for name in sorted(moving & {s.name for size in _sizes(now) for s in symbols_of(size)}):
            error = SymparamsError(
                f"'{self.cell.name}' is shared, but its weights would differ "
                f"from pass to pass: {_shapes(now)}",
                self.span,
            )
            raise run.in_some_pass(error, run.further[name])  # of one pass they are the same

    def transposed(self, span: Span) -> Net:
        """Return ``E.T``: the same matrix the other way round."""
        return TransposedNet(span, self)


def owned(cell: Cell, run: Run) -> Node | None:
    """Return the part of braces that owns a shared net's weights; None where it is never used.

    Where some sizes leave it unused, or leave its weights to training, each of
    these counts in its cases; what has no cases is presumed. Uses of which
    never two take place may have weights of different shapes: each counts in its cases.
    """
    groups = _by_weights(cell, run)
    parts = tuple(
        part for uses in groups for part in _owned(uses, cell.span, run, presume=len(groups) == 1)
    )
    if not parts:
        return None
    node = parts[0][1]
    if len(parts) > 1 or parts[0][0] != 1:
        node = RepeatNode(node.output, node.span, 1, parts)
    part = ScaledNode(
        node.output, node.span, node, 1, 1, 0, "owner", cell.name, role="owner", place=cell.place
    )
    return GroupNode(node.output, node.span, cell.name, part, shown=False)


def _by_weights(cell: Cell, run: Run) -> list[list[Use]]:
    """Return the uses by what their weights are."""
    groups: list[list[Use]] = []
    for use in cell.uses:
        for uses in groups:
            if _same_weights(uses[0].weights, use.weights, run):
                uses.append(use)
                break
        else:
            cell.check(use.weights, use.when, (u for uses in groups for u in uses), run)
            groups.append([use])
    return groups


def _owned(
    uses: list[Use], span: Span | None, run: Run, presume: bool
) -> Iterator[tuple[Size, Node]]:
    """Yield how often the weights of uses count, trained and frozen."""
    share = run.share(uses, span, presume)
    fixed = [use for use in uses if use.frozen]
    kept = run.share(fixed, span, presume)
    trained = next((use.node for use in uses if not use.frozen), uses[0].node)
    for times, node in ((share - kept, trained), (kept, fixed[0].node if fixed else trained)):
        if times != 0:
            yield times, node


def _same_weights(one: Weights, other: Weights, run: Run) -> bool | None:
    """Tell whether weights have the same names, shapes and bytes; None: a value of a size decides
    it.
    """
    if [(n, len(shape)) for n, shape, _ in one] != [(n, len(shape)) for n, shape, _ in other]:
        # A repeat whose first pass differs from the others lists its weights twice: whether it
        # does may hang on a size.
        return None if any(map(symbols_of, (*_sizes(one), *_sizes(other)))) else False
    if [bytes_ is None for *_, bytes_ in one] != [bytes_ is None for *_, bytes_ in other]:
        return False
    pairs = zip(_sizes(one), _sizes(other), strict=True)
    answers = [run.facts.zero(a - b) for a, b in pairs if a != b]
    return False if False in answers else None if None in answers else True


def _sizes(weights: Weights) -> list[Size]:
    """Return what is compared of weights: the axes, and the bytes that are said."""
    return [size for _, shape, b in weights for size in (*shape, *(() if b is None else (b,)))]


def _shapes(weights: Weights) -> str:
    told = [
        f"{name} {' x '.join(map(str, shape)) or '1'}" + (f" in {b} bytes" if b is not None else "")
        for name, shape, b in weights[:3]
    ]
    return ", ".join(told) or "none"


class TransposedNet(Net):
    """A shared embedding or dense layer, backwards, without weights of its own."""

    shared: SharedNet

    def apply(self, flow: Flow, run: Run) -> Node:
        signal = one(flow, f"'{self.shared.cell.name}.T'", self.span)
        self._use(run)
        rows, columns = self._matrix()
        if not signal.axes or run.facts.zero(signal.axes[-1] - columns) is not True:
            raise SymparamsError(
                f"'{self.shared.cell.name}.T' takes vectors of {columns}, "
                f"but gets {signal.described()}",
                self.span,
            )
        layer = Transposed(rows=rows)
        place = self.shared.cell.place
        matrix = Signal((rows, columns), grad=run.grad(run.gradients and self._learns(run)))
        grad = run.grad(bool(signal.grad or matrix.grad))
        # As a tensor that comes in, the matrix says whether it requires a gradient.
        feeds = (("matrix", ReferenceNode(matrix, self.span, place)),) if run.gradients else ()
        axes = layer.output(signal.axes)
        output = Signal(axes, grad=grad, storage=run.storages.of(axes, (signal,)))
        saving: Saving | None = NO_SAVING
        if run.storages.on:
            # The matrix itself is kept anyway.
            kept = Saved(inputs=(0,) if matrix.grad else ())
            saving = run.storages.keep(kept, (signal,), output, layer.packs)
        macs = layer.macs(signal.axes)
        return LeafNode(
            output, self.span, layer, signal, (), macs, matrix=place, feeds=feeds, saving=saving
        )

    def _learns(self, run: Run) -> bool:
        """Tell whether the shared matrix is trained."""
        cell = self.shared.cell
        owner = _inside(cell.owner)
        assert isinstance(owner, LeafNode), "there is a matrix"
        return learns(owner.weights[0], owner.frozen or cell.stays(run))

    def _use(self, run: Run) -> None:
        """Note this as a use as well: of an embedding it may be the only one."""
        cell, net = self.shared.cell, self.shared.net
        owner = cell.owner
        if owner is None and isinstance(net, LayerNet) and isinstance(net.layer, Embedding):
            storage = run.storages.new(1, integers=True)
            owner = net.apply(Signal((1,), True, run.grad(False), storage), run)
        if owner is not None:
            node = with_frozen(owner) if run.frozen else owner
            if cell.uses:
                node = stored_again(node, cell.uses[0].precisions, run.precisions)
            cell.used(node, run)

    def _matrix(self) -> tuple[Size, Size]:
        """Return (rows, columns) of the shared matrix."""
        net = self.shared.net
        if isinstance(net, LayerNet) and isinstance(net.layer, Embedding):
            return net.layer.vocabulary, net.layer.width
        owner = _inside(self.shared.cell.owner)
        if isinstance(owner, LeafNode) and owner.weights and len(owner.weights[0].shape) == 2:
            rows, columns = owner.weights[0].shape
            return rows, columns
        raise SymparamsError(
            f"'{self.shared.cell.name}.T' is of an embedding or a dense layer that was used before",
            self.span,
        )


def _inside(owner: Node | None) -> Node | None:
    """Return what is inside that which ``freeze`` and ``train`` leave around it."""
    while isinstance(owner, GroupNode) and not owner.kind:
        owner = owner.body
    return owner


def with_frozen(node: Node) -> Node:
    """Return a network whose weights training leaves alone."""
    return rewritten(
        node, lambda n: n.but(frozen=True) if isinstance(n, LeafNode | WeightNode) else n
    )
