"""Whether a printed formula, or number, is what a model has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from symparams.algebra import Condition, Formula, Size, SizeRecord, Verdict
from symparams.analysis.admission import admitting, conditioned
from symparams.analysis.causes.hypotheses import Hypothesis, WorkBound
from symparams.analysis.relations import ClaimedRelation, ClaimGround, check_unit
from symparams.answers import PublicAnswer
from symparams.elaboration import (
    FormulaReading,
    Network,
    Value,
    WrittenModel,
    asking,
    build,
    built_in,
    owner_of,
)
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.language import names_in, parse_assertion, tree
from symparams.network import MEASURE_NAMES

if TYPE_CHECKING:
    from symparams.analysis.causes.search import FoundCause


class Proof(SizeRecord, PublicAnswer):
    """The verdict on ``model == formula``, or what else is said of the model.

    Attributes:
        measure: what of the model, as it was asked for.
        left: the model's formula.
        right: the printed one, in the model's names.
        verdict: whether it is so; ``equal`` says it of every relation.
        fixed: parameters the formula does not name, at their defaults, and those
            it names that are derived from others, as what they are.
        relation: ``==``, ``<=``, or ``~=`` with its tolerance.
        over: the sizes that it is said of, where not of all.
        causes: of what is refuted, the known mistakes that make it, the likeliest first;
            None where none was looked for.
        given_up: whether none was found before the bound of work was met.
    """

    network: Network
    measure: str
    left: Formula
    right: Formula
    verdict: Verdict
    fixed: Mapping[str, Formula]
    relation: str = "=="
    over: tuple[str, ...] = ()
    causes: tuple[FoundCause, ...] | None = None
    given_up: bool = False


def free_names(node: tree.SyntaxNode) -> set[str]:
    """Return the names in an expression that are nothing built in."""
    return names_in(node) - built_in().keys()


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
        formula: a size expression; before it ``==``, ``<=`` or ``~=``, behind it a tolerance
            and the sizes that it is said of.
        measure: which formula of the model.
        values: parameters of the model that are set.
        rename: name in the formula → name in the model.

    Raises:
        SymparamsError: either does not make sense, or names do not match.
    """
    return prove_assertion(definition, parse_assertion(formula), measure, values, rename)


def prove_assertion(
    definition: WrittenModel,
    said: tree.Assertion,
    measure: str = "params",
    values: Mapping[str, Value] | None = None,
    rename: Mapping[str, str] | None = None,
) -> Proof:
    """Compare a model's measure with what is said of it, as :func:`prove`."""
    definition = asking(definition, [measure], values or ())
    relation = ClaimedRelation.of(said.relation, said.formula, said.tolerance, said.over)
    check_unit(relation, definition, measure, said.formula.span)
    names = free_names(said)
    for old in rename or {}:
        if old not in names:
            raise SymparamsError(
                f"the formula has no '{old}' to rename", None, did_you_mean(old, names)
            )
    mapping = {n: (rename or {}).get(n, n) for n in names}
    wanted = set(mapping.values())
    network = build(definition, values)
    fixed: dict[str, Size] = {
        n: v for n, v in network.defaults.items() if not {n, owner_of(n)} & wanted
    }
    if fixed:
        network = build(definition, {**fixed, **(values or {})})
    fixed |= {n: size for n, size in network.derived.items() if n in wanted}
    right, over = _Printed(network, mapping).read_assertion(said)
    left = network.measure(measure)
    ground = ClaimGround(network.facts, admitting(network), frozenset(conditioned(network)))
    ground = ground.narrowed(over, said.over[0].span.to(said.over[-1].span) if over else None)
    try:
        verdict = relation.judge(left, right, ground)
    except SymparamsError as error:
        raise error.at(said.formula.span) from None
    proof = Proof(network, measure, left, right, verdict, fixed, str(relation))
    proof = proof.but(over=tuple(map(str, ground.over)))
    if verdict.equal is not False or relation.op not in ("==", "~="):
        return proof

    from symparams.analysis.causes.search import causes  # what only a wrong claim needs

    def fits(hypothesis: Hypothesis) -> Size | None:
        """Return the measure under a hypothesis, where it would be what is said."""
        supposed = hypothesis.count(network, lambda there: there.measure(measure))
        if supposed == left or relation.fails_at(supposed, right, verdict.point):
            return None
        return supposed if relation.judge(supposed, right, ground).equal is True else None

    found = causes([(network, measure)], relation, fits, WorkBound())
    return proof.but(causes=found, given_up=found is None)


class _Printed(FormulaReading):
    """Reads the formula that somebody printed, in names of their own."""

    def __init__(self, network: Network, renamed: Mapping[str, str]) -> None:
        super().__init__(network, renamed=renamed)
        self.renamed = renamed

    def read_assertion(self, said: tree.Assertion) -> tuple[Size, list[Condition]]:
        """Return what is said as a size, and the conditions of the sizes that it is said of."""
        self.names = names_in(said)
        formula = self.whole(said.formula)
        return formula, [self.truth(condition, self.scope) for condition in said.over]

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
