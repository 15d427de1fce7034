"""Functions without weights in words of the language."""

from __future__ import annotations

from collections.abc import Sequence

from symparams.frameworks.importing.arrangement import Arranged, Factor, Factors, size_of
from symparams.frameworks.importing.graph import SourceFunction
from symparams.frameworks.importing.lowering import CannotSay, Lowering, Scores, function_rule


@function_rule("same", "roll")
def _same(lowering: Lowering, operation: SourceFunction) -> None:
    value = lowering.take(operation)
    lowering.values[operation.makes[0].number] = value


@function_rule("elementwise")
def _elementwise(lowering: Lowering, operation: SourceFunction) -> None:
    value = lowering.take(operation)
    made = lowering.unary(value, str(operation.options["word"]))
    if operation.options["word"] == "sqrt" and value.number in lowering.means:
        lowering.lengths[made.number] = lowering.means[value.number]
    lowering.give(operation.makes[0], made)


@function_rule("free")
def _free(lowering: Lowering, operation: SourceFunction) -> None:
    """Leave a function on each value out: it owns nothing, costs nothing and keeps the shape."""
    value = lowering.take(operation)
    if value.source_sizes != operation.makes[0].axes:
        raise CannotSay(str(operation.options["name"]))
    name, number = operation.options["name"], value.number
    if name in ("pow", "square") and number not in lowering.scores:
        value = lowering.unary(value, "id")
        lowering.squares[value.number] = number
    if name in ("pow", "rsqrt") and number in lowering.means:
        lowering.lengths[value.number] = lowering.means[number]
    lowering.give(operation.makes[0], value)


@function_rule("softmax")
def _softmax(lowering: Lowering, operation: SourceFunction) -> None:
    value = lowering.take(operation)
    scores = lowering.scores.get(value.number)
    axis = operation.options["axis"]
    if scores is None:
        value = lowering.last(value, value.dims[axis])
    made = lowering.unary(value, "softmax")
    if scores is not None:
        lowering.scores[made.number] = Scores(scores.q, scores.k, True, scores.bias)
    lowering.give(operation.makes[0], made)


# --- looks at values ------------------------------------------------------------


@function_rule("reshape")
def _reshape(lowering: Lowering, operation: SourceFunction) -> None:
    value, tensor = lowering.take(operation), operation.makes[0]
    made = value.regrouped(tensor.axes)
    if made is None:
        # Values go from one axis to another: they are put in the order of the source.
        value = lowering.plain(value)
        sizes = [n for k, n in enumerate(tensor.axes) if n != 1 or k == len(tensor.axes) - 1]
        (number,) = lowering.step("reshape", [value.number], [sizes], *sizes)
        factors = [(Factor(n),) for n in tensor.axes]
        kept = [k for k, n in enumerate(tensor.axes) if n != 1 or k == len(tensor.axes) - 1]
        dims = tuple(factors[k] if k in kept else () for k in range(len(factors)))
        made = Arranged(number, tuple(factors[k] for k in kept), dims)
    lowering.give(tensor, made)


@function_rule("permute")
def _permute(lowering: Lowering, operation: SourceFunction) -> None:
    value = lowering.take(operation)
    lowering.give(operation.makes[0], value.permuted(operation.options["axes"]))


