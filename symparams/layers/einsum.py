"""Products of tensors over named axes, in Einstein's notation.

An equation has a letter for each axis, ``"bc,cd->bd"``: letters that the
result lacks are summed over. ``...`` stands for the axes in front that all
tensors have, and broadcasts none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, product
from symparams.errors import SymparamsError
from symparams.layers.base import NOTHING, Core, Layer, Requirement, Saved, Shape, Weight
from symparams.layers.options import a_row, an_equation

DOTS = "..."


def terms(equation: str, tensors: int, kind: str) -> tuple[tuple[str, ...], str]:
    """Return (letters of each tensor, letters of the result) of an equation.

    Raises:
        SymparamsError: it is none, or not one of so many tensors.
    """
    written = "".join(equation.split())
    before, arrow, after = written.partition("->")
    given = tuple(before.split(","))
    hint = 'as in "bc,cd->bd"'
    if not arrow:
        raise SymparamsError(f"'{kind}': the equation \"{equation}\" has no '->'", None, hint)
    if len(given) != tensors:
        what = "one tensor" if tensors == 1 else f"{tensors} tensors"
        raise SymparamsError(f"'{kind}': \"{equation}\" is of {len(given)} tensors, not of {what}")
    for term in (*given, after):
        letters = term.removeprefix(DOTS)
        if letters and (not letters.isascii() or not letters.isalpha()):
            raise SymparamsError(
                f"'{kind}': \"{term}\" is no list of axes, a letter each", None, hint
            )
        if len(set(letters)) < len(letters):
            raise SymparamsError(f"'{kind}': \"{term}\" names an axis twice")
    unknown = sorted(set(after.removeprefix(DOTS)) - set("".join(given)))
    if unknown:
        raise SymparamsError(f"'{kind}': no tensor has the axis '{unknown[0]}' of the result")
    if after.startswith(DOTS) and not any(term.startswith(DOTS) for term in given):
        raise SymparamsError(f"'{kind}': no tensor has the '...' of the result")
    return given, after


def axes_of(term: str, shape: Shape, kind: str) -> tuple[Shape, dict[str, Size]]:
    """Return (axes that ``...`` stands for, letter → size) of a tensor.

    Raises:
        SymparamsError: the tensor has another number of axes.
    """
    letters = term.removeprefix(DOTS)
    open_axes = len(shape) - len(letters)
    if open_axes < 0 or (open_axes and not term.startswith(DOTS)):
        raise SymparamsError(f"'{kind}': \"{term}\" for a tensor of {len(shape)} axes")
    return shape[:open_axes], dict(zip(letters, shape[open_axes:], strict=True))


class Einsum(Core, kind="einsum"):
    """Two tensors multiplied over named axes: ``einsum(q, k, "sd,td->st")``.

    Costs the product of all axes, each named once; of one tensor, which is
    summed or turned, nothing. torch and Keras ``einsum``.
    """

    example = '{ x = input(s, d); y = input(t, d); einsum(x, y, "sd,td->st") }'
    inputs = ()
    computes = False

    equation: str = an_equation("the axes of the tensors, and of the result", place=0)

    def _named(self, shapes: tuple[Shape, ...]) -> tuple[list[Shape], dict[str, Size], str]:
        given, after = terms(self.equation, len(shapes), self.kind)
        sizes: dict[str, Size] = {}
        before: list[Shape] = []
        for term, shape in zip(given, shapes, strict=True):
            dots, named = axes_of(term, shape, self.kind)
            if term.startswith(DOTS):
                before.append(dots)
            sizes = {**named, **sizes}
        return before, sizes, after

    def admit(self, *shapes: Shape) -> None:
        if len(shapes) > 2:
            raise SymparamsError(
                "'einsum' takes one tensor or two", None, "multiply more of them two by two"
            )
        before, _, _ = self._named(shapes)
        if len({len(dots) for dots in before}) > 1:
            raise SymparamsError("'einsum': '...' stands for as many axes of each tensor")

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        before, sizes, after = self._named(shapes)
        dots = before[0] if after.startswith(DOTS) else ()
        return ((*dots, *(sizes[letter] for letter in after.removeprefix(DOTS))),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        before, sizes, _ = self._named(shapes)
        given, _ = terms(self.equation, len(shapes), self.kind)
        for term, shape in zip(given, shapes, strict=True):
            for letter, size in axes_of(term, shape, self.kind)[1].items():
                says = f"axis '{letter}' of {sizes[letter]} and of {size}"
                yield Requirement("zero", size - sizes[letter], says)
        for dots in before[1:]:
            for a, b in zip(before[0], dots, strict=True):
                yield Requirement("zero", a - b, f"'...' of {a} and of {b}")

    def costs(self, *shapes: Shape) -> Size:
        if len(shapes) == 1:
            return 0
        before, sizes, _ = self._named(shapes)
        return product(before[0] if before else ()) * product(tuple(sizes.values()))

    def backward(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Size:
        return self.costs(*shapes) * sum(needs)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        if len(needs) == 1:
            return NOTHING
        wanted = (needs[1], needs[0])  # each for the other's gradient
        return Saved(inputs=tuple(place for place, kept in enumerate(wanted) if kept))


class EinsumDense(Layer, kind="einsum_dense"):
    """A dense layer over named axes: ``einsum_dense("bc,cd->bd", o)``.

    The equation is that of one example, ``"bc,cde->bde"``, or has the batch in
    front as Keras has it, ``"abc,cde->abde"``; ``...`` stands for further axes
    in front. The kernel has the axes of the second term; those that do not
    come in have the sizes of ``out``, in its order. ``bias`` names the axes of
    the summand. Keras ``EinsumDense``.
    """

    example = 'input(t, i) -> einsum_dense("tc,cdo->tdo", [g, o])'

    equation: str = an_equation("the axes of the input, the kernel and the output", place=0)
    out: Any = a_row("o", "sizes of the axes that do not come in", (), place=1)
    bias: str | None = an_equation("the axes of the summand", default=None)

    def _named(self, shape: Shape) -> tuple[Shape, dict[str, Size], str, str]:
        """Return (axes of ``...``, letter → size, letters of the kernel, of the output)."""
        (given, kernel), after = terms(self.equation, 2, self.kind)
        if not given.startswith(DOTS) and len(given) == len(shape) + 1:
            batch, given = given[0], given[1:]
            if batch in kernel or not after.startswith(batch):
                raise SymparamsError(
                    f"'{self.kind}': the batch '{batch}' stands first in the output, "
                    "and not in the kernel"
                )
            after = after[1:]
        dots, sizes = axes_of(given, shape, self.kind)
        new = [letter for letter in after.removeprefix(DOTS) if letter not in sizes]
        out = self.out if isinstance(self.out, tuple) else (self.out,)
        if len(new) != len(out):
            listed = ", ".join(new) or "none"
            raise SymparamsError(
                f"'{self.kind}': axes of the output that do not come in: {listed}; "
                f"sizes in 'out': {len(out)}"
            )
        sizes.update(zip(new, out, strict=True))
        unknown = sorted(set(kernel) - sizes.keys())
        if unknown or kernel.startswith(DOTS):
            raise SymparamsError(
                f"'{self.kind}': axis '{(unknown or [DOTS])[0]}' of the kernel is "
                "neither of the input nor of the output"
            )
        return dots, sizes, kernel, after

    def weights(self, shape: Shape) -> Iterator[Weight]:
        dots, sizes, kernel, after = self._named(shape)
        others = tuple(size for letter, size in sizes.items() if letter not in kernel)
        yield Weight("kernel", tuple(sizes[x] for x in kernel), uses=product((*dots, *others)))
        if self.bias is not None:
            named = "".join(self.bias.split())
            given = after.removeprefix(DOTS)
            wrong = sorted(set(named) - set(given))
            if wrong:
                raise SymparamsError(f"'{self.kind}': the output has no axis '{wrong[0]}'")
            if not named or len(set(named)) < len(named):
                raise SymparamsError(
                    f"'{self.kind}': bias = \"{self.bias}\" names no axis, or one twice"
                )
            # From the first of them on; what lies between them has an axis of 1, as in Keras.
            first = min(given.index(letter) for letter in named)
            yield Weight("bias", tuple(sizes[x] if x in named else 1 for x in given[first:]))

    def output(self, shape: Shape) -> Shape:
        dots, sizes, _, after = self._named(shape)
        before = dots if after.startswith(DOTS) else ()
        return (*before, *(sizes[letter] for letter in after.removeprefix(DOTS)))
