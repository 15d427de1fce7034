"""Every kind of figure, of models of the zoo."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from symparams.analysis import (
    ModelSpace,
    at_point,
    curves_of_equal_count,
    parts_along,
    shares,
    studied,
    tornado,
)
from symparams.elaboration import WrittenModel, understand, zoo
from symparams.errors import Source
from symparams.views.plots import (
    Plotted,
    plot_equal_counts,
    plot_front,
    plot_parts,
    plot_sensitivities,
    plot_shares,
    plot_tornado,
)


def of_zoo(name: str) -> WrittenModel:
    return understand(zoo.source(name)).definition(name)


def model(text: str) -> WrittenModel:
    return understand(Source("<text>", text)).definition()


#: More parts than there are colours, and a size with an index.
MANY = "\n".join(
    [
        *(f"block part_{k}(d) = dense({k}*d) -> linear(d)" for k in range(1, 11)),
        "model m(d_model) = input(d_model)",
        *(f"    -> part_{k}(d_model)" for k in range(1, 11)),
    ]
)


def front(name: str, over: str, budget: str) -> Plotted:
    space = ModelSpace(of_zoo(name), None, [over], [budget])
    goals = ["params", "min:macs"]
    return plot_front(space, space.front(goals), goals)


MAKERS: dict[str, Callable[[], Plotted]] = {
    "parts": lambda: plot_parts(parts_along(of_zoo("gpt2"), ["h=64..4096"])),
    "parts, linear": lambda: plot_parts(parts_along(of_zoo("whisper"), ["h=64..512"])),
    "parts, few points": lambda: plot_parts(parts_along(of_zoo("mixtral"), ["n={2, 8}"])),
    "parts, percent": lambda: plot_parts(parts_along(of_zoo("llama"), ["l=1..64"]), True),
    "parts, many": lambda: plot_parts(
        parts_along(model(MANY), ["d_model=8..4096"], points=9)
    ),
    "sensitivity": lambda: plot_sensitivities(at_point(of_zoo("gpt2"))),
    "sensitivity of a ratio": lambda: plot_sensitivities(
        at_point(model("model m(d_model = 64, lambda_k = 8) = input(d_model) -> dense(lambda_k)"),
                 None, "1000 - params")
    ),
    "shares": lambda: plot_shares(shares(studied(of_zoo("resnet")))),
    "tornado": lambda: plot_tornado(tornado(of_zoo("gpt2"))),
    "tornado, macs": lambda: plot_tornado(tornado(of_zoo("mixtral"), None, "macs")),
    "iso": lambda: plot_equal_counts(
        curves_of_equal_count(
            of_zoo("gpt2"), "params", [10**9, 3 * 10**9], ("h", "l"), ["h=256..8192:64,l=6..96"]
        )
    ),
    "iso, linear": lambda: plot_equal_counts(
        curves_of_equal_count(
            of_zoo("llama"), "params", [10**9, 2 * 10**9, 4 * 10**9, 7 * 10**9], ("h", "l"),
            ["h=512..4096:128,l=4..40"], logarithmic=False,
        )
    ),
    "pareto": lambda: front("gpt2", "h=256..2048:64,l=6..48", "params <= 1B"),
    "pareto, few": lambda: front("gpt2", "h=256..768:256,l=1..2", "params <= 1B"),
}  # fmt: skip


@cache
def figure(name: str) -> Plotted:
    """The figure of a name, made once."""
    return MAKERS[name]()
