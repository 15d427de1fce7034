"""Parts of tensors, means over axes, and what makes axes longer, in words of the language."""

from __future__ import annotations

from collections.abc import Sequence

from symparams.frameworks.importing.arrangement import Arranged, Factor, size_of
from symparams.frameworks.importing.graph import SourceFunction
from symparams.frameworks.importing.language_steps import WordValue
from symparams.frameworks.importing.lowering import CannotSay, Lowering, function_rule
from symparams.frameworks.importing.lowering_functions import with_axis

# --- parts -------------------------------------------------------------------------


def parted(lowering: Lowering, value: Arranged, axis: int, sizes: Sequence[int]) -> list[Arranged]:
    """Return a tensor in parts along an axis of the source."""
    factors = value.dims[axis]
    if not factors or set(factors) & value.stretched():
        raise CannotSay("parts of an axis that the text does not have")
    place = next((k for k, a in enumerate(value.axes) if set(factors) <= set(a)), None)
    if place is None:
        value = with_axis(lowering, value, axis)
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
        last = place == len(value.axes) - 1
        options: dict[str, WordValue] = {} if last else {"axis": place}
        numbers = lowering.step("split", [value.number], shapes, *given, options=options)
        lowering.parts[key] = numbers
        lowering.wholes[key] = (value, axis)
        if value.number in lowering.constants:
            lowering.constants.update(numbers)
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
        (made,) = lowering.step("every second", [value.number], [list(map(size_of, dims))])
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
        options: dict[str, WordValue] = {"axis": place} if place else {}
        (made,) = lowering.step("take", [value.number], [sizes], position, options=options)
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
    origin = lowering.take(operation)
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
    if options["axes"] == (len(origin.dims) - 1,) and options["keep"] and name == "avg":
        squared = lowering.squares.get(origin.number)
        if squared is not None:
            lowering.means[value.number] = squared
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
    rest = [k for k in range(1, len(value.dims)) if k not in padded]
    if len(rest) == 1 and padded != [0]:
        numbers = {n for k in padded for n in amounts[k]}
        if len(numbers) == 1:
            value = lowering.spatial(value, rest[0])
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
    value = with_axis(lowering, value, axis)
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
        (made,) = lowering.step("cat", numbers, [sizes], options={"axis": place})
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


__all__ = ["parted"]
