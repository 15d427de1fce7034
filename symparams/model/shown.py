"""What ``show`` is about: the formulas where they close, the numbers where they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symparams.errors import NeedsValue
from symparams.model.build import Definition, Network, build
from symparams.model.report import Report, report
from symparams.model.values import Value


def shown(
    definition: Definition, values: Mapping[str, Value] | None = None, measure: str = "params"
) -> tuple[Report, Network | None]:
    """(the report in symbols, the same at the defaults where every symbol has one).

    Where no closed form exists, the report is the one at the defaults, with a
    note why.

    Raises:
        SymparamsError: the model, a value or the measure is wrong.
    """
    try:
        made = report(build(definition, values), measure)
    except NeedsValue as error:
        network = build(definition, values, defaults=True)
        made = report(network, measure)
        note = f"at the defaults: {error.message}"
        return replace(made, notes=(note, *made.notes)), network
    network = made.network
    if set(network.symbols) <= network.defaults.keys():
        return made, build(definition, values, defaults=True)
    return made, None
