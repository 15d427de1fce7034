"""The values a size may have, as they are written at a parameter or asked for."""

from __future__ import annotations

from symparams.algebra import Domain, Number, Polynomial, text
from symparams.errors import SymparamsError
from symparams.language import tree
from symparams.model.evaluate import Evaluator
from symparams.model.scope import Scope

#: The most values of a domain, as many as any list of Python's has.
MOST_VALUES = (1 << 63) - 1


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
    many = (high - low) // step + 1
    if many > MOST_VALUES:
        raise SymparamsError(
            f"this domain has {many:,} values, more than {MOST_VALUES:,}",
            written.span,
            "end it earlier, or take a step",
        )
    return Domain(low, high, step)


def _bound(node: tree.Expression, evaluator: Evaluator, scope: Scope) -> Number:
    size = evaluator.size(node, scope)
    if isinstance(size, Polynomial):
        raise SymparamsError("a domain is made of numbers", node.span)
    if size <= 0:
        raise SymparamsError(f"a size must be positive, not {text(size)}", node.span)
    return size
