"""What ``show`` is about: the formulas where they close, the numbers where they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symparams.algebra import text
from symparams.analysis.reports import Report, report
from symparams.elaboration import Network, Value, WrittenModel, asking, build, is_largest
from symparams.errors import NeedsValue


def shown(
    definition: WrittenModel, values: Mapping[str, Value] | None = None, measure: str = "params"
) -> tuple[Report, Network | None]:
    """Return the report of one measure as :func:`shown_together` has it, and the defaults."""
    (found,), there = shown_together(definition, [measure], values)
    return found, there


def shown_together(
    definition: WrittenModel, measures: Sequence[str], values: Mapping[str, Value] | None = None
) -> tuple[tuple[Report, ...], Network | None]:
    """Return (the reports in symbols, the model at the defaults where every symbol has one).

    Where one of the measures has no closed form, or none that holds at the defaults, the
    reports are those there, with a note why.

    Raises:
        SymparamsError: the model, a value or a measure is wrong.
    """
    definition = asking(definition, measures, values or ())
    try:
        network = build(definition, values)
        if any(map(is_largest, measures)) and _has_numbers(network):
            # No rows add up to it; where it is, numbers say sooner than formulas.
            network = build(definition, values, defaults=True)
        reports = tuple(report(network, measure) for measure in measures)
    except NeedsValue as error:
        there = build(definition, values, defaults=True)
        why = error.message
    else:
        if not set(network.symbols) <= network.defaults.keys():
            return reports, None
        there = build(definition, values, defaults=True)
        if network.allows(network.defaults):
            return reports, there
        at = ", ".join(f"{n} = {text(v)}" for n, v in network.defaults.items())
        why = f"the formulas hold if {' and '.join(reports[0].conditions)}, and not at {at}"
    numbers = (report(there, measure) for measure in measures)
    note = f"at the defaults: {why}"
    return tuple(one.but(notes=(note, *one.notes)) for one in numbers), there


def _has_numbers(network: Network) -> bool:
    """Tell whether a network has symbols, and a default for each that it allows."""
    known = network.defaults
    return bool(network.symbols) and set(network.symbols) <= known.keys() and network.allows(known)
