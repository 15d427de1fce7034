"""Modules that texts are held against: one that is right, and others with one fault each."""

from __future__ import annotations

from typing import Any

#: What `decoder` is without a fault.
TEXT = """\
model net(h = 64, l = 2, f = 4*h, V = 100) = {
    shared E = embed(V, h)
    tokens(7) -> E
    -> (residual(layernorm -> attention(1, bias = yes))
        -> residual(layernorm -> dense(f) -> gelu -> dense(h))) * l
    -> layernorm -> E.T
}
"""


def _nn() -> Any:
    import torch

    return torch.nn


def layer(
    h: int, f: int, fused: bool = False, key_bias: bool = True, last_bias: bool = True
) -> Any:
    nn = _nn()
    attention = nn.Module()
    if fused:
        attention.qkv = nn.Linear(h, 3 * h)
    else:
        attention.q = nn.Linear(h, h)
        attention.k = nn.Linear(h, h, bias=key_bias)
        attention.v = nn.Linear(h, h)
    attention.o = nn.Linear(h, h)
    mlp = nn.Module()
    mlp.up, mlp.down = nn.Linear(h, f), nn.Linear(f, h, bias=last_bias)
    made = nn.Module()
    made.attn, made.mlp = attention, mlp
    made.norm1, made.norm2 = nn.LayerNorm(h), nn.LayerNorm(h)
    return made


def decoder(
    h: int,
    l: int,
    f: int,
    V: int,
    tied: bool = True,
    frozen: bool = False,
    only: int | None = None,
    extra: int = 0,
    wider: int = 0,
    **faults: Any,
) -> Any:
    """A small decoder; ``only`` is the layer that has the faults, None for all."""
    nn = _nn()
    made = nn.Module()
    made.emb = nn.Embedding(V, h)
    made.layers = nn.ModuleList(
        layer(h, f + wider, **(faults if only in (None, k) else {})) for k in range(l + extra)
    )
    made.norm = nn.LayerNorm(h)
    made.head = nn.Linear(h, V, bias=False)
    if tied:
        made.head.weight = made.emb.weight
    if frozen:
        made.emb.weight.requires_grad_(False)
    return made


def right(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V)


def fused(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, fused=True)


def no_key_bias(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, key_bias=False)


def no_key_bias_in_one(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, key_bias=False, only=1)


def no_last_bias(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, last_bias=False)


def wider(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, wider=1)


def swapped(h: int, l: int, f: int, V: int) -> Any:
    """The widths of the feed-forward part, the wrong way round."""
    return decoder(f, l, h, V)


def untied(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, tied=False)


def frozen(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, frozen=True)


def one_more(h: int, l: int, f: int, V: int) -> Any:
    return decoder(h, l, f, V, extra=1)


def turned(a: int, b: int) -> Any:
    return _nn().Linear(b, a, bias=False)


def experts(h: int, f: int, n: int) -> Any:
    """Experts as Mixtral's class stacks them."""
    import torch

    nn = _nn()
    made = nn.Module()
    made.gate = nn.Linear(h, n, bias=False)
    made.gate_up_proj = nn.Parameter(torch.empty(n, 2 * f, h))
    made.down_proj = nn.Parameter(torch.empty(n, h, f))
    return made


def patches(h: int, p: int) -> Any:
    return _nn().Conv2d(3, h, p, stride=p)


def patches_as_wide_as_three(h: int, p: int) -> Any:
    """Patches of 3p² = 3h values, as many as a fused query, key and value has rows."""
    nn = _nn()
    attention = nn.MultiheadAttention(h, 1, bias=False)
    return nn.ModuleDict({"patch": nn.Conv2d(3, h, p, bias=False), "attention": attention})


def of_two_widths(d: int) -> Any:
    """Attention of two widths: the fused bias of the wide ones is three of theirs, or six of the
    others.
    """
    nn = _nn()
    narrow = [nn.ModuleDict({w: nn.MultiheadAttention(d, 1) for w in ("window", "grid")})]
    wide = [nn.ModuleDict({w: nn.MultiheadAttention(2 * d, 1) for w in ("window", "grid")})]
    return nn.ModuleList([*narrow, nn.Linear(d, 2 * d), *wide])


def with_index(w: int) -> Any:
    """A table with a buffer of integers that says which rows are meant."""
    import torch

    module = torch.nn.Embedding(w, 3)
    module.register_buffer("index", torch.zeros(w * w, dtype=torch.long))
    return module


def stages(n: list[int], wide: bool, c: int = 8) -> Any:
    """A builder of a list and a flag."""
    nn = _nn()
    return nn.Sequential(
        *(nn.Linear(c, c, bias=wide) for k in n for _ in range(k)), nn.Linear(c, 10)
    )


def in_eights(h: int) -> Any:
    if h % 8:
        raise ValueError(f"h is {h}, which is no multiple of 8")
    return _nn().Linear(3, h)


def on_cpu_only(h: int) -> Any:
    """An initialiser that reads values, which the meta device does not have."""
    made = _nn().Linear(3, h)
    made.bias.data.fill_(made.weight.sum().item())
    return made


def lazy(h: int) -> Any:
    return _nn().LazyLinear(h)


def raising(h: int) -> Any:
    raise KeyError("no such block")


def misspelt(h: int) -> Any:
    return undefined  # type: ignore[name-defined]  # noqa: F821 - that is the case


def widths(hidden: int, layers: int) -> Any:
    return _nn().Linear(hidden, layers)


def width(w: int = 3) -> Any:
    return _nn().Linear(3, w)


def keras_dense(h: int) -> Any:
    import keras

    return keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(h), keras.layers.BatchNormalization()]
    )


def keras_without_bias(h: int) -> Any:
    import keras

    layers = keras.layers
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(h, use_bias=False), layers.BatchNormalization()]
    )


NO_FUNCTION = 3
