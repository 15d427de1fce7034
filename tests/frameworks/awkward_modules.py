"""Small modules with awkward sizes, as builders that ``infer`` is given; they need torch."""

from __future__ import annotations

from typing import Any


def _torch() -> Any:
    import torch

    return torch.nn


def make_divisible(value: float, divisor: int = 8) -> int:
    """Torchvision's ``_make_divisible``."""
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


def floored(h: int, o: int) -> Any:
    """int(8*h/3), as LLaMA's reference code has it before it rounds up."""
    f = 8 * h // 3
    return _torch().Sequential(_torch().Linear(h, f), _torch().Linear(f, o))


def rounded_up(h: int, m: int) -> Any:
    """The feed-forward size of LLaMA's reference code."""
    f = m * ((8 * h // 3 + m - 1) // m)
    return _torch().Linear(h, f, bias=False)


def divisible(c: int) -> Any:
    """A width that is rounded, and one that is rounded from it."""
    a = make_divisible(0.75 * c)
    return _torch().Sequential(
        _torch().Conv2d(3, a, 3, bias=False), _torch().Conv2d(a, make_divisible(0.25 * a), 1)
    )


def squeezed(c: int) -> Any:
    """A squeeze that is never narrower than 16."""
    return _torch().Sequential(
        _torch().Linear(c, max(16, c // 4)), _torch().Linear(max(16, c // 4), c)
    )


def projected(h: int, o: int) -> Any:
    """A projection that is there only where sizes differ."""
    nn = _torch()
    module = nn.Module()
    module.body = nn.Linear(h, o)
    if h != o:
        module.proj = nn.Linear(h, o)
    return module


def alternating(h: int, l: int) -> Any:
    """Layers of two kinds in turn, under one name."""
    nn = _torch()
    return nn.Sequential(
        *(nn.Linear(h, h, bias=k % 2 == 0) if k % 2 == 0 else nn.Linear(h, 4 * h) for k in range(l))
    )


def first_dense(h: int, f: int, e: int, l: int, first: int) -> Any:
    """Dense layers first, experts in the others."""
    nn = _torch()

    def layer(k: int) -> Any:
        if k < first:
            return nn.ModuleDict({"mlp": nn.Linear(h, 4 * h)})
        return nn.ModuleDict({"experts": nn.ModuleList(nn.Linear(h, f) for _ in range(e))})

    return nn.ModuleList(layer(k) for k in range(l))


def dense_chain(c: int, g: int, n: int, m: int) -> Any:
    """DenseNet: two blocks, each begins with half of all channels before it."""
    nn = _torch()
    module = nn.Module()
    for block, layers in enumerate((n, m)):
        setattr(
            module,
            f"block{block}",
            nn.ModuleList(nn.Conv2d(c + k * g, g, 3, bias=False) for k in range(layers)),
        )
        c += layers * g
        setattr(module, f"transition{block}", nn.Conv2d(c, c // 2, 1, bias=False))
        c //= 2
    module.head = nn.Linear(c, 10)
    return module


def pyramid(c: int, n: int) -> Any:
    """Channels that double with every stage."""
    nn = _torch()
    return nn.ModuleList(nn.Conv2d(c * 2**k, c * 2 ** (k + 1), 3, bias=False) for k in range(n))


def flat_list(w: int, n: int, m: int) -> Any:
    """VGG with norms: positions shift with the depth."""
    nn = _torch()
    layers: list[Any] = []
    inside = 3
    for width, several in ((w, n), (2 * w, m)):
        for _ in range(several):
            layers += [nn.Conv2d(inside, width, 3), nn.BatchNorm2d(width), nn.ReLU()]
            inside = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


def tied(V: int, h: int) -> Any:
    """A head that is the embedding, a frozen table, and a buffer."""
    nn = _torch()
    module = nn.Module()
    module.embed = nn.Embedding(V, h)
    module.positions = nn.Embedding(16, h).requires_grad_(False)
    module.norm = nn.BatchNorm1d(h)
    module.head = nn.Linear(h, V, bias=False)
    module.head.weight = module.embed.weight
    return module


def grouped_heads(h: int, a: int, kv: int) -> Any:
    """Queries, keys and values in one matrix, and a builder that checks."""
    if h % a or a % kv:
        raise ValueError("heads do not divide")
    return _torch().Linear(h, (a + 2 * kv) * (h // a), bias=False)


def unchecked_heads(h: int, a: int) -> Any:
    """The same without the check: what is left over is lost."""
    return _torch().Linear(h, a * (h // a), bias=False)


def patches(size: int, p: int, h: int) -> Any:
    """A table of positions of what patches there are."""
    return _torch().Embedding((size // p) ** 2 + 1, h)


def scaled(w: float) -> Any:
    """A width multiplier."""
    return _torch().Conv2d(3, make_divisible(32 * w), 3, bias=False)


def unbuilt(h: int) -> Any:
    return _torch().LazyLinear(h)


def no_module(h: int) -> Any:
    return h


def raising(h: int) -> Any:
    raise RuntimeError(f"nothing works\nat {h}")


def misspelt(h: int) -> Any:
    return undefined(h)  # type: ignore[name-defined]  # noqa: F821


def perceptron(h: int, l: int, o: int) -> Any:
    """A dense chain, fed 8 values a position."""
    nn = _torch()
    middle = [nn.Sequential(nn.Linear(h, h), nn.ReLU()) for _ in range(l)]
    return nn.Sequential(nn.Linear(8, h), *middle, nn.Linear(h, o))


def strided(c: int, n: int) -> Any:
    """Convolutions, the first with a stride, and one that is turned around."""
    nn = _torch()
    middle = [nn.Conv2d(c, c, 3, padding=1, groups=c) for _ in range(n)]
    first = nn.Conv2d(3, c, 3, stride=2, padding=1)
    return nn.Sequential(first, *middle, nn.ConvTranspose2d(c, 5, 2, stride=2))


def attending(h: int, a: int, f: int, l: int) -> Any:
    """Encoder layers, whose attention runs in a kernel of its own where it can."""
    nn = _torch()
    return nn.TransformerEncoder(nn.TransformerEncoderLayer(h, a, f, batch_first=True), l)


def recurrent(i: int, h: int) -> Any:
    """An LSTM: two products a step."""
    return _torch().LSTM(i, h, batch_first=True)


def looked_up(V: int, h: int) -> Any:
    """An embedding and a head."""
    nn = _torch()
    return nn.Sequential(nn.Embedding(V, h), nn.Linear(h, V))


def frozen_first(h: int, l: int, k: int) -> Any:
    """The first k of l layers are frozen."""
    nn = _torch()
    module = nn.Sequential(*(nn.Linear(h, h) for _ in range(l)))
    for number in range(min(k, l)):
        module[number].requires_grad_(False)
    return module


def wide_only(h: int, o: int) -> Any:
    """Layers that are there from a width on."""
    nn = _torch()
    module = nn.ModuleDict({"body": nn.Linear(h, o)})
    if h > 77:
        module["big"] = nn.Linear(h, o)
    if h > 130:
        module["huge"] = nn.Linear(h, 2 * o)
    return module


def ending(h: int) -> Any:
    """Ends the process, as a script does whose arguments are wrong."""
    raise SystemExit(h)


def printing(h: int) -> Any:
    """Says what it does."""
    print("building", h)
    return _torch().Linear(h, h)
