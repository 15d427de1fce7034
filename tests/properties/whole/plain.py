"""A source written out at a point: layers with numbers only, counted and printed here.

This is the other side of every comparison. Shapes, weights and work follow
from the layers' definitions, in Python's integers; nothing of the product is
asked. :func:`plain_text` prints the same tree as a source without a repeat, an
``if``, a block or a name of a size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, TypeAlias

from tests.properties.whole.sizes import Broken, Exact, number, whole

Shape: TypeAlias = tuple[int, ...]

MEASURES = (
    "params", "trainable", "frozen", "buffers", "total", "active", "embedding", "activations", "macs",
    "kept", "precision_bytes", "unset_precision",
)  # fmt: skip


@dataclass(frozen=True)
class OwnTensor:
    """A weight: name, shape, how often each value is multiplied, whether a buffer or a table.

    ``bytes`` is in how many it is kept, where ``precision`` says so.
    """

    name: str
    shape: Shape
    uses: int = 0
    buffer: bool = False
    table: bool = False
    bytes: int | None = None

    def at(self, bits: int | None) -> OwnTensor:
        """The weight inside ``precision(…, bits)``."""
        if bits is None or self.buffer:
            return self
        return replace(self, bytes=bits // 8 * prod(self.shape))


# --- layers ----------------------------------------------------------------

FREE = {"relu", "id", "dropout", "flatten", "tanh", "softmax", "gelu"}
CORES = {"pad", "crop", "tile", "take"}
NORMS = {"layernorm", "rmsnorm", "bn"}
OVER_SPACE = {"conv", "maxpool", "avgpool", "globalavgpool", "pad", "crop", "upsample"}
CELLS = {"rnn": 1, "gru": 3, "lstm": 4}


def _dense(shape: Shape, units: int, bias: bool) -> tuple[list[OwnTensor], Shape]:
    weights = [OwnTensor("kernel", (shape[-1], units), prod(shape[:-1]))]
    return weights + [OwnTensor("bias", (units,))] * bias, (*shape[:-1], units)


def _cell(gates: int, shape: Shape, units: int, last: bool) -> tuple[list[OwnTensor], Shape]:
    steps = prod(shape[:-1])
    weights = [
        OwnTensor("kernel", (shape[-1], gates * units), steps),
        OwnTensor("recurrent_kernel", (units, gates * units), steps),
        OwnTensor("bias", (gates * units,)),
    ]
    return weights, (*(shape[:-2] if last else shape[:-1]), units)


def _norm(kind: str, width: int) -> list[OwnTensor]:
    found = [OwnTensor("gamma", (width,))]
    if kind != "rmsnorm":
        found.append(OwnTensor("beta", (width,)))
    if kind == "bn":
        found += [OwnTensor(name, (width,), buffer=True) for name in ("mean", "variance")]
    return found


def window(shape: Shape, size: int, stride: int, pad: Any) -> Shape:
    """The spatial axes behind a window that moves over them."""
    if pad == "same":
        return tuple(-(-n // stride) for n in shape)
    added = 0 if pad in ("valid", None) else int(pad)
    for n in shape:
        if n + 2 * added < size:
            raise Broken(f"a window of {size} on an axis of {n}")
    return tuple((n + 2 * added - size) // stride + 1 for n in shape)


def layer(
    kind: str, args: tuple[Exact, ...], options: dict[str, Any], shape: Shape
) -> tuple[list[OwnTensor], Shape]:
    """(weights, output) of a layer on an input.

    Raises:
        Broken: it does not fit.
    """
    if kind == "dropout":
        return [], shape
    sizes = [
        whole(a, f"a size of {kind}", 0 if kind in ("pad", "crop", "take") else 1) for a in args
    ]
    stride = whole(options.get("stride", 1), "a stride")
    pad = options.get("pad")
    if pad not in (None, "same", "valid"):
        pad = whole(pad, "a padding", 0)
    if kind in ("dense", "linear"):
        return _dense(
            shape, sizes[0], options.get("bias", "yes" if kind == "dense" else "no") == "yes"
        )
    if kind in CELLS:
        return _cell(CELLS[kind], shape, sizes[0], options.get("last") == "yes")
    if kind in NORMS:
        return _norm(kind, shape[-1]), shape
    if kind == "embed":
        return [OwnTensor("table", (sizes[0], sizes[1]), table=True)], (*shape, sizes[1])
    *spatial, width = shape
    if kind in OVER_SPACE and not spatial:
        raise Broken(f"{kind} on {shape}")
    if kind == "conv":
        size = sizes[1]
        after = window(tuple(spatial), size, stride, pad)
        kernel = (*(size,) * len(spatial), width, sizes[0])
        return [OwnTensor("kernel", kernel, prod(after)), OwnTensor("bias", (sizes[0],))], (
            *after,
            sizes[0],
        )
    if kind in ("maxpool", "avgpool"):
        size = sizes[0]
        stride = whole(options.get("stride", size), "a stride")
        return [], (*window(tuple(spatial), size, stride, pad), width)
    if kind == "globalavgpool":
        return [], (width,)
    if kind == "flatten":
        return [], (prod(shape),)
    if kind == "mean":
        return [], shape[1:]
    if kind == "take":
        if sizes[0] >= shape[0]:
            raise Broken(f"no {sizes[0]} in an axis of {shape[0]}")
        return [], shape[1:]
    if kind == "tile":
        return [], (*spatial, width * sizes[0])
    if kind == "upsample":
        return [], (*(n * sizes[0] for n in spatial), width)
    if kind in ("pad", "crop"):
        way = 2 if kind == "pad" else -2
        return [], (*(whole(n + way * sizes[0], "an axis") for n in spatial), width)
    if kind in FREE:
        return [], shape
    raise ValueError(kind)


# --- the tree --------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A part that was written out; ``shape`` is what leaves it."""

    shape: Shape


