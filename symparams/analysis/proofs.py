"""Whether a printed formula is what a model has."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Formula, Size, SizeRecord, Verdict, compare
from symparams.analysis.admission import admitting, conditioned
from symparams.answers import PublicAnswer
from symparams.elaboration import (
    FormulaReading,
    Network,
    Value,
    WrittenModel,
    asking,
    build,
    built_in,
)
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.language import names_in, parse_expression, tree
from symparams.network import MEASURE_NAMES


class Proof(SizeRecord, PublicAnswer):
    """The verdict on ``model == formula``.

    Attributes:
        measure: what of the model, as it was asked for.
        left: the model's formula.
        right: the printed one, in the model's names.
        fixed: parameters the formula does not name, at their defaults, and those
            it names that are derived from others, as what they are.
    """

    network: Network
    measure: str
    left: Formula
    right: Formula
    verdict: Verdict
    fixed: Mapping[str, Formula]


def free_names(expression: tree.Expression) -> set[str]:
    """Return the names in an expression that are nothing built in."""
    return names_in(expression) - built_in().keys()


def prove(
    definition: WrittenModel,
    formula: Source,
    measure: str = "params",
    values: Mapping[str, Value] | None = None,
    rename: Mapping[str, str] | None = None,
) -> Proof:
    """Compare a model's measure with a formula.

    Args:
        definition: the model.
        formula: a size expression.
        measure: which formula of the model.
        values: parameters of the model that are set.
        rename: name in the formula → name in the model.

    Raises:
        SymparamsError: either does not make sense, or names do not match.
    """
    definition = asking(definition, [measure], values or ())
    names = free_names(parse_expression(formula))
    for old in rename or {}:
        if old not in names:
            raise SymparamsError(
                f"the formula has no '{old}' to rename", None, did_you_mean(old, names)
            )
    mapping = {n: (rename or {}).get(n, n) for n in names}
    wanted = set(mapping.values())
    network = build(definition, values)
    fixed: dict[str, Size] = {n: v for n, v in network.defaults.items() if n not in wanted}
    if fixed:
        network = build(definition, {**fixed, **(values or {})})
    fixed |= {n: size for n, size in network.derived.items() if n in wanted}
    right = _Printed(network, mapping).read(formula)
    left = network.measure(measure)
    verdict = compare(left, right, network.facts, admitting(network), conditioned(network))
    return Proof(network, measure, left, right, verdict, fixed)


class _Printed(FormulaReading):
    """Reads the formula that somebody printed, in names of their own."""

    def __init__(self, network: Network, renamed: Mapping[str, str]) -> None:
        super().__init__(network, renamed=renamed)
        self.renamed = renamed

    def _measure(self, name: str) -> Value:
        if name in MEASURE_NAMES:
            return self.network.measure(name)
        new = self.renamed.get(name, name)
        listed = ", ".join(sorted(self.network.symbols)) or "no symbols"
        raise SymparamsError(
            f"'{new}' is not a size of the model",
            None,
            did_you_mean(new, self.network.symbols, f"it has {listed}") + f"; or --rename {name}=…",
        )
