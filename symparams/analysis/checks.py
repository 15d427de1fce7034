"""All claims of several sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from symparams.analysis.causes.hypotheses import WorkBound
from symparams.analysis.claims import Judgement, judge
from symparams.analysis.module_claims import ModuleJudgement, claimed_model
from symparams.answers import PublicAnswer
from symparams.elaboration import Document, ModuleClaim, build, understand
from symparams.errors import Source, SymparamsError


@dataclass(frozen=True)
class Checked(PublicAnswer):
    """The verdicts on several sources.

    Attributes:
        judgements: of all claims, in order.
        sources: name of a source → how many claims it has.
        errors: what made a source or a claim impossible to judge.
        modules: of the claims about modules.
    """

    judgements: tuple[Judgement, ...]
    sources: dict[str, int]
    errors: tuple[SymparamsError, ...]
    modules: tuple[ModuleJudgement, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every claim that was judged holds, and nothing was wrong."""
        return (
            not self.errors
            and all(j.holds is True for j in self.judgements)
            and all(j.holds is not False for j in self.modules)
        )


#: What judges a claim about a module, which it imports.
ModuleJudge = Callable[[ModuleClaim, Document], ModuleJudgement]


def unjudged(claim: ModuleClaim, document: Document) -> ModuleJudgement:
    """Say that a claim about a module was not judged: its module is not imported."""
    claimed_model(claim, document)  # a text that is wrong is wrong all the same
    return ModuleJudgement(claim.tree.span, None, "it is judged with --modules")


def check(
    sources: Iterable[Source | SymparamsError],
    convention: str | None = None,
    of_module: ModuleJudge = unjudged,
) -> Checked:
    """Judge every claim; an error in one does not stop the others.

    Claims about modules are left to ``of_module``; nothing else runs code of others.
    """
    modules: list[ModuleJudgement] = []
    judgements: list[Judgement] = []
    errors: list[SymparamsError] = []
    counts: dict[str, int] = {}
    bound = WorkBound()
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
        for variant in document.variants.values():
            try:
                build(variant, defaults=True)
            except SymparamsError as error:
                errors.append(error)
        counts[source.name] = len(document.claims) + len(document.module_claims)
        for claim in document.claims:
            try:
                judgements.append(judge(claim, document, bound))
            except SymparamsError as error:
                errors.append(error.at(claim.tree.span))
        for about in document.module_claims:
            try:
                modules.append(of_module(about, document))
            except SymparamsError as error:
                errors.append(error.at(about.tree.span))
    return Checked(tuple(judgements), counts, tuple(errors), tuple(modules))
