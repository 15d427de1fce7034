"""All claims of several sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symparams.analysis.claims import Judgement, judge
from symparams.elaboration import build, understand
from symparams.errors import Source, SymparamsError


@dataclass(frozen=True)
class Checked:
    """The verdicts on several sources.

    Attributes:
        judgements: of all claims, in order.
        sources: name of a source → how many claims it has.
        errors: what made a source or a claim impossible to judge.
    """

    judgements: tuple[Judgement, ...]
    sources: dict[str, int]
    errors: tuple[SymparamsError, ...]

    @property
    def holds(self) -> bool:
        """Whether every claim holds and nothing was wrong."""
        return not self.errors and all(j.holds is True for j in self.judgements)


def check(sources: Iterable[Source | SymparamsError], convention: str | None = None) -> Checked:
    """Judge every claim; an error in one does not stop the others."""
    judgements: list[Judgement] = []
    errors: list[SymparamsError] = []
    counts: dict[str, int] = {}
    for source in sources:
        if isinstance(source, SymparamsError):
            errors.append(source)
            continue
        try:
            document = understand(source, convention)
            for definition in document.models.values():
                build(definition, defaults=True)  # a model nothing is claimed of is checked too
        except SymparamsError as error:
            errors.append(error)
            continue
        counts[source.name] = len(document.claims)
        for claim in document.claims:
            try:
                judgements.append(judge(claim, document))
            except SymparamsError as error:
                errors.append(error.at(claim.tree.span))
    return Checked(tuple(judgements), counts, tuple(errors))
