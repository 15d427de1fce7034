"""The causes of a wrong claim: hypotheses under which it would hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from symparams.algebra import Formula, Size, SizeRecord
from symparams.analysis.causes.biases import left_out
from symparams.analysis.causes.catalogue import CAUSES
from symparams.analysis.causes.hypotheses import MOST_PARTS, CauseQuestion, Hypothesis, WorkBound
from symparams.analysis.relations import ClaimedRelation, unit_counted
from symparams.elaboration import Network
from symparams.errors import SymparamsError
from symparams.network import parts_below

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
    bound: WorkBound,
) -> tuple[FoundCause, ...] | None:
    """Return the known mistakes under which a wrong claim would hold, the likeliest first.

    None: none was found before the bound was met, and there are more to try.

    Args:
        asked: the networks and measures that the claim asks; the first is searched.
        relation: what is claimed.
        fits: gives the count under a hypothesis, where the claim would hold.
        bound: the work that is left.
    """
    if not asked:
        return ()
    network, measure = asked[0]
    question = CauseQuestion(network, measure, unit_counted(network.definition, measure), relation)
    search = _CauseSearch([network for network, _ in asked], fits, bound)
    found = search.fitting(_single(question))
    if found == () and not relation.loose:
        # One mistake is likelier than two: a third of the work is left to the claims that follow.
        found = search.fitting(_pairs(question), MOST_PARTS // 3)
    return found


class _CauseSearch:
    """Tries mistakes in counting on the networks of one claim."""

    def __init__(
        self,
        networks: Iterable[Network],
        fits: Callable[[Hypothesis], Size | None],
        bound: WorkBound,
    ) -> None:
        self.networks = {id(network): network for network in networks}
        self.parts = sum(1 for n in self.networks.values() for _ in parts_below(n.root))
        self.fits = fits
        self.bound = bound

    def fitting(
        self, tried: Iterable[tuple[str, Hypothesis]], leave: int = 0
    ) -> tuple[FoundCause, ...] | None:
        """Return the mistakes under which the claim holds; None as :func:`causes` does.

        Args:
            tried: the mistakes, by name.
            leave: parts of the bound that are left to others.
        """
        found: dict[str, FoundCause] = {}
        for name, hypothesis in tried:
            if name in found:
                continue
            if self.bound.parts <= leave:
                return tuple(found.values()) or None
            self.bound.parts -= self.parts * hypothesis.effort
            try:
                count = self.supposed(hypothesis)
            except SymparamsError:
                continue  # there is no such network, or no closed form: nobody counted it so
            if count is not None:
                found[name] = FoundCause(name, hypothesis.says, count)
                if len(found) == MOST_TOLD:
                    break
        return tuple(found.values())

    def supposed(self, hypothesis: Hypothesis) -> Size | None:
        """Return the count under a hypothesis where the claim would hold, which makes each
        network once.
        """
        made = {key: hypothesis.network(network) for key, network in self.networks.items()}
        if hypothesis.size is None and all(made[k] is n for k, n in self.networks.items()):
            return None  # it is no mistake of these networks
        return self.fits(
            hypothesis.but(network=lambda asked: made.get(id(asked)) or hypothesis.network(asked))
        )


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
