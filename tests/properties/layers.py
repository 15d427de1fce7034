"""Random layers of every kind: which options, and several sets of sizes for them.

A :class:`Case` keeps what decides the structure (flags, words, ranks) apart
from the sizes, so that the same layer can be made with ints, symbols or arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from symparams.layers import kinds
from symparams.layers.base import Layer

#: Option → a size, sizes a spatial axis, or the sizes of a net; ``shape`` is the input's.
Sizes = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A layer kind with fixed options, and one or more sets of sizes."""

    kind: str
    fixed: Mapping[str, Any]
    sizes: tuple[Sizes, ...]

    def layer(self, sizes: Sizes) -> Layer:
        return made(self.kind, self.fixed, sizes)


def made(kind: str, fixed: Mapping[str, Any], sizes: Sizes) -> Layer:
    """The layer with these options; a net among them is made first."""
    options = {name: value for name, value in {**fixed, **sizes}.items() if name != "shape"}
    if "net" in options:
        inner_kind, inner_fixed = fixed["net"]
        options["net"] = made(inner_kind, inner_fixed, sizes["net"])
    return kinds()[kind](**options)


SMALL = st.integers(1, 12)
FLAG = st.booleans()


def _positions(rank: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[SMALL] * rank)


def _several(sizes: st.SearchStrategy[Sizes]) -> st.SearchStrategy[tuple[Sizes, ...]]:
    return st.lists(sizes, min_size=1, max_size=3).map(tuple)


def _plain(
    kind: str,
    ranks: tuple[int, int],
    fixed: Mapping[str, st.SearchStrategy[Any]] | None = None,
    sizes: tuple[str, ...] = (),
) -> st.SearchStrategy[Case]:
    """A layer whose sizes are free of each other."""

    def of_rank(rank: int) -> st.SearchStrategy[Case]:
        each = {"shape": _positions(rank), **dict.fromkeys(sizes, SMALL)}
        return st.builds(
            Case,
            st.just(kind),
            st.fixed_dictionaries(dict(fixed or {})),
            _several(st.fixed_dictionaries(each)),
        )

    return st.integers(*ranks).flatmap(of_rank)


@st.composite
def _windows(draw: Callable[..., Any], kind: str) -> Case:
    """Convolutions and pooling: a window that fits into every axis."""
    conv = kind == "conv"
    rank = draw(st.integers(1, 3))
    words = ["valid", "same", "causal"] if conv else ["valid", "same"]
    pad = draw(st.sampled_from([*words, "number", "numbers"]))
    listed = {name: draw(FLAG) for name in ("kernel", "stride", "dilation")}
    own_stride = conv or draw(FLAG)

    def axes(name: str, values: st.SearchStrategy[int]) -> tuple[Any, tuple[int, ...]]:
        """An option as a call gives it, and its value for each axis."""
        if listed[name]:
            several = draw(st.tuples(*[values] * rank))
            return several, several
        one = draw(values)
        return one, (one,) * rank

    def sizes() -> Sizes:
        kernel, kernels = axes("kernel", st.integers(1, 5))
        stride, _ = axes("stride", st.integers(1, 3))
        dilation, dilations = axes("dilation", st.integers(1, 3)) if conv else (1, (1,) * rank)
        extents = [d * (k - 1) + 1 for k, d in zip(kernels, dilations, strict=True)]
        spatial = tuple(e + draw(st.integers(0, 20)) for e in extents)
        found: dict[str, Any] = {"kernel" if conv else "window": kernel}
        if own_stride:
            found["stride"] = stride
        if pad == "number":
            found["pad"] = draw(st.integers(0, 3))
        elif pad == "numbers":
            found["pad"] = draw(st.tuples(*[st.integers(0, 3)] * rank))
        groups = 1
        if conv:
            groups = draw(st.integers(1, 4))
            found |= {"dilation": dilation, "groups": groups, "filters": groups * draw(SMALL)}
        found["shape"] = (*spatial, groups * draw(SMALL))
        return found

    fixed: dict[str, Any] = {} if own_stride else {"stride": None}
    if pad in words:
        fixed["pad"] = pad
    if conv:
        fixed["bias"] = draw(FLAG)
    return Case(kind, fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


def _recurrent(kind: str) -> st.SearchStrategy[Case]:
    fixed = {"bias": FLAG, "bias_vectors": st.integers(0, 2), "last": FLAG}
    sizes = ("units", "gates") if kind == "recurrent" else ("units",)
    return _plain(kind, (1, 2), fixed, sizes)


def _both_ways(inner: Case, merge: str) -> Case:
    sizes = tuple(
        {"net": {n: v for n, v in s.items() if n != "shape"}, "shape": s["shape"]}
        for s in inner.sizes
    )
    return Case("bidirectional", {"net": (inner.kind, inner.fixed), "merge": merge}, sizes)


RECURRENT = ("rnn", "gru", "lstm", "recurrent")
NORMS = {"bn": ("scale", "shift", "statistics", "counter"), "layernorm": ("scale", "shift"),
         "rmsnorm": ("scale", "shift")}  # fmt: skip
WITHOUT_OPTIONS = (
    "id", "flatten", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish",
    "hard_sigmoid", "hard_swish", "sigmoid", "tanh", "softmax", "log_softmax", "softplus",
    "softsign", "abs", "exp", "log", "sqrt",
)  # fmt: skip


#: Every kind there is; a new one needs a line here.
@st.composite
def _transposed(draw: Callable[..., Any]) -> Case:
    """A transposed convolution with filters that its groups divide."""
    pad = draw(st.sampled_from(["valid", "same", "number"]))
    rank = draw(st.integers(1, 3))

    def sizes() -> Sizes:
        kernel, stride, groups = draw(st.integers(2, 5)), draw(st.integers(1, 3)), draw(SMALL)
        found: dict[str, Any] = {
            "kernel": kernel,
            "stride": stride,
            "dilation": draw(st.integers(1, 2)),
            "groups": groups,
            "filters": groups * draw(SMALL),
            "output_pad": draw(st.integers(0, stride - 1)),
            "shape": (*draw(st.tuples(*[st.integers(3, 20)] * rank)), groups * draw(SMALL)),
        }
        if pad == "number":
            found["pad"] = draw(st.integers(0, 1))
        return found

    fixed: dict[str, Any] = {"bias": draw(FLAG)}
    if pad != "number":
        fixed["pad"] = pad
    return Case("conv_transpose", fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


CASES: dict[str, st.SearchStrategy[Case]] = {
    **{k: _plain(k, (1, 3), {"bias": FLAG}, ("units",)) for k in ("dense", "linear")},
    "embed": _plain("embed", (1, 2), sizes=("vocabulary", "width")),
    **{k: _plain(k, (1, 4), dict.fromkeys(flags, FLAG)) for k, flags in NORMS.items()},
    **{k: _recurrent(k) for k in RECURRENT},
    "bidirectional": st.builds(
        _both_ways,
        st.sampled_from(RECURRENT).flatmap(_recurrent),
        st.sampled_from(["concat", "sum", "mul", "ave", "none"]),
    ),
    **{k: _windows(k) for k in ("conv", "maxpool", "avgpool")},
    "conv_transpose": _transposed(),
    **{k: _plain(k, (2, 4)) for k in ("globalavgpool", "globalmaxpool")},
    "dropout": _plain("dropout", (1, 3), {"rate": st.sampled_from([0, Fraction(1, 2)])}),
    **{k: _plain(k, (1, 4)) for k in WITHOUT_OPTIONS},
}
