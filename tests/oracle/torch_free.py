"""torch modules without weights, in the language."""

from __future__ import annotations

import re
from typing import Any

from .moving import padded, pooled_to
from .written import Options, call, each, product

#: What changes each value for itself (``id`` where the language has no name for it).
ELEMENTWISE = {
    "CELU": "elu", "ELU": "elu", "GELU": "gelu", "Hardshrink": "id", "Hardsigmoid": "hard_sigmoid",
    "Hardswish": "hard_swish", "Hardtanh": "id", "Identity": "id", "LeakyReLU": "leaky_relu",
    "LogSigmoid": "sigmoid -> log", "LogSoftmax": "log_softmax", "Mish": "mish",
    "RReLU": "leaky_relu", "ReLU": "relu", "ReLU6": "relu6", "SELU": "selu", "SiLU": "silu",
    "Sigmoid": "sigmoid", "Softmax": "softmax", "Softmax2d": "softmax", "Softmin": "softmax",
    "Softplus": "softplus", "Softshrink": "id", "Softsign": "softsign", "Tanh": "tanh",
    "Tanhshrink": "id", "Threshold": "id", "ChannelShuffle": "id",
}  # fmt: skip

#: How these say what they do to a value.
SILENT = (
    "approximate", "beta", "dim", "groups", "inplace", "lambd", "lower", "max_val", "min_val",
    "negative_slope", "threshold", "upper", "value",
)  # fmt: skip


def free(model: str, take: Options, axes: tuple[int, ...]) -> str | None:
    """A module without weights; None for any other."""
    if model in ELEMENTWISE:
        for name in SILENT:
            take(name)
        return ELEMENTWISE[model]
    if "Dropout" in model:
        take("inplace")
        whole = True if re.search(r"^Dropout\dd$", model) else None
        return call("dropout", take("p", 0.5), channels=whole)
    if re.search(r"Pool\dd$", model):
        return pool(model, take, axes)
    if re.search(r"Pad\dd$", model):
        take("value")
        return padded(axes, ends(take("padding"), len(axes) - 1))
    if model in ("LocalResponseNorm", "CrossMapLRN2d"):
        return call("localresponsenorm", take("size"))
    if model.startswith("Upsampl"):
        return upsampled(take, axes)
    if model == "GLU":
        return f"split(2, axis = {inner_axis(take('dim', -1))})[0]"
    return moved(model, take, axes)


def moved(model: str, take: Options, axes: tuple[int, ...]) -> str | None:
    """A module that only moves values."""
    if model == "Fold":
        return call("fold", each(take("output_size"), 2), take("kernel_size"), **window(take))
    if model == "Flatten":
        first, last = take("start_dim", 1) - 1, take("end_dim", -1)
        last = last + len(axes) if last < 0 else last - 1
        if (first, last) == (0, len(axes) - 1):
            return "flatten"
        return call("reshape", *axes[:first], product(axes[first : last + 1]), *axes[last + 1 :])
    if model == "Unflatten":
        axis = inner_axis(take("dim")) % len(axes)
        return call("reshape", *axes[:axis], *take("unflattened_size"), *axes[axis + 1 :])
    if model == "PixelUnshuffle":
        return call("space_to_depth", take("downscale_factor"))
    if model == "PixelShuffle":
        (rows, columns, values), by = axes, take("upscale_factor")
        apart = call("reshape", rows, columns, values // by**2, by, by)
        whole = call("reshape", rows * by, columns * by, values // by**2)
        return f"{apart} -> {call('permute', 0, 3, 1, 4, 2)} -> {whole}"
    return None


def inner_axis(axis: int) -> int:
    """An axis of torch, which counts the batch, as one of an example."""
    return axis if axis < 0 else axis - 1


def window(take: Options) -> dict[str, Any]:
    """The options that move a window."""
    return {"stride": take("stride"), "pad": take("padding"), "dilation": take("dilation")}


def pool(model: str, take: Options, axes: tuple[int, ...]) -> str:
    """A pool over windows, or to a size."""
    for silent in ("count_include_pad", "divisor_override", "norm_type", "return_indices"):
        take(silent)
    rank = len(axes) - 1
    largest = "Max" in model
    kind = "maxpool" if largest else "avgpool"
    if model.startswith(("Adaptive", "Fractional")):
        take("kernel_size")
        sizes = [n or a for n, a in zip(each(take("output_size"), rank), axes, strict=False)]
        if sizes == [1] * rank:
            over_all = "globalmaxpool" if largest else "globalavgpool"
            return f"{over_all} -> {call('reshape', *sizes, axes[-1])}"
        return pooled_to(kind, axes[:-1], sizes)
    return windows(kind, take, axes)


def windows(kind: str, take: Options, axes: tuple[int, ...]) -> str:
    """A pool over windows that perhaps lie apart, and perhaps reach over the end."""
    rank = len(axes) - 1
    kernel, dilation = take("kernel_size"), take("dilation", 1)
    stride = take("stride")
    pad = take("padding", 0)
    before = ""
    if take("ceil_mode"):
        step, reach = each(kernel if stride is None else stride, rank), each(kernel, rank)
        extra = []
        rows = zip(axes, reach, step, each(pad, rank), each(dilation, rank), strict=False)
        for n, k, s, p, d in rows:
            room = n + 2 * p - d * (k - 1) - 1
            more = -room % s
            # A window that begins behind the last value is left out.
            begins = (room + more) // s * s
            extra.append((p, p + (more if begins < n + p else 0)))
        before = f"{padded(axes, extra)} -> " if any(map(any, extra)) else ""
        pad = 0
    if dilation != 1:  # a window with gaps reaches as far as one without
        pairs = zip(each(kernel, rank), each(dilation, rank), strict=True)
        stride = kernel if stride is None else stride
        kernel = [d * (k - 1) + 1 for k, d in pairs]
    return before + call(kind, kernel, stride=stride, pad=pad or None)


def ends(given: Any, rank: int) -> list[tuple[int, int]]:
    """Values in front of and behind each axis; torch names the last axis first."""
    if isinstance(given, int):
        return [(given, given)] * rank
    return [(given[k], given[k + 1]) for k in range(0, 2 * rank, 2)][::-1]


def upsampled(take: Options, axes: tuple[int, ...]) -> str:
    """More positions: by a factor, or to a size that is a multiple."""
    for silent in ("mode", "align_corners", "recompute_scale_factor"):
        take(silent)
    rank = len(axes) - 1
    size, factor = take("size"), take("scale_factor")
    if size is None:
        return call("upsample", [int(f) for f in each(factor, rank)])
    pairs = list(zip(axes, each(size, rank), strict=False))
    assert all(m % n == 0 for n, m in pairs), "whole multiples only"
    return call("upsample", [m // n for n, m in pairs])
