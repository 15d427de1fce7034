"""Whether a printed formula is what a model has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symparams.algebra import Size, Verdict, compare, symbol
from symparams.elaboration import (
    Evaluator,
    Network,
    Scope,
    Shipped,
    Value,
    WrittenModel,
    build,
    built_in,
)
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.language import names_in, parse_expression, tree
from symparams.network import Measure, Run, measure_named


@dataclass(frozen=True)
class Proof:
    """The verdict on ``model == formula``.

    Attributes:
        left: the model's formula.
        right: the printed one, in the model's names.
        fixed: parameters the formula does not name, at their defaults, and those
            it names that are derived from others, as what they are.
    """

    network: Network
    measure: Measure
    left: Size
    right: Size
    verdict: Verdict
    fixed: Mapping[str, Size]


def free_names(expression: tree.Expression) -> set[str]:
    """The names in an expression that are nothing built in."""
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
    expression = parse_expression(formula)
    names = free_names(expression)
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
    open_names = set(network.symbols)
    fixed |= {n: size for n, size in network.derived.items() if n in wanted}

    def free(name: str) -> Value:
        new = mapping.get(name, name)
        if new in network.derived:
            return network.derived[new]
        if new not in open_names:
            listed = ", ".join(sorted(open_names)) or "no symbols"
            raise SymparamsError(
                f"'{new}' is not a size of the model",
                None,
                did_you_mean(new, open_names, f"it has {listed}") + f"; or --rename {name}=…",
            )
        return symbol(new, network.is_symbol(new).integer)

    evaluator = Evaluator(Run(network.facts), Shipped())
    evaluator.mentioned = names
    right = evaluator.size(expression, Scope(free=free), "a size")
    left = network.measure(measure)
    verdict = compare(left, right, network.facts, network.allows)
    return Proof(network, measure_named(measure), left, network.facts.reduce(right), verdict, fixed)
