"""What a layer says of itself: arguments, weights, output shape, what else it costs.

A layer declares weights by name and shape, never a parameter polynomial: the
count is the sum over its weights of the product of the shape. Bodies use only
``+ - *`` and the helpers of :mod:`symparams.algebra` on sizes, so they run on
ints, on formulas and on SymPy expressions alike; a requirement is stated as
data (:class:`Requirement`) and judged elsewhere.

A new kind is one class in one file of this folder::

    class Dense(Layer, kind="dense"):
        '''Fully connected layer …'''

        units: Size = a_size("o", "output features", place=0)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self, TypeAlias

from symparams.algebra import Size, SizeRecord, handed_out, product, symbol
from symparams.errors import SymparamsError
from symparams.layers.options import REQUIRED, Option
from symparams.records import Record

Shape: TypeAlias = tuple[Size, ...]


class Weight(SizeRecord):
    """A tensor that a layer owns.

    Attributes:
        name: the field's own name (``kernel``, ``bias``, ``gamma``).
        shape: its sizes.
        uses: multiply-accumulates that each value takes part in, per example.
        buffer: kept with the model, but no parameter (running statistics).
        table: whether rows of it are looked up, those of tokens, buckets or positions.
        trained: whether training changes it, where that is its own affair (an
            adapter beside weights that stay); None: as ``freeze`` and ``train`` say.
        behind: it multiplies what the weights before it made, which requires a gradient
            where one of them is trained; otherwise what comes in.
        back: multiply-accumulates of each value in the gradient of what it multiplies;
            None: as many as ``uses``.
        bytes: in how many it is kept, where ``precision`` says so; None: it does not.
        precision: what says so.
    """

    apart = ("precision",)

    name: str
    shape: Shape
    uses: Size = 0
    buffer: bool = False
    table: bool = False
    trained: bool | None = None
    behind: bool = False
    back: Size | None = None
    bytes: Size | None = None
    precision: object = None

    @cached_property
    def count(self) -> Size:
        """How many values it has."""
        return product(self.shape)

    def in_sympy(self) -> Self:
        """Give the weight in SymPy, its count too: that of a scalar is 1, no product of axes."""
        handed = super().in_sympy()
        handed.__dict__["count"] = handed_out(self.count, "Size")
        return handed


class Requirement(Record):
    """Something a layer needs of its sizes.

    Attributes:
        test: ``integer``, ``positive``, ``nonnegative`` or ``zero``.
        size: what is tested.
        says: the requirement in words, as an error and a side condition show it.
    """

    test: str
    size: Size
    says: str


class Saved(Record):
    """What a layer keeps for its backward pass, of one example.

    Attributes:
        inputs: places of the tensors that come in of which it keeps the storage.
        result: whether it keeps the storage of what leaves it.
        values: further values of its own; masks, integers: the same of these.
        once: values that are kept once for all examples.
    """

    inputs: tuple[int, ...] = ()
    result: bool = False
    values: Size = 0
    masks: Size = 0
    integers: Size = 0
    once: Size = 0


#: What keeps nothing.
NOTHING = Saved()

#: All kinds by name, filled as their classes are defined.
KINDS: dict[str, type[Layer]] = {}


class Layer:
    """Base of all kinds.

    Class attributes that a kind may set:

    * ``least_rank``: the fewest axes its input may have; ``needs`` says it in words.
    * ``takes_tokens``: whether it takes integers (an embedding) instead of vectors.
    * ``computes``: whether its output counts as activations; False for activation
      functions, dropout and reshapes, as in CS231n's table.
    * ``hands_on``: whether inference hands on what comes in, and makes no tensor.
    * ``example``: a call and input shape for the catalogue, in the language.
    * ``also``: other names of the kind.
    * ``views``: whether what leaves it lies in the memory of what comes in.
    * ``pointwise``: whether it takes each value by itself, in the order that they lie in.
    * ``packs``: whether it copies values that lie in another order than their axes.
    * ``folds``: whether a batch norm behind it folds into its kernel and bias.
    * ``leading``: how many axes in front are no spatial ones (time).
    """

    kind: ClassVar[str]
    also: ClassVar[tuple[str, ...]] = ()
    leading: ClassVar[int] = 0
    views: ClassVar[bool] = False
    pointwise: ClassVar[bool] = False
    packs: ClassVar[bool] = False
    options: ClassVar[Mapping[str, Option]] = {}
    least_rank: ClassVar[int] = 1
    needs: ClassVar[str] = "a vector (…, features)"
    takes_tokens: ClassVar[bool] = False
    computes: ClassVar[bool] = True
    folds: ClassVar[bool] = False
    hands_on: ClassVar[bool] = False
    example: ClassVar[str] = ""

    def __init_subclass__(cls, kind: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {k: v for k, v in vars(cls).items() if isinstance(v, Option)}
        cls.options = {**cls.options, **own}
        if kind:
            if kind in KINDS:
                raise TypeError(f"two classes of kind '{kind}'")
            cls.kind = kind
            KINDS[kind] = cls

    def __init__(self, **values: Any) -> None:
        for name, option in self.options.items():
            value = values.pop(name, option.default)
            if value is REQUIRED:
                raise TypeError(f"{self.kind} needs '{name}'")
            object.__setattr__(self, name, value)
        if values:
            raise TypeError(f"{self.kind} has no '{next(iter(values))}'")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a layer is immutable: {name}")

    def weights(self, shape: Shape) -> Iterator[Weight]:
        """Yield the weights on an input of ``shape``."""
        yield from ()

    def output(self, shape: Shape) -> Shape:
        """Return the output shape on an input of ``shape``."""
        return shape

    def macs(self, shape: Shape) -> Size | None:
        """Return Multiply-accumulates per example beyond those of the weights; None: it does not
        say.
        """
        return 0

    def backward(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Size | None:
        """Return multiply-accumulates of the backward pass of what :meth:`macs` counts.

        Of each product, those of the gradient of every operand that requires one. ``needs``
        says it of each tensor that comes in, those of options last; ``learns`` whether a
        weight is trained. None: it does not say.
        """
        return None

    def order(self, before: tuple[int, ...], rank: int) -> tuple[int, ...]:
        """Return the axes of a result of so many in the order of memory, from those of the input.

        () is their own order.
        """
        same = self.pointwise or (self.views and not self.packs)
        return before if same and len(before) == rank else ()

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        """Return what PyTorch's autograd keeps of it, where what leaves it requires a gradient.

        ``needs`` and ``learns`` are as for :meth:`backward`. None: it does not say.
        """
        return NOTHING if self.views else None

    def keeps_kernel(self, needs: tuple[bool, ...]) -> bool | None:
        """Tell whether PyTorch's autograd keeps its kernels, which count where they are made anew.

        ``needs`` is as for :meth:`backward`. None: it does not say.
        """
        return None

    def state(self, *shapes: Shape) -> Size:
        """Return values that a step hands on to the next, on inputs of ``shapes``; most kinds
        none.
        """
        return 0

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        """Yield what must hold of the sizes."""
        yield from ()

    def general(self) -> Self:
        """Return the layer with its sizes as letters h, o, f, g.

        Options that have a letter stand as that letter; what decides which
        weights there are stays as it is.
        """
        options: dict[str, Any] = {name: getattr(self, name) for name in self.options}
        for name, option in self.options.items():
            own = options[name]
            if not option.short or own is None or isinstance(own, str):
                continue
            options[name] = (
                tuple(symbol(f"{option.short}{k}") for k in range(1, len(own) + 1))
                if isinstance(own, tuple)
                else symbol(option.short)
            )
        return type(self)(**options)

    def lettered(self, rank: int) -> tuple[Weight, ...]:
        """Return the weights with sizes as letters, on an input of ``rank`` axes: n1, n2, …, i."""
        return tuple(self.general().weights(general_shape(rank)))

    def own_sizes(self, shape: Shape) -> dict[str, Size]:
        """Map each letter to the layer's own size on an input of ``shape``; the inverse of
        letters.
        """
        values: dict[str, Size] = {f"n{k}": n for k, n in enumerate(shape[:-1], 1)}
        if shape:
            values["i"] = shape[-1]
        for name, option in self.options.items():
            own = getattr(self, name)
            if not option.short:
                continue
            if isinstance(own, tuple):
                values.update({f"{option.short}{k}": size for k, size in enumerate(own, 1)})
            elif own is not None and not isinstance(own, str):
                values[option.short] = own
        return values


class Core(Layer):
    """A kind over one or several tensors, of which each is a shape here; most are weightless.

    Class attributes: ``inputs`` names the tensors (empty: any number of them),
    ``several`` says that the output is a bundle. A core may be called on its
    tensors, ``attend(q, k, v, heads = 8)``, or stand behind a bundle of them.
    """

    inputs: ClassVar[tuple[str, ...]] = ("x",)
    several: ClassVar[bool] = False
    computes = False

    def admit(self, *shapes: Shape) -> None:
        """Refuse shapes that make no sense at all.

        Raises:
            SymparamsError: an axis that is not there, another number of axes.
        """

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        """Return the output shape, or one for each part of the bundle."""
        raise TypeError(self.kind)  # pragma: no cover - every core has its own

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        """Yield what must hold of the sizes."""
        yield from ()

    def costs(self, *shapes: Shape) -> Size:
        """Return Multiply-accumulates per example beyond those of the weights."""
        return 0

    def owns(self, *shapes: Shape) -> Iterator[Weight]:
        """Yield the weights on inputs of ``shapes``."""
        yield from ()


class Wrapper(Layer):
    """A kind around a net: ``copies`` of it side by side, joined by :attr:`join`.

    Every copy has weights of its own.
    """

    copies: ClassVar[int] = 2
    net: Any

    @property
    def join(self) -> str:
        """``concat``, ``sum``, ``mul``, ``ave`` or ``bundle``."""
        raise TypeError(self.kind)  # pragma: no cover - every wrapper has its own


class Rewriter(Layer):
    """A kind around a net that changes how the kernels of its layers are kept.

    A kernel is what multiplies: a weight called ``kernel``, ``table``, or
    ``depthwise_kernel`` and the like, not the kernel of a recurrent state.
    """

    net: Any

    def kept(self, weights: Iterable[Weight], layer: Layer, shape: Shape) -> tuple[Weight, ...]:
        """Return the weights in the place of those of ``layer`` on an input of ``shape``."""
        return tuple(
            new
            for weight in weights
            for new in (
                self.around(weight, layer, shape) if is_kernel(weight) else (self.beside(weight),)
            )
        )

    def saved(
        self, layer: Layer, needs: tuple[bool, ...], learns: bool, shape: Shape
    ) -> Saved | None:
        """Return what PyTorch's autograd keeps of ``layer`` inside of it; None: it does not say.

        ``needs`` and ``learns`` are those of :meth:`Layer.backward`, as if it were not there.
        """
        return None

    def around(self, kernel: Weight, layer: Layer, shape: Shape) -> Iterator[Weight]:
        """Return the weights in the place of a kernel of ``layer`` on an input of ``shape``."""
        raise TypeError(self.kind)  # pragma: no cover - every rewriter has its own

    def beside(self, weight: Weight) -> Weight:
        """Return any other weight of the layer."""
        return weight


def is_kernel(weight: Weight) -> bool:
    """Tell whether a weight is what a :class:`Rewriter` changes."""
    if weight.buffer or not weight.shape:
        return False
    return weight.name == "table" or (
        weight.name.endswith("kernel") and not weight.name.startswith("recurrent")
    )


def general_shape(rank: int) -> Shape:
    """Return a shape in letters: n1, n2, …, and i for the features."""
    return (*(symbol(f"n{k}") for k in range(1, rank)), symbol("i"))


def positions(axes: Any, shape: Shape, kind: str) -> tuple[int, ...]:
    """Return axes counted from 0, from one or several that may count from the end.

    Raises:
        SymparamsError: the shape has no such axis, or one is named twice.
    """
    listed = axes if isinstance(axes, tuple) else (axes,)
    for axis in listed:
        if not -len(shape) <= axis < len(shape):
            raise SymparamsError(
                f"'{kind}' on axis {axis}, but there are {len(shape)} axes, from 0"
            )
    found = tuple(int(axis) % len(shape) for axis in listed)
    if len(set(found)) < len(found):
        raise SymparamsError(f"'{kind}' names an axis twice")
    return found


def along(value: Any, axes: int) -> tuple[Size, ...]:
    """Return a size for each of ``axes`` spatial axes, from one size or a list."""
    return tuple(value) if isinstance(value, tuple) else (value,) * axes


def letters(layer: type[Layer]) -> dict[str, str]:
    """Map each option that has a letter to it."""
    return {name: o.short for name, o in layer.options.items() if o.short}