@dataclass(frozen=True)
class One(Made):
    """A layer."""

    kind: str
    args: tuple[Exact, ...]
    options: tuple[tuple[str, Any], ...]
    weights: tuple[OwnTensor, ...]
    frozen: bool
    state: int = 0


@dataclass(frozen=True)
class MadeRow(Made):
    """Parts behind each other."""

    parts: tuple[Made, ...]


@dataclass(frozen=True)
class Joint(Made):
    """Parts on the same input; ``copies`` says that they are a net in both directions."""

    op: str
    parts: tuple[Made, ...]
    merge: str = ""


@dataclass(frozen=True)
class Interleaved(Joint):
    """Two sides that go through their passes in turn, and are concatenated."""


@dataclass(frozen=True)
class Named(Made):
    """A use of a block."""

    name: str
    body: Made


@dataclass(frozen=True)
class Trained(Made):
    """``freeze`` or ``train``."""

    frozen: bool
    body: Made


@dataclass(frozen=True)
class MadeKept(Made):
    """``keep``; inside of a net in both directions it keeps nothing."""

    kept: int
    body: Made


@dataclass(frozen=True)
class Stored(Made):
    """``precision``."""

    bits: int
    body: Made


@dataclass(frozen=True)
class MadeMixture(Made):
    """A router, and n experts of which top are at work."""

    router: Made
    expert: Made
    n: int
    top: int


@dataclass(frozen=True)
class TakenPart(Made):
    """``split(parts)[place]``."""

    parts: int
    place: int


@dataclass(frozen=True)
class Scale(Made):
    """A weight, table or buffer joined with what comes in."""

    name: str
    axes: Shape
    word: str
    op: str
    frozen: bool
    bits: int | None = None


@dataclass
class SharedOwner:
    """The weights of a shared net, once it is used; ``name`` is its own in the whole source."""

    name: str
    shown: str
    body: Made | None = None
    frozen: bool = False
    texts: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class MadeUse(Made):
    """A use of a shared net: the work, and no weights."""

    owner: SharedOwner
    body: Made


