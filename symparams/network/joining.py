"""The shape of parts joined: added, multiplied, concatenated, or kept apart."""

from __future__ import annotations

from symparams.algebra import Condition, Size, symbols_of
from symparams.errors import NeedsValue, Span, SymparamsError
from symparams.layers import Saved
from symparams.network.building import Run
from symparams.network.nodes import ChainNode, JoinNode, Node, SavedNode
from symparams.network.shapes import Bundled, Flow, Signal
from symparams.network.storages import Saving

_VERB = {"+": "add", "-": "subtract", "*": "multiply", "|": "concatenate"}


def join(
    op: str,
    parts: tuple[Node, ...],
    run: Run,
    span: Span | None,
    spans: tuple[Span | None, ...] = (),
) -> Node:
    """Return parts joined, as :func:`joined` says; a product with what it keeps.

    Raises:
        SymparamsError, NeedsValue: as :func:`joined` does.
    """
    output = joined(op, parts, run, span, spans)
    node = JoinNode(output, span, op, parts)
    if op != "*" or not run.storages.on:
        return node
    left, saving = _single(op, parts[0], span), Saving()
    for part in parts[1:]:
        right = _single(op, part, span)
        wanted = tuple(k for k, other in enumerate((right, left)) if other.grad)
        more = run.storages.keep(Saved(inputs=wanted), (left, right), left)
        saving = Saving(saving.values + more.values, 0, saving.integers, saving.once + more.once)
        if part is not parts[-1]:
            left = _broadcast(op, left, right, run, span)
    return ChainNode(output, span, (node, SavedNode(output, span, "product", saving)))


def joined(
    op: str,
    parts: tuple[Node, ...],
    run: Run,
    span: Span | None,
    spans: tuple[Span | None, ...] = (),
) -> Flow:
    """Return the shape of parts: ``+ - *`` broadcast from the last axis, ``|`` adds it up.

    ``bundle`` keeps them apart.

    Raises:
        SymparamsError: shapes that do not fit.
        NeedsValue: a value says whether they do.
    """
    if op == "bundle":
        return Bundled(tuple(part.output for part in parts))
    result = _single(op, parts[0], spans[0] if spans else span)
    for k, part in enumerate(parts[1:], 1):
        where = spans[k] if len(spans) > k else span
        other = _single(op, part, where)
        if result.tokens or other.tokens:
            raise SymparamsError(f"cannot {_VERB[op]} integers", where, "embed them first")
        if op == "|":
            result = _concatenated(result, other, run, where)
        else:
            result = _broadcast(op, result, other, run, where)
    return result


def _single(op: str, part: Node, span: Span | None) -> Signal:
    if isinstance(part.output, Bundled):
        raise SymparamsError(f"cannot {_VERB[op]} {part.output.described()}", span)
    return part.output


def _broadcast(op: str, left: Signal, right: Signal, run: Run, span: Span | None) -> Signal:
    longer, shorter = (
        (left.axes, right.axes) if len(left.axes) >= len(right.axes) else (right.axes, left.axes)
    )
    axes = list(longer)
    for back in range(1, len(shorter) + 1):
        a, b = longer[-back], shorter[-back]
        if a == 1:
            axes[-back] = b
        elif b != 1:
            _same_axis(op, a, b, (left, right), run, span)
    return _made(tuple(axes), left, right, run)


def _concatenated(left: Signal, right: Signal, run: Run, span: Span | None) -> Signal:
    if len(left.axes) != len(right.axes) or not left.axes:
        raise SymparamsError(f"cannot concatenate {left.described()} and {right.described()}", span)
    for a, b in zip(left.axes[:-1], right.axes[:-1], strict=True):
        _same_axis("|", a, b, (left, right), run, span)
    axes = (*left.axes[:-1], left.axes[-1] + right.axes[-1])
    return _made(axes, left, right, run).but(order=())


def _made(axes: tuple[Size, ...], left: Signal, right: Signal, run: Run) -> Signal:
    """Return what two tensors are joined to."""
    grad = None if left.grad is None else left.grad or bool(right.grad)
    # The first of them that is no smaller says in which order the values lie.
    order = next((s.order for s in (left, right) if s.axes == axes), ())
    return Signal(axes, grad=grad, storage=run.storages.of(axes, (left, right)), order=order)


def _same_axis(
    op: str, a: Size, b: Size, shapes: tuple[Signal, Signal], run: Run, span: Span | None
) -> None:
    if a == b:
        return
    answer = run.facts.zero(a - b)
    if answer is True:
        return
    left, right = shapes
    message = f"cannot {_VERB[op]} {left.described()} and {right.described()}"
    may_be_one = op != "|" and any(run.facts.zero(axis - 1) is None for axis in (a, b))
    if answer is None or may_be_one:  # a value says whether they fit: a search has a case for each
        names = run.known({s.name for s in symbols_of(a) | symbols_of(b)})
        raise NeedsValue(
            f"{message}: {a} and {b} are not known to be equal",
            sorted(names),
            span,
            say_where(f"{a} == {b}", Condition("zero", a - b)) if answer is None else "",
        )
    raise SymparamsError(f"{message}: {a} and {b} differ", span)


def say_where(told: str, condition: Condition) -> str:
    """Return a hint to state what is not known; "" of an index, which no ``where`` can name."""
    indexed = any("#" in symbol.name for symbol in condition.symbols())
    return "" if indexed else f"say 'where {told}'"
