"""Layers drawn by hypothesis, as a framework is asked for them: (class, arguments, input).

Every table goes from a layer kind of the language, perhaps with a word that
tells several strategies apart, to a strategy. Sizes are small, and an input is
always large enough for the window that goes over it. The draws are the same in
every run.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from .written import each

#: Class, arguments, the shape of the input or of each input.
Drawn: TypeAlias = tuple[str, dict[str, Any], tuple[Any, ...]]
Draw: TypeAlias = st.DrawFn

#: Reproducible everywhere: no clock, no seed, no data base of earlier failures.
EXAMPLES = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

SMALL = st.integers(1, 9)
FLAG = st.booleans()


def option(draw: Draw, options: dict[str, Any], name: str, strategy: st.SearchStrategy[Any]) -> Any:
    """Give an argument half of the time, so that defaults are tested as well."""
    if draw(FLAG):
        options[name] = draw(strategy)
    return options.get(name)


def one_or_each(draw: Draw, axes: int, low: int, high: int) -> Any:
    """One size for all axes, or one for each."""
    if draw(FLAG):
        return draw(st.integers(low, high))
    return [draw(st.integers(low, high)) for _ in range(axes)]


def positions(draw: Draw, kernel: Any, dilation: Any, axes: int) -> tuple[int, ...]:
    """Axes into which a window fits."""
    reach = zip(each(kernel, axes), each(dilation, axes), strict=True)
    return tuple(draw(st.integers(d * (k - 1) + 1, d * (k - 1) + 6)) for k, d in reach)


def kinds_of(table: dict[str, st.SearchStrategy[Drawn]]) -> set[str]:
    """The layer kinds of a table."""
    return {name.split()[0] for name in table}


def shape(low: int = 1, high: int = 4) -> st.SearchStrategy[tuple[int, ...]]:
    """A shape of a few small axes."""
    return st.lists(st.integers(1, 6), min_size=low, max_size=high).map(tuple)


#: (size, kernel, stride, dilation) of a window over one axis, all of them.
WINDOWS = [
    (n, k, s, d)
    for n in (1, 2, 3, 5, 8, 9)
    for k in (1, 2, 3, 4, 5)
    for s in (1, 2, 3, 4)
    for d in (1, 2, 3)
]


# --- Keras ------------------------------------------------------------------


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


@st.composite
def keras_norm(draw: Draw, name: str) -> Drawn:
    options: dict[str, Any] = {}
    if name != "RMSNormalization":
        option(draw, options, "scale", FLAG)
        option(draw, options, "center", FLAG)
        option(draw, options, "axis", st.just(-1))
    return name, options, draw(shape())


@st.composite
def keras_recurrent(draw: Draw, name: str) -> Drawn:
    options: dict[str, Any] = {"units": draw(SMALL)}
    option(draw, options, "use_bias", FLAG)
    option(draw, options, "return_sequences", FLAG)
    if name == "GRU":
        option(draw, options, "reset_after", FLAG)
    return name, options, draw(shape(2, 2))


@st.composite
def keras_bidirectional(draw: Draw) -> Drawn:
    name = draw(st.sampled_from(["SimpleRNN", "LSTM", "GRU"]))
    _, config, size = draw(keras_recurrent(name))
    options: dict[str, Any] = {"layer": {"class_name": name, "config": config}}
    option(draw, options, "merge_mode", st.sampled_from(["concat", "sum", "mul", "ave", None]))
    return "Bidirectional", options, size


def keras_free(name: str, low: int = 1, **options: Any) -> st.SearchStrategy[Drawn]:
    """A layer without weights."""
    return shape(low).map(lambda size: (name, options, size))


KERAS: dict[str, st.SearchStrategy[Drawn]] = {
    "attend": keras_attend(),
    "attend grouped": keras_grouped(),
    "attend plain": keras_attend(plain=True),
    "avgpool 1D": keras_pool("Average", 1),
    "avgpool 2D": keras_pool("Average", 2),
    "avgpool 3D": keras_pool("Average", 3),
    "bidirectional": keras_bidirectional(),
    "bn": keras_norm("BatchNormalization"),
    "conv 1D": keras_conv(1),
    "conv 2D": keras_conv(2),
    "conv 3D": keras_conv(3),
    "conv depthwise": st.sampled_from([1, 2]).flatmap(lambda n: keras_conv(n, "DepthwiseConv")),
    "conv separable": st.sampled_from([1, 2]).flatmap(lambda n: keras_conv(n, "SeparableConv")),
    "conv_transpose 1D": keras_conv_transpose(1),
    "conv_transpose 2D": keras_conv_transpose(2),
    "conv_transpose 3D": keras_conv_transpose(3),
    "dense": keras_dense(),
    "dropout": keras_free("Dropout", rate=0.5),
    "embed": keras_embed(),
    "flatten": keras_free("Flatten"),
    "globalavgpool": keras_global("Average"),
    "globalmaxpool": keras_global("Max"),
    "gru": keras_recurrent("GRU"),
    "id": keras_free("Identity"),
    "layernorm": keras_norm("LayerNormalization"),
    "linear": keras_linear(),
    "lstm": keras_recurrent("LSTM"),
    "maxpool 1D": keras_pool("Max", 1),
    "maxpool 2D": keras_pool("Max", 2),
    "maxpool 3D": keras_pool("Max", 3),
    "rmsnorm": keras_norm("RMSNormalization"),
    "rnn": keras_recurrent("SimpleRNN"),
}


# --- torch, with the batch in front and channels first ----------------------


@st.composite
def torch_dense(draw: Draw) -> Drawn:
    size = draw(shape())
    options: dict[str, Any] = {"in_features": size[-1], "out_features": draw(SMALL)}
    option(draw, options, "bias", FLAG)
    return "Linear", options, (2, *size)


@st.composite
def torch_embed(draw: Draw) -> Drawn:
    options = {"num_embeddings": draw(SMALL), "embedding_dim": draw(SMALL)}
    return "Embedding", options, (2, *draw(shape(1, 3)))


@st.composite
def torch_conv(draw: Draw, axes: int) -> Drawn:
    groups = draw(st.integers(1, 3))
    channels = groups * draw(st.integers(1, 4))
    options: dict[str, Any] = {
        "in_channels": channels,
        "out_channels": groups * draw(st.integers(1, 4)),
        "kernel_size": one_or_each(draw, axes, 1, 4),
        "groups": groups,
    }
    option(draw, options, "bias", FLAG)
    dilation = option(draw, options, "dilation", st.just(one_or_each(draw, axes, 1, 3))) or 1
    if draw(FLAG):
        options["stride"] = one_or_each(draw, axes, 1, 3)
    paddings = ["valid", one_or_each(draw, axes, 0, 3), one_or_each(draw, axes, 1, 2)]
    if "stride" not in options:  # torch has 'same' without strides only
        paddings.append("same")
    option(draw, options, "padding", st.sampled_from(paddings))
    size = positions(draw, options["kernel_size"], dilation, axes)
    return f"Conv{axes}d", options, (2, channels, *size)


@st.composite
def torch_conv_transpose(draw: Draw, axes: int) -> Drawn:
    groups = draw(st.integers(1, 3))
    channels = groups * draw(st.integers(1, 4))
    kernel = one_or_each(draw, axes, 1, 4)
    options: dict[str, Any] = {
        "in_channels": channels,
        "out_channels": groups * draw(st.integers(1, 4)),
        "kernel_size": kernel,
        "groups": groups,
    }
    option(draw, options, "bias", FLAG)
    stride = option(draw, options, "stride", st.just(one_or_each(draw, axes, 1, 3))) or 1
    dilation = option(draw, options, "dilation", st.just(one_or_each(draw, axes, 1, 3))) or 1
    if draw(FLAG):
        options["padding"] = one_or_each(draw, axes, 0, 2)
    if draw(FLAG):  # less than a step of one of both, torch says
        steps = zip(each(stride, axes), each(dilation, axes), strict=True)
        options["output_padding"] = [draw(st.integers(0, max(pair) - 1)) for pair in steps]
    size = tuple(draw(st.integers(1, 6)) for _ in range(axes))
    left = [
        (n - 1) * s + d * (k - 1) + 1 - 2 * p + e
        for n, s, d, k, p, e in zip(
            size,
            each(stride, axes),
            each(dilation, axes),
            each(kernel, axes),
            each(options.get("padding", 0), axes),
            each(options.get("output_padding", 0), axes),
            strict=True,
        )
    ]
    assume(min(left) > 0)
    return f"ConvTranspose{axes}d", options, (2, channels, *size)


@st.composite
def torch_attend(draw: Draw) -> Drawn:
    heads = draw(st.integers(1, 3))
    options: dict[str, Any] = {"num_heads": heads, "embed_dim": heads * draw(st.integers(1, 4))}
    option(draw, options, "bias", FLAG)
    option(draw, options, "add_bias_kv", FLAG)
    queries, values = draw(SMALL), draw(SMALL)
    widths = [options["embed_dim"]] * 3
    if draw(FLAG):
        widths[1:] = options["kdim"], options["vdim"] = draw(SMALL), draw(SMALL)
    if option(draw, options, "batch_first", FLAG):
        sizes = ((2, n, w) for n, w in zip((queries, values, values), widths, strict=True))
    else:
        sizes = ((n, 2, w) for n, w in zip((queries, values, values), widths, strict=True))
    return "MultiheadAttention", options, tuple(sizes)


@st.composite
def torch_pool(draw: Draw, name: str, axes: int) -> Drawn:
    kernel = one_or_each(draw, axes, 1, 4)
    options: dict[str, Any] = {"kernel_size": kernel}
    if draw(FLAG):
        options["stride"] = one_or_each(draw, axes, 1, 3)
    # At most half of the window, torch says.
    option(draw, options, "padding", st.just([k // 2 for k in each(kernel, axes)]))
    return f"{name}Pool{axes}d", options, (2, draw(SMALL), *positions(draw, kernel, 1, axes))


@st.composite
def torch_global(draw: Draw, name: str) -> Drawn:
    axes = draw(st.integers(1, 3))
    size = draw(shape(axes + 1, axes + 1))
    return f"Adaptive{name}Pool{axes}d", {"output_size": 1}, (2, *size)


@st.composite
def torch_bn(draw: Draw) -> Drawn:
    axes = draw(st.integers(1, 3))
    size = draw(shape(axes + 1, axes + 1))
    options: dict[str, Any] = {"num_features": size[0]}
    option(draw, options, "affine", FLAG)
    option(draw, options, "track_running_stats", FLAG)
    return f"BatchNorm{axes}d", options, (2, *size)


@st.composite
def torch_norm(draw: Draw, name: str) -> Drawn:
    size = draw(shape())
    options: dict[str, Any] = {"normalized_shape": draw(st.sampled_from([size[-1], [size[-1]]]))}
    option(draw, options, "elementwise_affine", FLAG)
    if name == "LayerNorm":
        option(draw, options, "bias", FLAG)
    return name, options, (2, *size)


@st.composite
def torch_recurrent(draw: Draw, name: str, directions: tuple[bool, ...] = (False,)) -> Drawn:
    if draw(st.integers(0, 4)) == 0 and directions == (False,):
        options: dict[str, Any] = {"input_size": draw(SMALL), "hidden_size": draw(SMALL)}
        option(draw, options, "bias", FLAG)
        return f"{name}Cell", options, (2, options["input_size"])
    options = {"input_size": draw(SMALL), "hidden_size": draw(SMALL)}
    option(draw, options, "bias", FLAG)
    option(draw, options, "num_layers", st.integers(1, 3))
    if draw(st.sampled_from(directions)):
        options["bidirectional"] = True
    steps = draw(SMALL)
    if option(draw, options, "batch_first", FLAG):
        return name, options, (2, steps, options["input_size"])
    return name, options, (steps, 2, options["input_size"])


def torch_free(name: str, low: int = 1, **options: Any) -> st.SearchStrategy[Drawn]:
    """A module without weights."""
    return shape(low).map(lambda size: (name, options, (2, *size)))


TORCH: dict[str, st.SearchStrategy[Drawn]] = {
    "attend": torch_attend(),
    "avgpool 1d": torch_pool("Avg", 1),
    "avgpool 2d": torch_pool("Avg", 2),
    "avgpool 3d": torch_pool("Avg", 3),
    "bidirectional": st.sampled_from(["RNN", "LSTM", "GRU"]).flatmap(
        lambda name: torch_recurrent(name, (True,))
    ),
    "bn": torch_bn(),
    "conv 1d": torch_conv(1),
    "conv 2d": torch_conv(2),
    "conv 3d": torch_conv(3),
    "conv_transpose 1d": torch_conv_transpose(1),
    "conv_transpose 2d": torch_conv_transpose(2),
    "conv_transpose 3d": torch_conv_transpose(3),
    "dense": torch_dense(),
    "dropout": torch_free("Dropout", p=0.5),
    "embed": torch_embed(),
    "flatten": torch_free("Flatten"),
    "globalavgpool": torch_global("Avg"),
    "globalmaxpool": torch_global("Max"),
    "gru": torch_recurrent("GRU"),
    "id": torch_free("Identity"),
    "layernorm": torch_norm("LayerNorm"),
    "lstm": torch_recurrent("LSTM"),
    "maxpool 1d": torch_pool("Max", 1),
    "maxpool 2d": torch_pool("Max", 2),
    "maxpool 3d": torch_pool("Max", 3),
    "rmsnorm": torch_norm("RMSNorm"),
    "rnn": torch_recurrent("RNN"),
}
