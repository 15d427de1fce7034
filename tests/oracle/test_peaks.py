"""``peak`` against torch.fx, on torchvision's models and live, and against published figures."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

import symparams
from symparams.analysis.claims import judge
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source
from symparams.errors import Source
from symparams.network import peaks

from .counting import facts
from .torchvision_models import CALLS

ROWS = facts("peaks")

#: Module of torch → what stands in the text of the zoo.
KINDS = {"BatchNorm2d": "'bn'", "ReLU": "'relu'", "GELU": "'gelu'"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["model"])
def test_a_model_of_torchvision(row: dict[str, str]) -> None:
    call = CALLS[f"{row['model']} {row['size']}"]
    name = call.partition("(")[0].partition(".")[0]
    text = f"{source(name).text}\nexpect {call}.peak == {row['peak']}"
    document = understand(Source(f"{name}.arch", text))
    assert judge(document.claims[-1], document).holds is True


#: Models at the zoo's defaults. DenseNet is none of them: torchvision concatenates the outputs of
#: all layers before each, which live beside that, as many values as the input and a norm's output.
AT_DEFAULTS = ("alexnet", "vgg16", "resnet50", "mobilenet_v2", "inception_v3", "efficientnet_b0")


@pytest.mark.parametrize("row", [r for r in ROWS if r["model"] in AT_DEFAULTS])
def test_where_it_is(row: dict[str, str]) -> None:
    """At the same operation."""
    name = CALLS[f"{row['model']} {row['size']}"]
    network = build(understand(source(name)).definition(name), defaults=True)
    (found,) = peaks(network.root, network.facts)
    assert (found.values, found.moment.called()) == (int(row["peak"]), KINDS[row["place"]])


# --- models of torch, traced here --------------------------------------------

RESIDUAL = "input(5, 8) -> residual(dense(32) -> relu -> dense(8)) * 3 -> dense(2)"
UNET = """{
    x = input(16, 16, 3) -> conv(8, 3, pad = 1) -> relu
    y = x -> maxpool(2) -> conv(16, 3, pad = 1) -> relu
    z = y -> maxpool(2) -> conv(32, 3, pad = 1) -> relu -> upsample(2)
    w = (y | z) -> conv(16, 3, pad = 1) -> relu -> upsample(2)
    (x | w) -> conv(2, 1)
}"""
DENSE = "input(12, 4) -> (id | (layernorm -> relu -> dense(6))) * 4 -> dense(1)"
MEMORY = """{
    memory = input(9, 8)
    input(4, 8) -> residual((linear(8) + (memory -> mean(0) -> linear(8)))) * 3 -> dense(24) -> relu
}"""
HEADS = """{
    x = input(7, 8) -> dense(16)
    (x -> dense(40) -> relu -> dense(3)), (x -> dense(5)), (x -> tanh)
}"""
SHARED = "{ shared f = dense(8); input(6, 8) -> f -> dropout(0.1) -> f -> tanh -> f }"
LATE = """{
    x = input(6, 8) -> dense(20)
    y = x -> dense(30) -> relu
    z = y -> dense(4) -> dense(20)
    (z + x) * z
}"""
GATED = "input(5, 8) -> residual(layernorm -> ((linear(24) -> silu) * linear(24)) -> linear(8)) * 2"


def modules(nn: Any, torch: Any) -> dict[str, tuple[Any, tuple[tuple[int, ...], ...]]]:
    """The same networks in torch, with the shapes that come in."""

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.ups = nn.ModuleList(nn.Linear(8, 32) for _ in range(3))
            self.downs = nn.ModuleList(nn.Linear(32, 8) for _ in range(3))
            self.act, self.head = nn.ReLU(), nn.Linear(8, 2)

        def forward(self, x: Any) -> Any:
            for up, down in zip(self.ups, self.downs, strict=True):
                x = x + down(self.act(up(x)))
            return self.head(x)

    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            widths = [(3, 8), (8, 16), (16, 32), (48, 16)]
            self.a, self.b, self.c, self.d = (nn.Conv2d(i, o, 3, padding=1) for i, o in widths)
            self.e, self.act = nn.Conv2d(24, 2, 1), nn.ReLU()
            self.pool, self.up = nn.MaxPool2d(2), nn.Upsample(scale_factor=2)

        def forward(self, image: Any) -> Any:
            x = self.act(self.a(image))
            y = self.act(self.b(self.pool(x)))
            z = self.up(self.act(self.c(self.pool(y))))
            w = self.up(self.act(self.d(torch.cat((y, z), 1))))
            return self.e(torch.cat((x, w), 1))

    class Dense(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norms = nn.ModuleList(nn.LayerNorm(4 + 6 * k) for k in range(4))
            self.layers = nn.ModuleList(nn.Linear(4 + 6 * k, 6) for k in range(4))
            self.act, self.head = nn.ReLU(), nn.Linear(28, 1)

        def forward(self, x: Any) -> Any:
            for norm, layer in zip(self.norms, self.layers, strict=True):
                x = torch.cat((x, layer(self.act(norm(x)))), -1)
            return self.head(x)

    class Memory(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.own = nn.ModuleList(nn.Linear(8, 8) for _ in range(3))
            self.other = nn.ModuleList(nn.Linear(8, 8) for _ in range(3))
            self.head, self.act = nn.Linear(8, 24), nn.ReLU()

        def forward(self, memory: Any, x: Any) -> Any:
            for own, other in zip(self.own, self.other, strict=True):
                x = x + (own(x) + other(memory.mean(1)))
            return self.act(self.head(x))

    class Heads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.a = nn.Linear(8, 16), nn.Linear(16, 40)
            self.b, self.c, self.act, self.tanh = (
                nn.Linear(40, 3),
                nn.Linear(16, 5),
                nn.ReLU(),
                nn.Tanh(),
            )

        def forward(self, x: Any) -> Any:
            x = self.first(x)
            return self.b(self.act(self.a(x))), self.c(x), self.tanh(x)

    class Shared(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.f, self.drop, self.tanh = nn.Linear(8, 8), nn.Dropout(0.1), nn.Tanh()

        def forward(self, x: Any) -> Any:
            return self.f(self.tanh(self.f(self.drop(self.f(x)))))

    class Late(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(8, 20), nn.Linear(20, 30)
            self.c, self.d, self.act = nn.Linear(30, 4), nn.Linear(4, 20), nn.ReLU()

        def forward(self, given: Any) -> Any:
            x = self.a(given)
            z = self.d(self.c(self.act(self.b(x))))
            return (z + x) * z

    class Gated(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norms = nn.ModuleList(nn.LayerNorm(8) for _ in range(2))
            self.gates = nn.ModuleList(nn.Linear(8, 24) for _ in range(2))
            self.ups = nn.ModuleList(nn.Linear(8, 24) for _ in range(2))
            self.downs = nn.ModuleList(nn.Linear(24, 8) for _ in range(2))
            self.act = nn.SiLU()

        def forward(self, x: Any) -> Any:
            for norm, gate, up, down in zip(
                self.norms, self.gates, self.ups, self.downs, strict=True
            ):
                y = norm(x)
                x = x + down(self.act(gate(y)) * up(y))
            return x

    return {
        RESIDUAL: (Residual(), ((1, 5, 8),)),
        UNET: (UNet(), ((1, 3, 16, 16),)),
        DENSE: (Dense(), ((1, 12, 4),)),
        MEMORY: (Memory(), ((1, 9, 8), (1, 4, 8))),
        HEADS: (Heads(), ((1, 7, 8),)),
        SHARED: (Shared(), ((1, 6, 8),)),
        LATE: (Late(), ((1, 6, 8),)),
        GATED: (Gated(), ((1, 5, 8),)),
    }


@pytest.mark.parametrize(
    "text", [RESIDUAL, UNET, DENSE, MEMORY, HEADS, SHARED, LATE, GATED], ids=lambda t: t[:24]
)
def test_a_model_of_torch(torch: ModuleType, text: str) -> None:
    from .living_torch import most_living

    net, shapes = modules(torch.nn, torch)[text]
    expected, _ = most_living(net.eval(), *(torch.zeros(shape) for shape in shapes))
    assert symparams.parse(text).count("peak") == expected


# --- published ---------------------------------------------------------------

#: MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) as it is deployed: batch norms folded into
#: the convolutions, the activation functions too.
FOLDED = """
block expand(c) = conv(c, 1)
block project(c) = conv(c, 1)
block step(c, t, stride = 1) on [..., i] =
    (if t == 1 then id else expand(t*i)) -> depthwise(3, stride = stride, pad = 1) -> project(c)
