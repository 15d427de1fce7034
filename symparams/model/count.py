"""A measure as a number."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Polynomial, symbols_of, text
from symparams.errors import NeedsValue, SymparamsError
from symparams.model.build import Definition, build
from symparams.model.values import Value


def count(
    definition: Definition, values: Mapping[str, Value] | None = None, measure: str = "params"
) -> int:
    """A measure of a model at ``values`` and, beside them, at the defaults.

    Raises:
        NeedsValue: a size that the measure depends on has neither.
        SymparamsError: the model, a value or the measure is wrong.
    """
    network = build(definition, values, defaults=True)
    found = network.measure(measure)
    if isinstance(found, Polynomial):
        names = sorted(s.name for s in symbols_of(found))
        listed = " and ".join(f"'{n}'" for n in names)
        raise NeedsValue(
            f"{measure} depends on {listed}: {text(found)}",
            names,
            None,
            "give a value, as in " + " ".join(f"--set {n}=64" for n in names),
        )
    if not isinstance(found, int):
        raise SymparamsError(f"{measure} would be {text(found)}, which is not an integer")
    return found
