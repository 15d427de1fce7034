"""Functions of torch, and layers with several outputs, as the neutral representation has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import torch

from symparams.frameworks.importing.source_calls import index_steps, registering
from symparams.frameworks.importing.torch_modules import short
from symparams.frameworks.importing.torch_values import tensors_in

if TYPE_CHECKING:
    from symparams.frameworks.importing.torch_reader import TorchFunctionCall

Handler: TypeAlias = "Callable[[TorchFunctionCall], None]"

HANDLERS: dict[str, Handler] = {}

#: Attributes of tensors, and names of operators, by the function's name.
OPERATORS = {
    "radd": "add",
    "iadd": "add",
    "rsub": "sub",
    "isub": "sub",
    "rmul": "mul",
    "imul": "mul",
    "truediv": "div",
    "rtruediv": "div",
    "itruediv": "div",
    "rpow": "pow",
    "ipow": "pow",
    "multiply": "mul",
    "subtract": "sub",
    "divide": "div",
    "true_divide": "div",
    "concat": "cat",
    "concatenate": "cat",
    "swapaxes": "transpose",
    "swapdims": "transpose",
    "T": "t",
    "mT": "transpose_last",
    "moveaxis": "movedim",
    "rmatmul": "matmul",
}


#: Functions whose result has a shape of what they take, and none of its values.
CONSTANT = frozenset(
    {
        *("new_zeros", "new_ones", "new_full", "new_empty", "zeros_like", "ones_like"),
        *("full_like", "empty_like", "new_tensor", "size", "dim"),
        *("randn_like", "rand_like"),  # noise, which is nobody's output
    }
)


def name_of(func: Any) -> str:
    """Return a function's name: without underscores, an attribute by its own."""
    name = getattr(func, "__name__", "")
    if name == "__get__":
        name = getattr(getattr(func, "__self__", None), "__name__", "")
    bare = name.strip("_")
    return OPERATORS.get(bare, bare)


