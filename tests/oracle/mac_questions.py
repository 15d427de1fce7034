"""What other tools count of small networks, and by which formula it differs from ours.

The figures are those of ``facts/mac_tools.csv`` and ``facts/mac_tools_keras.csv``,
as measured by :mod:`.measure_mac_tools` and :mod:`.measure_tf_profiler`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .counting import facts, network, size

#: What a tool was asked → our measures that it should be, and how many times.
ASKED: dict[str, tuple[int, tuple[str, ...]]] = {
    "macs": (1, ("macs",)),
    "torchvision": (1, ("macs",)),
    "flops": (2, ("macs",)),
    "params": (1, ("params",)),
    "trainable": (1, ("trainable",)),
    "count_params": (1, ("total",)),
    "non-trainable": (1, ("frozen", "buffers")),
}


@dataclass(frozen=True)
class Question:
    """A network that isolates one question.

    Attributes:
        text: the network in the language.
        beyond: tool and what it was asked → what it counts beyond ours, a
            formula in its letters; nothing where there is no difference.
    """

    text: str
    beyond: Mapping[str, str] = field(default_factory=dict)


#: The tools that see a fused attention as one operation and count no score of it.
UNSEEN = ("fvcore macs", "ptflops macs", "ptflops aten macs", "thop macs", "calflops macs")
ATTENTION = {
    **dict.fromkeys(UNSEEN, "-2*t^2*d"),
    "flop_counter torchvision": "-2*t^2*d",
    "flop_counter flops": "-4*t^2*d",
    "calflops flops": "-4*t^2*d",
    "torchinfo macs": "-3*(t - 1)*d^2 - 2*t^2*d",
}
BY_HEADS = "{ x = input(t, d); attend(x -> linear(d), x -> linear(d), x -> linear(d), heads = 2) }"
BIASED = "(x - f + 1)*(y - f + 1)*o"
BACKWARDS = "((2*x + f - 2)*(2*y + f - 2) - x*y)*f^2*i*o"
REFUSED = "error"
#: calflops asks the first parameter for its device, and there is none here.
NO_WEIGHTS = {"calflops macs": REFUSED}


def recurrent(kind: str, gates: int, beyond: Mapping[str, str]) -> Question:
    """A recurrent layer, of which most tools see nothing."""
    all_of_it = f"-{gates}*t*h*(h + i)"
    nothing = {"fvcore macs": all_of_it, "calflops macs": all_of_it}
    return Question(f"input(t, i) -> {kind}(h)", {**nothing, **beyond})


QUESTIONS: dict[str, Question] = {
    "dense": Question("input(t, i) -> dense(o, bias = no)", {"torchinfo macs": "-(t - 1)*i*o"}),
    "bias of a dense layer": Question(
        "input(t, i) -> dense(o)",
        {
            "torchinfo macs": "o - (t - 1)*i*o",
            "ptflops macs": "t*o",
            "ptflops aten macs": "t*o",
            "profiler flops": "t*o",
        },
    ),
    "convolution": Question("input(x, y, i) -> conv(o, f, bias = no)"),
    "bias of a convolution": Question(
        "input(x, y, i) -> conv(o, f)",
        {
            "torchinfo macs": BIASED,
            "ptflops macs": BIASED,
            "ptflops aten macs": BIASED,
            "calflops flops": BIASED,
            "profiler flops": BIASED,
        },
    ),
    "padding": Question("input(x, y, i) -> conv(o, f, pad = same, bias = no)"),
    "grouped convolution": Question(
        "input(x, y, i) -> conv(o, f, groups = 2, bias = no)",
        {"profiler flops": "-(x - f + 1)*(y - f + 1)*f^2*i*o"},
    ),
    "transposed convolution": Question(
        "input(x, y, i) -> conv_transpose(o, f, stride = 2, bias = no)",
        {
            "torchinfo macs": BACKWARDS,
            "thop macs": BACKWARDS,
            "profiler flops": "((2*x + f - 2)*(2*y + f - 2)/2 - 2*x*y)*f^2*i*o",
        },
    ),
    "batch normalisation": Question(
        "input(x, y, i) -> bn",
        {
            "fvcore macs": "2*x*y*i",
            "torchinfo macs": "2*i",
            "ptflops macs": "2*x*y*i",
            "thop macs": "4*x*y*i",
            "calflops flops": "2*x*y*i",
            "profiler flops": "2*x*y*i + 6*i",
        },
    ),
    "layer normalisation": Question(
        "input(t, i) -> layernorm",
        {
            "fvcore macs": "5*t*i",
            "torchinfo macs": "2*i",
            "ptflops macs": "t*i",
            "thop macs": "4*t*i",
            "calflops flops": "5*t*i",
            "profiler flops": "9*t*i + 4*t",
        },
    ),
    "maximum pooling": Question(
        "input(x, y, i) -> maxpool(2)",
        {"ptflops macs": "2*x*y*i", "profiler flops": "x*y*i", **NO_WEIGHTS},
    ),
    "average pooling": Question(
        "input(x, y, i) -> avgpool(2)",
        {
            "ptflops macs": "2*x*y*i",
            "thop macs": "x*y*i/4",
            "profiler flops": "x*y*i",
            **NO_WEIGHTS,
        },
    ),
    "global average pooling": Question(
        "input(x, y, i) -> globalavgpool",
        {
            "fvcore macs": "x*y*i",
            "ptflops macs": "2*x*y*i",
            "thop macs": "x*y*i + i",
            "profiler flops": "x*y*i",
            **NO_WEIGHTS,
        },
    ),
    "relu": Question("input(t, i) -> relu", {"ptflops macs": "2*t*i", **NO_WEIGHTS}),
    "gelu": Question("input(t, i) -> gelu", {"ptflops macs": "2*t*i", **NO_WEIGHTS}),
    "softmax": Question(
        "input(t, i) -> softmax",
        {
            "ptflops macs": "t*i",
            "thop macs": "t*(3*i - 1)",
            "profiler flops": "5*t*i",
            **NO_WEIGHTS,
        },
    ),
    "attention by matmul": Question(
        BY_HEADS, {k: ATTENTION[k] for k in ("torchinfo macs", "thop macs")}
    ),
    "attention by scaled_dot_product_attention": Question(BY_HEADS, ATTENTION),
    "causal attention": Question(BY_HEADS, ATTENTION),
    "attention by MultiheadAttention": Question(
        "input(t, d) -> attention(a, proj = dense)",
        {
            **ATTENTION,
            "torchinfo macs": "-4*t*d^2 - 2*t^2*d",
            "ptflops macs": "5*t*d + a*t^2",
            "ptflops aten macs": "4*t*d - 2*t^2*d",
            "thop macs": "-4*t*d^2 - 2*t^2*d",
            "thop params": "-4*d^2 - 4*d",
            "profiler flops": "4*t*d + 6*a*t^2 - 4*t^2*d",
        },
    ),
    "embedding": Question(
        "tokens(t) -> embed(v, d)",
        {"torchinfo macs": "v*d", "thop params": "-v*d", "profiler flops": "2*t"},
    ),
    "lstm": recurrent(
        "lstm",
        4,
        {
            "torchinfo macs": "8*t*h",
            "ptflops macs": "18*t*h",
            "ptflops aten macs": "-4*t*h*(h + i)",
            "thop macs": "16*t*h",
            "calflops flops": "10*t*h",
            "flop_counter flops": "-8*t*h*(h + i)",
            "flop_counter torchvision": "-4*t*h*(h + i)",
            "profiler flops": "8*h*i + 9*h - 8*t*h*(h + i)",
        },
    ),
    "gru": recurrent(
        "gru",
        3,
        {
            "torchinfo macs": "6*t*h",
            "ptflops macs": "13*t*h",
            "ptflops aten macs": "6*t*h",
            "thop macs": "13*t*h",
            "calflops flops": "7*t*h",
            "profiler flops": "6*h*i + 3*h - 6*t*h*(h + i)",
        },
    ),
    "tied weights": Question(
        "{ shared E = embed(v, d); tokens(t) -> E -> E.T }",
        {
            "torchinfo macs": "v*d - (t - 1)*v*d",
            "torchinfo params": "v*d",
            "torchinfo trainable": "v*d",
        },
    ),
    "a layer used twice": Question(
        "{ shared again = linear(d); input(t, d) -> again -> again }",
        {"torchinfo macs": "-2*(t - 1)*d^2"},
    ),
    "sum with the input": Question(
        "input(t, d) -> (linear(d) + id)", {"torchinfo macs": "-(t - 1)*d^2"}
    ),
    "product with the input": Question(
        "input(t, d) -> (linear(d) * id)", {"torchinfo macs": "-(t - 1)*d^2"}
    ),
    "a layer that only trains": Question(
        "input(t, i) -> (linear(o), train_only(linear(4)))",
        {"torchinfo macs": "-(t - 1)*i*o", "thop params": "-4*i"},
    ),
    "a parameter without a layer": Question(
        "{ weight place[t, i]; (input(t, i) + place) -> linear(o) }",
        {"torchinfo macs": "-(t - 1)*i*o", "thop params": "-t*i"},
    ),
    "frozen weights": Question(
        "input(t, i) -> freeze(linear(h)) -> linear(o)",
        {
            "torchinfo macs": "-(t - 1)*(i*h + h*o)",
            "ptflops params": "-i*h",
            "ptflops aten params": "-i*h",
            "calflops params": "-i*h",
        },
    ),
}


@dataclass(frozen=True)
class Answer:
    """What a tool answered, at which sizes."""

    question: str
    sizes: str
    tool: str
    version: str
    asked: str
    answer: str

    def __str__(self) -> str:
        return f"{self.question}-{self.sizes}-{self.tool}-{self.asked}"

    @property
    def point(self) -> dict[str, int]:
        """What the letters were when it was measured."""
        pairs = (item.split("=") for item in self.sizes.split())
        return {letter: int(value) for letter, value in pairs}

    @property
    def beyond(self) -> str:
        """What it counts beyond ours, as a formula; ``0`` for nothing."""
        return QUESTIONS[self.question].beyond.get(f"{self.tool} {self.asked}", "0")

    @property
    def convention(self) -> str:
        """The framework that the tool counts networks of."""
        return "keras" if self.tool in ("keras", "profiler") else "pytorch"

    @property
    def ours(self) -> int:
        """Our count of the same, as many times as the tool counts one."""
        question = QUESTIONS[self.question]
        times, measures = ASKED[self.asked]
        net = network(question.text, self.convention, self.point)
        found = [net.measure(name) for name in measures]
        return times * sum(int(n) for n in found)  # type: ignore[arg-type]  # all sizes are set

    @property
    def explained(self) -> int:
        """Our count and what the tool counts beyond it."""
        more = size(self.beyond, self.point)
        assert isinstance(more, int), f"{self}: {self.beyond} is no whole number"
        return self.ours + more


ANSWERS = tuple(Answer(**row) for name in ("mac_tools", "mac_tools_keras") for row in facts(name))
