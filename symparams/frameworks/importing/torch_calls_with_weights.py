"""Functions of torch that are given weights, and layers with several inputs or outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from symparams.frameworks.importing.graph import SourceFunction, SourceLayer, SourceTensor
from symparams.frameworks.importing.torch_functions_read import (
    axis_from_front,
    handles,
    unknown,
)
from symparams.frameworks.importing.torch_modules import ReadLayer, short
from symparams.frameworks.importing.torch_values import tensors_in

if TYPE_CHECKING:
    from symparams.frameworks.importing.torch_reader import Recorder, TorchFunctionCall

# --- functions with weights --------------------------------------------------


@handles("linear", "conv1d", "conv2d", "conv3d")
def _with_kernel(call: TorchFunctionCall) -> None:
    first, matrix, bias = (
        call.argument(n, name) for n, name in enumerate(("input", "weight", "bias"))
    )
    own = call.weight_of(matrix)
    own_bias = None if bias is None else call.weight_of(bias)
    if own is None or (bias is not None and own_bias is None):
        if call.name == "linear":
            call.emit("linear", [t for t in (first, matrix, bias) if t is not None])
        else:
            unknown(call)
        return
    names = {"kernel": own} | ({} if own_bias is None else {"bias": own_bias})
    if call.name == "linear":
        options: dict[str, Any] = {"units": int(matrix.shape[0]), "bias": bias is not None}
        call.emit_layer("dense", options, names, [first])
        return
    pad = call.argument(4, "padding", 0)
    options = {
        "filters": int(matrix.shape[0]),
        "kernel": short(tuple(map(int, matrix.shape[2:]))),
        "stride": short(call.argument(3, "stride", 1)),
        "pad": pad if isinstance(pad, str) else short(pad),
        "dilation": short(call.argument(5, "dilation", 1)),
        "groups": int(call.argument(6, "groups", 1)),
        "bias": bias is not None,
    }
    call.emit_layer("conv", options, names, [first], 1)


@handles("embedding")
def _embedding(call: TorchFunctionCall) -> None:
    first, table = call.argument(0, "input"), call.argument(1, "weight")
    own = call.weight_of(table)
    if own is None:
        unknown(call)
        return
    options = {"vocabulary": int(table.shape[0]), "width": int(table.shape[1])}
    call.emit_layer("embed", options, {"table": own}, [first])


@handles("layer_norm", "rms_norm")
def _layer_norm(call: TorchFunctionCall) -> None:
    first, shape = call.argument(0, "input"), call.argument(1, "normalized_shape")
    given = {"gamma": call.argument(2, "weight")}
    if call.name == "layer_norm":
        given["beta"] = call.argument(3, "bias")
    kind = "layernorm" if call.name == "layer_norm" else "rmsnorm"
    _norm(call, kind, first, given, {"normalised": len(shape)}, -1)


@handles("group_norm")
def _group_norm(call: TorchFunctionCall) -> None:
    first, groups = call.argument(0, "input"), call.argument(1, "num_groups")
    given = {"gamma": call.argument(2, "weight"), "beta": call.argument(3, "bias")}
    _norm(call, "groupnorm", first, given, {"groups": int(groups)}, 1)


@handles("batch_norm")
def _batch_norm(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    given = {
        "gamma": call.argument(3, "weight"),
        "beta": call.argument(4, "bias"),
        "moving_mean": call.argument(1, "running_mean"),
        "moving_variance": call.argument(2, "running_var"),
    }
    statistics = given["moving_mean"] is not None
    _norm(call, "bn", first, given, {"statistics": statistics, "counter": False}, 1)


def _norm(
    call: TorchFunctionCall,
    kind: str,
    first: Any,
    given: dict[str, Any],
    options: Any,
    channels: int,
) -> None:
    found = {n: call.weight_of(t) for n, t in given.items() if t is not None}
    if any(name is None for name in found.values()):
        unknown(call)
        return
    options = {**options, "scale": "gamma" in found, "shift": "beta" in found}
    if kind == "rmsnorm":
        options.pop("shift")
    names = {n: own for n, own in found.items() if own is not None}
    call.emit_layer(kind, options, names, [first], channels)


@handles("normalize")
def _normalize(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    axis = axis_from_front(call.argument(2, "dim", 1), first.ndim)
    if axis == first.ndim - 1:
        call.emit_layer("unitnorm", {}, {}, [first])
    else:
        call.emit("free", [first], name="normalize")


@handles("glu")
def _glu(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    axis = axis_from_front(call.argument(1, "dim", -1), first.ndim)
    axes = list(map(int, first.shape))
    half = axes[axis] // 2
    axes[axis] = half
    options = {"axis": axis, "step": 1}
    one = call.between("slice", [first], tuple(axes), start=0, stop=half, **options)
    other = call.between("slice", [first], tuple(axes), start=half, stop=2 * half, **options)
    gate = call.between("elementwise", [other], tuple(axes), word="sigmoid")
    call.emit("mul", [one, gate])


# --- layers with several inputs or outputs -------------------------------------


def layer_calls(
    recorder: Recorder,
    module: nn.Module,
    layer: ReadLayer,
    path: str,
    args: Any,
    kwargs: Any,
    result: Any,
) -> None:
    """Record the call of a module that is a layer."""
    given = [t for t in tensors_in((args, kwargs)) if recorder.tracked(t)]
    names = recorder.weight_names(module, layer) if layer.kind not in SEQUENCES else {}
    described = f"nn.{type(module).__name__}"
    options = dict(layer.options)

    def emit(takes: Any, makes: Any, kind: str = layer.kind) -> None:
        operation = SourceLayer(
            tuple(takes),
            tuple(makes),
            kind,
            options,
            names,
            layer.channels,
            path,
            described,
            layer.around,
        )
        recorder.emit(operation)

    if layer.kind not in SEQUENCES:
        takes = [recorder.taken(t) for t in given]
        emit(takes if layer.kind == "bilinear" else takes[:1], [recorder.fresh(result)])
        return
    first_names = dict(module.named_parameters())
    names = {own: recorder.owned[id(t)] for own, t in first_names.items()}
    names.update({own: recorder.owned[id(t)] for own, t in module.named_buffers()})
    batch_first = options.pop("batch_first")

    def turned(tensor: SourceTensor) -> SourceTensor:
        if batch_first or len(tensor.axes) != 3:
            return tensor
        first, second, *rest = tensor.axes
        recorder._count += 1
        made = SourceTensor(recorder._count, (second, first, *rest))
        turn = {"axes": (1, 0, 2)}
        recorder.emit(SourceFunction((tensor,), (made,), "permute", turn, path))
        return made

    def turned_result(tensor: Any) -> SourceTensor:
        made = recorder.fresh(tensor)
        if batch_first or len(made.axes) != 3:
            return made
        first, second, *rest = made.axes
        recorder._count += 1
        inner = SourceTensor(recorder._count, (second, first, *rest))
        after.append(SourceFunction((inner,), (made,), "permute", {"axes": (1, 0, 2)}, path))
        return inner

    after: list[SourceFunction] = []
    if layer.kind == "attention":
        q, k, v = (_argument(args, kwargs, n, w) for n, w in enumerate(("query", "key", "value")))
        takes = [turned(recorder.taken(t)) for t in (q, k, v)]
        emit(takes, [turned_result(result[0])])
    else:
        takes = [turned(recorder.taken(given[0]))]
        states = [recorder.fresh(t) for t in tensors_in(result[1])]
        emit(takes, [turned_result(result[0]), *states])
    for operation in after:
        recorder.emit(operation)


def _argument(args: Any, kwargs: Any, place: int, name: str) -> Any:
    return args[place] if place < len(args) else kwargs[name]


SEQUENCES = ("rnn", "lstm", "gru", "attention")

__all__ = ["layer_calls"]
