"""Every layer kind four ways: ints, formulas, SymPy expressions, NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings, strategies as st

from symparams.algebra import product, substitute, symbol
from symparams.algebra.border import sympy_symbol
from symparams.layers import kinds
from symparams.layers.base import Core, Layer, Rewriter, Weight, Wrapper, is_kernel
from tests.properties.layers import CASES, INPUTS, Case, Sizes


def test_every_kind_is_covered():
    """A kind whose options hang together needs a line in ``tests/properties/layers.py``."""
    # A core without weights may do without one: tests/oracle has its shapes.
    weighing = {
        name
        for name, kind in kinds().items()
        if not issubclass(kind, Core) or kind.owns is not Core.owns
    }
    assert weighing <= CASES.keys() <= kinds().keys()


@pytest.mark.parametrize("kind", CASES)
def test_every_option_is_varied(kind):
    seen: dict[str, set[str]] = {}

    @settings(max_examples=25)
    @given(CASES[kind])
    def collect(case: Case) -> None:
        for name in (*case.fixed, *case.sizes[0]):
            value = case.fixed.get(name, case.sizes[0].get(name))
            seen.setdefault(name, set()).add(repr(value))

    collect()
    assert seen.keys() - set(INPUTS) == kinds()[kind].options.keys()
    assert all(len(values) > 1 for values in seen.values()), seen


# --- what a layer says of itself -------------------------------------------


@dataclass
class Said:
    """Weights, output and costs of a layer, flat: names that must agree, and sizes."""

    names: list[Any]
    sizes: list[Any]


def kept(layer: Layer, *shapes: tuple[Any, ...]) -> list[Weight]:
    """The weights of a layer, a core or a net that is kept in another way."""
    if isinstance(layer, Core):
        return list(layer.owns(*shapes))
    if not isinstance(layer, Rewriter):
        return list(layer.weights(*shapes))
    found: list[Weight] = []
    for weight in kept(layer.net, *shapes):
        if is_kernel(weight):
            found += layer.around(weight, layer.net, *shapes)
        else:
            found.append(layer.beside(weight))
    return found


def made_of(layer: Layer, *shapes: tuple[Any, ...]) -> tuple[tuple[tuple[Any, ...], ...], Any]:
    """The outputs of a layer, and what it costs beyond its weights."""
    if isinstance(layer, Core):
        layer.admit(*shapes)
        return layer.outputs(*shapes), layer.costs(*shapes)
    inner = layer.net if isinstance(layer, Rewriter) else layer
    return (inner.output(*shapes),), inner.macs(*shapes)


def said(layer: Layer, *shapes: tuple[Any, ...]) -> Said:
    """All that a layer says on inputs of ``shapes``."""
    if isinstance(layer, Wrapper):
        inner = said(layer.net, *shapes)
        return Said(
            [layer.copies, layer.join, *inner.names], [layer.copies * x for x in inner.sizes]
        )
    names: list[Any] = []
    sizes: list[Any] = []
    for weight in kept(layer, *shapes):
        names.append((weight.name, len(weight.shape), weight.buffer, weight.trained))
        sizes += [*weight.shape, weight.uses, weight.count, weight.count * weight.uses]
    outputs, costs = made_of(layer, *shapes)
    for output in outputs:
        names.append(len(output))
        sizes += [*output, product(output)]
    return Said(names, [*sizes, costs])


def required(layer: Layer, *shapes: tuple[Any, ...]) -> list[tuple[str, Any]]:
    """What a layer needs of its sizes."""
    if isinstance(layer, Wrapper | Rewriter):
        return required(layer.net, *shapes)
    needs = layer.demands(*shapes) if isinstance(layer, Core) else layer.requires(*shapes)
    return [(r.test, r.size) for r in needs]


def inputs(sizes: Sizes) -> list[tuple[Any, ...]]:
    """The shapes that a layer gets."""
    return [sizes[name] for name in INPUTS if name in sizes]


def leaves(sizes: Sizes, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, int]]:
    """(name, value) of every number in a set of sizes."""
    for key, value in sizes.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        elif isinstance(value, tuple):
            yield from (("_".join(map(str, (*path, key, k))), v) for k, v in enumerate(value))
        else:
            yield "_".join(map(str, (*path, key))), value


def placed(sizes: Sizes, put: Callable[[str], Any], path: tuple[Any, ...] = ()) -> Sizes:
    """A set of sizes with ``put(name)`` in place of every number."""
    found: dict[str, Any] = {}
    for key, value in sizes.items():
        here = (*path, key)
        if isinstance(value, dict):
            found[key] = placed(value, put, here)
        elif isinstance(value, tuple):
            found[key] = tuple(put("_".join(map(str, (*here, k)))) for k in range(len(value)))
        else:
            found[key] = put("_".join(map(str, here)))
    return found


def on(case: Case, sizes: Sizes) -> Said:
    return said(case.layer(sizes), *inputs(sizes))


CASE = st.sampled_from(sorted(CASES)).flatmap(CASES.__getitem__)
ALL = settings(max_examples=500)


@ALL
@given(CASE)
def test_on_formulas(case):
    general = on(case, placed(case.sizes[0], symbol))
    for sizes in case.sizes:
        point = dict(leaves(sizes))
        concrete = on(case, sizes)
        assert general.names == concrete.names
        assert [substitute(x, point) for x in general.sizes] == concrete.sizes


@ALL
@given(CASE, st.data())
def test_on_some_formulas_and_some_ints(case, data):
    sizes = case.sizes[0]
    point = dict(leaves(sizes))
    kept = data.draw(st.sets(st.sampled_from(sorted(point))))
    mixed = on(case, placed(sizes, lambda name: symbol(name) if name in kept else point[name]))
    concrete = on(case, sizes)
    assert mixed.names == concrete.names
    assert [substitute(x, point) for x in mixed.sizes] == concrete.sizes


@settings(max_examples=250)
@given(CASE)
def test_on_sympy_expressions(case):
    general = on(case, placed(case.sizes[0], sympy_symbol))
    for sizes in case.sizes:
        point = {sympy_symbol(n): v for n, v in leaves(sizes)}
        concrete = on(case, sizes)
        assert general.names == concrete.names
        assert [sympy.sympify(x).subs(point) for x in general.sizes] == concrete.sizes


@pytest.mark.parametrize("dtype", [np.int64, object], ids=["int64", "object"])
def test_on_arrays(dtype):
    @ALL
    @given(CASE)
    def check(case: Case) -> None:
        columns = [dict(leaves(sizes)) for sizes in case.sizes]

        def array(name: str) -> Any:
            return np.array([column[name] for column in columns], dtype=dtype)

        together = on(case, placed(case.sizes[0], array))
        apart = [on(case, sizes) for sizes in case.sizes]
        assert all(one.names == together.names for one in apart)
        for k, values in enumerate(together.sizes):
            if isinstance(values, np.ndarray):
                assert values.dtype == dtype
            found = np.broadcast_to(values, len(columns)).tolist()
            assert found == [one.sizes[k] for one in apart]

    check()


@ALL
@given(CASE)
def test_requirements_are_the_same_ones(case):
    for sizes in case.sizes:
        if {**sizes, **sizes.get("net", {})}.get("groups") == 1:
            continue  # one group asks nothing of the channels
        symbols = placed(sizes, symbol)
        general = required(case.layer(symbols), *inputs(symbols))
        point = dict(leaves(sizes))
        concrete = required(case.layer(sizes), *inputs(sizes))
        assert [(test, substitute(size, point)) for test, size in general] == concrete


@ALL
@given(CASE)
def test_drawn_layers_keep_their_requirements(case):
    """The strategies draw layers that a network would take."""
    holds = {
        "integer": lambda x: x == int(x),
        "positive": lambda x: x > 0,
        "nonnegative": lambda x: x >= 0,
        "zero": lambda x: x == 0,
    }
    for sizes in case.sizes:
        assert all(holds[test](x) for test, x in required(case.layer(sizes), *inputs(sizes)))
        assert all(isinstance(x, int) and x >= 0 for x in on(case, sizes).sizes)


@given(CASE)
def test_a_count_is_the_product_of_a_shape(case):
    sizes = placed(case.sizes[0], symbol)
    layer = case.layer(sizes)
    for weight in () if isinstance(layer, Wrapper) else kept(layer, *inputs(sizes)):
        total: Any = 1
        for axis in weight.shape:
            total = total * axis
        assert weight.count == total


def test_layers_are_immutable():
    layer = kinds()["dense"](units=3)
    with pytest.raises(AttributeError, match="immutable"):
        layer.units = 4
