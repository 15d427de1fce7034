"""Operators of ONNX with weights, and those that pool: layers of the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symparams.frameworks.importing.graph import (
    SourceAxes,
    SourceFunction,
    SourceLayer,
    SourceTensor,
)
from symparams.frameworks.importing.onnx_reader import OnnxCall, reads_operators
from symparams.frameworks.importing.padding import pad_of
from symparams.frameworks.importing.unread import CannotRead


def short(values: Any) -> Any:
    """Return one number where all axes have the same."""
    return values[0] if len(set(values)) == 1 else tuple(values)


def owned(call: OnnxCall, **places: int) -> dict[str, str]:
    """Return the weights of a layer by the language's names, from the places of the inputs.

    Raises:
        CannotRead: an input is there, and no weight.
    """
    found = {}
    for name, place in places.items():
        if call.name(place):
            weight = call.weight(place)
            if weight is None:
                raise CannotRead(f"{call.operator} whose {name} is worked out")
            found[name] = weight
    return found


def window(call: OnnxCall, kernel: list[int]) -> tuple[dict[str, Any], SourceTensor]:
    """Return the options of a window, and what comes in, padded where its sides differ."""
    count = len(kernel)
    given = call.take()
    stride = call.attributes.get("strides", [1] * count)
    dilation = call.attributes.get("dilations", [1] * count)
    pads = call.attributes.get("pads", [0] * (2 * count))
    word = call.attributes.get("auto_pad", b"NOTSET").decode()
    before, behind = pads[:count], pads[count:]
    pad: Any = short(before)
    if word in ("SAME_UPPER", "SAME_LOWER"):
        pad = "same"
    elif word == "NOTSET" and before != behind:
        pairs = list(zip(before, behind, strict=True))
        options = {"kernel": tuple(kernel), "stride": tuple(stride), "dilation": tuple(dilation)}
        pad = pad_of(given.axes[2:], options, pairs)
        if pad is None:
            pad, whole = 0, ((0, 0), (0, 0), *pairs)
            axes = tuple(n + sum(p) for n, p in zip(given.axes, whole, strict=True))
            given = call.emit("pad", [given], [call.between(axes)], amounts=whole)
    elif word == "VALID":
        pad = 0
    return {"stride": short(stride), "pad": pad, "dilation": short(dilation)}, given


@reads_operators("Conv")
def _conv(call: OnnxCall) -> None:
    names = owned(call, kernel=1, bias=2)
    filters, _, *kernel = call.axes(1)
    options, given = window(call, kernel)
    options = {
        "filters": filters,
        "kernel": short(kernel),
        **options,
        "groups": call.attributes.get("group", 1),
        "bias": "bias" in names,
    }
    call.layer("conv", options, names, [given], channels=1)


@reads_operators("ConvTranspose")
def _conv_transpose(call: OnnxCall) -> None:
    names = owned(call, kernel=1, bias=2)
    _, parts, *kernel = call.axes(1)
    groups = call.attributes.get("group", 1)
    count = len(kernel)
    stride = call.attributes.get("strides", [1] * count)
    dilation = call.attributes.get("dilations", [1] * count)
    given, made = call.take(), call.make()
    word = call.attributes.get("auto_pad", b"NOTSET").decode()
    pads = call.attributes.get("pads", [0] * (2 * count))
    extra = call.attributes.get("output_padding", [0] * count)
    pad: Any = short(pads[:count])
    if word.startswith("SAME") or "output_shape" in call.attributes or pads[:count] != pads[count:]:
        if any(m != n * s for n, m, s in zip(given.axes[2:], made.axes[2:], stride, strict=True)):
            raise CannotRead("ConvTranspose with pads that differ on both sides")
        pad, extra = "same", [0] * count
    options = {
        "filters": parts * groups,
        "kernel": short(kernel),
        "stride": short(stride),
        "pad": pad,
        "dilation": short(dilation),
        "groups": groups,
        "bias": "bias" in names,
        "output_pad": short(extra),
    }
    call.layer("conv_transpose", options, names, [given], channels=1)


# --- products -------------------------------------------------------------------


@reads_operators("Gemm")
def _gemm(call: OnnxCall) -> None:
    kernel = call.weight(1)
    if kernel is None or call.attributes.get("transA", 0):
        raise CannotRead("Gemm of two tensors")
    units = call.axes(1)[0 if call.attributes.get("transB", 0) else 1]
    names = {"kernel": kernel}
    bias = call.weight(2) if call.name(2) else None
    if bias is not None and call.axes(2)[-1:] == (units,) and len(call.axes(2)) == 1:
        names["bias"] = bias
    elif call.name(2) and call.depends(2):
        inner = call.between(call.make().axes)
        call.layer("dense", {"units": units, "bias": False}, names, makes=[inner])
        call.emit("add", [inner, call.take(2)])
        return
    call.layer("dense", {"units": units, "bias": "bias" in names}, names)


@reads_operators("MatMul", "FusedMatMul")
def _matmul(call: OnnxCall) -> None:
    kernel = call.weight(1)
    if kernel is not None and len(call.axes(1)) == 2 and call.weight(0) is None:
        call.layer("dense", {"units": call.axes(1)[1], "bias": False}, {"kernel": kernel})
    elif call.depends(0) and call.depends(1):
        call.emit("matmul", [call.take(0), call.take(1)])
    else:
        raise CannotRead("MatMul with a constant")


def _taken_in(
    call: OnnxCall,
    kind: str,
    option: str,
    name: str,
    fits: Callable[[SourceLayer, SourceAxes, SourceAxes], bool],
) -> bool:
    """Put the weight of a node into the layer of a kind that it stands behind, where there is one.

    ``option`` says in the layer that it has the weight, ``name`` is the weight's; ``fits`` tells
    whether axes of the tensor and of the weight are the layer's.
    """
    for place, other in ((0, 1), (1, 0)):
        weight = call.weight(other)
        if weight is None or not call.depends(place) or call.weight(place) is not None:
            continue
        given = call.take(place)
        found = call.reader.producer(given)
        if found is None or call.reader.uses.get(call.name(place), 0) != 1:
            continue
        at, layer = found
        if (
            isinstance(layer, SourceLayer)
            and layer.kind == kind
            and not layer.options[option]
            and fits(layer, given.axes, call.axes(other))
        ):
            made = layer.but(
                makes=(call.make(),),
                options={**layer.options, option: True},
                weights={**layer.weights, name: weight},
            )
            call.reader.operations[at] = call.reader.operations[at].but(operation=made)
            return True
    return False


def with_bias(call: OnnxCall) -> bool:
    """Put an Add of a weight into the dense layer that it stands behind, where there is one."""

    def fits(layer: SourceLayer, _: SourceAxes, bias: SourceAxes) -> bool:
        return bias == (layer.options["units"],)

    return _taken_in(call, "dense", "bias", "bias", fits)


# --- norms -----------------------------------------------------------------------


@reads_operators("BatchNormalization")
def _bn(call: OnnxCall) -> None:
    names = owned(call, gamma=1, beta=2, moving_mean=3, moving_variance=4)
    options = {"scale": True, "shift": True, "statistics": True, "counter": False}
    call.layer("bn", options, names, channels=1)


@reads_operators("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization")
def _layernorm(call: OnnxCall) -> None:
    rank = len(call.take().axes)
    axis = call.attributes.get("axis", -1) % rank
    layer = call.operator == "LayerNormalization"
    gamma = call.weight(1)
    beta = call.weight(2) if layer and call.name(2) else None
    names = {n: w for n, w in (("gamma", gamma), ("beta", beta)) if w is not None}
    options: dict[str, Any] = {"normalised": rank - axis, "scale": gamma is not None}
    if layer:
        options["shift"] = beta is not None
    call.layer("layernorm" if layer else "rmsnorm", options, names)


@reads_operators("InstanceNormalization", "GroupNormalization")
def _instancenorm(call: OnnxCall) -> None:
    gamma, beta = call.weight(1), call.weight(2)
    names = {n: w for n, w in (("gamma", gamma), ("beta", beta)) if w is not None}
    options: dict[str, Any] = {"scale": gamma is not None, "shift": beta is not None}
    if call.operator == "GroupNormalization":
        if names and call.axes(1) != call.take().axes[1:2]:
            raise CannotRead("GroupNormalization with a factor a group")
        call.layer(
            "groupnorm", {"groups": call.attributes["num_groups"], **options}, names, channels=1
        )
        return
    options |= {"statistics": False, "counter": False}
    call.layer("instancenorm", options, names, channels=1)


def grouped_norm(call: OnnxCall) -> bool:
    """Put a norm of parts of the channels, as torch writes a group norm, into one layer."""
    given, made = call.take(), call.make()
    norm = call.reader.producer(given)
    if norm is None or not isinstance(norm[1], SourceLayer) or norm[1].kind != "instancenorm":
        return False
    apart = call.reader.producer(norm[1].takes[0])
    if norm[1].weights or apart is None or not isinstance(apart[1], SourceFunction):
        return False
    (first,) = apart[1].takes[:1]
    if apart[1].name != "reshape" or first.axes != made.axes or len(made.axes) < 2:
        return False
    groups = given.axes[1]
    if len(given.axes) != 3 or groups > made.axes[1]:
        return False
    options = {"groups": groups, "scale": False, "shift": False}
    call.layer("groupnorm", options, {}, [first], channels=1)
    return True


def with_factor(call: OnnxCall) -> bool:
    """Put a factor or a summand of each channel into the group norm that it stands behind."""
    name, option = ("gamma", "scale") if call.operator == "Mul" else ("beta", "shift")

    def fits(_: SourceLayer, given: SourceAxes, factor: SourceAxes) -> bool:
        behind = len(given) - 1
        return factor[-behind:] == (given[1], *(1,) * (behind - 1))

    return _taken_in(call, "groupnorm", option, name, fits)


@reads_operators("LRN")
def _lrn(call: OnnxCall) -> None:
    call.layer("localresponsenorm", {"size": call.attributes["size"]}, {}, channels=1)


@reads_operators("PRelu")
def _prelu(call: OnnxCall) -> None:
    names = owned(call, alpha=1)
    slope, given = call.axes(1), call.take().axes
    whole = (1,) * (len(given) - len(slope)) + slope
    if all(n == 1 for n in slope):
        share: Any = "all"
    elif whole[1] == given[1] and all(n == 1 for n in whole[2:]):
        share = "places"
    else:
        raise CannotRead("PRelu with slopes of places")
    call.layer("prelu", {"share": share}, names, channels=1)


# --- recurrent ---------------------------------------------------------------------


@reads_operators("LSTM", "GRU", "RNN")
def _recurrent(call: OnnxCall) -> None:
    names = owned(call, kernel=1, recurrent_kernel=2, bias=3)
    if call.attributes.get("layout", 0):
        raise CannotRead(f"{call.operator} with the batch in front")
    initial = [call.depends(n) for n in (5, 6)]
    if any(initial):
        raise CannotRead(f"{call.operator} whose first state is given")
    time, batch, features = call.take().axes
    units = call.attributes["hidden_size"]
    directions = call.axes(1)[0]
    bias = "bias" in names
    options: dict[str, Any] = {"units": units, "bias": bias, "bias_vectors": 2}
    options |= {"layers": 1, "bidirectional": directions == 2}
    if call.name(7):
        if call.operator != "LSTM":
            raise CannotRead(f"{call.operator} with peepholes")
        raise CannotRead("LSTM with peepholes")
    turned = call.emit(
        "permute", [call.take()], [call.between((batch, time, features))], axes=(1, 0, 2)
    )
    flat = call.between((batch, time, directions * units))
    states = [call.make(n) for n in (1, 2) if len(call.node.output) > n and call.node.output[n]]
    call.layer(call.operator.lower(), options, names, [turned], [flat, *states])
    if not call.node.output[0]:
        return
    split = call.between((batch, time, directions, units))
    call.emit("reshape", [flat], [split])
    call.emit("permute", [split], axes=(1, 2, 0, 3))


# --- pools ---------------------------------------------------------------------------


@reads_operators("MaxPool", "AveragePool")
def _pool(call: OnnxCall) -> None:
    kernel = call.attributes["kernel_shape"]
    if any(d != 1 for d in call.attributes.get("dilations", [1])):
        raise CannotRead(f"{call.operator} with holes")
    if len(call.node.output) > 1 and call.node.output[1] in call.reader.uses:
        raise CannotRead("MaxPool with the places of the maxima")
    options, given = window(call, kernel)
    del options["dilation"]
    kind = "maxpool" if call.operator == "MaxPool" else "avgpool"
    call.layer(kind, {"window": short(kernel), **options}, {}, [given], channels=1)


@reads_operators("GlobalAveragePool", "GlobalMaxPool")
def _global_pool(call: OnnxCall) -> None:
    name = "avg" if call.operator == "GlobalAveragePool" else "max"
    axes = tuple(range(2, len(call.take().axes)))
    call.emit("globalpool", name=name, axes=axes, keep=True)


__all__ = ["owned", "short", "with_bias"]