block stage(c, n, stride) = step(c, 6, stride) -> residual(step(c, 6)) * (n - 1)
model m(size = 224) =
    input(size, size, 3) -> conv(32, 3, stride = 2, pad = 1) -> step(16, 1)
    -> stage(24, 2, 2) -> stage(32, 3, 2) -> stage(64, 4, 2) -> stage(96, 3, 1) -> stage(160, 3, 2)
    -> step(320, 6) -> conv(1280, 1) -> globalavgpool -> dense(1000)
"""


def test_mobilenet_v2_of_mcunet() -> None:
    """Lin et al. 2021 (MCUNetV2, arXiv:2110.15352), figure 1: 1372 kB in int8.

    Depthwise convolutions are done in place there (Lin et al. 2020, MCUNet, arXiv:2007.10319,
    section 3.2); the peak is where the first 6-fold expansion runs, 16 channels to 96.
    """
    model = symparams.parse(FOLDED)
    assert model.count("expand.peak") == 1372 * 1024 == 112**2 * (16 + 96)
    # Not in place, the depthwise convolution behind it is larger.
    assert model.count("peak") == 112**2 * 96 + 56**2 * 96 == 1470 * 1024
    assert model.count("depthwise.peak") == model.count("peak")
    # The first convolution, as the same paper's authors give it: 539 kB.
    assert 224**2 * 3 + 112**2 * 32 == 539 * 1024
    assert model.count("conv[0].activations + input.activations") == 539 * 1024


def test_densenet_and_unet_keep_what_is_skipped() -> None:
    dense = symparams.parse("input(n, n, c) -> (id | conv(k, 3, pad = same)) * l")
    # In the last pass all channels come in, k are made, and both are joined.
    assert dense.prove("2*n^2*(c + k*l)", "peak").verdict.equal is True
    unet = "{{ x = input(n, n, c) -> conv(c, 3, pad = 1); y = x -> {} -> conv_transpose(c, 2, stride = 2); (x | y) }}"
    skip = symparams.parse(unet.format("maxpool(2)") + " where n % 2 == 0")
    assert skip.prove("4*n^2*c", "peak").verdict.equal is True
