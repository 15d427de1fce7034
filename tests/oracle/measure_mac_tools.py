"""Measure what other tools count, for ``facts/mac_tools.csv``.

Run in an environment of its own, from the top of the repository::

    pip install torch==2.13.0 torchvision==0.28.0 fvcore torchinfo ptflops thop calflops transformers
    python -m tests.oracle.measure_mac_tools

A row is a question, the sizes of its network, a tool and its version, what was
asked of it (macs, flops, params, …) and the answer, as the tool gives it, or
``error``. The tests read the table alone and need none of these.
"""

from __future__ import annotations

import contextlib
import csv
import io
import logging
import multiprocessing
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

# ptflops and calflops import torchvision, which a torch without its compiled part
# refuses; none of the networks here has one of its operations.
with contextlib.suppress(RuntimeError):
    for _name in ("nms", "qnms"):
        torch.library.define(f"torchvision::{_name}", "(Tensor a, Tensor b, float c) -> Tensor")

TABLE = Path(__file__).parent / "facts" / "mac_tools.csv"


class Attention(nn.Module):
    """Two heads behind linear maps; ``how`` is the function of the scores."""

    def __init__(self, d: int, how: str) -> None:
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(d, d, bias=False) for _ in range(3))
        self.how = how

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = (f(x).unflatten(-1, (2, -1)).transpose(1, 2) for f in (self.q, self.k, self.v))
        if self.how == "matmul":
            scores = torch.matmul(q, k.transpose(-2, -1))
            return torch.matmul(torch.softmax(scores, -1), v)
        causal = self.how == "causal"
        return functional.scaled_dot_product_attention(q, k, v, is_causal=causal)


class OfItself(nn.Module):
    """A module on x as query, key and value."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x, x, x, need_weights=False)[0]


class First(nn.Module):
    """The first output of a module."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)[0]


class Tied(nn.Module):
    """An embedding whose table is the matrix of the head as well."""

    def __init__(self, vocabulary: int, d: int) -> None:
        super().__init__()
        self.table = nn.Embedding(vocabulary, d)
        self.head = nn.Linear(d, vocabulary, bias=False)
        self.head.weight = self.table.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.table(x))


