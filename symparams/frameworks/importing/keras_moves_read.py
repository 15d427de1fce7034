"""Layers of Keras without weights that move, join and pool values; attention; layers in layers."""

from __future__ import annotations

from typing import Any

import keras

from symparams.frameworks.importing.graph import SourceTensor
from symparams.frameworks.importing.keras_layers_read import channels_first, short
from symparams.frameworks.importing.keras_reader import (
    KERAS_LAYERS,
    KerasCall,
    reads_layers,
)
from symparams.frameworks.importing.unread import CannotRead


@reads_layers("Flatten")
def _flatten(call: KerasCall) -> None:
    (given,) = call.takes
    count = len(given.axes)
    if channels_first(call.operation) and count > 2:
        order = (0, *range(2, count), 1)
        turned = call.between([given.axes[k] for k in order])
        given = call.emit("permute", [given], [turned], axes=order)
    call.emit("reshape", [given])


@reads_layers("Reshape")
def _reshape(call: KerasCall) -> None:
    call.emit("reshape")


@reads_layers("Permute")
def _permute(call: KerasCall) -> None:
    call.emit("permute", axes=(0, *call.operation.dims))


@reads_layers("RepeatVector")
def _repeat_vector(call: KerasCall) -> None:
    batch, width = call.takes[0].axes
    one = call.emit("reshape", makes=[call.between((batch, 1, width))])
    call.emit("expand", [one])


def places(call: KerasCall) -> tuple[int, ...]:
    """Return the axes of space of what comes in."""
    count = len(call.takes[0].axes)
    return tuple(range(2, count) if channels_first(call.operation) else range(1, count - 1))


def _pairs(call: KerasCall, amounts: Any) -> tuple[tuple[int, int], ...]:
    """Return a pair for each axis of what comes in, from those of space."""
    spatial = places(call)
    given = list(amounts)
    if len(spatial) == 1 and isinstance(given[0], int):
        given = [given]
    by_axis = dict(zip(spatial, given, strict=True))
    none = (0, 0)
    return tuple(tuple(by_axis.get(k, none)) for k in range(len(call.takes[0].axes)))


@reads_layers("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D")
def _pad(call: KerasCall) -> None:
    call.emit("pad", amounts=_pairs(call, call.operation.padding))


@reads_layers("Cropping1D", "Cropping2D", "Cropping3D")
def _crop(call: KerasCall) -> None:
    call.emit("crop", amounts=_pairs(call, call.operation.cropping))


@reads_layers("UpSampling1D", "UpSampling2D", "UpSampling3D")
def _upsample(call: KerasCall) -> None:
    upsampled(call, places(call))


