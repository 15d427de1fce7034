"""Modules of torch, drawn: with the batch in front and channels first."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, strategies as st

from .drawn import FLAG, SMALL, Draw, Drawn, one_or_each, option, positions, shape
from .written import each


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
def torch_bn(draw: Draw, name: str) -> Drawn:
    axes = draw(st.integers(1, 3))
    lazy = draw(FLAG)
    size = draw(shape(axes + 1, axes + 1))
    assume(name != "InstanceNorm" or max(size[1:]) > 1)  # torch wants two values to compare
    options: dict[str, Any] = {} if lazy else {"num_features": size[0]}
    option(draw, options, "affine", FLAG)
    option(draw, options, "track_running_stats", FLAG)
    option(draw, options, "bias", FLAG)
    if name == "SyncBatchNorm" and not lazy:
        return name, options, (2, *size)
    if name == "SyncBatchNorm":
        name = "BatchNorm"
    return f"{'Lazy' * lazy}{name}{axes}d", options, (2, *size)


@st.composite
def torch_norm(draw: Draw, name: str) -> Drawn:
    size = draw(shape())
    last = size[-draw(st.integers(1, len(size))) :]
    options: dict[str, Any] = {"normalized_shape": list(last)}
    if len(last) == 1 and draw(FLAG):
        options["normalized_shape"] = last[0]
    option(draw, options, "elementwise_affine", FLAG)
    if name == "LayerNorm":
        option(draw, options, "bias", FLAG)
    return name, options, (2, *size)


@st.composite
def torch_groupnorm(draw: Draw) -> Drawn:
    groups = draw(st.integers(1, 4))
    channels = groups * draw(st.integers(1, 4))
    options: dict[str, Any] = {"num_groups": groups, "num_channels": channels}
    option(draw, options, "affine", FLAG)
    option(draw, options, "bias", FLAG)
    return "GroupNorm", options, (2, channels, *draw(shape(1, 3)))


@st.composite
def torch_prelu(draw: Draw) -> Drawn:
    size = draw(shape())
    options: dict[str, Any] = {}
    option(draw, options, "num_parameters", st.sampled_from([1, size[0]]))
    return "PReLU", options, (2, *size)


@st.composite
def torch_response(draw: Draw) -> Drawn:
    return "LocalResponseNorm", {"size": draw(SMALL)}, (2, *draw(shape(2, 4)))


@st.composite
def torch_bilinear(draw: Draw) -> Drawn:
    first, second = draw(SMALL), draw(SMALL)
    places = draw(shape(1, 2)) if draw(FLAG) else ()
    options = {"in1_features": first, "in2_features": second, "out_features": draw(SMALL)}
    option(draw, options, "bias", FLAG)
    return "Bilinear", options, ((2, *places, first), (2, *places, second))


@st.composite
def torch_bag(draw: Draw) -> Drawn:
    options: dict[str, Any] = {"num_embeddings": draw(SMALL), "embedding_dim": draw(SMALL)}
    option(draw, options, "mode", st.sampled_from(["sum", "mean", "max"]))
    return "EmbeddingBag", options, (2, draw(SMALL))


@st.composite
def torch_adaptive(draw: Draw) -> Drawn:
    ends = sorted(draw(st.sets(st.integers(1, 60), min_size=2, max_size=5)))
    options: dict[str, Any] = {
        "in_features": draw(st.integers(1, 300)),
        "n_classes": ends[-1],
        "cutoffs": ends[:-1],
    }
    option(draw, options, "div_value", st.sampled_from([1.0, 2.0, 2.5, 3, 4.0]))
    option(draw, options, "head_bias", FLAG)
    return "AdaptiveLogSoftmaxWithLoss", options, ((3, options["in_features"]), (3,))


@st.composite
def torch_fold(draw: Draw) -> Drawn:
    kernel = one_or_each(draw, 2, 1, 3)
    options: dict[str, Any] = {"kernel_size": kernel}
    stride = option(draw, options, "stride", st.just(one_or_each(draw, 2, 1, 3))) or 1
    dilation = option(draw, options, "dilation", st.just(one_or_each(draw, 2, 1, 2))) or 1
    pad = option(draw, options, "padding", st.just(one_or_each(draw, 2, 0, 1))) or 0
    size = options["output_size"] = positions(draw, kernel, dilation, 2)
    places, values = 1, draw(st.integers(1, 4))
    rows = zip(size, each(kernel, 2), each(stride, 2), each(dilation, 2), each(pad, 2), strict=True)
    for n, k, s, d, p in rows:
        places *= (n + 2 * p - d * (k - 1) - 1) // s + 1
        values *= k
    return "Fold", options, (2, values, places)


@st.composite
def torch_parametrized(draw: Draw, name: str) -> Drawn:
    bases = [torch_dense(), *(torch_conv(n) for n in (1, 2, 3))]
    bases += [torch_conv_transpose(n) for n in (1, 2, 3)]
    bases += [torch_embed()]
    base, options, size = draw(st.one_of(bases))
    given = {"base": base, **options}
    if name == "weight_norm":
        dims = [0, None] + [1] * (options.get("groups", 1) == 1 or "Transpose" not in base)
        option(draw, given, "dim", st.sampled_from(dims))
    elif name == "orthogonal":
        option(draw, given, "use_trivialization", FLAG)
    return f"parametrizations.{name}", given, size


@st.composite
def torch_transformer(draw: Draw) -> Drawn:
    heads = draw(st.integers(1, 3))
    width = heads * draw(st.integers(1, 3))
    options: dict[str, Any] = {"d_model": width, "nhead": heads, "dim_feedforward": draw(SMALL)}
    option(draw, options, "bias", FLAG)
    option(draw, options, "norm_first", FLAG)
    option(draw, options, "activation", st.sampled_from(["relu", "gelu"]))
    option(draw, options, "batch_first", FLAG)
    many = draw(SMALL), draw(SMALL)
    first = options.get("batch_first")
    source, target = ((2, n, width) if first else (n, 2, width) for n in many)
    name = draw(st.sampled_from(["Encoder", "Decoder", ""]))
    if name == "Encoder":
        return "TransformerEncoderLayer", options, source
    if name == "Decoder":
        return "TransformerDecoderLayer", options, (target, source)
    options |= {"num_encoder_layers": draw(st.integers(1, 2))}
    options |= {"num_decoder_layers": draw(st.integers(1, 2))}
    return "Transformer", options, (source, target)


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
    if name == "LSTM" and options["hidden_size"] > 1:
        option(draw, options, "proj_size", st.integers(0, options["hidden_size"] - 1))
    steps = draw(SMALL)
    if option(draw, options, "batch_first", FLAG):
        return name, options, (2, steps, options["input_size"])
    return name, options, (steps, 2, options["input_size"])


def torch_free(name: str, low: int = 1, **options: Any) -> st.SearchStrategy[Drawn]:
    """A module without weights."""
    return shape(low).map(lambda size: (name, options, (2, *size)))


TORCH: dict[str, st.SearchStrategy[Drawn]] = {
    "adaptive_softmax": torch_adaptive(),
    "attend": torch_attend(),
    "attend transformer": torch_transformer(),
    "avgpool 1d": torch_pool("Avg", 1),
    "avgpool 2d": torch_pool("Avg", 2),
    "avgpool 3d": torch_pool("Avg", 3),
    "bidirectional": st.sampled_from(["RNN", "LSTM", "GRU"]).flatmap(
        lambda name: torch_recurrent(name, (True,))
    ),
    "bilinear": torch_bilinear(),
    "bn": torch_bn("BatchNorm"),
    "bn sync": torch_bn("SyncBatchNorm"),
    "conv 1d": torch_conv(1),
    "conv 2d": torch_conv(2),
    "conv 3d": torch_conv(3),
    "conv_transpose 1d": torch_conv_transpose(1),
    "conv_transpose 2d": torch_conv_transpose(2),
    "conv_transpose 3d": torch_conv_transpose(3),
    "dense": torch_dense(),
    "dropout": torch_free("Dropout", p=0.5),
    "embed": torch_embed(),
    "embedding_bag": torch_bag(),
    "flatten": torch_free("Flatten"),
    "fold": torch_fold(),
    "globalavgpool": torch_global("Avg"),
    "globalmaxpool": torch_global("Max"),
    "groupnorm": torch_groupnorm(),
    "gru": torch_recurrent("GRU"),
    "id": torch_free("Identity"),
    "instancenorm": torch_bn("InstanceNorm"),
    "layernorm": torch_norm("LayerNorm"),
    "localresponsenorm": torch_response(),
    "lstm": torch_recurrent("LSTM"),
    "maxpool 1d": torch_pool("Max", 1),
    "maxpool 2d": torch_pool("Max", 2),
    "maxpool 3d": torch_pool("Max", 3),
    "orthogonal": torch_parametrized("orthogonal"),
    "prelu": torch_prelu(),
    "rmsnorm": torch_norm("RMSNorm"),
    "rnn": torch_recurrent("RNN"),
    "spectralnorm": torch_parametrized("spectral_norm"),
    "weightnorm": torch_parametrized("weight_norm"),
}
