"""Whether a printed formula is what a model has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symparams.algebra import Number, Size, substitute, symbol, symbols_of
from symparams.algebra.proof import Verdict, compare
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.language import parse_expression
from symparams.model.build import Definition, Network, build
from symparams.model.callables import built_in, words_known
from symparams.model.evaluate import Evaluator
from symparams.model.network import Measure, measure_named
from symparams.model.run import Run
from symparams.model.scope import Scope
from symparams.model.values import Value


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on ``model == formula``.

    Attributes:
        left: the model's formula.
        right: the printed one, in the model's names.
        fixed: parameters the formula does not name, at their defaults.
    """

    network: Network
    measure: Measure
    left: Size
    right: Size
    verdict: Verdict
    fixed: Mapping[str, Number]


def size_of(source: Source, known: Mapping[str, Size] | None = None) -> Size:
    """A size expression of the language as a formula; its free names are symbols.

    Raises:
        SymparamsError: the text is no size expression.
    """
    evaluator = Evaluator(Run(), built_in(), words_known())
    scope = Scope(free=lambda name: symbol(name))
    scope.names.update(known or {})
    return evaluator.size(parse_expression(source), scope)


def prove(
    definition: Definition,
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
    claimed = size_of(formula)
    names = {s.name for s in symbols_of(claimed)}
    for old in rename or {}:
        if old not in names:
            raise SymparamsError(
                f"the formula has no '{old}' to rename", None, did_you_mean(old, names)
            )
    mapping = {n: (rename or {}).get(n, n) for n in names}
    wanted = set(mapping.values())
    network = build(definition, values)
    fixed = {n: v for n, v in network.defaults.items() if n not in wanted}
    if fixed:
        network = build(definition, {**fixed, **(values or {})})
    open_names = set(network.symbols)
    for name in sorted(wanted - open_names):
        listed = ", ".join(sorted(open_names)) or "no symbols"
        raise SymparamsError(
            f"'{name}' is not a size of the model",
            None,
            did_you_mean(name, open_names, f"it has {listed}") + f"; or --rename {name}=…",
        )
    symbols: dict[str, Size] = {
        old: symbol(new, network.is_symbol(new).integer) for old, new in mapping.items()
    }
    right = substitute(claimed, symbols)
    left = network.measure(measure)
    verdict = compare(left, right, network.facts, network.allows)
    return Proof(network, measure_named(measure), left, network.facts.reduce(right), verdict, fixed)