@dataclass(frozen=True)
class MadeBraces(Made):
    """The shared nets that a part owns, and the part."""

    owners: tuple[SharedOwner, ...]
    body: Made


@dataclass(frozen=True)
class WrittenOut:
    """A whole source at a point: what comes in, and the network on it."""

    shape: Shape
    tokens: bool
    body: MadeBraces


# --- counting --------------------------------------------------------------

Counts: TypeAlias = dict[str, int]


def _of_weights(weights: tuple[OwnTensor, ...], frozen: bool) -> Counts:
    kept = sum(prod(w.shape) for w in weights if w.buffer)
    own = sum(prod(w.shape) for w in weights if not w.buffer)
    return {
        "params": own, "trainable": 0 if frozen else own, "frozen": own if frozen else 0,
        "buffers": kept, "total": own + kept, "active": own, "activations": 0,
        "embedding": sum(prod(w.shape) for w in weights if w.table),
        "macs": sum(prod(w.shape) * w.uses for w in weights), "kept": 0,
        "precision_bytes": sum(w.bytes for w in weights if w.bytes is not None),
        "unset_precision": sum(prod(w.shape) for w in weights if w.bytes is None and not w.buffer),
    }  # fmt: skip


def _add(*several: Counts) -> Counts:
    return {m: sum(one[m] for one in several) for m in MEASURES}


NONE: Counts = dict.fromkeys(MEASURES, 0)
WORK = ("activations", "macs", "kept")


def _weighing(made: Made) -> tuple[OwnTensor, ...]:
    match made:
        case One():
            return made.weights
        case Scale():
            buffer, table = made.word == "buffer", made.word == "table"
            return (OwnTensor(made.name, made.axes, buffer=buffer, table=table).at(made.bits),)
    return ()


def counts(made: Made) -> Counts:
    """All measures of a part."""
    match made:
        case One():
            found = _of_weights(made.weights, made.frozen)
            if made.kind not in FREE | CORES:
                found["activations"] = prod(made.shape)
            return {**found, "kept": made.state}
        case MadeKept():
            return _add(counts(made.body), {**NONE, "kept": made.kept})
        case Scale():
            return _of_weights(_weighing(made), made.frozen)
        case MadeUse():
            return {m: v if m in WORK else 0 for m, v in counts(made.body).items()}
        case MadeMixture():
            expert = counts(made.expert)
            each = {
                m: (made.top if m in (*WORK, "active") else made.n) * v for m, v in expert.items()
            }
            return _add(counts(made.router), each)
        case MadeBraces():
            return _add(counts(made.body), *map(owned, made.owners))
    return _add(NONE, *map(counts, below(made)))


def owned(owner: SharedOwner) -> Counts:
    """What braces have of the net that they share."""
    if owner.body is None:
        return NONE
    found = {m: 0 if m in WORK else v for m, v in counts(owner.body).items()}
    if owner.frozen:
        found |= {"trainable": 0, "frozen": found["params"]}
    return found


def below(made: Made) -> tuple[Made, ...]:
    """The parts directly below."""
    match made:
        case MadeRow() | Joint():
            return made.parts
        case Named() | Trained() | Stored() | MadeKept() | MadeUse() | MadeBraces():
            return (made.body,)
        case MadeMixture():
            return (made.router, made.expert)
    return ()


def weights_in(made: Made) -> Iterator[tuple[str, Shape, int | None]]:
    """Name, shape and bytes of every weight, in order."""
    yield from ((w.name, w.shape, w.bytes) for w in _weighing(made))
    for part in below(made):
        yield from weights_in(part)


# --- addresses -------------------------------------------------------------


