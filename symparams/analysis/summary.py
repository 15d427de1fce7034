"""What ``show`` is about: the formulas where they close, the numbers where they are known."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import text
from symparams.analysis.reports import Report, report
from symparams.elaboration import Network, Value, WrittenModel, asking, build
from symparams.errors import NeedsValue


def shown(
    definition: WrittenModel, values: Mapping[str, Value] | None = None, measure: str = "params"
) -> tuple[Report, Network | None]:
    """Return (the report in symbols, the same at the defaults where every symbol has one).

    Where no closed form exists, or none that holds at the defaults, the report is
    the one there, with a note why.

    Raises:
        SymparamsError: the model, a value or the measure is wrong.
    """
    definition = asking(definition, [measure], values or ())
    try:
        made = report(build(definition, values), measure)
    except NeedsValue as error:
        network = build(definition, values, defaults=True)
        made = report(network, measure)
        note = f"at the defaults: {error.message}"
        return made.but(notes=(note, *made.notes)), network
    network = made.network
    if not set(network.symbols) <= network.defaults.keys():
        return made, None
    there = build(definition, values, defaults=True)
    if network.allows(network.defaults):
        return made, there
    at = ", ".join(f"{n} = {text(v)}" for n, v in network.defaults.items())
    listed = " and ".join(made.conditions)
    note = f"at the defaults: the formulas hold if {listed}, and not at {at}"
    found = report(there, measure)
    return found.but(notes=(note, *found.notes)), there
