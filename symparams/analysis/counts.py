"""A measure as a number."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Number, Polynomial, brief, symbols_of, text
from symparams.elaboration import Network, Value, WrittenModel, asking, build, is_formula, unit_of
from symparams.errors import NeedsValue, SymparamsError, listed, set_to


def count(
    definition: WrittenModel, values: Mapping[str, Value] | None = None, measure: str = "params"
) -> Number:
    """Return a measure of a model at ``values`` and, beside them, at the defaults.

    A formula of measures may come to a fraction, as ``flops/params`` does.

    Raises:
        NeedsValue, SymparamsError: as :func:`counted` does.
    """
    return counted(definition, values, measure)[0]


def counted(
    definition: WrittenModel, values: Mapping[str, Value] | None = None, measure: str = "params"
) -> tuple[Number, Network]:
    """Return the same, with the network it is of.

    Raises:
        NeedsValue: a size that the measure depends on has neither.
        SymparamsError: the model, a value or the measure is wrong.
    """
    definition = asking(definition, [measure], values or ())
    network = build(definition, values, defaults=True)
    found = network.measure(measure)
    if isinstance(found, Polynomial):
        names = sorted(s.name for s in symbols_of(found))
        raise NeedsValue(
            f"{measure} depends on {listed(names)}: {brief(found)}",
            names,
            None,
            f"give a value, as in {set_to(names)}",
        )
    whole = unit_of(measure, definition.measures) in ("values", "MACs") and not is_formula(measure)
    if not isinstance(found, int) and whole:
        raise SymparamsError(f"{measure} would be {text(found)}, which is not an integer")
    return found, network