def upsampled(call: KerasCall, spatial: tuple[int, ...]) -> None:
    """Append values repeated along axes of space; the function has channels in front of them."""
    given, (made,) = call.takes[0], call.makes
    count = len(given.axes)
    factors = tuple(made.axes[k] // given.axes[k] for k in spatial)
    if any(made.axes[k] != given.axes[k] * f for k, f in zip(spatial, factors, strict=True)):
        raise CannotRead("an image that becomes larger by no whole number")
    if all(f == 1 for f in factors):
        call.emit("same", [given])
        return
    rest = tuple(k for k in range(count) if k not in spatial)
    order = (*rest, *spatial)
    if order == tuple(range(count)):
        call.emit("upsample", [given], factors=factors)
        return
    back = tuple(order.index(k) for k in range(count))
    first = call.between([given.axes[k] for k in order])
    call.emit("permute", [given], [first], axes=order)
    wide = call.between([made.axes[k] for k in order])
    call.emit("upsample", [first], [wide], factors=factors)
    call.emit("permute", [wide], axes=back)


@reads_layers("Resizing")
def _resizing(call: KerasCall) -> None:
    upsampled(call, places(call))


# --- joins -----------------------------------------------------------------------------


def folded(call: KerasCall, name: str, makes: list[SourceTensor] | None = None) -> None:
    """Append a function of two tensors over all that come in."""
    first, *others = call.takes
    if not others:
        call.emit("same", [first], makes)
        return
    *inner, last = others
    for other in inner:
        axes = stretched(first, other)
        first = call.emit(name, [first, other], [call.between(axes)])
    call.emit(name, [first, last], makes)


def stretched(one: SourceTensor, other: SourceTensor) -> tuple[int, ...]:
    """Return the axes of what two tensors make together, as NumPy stretches them."""
    count = max(len(one.axes), len(other.axes))
    both = [(1,) * (count - len(t.axes)) + t.axes for t in (one, other)]
    return tuple(max(pair) for pair in zip(*both, strict=True))


@reads_layers("Add")
def _add(call: KerasCall) -> None:
    folded(call, "add")


@reads_layers("Subtract")
def _subtract(call: KerasCall) -> None:
    folded(call, "sub")


@reads_layers("Multiply")
def _multiply(call: KerasCall) -> None:
    folded(call, "mul")


@reads_layers("Average")
def _average(call: KerasCall) -> None:
    inner = call.between(call.makes[0].axes)
    folded(call, "add", [inner])
    call.emit("same", [inner])


@reads_layers("Maximum", "Minimum")
def _larger(call: KerasCall) -> None:
    call.emit("free", name=type(call.operation).__name__.lower())


@reads_layers("Concatenate")
def _concatenate(call: KerasCall) -> None:
    call.emit("cat", axis=call.operation.axis % len(call.takes[0].axes))


@reads_layers("Dot")
def _dot(call: KerasCall) -> None:
    one, other = call.takes[:2]
    axes = call.operation.axes
    first, second = axes if isinstance(axes, tuple | list) else (axes, axes)
    first, second = first % len(one.axes), second % len(other.axes)
    letters = iter("abcdefghijkl")
    left = [next(letters) for _ in one.axes]
    right = [next(letters) for _ in other.axes]
    right[0], right[second] = left[0], left[first]
    made = [x for k, x in enumerate(left) if k != first]
    made += [x for k, x in enumerate(right) if k not in (0, second)]
    if len(made) == 1:  # of two vectors: one value, on an axis of its own
        inner = call.between(call.makes[0].axes[:1])
        call.emit("einsum", [one, other], [inner], equation=_equation(left, right, made))
        call.emit("reshape", [inner])
        return
    call.emit("einsum", [one, other], equation=_equation(left, right, made))


def _equation(left: list[str], right: list[str], made: list[str]) -> str:
    return f"{''.join(left)},{''.join(right)}->{''.join(made)}"


# --- pools ---------------------------------------------------------------------------


@reads_layers(
    *("MaxPooling1D", "MaxPooling2D", "MaxPooling3D"),
    *("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
)
def _pool(call: KerasCall) -> None:
    layer = call.operation
    kind = "maxpool" if type(layer).__name__.startswith("Max") else "avgpool"
    pooled(call, kind, layer.pool_size, layer.strides, layer.padding, channels_first(layer))


def pooled(call: KerasCall, kind: str, window: Any, stride: Any, padding: str, first: bool) -> None:
    """Append a pool over windows."""
    stride = window if stride is None else stride
    options = {"window": short(window), "stride": short(stride), "pad": 0}
    if padding == "same":
        options["pad"] = "same"
    call.layer(kind, options, {}, channels=1 if first else -1)


@reads_layers(
    *("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"),
    *("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"),
)
def _global_pool(call: KerasCall) -> None:
    layer = call.operation
    name = "max" if "Max" in type(layer).__name__ else "avg"
    keep = bool(layer.keepdims)
    call.emit("globalpool", call.takes[:1], name=name, axes=places(call), keep=keep)


# --- attention ---------------------------------------------------------------------------


def _dense(
    call: KerasCall, layer: Any, given: SourceTensor, parts: tuple[int, int], back: bool = False
) -> SourceTensor:
    """Append a projection (…, i) to heads as a dense layer of as many units, or from them."""
    names = {w.name: call.reader.names[id(w)] for w in layer.weights}
    units = parts[0] * parts[1]
    made = call.between((*given.axes[:-1], units))
    options = {"units": units, "bias": len(layer.weights) > 1}
    call.layer("dense", options, names, [given], call.makes if back else [made])
    return made


@reads_layers("MultiHeadAttention")
def _multi_head(call: KerasCall) -> None:
    layer = call.operation
    q, v, k = call.argument("query"), call.argument("value"), call.argument("key")
    k = v if k is None else k
    query, value, key = (call.reader.taken(t) for t in (q, v, k))
    plain = all(len(t.axes) == 3 for t in (query, value, key)) and len(call.makes) == 1
    if not plain or getattr(layer, "_use_gate", False) or len(call.makes[0].axes) != 3:
        raise CannotRead("MultiHeadAttention over several axes, or with its scores")
    heads = layer._num_heads

    def apart(given: SourceTensor, projection: Any, width: int) -> SourceTensor:
        batch, time, _ = given.axes
        flat = _dense(call, projection, given, (heads, width))
        split = call.emit("reshape", [flat], [call.between((batch, time, heads, width))])
        turned = call.between((batch, heads, time, width))
        return call.emit("permute", [split], [turned], axes=(0, 2, 1, 3))

    one = apart(query, layer._query_dense, layer._key_dim)
    two = apart(key, layer._key_dense, layer._key_dim)
    three = apart(value, layer._value_dense, layer._value_dim)
    batch, _, time, _ = one.axes
    mixed = call.between((batch, heads, time, layer._value_dim))
    causal = bool(call.kwargs.get("use_causal_mask", False))
    call.emit("attend", [one, two, three], [mixed], causal=causal)
    turned = call.between((batch, time, heads, layer._value_dim))
    call.emit("permute", [mixed], [turned], axes=(0, 2, 1, 3))
    flat = call.between((batch, time, heads * layer._value_dim))
    call.emit("reshape", [turned], [flat])
    _dense(call, layer._output_dense, flat, (1, call.makes[0].axes[-1]), back=True)


@reads_layers("Attention")
def _attention(call: KerasCall) -> None:
    layer = call.operation
    if layer.weights or len(call.makes) > 1 or layer.score_mode != "dot":
        raise CannotRead("Attention with weights of its own, or with its scores")
    given = call.takes
    q, v, k = (given[0], given[1], given[2] if len(given) > 2 else given[1])

    def headed(tensor: SourceTensor) -> SourceTensor:
        axes = (tensor.axes[0], 1, *tensor.axes[1:])
        return call.emit("reshape", [tensor], [call.between(axes)])

    one, two, three = headed(q), headed(k), headed(v)
    mixed = call.between((*one.axes[:-1], three.axes[-1]))
    causal = bool(call.kwargs.get("use_causal_mask", False))
    call.emit("attend", [one, two, three], [mixed], causal=causal)
    call.emit("reshape", [mixed])


# --- layers in layers -----------------------------------------------------------------


@reads_layers("TimeDistributed")
def _time_distributed(call: KerasCall) -> None:
    """Read a layer on every step: as if all steps were in the batch."""
    inner = call.operation.layer
    if (
        type(inner).__name__ in ("Dense", "Dropout", "Activation")
        and type(inner).__name__ in KERAS_LAYERS
    ):
        call.operation = inner  # it works on the last axis only, or on each value
        KERAS_LAYERS[type(inner).__name__](call)
        return
    (given,), (made,) = call.takes, call.makes
    steps = given.axes[0] * given.axes[1]
    apart = keras.KerasTensor((steps, *given.axes[2:]), call.args[0].dtype)
    call.emit("reshape", [given], [call.reader.fresh(apart)])
    result = call.reader.applied(inner, (apart,), {})
    call.emit("reshape", [call.reader.taken(result)], [made])
