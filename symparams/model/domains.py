"""The values a size may have, as they are written at a parameter or asked for."""

from __future__ import annotations

from symparams.algebra import POSITIVE, Domain, Number, Polynomial, Size, divide, text
from symparams.algebra.conditions import Condition, compared
from symparams.errors import SymparamsError
from symparams.language import tree
from symparams.model.evaluate import Evaluator
from symparams.model.scope import Scope


def domain_of(
    written: tree.SetDomain | tree.RangeDomain, evaluator: Evaluator, scope: Scope
) -> Domain:
    """``64..1024 step 64`` or ``{1, 2, 4}`` as a domain.

    Raises:
        SymparamsError: no values, or values that no size can have.
    """
    if isinstance(written, tree.SetDomain):
        choices = dict.fromkeys(_bound(i, evaluator, scope) for i in written.items)
        return Domain(choices=tuple(choices))
    low, high = (_bound(end, evaluator, scope) for end in (written.low, written.high))
    step = 1 if written.step is None else _bound(written.step, evaluator, scope)
    if not isinstance(step, int) or step < 1:
        raise SymparamsError(f"a step must be a positive integer, not {text(step)}", written.span)
    if not isinstance(low, int) or not isinstance(high, int) or low > high or low < 1:
        raise SymparamsError(
            f"a range must rise from a positive integer, not {text(low)}..{text(high)}",
            written.span,
        )
    return Domain(low, high, step)


def _bound(node: tree.Expression, evaluator: Evaluator, scope: Scope) -> Number:
    size = evaluator.size(node, scope)
    if isinstance(size, Polynomial):
        raise SymparamsError("a domain is made of numbers", node.span)
    if size <= 0:
        raise SymparamsError(f"a size must be positive, not {text(size)}", node.span)
    return size


def domain_in_words(domain: Domain) -> str:
    """What a value of a domain is, as an error says it."""
    return "a positive integer" if domain == POSITIVE else f"in {domain}"


def inside(size: Size, domain: Domain) -> list[Condition]:
    """What must hold of a size for a domain to have it."""
    if domain.choices:
        same = tuple(compared(size, "==", choice) for choice in domain.choices)
        return [Condition("or", parts=same, says=f"{text(size)} in {domain}")]
    found = [compared(size, ">", 0) if domain.low == 1 else compared(size, ">=", domain.low)]
    if domain.high is not None:
        found.append(compared(size, "<=", domain.high))
    return [
        *found,
        Condition("integer", divide(size - domain.low * (domain.step > 1), domain.step)),
    ]


__all__ = ["domain_in_words", "domain_of", "inside"]
