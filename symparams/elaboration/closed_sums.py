"""``sum`` of sizes over a range with symbolic ends, in closed form."""

from __future__ import annotations

from symparams.algebra import Condition, Polynomial, Size, of_atom, sum_over, text
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import is_size
from symparams.errors import SymparamsError
from symparams.language import tree


def closed_sum(evaluator: Reader, node: tree.Comprehension, scope: Scope) -> Size | None:
    """Return ``sum(j*k for j in 0..n-1)`` of sizes over a range with symbolic ends, where it
    closes.
    """
    if not isinstance(node.iterable, tree.Range) or len(node.targets) != 1:
        return None
    low = evaluator.size(node.iterable.start, scope, "where a range starts")
    high = evaluator.size(node.iterable.stop, scope, "where a range ends")
    if not (isinstance(low, Polynomial) or isinstance(high, Polynomial)):
        return None
    run = evaluator.run
    index, before = run.fresh_index(low, node.targets[0]), dict(run.conditions)
    says = f"{text(low)}..{text(high)} must be a range"
    try:
        with run.each_pass(index, low, high, node.span):
            term = evaluator.value(node.body, scope.inner({node.targets[0]: of_atom(index)}))
    except SymparamsError:
        term = None  # nets, say, whose sizes cannot be 0
    total = sum_over(term, index, low, high, run.facts) if is_size(term) else None  # type: ignore[arg-type]
    if total is None:
        run.conditions = before
        return None
    run.require(Condition("integer", high - low, says=says), node.iterable.span)
    # A range that ends before it begins is empty, but the closed form is not 0.
    run.presume(Condition("nonnegative", high - low + 1), node.iterable.span)
    return total
