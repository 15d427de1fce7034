"""Layers with weights, and pools, in words of the language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symparams.frameworks.importing.arrangement import Arranged, Factor, Factors, size_of
from symparams.frameworks.importing.graph import SourceLayer
from symparams.frameworks.importing.language_steps import WEIGHT, WordValue
from symparams.frameworks.importing.lowering import CannotSay, Lowering, layer_rule

#: Options that stand by their place, in this order.
PLACED: Mapping[str, tuple[str, ...]] = {
    "dense": ("units",),
    "linear": ("units",),
    "bilinear": ("units",),
    "conv": ("filters", "kernel"),
    "conv_transpose": ("filters", "kernel"),
    "depthwise": ("kernel",),
    "separable": ("filters", "kernel"),
    "conv_lstm": ("filters", "kernel"),
    "einsum_dense": ("equation", "out"),
    "embed": ("vocabulary", "width"),
    "maxpool": ("window",),
    "avgpool": ("window",),
    "groupnorm": ("groups",),
    "localresponsenorm": ("size",),
    "lstm": ("units",),
    "gru": ("units",),
    "rnn": ("units",),
    "attention": ("heads",),
}
#: What need not be said, as the language has it in the convention of the source.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "dense": {"bias": True},
    "linear": {"bias": False},
    "bilinear": {"bias": True},
    "conv": {"stride": 1, "pad": 0, "dilation": 1, "groups": 1, "bias": True},
    **{
        kind: {"multiplier": 1, "stride": 1, "pad": 0, "dilation": 1, "bias": True}
        for kind in ("depthwise", "separable")
    },
    "conv_lstm": {"stride": 1, "pad": 0, "dilation": 1, "bias": True, "last": False},
    "standardize": {"axis": -1, "counter": False},
    "conv_transpose": {
        "stride": 1,
        "pad": 0,
        "dilation": 1,
        "groups": 1,
        "bias": True,
        "output_pad": 0,
    },
    "bn": {"scale": True, "shift": True, "statistics": True, "counter": True},
    "instancenorm": {"scale": False, "shift": False, "statistics": False},
    "layernorm": {"scale": True, "shift": True},
    "groupnorm": {"scale": True, "shift": True},
    "rmsnorm": {"scale": True},
    "prelu": {"share": "all"},
    "lstm": {"bias": True, "bias_vectors": 2},
    "gru": {"bias": True, "bias_vectors": 2},
    "rnn": {"bias": True, "bias_vectors": 2},
    "attention": {"bias": True, "bias_kv": False},
    "maxpool": {"pad": 0},
    "avgpool": {"pad": 0},
}


#: Convention → what it has otherwise than that of torch.
OTHER_DEFAULTS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "keras": {
        "bn": {"counter": False},
        "instancenorm": {"scale": True, "shift": True},
        "prelu": {"share": "none"},
        "conv_transpose": {"output_pad": "fill"},
        "lstm": {"bias_vectors": 1},
        "rnn": {"bias_vectors": 1},
        "standardize": {"counter": True},
    },
    "textbook": {
        "bn": {"counter": False},
        "prelu": {"share": None},
        "attention": {"bias": False},
        "instancenorm": {"scale": True, "shift": True, "counter": False},
        **{k: {"bias_vectors": 1} for k in ("lstm", "gru", "rnn")},
    },
}


def written(kind: str, options: Mapping[str, Any]) -> tuple[list[WordValue], dict[str, WordValue]]:
    """Return what stands in a call: by place, and by name."""
    placed = PLACED.get(kind, ())
    named = {n: v for n, v in options.items() if n not in placed}
    return [options[n] for n in placed], named


def apply(
    lowering: Lowering,
    operation: SourceLayer,
    value: Arranged,
    kind: str,
    options: Mapping[str, Any],
    sizes: tuple[int, ...],
) -> int:
    """Append a layer on one tensor; return the number of what it makes."""
    placed, named = written(kind, options)
    name = operation.path.rpartition(".")[2]
    (made,) = lowering.step(
        kind, [value.number], [sizes], *placed, weights=operation.weights, name=name, options=named
    )
    return made


def windowed(lowering: Lowering, value: Arranged) -> Arranged:
    """Return a tensor in the axes of the source, where these are a sequence of places or pieces."""
    homes = {f: k for k, axis in enumerate(value.axes) for f in axis}
    joined = any(len({homes.get(f) for f in dim if f.size != 1}) > 1 for dim in value.dims)
    return lowering.plain(value) if joined or size_of(value.dims[0]) != 1 else value


@layer_rule("dense")
def _dense(lowering: Lowering, operation: SourceLayer) -> None:
    value = windowed(lowering, lowering.take(operation))
    value = lowering.last(value, value.dims[-1])
    units = operation.options["units"]
    kind = "dense" if operation.options["bias"] else "linear"
    options = {"units": units, "bias": kind == "dense"}
    sizes = (*value.sizes[:-1], units)
    made = apply(lowering, operation, value, kind, options, sizes)
    new = Factor(units)
    (tensor,) = operation.makes
    dims = (*value.dims[:-1], (new,))
    lowering.give(tensor, Arranged(made, (*value.axes[:-1], (new,)), dims))


@layer_rule("embed")
def _embed(lowering: Lowering, operation: SourceLayer) -> None:
    value = lowering.take(operation)
    width = operation.options["width"]
    if value.number in lowering.constants:
        _table(lowering, operation, value)
        return
    sizes = (*value.sizes, width)
    made = apply(lowering, operation, value, "embed", operation.options, sizes)
    new = (Factor(width),)
    (tensor,) = operation.makes
    lowering.give(tensor, Arranged(made, (*value.axes, new), (*value.dims, new)))


def _table(lowering: Lowering, operation: SourceLayer, value: Arranged) -> None:
    """Say the rows of a table that are the same for every input: of positions, of one type."""
    rows, width = operation.options["vocabulary"], operation.options["width"]
    name = operation.path.rpartition(".")[2]
    (table,) = lowering.step(
        WEIGHT,
        [],
        [(rows, width)],
        weights={"": operation.weights["table"]},
        name=name,
        options={"kind": "table"},
    )
    lowering.read[table] = operation.weights["table"]
    new = (Factor(width),)
    there = [d for d in value.dims if d and size_of(d) != 1]
    if len(there) != 1 or size_of(there[0]) > rows:  # the same row, however often
        (row,) = lowering.step("take", [table], [(width,)], 0)
        lowering.give(operation.makes[0], Arranged(row, (new,), (*value.dims, new)))
        return
    (seen,) = there
    count = size_of(seen)
    if count < rows:
        sizes = [(count, width), (rows - count, width)]
        options: dict[str, WordValue] = {"axis": 0}
        table, _ = lowering.step("split", [table], sizes, count, rows - count, options=options)
    lowering.give(operation.makes[0], Arranged(table, (seen, new), (*value.dims, new)))


@layer_rule("conv", "conv_transpose", "depthwise", "separable", "maxpool", "avgpool")
def _spatial(lowering: Lowering, operation: SourceLayer) -> None:
    if _of_one_place(lowering, operation):
        return
    value = lowering.spatial(lowering.take(operation), operation.channels)
    options = dict(operation.options)
    options.pop("ceil_mode", None)
    (tensor,) = operation.makes
    count = len(tensor.axes)
    channels = operation.channels % count
    if operation.kind in ("maxpool", "avgpool"):
        options = _pool_options(options, value, tensor.axes, channels)
    elif isinstance(options["pad"], str):
        options["pad"] = 0 if options["pad"] == "valid" else options["pad"]
    factors: dict[int, Factors] = {k: (Factor(tensor.axes[k]),) for k in range(1, count)}
    batch = value.dims[0]
    order = [*(k for k in range(1, count) if k != channels), channels]
    axes: tuple[Factors, ...] = tuple(factors[k] for k in order)
    if batch and size_of(batch) != 1:
        axes = (batch, *axes)
    if operation.kind.endswith("pool"):  # channels are as they were
        axes = (*axes[:-1], value.dims[channels])
        factors[channels] = value.dims[channels]
    sizes = tuple(map(size_of, axes))
    made = apply(lowering, operation, value, operation.kind, options, sizes)
    dims = (batch, *(factors[k] for k in range(1, count)))
    lowering.give(tensor, Arranged(made, axes, dims))


def _of_one_place(lowering: Lowering, operation: SourceLayer) -> bool:
    """Say a convolution of 1 by 1 over one place as what it is, a dense layer."""
    value, options = lowering.take(operation), operation.options
    channels = operation.channels % len(value.dims)
    places = [k for k in range(1, len(value.dims)) if k != channels]
    if operation.kind != "conv" or any(value.dims[k] for k in places):
        return False
    if options["kernel"] != 1 or options.get("groups", 1) != 1 or options.get("pad", 0) != 0:
        return False
    value = lowering.last(value, value.dims[channels])
    kind = "dense" if options["bias"] else "linear"
    units = options["filters"]
    given = {"units": units, "bias": kind == "dense"}
    made = apply(lowering, operation, value, kind, given, (*value.sizes[:-1], units))
    new = (Factor(units),)
    dims = tuple(new if k == channels else d for k, d in enumerate(value.dims))
    lowering.give(operation.makes[0], Arranged(made, (*value.axes[:-1], new), dims))
    return True


def _pool_options(
    options: dict[str, Any], value: Arranged, made: tuple[int, ...], channels: int
) -> dict[str, Any]:
    """Return the options of a pool that makes what was seen: windows that stick out are 'same'."""
    places = [k for k in range(1, len(made)) if k != channels]
    here = [size_of(value.dims[k]) for k in places]
    there = [made[k] for k in places]

    def each(name: str) -> list[int]:
        given = options[name]
        return list(given) if isinstance(given, tuple) else [given] * len(places)

    if options["pad"] == "same":
        if options["stride"] == options["window"]:
            del options["stride"]
        return options
    window, stride, pad = each("window"), each("stride"), each("pad")
    floors = [
        (n + 2 * p - f) // s + 1 for n, p, f, s in zip(here, pad, window, stride, strict=True)
    ]
    if floors != there:
        if any(-(-n // s) != m for n, s, m in zip(here, stride, there, strict=True)):
            raise CannotSay("a pool whose windows stick out")
        options["pad"] = "same"
    if options["stride"] == options["window"]:
        del options["stride"]
    return options


@layer_rule("bn", "instancenorm", "groupnorm", "localresponsenorm")
def _channels(lowering: Lowering, operation: SourceLayer) -> None:
    value = lowering.take(operation)
    value = lowering.last(value, value.dims[operation.channels % len(value.dims)])
    made = apply(lowering, operation, value, operation.kind, operation.options, value.sizes)
    lowering.give(operation.makes[0], value.but(number=made))


@layer_rule("conv_lstm", "standardize")
def _as_it_is(lowering: Lowering, operation: SourceLayer) -> None:
    """Say a layer that takes the axes in the order of the source."""
    value = lowering.plain(lowering.take(operation))
    options = dict(operation.options)
    (tensor,) = operation.makes
    axes: tuple[Factors, ...] = tuple((Factor(n),) for n in tensor.axes[1:])
    if operation.kind == "standardize":
        axes = value.dims[1:]
    elif options["pad"] == "valid":
        options["pad"] = 0
    sizes = tuple(map(size_of, axes))
    made = apply(lowering, operation, value, operation.kind, options, sizes)
    lowering.give(tensor, Arranged(made, axes, (value.dims[0], *axes)))


@layer_rule("prelu")
def _prelu(lowering: Lowering, operation: SourceLayer) -> None:
    value = lowering.take(operation)
    if operation.options["share"] != "all":
        value = lowering.last(value, value.dims[operation.channels])
    made = apply(lowering, operation, value, "prelu", operation.options, value.sizes)
    lowering.give(operation.makes[0], value.but(number=made))


@layer_rule("layernorm", "rmsnorm", "unitnorm")
def _last_axes(lowering: Lowering, operation: SourceLayer) -> None:
    value = lowering.take(operation)
    options = dict(operation.options)
    count = options.pop("normalised", 1)
    dims = value.dims[-count:]
    if count == 1:
        value = lowering.last(value, dims[-1])
    else:
        over = {f for d in dims for f in d}
        rest = [tuple(f for f in a if f not in over) for a in value.axes]
        value = lowering.form(value, [*filter(None, rest), *filter(None, dims)])
        there = sum(1 for d in dims if d)
        options["axis"] = f"[{', '.join(map(str, range(-there, 0)))}]" if there > 1 else "-1"
    made = apply(lowering, operation, value, operation.kind, options, value.sizes)
    lowering.give(operation.makes[0], value.but(number=made))


@layer_rule("bilinear")
def _bilinear(lowering: Lowering, operation: SourceLayer) -> None:
    one, other = (lowering.plain(lowering.take(operation, n)) for n in (0, 1))
    placed, named = written("bilinear", operation.options)
    units = (Factor(operation.options["units"]),)
    sizes = (*one.sizes[:-1], operation.options["units"])
    takes = [one.number, other.number]
    (made,) = lowering.step(
        "bilinear", takes, [sizes], *placed, weights=operation.weights, options=named
    )
    axes, dims = (*one.axes[:-1], units), (*one.dims[:-1], units)
    lowering.give(operation.makes[0], Arranged(made, axes, dims))


@layer_rule("rnn", "lstm", "gru")
def _recurrent(lowering: Lowering, operation: SourceLayer) -> None:
    value = lowering.plain(lowering.take(operation))
    if len(value.axes) != 2:
        raise CannotSay("a recurrent layer over several sequences")
    options = dict(operation.options)
    times = options.pop("layers", 1)
    both = options.pop("bidirectional", False)
    placed, named = written(operation.kind, options)
    width = operation.makes[0].axes[-1]
    sizes = (value.sizes[0], width)
    named = {
        **named,
        **({"times": times} if times != 1 else {}),
        **({"both": True} if both else {}),
    }
    (made,) = lowering.step(
        operation.kind,
        [value.number],
        [sizes],
        *placed,
        weights=operation.weights,
        name=operation.path.rpartition(".")[2],
        options=named,
    )
    new = (Factor(width),)
    source = value.dims
    lowering.give(operation.makes[0], Arranged(made, (value.axes[0], new), (*source[:2], new)))
    for state in operation.makes[1:]:  # the last of each layer and direction
        axes = tuple((Factor(n),) for n in state.axes)
        if times == 1 and not both:
            (last,) = lowering.step("take", [made], [(state.axes[-1],)], -1)
            lowering.give(state, Arranged(last, (axes[-1],), ((), (), axes[-1])))
        else:
            lowering.values[state.number] = _states(lowering, made, state.axes, axes)


def _states(lowering: Lowering, made: int, source: Any, axes: Any) -> Arranged:
    """Return states of several layers or directions: the language has no word for all of them."""
    kept = [k for k in range(len(source)) if source[k] != 1]
    states = lowering.unsaid([made], [source[k] for k in kept], "states")
    dims = tuple(axes[k] if k in kept else () for k in range(len(source)))
    return Arranged(states, tuple(axes[k] for k in kept), dims)


@layer_rule("attention")
def _attention(lowering: Lowering, operation: SourceLayer) -> None:
    q, k, v = (lowering.plain(lowering.take(operation, n)) for n in range(3))
    placed, named = written("attention", operation.options)
    takes = [q.number]
    if k.number != q.number or v.number != q.number:
        takes.append(k.number)
    if v.number != k.number:
        takes.append(v.number)
    (made,) = lowering.step(
        "attention",
        takes,
        [q.sizes],
        *placed,
        weights=operation.weights,
        name=operation.path.rpartition(".")[2],
        options=named,
    )
    new = (Factor(q.sizes[-1]),)
    axes, dims = (*q.axes[:-1], new), (*q.dims[:-1], new)
    lowering.give(operation.makes[0], Arranged(made, axes, dims))


def is_default(word: str, name: str, value: WordValue, convention: str = "pytorch") -> bool:
    """Tell whether an option need not be written, as the convention has it by itself."""
    defaults = {**DEFAULTS.get(word, {}), **OTHER_DEFAULTS.get(convention, {}).get(word, {})}
    return name in defaults and defaults[name] == value and type(defaults[name]) is type(value)


__all__ = ["DEFAULTS", "PLACED", "is_default", "written"]
