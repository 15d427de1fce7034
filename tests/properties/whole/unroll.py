"""A source written out at a point: repeats, ifs, comprehensions and blocks are gone.

It knows only the drawn tree. A ``where`` that is broken, a shape that is not
positive and whole, a range that is not whole: :class:`~.sizes.Broken`, which
must be an error of the product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from tests.properties.whole.plain import (
    CELLS,
    Interleaved,
    Joint,
    Made,
    MadeBraces,
    MadeKept,
    MadeMixture,
    MadeRow,
    MadeUse,
    Named,
    One,
    Scale,
    Shape,
    SharedOwner,
    Stored,
    TakenPart,
    Trained,
    WrittenOut,
    layer,
    plain_text,
    weights_in,
)
from tests.properties.whole.sizes import (
    Broken,
    Exact,
    Items,
    Names,
    TooLarge,
    holds,
    value_of,
    whole,
)
from tests.properties.whole.tree import (
    Beside,
    BesideEach,
    ChoiceOf,
    DrawnBlock,
    DrawnSize,
    Each,
    Experts,
    Half,
    Kind,
    Links,
    RepeatOf,
    Scaling,
    SharedUse,
    Sharing,
    Twins,
    UseOf,
    Whole,
    Wrapping,
)

#: The most layers that one source is written out to.
MOST_LAYERS = 400


@dataclass(frozen=True)
class Known:
    """A block, or a shared net, with the names around its definition."""

    net: Any
    names: Names


@dataclass
class Unrolling:
    """One writing out; ``frozen`` is what the innermost ``freeze`` or ``train`` says.

    ``bits`` is what the innermost ``precision`` says.

    ``both`` says that it is inside of a net in both directions, which keeps nothing.
    """

    frozen: bool | None = None
    bits: int | None = None
    both: bool = False
    layers: int = 0
    owners: int = 0
    shared: dict[int, SharedOwner] = field(default_factory=dict)

    def net(self, net: Any, shape: Shape, names: Names) -> Made:
        """A net on an input.

        Raises:
            Broken: it does not fit.
            TooLarge: it is of no interest.
        """
        match net:
            case Kind():
                return self.layer(net, shape, names)
            case Links(parts):
                return self.row([(p, names) for p in parts], shape)
            case RepeatOf(inner, times, _):
                count = whole(value_of(times, names), "how often to repeat", 0)
                if count > MOST_LAYERS:
                    raise TooLarge(str(count))
                if count == 0:
                    self.sound(inner, names)
                return self.row([(inner, names)] * count, shape)
            case Each(inner, targets, items):
                each = [{**names, **self.taken(targets, item)} for item in value_of(items, names)]
                return self.row([(inner, here) for here in each], shape)
            case Beside(op, nets):
                return joint(op, [self.net(n, shape, names) for n in nets])
            case BesideEach(name, inner, index, items):
                values = value_of(items, names)
                if not values:
                    raise Broken(f"{name} of nothing")
                made = [self.net(inner, shape, {**names, index: v}) for v in values]
                return joint("+" if name == "sum" else "|", made)
            case ChoiceOf(condition, one, other):
                return self.net(one if holds(condition, names) else other, shape, names)
            case UseOf(name, args):
                return self.block(names[name], dict(args), shape, names)
            case SharedUse(name):
                return self.use(names[name], shape)
            case Wrapping("residual", inner, _):
                return joint(
                    "+", [self.net(Kind("id"), shape, names), self.net(inner, shape, names)]
                )
            case Wrapping("bidirectional", inner, merge):
                before, self.both = self.both, True
                both = [self.net(inner, shape, names) for _ in range(2)]
                self.both = before
                return joint("|" if merge == "concat" else "+", both, merge)
            case Wrapping("keep", inner, _):
                made = self.net(inner, shape, names)
                return MadeKept(made.shape, 0 if self.both else prod(made.shape), made)
            case Wrapping("precision", inner, bits):
                before_bits, self.bits = self.bits, int(bits)
                made = self.net(inner, shape, names)
                self.bits = before_bits
                return Stored(made.shape, int(bits), made)
            case Wrapping(name, inner, _):
                return self.trained(name == "freeze", inner, shape, names)
            case Experts():
                return self.mixture(net, shape, names)
            case Half(parts, place):
                if shape[-1] % parts:
                    raise Broken(f"{shape[-1]} in {parts}")
                return TakenPart((*shape[:-1], shape[-1] // parts), parts, place)
            case Scaling(name, sizes, word, op):
                axes = tuple(whole(value_of(s, names), "an axis") for s in sizes)
                after = broadcast(shape, axes)
                return Scale(after, name, axes, word, op, self.frozen is True, self.bits)
            case Twins(_, one, other, times):
                count = whole(value_of(times, names), "how often to repeat", 0)
                made = joint("|", self.along((one, other), ("d", "e"), count, shape, names))
                return Interleaved(made.shape, made.op, made.parts)
            case Sharing():
                return self.sharing(net, shape, names)
        raise TypeError(type(net).__name__)

    def layer(self, net: Kind, shape: Shape, names: Names) -> One:
        self.layers += 1
        if self.layers > MOST_LAYERS:
            raise TooLarge("layers")
        args = tuple(value_of(a, names) for a in net.args)
        options = [(n, v if isinstance(v, str) else value_of(v, names)) for n, v in net.options]
        weights, after = layer(net.name, args, dict(options), shape)
        if any(n > 10**6 for n in after):
            raise TooLarge(str(after))
        state = 0
        if net.name in CELLS and not self.both:
            values = 2 if net.name == "lstm" else 1
            state = values * after[-1] * prod(shape[:-2])
        stored = tuple(w.at(self.bits) for w in weights)
        return One(after, net.name, args, tuple(options), stored, self.frozen is True, state)

    def row(self, parts: list[tuple[Any, Names]], shape: Shape) -> MadeRow:
        made: list[Made] = []
        for net, names in parts:
            made.append(self.net(net, shape, names))
            shape = made[-1].shape
        return MadeRow(shape, tuple(made))

    def sound(self, net: Any, names: Names) -> None:
        """Refuse a net whose own sizes are none, though it is repeated no time.

        What stands in a block, or in a comprehension without a pass, is not read.
        """
        match net:
            case Kind(name, args, _):
                least = 0 if name in ("pad", "crop", "take", "dropout") else 1
                for arg in args:
                    whole(value_of(arg, names), f"a size of {name}", least)
            case Links(parts) | Beside(_, parts):
                for part in parts:
                    self.sound(part, names)
            case RepeatOf(inner, times, _):
                value_of(times, names)
                self.sound(inner, names)
            case Wrapping(_, inner, _):
                self.sound(inner, names)
            case Experts(inner, n, top):
                for size in (n, top):
                    whole(value_of(size, names), "experts")
                if value_of(top, names) > value_of(n, names):
                    raise Broken("more experts at work than there are")
                self.sound(inner, names)
            case ChoiceOf(condition, one, other):
                self.sound(one if holds(condition, names) else other, names)
            case Each(inner, targets, items):
                for item in value_of(items, names):
                    self.sound(inner, {**names, **self.taken(targets, item)})
            case BesideEach(name, inner, index, items):
                each = value_of(items, names)
                if not each:  # a sum of nothing is the size 0, which is no net to repeat
                    raise Broken(f"{name} of nothing")
                for item in each:
                    self.sound(inner, {**names, index: item})
            case UseOf(_, args):
                for _, arg in args:
                    value_of(arg, names)

    def along(
        self, nets: tuple[Any, ...], axes: tuple[str, ...], count: int, shape: Shape, names: Names
    ) -> list[MadeRow]:
        """Nets several times, told by the axes that come into each pass, all of them."""
        made: list[list[Made]] = [[] for _ in nets]
        shapes = [shape for _ in nets]
        for _ in range(count):
            here = {**names, **{a: s[-1] for a, s in zip(axes, shapes, strict=True)}}
            for row, net, entering in zip(made, nets, shapes, strict=True):
                row.append(self.net(net, entering, here))
            shapes = [row[-1].shape for row in made]
        return [MadeRow(s, tuple(row)) for s, row in zip(shapes, made, strict=True)]

    def taken(self, targets: tuple[str, ...], item: Any) -> dict[str, Any]:
        """The names that an element of a list gives."""
        return {targets[0]: item} if len(targets) == 1 else dict(zip(targets, item, strict=True))

    def block(self, known: Known, given: dict[str, Any], shape: Shape, names: Names) -> Named:
        block: DrawnBlock = known.net
        inner = dict(known.names)
        if not given.keys() <= dict(block.parameters).keys():
            raise KeyError(block.name)
        for name, default in block.parameters:
            if name in given:
                inner[name] = value_of(given[name], names)
            else:
                inner[name] = value_of(default, inner)
        inner |= axes_of(block.axes, shape)
        for condition in block.where:
            if not holds(condition, inner):
                raise Broken(f"a condition of {block.name}")
        made = self.net(block.net, shape, inner)
        return Named(made.shape, block.name, made)

    def use(self, owner: SharedOwner, shape: Shape) -> MadeUse:
        known: Known = self.known[owner.name]
        made = self.net(known.net, shape, known.names)
        owner.frozen |= self.frozen is True
        owner.texts.add(plain_text(made))
        if owner.body is None:
            owner.body = made
        elif [*weights_in(owner.body)] != [*weights_in(made)]:
            raise Broken(f"the weights of {owner.shown} differ")
        return MadeUse(made.shape, owner, made)

    @property
    def known(self) -> dict[str, Known]:
        """The shared nets by their own name."""
        return self._known

    def trained(self, frozen: bool, net: Any, shape: Shape, names: Names) -> Trained:
        before, self.frozen = self.frozen, frozen
        made = self.net(net, shape, names)
        self.frozen = before
        return Trained(made.shape, frozen, made)

    def mixture(self, net: Experts, shape: Shape, names: Names) -> MadeMixture:
        n = whole(value_of(net.n, names), "experts")
        top = whole(value_of(net.top, names), "experts at work")
        if top > n:
            raise Broken(f"{top} of {n} experts")
        weights, scores = layer("linear", (n,), {}, shape)
        stored = tuple(w.at(self.bits) for w in weights)
        router = One(scores, "linear", (n,), (), stored, self.frozen is True)
        expert = self.net(net.net, shape, names)
        return MadeMixture(expert.shape, router, expert, n, top)

    def sharing(self, sharing: Sharing, shape: Shape, names: Names) -> MadeBraces:
        inner, owners = dict(names), []
        for name, net in sharing.shared:
            self.owners += 1
            owner = SharedOwner(f"A{self.owners}", name)
            self._known[owner.name] = Known(net, dict(inner))
            owners.append(owner)
            inner[name] = owner
        for block in sharing.blocks:
            inner[block.name] = Known(block, dict(inner))
        made = self.net(sharing.net, shape, inner)
        return MadeBraces(made.shape, tuple(owners), made)

    _known: dict[str, Known] = field(default_factory=dict)


def axes_of(pattern: tuple[str, ...], shape: Shape) -> dict[str, int]:
    """The names that ``on [axes]`` gives to a shape."""
    if not pattern:
        return {}
    if "..." in pattern:
        k = pattern.index("...")
        back = len(pattern) - k - 1
        if len(shape) < len(pattern) - 1:
            raise Broken(f"{pattern} on {shape}")
        pairs = [
            *zip(pattern[:k], shape, strict=False),
            *zip(pattern[k + 1 :], shape[len(shape) - back :], strict=True),
        ]
    else:
        if len(shape) != len(pattern):
            raise Broken(f"{pattern} on {shape}")
        pairs = list(zip(pattern, shape, strict=True))
    found: dict[str, int] = {}
    for name, size in pairs:
        if name != "_" and found.setdefault(name, size) != size:
            raise Broken(f"{name} is {found[name]} and {size}")
    return found


def broadcast(a: Shape, b: Shape) -> Shape:
    """The shape of a sum: an axis stretches only where it is missing, or 1."""
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    axes = list(longer)
    for back in range(1, len(shorter) + 1):
        one, other = longer[-back], shorter[-back]
        if 1 not in (one, other) and one != other:
            raise Broken(f"{a} and {b}")
        axes[-back] = other if one == 1 else one
    return tuple(axes)


def joint(op: str, parts: list[Made], merge: str = "") -> Joint:
    """Parts on the same input."""
    shape = parts[0].shape
    for part in parts[1:]:
        if op != "|":
            shape = broadcast(shape, part.shape)
            continue
        if len(shape) != len(part.shape) or shape[:-1] != part.shape[:-1]:
            raise Broken(f"{shape} beside {part.shape}")
        shape = (*shape[:-1], shape[-1] + part.shape[-1])
    return Joint(shape, op, tuple(parts), merge)


# --- whole sources ---------------------------------------------------------


def admitted(symbol: DrawnSize, value: Exact) -> bool:
    """Whether a value is one that the symbol may have."""
    if symbol.choices:
        return value in symbol.choices
    if symbol.steps is not None:
        low, high, step = symbol.steps
        return low <= value <= high and (value - low) % step == 0
    return value.denominator == 1 and value >= 1


def written_out(source: Whole, point: Mapping[str, Exact]) -> WrittenOut:
    """A source at a point; what the point leaves out is at its default.

    Raises:
        Broken: it must be an error there.
        TooLarge: it is of no interest.
    """
    names: dict[str, Any] = {}
    for block in source.blocks:
        names[block.name] = Known(block, dict(names))
    for symbol in source.symbols:
        listed = isinstance(symbol.default, Items)
        value = point[symbol.name] if symbol.name in point else value_of(symbol.default, names)
        free = symbol.default is not None and symbol.name not in point and not listed
        if not listed and not (free and _derived(symbol)) and not admitted(symbol, value):
            raise Broken(f"{symbol.name} = {value}")
        names[symbol.name] = value
    for condition in source.where:
        if not holds(condition, names):
            raise Broken("a condition of the model")
    shape = tuple(whole(value_of(s, names), "an axis") for s in source.input)
    if source.tokens and not _embeds(source.body.net):
        raise KeyError("tokens")  # it is no source that is drawn
    made = Unrolling().sharing(source.body, shape, names)
    return WrittenOut(shape, source.tokens, made)


def _embeds(net: Any) -> bool:
    return (
        isinstance(net, Links)
        and net.parts[:1] != ()
        and getattr(net.parts[0], "name", "") == "embed"
    )


def _derived(symbol: DrawnSize) -> bool:
    """Whether the default names other sizes."""
    from tests.properties.whole.tree import names_of

    return bool(names_of(symbol.default))
