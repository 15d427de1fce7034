"""Random networks in torch: what autograd saves, and the flops of forward and backward.

Each is made twice from one draw, in the language and as a module, and both are asked.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

import symparams

torch = pytest.importorskip("torch")
nn = torch.nn

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning"),
]

EXAMPLES = 3
POSITIONS = 4
SIDE = 6

#: A text, how to build its module, and the features behind it.
Drawn = tuple[str, Callable[[], Any], int]

BLOCKS = """
block turned(net) = permute(1, 0) -> net -> permute(1, 0)
block pair_of(o) = {
    block parts on x[s, d] = { a, b = x -> split(2); a * b }
    dense(o) -> parts
}
"""

ACTIVATIONS = {
    "relu": nn.ReLU, "relu6": nn.ReLU6, "gelu": nn.GELU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
    "silu": nn.SiLU, "elu": nn.ELU, "selu": nn.SELU, "mish": nn.Mish, "softplus": nn.Softplus,
    "softsign": nn.Softsign, "hard_swish": nn.Hardswish, "hard_sigmoid": nn.Hardsigmoid,
    "leaky_relu": nn.LeakyReLU,
}  # fmt: skip


class Joined(nn.Module):
    """Modules on one input, and what is made of their results."""

    def __init__(self, join: Callable[..., Any], *parts: Any) -> None:
        super().__init__()
        self.join, self.parts = join, nn.ModuleList(parts)

    def forward(self, x: Any) -> Any:
        return self.join(*(part(x) for part in self.parts))


def halves(x: Any) -> Any:
    a, b = x.chunk(2, -1)
    return a * b


class Turned(nn.Module):
    """A module on the other axis: token mixing."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Any) -> Any:
        return self.inner(x.transpose(1, 2)).transpose(1, 2)


def frozen(module: Any) -> Any:
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return module


