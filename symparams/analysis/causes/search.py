"""The causes of a wrong claim: hypotheses under which it would hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from symparams.algebra import Formula, Size, SizeRecord
from symparams.analysis.causes.biases import left_out
from symparams.analysis.causes.catalogue import CAUSES
from symparams.analysis.causes.hypotheses import CauseQuestion, Hypothesis
from symparams.analysis.relations import ClaimedRelation, unit_counted
from symparams.elaboration import Network
from symparams.errors import SymparamsError

#: The most causes that are told of a claim.
MOST_TOLD = 5


class FoundCause(SizeRecord):
    """A known mistake that makes a claim.

    Attributes:
        name: what the mistake is called.
        says: what was done, of this network.
        count: what it makes of the left side of the claim.
    """

    name: str
    says: str
    count: Formula


def causes(
    asked: Sequence[tuple[Network, str]],
    relation: ClaimedRelation,
    fits: Callable[[Hypothesis], Size | None],
) -> tuple[FoundCause, ...]:
    """Return the known mistakes under which a wrong claim would hold, the likeliest first.

    Args:
        asked: the networks and measures that the claim asks; the first is searched.
        relation: what is claimed.
        fits: gives the count under a hypothesis, where the claim would hold.
    """
    if not asked:
        return ()
    network, measure = asked[0]
    question = CauseQuestion(network, measure, unit_counted(network.definition, measure), relation)
    found = _fitting(_single(question), fits)
    if found or relation.loose:
        return found
    return _fitting(_pairs(question), fits)


def _fitting(
    tried: Iterable[tuple[str, Hypothesis]], fits: Callable[[Hypothesis], Size | None]
) -> tuple[FoundCause, ...]:
    found: dict[str, FoundCause] = {}
    for name, hypothesis in tried:
        if name in found:
            continue
        try:
            count = fits(hypothesis)
        except SymparamsError:
            continue  # there is no such network, or no closed form: nobody counted it so
        if count is not None:
            found[name] = FoundCause(name, hypothesis.says, count)
            if len(found) == MOST_TOLD:
                break
    return tuple(found.values())


def _single(question: CauseQuestion) -> Iterator[tuple[str, Hypothesis]]:
    for cause in CAUSES:
        for hypothesis in cause.tries(question):
            yield cause.name, hypothesis


def _pairs(question: CauseQuestion) -> Iterator[tuple[str, Hypothesis]]:
    """Yield every mistake together with the commonest: biases left out."""
    first = next(iter(left_out(question)), None)
    if first is None:
        return
    for name, hypothesis in _single(question):
        if name not in ("bias left out", "several parts left out"):
            yield f"{name}, bias left out", hypothesis.and_(first)
