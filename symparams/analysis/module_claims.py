"""``expect m == module "…"``: what a file claims of somebody's module.

Nothing here imports that module: whoever judges such a claim does, where it is asked for.
"""

from __future__ import annotations

from symparams.elaboration import (
    Document,
    Evaluator,
    ModuleClaim,
    Scope,
    Shipped,
    Value,
    bind,
)
from symparams.errors import Span, SymparamsError, did_you_mean
from symparams.language import tree
from symparams.network import Run
from symparams.records import Record


class ModuleJudgement(Record):
    """The verdict on a claim about a module.

    Attributes:
        holds: True or False; None where it was not judged.
        how: at how many points, what differs, or why it was not judged.
    """

    span: Span
    holds: bool | None
    how: str


def claimed_model(claim: ModuleClaim, document: Document) -> tuple[str, dict[str, Value]]:
    """Return the model that a claim is about, and the values that it gives to its sizes.

    Raises:
        SymparamsError: there is no such model, or it has no such size.
    """
    model = claim.tree.model
    while isinstance(model, tree.Group):
        model = model.body
    call = model if isinstance(model, tree.Call) else None
    base = call.function if call is not None else model
    if not isinstance(base, tree.Name):
        raise SymparamsError(
            "a module is compared with a model", base.span, 'as in: expect NAME == module "…"'
        )
    if base.id not in document.known:
        raise SymparamsError(
            f"no model '{base.id}'", base.span, did_you_mean(base.id, document.known)
        )
    if call is None:
        return base.id, {}
    definition = document.known[base.id]
    names = [p.name for p in definition.parameters or ()]
    given = bind(call, names, len(names), f"model '{base.id}'", "parameter")
    evaluator = Evaluator(Run(), Shipped())
    scope = Scope(claim.scope)
    return base.id, {name: evaluator.value(value, scope) for name, value in given.items()}