@function_rule("expand", "repeat")
def _expand(lowering: Lowering, operation: SourceFunction) -> None:
    value, axes = lowering.take(operation), operation.makes[0].axes
    dims = [
        (),
    ] * (len(axes) - len(value.dims)) + list(value.dims)
    for place, size in enumerate(axes):
        here = size_of(dims[place])
        if here == size:
            continue
        if size % here:
            raise CannotSay(operation.name)
        # An axis of 1 of the text is stretched beside it.
        times = Factor(size // here)
        dims[place] = (times, *dims[place])
    lowering.give(operation.makes[0], value.but(dims=tuple(dims)))


# --- several tensors ---------------------------------------------------------------


def aligned(lowering: Lowering, one: Arranged, other: Arranged) -> tuple[Arranged, Arranged]:
    """Return two tensors whose source axes have the same factors, where both have some.

    Raises:
        CannotSay: the factors of an axis do not fit.
    """
    count = max(len(one.dims), len(other.dims))
    for back in range(1, count + 1):
        if back > min(len(one.dims), len(other.dims)):
            break
        while True:
            first = [f for f in one.dims[-back] if f.size != 1]
            second = [f for f in other.dims[-back] if f.size != 1]
            pair = next(
                ((a, b) for a, b in zip(first, second, strict=False) if a.size != b.size), None
            )
            if not first or not second or pair is None:
                break
            a, b = pair
            small, large = sorted((a.size, b.size))
            if large % small:
                raise CannotSay("axes that are made of others")
            if a.size == large:
                one = one.replaced(a, (Factor(small), Factor(large // small)))
            else:
                other = other.replaced(b, (Factor(small), Factor(large // small)))
    return one, other


def like(lowering: Lowering, one: Arranged, other: Arranged) -> Arranged:
    """Return ``other`` with the factors of ``one``, wherever they lie on the same axis."""
    known: dict[Factor, Factor] = {}
    for back in range(1, min(len(one.dims), len(other.dims)) + 1):
        first = [f for f in one.dims[-back] if f.size != 1]
        second = [f for f in other.dims[-back] if f.size != 1]
        if len(first) == len(second):
            known.update(zip(second, first, strict=True))
        ones = [f for f in one.dims[-back] if f.size == 1]
        others = [f for f in other.dims[-back] if f.size == 1]
        known.update(zip(others, ones, strict=False))

    def put(axis: Factors) -> Factors:
        return tuple(known.get(f, f) for f in axis)

    return other.but(axes=tuple(map(put, other.axes)), dims=tuple(map(put, other.dims)))


@function_rule("add", "sub", "mul", "div")
def _joined(lowering: Lowering, operation: SourceFunction) -> None:
    one, other = lowering.take(operation), lowering.take(operation, 1)
    tensor = operation.makes[0]
    for scores, bias in ((one, other), (other, one)):
        known = lowering.scores.get(scores.number)
        if known is not None and operation.name in ("add", "mul", "div", "sub"):
            return _biased(lowering, operation, scores, known, bias)
    if one.number == other.number and one.source_sizes == other.source_sizes == tensor.axes:
        # A tensor with its own values, or with what only moves them, as rotary positions do.
        if operation.name == "mul":
            one = lowering.unary(one, "id")
            lowering.squares[one.number] = other.number
        return lowering.give(tensor, one)
    if operation.name in ("mul", "div") and _root_mean_square(lowering, operation):
        return None
    narrow = len(other.axes) > len(one.axes) or one.source_sizes != tensor.axes
    if narrow and other.source_sizes == tensor.axes and operation.name in ("add", "mul"):
        one, other = other, one
    one, other = aligned(lowering, one, other)
    other = like(lowering, one, other)
    if not other.axes or set(map(size_of, other.axes)) == {1}:
        other_axes: list[Factors] = []
    else:
        other_axes = [a for a in one.axes if any(f in b for f in a for b in other.axes)]
    if one.source_sizes != tensor.axes and other.source_sizes != tensor.axes:
        raise CannotSay(f"{operation.name} that stretches both")
    if other_axes:
        other = _beside(lowering, one, other)
    op = {"add": "+", "sub": "-", "mul": "*", "div": "*"}[operation.name]
    wide = one if one.source_sizes == tensor.axes else other
    (made,) = lowering.step(op, [one.number, other.number], [wide.sizes])
    lowering.give(tensor, Arranged(made, wide.axes, _wider(one, other, len(tensor.axes))))
    return None


def _root_mean_square(lowering: Lowering, operation: SourceFunction) -> bool:
    """Say the norm that is written out: x over the root of its mean square, and a scale."""
    values = [lowering.take(operation, n) for n in (0, 1)]
    tensor = operation.makes[0]
    for value, other in (values, values[::-1]):
        if lowering.lengths.get(other.number) == value.number:
            value = lowering.last(value, value.dims[-1])
            made = lowering.unary(value, "rmsnorm", {"scale": False})
            lowering.normed[made.number] = value
            lowering.give(tensor, made)
            return True
        base = lowering.normed.get(value.number)
        weight = lowering.read.get(other.number)
        if base is None or weight is None or operation.name != "mul":
            continue
        if other.sizes != (size_of(base.dims[-1]),):
            continue
        base = lowering.last(base, base.dims[-1])
        owned = {"gamma": weight}
        (number,) = lowering.step("rmsnorm", [base.number], [base.sizes], weights=owned)
        lowering.give(tensor, base.but(number=number))
        return True
    return False


def _wider(one: Arranged, other: Arranged, count: int) -> tuple[Factors, ...]:
    dims: list[Factors] = []
    for back in range(count, 0, -1):
        first = one.dims[-back] if back <= len(one.dims) else ()
        second = other.dims[-back] if back <= len(other.dims) else ()
        dims.append(first if size_of(first) >= size_of(second) and first else second)
    return tuple(dims)


def _beside(lowering: Lowering, one: Arranged, other: Arranged) -> Arranged:
    """Return ``other`` with axes that stretch to those of ``one``, from the last on."""
    mine = {f for a in other.axes for f in a}
    parts = [tuple(f for f in a if f in mine) for a in one.axes]
    extra = [a for a in other.axes if not any(f in b for f in a for b in one.axes)]
    if any(size_of(a) != 1 for a in extra):
        raise CannotSay("a sum that stretches both")
    for axis, part in zip(one.axes, parts, strict=True):
        if part and size_of(part) != size_of(axis):
            raise CannotSay("a part of an axis that is stretched")
    wanted = [p for p in parts if p]
    other = lowering.form(other, wanted)
    first = next(k for k, p in enumerate(parts) if p)
    sizes = [size_of(p) for p in parts[first:]]
    if len(sizes) != len(wanted):  # an axis in between is stretched
        (made,) = lowering.step("reshape", [other.number], [sizes], *sizes)
        other = other.but(number=made, axes=tuple(parts[first:]))
    return other


def _biased(
    lowering: Lowering, operation: SourceFunction, value: Arranged, known: Scores, bias: Arranged
) -> None:
    """Say that something is added to scores: what all of it is made of weights or inputs."""
    made = value.but(dims=value.dims)
    if operation.name == "add":
        if known.bias is not None:
            raise CannotSay("two summands of scores")
        fresh = lowering.unary(made, "id")
        lowering.scores[fresh.number] = Scores(known.q, known.k, known.softmax, bias)
        made = fresh
    lowering.give(operation.makes[0], made)


@function_rule("cat", "stack")
def _cat(lowering: Lowering, operation: SourceFunction) -> None:
    values = [lowering.take(operation, n) for n in range(len(operation.takes))]
    tensor, axis = operation.makes[0], operation.options["axis"]
    if len(values) == 1 and operation.name == "cat":
        lowering.give(tensor, values[0])
        return
    if operation.name == "stack":
        values = [v.but(dims=(*v.dims[:axis], (), *v.dims[axis:])) for v in values]
    merged = _patches(lowering, values, axis) or _moved(lowering, values, axis)
    if merged is not None:
        lowering.give(tensor, merged)
        return
    first = values[0]
    ready: list[Arranged] = []
    for value in values:
        value = with_axis(lowering, value, axis)
        if ready:
            value = _in_order(lowering, ready[0], value, axis)
        ready.append(value)
    first = ready[0]
    place = first.axis_of(first.dims[axis])
    if place is None:
        raise CannotSay("cat of a part of an axis")
    new = (Factor(tensor.axes[axis]),)
    axes = (*first.axes[:place], new, *first.axes[place + 1 :])
    dims = (*first.dims[:axis], new, *first.dims[axis + 1 :])
    numbers = [v.number for v in ready]
    sizes = [size_of(a) for a in axes]
    if place == len(axes) - 1:
        (made,) = lowering.step("|", numbers, [sizes])
    else:
        (made,) = lowering.step("cat", numbers, [sizes], options={"axis": place})
    lowering.give(tensor, Arranged(made, axes, dims))


def _moved(lowering: Lowering, values: Sequence[Arranged], axis: int) -> Arranged | None:
    """Return the whole, where all parts of it stand behind each other in another order."""
    numbers = [v.number for v in values]
    for key, parts in lowering.parts.items():
        whole = lowering.wholes.get(key)
        if whole is not None and sorted(parts) == sorted(numbers) and whole[1] == axis:
            return whole[0]
    return None


def with_axis(lowering: Lowering, value: Arranged, axis: int) -> Arranged:
    """Return a tensor that has an axis of the source for itself, even where it is 1."""
    factors = value.dims[axis]
    if factors and not set(factors) & value.stretched():
        if value.axis_of(factors) is not None:
            return value
        rest = [tuple(f for f in a if f not in factors) for a in value.axes]
        place = next(k for k, a in enumerate(value.axes) if set(a) & set(factors))
        wanted = [*filter(None, rest[:place]), tuple(factors), *filter(None, rest[place:])]
        return lowering.form(value, wanted)
    if factors:
        raise CannotSay("cat of what is stretched")
    one = (Factor(1),)
    sizes = (1, *value.sizes)
    (made,) = lowering.step("reshape", [value.number], [sizes], *sizes)
    dims = (*value.dims[:axis], one, *value.dims[axis + 1 :])
    return Arranged(made, (one, *value.axes), dims)


def _in_order(lowering: Lowering, first: Arranged, value: Arranged, axis: int) -> Arranged:
    """Return a tensor with the axes of the first in their order; the joined one is its own."""
    for back in range(len(first.dims)):
        one = [f for f in first.dims[back] if f.size != 1]
        other = [f for f in value.dims[back] if f.size != 1]
        if back != axis and size_of(one) != size_of(other):
            raise CannotSay("cat of other axes")
    home = {}
    for place, factors in enumerate(first.axes):
        found = [k for k, d in enumerate(first.dims) if d and set(factors) & set(d)]
        home[place] = found
    wanted: list[Factors] = []
    for place in range(len(first.axes)):
        dims = home[place]
        wanted.append(tuple(f for k in dims for f in value.dims[k]))
    if any(not w for w in wanted):
        raise CannotSay("cat of axes that one does not have")
    value = lowering.form(value, wanted)
    dims_made = tuple(d if k == axis else first.dims[k] for k, d in enumerate(value.dims))
    axes = tuple(w if axis in home[p] else first.axes[p] for p, w in enumerate(wanted))
    return Arranged(value.number, axes, dims_made)


def _patches(lowering: Lowering, values: Sequence[Arranged], axis: int) -> Arranged | None:
    """Return the n by n neighbours of positions as channels, where every n-th was taken of each."""
    found = [lowering.strided.get(v.number) for v in values]
    if len(values) != 4 or any(f is None for f in found):
        return None
    origins = [f for f in found if f is not None]
    source, starts = origins[0]
    if any(o[0].number != source.number for o in origins) or len(starts) != 2:
        return None
    if {tuple(sorted(o[1].items())) for o in origins} != {
        ((a, i), (b, j)) for i in (0, 1) for j in (0, 1) for a, b in [sorted(starts)]
    }:
        return None
    if axis != len(source.dims) - 1:
        return None
    rows, columns = sorted(starts)
    value = lowering.form(source, [source.dims[rows], source.dims[columns], source.dims[axis]])
    h, w, c = value.sizes
    sizes = (h // 2, w // 2, 4 * c)
    (made,) = lowering.step("space_to_depth", [value.number], [sizes], 2)
    axes = tuple((Factor(n),) for n in sizes)
    dims = list(source.dims)
    dims[rows], dims[columns], dims[axis] = axes
    return Arranged(made, axes, tuple(dims))


__all__ = ["aligned", "like", "with_axis"]
