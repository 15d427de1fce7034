"""Keras layers without weights, in the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .keras_places import inward
from .moving import cropped, global_pool, padded, pooled_to
from .written import Options, call, each, entrance, product, quoted

#: What changes each value for itself, and the options that say how.
ELEMENTWISE = {
    "ReLU": ("relu", "max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("leaky_relu", "negative_slope", "alpha"),
    "ELU": ("elu", "alpha"),
    "Softmax": ("softmax", "axis"),
    "Identity": ("id",),
    "Masking": ("id", "mask_value"),
    "ActivityRegularization": ("id", "l1", "l2"),
    "Rescaling": ("id", "scale", "offset"),
    "GaussianNoise": ("id", "stddev"),
}

#: Activations whose name is another one here; functions of each value without a name are ``id``.
ACTIVATIONS: Mapping[str | None, str] = {
    None: "id", "linear": "id", "swish": "silu", "hard_silu": "hard_swish", "exponential": "exp",
    "celu": "elu", "hard_tanh": "id", "hard_shrink": "id", "soft_shrink": "id", "squareplus": "id",
    "sparse_plus": "id", "sparse_sigmoid": "id", "sparsemax": "softmax", "tanh_shrink": "id",
    "threshold": "id", "log_sigmoid": "sigmoid -> log", "glu": "split(2)[0]",
}  # fmt: skip

DROPOUTS = (
    "Dropout",
    "AlphaDropout",
    "GaussianDropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
)


def free(model: str, take: Options, axes: tuple[Any, ...]) -> str | None:
    """A layer without weights; None for any other."""
    if model in ELEMENTWISE:
        kind, *silent = ELEMENTWISE[model]
        for name in silent:
            take(name)
        return kind
    if model == "Flatten":
        return "flatten"
    if model == "Activation":
        return activation(take)
    if model in DROPOUTS:
        take("noise_shape")
        return call("dropout", take("rate"))
    if "Pooling" in model:
        return pool(model, take, axes)
    if model.startswith("ZeroPadding"):
        return padded(axes, ends(take("padding", 1), len(axes) - 1))
    if model.startswith("Cropping"):
        return cropped(axes, ends(take("cropping", 1), len(axes) - 1))
    if model.startswith("UpSampling"):
        take("interpolation")
        return call("upsample", take("size", 2))
    return reshaped(model, take, axes)


def activation(take: Options) -> str:
    """An activation."""
    name = take("activation")
    return ACTIVATIONS.get(name, name)


def reshaped(model: str, take: Options, axes: tuple[Any, ...]) -> str | None:
    """A layer that moves values."""
    if model == "Reshape":
        shape = list(take("target_shape"))
        if -1 in shape:
            shape[shape.index(-1)] = product(axes) // -product(shape)
        return call("reshape", *shape)
    if model == "Permute":
        return call("permute", *(a - 1 for a in take("dims")))
    if model == "RepeatVector":
        return f"{call('reshape', 1, *axes)} -> {call('tile', take('n'), axis=0)}"
    if model == "CenterCrop":
        spare = [n - k for n, k in zip(axes, (take("height"), take("width")), strict=False)]
        return cropped(axes, [(n // 2, n - n // 2) for n in spare])
    return None


def window(take: Options) -> dict[str, Any]:
    """The options that move a window."""
    return {
        "stride": take("strides"),
        "pad": take("padding"),
        "dilation": take("dilation_rate"),
    }


def pool(model: str, take: Options, axes: tuple[Any, ...]) -> str:
    """A pool over windows, over all positions, or to a size."""
    largest = "Max" in model
    if model.startswith("Global"):
        keep = bool(take("keepdims"))
        return global_pool("globalmaxpool" if largest else "globalavgpool", axes, keep)
    kind = "maxpool" if largest else "avgpool"
    if model.startswith("Adaptive"):
        return pooled_to(kind, axes[:-1], each(take("output_size"), len(axes) - 1))
    return call(kind, take("pool_size", 2), **window(take))


def ends(given: Any, axes: int) -> list[tuple[int, int]]:
    """Values in front of and behind each axis: one number, one an axis, or two an axis."""
    if isinstance(given, int):
        return [(given, given)] * axes
    if axes == 1:
        return [tuple(given)] if len(given) == 2 else [(given[0], given[0])]
    return [(one, one) if isinstance(one, int) else tuple(one) for one in given]


# --- several tensors ---------------------------------------------------------

#: Layers that bring tensors together value by value: ``+`` and ``-`` and ``*`` broadcast alike.
SIGNS = {
    "Add": " + ",
    "Average": " + ",
    "Maximum": " + ",
    "Minimum": " + ",
    "Subtract": " - ",
    "Multiply": " * ",
}


def merge(model: str, take: Options, shapes: Sequence[Sequence[Any]]) -> str | None:
    """A layer that brings tensors together; None for any other."""
    names = [f"x{k}" for k in range(len(shapes))]
    lines = [
        f"{name} = {entrance('input', axes)}" for name, axes in zip(names, shapes, strict=True)
    ]
    if model in SIGNS:
        body = SIGNS[model].join(names)
    elif model == "Concatenate":
        body = call("cat", *names, axis=inward(take("axis", -1)))
    elif model == "Dot":
        take("normalize")
        axes = take("axes")
        first, second = [axes] * 2 if isinstance(axes, int) else axes
        body = dotted(names, shapes, inward(first), inward(second))
    else:
        return None
    return f"{{ {'; '.join(lines)}; {body} }}"


def dotted(names: Sequence[str], shapes: Sequence[Sequence[Any]], first: int, second: int) -> str:
    """Two tensors, one axis of each summed over."""
    one = list("abcdef"[: len(shapes[0])])
    two = list("uvwxyz"[: len(shapes[1])])
    one[first] = two[second] = "s"
    result = [x for x in one + two if x != "s"]
    equation = f"{''.join(one)},{''.join(two)}->{''.join(result)}"
    return f"{call('einsum', *names, quoted(equation))}{'' if result else ' -> reshape(1)'}"
