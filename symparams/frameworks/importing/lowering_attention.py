"""Attention, products of matrices and Einstein's sums in words of the language."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from symparams.frameworks.importing.arrangement import Arranged, Factor, Factors, size_of
from symparams.frameworks.importing.graph import SourceFunction
from symparams.frameworks.importing.language_steps import WordValue
from symparams.frameworks.importing.lowering import CannotSay, Lowering, Scores, function_rule
from symparams.frameworks.importing.lowering_functions import aligned


def bare(dims: Sequence[Factors]) -> list[Factors]:
    """Return the axes that are not 1."""
    return [d for d in dims if d and size_of(d) != 1]


def heads_of(value: Arranged) -> Factors:
    """Return the factors of the axis of heads, the third from behind."""
    return value.dims[-3] if len(value.dims) > 2 else ()


def in_heads(lowering: Lowering, value: Arranged, outer: int) -> tuple[Arranged, int]:
    """Return a tensor (…, s, heads*d), and how many heads of its own it has."""
    own = tuple(f for f in heads_of(value) if f not in value.stretched())
    before = [d for d in value.dims[:-3] if d and size_of(d) != 1]
    if len(before) != outer:
        raise CannotSay("attention over axes that are not all there")
    width = (*own, *value.dims[-1])
    ready = lowering.form(value, [*before, value.dims[-2], width])
    return ready, size_of(own)


def attend(
    lowering: Lowering,
    q: Arranged,
    k: Arranged,
    v: Arranged,
    bias: Arranged | None = None,
) -> Arranged:
    """Append attention; return what it makes, with the heads as the queries have them."""
    outer = len([d for d in q.dims[:-3] if d and size_of(d) != 1])
    heads = heads_of(q)
    queries, count = in_heads(lowering, q, outer)
    keys, kv_heads = in_heads(lowering, k, outer)
    values, v_heads = in_heads(lowering, v, outer)
    if kv_heads != v_heads:
        raise CannotSay("attention with other heads of values than of keys")
    options: dict[str, WordValue] = {}
    if count != 1:
        options["heads"] = count
    if kv_heads != count:
        options["kv_heads"] = kv_heads
    takes = [queries.number, keys.number, values.number]
    if bias is not None:
        table = lowering.rows_of.get(bias.number)
        takes.append(lowering.plain(bias).number if table is None else table)
    wide = v.dims[-1]
    new = tuple(Factor(f.size) for f in wide)
    sizes = (*queries.sizes[:-1], size_of(heads) * size_of(new))
    (made,) = lowering.step("attend", takes, [sizes], options=options)
    axes = (*queries.axes[:-1], (*heads, *new))
    return Arranged(made, axes, (*q.dims[:-1], new))


@function_rule("attend")
def _attend(lowering: Lowering, operation: SourceFunction) -> None:
    q, k, v = (lowering.take(operation, n) for n in range(3))
    bias = lowering.take(operation, 3) if len(operation.takes) > 3 else None
    made = attend(lowering, q, k, v, bias)
    lowering.give(operation.makes[0], made)


def swapped(value: Arranged) -> Arranged:
    """Return a tensor with its last two axes of the source exchanged."""
    return value.but(dims=(*value.dims[:-2], value.dims[-1], value.dims[-2]))


@function_rule("matmul")
def _matmul(lowering: Lowering, operation: SourceFunction) -> None:
    x, y = lowering.take(operation), lowering.take(operation, 1)
    tensor = operation.makes[0]
    known = lowering.scores.get(x.number)
    if known is not None and known.softmax:
        made = attend(lowering, known.q, known.k, y, known.bias)
        lowering.give(tensor, made)
        return
    if len(x.dims) < 2 or len(y.dims) < 2:
        raise CannotSay("a product with a vector")
    value = product(lowering, x, y, tensor.axes)
    if len(x.dims) > 2 and len(y.dims) > 2:
        lowering.scores[value.number] = Scores(x, swapped(y))
    lowering.give(tensor, value)


def product(lowering: Lowering, x: Arranged, y: Arranged, axes: tuple[int, ...]) -> Arranged:
    """Append the product of two tensors over the last axis of x and the last but one of y."""
    letters = iter(ascii_lowercase)
    x = without_stretched(lowering, x)
    y = without_stretched(lowering, y)
    rows, inner, columns = next(letters), next(letters), next(letters)
    count = len(axes)
    names: list[str] = []
    first, second = [rows, inner], [inner, columns]
    dims: list[Factors] = []
    for place in range(count - 2):
        names.append(next(letters))
        back = count - place
        for value, term in ((x, first), (y, second)):
            if back <= len(value.dims) and size_of(value.dims[-back]) != 1:
                term.insert(len(term) - 2, names[-1])
        dims.append((Factor(axes[place]),) if axes[place] != 1 else ())
    here = [d for d in x.dims[:-2] if size_of(d) != 1]
    there = [d for d in y.dims[:-2] if size_of(d) != 1]
    ends_x, ends_y = _kept(x.dims[-2:]), _kept(y.dims[-2:])
    x = lowering.form(x, [*here, *(d for d in ends_x if d)])
    y = lowering.form(y, [*there, *(d for d in ends_y if d)])
    if not all(ends_x) or not all(ends_y):
        raise CannotSay("a product over axes of 1")
    out_axes = [*bare(dims), (Factor(axes[-2]),), (Factor(axes[-1]),)]
    result = [n for n, d in zip(names, dims, strict=True) if d] + [rows, columns]
    equation = f"{''.join(first)},{''.join(second)}->{''.join(result)}"
    sizes = list(map(size_of, out_axes))
    (made,) = lowering.step("einsum", [x.number, y.number], [sizes], f'"{equation}"')
    return Arranged(made, tuple(out_axes), (*dims, *out_axes[-2:]))


def _kept(dims: Sequence[Factors]) -> list[Factors]:
    return list(dims)


def without_stretched(lowering: Lowering, value: Arranged) -> Arranged:
    """Return a tensor whose stretched axes are of the text."""
    return lowering._stretched(value, set(value.stretched()))


@function_rule("einsum")
def _einsum(lowering: Lowering, operation: SourceFunction) -> None:
    equation = str(operation.options["equation"])
    before, _, after = equation.partition("->")
    terms = before.split(",")
    if len(terms) != len(operation.takes) or len(terms) > 2 or "." in equation or not after:
        raise CannotSay("einsum of three or more")
    values = [lowering.take(operation, n) for n in range(len(terms))]
    tensor = operation.makes[0]
    if len(terms) == 2:
        found = _as_attention(lowering, values, terms, after)
        if found is not None:
            lowering.give(tensor, found)
            return
    dims = [(Factor(n),) if n != 1 else () for n in tensor.axes]
    gone = {
        letter
        for term, value in zip(terms, values, strict=True)
        for letter, d in zip(term, value.dims, strict=True)
        if size_of(d) == 1
    }
    shown = ["".join(c for c in term if c not in gone) for term in (*terms, after)]
    ready = [lowering.plain(v) for v in values]
    sizes = [size_of(d) for d in dims if d]
    text = f'"{",".join(shown[:-1])}->{shown[-1]}"'
    (made,) = lowering.step("einsum", [v.number for v in ready], [sizes], text)
    value = Arranged(made, tuple(d for d in dims if d), tuple(dims))
    scores = _scores(values, terms, after)
    if scores is not None:
        lowering.scores[made] = scores
    lowering.give(tensor, value)


def _turned(value: Arranged, term: str, wanted: str) -> Arranged:
    return value.but(dims=tuple(value.dims[term.index(c)] for c in wanted))


def _scores(values: Sequence[Arranged], terms: Sequence[str], after: str) -> Scores | None:
    """Return the queries and keys whose product over one axis an equation is."""
    if len(terms) != 2:
        return None
    one, other = terms
    inner = [c for c in one if c in other and c not in after]
    if len(inner) != 1 or len(after) < 3 or after[-2] not in one or after[-1] not in other:
        return None
    batch = after[:-2]
    if not all(c in one and c in other for c in batch):
        return None
    q = _turned(values[0], one, f"{batch}{after[-2]}{inner[0]}")
    return Scores(q, _turned(values[1], other, f"{batch}{after[-1]}{inner[0]}"))


def _as_attention(
    lowering: Lowering, values: Sequence[Arranged], terms: Sequence[str], after: str
) -> Arranged | None:
    """Return attention, where scores are multiplied by values."""
    known = lowering.scores.get(values[0].number)
    if known is None or not known.softmax:
        return None
    scores, other = terms
    inner = [c for c in scores if c in other and c not in after]
    if len(inner) != 1 or scores[-1] != inner[0]:
        return None
    wide = [c for c in other if c not in scores]
    if len(wide) != 1:
        return None
    batch = scores[:-2]
    if not all(c in other for c in batch):
        return None
    v = _turned(values[1], other, f"{batch}{inner[0]}{wide[0]}")
    made = attend(lowering, known.q, known.k, v, known.bias)
    return _turned(made, f"{batch}{scores[-2]}{wide[0]}", after)


@function_rule("linear")
def _linear(lowering: Lowering, operation: SourceFunction) -> None:
    """Say a product with a matrix that was made of weights."""
    x, matrix = lowering.take(operation), lowering.take(operation, 1)
    x = lowering.last(x, x.dims[-1])
    matrix = lowering.plain(matrix)
    if len(matrix.axes) != 2:
        raise CannotSay("a product with a matrix of one row")
    letters = ascii_lowercase[: len(x.axes) - 1]
    text = f'"{letters}y,zy->{letters}z"'
    sizes = (*x.sizes[:-1], matrix.sizes[0])
    (made,) = lowering.step("einsum", [x.number, matrix.number], [sizes], text)
    new = (Factor(sizes[-1]),)
    value = Arranged(made, (*x.axes[:-1], new), (*x.dims[:-1], new))
    if len(operation.takes) > 2:
        bias = lowering.take(operation, 2)
        (made,) = lowering.step("+", [made, lowering.plain(bias).number], [sizes])
        value = value.but(number=made)
    lowering.give(operation.makes[0], value)


@function_rule("gather")
def _gather(lowering: Lowering, operation: SourceFunction) -> None:
    """Say that rows of a table are picked by integers that are kept with it; else nothing."""
    tensors = [lowering.take(operation, n) for n in range(len(operation.takes))]
    if operation.options["name"] != "index" or len(tensors) != 2 or len(tensors[0].dims) != 2:
        raise CannotSay(str(operation.options["name"]))
    table, rows = tensors
    if table.number not in lowering.read or rows.number not in lowering.read:
        raise CannotSay("index")
    lowering._opaque(operation, "index")
    made = lowering.values[operation.makes[0].number]
    lowering.rows_of[made.number] = table.number


__all__ = ["aligned", "attend"]
