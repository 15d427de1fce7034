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
from symparams.layers.base import Core, Layer
from symparams.layers.options import Option

#: Option → a size, sizes a spatial axis, or the sizes of a net; ``shape`` is the input's,
#: ``shape_2`` that of a second input.
Sizes = Mapping[str, Any]

#: What among the sizes is an input.
INPUTS = ("shape", "shape_2")


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
    options = {name: value for name, value in {**fixed, **sizes}.items() if name not in INPUTS}
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


#: Kinds whose window has a kernel of their own, and what they say beside ``groups``.
KERNELS = {
    "conv": ("filters",),
    "depthwise": ("multiplier",),
    "separable": ("filters", "multiplier"),
    "conv_lstm": ("filters",),
}


@st.composite
def _windows(draw: Callable[..., Any], kind: str) -> Case:
    """Convolutions and pooling: a window that fits into every axis."""
    conv = kind in KERNELS
    rank = draw(st.integers(1, 3))
    causal = conv and kind != "conv_lstm"
    words = ["valid", "same", "causal"] if causal else ["valid", "same"]
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
            found["dilation"] = dilation
        if kind == "conv":
            groups = found["groups"] = draw(st.integers(1, 4))
        for name in KERNELS.get(kind, ()):
            found[name] = groups * draw(SMALL)
        time = (draw(SMALL),) if kind == "conv_lstm" else ()
        found["shape"] = (*time, *spatial, groups * draw(SMALL))
        return found

    fixed: dict[str, Any] = {} if own_stride else {"stride": None}
    if pad in words:
        fixed["pad"] = pad
    if conv:
        fixed["bias"] = draw(FLAG)
    if kind == "conv_lstm":
        fixed["last"] = draw(FLAG)
    return Case(kind, fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


def _recurrent(kind: str) -> st.SearchStrategy[Case]:
    fixed: dict[str, st.SearchStrategy[Any]] = {
        "bias": FLAG, "bias_vectors": st.integers(0, 2), "last": FLAG
    }  # fmt: skip
    sizes: tuple[str, ...] = ("units", "gates") if kind == "recurrent" else ("units",)
    if kind != "lstm":
        return _plain(kind, (1, 2), fixed, sizes)
    fixed["peephole"] = FLAG
    straight = _plain(kind, (1, 2), {**fixed, "proj": st.none()}, sizes)
    return straight | _plain(kind, (1, 2), fixed, (*sizes, "proj"))


def _around(kind: str, inner: Case, fixed: Mapping[str, Any], own: tuple[Sizes, ...] = ()) -> Case:
    """A kind around a net, with sizes of its own for each set of the net's."""
    sizes = tuple(
        {"net": {n: v for n, v in s.items() if n != "shape"}, "shape": s["shape"], **more}
        for s, more in zip(inner.sizes, own or ({},) * len(inner.sizes), strict=True)
    )
    return Case(kind, {"net": (inner.kind, inner.fixed), **fixed}, sizes)


def _rewriting(kind: str, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Case]:
    """A kind that keeps the kernels of its net in another way."""

    @st.composite
    def drawn(draw: Callable[..., Any]) -> Case:
        inner = draw(st.sampled_from(KERNELED).flatmap(CASES.__getitem__))
        own = tuple({"rank": draw(SMALL)} for _ in inner.sizes) if kind == "lora" else ()
        chosen = {name: draw(s) for name, s in fixed.items()}
        if chosen.get("each") == "multiplier" and "multiplier" not in inner.sizes[0]:
            chosen["each"] = "output"
        return _around(kind, inner, chosen, own)

    return drawn()


RECURRENT = ("rnn", "gru", "lstm", "recurrent")
KERNELED = ("dense", "linear", "embed", "embedding_bag", "conv", "conv_transpose", "depthwise",
            "separable", "lstm", "conv_lstm", "einsum_dense")  # fmt: skip
STATISTICS = ("scale", "shift", "statistics", "counter")
ONE_AXIS = {"bn": (*STATISTICS, "renorm"), "instancenorm": STATISTICS}
AXES = {
    "layernorm": ("scale", "shift"),
    "rmsnorm": ("scale", "shift"),
    "unitnorm": (),
    "standardize": ("known", "counter"),
}
WITHOUT_OPTIONS = (
    "id", "flatten", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish",
    "hard_sigmoid", "hard_swish", "sigmoid", "tanh", "softmax", "log_softmax", "softplus",
    "softsign", "abs", "exp", "log", "sqrt",
)  # fmt: skip


@st.composite
def _axes(draw: Callable[..., Any], rank: int) -> Any:
    """One axis, or several, from either end."""
    if draw(FLAG):
        return draw(st.integers(-rank, rank - 1))
    chosen = draw(st.lists(st.integers(0, rank - 1), min_size=1, max_size=rank, unique=True))
    return tuple(k - rank * draw(st.integers(0, 1)) for k in chosen)


def _normed(kind: str, flags: tuple[str, ...], several: bool) -> st.SearchStrategy[Case]:
    """A layer over some axes."""

    def of_rank(rank: int) -> st.SearchStrategy[Case]:
        axes = _axes(rank) if several else st.integers(-rank, rank - 1)
        return _plain(kind, (rank, rank), {**dict.fromkeys(flags, FLAG), "axis": axes})

    return st.integers(1, 4).flatmap(of_rank)


@st.composite
def _grouped(draw: Callable[..., Any]) -> Case:
    """A norm over groups that divide the channels."""
    rank = draw(st.integers(1, 4))
    axis = draw(st.integers(-rank, rank - 1))

    def sizes() -> Sizes:
        groups = draw(SMALL)
        shape = list(draw(_positions(rank)))
        shape[axis] = groups * draw(SMALL)
        return {"groups": groups, "shape": tuple(shape)}

    fixed = {"scale": draw(FLAG), "shift": draw(FLAG), "axis": axis}
    return Case("groupnorm", fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


def _prelu() -> st.SearchStrategy[Case]:
    def of_rank(rank: int) -> st.SearchStrategy[Case]:
        words = st.sampled_from(["places", "all", "none"])
        return _plain("prelu", (rank, rank), {"share": words | _axes(rank)})

    return st.integers(1, 4).flatmap(of_rank)


@st.composite
def _adaptive(draw: Callable[..., Any]) -> Case:
    """Clusters that rise, over a width that the last of them still divides."""
    clusters = draw(st.integers(1, 3))
    listed = clusters > 1 or draw(FLAG)
    rank = draw(st.integers(1, 3))

    def sizes() -> Sizes:
        ends = [draw(SMALL)]
        for _ in range(clusters):
            ends.append(ends[-1] + draw(SMALL))
        cutoffs: Any = tuple(ends[:-1]) if listed else ends[0]
        shape = (*draw(_positions(rank - 1)), draw(st.integers(1, 100)))
        divide = draw(st.integers(1, 5))
        return {"classes": ends[-1], "cutoffs": cutoffs, "divide": divide, "shape": shape}

    fixed = {"head_bias": draw(FLAG)}
    return Case("adaptive_softmax", fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


#: (equation, axes that come in, whether one more may stand in front, axes of ``out``, bias).
EQUATIONS = (
    ("ab,bc->ac", 1, 1, ("c", None)),
    ("ab,b->ab", 1, 0, ("b", None)),
    ("...x,xy->...y", 3, 1, ("y", None)),
    ("...x,xy->...y", 1, 1, ("y", None)),
    ("abc,cde->abde", 2, 2, ("de", "e", "d", "bde", None)),
    ("abcd,cdz->abz", 3, 1, ("z", "bz", None)),
    ("abc,bcz->az", 2, 1, ("z", None)),
    ("abc,cad->abd", 3, 1, ("d", "ad", None)),
)


@st.composite
def _einsum_dense(draw: Callable[..., Any]) -> Case:
    equation, rank, new, biases = draw(st.sampled_from(EQUATIONS))
    single = new == 1 and draw(FLAG)

    def sizes() -> Sizes:
        out = draw(_positions(new))
        return {"out": out[0] if single else out, "shape": draw(_positions(rank))}

    fixed = {"equation": equation, "bias": draw(st.sampled_from(biases))}
    return Case("einsum_dense", fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


@st.composite
def _bilinear(draw: Callable[..., Any]) -> Case:
    rank = draw(st.integers(0, 3))

    def sizes() -> Sizes:
        places = draw(_positions(rank))
        first, second, units = (draw(SMALL) for _ in range(3))
        return {"units": units, "shape": (*places, first), "shape_2": (*places, second)}

    fixed = {"bias": draw(FLAG)}
    return Case("bilinear", fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


PRODUCTS = (
    "sd,td->st", "st,td->sd", "ab,ba->ab", "a,b->ab", "ab,ab->", "...d,de->...e", "...a,...a->...",
    "abc->cb", "...ab->...b",
)  # fmt: skip


@st.composite
def _einsum(draw: Callable[..., Any]) -> Case:
    """One tensor or two, with as many axes in front where they are open."""
    equation = draw(st.sampled_from(PRODUCTS))
    dots = draw(st.integers(0, 2)) if "..." in equation else 0

    def sizes() -> Sizes:
        front = draw(_positions(dots))
        known = {letter: draw(SMALL) for letter in "abcdest"}
        found = {}
        for name, term in zip(INPUTS, equation.partition("->")[0].split(","), strict=False):
            open_axes = front if term.startswith("...") else ()
            found[name] = (*open_axes, *(known[x] for x in term.removeprefix("...")))
        return found

    return Case(
        "einsum", {"equation": equation}, tuple(sizes() for _ in range(draw(st.integers(1, 3))))
    )


@st.composite
def _fold(draw: Callable[..., Any]) -> Case:
    """Windows as many as an image of this size has."""
    axes = draw(st.integers(1, 3))
    listed = {name: draw(FLAG) for name in ("kernel", "stride", "pad", "dilation")}

    def sizes() -> Sizes:
        found: dict[str, Any] = {}
        each: dict[str, tuple[int, ...]] = {}
        lows = {"kernel": 1, "stride": 1, "pad": 0, "dilation": 1}
        for name, low in lows.items():
            values = st.integers(low, 3)
            one = draw(values)
            each[name] = draw(st.tuples(*[values] * axes)) if listed[name] else (one,) * axes
            found[name] = each[name] if listed[name] else one
        size, places, values = [], 1, draw(SMALL)
        for k, s, p, d in zip(*(each[name] for name in lows), strict=True):
            room = draw(st.integers(0, 9))
            size.append(max(d * (k - 1) + 1 - 2 * p, 1) + room)
            places *= (size[-1] + 2 * p - d * (k - 1) - 1) // s + 1
            values *= k
        single = axes == 1 and not any(listed.values())
        found["size"] = size[0] if single else tuple(size)
        return {**found, "shape": (places, values)}

    return Case("fold", {}, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


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
            "output_pad": 0 if pad == "same" else draw(st.integers(0, stride - 1)),
            "shape": (*draw(st.tuples(*[st.integers(3, 20)] * rank)), groups * draw(SMALL)),
        }
        if pad == "number":
            found["pad"] = draw(st.integers(0, 1))
        return found

    fixed: dict[str, Any] = {"bias": draw(FLAG)}
    if pad != "number":
        fixed["pad"] = pad
    return Case("conv_transpose", fixed, tuple(sizes() for _ in range(draw(st.integers(1, 3)))))


#: Type of option → the values that structure is drawn from.
STRUCTURE: Mapping[str, Callable[[Option], st.SearchStrategy[Any]]] = {
    "flag": lambda option: FLAG,
    "word": lambda option: st.sampled_from(option.words),
}


def _declared(kind: str) -> st.SearchStrategy[Case]:
    """A layer drawn as it declares itself: sizes that are free of each other, flags, words."""
    layer = kinds()[kind]
    plain = {n: o for n, o in layer.options.items() if o.type in ("size", *STRUCTURE)}
    assert issubclass(layer, Layer), f"'{kind}' needs a line in CASES: it is no plain layer"
    assert plain.keys() == layer.options.keys(), f"'{kind}' needs a line in CASES for its options"
    fixed = {n: STRUCTURE[o.type](o) for n, o in plain.items() if o.type in STRUCTURE}
    sizes = tuple(n for n, o in plain.items() if o.type == "size")
    return _plain(kind, (max(layer.least_rank, 1), layer.least_rank + 2), fixed, sizes)


#: The kinds whose options hang together; others are drawn as they declare themselves.
CASES: dict[str, st.SearchStrategy[Case]] = {
    **{k: _plain(k, (1, 3), {"bias": FLAG}, ("units",)) for k in ("dense", "linear")},
    "embed": _plain("embed", (1, 2), sizes=("vocabulary", "width")),
    "embedding_bag": _plain(
        "embedding_bag",
        (1, 2),
        {"mode": st.sampled_from(["mean", "sum", "max"])},
        ("vocabulary", "width"),
    ),
    **{k: _normed(k, flags, several=False) for k, flags in ONE_AXIS.items()},
    **{k: _normed(k, flags, several=True) for k, flags in AXES.items()},
    "groupnorm": _grouped(),
    "localresponsenorm": _plain("localresponsenorm", (1, 4), sizes=("size",)),
    **{k: _recurrent(k) for k in RECURRENT},
    **{k: _windows(k) for k in (*KERNELS, "maxpool", "avgpool")},
    "conv_transpose": _transposed(),
    **{k: _plain(k, (2, 4)) for k in ("globalavgpool", "globalmaxpool")},
    "prelu": _prelu(),
    "adaptive_softmax": _adaptive(),
    "einsum_dense": _einsum_dense(),
    "bilinear": _bilinear(),
    "einsum": _einsum(),
    "fold": _fold(),
    "dropout": _plain(
        "dropout", (1, 3), {"rate": st.sampled_from([0, Fraction(1, 2)]), "channels": FLAG}
    ),
    **{k: _plain(k, (1, 4)) for k in WITHOUT_OPTIONS},
    "bidirectional": st.builds(
        lambda inner, merge: _around("bidirectional", inner, {"merge": merge}),
        st.sampled_from(RECURRENT).flatmap(_recurrent),
        st.sampled_from(["concat", "sum", "mul", "ave", "none"]),
    ),
    "weightnorm": _rewriting("weightnorm", each=st.sampled_from(["output", "input", "all"])),
    "spectralnorm": _rewriting(
        "spectralnorm",
        vectors=st.integers(1, 2),
        each=st.sampled_from(["output", "input", "multiplier"]),
    ),
    "orthogonal": _rewriting(
        "orthogonal",
        map=st.sampled_from(["by_shape", "exp", "cayley", "householder"]),
        base=FLAG,
    ),
    "lora": _rewriting("lora", bias=FLAG),
}
# A core without weights may do without: tests/oracle has its shapes.
CASES |= {
    name: _declared(name)
    for name, kind in kinds().items()
    if name not in CASES and (not issubclass(kind, Core) or kind.owns is not Core.owns)
}
