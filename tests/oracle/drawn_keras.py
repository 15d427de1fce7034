"""Layers of Keras, drawn: channels last, no batch."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, strategies as st

from .drawn import FLAG, SMALL, Draw, Drawn, one_or_each, option, positions, shape
from .written import each

RECURRENT = ("SimpleRNN", "LSTM", "GRU")


@st.composite
def keras_dense(draw: Draw) -> Drawn:
    options: dict[str, Any] = {"units": draw(SMALL)}
    option(draw, options, "use_bias", st.just(True))  # without one it is a linear
    return "Dense", options, draw(shape())


@st.composite
def keras_linear(draw: Draw) -> Drawn:
    return "Dense", {"units": draw(SMALL), "use_bias": False}, draw(shape())


@st.composite
def keras_embed(draw: Draw) -> Drawn:
    options = {"input_dim": draw(SMALL), "output_dim": draw(SMALL)}
    return "Embedding", options, draw(shape(1, 3))


@st.composite
def keras_conv(draw: Draw, axes: int, name: str = "Conv") -> Drawn:
    groups = draw(st.integers(1, 3))
    options: dict[str, Any] = {"kernel_size": one_or_each(draw, axes, 1, 4)}
    paddings = ["valid", "same"] + ["causal"] * (axes == 1 and name == "Conv")
    option(draw, options, "padding", st.sampled_from(paddings))
    option(draw, options, "use_bias", FLAG)
    # Keras takes a stride or a dilation, not both, and one stride for all axes of a depthwise.
    if draw(FLAG):
        stride = draw(st.integers(1, 3))
        options["strides"] = stride if name != "Conv" else one_or_each(draw, axes, 1, 3)
    else:
        options["dilation_rate"] = one_or_each(draw, axes, 1, 3)
    if name == "Conv":
        options["filters"] = groups * draw(st.integers(1, 4))
        options["groups"] = groups
    else:
        option(draw, options, "depth_multiplier", st.integers(1, 3))
        if name == "SeparableConv":
            options["filters"] = draw(SMALL)
    channels = groups * draw(st.integers(1, 4))
    size = positions(draw, options["kernel_size"], options.get("dilation_rate", 1), axes)
    return f"{name}{axes}D", options, (*size, channels)


@st.composite
def keras_conv_transpose(draw: Draw, axes: int) -> Drawn:
    options: dict[str, Any] = {"filters": draw(SMALL)}
    options["kernel_size"] = one_or_each(draw, axes, 1, 4)
    option(draw, options, "padding", st.sampled_from(["valid", "same"]))
    option(draw, options, "use_bias", FLAG)
    stride: Any = 1
    # Keras takes a stride or a dilation, not both, and one dilation for all axes.
    if draw(FLAG):
        stride = options["strides"] = one_or_each(draw, axes, 1, 4)
    elif draw(FLAG):
        options["dilation_rate"] = draw(st.integers(1, 3))
    if draw(FLAG):
        extra = options["output_padding"] = one_or_each(draw, axes, 0, 2)
        for e, s in zip(each(extra, axes), each(stride, axes), strict=True):
            assume(e < s)  # as torch wants it
    size = tuple(draw(st.integers(2, 6)) for _ in range(axes))
    return f"Conv{axes}DTranspose", options, (*size, draw(SMALL))


@st.composite
def keras_attend(draw: Draw, plain: bool = False) -> Drawn:
    options: dict[str, Any] = {"num_heads": draw(st.integers(1, 3)), "key_dim": draw(SMALL)}
    option(draw, options, "use_bias", FLAG)
    x, y = draw(shape(2, 2)), draw(shape(2, 2))
    if plain:  # a library block says it
        return "MultiHeadAttention", options, draw(st.sampled_from([(x, x), (x, y)]))
    option(draw, options, "value_dim", SMALL)
    option(draw, options, "use_gate", FLAG)
    option(draw, options, "output_shape", st.one_of(SMALL, st.lists(SMALL, min_size=2, max_size=2)))
    inputs = draw(st.sampled_from([(x, x), (x, y), (x, y, (y[0], draw(SMALL)))]))
    return "MultiHeadAttention", options, inputs


@st.composite
def keras_grouped(draw: Draw) -> Drawn:
    kv = draw(st.integers(1, 3))
    options: dict[str, Any] = {
        "head_dim": draw(SMALL),
        "num_key_value_heads": kv,
        "num_query_heads": kv * draw(st.integers(1, 3)),
    }
    option(draw, options, "use_bias", FLAG)
    x = draw(shape(2, 2))
    if draw(FLAG):
        return "GroupQueryAttention", options, (x, x)
    y = (draw(SMALL), x[-1])  # Keras wants both as wide
    return "GroupQueryAttention", options, (x, y, (y[0], draw(SMALL)))


@st.composite
def keras_pool(draw: Draw, name: str, axes: int) -> Drawn:
    options: dict[str, Any] = {}
    window = 2
    if name == "Average" or draw(FLAG):
        window = options["pool_size"] = one_or_each(draw, axes, 1, 3)
    option(draw, options, "padding", st.sampled_from(["valid", "same"]))
    if draw(FLAG):
        options["strides"] = one_or_each(draw, axes, 1, 3)
    return f"{name}Pooling{axes}D", options, (*positions(draw, window, 1, axes), draw(SMALL))


@st.composite
def keras_global(draw: Draw, name: str) -> Drawn:
    axes = draw(st.integers(1, 3))
    return f"Global{name}Pooling{axes}D", {}, draw(shape(axes + 1, axes + 1))


def one_or_some(draw: Draw, rank: int) -> Any:
    """An axis of Keras, which counts the batch, or several."""
    chosen = draw(st.lists(st.integers(0, rank - 1), min_size=1, max_size=rank, unique=True))
    # Keras sorts axes of both signs as numbers, and then does not find its way.
    named = [k - rank for k in chosen] if draw(FLAG) else [k + 1 for k in chosen]
    return named[0] if len(named) == 1 and draw(FLAG) else named


@st.composite
def keras_norm(draw: Draw, name: str) -> Drawn:
    size = draw(shape())
    options: dict[str, Any] = {}
    if draw(FLAG):
        one = name in ("BatchNormalization", "GroupNormalization")
        axis = draw(st.sampled_from([*range(1, len(size) + 1), *range(-len(size), 0)]))
        options["axis"] = axis if one else one_or_some(draw, len(size))
        if name in (
            "LayerNormalization",
            "RMSNormalization",
        ):  # the backend has it over the last axes only
            options["axis"] = list(range(-draw(st.integers(1, len(size))), 0))
    if name not in ("RMSNormalization", "UnitNormalization"):
        option(draw, options, "scale", FLAG)
        option(draw, options, "center", FLAG)
    if name == "BatchNormalization":
        option(draw, options, "renorm", FLAG)
    if name == "GroupNormalization":
        axis = options.get("axis", -1)
        place = axis - 1 if axis > 0 else axis
        options["groups"] = draw(st.sampled_from([-1, 1, 2, 3]))
        wide = list(size)
        wide[place] *= max(options["groups"], 1)
        size = tuple(wide)
    return name, options, size


@st.composite
def keras_standardize(draw: Draw) -> Drawn:
    size = draw(shape())
    options: dict[str, Any] = {}
    if draw(FLAG):
        options["axis"] = draw(st.sampled_from([None, -1, [len(size)], [*range(1, len(size) + 1)]]))
    elif draw(FLAG):
        options |= {"mean": 0.0, "variance": 1.0}
    option(draw, options, "invert", FLAG)
    return "Normalization", options, size


def inner(drawn: Drawn, **more: Any) -> dict[str, Any]:
    """A layer as the argument of another one."""
    model, options, _ = drawn
    return {"class_name": model, "config": {**options, **more}}


@st.composite
def keras_spectral(draw: Draw) -> Drawn:
    net = draw(
        st.one_of(
            keras_dense(),
            keras_embed(),
            keras_conv(2),
            keras_conv(1, "DepthwiseConv"),
            keras_conv_transpose(2),
            keras_einsum(),
        )
    )
    return "SpectralNormalization", {"layer": inner(net)}, net[2]


@st.composite
def keras_lora(draw: Draw) -> Drawn:
    strategies = (keras_dense(), keras_embed(), keras_conv(1), keras_conv(2), keras_einsum())
    model, options, size = draw(st.one_of(*strategies))
    if "kernel_size" in options:  # Keras adds them of one group only
        options["groups"] = 1
    return model, {**options, "lora_rank": draw(st.integers(1, 4))}, size


@st.composite
def keras_prelu(draw: Draw) -> Drawn:
    size = draw(shape())
    options: dict[str, Any] = {}
    axes = st.lists(st.integers(1, len(size)), min_size=1, max_size=len(size), unique=True)
    option(draw, options, "shared_axes", axes)
    return "PReLU", options, size


@st.composite
def keras_einsum(draw: Draw) -> Drawn:
    """An equation of letters that come in, are summed over, stay, and are new."""
    rank = draw(st.integers(1, 3))
    size = draw(shape(rank, rank))
    letters = "bcdefg"
    given = list(letters[:rank])
    new = list("xyz"[: draw(st.integers(1, 2))])
    summed = draw(st.sets(st.sampled_from(given), min_size=1, max_size=rank))
    stays = [x for x in given if x not in summed]
    shared = [x for x in stays if draw(st.integers(0, 3)) == 0]  # in the kernel as well
    kernel = draw(st.permutations([*sorted(summed), *shared, *new]))
    # The batch has no place in the kernel; axes that stay keep their order in front.
    after = [*stays, *new] if draw(FLAG) else [*new, *stays]
    known = dict(zip(given, size, strict=True))
    out = [known.get(x) or draw(SMALL) for x in after]
    ends = "".join(given), "".join(after)
    dots = draw(st.sampled_from(["a", "a", "..."]))
    front = dots if dots == "a" or given[0] in summed or after[0] == given[0] else "a"
    if front == "..." and stays:  # Keras counts the axes of '...' from the right
        front = "a"
    options: dict[str, Any] = {
        "equation": f"{front}{ends[0]},{''.join(kernel)}->{front}{ends[1]}",
        "output_shape": out[0] if len(out) == 1 and draw(FLAG) else out,
    }
    option(
        draw,
        options,
        "bias_axes",
        st.sets(st.sampled_from(after), min_size=1).map(
            lambda axes: "".join(x for x in after if x in axes)
        ),
    )
    return "EinsumDense", options, size


@st.composite
def keras_conv_lstm(draw: Draw, axes: int) -> Drawn:
    options: dict[str, Any] = {"filters": draw(st.integers(1, 4))}
    options["kernel_size"] = one_or_each(draw, axes, 1, 3)
    option(draw, options, "padding", st.sampled_from(["valid", "same"]))
    option(draw, options, "use_bias", FLAG)
    option(draw, options, "return_sequences", FLAG)
    dilation: Any = 1
    if draw(FLAG):
        options["strides"] = one_or_each(draw, axes, 1, 2)
    else:
        dilation = options["dilation_rate"] = one_or_each(draw, axes, 1, 2)
    size = positions(draw, options["kernel_size"], dilation, axes, room=2)
    return f"ConvLSTM{axes}D", options, (draw(st.integers(1, 3)), *size, draw(st.integers(1, 4)))


@st.composite
def keras_attention(draw: Draw, name: str) -> Drawn:
    """Attention without projections."""
    options: dict[str, Any] = {}
    option(draw, options, "use_scale", FLAG)
    if name == "Attention":
        option(draw, options, "score_mode", st.sampled_from(["dot", "concat"]))
    queries, values, width = draw(SMALL), draw(SMALL), draw(SMALL)
    x, y = (queries, width), (values, width)
    wide = (values, draw(SMALL))
    return name, options, draw(st.sampled_from([(x, y), (x, wide, y)]))


@st.composite
def keras_over_axes(draw: Draw) -> Drawn:
    """Attention over some axes of many."""
    x = draw(shape(3, 4))
    options: dict[str, Any] = {"num_heads": draw(st.integers(1, 3)), "key_dim": draw(SMALL)}
    option(draw, options, "use_bias", FLAG)
    option(draw, options, "value_dim", SMALL)
    option(draw, options, "output_shape", st.one_of(SMALL, st.lists(SMALL, min_size=2, max_size=2)))
    places = list(range(1, len(x)))
    some = st.lists(st.sampled_from(places), min_size=1, unique=True).map(sorted)
    over = option(draw, options, "attention_axes", some) or places
    y = (*(draw(SMALL) if k in over else n for k, n in enumerate(x[:-1], 1)), draw(SMALL))
    return "MultiHeadAttention", options, draw(st.sampled_from([(x, x), (x, y)]))


@st.composite
def keras_recurrent(draw: Draw, name: str) -> Drawn:
    options: dict[str, Any] = {"units": draw(SMALL)}
    option(draw, options, "use_bias", FLAG)
    option(draw, options, "return_sequences", FLAG)
    if name == "GRU":
        option(draw, options, "reset_after", FLAG)
    return name, options, draw(shape(2, 2))


@st.composite
def keras_cells(draw: Draw) -> Drawn:
    """A cell, or several, over a sequence; or of one step."""
    count = draw(st.integers(1, 3))
    cells = []
    for _ in range(count):
        name, options, _ = draw(st.sampled_from(RECURRENT).flatmap(keras_recurrent))
        options.pop("return_sequences", None)
        cells.append({"class_name": f"{name}Cell", "config": options})
    stack = {"class_name": "StackedRNNCells", "config": {"cells": cells}}
    cell = cells[0] if count == 1 else stack
    options = {"cell": cell if count == 1 or draw(FLAG) else cells}
    option(draw, options, "return_sequences", FLAG)
    return "RNN", options, draw(shape(2, 2))


@st.composite
def keras_bidirectional(draw: Draw) -> Drawn:
    forward = draw(st.sampled_from(RECURRENT).flatmap(keras_recurrent))
    size = forward[2]
    options: dict[str, Any] = {"layer": inner(forward)}
    option(draw, options, "merge_mode", st.sampled_from(["concat", "sum", "mul", "ave", None]))
    return "Bidirectional", options, size


@st.composite
def keras_two_ways(draw: Draw) -> Drawn:
    """Another net backwards than forwards."""
    first, second = (draw(st.sampled_from(RECURRENT).flatmap(keras_recurrent)) for _ in range(2))
    sequences = {"return_sequences": draw(FLAG)}
    back = {**sequences, "units": first[1]["units"], "go_backwards": True}
    options: dict[str, Any] = {
        "layer": inner(first, **sequences),
        "backward_layer": inner(second, **back),
    }
    option(draw, options, "merge_mode", st.sampled_from(["concat", "sum", "mul", "ave", None]))
    return "Bidirectional", options, first[2]


TIMED = ("dense", "embed", "bn", "layernorm", "conv 1D", "conv 2D", "depthwise", "separable",
         "conv_transpose 1D", "einsum_dense", "lstm", "gru", "maxpool 2D", "prelu", "flatten",
         "globalavgpool", "bidirectional")  # fmt: skip


@st.composite
def keras_timed(draw: Draw, names: tuple[str, ...]) -> Drawn:
    net = draw(st.sampled_from(names).flatmap(lambda name: KERAS[name]))
    assume(net[1].get("merge_mode", "") is not None)  # Keras has one output there
    assume(not net[0].endswith("Transpose"))
    return "TimeDistributed", {"layer": inner(net)}, (draw(st.integers(1, 4)), *net[2])


def keras_free(name: str, low: int = 1, **options: Any) -> st.SearchStrategy[Drawn]:
    """A layer without weights."""
    return shape(low).map(lambda size: (name, options, size))


KERAS: dict[str, st.SearchStrategy[Drawn]] = {
    "attend": keras_attend(),
    "attend grouped": keras_grouped(),
    "attend over axes": keras_over_axes(),
    "avgpool 1D": keras_pool("Average", 1),
    "avgpool 2D": keras_pool("Average", 2),
    "avgpool 3D": keras_pool("Average", 3),
    "bidirectional": keras_bidirectional(),
    "bn": keras_norm("BatchNormalization"),
    "conv 1D": keras_conv(1),
    "conv 2D": keras_conv(2),
    "conv 3D": keras_conv(3),
    "conv_lstm 1D": keras_conv_lstm(1),
    "conv_lstm 2D": keras_conv_lstm(2),
    "conv_lstm 3D": keras_conv_lstm(3),
    "conv_transpose 1D": keras_conv_transpose(1),
    "conv_transpose 2D": keras_conv_transpose(2),
    "conv_transpose 3D": keras_conv_transpose(3),
    "dense": keras_dense(),
    "depthwise": st.sampled_from([1, 2]).flatmap(lambda n: keras_conv(n, "DepthwiseConv")),
    "dropout": keras_free("Dropout", rate=0.5),
    "einsum_dense": keras_einsum(),
    "embed": keras_embed(),
    "flatten": keras_free("Flatten"),
    "globalavgpool": keras_global("Average"),
    "globalmaxpool": keras_global("Max"),
    "groupnorm": keras_norm("GroupNormalization"),
    "gru": keras_recurrent("GRU"),
    "id": keras_free("Identity"),
    "layernorm": keras_norm("LayerNormalization"),
    "linear": keras_linear(),
    "lora": keras_lora(),
    "lstm": keras_recurrent("LSTM"),
    "maxpool 1D": keras_pool("Max", 1),
    "maxpool 2D": keras_pool("Max", 2),
    "maxpool 3D": keras_pool("Max", 3),
    "prelu": keras_prelu(),
    "rmsnorm": keras_norm("RMSNormalization"),
    "rnn": keras_recurrent("SimpleRNN"),
    "separable": st.sampled_from([1, 2]).flatmap(lambda n: keras_conv(n, "SeparableConv")),
    "spectralnorm": keras_spectral(),
    "standardize": keras_standardize(),
    "unitnorm": keras_norm("UnitNormalization"),
}

#: Layers that are several kinds.
COMPOSED: dict[str, st.SearchStrategy[Drawn]] = {
    "additive attention": keras_attention("AdditiveAttention"),
    "attention without projections": keras_attention("Attention"),
    "cells": keras_cells(),
    "two ways": keras_two_ways(),
    "every step": keras_timed(TIMED),
}