class Draw:
    """A random network on a sequence, or on an image, whose channels are first in torch."""

    def __init__(self, seed: int, images: bool) -> None:
        self.choice = random.Random(seed)
        self.images = images
        self.axis = 1 if images else -1

    def net(self, deep: int, width: int) -> Drawn:
        kind = self.choice.randrange(10) if deep else -1
        if kind < 3:
            return self.layer(width)
        text, build, out = self.net(deep - 1, width)
        if kind == 3:
            return f"freeze({text})", lambda: frozen(build()), out
        if kind == 4:
            more, after, out = self.net(deep - 1, out)
            return f"{text} -> {more}", lambda: nn.Sequential(build(), after()), out
        if kind == 5 and width + out < 20:
            axis = self.axis
            join = lambda a, b: torch.cat([a, b], axis)  # noqa: E731
            return f"(id | ({text}))", lambda: Joined(join, nn.Identity(), build()), width + out
        text, build = self.back(text, build, out, width)
        if kind == 6:
            add = lambda a, b: a + b  # noqa: E731
            return f"residual({text})", lambda: Joined(add, nn.Identity(), build()), width
        if kind == 7:
            multiply = lambda a, b: a * b  # noqa: E731
            return f"(id * ({text}))", lambda: Joined(multiply, nn.Identity(), build()), width
        times = self.choice.randint(2, 3)
        return f"({text}) * {times}", lambda: nn.Sequential(*(build() for _ in range(times))), width

    def back(
        self, text: str, build: Callable[[], Any], out: int, width: int
    ) -> tuple[str, Callable[[], Any]]:
        """The same with as many features behind it as in front."""
        if out == width:
            return text, build
        if self.images:
            more, after = f"conv({width}, 1)", lambda: nn.Conv2d(out, width, 1)
        else:
            more, after = f"linear({width})", lambda: nn.Linear(out, width, bias=False)
        return f"({text} -> {more})", lambda: nn.Sequential(build(), after())

    def layer(self, width: int) -> Drawn:
        out = 2 * self.choice.randint(1, 3)
        name = self.choice.choice([*ACTIVATIONS])
        rate = self.choice.choice(["0", "0.1"])
        both: list[Drawn] = [
            (name, ACTIVATIONS[name], width),
            (f"dropout({rate})", lambda: nn.Dropout(float(rate)), width),
        ]
        if self.images:
            own: list[Drawn] = [
                (f"conv({out}, 3, pad = 1)", lambda: nn.Conv2d(width, out, 3, padding=1), out),
                (f"conv({out}, 1)", lambda: nn.Conv2d(width, out, 1), out),
                (f"conv({out}, 2, pad = same)",
                 lambda: nn.Conv2d(width, out, 2, padding="same"), out),
                ("depthwise(3, pad = 1)",
                 lambda: nn.Conv2d(width, width, 3, padding=1, groups=width), width),
                ("bn", lambda: nn.BatchNorm2d(width), width),
                ("groupnorm(2)", lambda: nn.GroupNorm(2, width), width),
                ("instancenorm", lambda: nn.InstanceNorm2d(width, affine=True), width),
                ("maxpool(3, stride = 1, pad = 1)", lambda: nn.MaxPool2d(3, 1, 1), width),
                ("avgpool(3, stride = 1, pad = 1)", lambda: nn.AvgPool2d(3, 1, 1), width),
            ]  # fmt: skip
        else:
            own = [
                (f"dense({out})", lambda: nn.Linear(width, out), out),
                (f"linear({out})", lambda: nn.Linear(width, out, bias=False), out),
                ("layernorm", lambda: nn.LayerNorm(width), width),
                ("rmsnorm", lambda: nn.RMSNorm(width), width),
                ("softmax", lambda: nn.Softmax(-1), width),
                (f"turned(dense({POSITIONS}))",
                 lambda: Turned(nn.Linear(POSITIONS, POSITIONS)), width),
                (f"turned({name})", lambda: Turned(ACTIVATIONS[name]()), width),
                ("turned(layernorm)", lambda: Turned(nn.LayerNorm(POSITIONS)), width),
                ("turned(softmax)", lambda: Turned(nn.Softmax(-1)), width),
                (f"pair_of({2 * out})", lambda: Joined(halves, nn.Linear(width, 2 * out)), out),
            ]  # fmt: skip
        return self.choice.choice([*both, *own])


def saved(module: Any, x: Any) -> tuple[int, Any]:
    """(values that autograd's hooks are shown, a storage once and weights never; the result)."""
    kept = {t.untyped_storage().data_ptr() for t in (*module.parameters(), *module.buffers())}
    found: dict[int, Any] = {}

    def pack(tensor: Any) -> Any:
        where = tensor.untyped_storage().data_ptr()
        if where not in kept:
            found[where] = tensor  # which keeps its storage from being another's
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        result = module(x)
    sizes = (t.untyped_storage().nbytes() // t.element_size() for t in found.values())
    return sum(sizes), result


@pytest.mark.parametrize("images", [False, True])
@pytest.mark.parametrize("seed", range(100))
def test_a_random_network(seed: int, images: bool) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    draw = Draw(seed, images)
    text, build, out = draw.net(3, 4)
    more, after, _ = draw.net(3, out)
    shape = (SIDE, SIDE, 4) if images else (POSITIONS, 4)
    model = symparams.parse(
        f"{BLOCKS}model m = input({', '.join(map(str, shape))}) -> {text} -> {more}"
    )
    x = torch.randn(EXAMPLES, 4, *shape[:-1]) if images else torch.randn(EXAMPLES, *shape)
    module = nn.Sequential(build(), after()).train()
    values, _ = saved(module, x)
    each = sum(model.count(m) for m in ("saved", "saved_masks", "saved_integers"))
    assert EXAMPLES * each + model.count("saved_once") == values, text
    with FlopCounterMode(display=False) as counted:
        result = module(x)
        if result.requires_grad:
            result.sum().backward()
    if "depthwise" not in text + more:  # whose weight gradient torch counts for each group
        assert EXAMPLES * model.count("training_flops") == counted.get_total_flops(), text