class Twice(nn.Module):
    """One layer, used twice."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(self.net(x))


class Joined(nn.Module):
    """A layer, and its input added to or multiplied with what it gives."""

    def __init__(self, net: nn.Module, op: str) -> None:
        super().__init__()
        self.net, self.op = net, op

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x) + x if self.op == "+" else self.net(x) * x


class Spare(nn.Module):
    """A second layer that inference never calls."""

    def __init__(self, net: nn.Module, auxiliary: nn.Module) -> None:
        super().__init__()
        self.net, self.auxiliary = net, auxiliary

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


class Direct(nn.Module):
    """A parameter that belongs to no layer."""

    def __init__(self, net: nn.Module, *shape: int) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.zeros(shape))
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x + self.place)


def linear(i: int, o: int, bias: bool = False) -> nn.Module:
    return nn.Linear(i, o, bias=bias)


def frozen(i: int, h: int, o: int) -> nn.Module:
    net = nn.Sequential(linear(i, h), linear(h, o))
    net[0].weight.requires_grad_(False)
    return net


#: Letters and their values; each network is measured at both points, so that a
#: formula for a difference is not one that fits by chance.
SEQUENCE = ({"t": 5, "i": 6, "o": 10}, {"t": 7, "i": 4, "o": 9})
FEATURES = ({"t": 5, "i": 6}, {"t": 7, "i": 4})
IMAGE = ({"x": 8, "y": 12, "i": 4, "o": 6, "f": 3}, {"x": 9, "y": 11, "i": 6, "o": 10, "f": 5})
CHANNELS = ({"x": 8, "y": 12, "i": 4}, {"x": 6, "y": 10, "i": 3})
WIDTH = ({"t": 5, "d": 6}, {"t": 7, "d": 8})
HEADS = ({"t": 5, "d": 6, "a": 2}, {"t": 7, "d": 12, "a": 3})
WORDS = ({"t": 5, "d": 6, "v": 20}, {"t": 7, "d": 8, "v": 31})
UNITS = ({"t": 5, "i": 6, "h": 10}, {"t": 7, "i": 4, "h": 9})
FROZEN = ({"t": 5, "i": 6, "h": 8, "o": 10}, {"t": 7, "i": 4, "h": 11, "o": 9})

Sizes = tuple[dict[str, int], ...]
Made = tuple[tuple[int, ...], nn.Module]

#: Question → the points, and the shape that enters, without the batch, and the network there.
NETS: dict[str, tuple[Sizes, Callable[..., Made]]] = {
    "dense": (SEQUENCE, lambda t, i, o: ((t, i), linear(i, o))),
    "bias of a dense layer": (SEQUENCE, lambda t, i, o: ((t, i), linear(i, o, bias=True))),
    "convolution": (
        IMAGE,
        lambda x, y, i, o, f: ((i, x, y), nn.Conv2d(i, o, f, bias=False)),
    ),
    "bias of a convolution": (IMAGE, lambda x, y, i, o, f: ((i, x, y), nn.Conv2d(i, o, f))),
    "padding": (
        IMAGE,
        lambda x, y, i, o, f: ((i, x, y), nn.Conv2d(i, o, f, padding=f // 2, bias=False)),
    ),
    "grouped convolution": (
        IMAGE,
        lambda x, y, i, o, f: ((i, x, y), nn.Conv2d(i, o, f, groups=2, bias=False)),
    ),
    "transposed convolution": (
        IMAGE,
        lambda x, y, i, o, f: ((i, x, y), nn.ConvTranspose2d(i, o, f, stride=2, bias=False)),
    ),
    "batch normalisation": (CHANNELS, lambda x, y, i: ((i, x, y), nn.BatchNorm2d(i))),
    "layer normalisation": (FEATURES, lambda t, i: ((t, i), nn.LayerNorm(i))),
    "maximum pooling": (CHANNELS, lambda x, y, i: ((i, x, y), nn.MaxPool2d(2))),
    "average pooling": (CHANNELS, lambda x, y, i: ((i, x, y), nn.AvgPool2d(2))),
    "global average pooling": (CHANNELS, lambda x, y, i: ((i, x, y), nn.AdaptiveAvgPool2d(1))),
    "relu": (FEATURES, lambda t, i: ((t, i), nn.ReLU())),
    "gelu": (FEATURES, lambda t, i: ((t, i), nn.GELU())),
    "softmax": (FEATURES, lambda t, i: ((t, i), nn.Softmax(-1))),
    "attention by matmul": (WIDTH, lambda t, d: ((t, d), Attention(d, "matmul"))),
    "attention by scaled_dot_product_attention": (
        WIDTH,
        lambda t, d: ((t, d), Attention(d, "fused")),
    ),
    "causal attention": (WIDTH, lambda t, d: ((t, d), Attention(d, "causal"))),
    "attention by MultiheadAttention": (
        HEADS,
        lambda t, d, a: ((t, d), OfItself(nn.MultiheadAttention(d, a, batch_first=True))),
    ),
    "embedding": (WORDS, lambda t, d, v: ((t,), nn.Embedding(v, d))),
    "lstm": (UNITS, lambda t, i, h: ((t, i), First(nn.LSTM(i, h, batch_first=True)))),
    "gru": (UNITS, lambda t, i, h: ((t, i), First(nn.GRU(i, h, batch_first=True)))),
    "tied weights": (WORDS, lambda t, d, v: ((t,), Tied(v, d))),
    "a layer used twice": (WIDTH, lambda t, d: ((t, d), Twice(linear(d, d)))),
    "sum with the input": (WIDTH, lambda t, d: ((t, d), Joined(linear(d, d), "+"))),
    "product with the input": (WIDTH, lambda t, d: ((t, d), Joined(linear(d, d), "*"))),
    "a layer that only trains": (
        SEQUENCE,
        lambda t, i, o: ((t, i), Spare(linear(i, o), linear(i, 4))),
    ),
    "a parameter without a layer": (
        SEQUENCE,
        lambda t, i, o: ((t, i), Direct(linear(i, o), t, i)),
    ),
    "frozen weights": (FROZEN, lambda t, i, h, o: ((t, i), frozen(i, h, o))),
}

Answers = Iterator[tuple[str, Any]]


def tensor(shape: tuple[int, ...]) -> torch.Tensor:
    """A batch of one example; integers where they are looked up."""
    if len(shape) == 1:
        return torch.zeros((1, *shape), dtype=torch.long)
    return torch.randn((1, *shape))


def fvcore(net: nn.Module, shape: tuple[int, ...]) -> Answers:
    from fvcore.nn import FlopCountAnalysis, parameter_count

    found = FlopCountAnalysis(net, tensor(shape)).unsupported_ops_warnings(False)
    yield "macs", int(found.uncalled_modules_warnings(False).total())
    yield "params", int(parameter_count(net)[""])


def torchinfo(net: nn.Module, shape: tuple[int, ...]) -> Answers:
    from torchinfo import summary

    found = summary(net, input_data=tensor(shape), verbose=0)
    yield "macs", found.total_mult_adds
    yield "params", found.total_params
    yield "trainable", found.trainable_params


def ptflops(net: nn.Module, shape: tuple[int, ...], backend: str = "pytorch") -> Answers:
    from ptflops import get_model_complexity_info

    given = {
        "input_constructor": lambda _: tensor(shape),
        "as_strings": False,
        "print_per_layer_stat": False,
        "backend": backend,
    }
    macs, params = get_model_complexity_info(net, shape, **given)
    yield "macs", macs
    yield "params", params


def ptflops_aten(net: nn.Module, shape: tuple[int, ...]) -> Answers:
    yield from ptflops(net, shape, "aten")


def thop(net: nn.Module, shape: tuple[int, ...]) -> Answers:
    import thop as tool

    macs, params = tool.profile(net, inputs=(tensor(shape),), verbose=False)
    yield "macs", macs
    yield "params", params


def calflops(net: nn.Module, shape: tuple[int, ...]) -> Answers:
    from calflops import calculate_flops

    flops, macs, params = calculate_flops(
        net,
        args=[tensor(shape)],
        print_results=False,
        print_detailed=False,
        output_as_string=False,
    )
    yield "macs", macs
    yield "flops", flops
    yield "params", params


def flop_counter(net: nn.Module, shape: tuple[int, ...]) -> Answers:
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    with counter:
        net(tensor(shape))
    yield "flops", counter.get_total_flops()
    # torchvision's _ops count multiply-accumulates, of these operations alone:
    # test/common_extended_utils.py of its repository.
    by_op = counter.get_flop_counts().get("Global", {})
    aten = torch.ops.aten
    counted = (aten.mm, aten.addmm, aten.bmm, aten.convolution, aten._convolution)
    yield "torchvision", sum(by_op.get(op, 0) for op in counted) // 2


#: Tool → the package that has it, and how it is asked.
TOOLS: dict[str, tuple[str, Callable[[nn.Module, tuple[int, ...]], Answers]]] = {
    "fvcore": ("fvcore", fvcore),
    "torchinfo": ("torchinfo", torchinfo),
    "ptflops": ("ptflops", ptflops),
    "ptflops aten": ("ptflops", ptflops_aten),
    "thop": ("thop", thop),
    "calflops": ("calflops", calflops),
    "flop_counter": ("torch", flop_counter),
}


def measured(question: str, point: int, tool: str) -> list[tuple[str, Any]]:
    """What a tool answers; of a whole number, the number."""
    warnings.simplefilter("ignore")
    logging.disable()
    points, make = NETS[question]
    shape, found = make(**points[point])
    net = nn.Sequential(found).eval()  # thop leaves out the weights of the outermost module
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            answers = list(TOOLS[tool][1](net, shape))
    except Exception as error:  # a tool that fails on a network is a row of the table
        return [("macs", f"error: {type(error).__name__}")]
    return [(asked, int(n) if n is not None and int(n) == n else n) for asked, n in answers]


def main() -> None:
    """Write the table."""
    asked_of = [(question, k, tool) for question in NETS for k in (0, 1) for tool in TOOLS]
    # A process for each: calflops leaves its patches of torch behind.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        answers = pool.starmap(measured, asked_of, chunksize=1)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("question", "sizes", "tool", "version", "asked", "answer"))
        for (question, k, tool), found in zip(asked_of, answers, strict=True):
            sizes = " ".join(f"{letter}={n}" for letter, n in NETS[question][0][k].items())
            for asked, answer in found:
                rows.writerow((question, sizes, tool, version(TOOLS[tool][0]), asked, answer))
    print(f"{TABLE}: measured with torch {torch.__version__}", file=sys.stderr)


if __name__ == "__main__":
    main()
