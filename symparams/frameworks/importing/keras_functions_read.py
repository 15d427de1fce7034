"""Functions of ``keras.ops`` between the layers of a model, in the neutral representation."""

from __future__ import annotations

from typing import Any

import keras

from symparams.frameworks.importing.graph import SourceTensor
from symparams.frameworks.importing.keras_moves_read import pooled, upsampled
from symparams.frameworks.importing.keras_reader import (
    KerasCall,
    reads_functions,
    tensors_in,
)
from symparams.frameworks.importing.source_calls import index_steps
from symparams.frameworks.importing.unread import CannotRead

WORDS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "LeakyRelu": "leaky_relu",
    "Elu": "elu",
    "Selu": "selu",
    "Gelu": "gelu",
    "Silu": "silu",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_swish",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Absolute": "abs",
    "Abs": "abs",
    "Exp": "exp",
    "Log": "log",
    "Sqrt": "sqrt",
}
#: A function on each value for which the language has no word.
FREE = (
    *("Square", "Power", "Sin", "Cos", "Tan", "Sinh", "Cosh", "Arctan", "Rsqrt", "Erf", "Expm1"),
    *("Log1p", "Log2", "Log10", "Reciprocal", "Sign", "Floor", "Ceil", "Round", "Clip", "Mod"),
    *("Maximum", "Minimum", "Where", "NanToNum", "LogSigmoid", "Celu", "HardTanh", "HardShrink"),
    *("SoftShrink", "Threshold", "Squareplus", "SparsePlus", "TanhShrink", "Cumsum", "Tril"),
    *("Triu", "Normalize", "FloorDivide", "Hypot", "Arctan2", "Logaddexp", "OnesLike", "ZerosLike"),
)


@reads_functions("")
def _unknown(call: KerasCall) -> None:
    """Read a function of no word: values picked, where it gives one tensor."""
    if len(call.makes) != 1 or not call.takes:
        raise CannotRead(f"ops.{type(call.operation).__name__}")
    call.emit("gather", name=type(call.operation).__name__.lower())


@reads_functions(*WORDS)
def _word(call: KerasCall) -> None:
    call.emit("elementwise", word=WORDS[type(call.operation).__name__])


@reads_functions(*FREE)
def _free(call: KerasCall) -> None:
    name = type(call.operation).__name__.lower()
    same = [t for t in call.takes if t.axes == call.makes[0].axes]
    if same:
        call.emit("free", same[:1] if len(call.takes) == 1 else call.takes, name=name)
    else:
        call.emit("gather", name=name)


@reads_functions("Cast", "SaturateCast", "Copy", "StopGradient", "Negative", "ConvertToTensor")
def _same(call: KerasCall) -> None:
    call.emit("same", call.takes[:1])


_JOINS = {
    "Add": "add",
    "Subtract": "sub",
    "Multiply": "mul",
    "Divide": "div",
    "TrueDivide": "div",
    "DivideNoNan": "div",
}


@reads_functions(*_JOINS)
def _binary(call: KerasCall) -> None:
    (made,) = call.makes
    depends = [t for t in tensors_in((call.args, call.kwargs)) if _depends(call, t)]
    takes = [call.reader.taken(t) for t in depends]
    if len(takes) == 2:
        call.emit(_JOINS[type(call.operation).__name__], takes)
    else:  # a number, or constants: they change no count, unless they stretch
        call.emit("same" if takes[0].axes == made.axes else "expand", takes)


def _depends(call: KerasCall, tensor: Any) -> bool:
    return isinstance(tensor, keras.KerasTensor) or id(tensor) in call.reader.names


# --- shapes -------------------------------------------------------------------------


@reads_functions("Reshape", "Ravel", "ExpandDims", "Squeeze")
def _reshape(call: KerasCall) -> None:
    call.emit("reshape", call.takes[:1])


@reads_functions("Transpose")
def _transpose(call: KerasCall) -> None:
    count = len(call.takes[0].axes)
    axes = call.operation.axes
    axes = range(count)[::-1] if axes is None else axes
    call.emit("permute", axes=tuple(a % count for a in axes))


