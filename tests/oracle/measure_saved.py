"""Measure what PyTorch's autograd keeps of each layer kind, for ``facts/saved_layers.csv``.

Run in an environment of its own, from the top of the repository::

    pip install torch==2.14.1
    python -m tests.oracle.measure_saved

A layer runs forward in training mode, without oneDNN, whose workspaces no size gives. What
``torch.autograd.graph.saved_tensors_hooks`` are shown counts by its storage, each once and
weights never. ``mode`` says whether the input requires a gradient (``grad``), does not
(``plain``), or does where no weight is trained (``frozen``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as everybody writes it
from torch.nn.utils.parametrizations import (  # noqa: F401 - in texts
    orthogonal,
    spectral_norm,
    weight_norm,
)

TABLE = Path(__file__).parent / "facts" / "saved_layers.csv"
EXAMPLES = 5


class LowRankConvolution(nn.Module):
    """A convolution that stays and two thin ones that learn, as PEFT's ``lora.Conv2d``."""

    def __init__(self, base: Any, rank: int) -> None:
        super().__init__()
        kind, window = type(base), {"stride": base.stride, "padding": base.padding}
        self.base = base.requires_grad_(False)
        self.first = kind(base.in_channels, rank, base.kernel_size, bias=False, **window)
        self.second = kind(rank, base.out_channels, 1, bias=False)

    def forward(self, x: Any) -> Any:
        return self.base(x) + self.second(self.first(x)) * 0.5


class LowRankTable(nn.Module):
    """An embedding that stays and a thin one that learns, as PEFT's ``lora.Embedding``."""

    def __init__(self, base: Any, rank: int) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.first = nn.Parameter(torch.randn(rank, base.num_embeddings))
        self.second = nn.Parameter(torch.randn(base.embedding_dim, rank))

    def forward(self, x: Any) -> Any:
        return self.base(x) + (F.embedding(x, self.first.T) @ self.second.T) * 0.5


class Called(nn.Module):
    """A function, or a method of a module that is not its call."""

    def __init__(self, call: Any, *parts: Any) -> None:
        super().__init__()
        self.call, self.parts = call, nn.ModuleList(parts)

    def forward(self, x: Any) -> Any:
        return self.call(*self.parts, x)


