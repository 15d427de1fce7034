"""Attention and Transformers of Keras and torch in the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .written import Options, call, entrance, product

Axes = Sequence[Any]


def written_out(
    inputs: Mapping[str, Axes],
    widths: tuple[int, int, int, int],
    proj: str,
    heads: int,
    kv_heads: int | None = None,
    gate: bool = False,
    added: bool = False,
) -> str:
    """``attend`` with its projections, where no library block says it.

    Args:
        inputs: the axes of ``x``, ``keys`` and ``values``; one that is not there is another's.
        widths: what queries, keys, values and the output have.
        proj: the kind of the projections.
        gate: whether the queries' input makes a factor of what was attended.
        added: whether a learned key and value stand behind the others.
    """
    query, key, value, out = widths
    values = "values" if "values" in inputs else "x"
    keys = "keys" if "keys" in inputs else values
    lines = [f"{name} = {entrance('input', axes)}" for name, axes in inputs.items()]
    lines.append(f"q = x -> {call(proj, query)}")
    k, v = f"{keys} -> {call(proj, key)}", f"{values} -> {call(proj, value)}"
    if added:
        lines += [f"weight bias_k[1, {key}]", f"weight bias_v[1, {value}]"]
        k, v = f"cat(({k}), bias_k, axis = 0)", f"cat(({v}), bias_v, axis = 0)"
    lines.append(f"k = {k}")
    if gate:
        lines.append(f"g = x -> {call(proj, value)} -> sigmoid")
    lines.append(f"v = {v}")
    attended = call("attend", "q", "k", "v", heads=heads, kv_heads=kv_heads)
    lines.append(f"{attended}{' * g' if gate else ''} -> {call(proj, out)}")
    return "{ " + "; ".join(lines) + " }"


# --- Keras: shapes of query, value and perhaps key ---------------------------


def keras_attention(model: str, take: Options, shapes: Sequence[Axes]) -> str:
    """A layer of attention over several inputs."""
    if model in ("Attention", "AdditiveAttention"):
        return _weightless(model, take, shapes)
    proj = "linear" if take("use_bias") is False else "dense"
    if take("trainable") is False:
        proj = f"frozen_{proj}"
    gate = take("use_gate", False)
    x, values, *rest = shapes
    if model == "GroupQueryAttention":
        heads, kv_heads = take("num_query_heads"), take("num_key_value_heads")
        head = value = take("head_dim")
        out: Any = None
    else:
        heads, kv_heads = take("num_heads"), None
        head = take("key_dim")
        value, out = take("value_dim") or head, take("output_shape")
    over = take("attention_axes")
    alike = value == head and out is None and not gate
    if alike and all(s == x for s in shapes):
        net = call("attention", heads, kv=kv_heads, head=head, proj=proj)
        if over and len(over) > 1:  # positions of several axes are one sequence
            assert over == list(range(1, len(x)))
            net = f"{call('reshape', product(x[:-1]), x[-1])} -> {net} -> {call('reshape', *x)}"
        return f"{entrance('input', x)} -> {net}"
    if alike and kv_heads is None and not rest:
        lines = [f"x = {entrance('input', x)}", f"y = {entrance('input', values)}"]
        lines.append(f"x -> {call('cross_attention', heads, 'y', head=head, proj=proj)}")
        return "{ " + "; ".join(lines) + " }"
    shape = [x[-1]] if out is None else out if isinstance(out, list) else [out]
    inputs = {"x": x, "values": values, **({"keys": rest[0]} if rest else {})}
    kv = heads if kv_heads is None else kv_heads
    widths = (heads * head, kv * head, kv * value, product(shape))
    if gate:
        assert kv == heads, "a gate is as wide as what was attended"
    net = written_out(inputs, widths, proj, heads, kv_heads, gate)
    return f"{net} -> {call('reshape', *x[:-1], *shape)}" if len(shape) > 1 else net


def _weightless(model: str, take: Options, shapes: Sequence[Axes]) -> str:
    """Attention without projections."""
    x, values, *rest = shapes
    inputs = {"x": x, "y": values, **({"z": rest[0]} if rest else {})}
    lines = [f"{name} = {entrance('input', axes)}" for name, axes in inputs.items()]
    keys = "z" if rest else "y"
    if model == "AdditiveAttention":
        lines.append(f"weight scale[{x[-1]}]")
        lines.append(f"(((x, {keys}) -> added(scale)), y) -> weighed")
    elif take("score_mode") == "concat":
        lines.append("weight concat_score_weight[1]")
        lines.append(f"(((x, {keys}) -> added(concat_score_weight)), y) -> weighed")
    elif take("use_scale"):
        lines += ["weight scale[1]", f"attend(x * scale, {keys}, y)"]
    else:
        lines.append(f"attend(x, {keys}, y)")
    return "{ " + "; ".join(lines) + " }"


# --- torch: shapes of query, key and value; of source and target -------------


def torch_attention(take: Options, shapes: Sequence[Axes]) -> str:
    """``nn.MultiheadAttention``."""
    width, heads = take("embed_dim"), take("num_heads")
    take("kdim"), take("vdim")  # as the inputs say
    proj = "linear" if take("bias") is False else "dense"
    added = take("add_bias_kv", False)
    x, keys, values = shapes
    if not added and x == keys == values:
        return f"{entrance('input', x)} -> {call('attention', heads, proj=proj)}"
    inputs = {"x": x, "keys": keys, "values": values}
    return written_out(inputs, (width,) * 4, proj, heads, added=added)


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