def together(made: Made, name: str, measure: str) -> int:
    """A measure of all uses of a block or layer kind of this name."""
    if isinstance(made, Named | One) and name == (
        made.name if isinstance(made, Named) else made.kind
    ):
        return counts(made)[measure]
    if isinstance(made, MadeUse) and measure not in WORK:
        return 0
    if isinstance(made, MadeMixture):
        factor = made.top if measure in (*WORK, "active") else made.n
        return together(made.router, name, measure) + factor * together(made.expert, name, measure)
    found = sum(together(part, name, measure) for part in below(made))
    if isinstance(made, MadeBraces) and measure not in WORK:
        for owner in made.owners:
            if owner.body is not None and not (owner.frozen and measure == "trainable"):
                wanted = "params" if owner.frozen and measure == "frozen" else measure
                found += together(owner.body, name, wanted)
    return found


def uses_of(made: Made, name: str) -> Iterator[Made]:
    """The uses of a block, in order."""
    if isinstance(made, Named) and made.name == name:
        yield made
        return
    for part in below(made):
        yield from uses_of(part, name)


def has_any(made: Made, *types: type[Made]) -> bool:
    """Whether a part of one of these types is in it."""
    return isinstance(made, types) or any(has_any(part, *types) for part in below(made))


# --- text ------------------------------------------------------------------


def plain_text(made: Made) -> str:
    """A part written out."""
    match made:
        case One():
            listed = [number(a) for a in made.args]
            listed += [f"{n} = {v if isinstance(v, str) else number(v)}" for n, v in made.options]
            return f"{made.kind}({', '.join(listed)})" if listed else made.kind
        case MadeRow(parts=()):
            return "id"
        case MadeRow(parts=(one,)):
            return plain_text(one)
        case MadeRow():
            return f"({' -> '.join(map(plain_text, made.parts))})"
        case Joint(merge=""):
            return f"({f' {made.op} '.join(map(plain_text, made.parts))})"
        case Joint():
            return f"bidirectional({plain_text(made.parts[0])}, merge = {made.merge})"
        case Named():
            return plain_text(made.body)
        case Trained():
            return f"{'freeze' if made.frozen else 'train'}({plain_text(made.body)})"
        case Stored():
            return f"precision({plain_text(made.body)}, {made.bits})"
        case MadeKept():
            return f"keep({plain_text(made.body)})"
        case MadeMixture():
            return f"moe({plain_text(made.expert)}, {made.n}, {made.top})"
        case TakenPart():
            return f"split({made.parts})[{made.place}]"
        case Scale():
            axes = ", ".join(map(str, made.axes))
            return f"{{ {made.word} {made.name}[{axes}]; (id {made.op} {made.name}) }}"
        case MadeUse():
            return made.owner.name
        case MadeBraces():
            return braces_text(made, plain_text(made.body))
    raise TypeError(type(made).__name__)


def braces_text(made: MadeBraces, result: str) -> str:
    """A result in braces that own what is shared in it."""
    lines = [f"shared {o.name} = {plain_text(o.body)}; " for o in made.owners if o.body is not None]
    return f"{{ {''.join(lines)}{result} }}" if lines else result


def entry_text(entry: WrittenOut) -> str:
    """A whole source, written out, as a one-line source."""
    start = f"{'tokens' if entry.tokens else 'input'}({', '.join(map(str, entry.shape))})"
    return braces_text(entry.body, f"{start} -> {plain_text(entry.body.body)}")


def one_text(entry: WrittenOut) -> bool:
    """Whether every shared net reads the same at all its uses, so that it can be declared."""
    return all(len(o.texts) <= 1 for o in _owners(entry.body))


def _owners(made: Made) -> Iterator[SharedOwner]:
    if isinstance(made, MadeBraces):
        for owner in made.owners:
            yield owner
            if owner.body is not None:
                yield from _owners(owner.body)
    for part in below(made):
        yield from _owners(part)


def size_of(entry: WrittenOut) -> Counts:
    """All measures of a whole source."""
    return _add(counts(entry.body), {**NONE, "activations": prod(entry.shape)})