def handler_of(func: Any) -> Handler:
    """Return what reads a function."""
    return HANDLERS.get(name_of(func), unknown)


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register what reads functions of some names."""
    return registering(HANDLERS, names)


def _tensors(call: TorchFunctionCall) -> list[Any]:
    """Return the tensors of the recording among the arguments."""
    return [t for t in tensors_in((call.args, call.kwargs)) if call.depends(t)]


def unknown(call: TorchFunctionCall) -> None:
    call.emit("gather", _tensors(call), name=call.name)


WORDS = {
    **{n: n for n in ("relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish")},
    **{n: n for n in ("sigmoid", "tanh", "softplus", "softsign", "exp", "log", "sqrt", "abs")},
    "hardswish": "hard_swish",
    "hardsigmoid": "hard_sigmoid",
}
SAME = (
    *("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_dropout"),
    *("contiguous", "clone", "detach", "to", "type", "float", "half", "bfloat16", "double"),
    *("type_as", "requires_grad", "data", "neg", "positive", "stochastic_depth", "cpu", "cuda"),
)
FREE = (
    *("pow", "rsqrt", "sin", "cos", "clamp", "clamp_min", "clamp_max", "clip", "square", "erf"),
    *(
        "reciprocal",
        "log1p",
        "expm1",
        "sign",
        "floor",
        "ceil",
        "round",
        "log_sigmoid",
        "logsigmoid",
    ),
    *("masked_fill", "tril", "triu", "hardtanh", "threshold", "celu", "glu_gate", "nan_to_num"),
)


def _word(call: TorchFunctionCall) -> None:
    call.emit("elementwise", call.args[:1] or _tensors(call)[:1], word=WORDS[call.name])


def _same(call: TorchFunctionCall) -> None:
    call.emit("same", _tensors(call)[:1])


def _free(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    takes = [first] if call.depends(first) else _tensors(call)[:1]
    call.emit("free", takes, name=call.name)


HANDLERS.update(dict.fromkeys(WORDS, _word))
HANDLERS.update(dict.fromkeys(SAME, _same))
HANDLERS.update(dict.fromkeys(FREE, _free))


@handles("add", "sub", "mul", "div")
def _binary(call: TorchFunctionCall) -> None:
    first, second = call.argument(0, "input"), call.argument(1, "other")
    both = [t for t in (first, second) if isinstance(t, torch.Tensor)]
    depends = [t for t in both if call.depends(t)]
    if len(depends) < 2:
        # A number, or a constant of the shape it has: it changes no count, unless it stretches.
        if tuple(call.result.shape) == tuple(depends[0].shape):
            call.emit("same", depends)
        else:
            call.emit("expand", depends)
        return
    call.emit(call.name, both)


def axis_from_front(value: int, count: int) -> int:
    return value % count if count else 0


def _axes(value: Any, count: int) -> tuple[int, ...]:
    values = value if isinstance(value, tuple | list) else [value]
    return tuple(sorted(axis_from_front(v, count) for v in values))


@handles("softmax", "log_softmax")
def _softmax(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    dim = call.argument(1, "dim", -1)
    call.emit("softmax", [first], axis=axis_from_front(dim if dim is not None else -1, first.ndim))


@handles("cat", "stack")
def _cat(call: TorchFunctionCall) -> None:
    tensors = list(call.argument(0, "tensors"))
    takes = [t for t in tensors if t.numel() or t.ndim > 1]
    axis = call.argument(1, "dim", call.kwargs.get("axis", 0))
    call.emit(call.name, takes, axis=axis_from_front(axis, call.result.ndim))


@handles("split", "chunk", "tensor_split", "split_with_sizes")
def _split(call: TorchFunctionCall) -> None:
    first = call.argument(0, "tensor", call.kwargs.get("self"))
    first = first if first is not None else _tensors(call)[0]
    axis = axis_from_front(call.argument(2, "dim", 0), first.ndim)
    sizes = tuple(int(t.shape[axis]) for t in call.result)
    call.emit("split", [first], axis=axis, sizes=sizes)


@handles("unbind")
def _unbind(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    axis = axis_from_front(call.argument(1, "dim", 0), first.ndim)
    for place, tensor in enumerate(call.result):
        call.emit("take", [first], [tensor], axis=axis, position=place)


@handles("select")
def _select(call: TorchFunctionCall) -> None:
    first = call.args[0]
    axis = axis_from_front(call.argument(1, "dim"), first.ndim)
    place = call.argument(2, "index")
    call.emit("take", [first], axis=axis, position=place)


@handles("narrow")
def _narrow(call: TorchFunctionCall) -> None:
    first, axis, start, length = call.args[:4]
    axis = axis_from_front(axis, first.ndim)
    call.emit("slice", [first], axis=axis, start=start, stop=start + length, step=1)


@handles("getitem")
def _getitem(call: TorchFunctionCall) -> None:
    first, index = call.args
    items = list(index) if isinstance(index, tuple) else [index]
    if not call.depends(first) or any(
        not isinstance(i, int | slice | type(None) | type(...)) or isinstance(i, bool)
        for i in items
    ):
        call.emit("gather", _tensors(call), name="index")
        return
    tensor: Any = call.take(first)
    for name, axes, options in index_steps(items, tuple(map(int, first.shape))):
        tensor = call.between(name, [tensor], axes, **options)
    call.emit("same", [tensor])


@handles("setitem")
def _setitem(call: TorchFunctionCall) -> None:
    first = call.args[0]
    takes = [t for t in _tensors(call) if t is not first]
    call.emit("gather", [first, *takes], [first], name="setitem")


@handles(
    *("view", "reshape", "flatten", "squeeze", "unsqueeze", "unflatten", "ravel", "view_as"),
    *("reshape_as", "atleast_2d", "atleast_3d"),
)
def _reshape(call: TorchFunctionCall) -> None:
    if call.result.numel() != call.args[0].numel():
        unknown(call)
        return
    call.emit("reshape", call.args[:1])


@handles("expand", "expand_as", "broadcast_to")
def _expand(call: TorchFunctionCall) -> None:
    call.emit("expand", call.args[:1])


@handles("repeat", "tile")
def _repeat(call: TorchFunctionCall) -> None:
    call.emit("repeat", call.args[:1])


@handles("repeat_interleave")
def _repeat_interleave(call: TorchFunctionCall) -> None:
    first, result = call.args[0], call.result
    changed = [k for k, n in enumerate(first.shape) if result.shape[k] != n]
    if first.ndim != result.ndim or len(changed) != 1:
        unknown(call)
        return
    (axis,) = changed
    axes = tuple(map(int, first.shape))
    times = int(result.shape[axis]) // axes[axis]
    apart = (*axes[: axis + 1], 1, *axes[axis + 1 :])
    wide = (*axes[: axis + 1], times, *axes[axis + 1 :])
    one = call.between("reshape", [first], apart)
    call.emit("reshape", [call.between("expand", [one], wide)])


@handles("permute")
def _permute(call: TorchFunctionCall) -> None:
    first = call.args[0]
    order = call.args[1:] if len(call.args) > 1 else [call.kwargs["dims"]]
    axes = order[0] if isinstance(order[0], tuple | list) else order
    call.emit("permute", [first], axes=tuple(axis_from_front(a, first.ndim) for a in axes))


@handles("transpose")
def _transpose(call: TorchFunctionCall) -> None:
    first = call.args[0]
    one = axis_from_front(call.argument(1, "dim0"), first.ndim)
    other = axis_from_front(call.argument(2, "dim1"), first.ndim)
    axes = list(range(first.ndim))
    axes[one], axes[other] = other, one
    call.emit("permute", [first], axes=tuple(axes))


@handles("transpose_last", "t")
def _t(call: TorchFunctionCall) -> None:
    first = call.args[0]
    axes = list(range(first.ndim))
    if len(axes) > 1:
        axes[-1], axes[-2] = axes[-2], axes[-1]
    call.emit("permute", [first], axes=tuple(axes))


@handles("movedim")
def _movedim(call: TorchFunctionCall) -> None:
    first = call.args[0]
    source = _as_list(call.argument(1, "source"), first.ndim)
    target = _as_list(call.argument(2, "destination"), first.ndim)
    rest = [k for k in range(first.ndim) if k not in source]
    places: dict[int, int] = dict(zip(target, source, strict=True))
    left = iter(rest)
    axes = tuple(places[k] if k in places else next(left) for k in range(first.ndim))
    call.emit("permute", [first], axes=axes)


def _as_list(value: Any, count: int) -> list[int]:
    values = value if isinstance(value, tuple | list) else [value]
    return [axis_from_front(v, count) for v in values]


@handles("mean", "sum", "amax", "amin", "norm", "std", "var", "max", "min", "prod", "logsumexp")
def _reduce(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    result = call.result if isinstance(call.result, torch.Tensor) else call.result[0]
    dim = call.argument(1, "dim", call.kwargs.get("axis"))
    if isinstance(dim, torch.Tensor):
        call.emit("gather", _tensors(call), name=call.name)
        return
    axes = tuple(range(first.ndim)) if dim is None else _axes(dim, first.ndim)
    if call.name == "mean":
        call.emit("mean", [first], [result], axes=axes, keep=result.ndim == first.ndim)
        return
    keep = result.ndim == first.ndim
    call.emit("reduce", [first], [result], name=call.name, axes=axes, keep=keep)


@handles("scaled_dot_product_attention")
def _sdpa(call: TorchFunctionCall) -> None:
    q, k, v = (call.argument(n, name) for n, name in enumerate(("query", "key", "value")))
    mask = call.argument(3, "attn_mask")
    bias = [mask] if call.depends(mask) else []
    call.emit("attend", [q, k, v, *bias], causal=bool(call.argument(5, "is_causal", False)))


@handles("matmul", "bmm", "mm")
def _matmul(call: TorchFunctionCall) -> None:
    call.emit("matmul", [call.argument(0, "input"), call.argument(1, "other")])


@handles("einsum")
def _einsum(call: TorchFunctionCall) -> None:
    equation, *operands = call.args
    tensors = list(operands[0]) if isinstance(operands[0], tuple | list) else operands
    call.emit("einsum", tensors, equation=equation.replace(" ", ""))


@handles("pad")
def _pad(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    given = list(call.argument(1, "pad"))
    pairs = [(0, 0)] * first.ndim
    for n in range(len(given) // 2):
        pairs[first.ndim - 1 - n] = (int(given[2 * n]), int(given[2 * n + 1]))
    call.emit("pad", [first], amounts=tuple(pairs))


@handles("roll", "flip")
def _roll(call: TorchFunctionCall) -> None:
    call.emit("roll", call.args[:1])


@handles("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d")
def _adaptive(call: TorchFunctionCall) -> None:
    first, result = call.argument(0, "input"), call.result
    count = int(call.name[-2])
    here, there = first.shape[-count:], result.shape[-count:]
    if tuple(here) == tuple(there):
        call.emit("same", [first])
    elif all(n == 1 for n in there):
        axes = tuple(range(first.ndim - count, first.ndim))
        call.emit("globalpool", [first], name="avg", axes=axes, keep=True)
    elif all(int(n) % int(m) == 0 for n, m in zip(here, there, strict=True)):
        window = short(tuple(int(n) // int(m) for n, m in zip(here, there, strict=True)))
        call.emit_layer("avgpool", {"window": window, "stride": window, "pad": 0}, {}, [first], 1)
    else:
        unknown(call)


@handles("adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d")
def _adaptive_max(call: TorchFunctionCall) -> None:
    first, result = call.argument(0, "input"), call.result
    count = int(call.name[-2])
    if not isinstance(result, torch.Tensor) or any(n != 1 for n in result.shape[-count:]):
        unknown(call)
        return
    axes = tuple(range(first.ndim - count, first.ndim))
    call.emit("globalpool", [first], name="max", axes=axes, keep=True)


@handles("max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d")
def _pool(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    window = short(call.argument(1, "kernel_size"))
    stride = short(call.argument(2, "stride"))
    kind = "maxpool" if call.name.startswith("max") else "avgpool"
    if kind == "maxpool" and short(call.argument(4, "dilation", 1)) != 1:
        unknown(call)
        return
    options = {
        "window": window,
        "stride": window if stride in (None, ()) else stride,
        "pad": short(call.argument(3, "padding", 0)),
    }
    call.emit_layer(kind, options, {}, [first], 1)


HANDLERS["max_pool2d_with_indices"] = unknown


@handles("interpolate", "upsample", "upsample_nearest", "upsample_bilinear")
def _interpolate(call: TorchFunctionCall) -> None:
    first, result = call.argument(0, "input"), call.result
    pairs = list(zip(first.shape[2:], result.shape[2:], strict=True))
    if all(n == m for n, m in pairs):
        call.emit("same", [first])
    elif all(int(m) % int(n) == 0 for n, m in pairs):
        factors = tuple(int(m) // int(n) for n, m in pairs)
        call.emit("upsample", [first], factors=factors)
    else:
        unknown(call)


@handles("pixel_shuffle", "pixel_unshuffle")
def _pixel(call: TorchFunctionCall) -> None:
    first = call.argument(0, "input")
    amount = call.argument(1, "upscale_factor", call.kwargs.get("downscale_factor"))
    name = "depth_to_space" if call.name == "pixel_shuffle" else "space_to_depth"
    call.emit(name, [first], amount=int(amount))


__all__ = [
    "CONSTANT",
    "axis_from_front",
    "handler_of",
    "handles",
    "name_of",
    "unknown",
]
