"""One unit for another: MACs and FLOPs, bytes and values, a thousand and 1024, trained and all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from symparams.algebra import Number, Size, exact, of_atom, substitute, text
from symparams.analysis.causes.hypotheses import (
    BUILT,
    CauseQuestion,
    Hypothesis,
    is_trained,
    reweighed,
    scaled,
    with_values,
    without,
)
from symparams.elaboration import Network
from symparams.layers import Weight
from symparams.network import LeafNode, WeightNode


def _scaled(says: str, factor: Number) -> Hypothesis:
    return Hypothesis(says, size=partial(scaled, factor=factor))


def macs_and_flops(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield work counted twice or by half."""
    if asked.unit == "FLOPs":
        yield _scaled("MACs for FLOPs: a multiply-accumulate is two", Fraction(1, 2))
    if asked.unit in ("MACs", "FLOPs"):
        yield _scaled("FLOPs for MACs: a multiply-accumulate is two", 2)


def bytes_and_values(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield bytes told of values, and values of bytes."""
    if asked.unit == "values":
        for size in (4, 2):
            yield _scaled(f"bytes for values, {size} a value", size)
    if asked.unit == "bytes":
        yield _scaled("bits for bytes", 8)
        for size in (4, 2, 8):
            yield _scaled(f"values for bytes, {size} a value", Fraction(1, size))


#: Of so many sizes each is tried for each other.
_MOST_NAMES = 8
#: Letter of a prefix → the power of a thousand, or of 1024.
_POWERS = {"K": 1, "M": 2, "B": 3, "G": 3, "T": 4}


def thousands(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield a prefix for powers of 1024 where it is one for powers of a thousand, or reversed."""
    suffix = asked.relation.suffix
    power = _POWERS.get(suffix[:1])
    if power is not None:
        binary = Fraction(1024, 1000) ** power
        prefix = suffix[0]
        if suffix.endswith("iB"):
            yield _scaled(f"{1000**power:,} for 1024^{power} behind '{suffix}'", exact(binary))
        else:
            yield _scaled(f"1024^{power} for {1000**power:,} behind '{prefix}'", exact(1 / binary))
    yield from _sizes(asked)


def _sizes(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield a thousand for 1024, or reversed, in the sizes of the network."""
    network = asked.network
    known = {**network.defaults, **network.taken}
    known |= {n: v for n, v in network.values.items() if isinstance(v, int) and n not in known}
    for whole, half in ((1024, 1000), (1000, 1024)):
        found = {
            n: v // whole * half
            for n, v in known.items()
            if isinstance(v, int) and v and v % whole == 0 and v != v // whole * half
        }
        groups = [{n: v} for n, v in found.items()]
        for values in [found, *groups] if len(groups) > 1 else groups:
            told = ", ".join(f"{n} = {text(v)}" for n, v in values.items())
            says = f"{half:,} for {whole:,}: {told}"
            yield Hypothesis(says, partial(with_values, values=values), effort=BUILT)


def trained_and_all(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield what is trained for all weights, and the other way round."""

    def trains(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        return weight if weight.buffer else weight.but(trained=True)

    def left(weight: Weight, node: LeafNode | WeightNode) -> bool:
        return not weight.buffer and not is_trained(weight, node)

    yield Hypothesis("what is trained for all weights", without(left))
    yield Hypothesis("all weights for those that are trained", reweighed(trains))


def buffers(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield running statistics and other buffers counted as parameters, or left out."""

    def counted(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        return weight.but(buffer=False)

    def moving(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        return weight.but(buffer=weight.buffer and not weight.name.startswith("moving"))

    yield Hypothesis("buffers counted as parameters", reweighed(counted))
    yield Hypothesis("running statistics counted as parameters", reweighed(moving))
    yield Hypothesis("buffers left out", without(lambda weight, node: weight.buffer))


def one_size_for_another(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield formulas in which one size stands for another."""
    network = asked.network
    names = list(network.symbols)[:_MOST_NAMES]
    for one in names:
        for other in names:
            if one == other:
                continue
            new: Size = of_atom(network.is_symbol(other))
            yield Hypothesis(f"'{other}' for '{one}'", size=partial(_put, one=one, new=new))


def _put(count: Size, network: Network, one: str, new: Size) -> Size:
    return substitute(count, {one: new})
