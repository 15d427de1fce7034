"""Texts to networks, and what the oracles ask of a network."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from symparams.algebra import Number, Size, symbol
from symparams.analysis.reports import Row, report
from symparams.elaboration.definition import Network, build
from symparams.elaboration.document import understand
from symparams.elaboration.evaluator import Evaluator
from symparams.elaboration.scope import Scope
from symparams.elaboration.vocabulary import Shipped
from symparams.errors import Source, SymparamsError
from symparams.language import parse_expression
from symparams.network.building import Run
from symparams.network.shapes import Bundled, Signal

FACTS = Path(__file__).parent / "facts"


@cache
def facts(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table of ``facts/``."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def network(
    text: str,
    convention: str | None = None,
    sizes: Mapping[str, Number] | None = None,
    defaults: bool = True,
) -> Network:
    """The network of a text; sizes with a default take it."""
    return build(understand(Source("<text>", text), convention).definition(), sizes, defaults)


def size(text: str, sizes: Mapping[str, Number] | None = None) -> Size:
    """A formula in the language's notation; its names are symbols, or have a value."""
    known = sizes or {}
    scope = Scope(free=lambda name: known[name] if name in known else symbol(name))
    evaluator = Evaluator(Run(), Shipped())
    return evaluator.size(parse_expression(Source("<formula>", text)), scope)


def layers(net: Network, measure: str = "params") -> Iterator[Row]:
    """The rows of a report, a row a layer: repeats written out, no heads of groups."""
    for row in report(net, measure).rows:
        if not row.is_group:
            assert isinstance(row.times, int), f"{row.name} is repeated {row.times} times"
            yield from [row] * row.times


def kinds_in(net: Network) -> set[str]:
    """The layer kinds that a network uses; a report leaves out ``id``."""
    found = {row.layer.kind for row in report(net).rows if row.layer is not None}
    body = net.definition.body.span.text
    return found | ({"id"} if re.search(r"\bid\b", body) else set())


@dataclass(frozen=True)
class Tensor:
    """A weight by name and shape.

    ``buffer`` where it is kept and no parameter, ``frozen`` where it is one that
    training does not change; a report of a network does not say the latter.
    """

    name: str
    shape: tuple[Size, ...]
    buffer: bool = False
    frozen: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Measured:
    """A layer as a framework gave it, in the language's names and order of axes.

    Attributes:
        model: the framework's class.
        options: what it was called with.
        shape: its input, or its inputs, as the framework takes it; None where
            none was given.
        weights: the parameters, then the buffers; None where only their number
            was measured.
        output: the first output without batch, channels last; None inside where
            any size may stand, None where it was not measured.
        others: the outputs behind the first, as far as they were measured.
        ordered: whether the framework has its weights in the order of the text.
    """

    model: str
    options: Mapping[str, Any]
    shape: Any
    weights: tuple[Tensor, ...] | None
    output: tuple[int | None, ...] | None
    others: tuple[tuple[int | None, ...], ...] = ()
    ordered: bool = True

    def __str__(self) -> str:
        given = ", ".join(f"{k}={v}" for k, v in self.options.items())
        return f"{self.model}({given}) on {self.shape}"


def weights_of(net: Network) -> tuple[Tensor, ...]:
    """Every weight of a network: the parameters, then the buffers."""
    found = [Tensor(w.name, w.shape, w.buffer) for row in layers(net) for w in row.weights]
    return tuple(sorted(found, key=lambda tensor: tensor.buffer))


def values(tensors: tuple[Tensor, ...]) -> int:
    """How many values some tensors have, counted with plain integers."""
    total = 0
    for tensor in tensors:
        count = 1
        for axis in tensor.shape:
            assert isinstance(axis, int)
            count *= axis
        total += count
    return total


def output_of(text: str, convention: str) -> tuple[Size, ...] | None:
    """The output of a text, None where it is refused."""
    try:
        return network(text, convention).root.output.axes
    except SymparamsError:
        return None


def in_order(tensors: tuple[Tensor, ...]) -> list[Tensor]:
    """Weights in an order of their own."""
    return sorted(tensors, key=lambda t: (t.buffer, t.name, [str(axis) for axis in t.shape]))


def outputs_of(net: Network) -> list[tuple[int | None, ...]]:
    """The shapes that leave a network; None where any size may stand."""
    flow = net.root.output
    items = flow.items if isinstance(flow, Bundled) else (flow,)
    found = []
    for item in items:
        assert isinstance(item, Signal)
        found.append(tuple(a if isinstance(a, int) else None for a in item.axes))
    return found


def agree(net: Network, measured: Measured) -> None:
    """A network has the weights, the counts and the outputs that were measured."""
    if measured.weights is not None:
        agree_in_weights(net, measured.weights, measured)
    if measured.output is not None:
        found = outputs_of(net)
        wanted = [measured.output, *measured.others]
        assert found == wanted[: len(found)], str(measured)


def agree_in_weights(net: Network, weights: tuple[Tensor, ...], measured: Measured) -> None:
    """A network has some weights, tensor by tensor, and their counts."""
    own = weights_of(net)
    if measured.ordered:
        assert own == weights, str(measured)
    else:
        assert in_order(own) == in_order(weights), str(measured)
    params = tuple(w for w in weights if not w.buffer)
    buffers = tuple(w for w in weights if w.buffer)
    frozen = tuple(w for w in params if w.frozen)
    wanted = {
        "params": values(params),
        "trainable": values(params) - values(frozen),
        "frozen": values(frozen),
        "buffers": values(buffers),
        "total": values(weights),
    }
    assert {name: net.measure(name) for name in wanted} == wanted, str(measured)
