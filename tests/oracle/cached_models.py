"""The models of ``facts/kv_cache.csv`` in the language: a model of the zoo, or a few lines.

Lines have what a cache is of, attention and states; sizes are those of the
configurations whose caches were measured (transformers 5.24.0).
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: Layers that see a window, in turn with one that sees all; ``held`` are the positions that the
#: window's layers keep.
TURNS = """
model turns(s, l, h, a, kv, head, near, w, held = w) = {
    block local = residual(attention(a, kv, head_dim = head, causal = yes, window = w, held = held))
    block global = residual(attention(a, kv, head_dim = head, causal = yes))
    input(s, h) -> (local * near -> global) * (l // (near + 1)) -> local * (l % (near + 1))
}
"""

#: Qwen2: a window from some layer on.
FROM_A_LAYER = """
model from_layer(s, l, h, a, kv, first, w, held = w) where l > first = {
    block local = residual(attention(a, kv, causal = yes, window = w, held = held))
    input(s, h) -> residual(attention(a, kv, causal = yes)) * first -> local * (l - first)
}
"""

#: Starcoder: one head of keys and values.
MULTI_QUERY = "model multi_query(s, l, h, a) = input(s, h) -> residual(attention(a, 1)) * l"

#: Mamba-2 (Dao & Gu 2024, arXiv:2405.21060): a state for each head; the convolution runs over
#: channels, B and C.
SSD = """
block ssd(n, groups, heads, head, kernel = 4) on [t, d] = {
    channels = heads*head + 2*groups*n
    linear(channels) -> keep(depthwise(kernel, pad = causal), values = kernel*channels)
    -> linear(heads*head) -> keep(id, values = heads*head*n) -> linear(d)
}
"""
MAMBA_2 = f"""{SSD}
model mamba_2(s, l, h, n, groups, heads, head) =
    input(s, h) -> residual(ssd(n, groups, heads, head)) * l
"""

#: Falcon-H1: attention beside a Mamba-2 in every layer.
BESIDE = f"""{SSD}
model beside(s, l, h, a, kv, head, n, groups, heads, ssm_head) =
    input(s, h) -> (id + attention(a, kv, head_dim = head) + ssd(n, groups, heads, ssm_head)) * l
"""

#: Jamba (Lieber et al. 2024, arXiv:2403.19887): of 8 layers one is attention.
JAMBA = """
model jamba(s, l, h, a, kv, n) where l % 8 == 0 =
    input(s, h) -> (residual(mamba(n)) * 7 -> residual(attention(a, kv))) * (l/8)
"""

#: LFM2: gated short convolutions over three positions, and some attention.
SHORT_CONVOLUTIONS = """
model lfm2(s, l, h, a, kv, short, kernel = 3) = {
    block gated on [t, d] =
        linear(d) * keep(linear(d) -> depthwise(kernel, pad = causal), values = kernel*d)
    input(s, h) -> residual(gated) * short -> residual(attention(a, kv)) * (l - short)
}
"""

#: Qwen3-Next: three gated DeltaNets (Yang et al. 2024, arXiv:2412.06464), then attention.
DELTA = """
model delta(s, l, h, a, kv, head, kh, vh, kd, vd, kernel = 4) where l % 4 == 0 = {
    block net on [t, d] = {
        channels = 2*kh*kd + vh*vd
        linear(channels) -> keep(depthwise(kernel, pad = causal), values = kernel*channels)
        -> linear(vh*vd) -> keep(id, values = vh*kd*vd) -> linear(d)
    }
    input(s, h)
    -> (residual(net) * 3 -> residual(attention(a, kv, head_dim = head))) * (l/4)
}
"""

#: RecurrentGemma (Botev et al. 2024, arXiv:2404.07839): two recurrent layers, then a window; the
#: convolution keeps one value less than its kernel is wide.
GRIFFIN = """
model griffin(s, l, h, a, kv, head, lru, w, held = w, kernel = 4) = {
    block recurrent on [t, d] = linear(lru)
        -> keep(depthwise(kernel, pad = causal), values = (kernel - 1)*lru)
        -> keep(id, values = lru) -> linear(d)
    input(s, h)
    -> (residual(recurrent) * 2
        -> residual(attention(a, kv, head_dim = head, causal = yes, window = w, held = held)))
    * (l // 3)
    -> residual(recurrent) * (l % 3)
}
"""

#: RWKV-4 (Peng et al. 2023, arXiv:2305.13048): the last input of both parts of a layer, and of the
#: weighted mean a numerator, a denominator and the largest exponent.
RWKV = """
block shifted on [t, d] = keep(id, last = 1)
model rwkv(s, l, h) = {
    block time_mix on [t, d] =
        shifted -> (linear(d) * linear(d)) -> keep(id, values = 3*d) -> linear(d)
    block channel_mix on [t, d] = shifted -> linear(4*d) -> linear(d)
    input(s, h) -> (residual(time_mix) -> residual(channel_mix)) * l
}
"""


@dataclass(frozen=True)
class Cached:
    """A model of the table.

    Attributes:
        text: a file of the language, or ``zoo:…``.
        sizes: what its sizes are.
        window: the size that says how many positions a window's layers keep, with the window.
        source: the size of the encoder's positions.
        expanded: whether it has an option for what is written out in the latent's place.
        remark: where the cache of the library is not the paper's.
    """

    text: str
    sizes: dict[str, int] = field(default_factory=dict)
    window: int = 0
    source: str = ""
    expanded: bool = False
    remark: str = ""


def turns(layers: int, h: int, a: int, kv: int, head: int, near: int, w: int) -> Cached:
    sizes = {"l": layers, "h": h, "a": a, "kv": kv, "head": head, "near": near, "w": w}
    return Cached(TURNS, sizes, w)


LLAMA_3 = {"V": 128256, "kv": 8}

MODELS: dict[str, Cached] = {
    "bart-large": Cached("zoo:bart", {"l": 12, "h": 1024, "a": 16}, source="s"),
    "bloom-176b": Cached("zoo:bloom", {"l": 70, "h": 14336, "a": 112}),
    "bloom-560m": Cached("zoo:bloom"),
    "cohere2-7b": turns(32, 4096, 32, 8, 128, 3, 4096),
    "deepseek-v2-lite": Cached("zoo:deepseek", expanded=True),
    "deepseek-v2": Cached(
        "zoo:deepseek", {"l": 60, "h": 5120, "a": 128, "q_rank": 1536}, expanded=True
    ),
    "deepseek-v3": Cached(
        "zoo:deepseek",
        {"V": 129280, "l": 61, "h": 7168, "a": 128, "q_rank": 1536, "first": 3},
        expanded=True,
    ),
    "falcon-40b": Cached(
        "zoo:falcon",
        {"l": 60, "h": 8192, "a": 128, "kv": 8},
        remark="transformers keeps the 8 heads repeated to all 128, 16 times the paper's",
    ),
    "falcon-7b": Cached("zoo:falcon"),
    "falcon-h1-0.5b-like": Cached(
        BESIDE,
        {
            "l": 36, "h": 1024, "a": 8, "kv": 2, "head": 64,
            "n": 128, "groups": 1, "heads": 24, "ssm_head": 64,
        },
    ),
    "gemma-2-2b": turns(26, 2304, 8, 4, 256, 1, 4096),
    "gemma-2-9b": turns(42, 3584, 16, 8, 256, 1, 4096),
    "gemma-3-1b": turns(26, 1152, 4, 1, 256, 5, 512),
    "gemma-3-4b-text": turns(34, 2560, 8, 4, 256, 5, 1024),
    "gemma-7b": Cached("zoo:gemma", {"l": 28, "h": 3072, "a": 16, "kv": 16}),
    "gpt-neox-20b": Cached("zoo:gpt_neox"),
    "gpt-oss-120b": turns(36, 2880, 64, 8, 64, 1, 128),
    "gpt-oss-20b": turns(24, 2880, 64, 8, 64, 1, 128),
    "gpt2-xl": Cached("zoo:gpt2", {"l": 48, "h": 1600, "a": 25}),
    "gpt2": Cached("zoo:gpt2"),
    "jamba-v0.1": Cached(JAMBA, {"l": 32, "h": 4096, "a": 32, "kv": 8, "n": 16}),
    "lfm2-1.2b": Cached(
        SHORT_CONVOLUTIONS, {"l": 16, "h": 2048, "a": 32, "kv": 8, "short": 10}
    ),
    "llama-2-7b": Cached("zoo:llama"),
    "llama-3-70b": Cached("zoo:llama", {**LLAMA_3, "l": 80, "h": 8192, "a": 64}),
    "llama-3-8b": Cached("zoo:llama", LLAMA_3),
    "llama-4-scout-text": turns(48, 5120, 40, 8, 128, 3, 8192),
    "mamba-130m": Cached("zoo:mamba"),
    "mamba2-2.7b": Cached(
        MAMBA_2, {"l": 64, "h": 2560, "n": 128, "groups": 1, "heads": 80, "head": 64}
    ),
    "mistral-7b-v0.1": Cached("zoo:mistral", {"window": 4096}, 4096),
    "mixtral-8x7b": Cached("zoo:mixtral"),
    "opt-6.7b": Cached("zoo:opt", {"l": 32, "h": 4096, "a": 32}),
    "phi-3-mini-4k": Cached(
        "zoo:mistral", {"h": 3072, "a": 32, "kv": 32, "window": 2047}, 2047
    ),
    "qwen2.5-7b": Cached("zoo:qwen2", {"l": 28, "h": 3584, "a": 28, "kv": 4}),
    "qwen3-0.6b": Cached("zoo:qwen3"),
    "qwen3-8b": Cached("zoo:qwen3", {"l": 36, "h": 4096, "a": 32}),
    "qwen3-next-80b": Cached(
        DELTA,
        {
            "l": 48, "h": 2048, "a": 16, "kv": 2, "head": 256,
            "kh": 16, "vh": 32, "kd": 128, "vd": 128,
        },
    ),
    "recurrentgemma-2b": Cached(
        GRIFFIN,
        {"l": 26, "h": 2560, "a": 10, "kv": 1, "head": 256, "lru": 2560, "w": 2048},
        2048,
    ),
    "small-bloom": Cached("zoo:bloom", {"l": 2, "h": 24, "a": 4}),
    "small-deepseek-v2": Cached(
        "zoo:deepseek",
        {"l": 3, "h": 24, "a": 4, "rank": 16, "q_rank": 12, "nope": 6, "rope": 4, "v": 10},
        expanded=True,
    ),
    "small-deepseek-v3": Cached(
        "zoo:deepseek",
        {"l": 3, "h": 24, "a": 4, "rank": 16, "q_rank": 12, "nope": 6, "rope": 4, "v": 10},
        expanded=True,
    ),
    "small-falcon-mqa": Cached("zoo:falcon", {"l": 2, "h": 24, "a": 4}),
    "small-gemma2-window8": turns(5, 24, 4, 2, 8, 1, 8),
    "small-gemma3-window8": turns(8, 24, 4, 2, 8, 5, 8),
    "small-gpt-oss-window8": turns(4, 24, 4, 2, 8, 1, 8),
    "small-gpt2": Cached("zoo:gpt2", {"l": 3, "h": 24, "a": 4}),
    "small-jamba": Cached(JAMBA, {"l": 8, "h": 24, "a": 4, "kv": 2, "n": 8}),
    "small-lfm2": Cached(SHORT_CONVOLUTIONS, {"l": 4, "h": 32, "a": 4, "kv": 2, "short": 3}),
    "small-llama-gqa": Cached("zoo:llama", {"l": 3, "h": 24, "a": 6, "kv": 2}),
    "small-llama-mqa-headdim": Cached("zoo:gemma", {"l": 2, "h": 24, "a": 4, "head": 10}),
    "small-llama4-chunk8": turns(4, 24, 4, 2, 8, 3, 8),
    "small-mamba": Cached("zoo:mamba", {"l": 2, "h": 24, "n": 8}),
    "small-mamba2": Cached(
        MAMBA_2, {"l": 2, "h": 32, "n": 8, "groups": 2, "heads": 4, "head": 16}
    ),
    "small-mistral-window8": Cached(
        "zoo:mistral", {"l": 3, "h": 24, "a": 4, "kv": 2, "window": 8}, 8
    ),
    "small-qwen2-window-from-2": Cached(
        FROM_A_LAYER, {"l": 4, "h": 24, "a": 4, "kv": 2, "first": 2, "w": 8}, 8
    ),
    "small-qwen3-next": Cached(
        DELTA,
        {
            "l": 4, "h": 32, "a": 4, "kv": 2, "head": 8,
            "kh": 2, "vh": 4, "kd": 8, "vd": 8,
        },
    ),
    "small-recurrentgemma-window8": Cached(
        GRIFFIN, {"l": 5, "h": 24, "a": 4, "kv": 1, "head": 6, "lru": 24, "w": 8}, 8
    ),
    "small-rwkv": Cached(RWKV, {"l": 3, "h": 24}),
    "small-t5": Cached("zoo:t5", {"l": 3, "h": 24, "a": 4, "head": 8}, source="s"),
    "small-whisper": Cached("zoo:whisper", {"l": 3, "h": 24, "a": 4}, source="s"),
    "starcoder-15b": Cached(MULTI_QUERY, {"l": 40, "h": 6144, "a": 48}),
    "t5-3b": Cached("zoo:t5", {"l": 24, "h": 1024, "a": 32, "head": 128}, source="s"),
    "t5-small": Cached("zoo:t5", source="s"),
    "whisper-large-v3": Cached("zoo:whisper", {"l": 32, "h": 1280, "a": 20}, source="s"),
    "whisper-tiny": Cached("zoo:whisper", source="s"),
}  # fmt: skip
