"""What every figure says of itself to programs, and below its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symparams.algebra import Number, symbol
from symparams.analysis import Asked
from symparams.elaboration import Network
from symparams.interchange import CommandAnswer
from symparams.views import remarks
from symparams.views.cells import Phrase, phrase


class PlotAnswer(CommandAnswer):
    """What every answer about a figure says first: what it is of, and at which sizes.

    ``given`` are the sizes that were set, ``defaults`` those at their defaults.
    """

    model: str
    figure: str
    measure: str
    given: Mapping[str, Number]
    defaults: Mapping[str, Number]
    conditions: tuple[str, ...]


def about(figure: str, measure: str, asked: Asked) -> dict[str, Any]:
    """Return the fields of a :class:`PlotAnswer` for what was asked of several sizes."""
    network = asked.questions[0].network
    conditions = (str(c) for q in asked.questions for c in q.space.conditions)
    return {
        "model": network.definition.name,
        "figure": figure,
        "measure": measure,
        "given": remarks.given(asked),
        "defaults": network.taken,
        "conditions": tuple(dict.fromkeys(conditions)),
    }


def about_network(figure: str, measure: str, network: Network) -> dict[str, Any]:
    """Return the same for one network."""
    given = {n: v for n, v in network.values.items() if isinstance(v, Number)}
    return {
        "model": network.definition.name,
        "figure": figure,
        "measure": measure,
        "given": given,
        "defaults": network.taken,
        "conditions": tuple(map(str, (*network.assumed, *network.conditions))),
    }


def named_sizes(sizes: Mapping[str, Number]) -> tuple[Phrase, ...]:
    """Return sizes as they stand beside a point, a line each: ``h = 1,152``."""
    return tuple(phrase(symbol(name), " = ", value) for name, value in sizes.items())