@reads_functions("Swapaxes")
def _swapaxes(call: KerasCall) -> None:
    count = len(call.takes[0].axes)
    order = list(range(count))
    one, other = call.operation.axis1 % count, call.operation.axis2 % count
    order[one], order[other] = order[other], order[one]
    call.emit("permute", axes=tuple(order))


@reads_functions("Moveaxis")
def _moveaxis(call: KerasCall) -> None:
    count = len(call.takes[0].axes)
    source = [a % count for a in call.operation.source]
    places = dict(zip((a % count for a in call.operation.destination), source, strict=True))
    rest = iter([k for k in range(count) if k not in source])
    call.emit("permute", axes=tuple(places[k] if k in places else next(rest) for k in range(count)))


@reads_functions("BroadcastTo")
def _broadcast(call: KerasCall) -> None:
    call.emit("expand", call.takes[:1])


@reads_functions("Tile")
def _tile(call: KerasCall) -> None:
    given, made = call.takes[0].axes, call.makes[0].axes
    given = (1,) * (len(made) - len(given)) + given
    call.emit(
        "repeat", call.takes[:1], times=tuple(m // n for n, m in zip(given, made, strict=True))
    )


@reads_functions("Repeat")
def _repeat(call: KerasCall) -> None:
    axis, times = call.operation.axis, call.operation.repeats
    given = call.takes[0]
    if not isinstance(axis, int) or not isinstance(times, int):
        _unknown(call)
        return
    axis %= len(given.axes)
    axes = given.axes
    apart = call.between((*axes[: axis + 1], 1, *axes[axis + 1 :]))
    call.emit("reshape", [given], [apart])
    wide = call.between((*axes[: axis + 1], times, *axes[axis + 1 :]))
    call.emit("reshape", [call.emit("expand", [apart], [wide])])


@reads_functions("Concatenate", "Stack")
def _cat(call: KerasCall) -> None:
    name = "cat" if type(call.operation).__name__ == "Concatenate" else "stack"
    call.emit(name, axis=(call.operation.axis or 0) % len(call.makes[0].axes))


@reads_functions("Split", "ArraySplit")
def _split(call: KerasCall) -> None:
    axis = call.operation.axis % len(call.takes[0].axes)
    call.emit("split", axis=axis, sizes=tuple(t.axes[axis] for t in call.makes))


@reads_functions("Unstack")
def _unstack(call: KerasCall) -> None:
    axis = call.operation.axis % len(call.takes[0].axes)
    for place, made in enumerate(call.makes):
        call.emit("take", makes=[made], axis=axis, position=place)


@reads_functions("GetItem")
def _getitem(call: KerasCall) -> None:
    given, key = call.takes[0], call.argument("key")
    items = list(key) if isinstance(key, tuple) else [key]
    if len(call.takes) > 1 or not all(_plain(i) for i in items):
        _unknown(call)
        return
    for name, axes, options in index_steps(items, given.axes):
        given = call.emit(name, [given], [call.between(axes)], **options)
    call.emit("same", [given])


def _plain(item: Any) -> bool:
    """Tell whether an index says by itself what it picks."""
    if isinstance(item, slice):
        return all(isinstance(x, int | None) for x in (item.start, item.stop, item.step))
    return item is None or item is ... or (isinstance(item, int) and not isinstance(item, bool))


@reads_functions("Take")
def _take(call: KerasCall) -> None:
    index, axis = call.argument("indices"), call.operation.axis
    if isinstance(index, int) and isinstance(axis, int):
        axis %= len(call.takes[0].axes)
        call.emit("take", call.takes[:1], axis=axis, position=index)
        return
    table = call.argument("x")
    name = call.reader.names.get(id(table))
    if name is not None and axis in (0, None) and len(table.shape) == 2:
        rows, width = map(int, table.shape)
        options = {"vocabulary": rows, "width": width}
        call.layer("embed", options, {"table": name}, call.takes[1:])
        return
    _unknown(call)


@reads_functions("Pad")
def _pad(call: KerasCall) -> None:
    pairs = call.operation.pad_width
    count = len(call.takes[0].axes)
    pairs = [(p, p) if isinstance(p, int) else tuple(p) for p in pairs]
    call.emit("pad", call.takes[:1], amounts=tuple(pairs if len(pairs) == count else pairs * count))


@reads_functions("Roll", "Flip")
def _roll(call: KerasCall) -> None:
    call.emit("roll")


@reads_functions("DepthToSpace", "SpaceToDepth")
def _blocks(call: KerasCall) -> None:
    operation = call.operation
    name = "depth_to_space" if type(operation).__name__ == "DepthToSpace" else "space_to_depth"
    if operation.data_format == "channels_first":
        call.emit(name, amount=operation.block_size)
        return
    given, made = call.takes[0].axes, call.makes[0].axes
    first = call.between((given[0], given[-1], *given[1:-1]))
    call.emit("permute", makes=[first], axes=(0, 3, 1, 2))
    wide = call.between((made[0], made[-1], *made[1:-1]))
    call.emit(name, [first], [wide], amount=operation.block_size)
    call.emit("permute", [wide], axes=(0, 2, 3, 1))


@reads_functions("Resize")
def _resize(call: KerasCall) -> None:
    first = call.operation.data_format == "channels_first"
    count = len(call.takes[0].axes)
    upsampled(call, tuple(range(2, count) if first else range(1, count - 1)))


# --- reductions, products, pools ----------------------------------------------------------


_REDUCTIONS = ("Mean", "Sum", "Max", "Min", "Amax", "Amin", "Var", "Std", "Prod", "Logsumexp")


@reads_functions(*_REDUCTIONS)
def _reduce(call: KerasCall) -> None:
    given = call.takes[0]
    count = len(given.axes)
    axis = call.operation.axis
    axis = range(count) if axis is None else axis if isinstance(axis, tuple | list) else [axis]
    axes = tuple(sorted(a % count for a in axis))
    keep = bool(call.operation.keepdims)
    name = type(call.operation).__name__.lower()
    if name == "mean":
        call.emit("mean", axes=axes, keep=keep)
    else:
        call.emit("reduce", name=name, axes=axes, keep=keep)


@reads_functions("Softmax", "LogSoftmax")
def _softmax(call: KerasCall) -> None:
    axis = call.operation.axis
    if isinstance(axis, int):
        call.emit("softmax", axis=axis % len(call.takes[0].axes))
    else:
        call.emit("free", name="softmax")


@reads_functions("Matmul")
def _matmul(call: KerasCall) -> None:
    given, matrix = call.argument("x1"), call.argument("x2")
    name = call.reader.names.get(id(matrix))
    if name is not None and len(matrix.shape) == 2 and isinstance(given, keras.KerasTensor):
        options = {"units": int(matrix.shape[1]), "bias": False}
        call.layer("dense", options, {"kernel": name}, [call.reader.taken(given)])
    else:
        call.emit("matmul", [call.reader.taken(given), call.reader.taken(matrix)])


@reads_functions("Einsum")
def _einsum(call: KerasCall) -> None:
    call.emit("einsum", equation=call.operation.subscripts.replace(" ", ""))


@reads_functions("DotProductAttention")
def _attend(call: KerasCall) -> None:
    turned: list[SourceTensor] = []
    for tensor in call.takes[:3]:
        batch, time, heads, width = tensor.axes
        made = call.between((batch, heads, time, width))
        turned.append(call.emit("permute", [tensor], [made], axes=(0, 2, 1, 3)))
    q, _, v = turned
    mixed = call.between((*q.axes[:-1], v.axes[-1]))
    bias = [call.reader.taken(b) for b in tensors_in(call.argument("bias")) if b is not None]
    call.emit("attend", [*turned, *bias], [mixed], causal=bool(call.operation.is_causal))
    call.emit("permute", [mixed], axes=(0, 2, 1, 3))


@reads_functions("MaxPool", "AveragePool")
def _pool(call: KerasCall) -> None:
    operation = call.operation
    kind = "maxpool" if type(operation).__name__ == "MaxPool" else "avgpool"
    first = operation.data_format == "channels_first"
    pooled(call, kind, operation.pool_size, operation.strides, operation.padding, first)


__all__ = ["FREE", "WORDS"]
