"""Attention and Transformers of Keras and torch in the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .written import Options, call, entrance, product

Axes = Sequence[Any]


def attended(
    inputs: Mapping[str, Axes], heads: int, options: Mapping[str, Any], shape: Sequence[int] = ()
) -> str:
    """The library's attention over ``x`` and perhaps other ``keys`` and ``values``.

    An output of several axes is made as one, and gets its ``shape`` behind.
    """
    lines = [f"{name} = {entrance('input', axes)}" for name, axes in inputs.items()]
    keys = "keys" if "keys" in inputs else "values" if "values" in inputs else None
    values = "values" if "keys" in inputs and "values" in inputs else None
    net = call("attention", heads, memory=keys, values=values, **options)
    if shape:
        net += f" -> {call('reshape', *shape)}"
    if len(lines) == 1:
        return f"{entrance('input', inputs['x'])} -> {net}"
    return "{ " + "; ".join(lines) + f"; x -> {net} }}"


# --- Keras: shapes of query, value and perhaps key ---------------------------


def keras_attention(model: str, take: Options, shapes: Sequence[Axes]) -> str:
    """A layer of attention over several inputs."""
    if model in ("Attention", "AdditiveAttention"):
        return _weightless(model, take, shapes)
    bias = take("use_bias") is not False
    frozen = take("trainable") is False
    x, values, *rest = shapes
    options: dict[str, Any] = {"bias": bias, "gate": take("use_gate")}
    if model == "GroupQueryAttention":
        heads, options["kv_heads"] = take("num_query_heads"), take("num_key_value_heads")
        options["head_dim"] = take("head_dim")
    else:
        heads, options["head_dim"] = take("num_heads"), take("key_dim")
        options["value_dim"] = take("value_dim")
    out = take("output_shape")
    shape = out if isinstance(out, list) else []
    if out is not None:
        options["out"] = product(shape) if shape else out
    over = take("attention_axes")
    inputs = {"x": x, "values": values, **({"keys": rest[0]} if rest else {})}
    if all(given == x for given in shapes):
        inputs = {"x": x}
    if over and len(over) > 1:  # positions of several axes are one sequence
        assert over == list(range(1, len(x)))
        assert len(inputs) == 1
        net = call("attention", heads, **options)
        flat = call("reshape", product(x[:-1]), x[-1])
        text = f"{entrance('input', x)} -> {flat} -> {net} -> {call('reshape', *x)}"
    else:
        text = attended(inputs, heads, options, [*x[:-1], *shape] if shape else ())
    return f"freeze({text})" if frozen and len(inputs) > 1 else _kept(text, frozen)


def _kept(text: str, frozen: bool) -> str:
    """A chain whose weights training leaves alone."""
    entry, arrow, net = text.partition(" -> ")
    return f"{entry}{arrow}freeze({net})" if frozen else text


def _weightless(model: str, take: Options, shapes: Sequence[Axes]) -> str:
    """Attention without projections."""
    x, values, *rest = shapes
    inputs = {"x": x, "y": values, **({"z": rest[0]} if rest else {})}
    lines = [f"{name} = {entrance('input', axes)}" for name, axes in inputs.items()]
    keys, given = "z" if rest else "y", "y" if rest else None
    scale = take("use_scale", None)
    if model == "AdditiveAttention":
        net = call("additive_attention", keys, values=given, scale=scale)
    elif take("score_mode") == "concat":
        net = call("concat_attention", keys, "y", scale=scale)
    else:
        net = call("dot_product_attention", keys, values=given, scale=scale)
    return "{ " + "; ".join(lines) + f"; x -> {net} }}"


# --- torch: shapes of query, key and value; of source and target -------------


def torch_attention(take: Options, shapes: Sequence[Axes]) -> str:
    """``nn.MultiheadAttention``."""
    width, heads = take("embed_dim"), take("num_heads")
    take("kdim"), take("vdim")  # as the inputs say
    options = {"bias": take("bias") is not False, "bias_kv": take("add_bias_kv")}
    take("add_zero_attn")
    x, keys, values = shapes
    assert x[-1] == width
    if x == keys == values:
        return attended({"x": x}, heads, options)
    return attended({"x": x, "keys": keys, "values": values}, heads, options)


def transformer(model: str, take: Options, shapes: Sequence[Axes]) -> str:
    """``nn.Transformer``, its stacks, and their layers."""
    if model == "Transformer":
        before, after = take("num_encoder_layers", 6), take("num_decoder_layers", 6)
        layer, norm = _layer(take)
        chains = (
            f"{layer('encoder_layer')} * {before} -> {norm}",
            f"{layer('decoder_layer', 'memory')} * {after} -> {norm}",
        )
    else:
        own = take if model.endswith("Layer") else Options(take("_layer"))
        layer, norm = _layer(own)
        own.done(model)
        one = layer("encoder_layer") if len(shapes) == 1 else layer("decoder_layer", "memory")
        times = take("num_layers")
        chain = one if times is None else f"{one} * {times}"
        chain += f" -> {norm}" if take("norm") else ""
        chains = ("id", chain)
        if len(shapes) == 1:
            return f"{entrance('input', shapes[0])} -> {chain}"
        shapes = shapes[::-1]  # a decoder's are target and memory
    source, target = (entrance("input", axes) for axes in shapes)
    return f"{{ memory = {source} -> {chains[0]}; {target} -> {chains[1]} }}"


def _layer(take: Options) -> tuple[Callable[..., str], str]:
    """A call of a library block, given its name and memory; and the norm behind a stack."""
    take("d_model")
    bare = take("bias") is False
    heads, inner = take("nhead"), take("dim_feedforward", 2048)
    wrap = "pre_norm" if take("norm_first") else "post_norm"
    options = {
        "wrap": f"bare_{wrap}" if bare else wrap,
        "act": take("activation"),
        "proj": "linear" if bare else "dense",
    }

    def layer(block: str, *memory: str) -> str:
        return call(block, heads, inner, *memory, **options)

    return layer, "layernorm(shift = no)" if bare else "layernorm"