class WindowAttention(nn.Module):
    """Attention with a table of biases by position, as torchvision's ``shifted_window_attention``."""

    def __init__(self, dim: int, side: int, heads: int) -> None:
        super().__init__()
        self.heads, self.area = heads, side**2
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.table = nn.Parameter(torch.randn((2 * side - 1) ** 2, heads))
        places = torch.stack(torch.meshgrid(*[torch.arange(side)] * 2, indexing="ij")).flatten(1)
        away = (places[:, :, None] - places[:, None]).permute(1, 2, 0) + side - 1
        self.register_buffer("index", (away * torch.tensor([2 * side - 1, 1])).sum(-1).flatten())

    def forward(self, x: Any) -> Any:
        b, s, d = x.shape
        qkv = self.qkv(x).reshape(b, s, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        scores = (q * (d // self.heads) ** -0.5).matmul(k.transpose(-2, -1))
        bias = self.table[self.index].view(self.area, self.area, -1)
        scores = scores + bias.permute(2, 0, 1).contiguous().unsqueeze(0)
        mixed = F.softmax(scores, dim=-1).matmul(v).transpose(1, 2).reshape(b, s, d)
        return self.proj(mixed)


#: A text on an input → the module, and the axes of an input of one example, channels first.
#: A ``T`` in front of them: they are tokens.
ROWS: list[tuple[str, str, str]] = [
    *((f"embedding_bag(9, {d}, mode = {mode})", f"nn.EmbeddingBag(9, {d}, mode='{mode}')", f"T{n}")
      for mode in ("sum", "mean", "max") for d, n in ((4, 7), (6, 3))),
    *((f"localresponsenorm({n})", f"nn.LocalResponseNorm({n})", shape)
      for n in (3, 4) for shape in ("6 8", "5 4 3", "4 3 4 5")),
    *((f"adaptive_softmax(9, cutoffs = {cuts}, divide = 2, head_bias = {said})",
       f"Called(lambda m, x: m.log_prob(x), nn.AdaptiveLogSoftmaxWithLoss(16, 9, {cuts}, "
       f"div_value=2.0, head_bias={said == 'yes'}))", "16")
      for cuts, said in (([3], "no"), ([3, 5], "yes"), ([2, 5, 7], "no"))),
    *((f"unitnorm(axis = {axes})", f"Called(lambda x: F.normalize(x, dim={tuple(axes)}))", "3 4")
      for axes in ([-1], [-2, -1])),
    *((f"{kind.lower()}({h}, bias = {said})",
       f"nn.{kind}({i}, {h}, bias={said == 'yes'}, batch_first=True)", f"{t} {i}")
      for kind in ("RNN", "GRU", "LSTM") for said in ("yes", "no")
      for t, i, h in ((2, 3, 4), (7, 4, 5))),
    *((f"{kind.lower()}({h})", f"nn.{kind}Cell({i}, {h})", f"{i}")
      for kind in ("RNN", "GRU", "LSTM") for i, h in ((3, 4), (4, 6))),
    *((f"lstm({h}, proj = {p})", f"nn.LSTM({i}, {h}, proj_size={p}, batch_first=True)", f"{t} {i}")
      for t, i, h, p in ((2, 3, 4, 2), (3, 3, 5, 3), (7, 4, 4, 2))),
    *((f"bidirectional({kind.lower()}({h}))",
       f"nn.{kind}({i}, {h}, bidirectional=True, batch_first=True)", f"{t} {i}")
      for kind in ("RNN", "GRU", "LSTM") for t, i, h in ((2, 3, 4), (5, 4, 5))),
    *((f"bidirectional(lstm({h}, proj = {p}))",
       f"nn.LSTM({i}, {h}, proj_size={p}, bidirectional=True, batch_first=True)", f"{t} {i}")
      for t, i, h, p in ((2, 3, 4, 2), (5, 4, 5, 3))),
    *((f"instancenorm(scale = {a}, shift = {a}, statistics = {s})",
       f"nn.InstanceNorm1d(3, affine={a == 'yes'}, track_running_stats={s == 'yes'})", f"3 {n}")
      for a in ("yes", "no") for s in ("yes", "no") for n in (4, 7)),
    *((f"dropout({p})", f"nn.Dropout({p})", "3 4") for p in ("0", "0.3", "1")),
    *(("dropout(0.3, channels = yes)", f"nn.Dropout{len(shape.split()) - 1}d(0.3)", shape)
      for shape in ("3 4", "3 4 5", "2 3 4 5")),
]  # fmt: skip

#: Layers with a kernel that is made anew: text, module, axes of an input, where its outputs are.
KERNELS: list[tuple[str, str, str, int]] = [
    ("dense(3)", "nn.Linear(6, 3)", "6", 0),
    ("linear(6)", "nn.Linear(3, 6, bias=False)", "2 3", 0),
    ("conv(3, 2)", "nn.Conv1d(4, 3, 2)", "4 5", 0),
    ("conv(4, [3, 2], groups = 2)", "nn.Conv2d(6, 4, (3, 2), groups=2)", "6 5 5", 0),
    ("conv_transpose(3, 2)", "nn.ConvTranspose2d(4, 3, 2)", "4 5 5", 1),
    ("depthwise(3)", "nn.Conv2d(4, 4, 3, groups=4)", "4 5 6", 0),
    ("embed(9, 4)", "nn.Embedding(9, 4)", "T7", 1),
]
for _text, _module, _shape, _dim in KERNELS:
    ROWS += [
        (f"weightnorm({_text})", f"weight_norm({_module}, dim={_dim})", _shape),
        (f"weightnorm({_text}, each = input)", f"weight_norm({_module}, dim={1 - _dim})", _shape),
        (f"weightnorm({_text}, each = all)", f"weight_norm({_module}, dim=None)", _shape),
        (f"weightnorm({_text}, each = dim0)", f"weight_norm({_module})", _shape),
        (f"spectralnorm({_text})", f"spectral_norm({_module}, dim={_dim})", _shape),
        (f"spectralnorm({_text}, each = dim0)", f"spectral_norm({_module})", _shape),
    ]

#: Layers whose kernel is orthogonal matrices: text, module, axes of an input, ways to make them.
ORTHOGONAL: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("dense(4)", "nn.Linear(6, 4)", "6", ("", "exp", "cayley")),
    ("dense(7)", "nn.Linear(4, 7)", "2 4", ("", "exp", "cayley")),
    ("linear(5)", "nn.Linear(5, 5, bias=False)", "5", ("", "cayley", "householder")),
    ("conv(3, 2)", "nn.Conv1d(4, 3, 2)", "4 5", ("", "exp")),
    ("conv(4, [3, 2], groups = 2)", "nn.Conv2d(6, 4, (3, 2), groups=2)", "6 5 5", ("",)),
    ("conv(4, 3)", "nn.Conv2d(6, 4, 3)", "6 5 5", ("", "householder")),
    ("conv_transpose(3, 2)", "nn.ConvTranspose1d(4, 3, 2)", "4 5", ("", "cayley")),
    ("embed(9, 4)", "nn.Embedding(9, 4)", "T7", ("", "exp")),
]
for _text, _module, _shape, _ways in ORTHOGONAL:
    for _way in _ways:
        _map = {"": None, "exp": "matrix_exp"}.get(_way, _way)
        _given = f", map = {_way}" if _way else ""
        for _said in ("no", "yes"):
            _call = f"{_module}, orthogonal_map={_map!r}, use_trivialization={_said == 'yes'}"
            ROWS.append(
                (f"orthogonal({_text}{_given}, base = {_said})", f"orthogonal({_call})", _shape)
            )

#: Layers that stay, and what learns beside them: there is no ``frozen`` of these.
BESIDE: list[tuple[str, str, str]] = [
    *((f"lora(conv(6, {f}, pad = {p}, stride = {s}), {r})",
       f"LowRankConvolution(nn.Conv2d(4, 6, {f}, padding={p!r}, stride={s}), {r})", "4 7 6")
      for f, p, s, r in ((3, 1, 1, 2), (2, 0, 2, 3), (2, "same", 1, 2))),
    ("lora(conv(6, 3), 2)", "LowRankConvolution(nn.Conv1d(4, 6, 3), 2)", "4 7"),
    ("lora(embed(9, 4), 2)", "LowRankTable(nn.Embedding(9, 4), 2)", "T7"),
    ("lora(embed(9, 6), 3)", "LowRankTable(nn.Embedding(9, 6), 3)", "T5"),
    *((f"window_attention({a}, {w})", f"WindowAttention({d}, {w}, {a})", f"{w * w} {d}")
      for d, w, a in ((6, 2, 2), (12, 3, 3))),
]  # fmt: skip


def rows() -> Iterator[tuple[str, str, str, str]]:
    """(text, module, axes, mode) of every row."""
    for text, module, shape in [*ROWS, *BESIDE]:
        yield text, module, shape, "plain"
        if not shape.startswith("T"):
            yield text, module, shape, "grad"
            if (text, module, shape) in ROWS:
                yield text, module, shape, "frozen"


def measured(module: str, shape: str, mode: str) -> tuple[int, int]:
    """(values, integers of 8 bytes) that autograd is given to keep."""
    layer: Any = eval(module).train()  # of this file, which a table shows
    axes = [EXAMPLES, *map(int, shape.removeprefix("T").split())]
    x = torch.randint(9, axes) if shape.startswith("T") else torch.randn(axes)
    x.requires_grad_(mode != "plain")
    if mode == "frozen":
        layer.requires_grad_(False)
    own = {t.untyped_storage().data_ptr() for t in (*layer.parameters(), *layer.buffers())}
    kept: dict[int, Any] = {}

    def pack(tensor: Any) -> Any:
        where = tensor.untyped_storage().data_ptr()
        if where not in own:
            kept[where] = tensor  # which keeps its storage from being another's
        return tensor

    with (
        torch.backends.mkldnn.flags(enabled=False),
        torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor),
    ):
        layer(x)
    floats = integers = 0
    for tensor in kept.values():
        if tensor.dtype == torch.int32:
            continue  # signs of a matrix, or the order of its rows, which nothing here counts
        values = tensor.untyped_storage().nbytes() // tensor.element_size()
        assert tensor.dtype in (torch.float32, torch.int64)
        if tensor.is_floating_point():
            floats += values
        else:
            integers += values
    return floats, integers


def main() -> None:
    source = f"torch {torch.__version__.partition('+')[0]}, a CPU without oneDNN"
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ("text", "module", "shape", "mode", "examples", "values", "integers", "source")
        )
        for text, module, shape, mode in rows():
            found = measured(module, shape, mode)
            writer.writerow((text, module, shape, mode, EXAMPLES, *found, source))


if __name__ == "__main__":
    main()
