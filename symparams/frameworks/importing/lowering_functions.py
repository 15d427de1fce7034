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
    lowering.give(operation.makes[0], made)


@function_rule("free")
def _free(lowering: Lowering, operation: SourceFunction) -> None:
    """Leave a function on each value out: it owns nothing, costs nothing and keeps the shape."""
    value = lowering.take(operation)
    if value.source_sizes != operation.makes[0].axes:
        raise CannotSay(str(operation.options["name"]))
    if value.number in lowering.scores:  # a mask
        lowering.give(operation.makes[0], value)
        return
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
    if len(other.axes) > len(one.axes) or one.source_sizes != tensor.axes:
        if other.source_sizes == tensor.axes and operation.name in ("add", "mul"):
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
    merged = _patches(lowering, values, axis)
    if merged is not None:
        lowering.give(tensor, merged)
        return
    first = values[0]
    ready: list[Arranged] = []
    for value in values:
        value = _with_axis(lowering, value, axis)
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
        (made,) = lowering.step("cat", numbers, [sizes], axis=place)
    lowering.give(tensor, Arranged(made, axes, dims))


def _with_axis(lowering: Lowering, value: Arranged, axis: int) -> Arranged:
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
        if back != axis and [f.size for f in one] != [f.size for f in other]:
            # Other factors of the same axis: as one.
            if size_of(one) != size_of(other):
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


# --- parts -------------------------------------------------------------------------


def parted(lowering: Lowering, value: Arranged, axis: int, sizes: Sequence[int]) -> list[Arranged]:
    """Return a tensor in parts along an axis of the source."""
    factors = value.dims[axis]
    if not factors or set(factors) & value.stretched():
        raise CannotSay("parts of an axis that the text does not have")
    place = next((k for k, a in enumerate(value.axes) if set(factors) <= set(a)), None)
    if place is None:
        value = _with_axis(lowering, value, axis)
        place = value.axis_of(factors)
        assert place is not None
    others = [f for f in value.axes[place] if f not in factors]
    times = size_of(others)
    key = (value.number, place, tuple(f for f in value.axes[place]), factors, tuple(sizes))
    numbers = lowering.parts.get(key)
    if numbers is None:
        widths = [n * times for n in sizes]
        shapes = [(*value.sizes[:place], width, *value.sizes[place + 1 :]) for width in widths]
        given = [len(widths)] if len(set(widths)) == 1 else widths
        options = {} if place == len(value.axes) - 1 else {"axis": place}
        numbers = lowering.step("split", [value.number], shapes, *given, **options)
        lowering.parts[key] = numbers
    found = []
    for number, size in zip(numbers, sizes, strict=True):
        new = (Factor(size),)
        axes = (*value.axes[:place], (*new, *others), *value.axes[place + 1 :])
        dims = (*value.dims[:axis], new, *value.dims[axis + 1 :])
        found.append(Arranged(number, axes, dims))
    return found


@function_rule("split")
def _split(lowering: Lowering, operation: SourceFunction) -> None:
    value = lowering.take(operation)
    sizes = operation.options["sizes"]
    if len(sizes) == 1:
        lowering.give(operation.makes[0], value)
        return
    parts = parted(lowering, value, operation.options["axis"], sizes)
    for tensor, part in zip(operation.makes, parts, strict=True):
        lowering.give(tensor, part)


