"""``expect`` lines: what a file claims of its models, judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from symparams.algebra import MOST_BEYOND, Number, Polynomial, Size, Verdict, points
from symparams.analysis.causes.hypotheses import Hypothesis, WorkBound
from symparams.analysis.claim_sides import ClaimSides
from symparams.analysis.relations import ClaimedRelation, ClaimGround, check_unit
from symparams.elaboration import Claim, Document
from symparams.errors import Span, SymparamsError
from symparams.language import tree

if TYPE_CHECKING:
    from symparams.analysis.causes.search import FoundCause


@dataclass(frozen=True)
class Judgement:
    """The verdict on one ``expect`` line.

    Attributes:
        holds: True, False, or None where it is undecided.
        how: ``as formulas``, ``at the defaults``, or why it is undecided.
        left, right: both sides, as formulas or numbers.
        difference: left minus right.
        point: sizes at which they differ, where they are formulas.
        causes: of a claim that fails, the known mistakes that make it, the likeliest first;
            None where none was looked for.
        given_up: whether none was found before the bound of work was met.
    """

    span: Span
    holds: bool | None
    how: str
    left: Size
    right: Size
    difference: Size
    point: Mapping[str, Number] = field(default_factory=dict)
    causes: tuple[FoundCause, ...] | None = None
    given_up: bool = False


def judge(claim: Claim, document: Document, bound: WorkBound | None = None) -> Judgement:
    """Return the verdict on one claim; the causes of a wrong one are looked for within a bound.

    Formulas are compared first, with the parameters that the claim does not
    name at their defaults; then, of a claim about all sizes, the values at the defaults.
    """
    comparison = claim.tree.claim
    while isinstance(comparison, tree.Group):
        comparison = comparison.body
    if not isinstance(comparison, tree.Compare):
        raise SymparamsError(
            "an expectation compares", claim.tree.claim.span, "as in: expect m.params == 1_000"
        )
    relation = ClaimedRelation.of(
        comparison.op, comparison.right, claim.tree.tolerance, claim.tree.over
    )
    found, sides = _judged(claim, comparison, relation, ClaimSides(document, claim))
    if found.holds is not False or relation.op not in ("==", "~="):
        return found

    from symparams.analysis.causes.search import causes  # what only a wrong claim needs

    def fits(hypothesis: Hypothesis) -> Size | None:
        """Return the left side under a hypothesis, where the claim would hold."""
        supposed = ClaimSides(document, claim, hypothesis, sides.built)
        at = sides.defaults() if relation.step is not None else {}
        left, right = supposed.both(comparison, at)
        if left == found.left or relation.fails_at(left, right, found.point):
            return None
        again, _ = _judged(claim, comparison, relation, supposed, found.how)
        return again.left if again.holds is True else None

    why = causes(sides.asked, relation, fits, WorkBound() if bound is None else bound)
    return replace(found, causes=why, given_up=why is None)


def _judged(
    claim: Claim,
    comparison: tree.Compare,
    relation: ClaimedRelation,
    sides: ClaimSides,
    only: str = "",
) -> tuple[Judgement, ClaimSides]:
    """Return the verdict, and the sides as they were judged; ``only`` as formulas where it says
    so.
    """
    left, right = sides.both(comparison, {})
    _check_unit(comparison, relation, sides)
    ground = sides.ground()
    defaults = sides.defaults()
    if relation.step is not None:
        left, right = sides.both(comparison, defaults)
        return _told(claim.tree, relation, left, right, ground), sides
    found = _told(claim.tree, relation, left, right, ground)
    if found.holds is True:
        found = _elsewhere(comparison, found, relation, sides)
    symbolic = isinstance(left, Polynomial) or isinstance(right, Polynomial)
    if found.holds is True or not symbolic or ground.over or only == _FORMULAS:
        return found, sides
    if sides.open() <= defaults.keys():
        left, right = sides.both(comparison, defaults)
        numbers = not isinstance(left, Polynomial) and not isinstance(right, Polynomial)
        if numbers and relation.judge(left, right, ClaimGround()).equal is True:
            how = "at the defaults, not as formulas"
            return Judgement(found.span, True, how, left, right, left - right), sides
        sides.both(comparison, {})
    return found, sides


_FORMULAS = "as formulas"


def _told(
    claim: tree.Expect, relation: ClaimedRelation, left: Size, right: Size, ground: ClaimGround
) -> Judgement:
    """Return the verdict on both sides, and how it is known."""
    node = claim.claim
    try:
        verdict = relation.judge(left, right, ground)
    except SymparamsError as error:
        raise error.at(node.span) from None
    return Judgement(
        claim.span if claim.tolerance or claim.over else node.span,
        verdict.equal,
        _how(relation, verdict, isinstance(left, Polynomial) or isinstance(right, Polynomial)),
        left,
        right,
        left - right,
        verdict.point,
    )


def _how(relation: ClaimedRelation, verdict: Verdict, symbolic: bool) -> str:
    if relation.op == "~=" or verdict.equal is None:
        return verdict.reason
    return _FORMULAS if symbolic else "at the defaults"


def _check_unit(node: tree.Compare, relation: ClaimedRelation, sides: ClaimSides) -> None:
    """Refuse a printed number of another unit than the measure beside it has."""
    left: tree.Expression = node.left
    while isinstance(left, tree.Group):
        left = left.body
    if isinstance(left, tree.Call):
        left = left.function
    if relation.unit and isinstance(left, tree.Attribute) and sides.asked:
        network, _ = sides.asked[0]
        check_unit(relation, network.definition, left.name, node.right.span)


def _elsewhere(
    node: tree.Compare, found: Judgement, relation: ClaimedRelation, sides: ClaimSides
) -> Judgement:
    """Return a claim that holds for the formulas, where the models are not what these presume.

    What a formula presumes, as that a shared net is used, is no condition of the
    model: the claim is judged there by counting at the smallest points, and says
    what it rests on.
    """
    presumed = [c for network in sides.networks for c in network.presumed]
    if not presumed:
        return found
    names = sorted({n for network in sides.networks for n in network.symbols})
    over = sides.over
    for point in islice(
        points(names, sides.facts(), sides.beyond, sides.most_points()), MOST_BEYOND
    ):
        if not all(condition.may_hold(point) for condition in over):
            continue
        try:
            there = ClaimSides(sides.document, sides.claim, sides.hypothesis, sides.built)
            left, right = there.both(node, point)
        except SymparamsError:
            continue  # no model there
        if relation.judge(left, right, ClaimGround()).equal is False:
            return Judgement(found.span, False, found.how, left, right, left - right, point)
    told = " and ".join(dict.fromkeys(map(str, presumed)))
    return replace(found, how=f"{found.how}, if {told}")
