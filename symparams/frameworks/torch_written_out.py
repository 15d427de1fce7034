"""What torch has no function for, over tensors with a batch in front.

The text of an exported module contains what it uses of these, word by word: no
line may be longer than 88, and they refer to torch and to each other alone.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it
from torch import Tensor, nn

from symparams.frameworks.written_out import relative_rows, unseen_keys


def attend(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    heads: int,
    kv_heads: int | None = None,
    bias: Tensor | None = None,
    causal: bool = False,
    window: int | None = None,
    blocks: int | None = None,
) -> Tensor:
    """Return scaled dot-product attention on (batch, ..., time, width), in heads.

    A bias (batch, ...) is added to the scores.
    """
    shared = heads // (kv_heads or heads)
    q = q.unflatten(-1, (heads, -1)).transpose(-2, -3)
    k = k.unflatten(-1, (kv_heads or heads, -1)).transpose(-2, -3)
    v = v.unflatten(-1, (kv_heads or heads, -1)).transpose(-2, -3)
    if shared > 1:
        k, v = k.repeat_interleave(shared, -3), v.repeat_interleave(shared, -3)
    if bias is not None:
        more = (1,) * (q.ndim - bias.ndim)
        bias = bias.reshape(bias.shape[0], *more, *bias.shape[1:])
    rows = torch.arange(q.shape[-2], device=q.device)[:, None]
    columns = torch.arange(k.shape[-2], device=q.device)[None]
    hidden = unseen_keys(rows, columns, causal, window, blocks)
    if hidden is not None:
        mask = torch.zeros_like(hidden, dtype=q.dtype).masked_fill(hidden, -math.inf)
        bias = mask if bias is None else bias + mask
    made = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    return made.transpose(-2, -3).flatten(-2)


def relative_bias(table: Tensor, queries: int, keys: int) -> Tensor:
    """Return a table (batch, rows, heads) as a bias of scores, by position."""
    q = torch.arange(queries, device=table.device)[:, None]
    k = torch.arange(keys, device=table.device)[None]
    return table[:, relative_rows(q, k, table.shape[-2])].permute(0, 3, 1, 2)


def scan(x: Tensor, dt: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
    """Return h' = exp(-dt*A)*h + dt*B*x, y = C*h + D*x, step by step.

    Gu & Dao 2023, arXiv:2312.00752, algorithm 2.
    """
    decay = torch.exp(-dt.unsqueeze(-1) * a.unsqueeze(1))
    states = (dt * x).unsqueeze(-1) * b.unsqueeze(2)
    if not x.is_meta:  # a meta tensor has no values to go through, only this shape
        state, kept = torch.zeros_like(states[:, 0]), []
        for step in range(x.shape[1]):
            state = decay[:, step] * state + states[:, step]
            kept.append(state)
        states = torch.stack(kept, 1)
    return torch.einsum("btdn,btn->btd", states, c) + d.unsqueeze(1) * x


def mixture(scores: Tensor, outputs: list[Tensor], top: int) -> Tensor:
    """Return the outputs of experts, those of the best scores weighed by them."""
    best, chosen = torch.topk(scores, top, -1)
    shares = torch.zeros_like(scores)
    shares = shares.scatter(-1, chosen, torch.softmax(best, -1))
    made = shares[..., :1] * outputs[0]
    for number, output in enumerate(outputs[1:], 1):
        made = made + shares[..., number : number + 1] * output
    return made


def pad_same(
    x: Tensor,
    window: int | tuple[int, ...],
    stride: int | tuple[int, ...],
    dilation: int | tuple[int, ...] = 1,
    value: float = 0.0,
) -> Tensor:
    """Pad the axes behind the channels: a stride gives ceil(n / stride) places."""
    pads: list[int] = []
    for axis in reversed(range(x.ndim - 2)):
        n = x.shape[axis + 2]
        sizes = (window, stride, dilation)
        f, s, d = (one if isinstance(one, int) else one[axis] for one in sizes)
        total = max((-(-n // s) - 1) * s + d * (f - 1) + 1 - n, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def fit(x: Tensor, like: Tensor, stride: int | tuple[int, ...]) -> Tensor:
    """Cut the axes behind the channels on both sides, or fill them behind.

    Each becomes ``stride`` times as long as that of ``like`` (batch, ..., channels).
    """
    pads: list[int] = []
    for axis in reversed(range(x.ndim - 2)):
        step = stride if isinstance(stride, int) else stride[axis]
        surplus = x.shape[axis + 2] - like.shape[axis + 1] * step
        front = surplus // 2 if surplus > 0 else 0
        pads += [-front, front - surplus]
    return F.pad(x, pads)


class Probabilities(nn.Module):
    """The probabilities of an adaptive softmax, whose forward wants targets."""

    def __init__(self, inner: nn.AdaptiveLogSoftmaxWithLoss) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        """Return the logarithm of each class' probability."""
        return self.inner.log_prob(x)


class LowRankModule(nn.Module):
    """A module that stays, and two thin ones that learn beside it.

    Hu et al. 2021, arXiv:2106.09685.
    """

    def __init__(
        self,
        base: nn.Module,
        a: nn.Module,
        b: nn.Module,
        bias: bool = False,
    ) -> None:
        super().__init__()
        for name, parameter in base.named_parameters():
            if not (bias and name.endswith("bias")):
                parameter.requires_grad_(False)
        self.base = base
        self.a = a
        self.b = b
        nn.init.zeros_(b.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return what both give together."""
        return self.base(x) + self.b(self.a(x))