@function_rule("slice")
def _slice(lowering: Lowering, operation: SourceFunction) -> None:
    value, tensor = lowering.take(operation), operation.makes[0]
    axis, start, stop, step = (operation.options[n] for n in ("axis", "start", "stop", "step"))
    whole = size_of(value.dims[axis])
    if step == 2 and stop >= whole - 1 and whole % 2 == 0:
        base, starts = lowering.strided.get(value.number, (value, {}))
        half = (Factor(whole // 2),)
        dims = (*value.dims[:axis], half, *value.dims[axis + 1 :])
        sizes = tuple(map(size_of, dims))
        (made,) = lowering.step("every second", [value.number], [sizes])
        lowering.strided[made] = (base, {**starts, axis: start})
        lowering.give(tensor, Arranged(made, tuple(filter(None, dims)), dims))
        return
    if step != 1:
        raise CannotSay("every n-th of an axis")
    sizes = [start, stop - start, whole - stop]
    kept = [n for n in sizes if n]
    if len(kept) == 1:
        lowering.give(tensor, value)
        return
    parts = parted(lowering, value, axis, kept)
    lowering.give(tensor, parts[1 if start else 0])


@function_rule("take")
def _take(lowering: Lowering, operation: SourceFunction) -> None:
    value, tensor = lowering.take(operation), operation.makes[0]
    axis, position = operation.options["axis"], operation.options["position"]
    factors = value.dims[axis]
    rest = (*value.dims[:axis], *value.dims[axis + 1 :])
    if not factors or size_of(factors) == 1:
        axes = tuple(a for a in value.axes if not set(a) & set(factors))
        if len(axes) != len(value.axes):
            sizes = [size_of(a) for a in axes]
            (made,) = lowering.step("reshape", [value.number], [sizes], *sizes)
            value = value.but(number=made)
        lowering.give(tensor, Arranged(value.number, axes, rest))
        return
    place = value.axis_of(factors)
    if place is not None:
        axes = (*value.axes[:place], *value.axes[place + 1 :])
        sizes = [size_of(a) for a in axes]
        options = {"axis": place} if place else {}
        (made,) = lowering.step("take", [value.number], [sizes], position, **options)
        lowering.give(tensor, Arranged(made, axes, rest))
        return
    part = parted(lowering, value, axis, [1] * size_of(factors))[position]
    gone = part.dims[axis]
    axes = tuple(tuple(f for f in a if f not in gone) for a in part.axes)
    lowering.give(tensor, Arranged(part.number, axes, rest))


# --- over axes -----------------------------------------------------------------------


@function_rule("mean", "globalpool", "reduce")
def _mean(lowering: Lowering, operation: SourceFunction) -> None:
    value, tensor = lowering.take(operation), operation.makes[0]
    options = operation.options
    name = options.get("name", "avg")
    over = {f for k in options["axes"] for f in value.dims[k]}
    if name in ("amax", "max"):
        name = "max"
    elif name not in ("avg",):
        raise CannotSay(f"{name} over an axis")
    dims = [() if k in options["axes"] else d for k, d in enumerate(value.dims)]
    left = [tuple(f for f in a if f not in over) for a in value.axes]
    kept = [a for a in left if a]
    gone = [tuple(f for f in a if f in over) for a in value.axes]
    value = lowering.form(value, [p for a, b in zip(gone, left, strict=True) for p in (a, b) if p])
    places = [k for k, a in enumerate(value.axes) if set(a) & over]
    count = len(value.axes)
    if not options["keep"]:
        dims = [d for k, d in enumerate(dims) if k not in options["axes"]]
    if not places:
        pass
    elif places == list(range(count - 1)) and (len(places) > 1 or name == "max"):
        word = "globalavgpool" if name == "avg" else "globalmaxpool"
        (number,) = lowering.step(word, [value.number], [value.sizes[-1:]])
        value = value.but(number=number)
    elif name == "max":
        raise CannotSay("max over an axis")
    else:
        for place in reversed(places):
            axes = (*value.axes[:place], *value.axes[place + 1 :])
            sizes = [size_of(a) for a in axes]
            given = [place] if place else []
            (number,) = lowering.step("mean", [value.number], [sizes], *given)
            value = value.but(number=number, axes=axes)
    lowering.give(tensor, Arranged(value.number, tuple(kept), tuple(dims)))


@function_rule("pad")
def _pad(lowering: Lowering, operation: SourceFunction) -> None:
    value, tensor = lowering.take(operation), operation.makes[0]
    amounts = operation.options["amounts"]
    padded = [k for k, pair in enumerate(amounts) if pair != (0, 0)]
    if not padded:
        lowering.give(tensor, value)
        return
    if min(n for pair in amounts for n in pair) < 0:
        raise CannotSay("a crop of some sides")
    if len(value.dims) > 2 and padded == list(range(2, len(value.dims))):
        numbers = {n for k in padded for n in amounts[k]}
        if len(numbers) == 1:
            value = lowering.spatial(value, 1)
            (amount,) = numbers
            dims = list(value.dims)
            for k in padded:
                dims[k] = (Factor(tensor.axes[k]),)
            new = {k: dims[k] for k in padded}
            axes = tuple(
                next((new[k] for k in padded if set(value.dims[k]) == set(a)), a)
                for a in value.axes
            )
            (made,) = lowering.step("pad", [value.number], [list(map(size_of, axes))], amount)
            lowering.give(tensor, Arranged(made, axes, tuple(dims)))
            return
    for axis in padded:
        value = _zeros_beside(lowering, value, axis, amounts[axis])
    lowering.give(tensor, value)


def _zeros_beside(
    lowering: Lowering, value: Arranged, axis: int, amounts: tuple[int, int]
) -> Arranged:
    """Return a tensor with zeros in front of and behind an axis."""
    value = _with_axis(lowering, value, axis)
    place = value.axis_of(value.dims[axis])
    assert place is not None
    numbers = [value.number]
    for end, amount in enumerate(amounts):
        if amount:
            sizes = [amount if k == place else n for k, n in enumerate(value.sizes)]
            (zeros,) = lowering.step("zeros", [], [sizes], *sizes)
            numbers.insert(0 if end == 0 else len(numbers), zeros)
    new = (Factor(size_of(value.dims[axis]) + sum(amounts)),)
    axes = (*value.axes[:place], new, *value.axes[place + 1 :])
    sizes = [size_of(a) for a in axes]
    if place == len(axes) - 1:
        (made,) = lowering.step("|", numbers, [sizes])
    else:
        (made,) = lowering.step("cat", numbers, [sizes], axis=place)
    return Arranged(made, axes, (*value.dims[:axis], new, *value.dims[axis + 1 :]))


@function_rule("upsample")
def _upsample(lowering: Lowering, operation: SourceFunction) -> None:
    value, tensor = lowering.spatial(lowering.take(operation), 1), operation.makes[0]
    factors = tuple(operation.options["factors"])
    amount = factors[0] if len(set(factors)) == 1 else factors
    dims = list(value.dims)
    new = {k: (Factor(tensor.axes[k]),) for k in range(2, len(dims))}
    axes = tuple(
        next((new[k] for k in new if value.dims[k] and set(value.dims[k]) == set(a)), a)
        for a in value.axes
    )
    for k, factor in new.items():
        dims[k] = factor
    (made,) = lowering.step("upsample", [value.number], [list(map(size_of, axes))], amount)
    lowering.give(tensor, Arranged(made, axes, tuple(dims)))


@function_rule("depth_to_space", "space_to_depth")
def _shuffle(lowering: Lowering, operation: SourceFunction) -> None:
    value, tensor = lowering.take(operation), operation.makes[0]
    n = operation.options["amount"]
    batch, c, h, w = value.source_sizes
    if operation.name == "depth_to_space":
        apart = value.regrouped((batch, c // n**2, n, n, h, w))
        turned = apart and apart.permuted((0, 1, 4, 2, 5, 3))
    else:
        apart = value.regrouped((batch, c, h // n, n, w // n, n))
        turned = apart and apart.permuted((0, 1, 3, 5, 2, 4))
    made = turned and turned.regrouped(tensor.axes)
    if not made:
        raise CannotSay(operation.name)
    lowering.give(tensor, made)


__all__ = ["aligned", "like", "parted"]
