"""Calls of a framework, computed or written down: one body of a recipe does both.

A recipe names torch's or Keras' classes and functions through :class:`Api`. With
tensors of the framework it computes; inside of :func:`writing` the same body
gives expressions, from which the source text of a module is made. Nothing of a
framework is imported to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

#: The framework whose text is written, "" where recipes compute.
_WRITES: ContextVar[str] = ContextVar("writes", default="")

#: Leading arguments that people give without their names.
_LEADING = (
    "in_features out_features in1_features in2_features in_channels out_channels "
    "kernel_size num_embeddings embedding_dim num_features normalized_shape num_groups "
    "num_channels input_size hidden_size num_parameters n_classes cutoffs size units "
    "input_dim output_dim filters pool_size equation output_shape rank"
)
UNNAMED = frozenset(_LEADING.split())


@contextmanager
def writing(framework: str) -> Iterator[None]:
    """Have recipes of a framework give expressions in place of what they name."""
    before = _WRITES.set(framework)
    try:
        yield
    finally:
        _WRITES.reset(before)


def writes() -> bool:
    """Tell whether recipes give expressions."""
    return bool(_WRITES.get())


class Optional:
    """An option, written only where it is not what the framework has anyway."""

    __slots__ = ("default", "value")

    def __init__(self, value: Any, default: Any) -> None:
        self.value = value
        self.default = default


def option(value: Any, default: Any) -> Any:
    """Return an option's value, to be left out of a text where it is the framework's default."""
    return Optional(value, default) if writes() else value


def even(values: Sequence[Any]) -> Any:
    """Return one number for all axes where a text is written and all are the same."""
    first = values[0] if values else None
    return first if writes() and all(one == first for one in values) else tuple(values)


class Api:
    """The classes and functions of a framework's module, by their names.

    ``shown`` is the name of the module in a text, "" for functions that are
    written out in the text itself.
    """

    def __init__(self, module: str, shown: str) -> None:
        self._module = module
        self._shown = shown

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not writes():
            return getattr(import_module(self._module), name)
        return NamedCall(f"{self._shown}.{name}" if self._shown else name)


class WrittenExpression:
    """Something of a text: a call, a name, an operation on others.

    ``form`` is its head: ``word``, ``call``, ``method``, ``attribute``,
    ``binary``, ``item``, ``list``; ``parts`` what the form is made of.
    """

    __slots__ = ("form", "hint", "parts")

    def __init__(self, form: str, *parts: Any) -> None:
        self.form = form
        self.parts = parts
        #: The name that it has in the text it comes from.
        self.hint = ""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Write a call of a module on tensors, whose result is a tensor."""
        return WrittenTensor("call", self, args, options, axes=_as_many(args))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in WrittenExpression.__slots__:
            raise AttributeError(name)
        return WrittenExpression("attribute", self, name)

    def requires_grad_(self, flag: bool) -> WrittenExpression:
        return WrittenExpression("method", self, "requires_grad_", (flag,), {})


class NamedCall:
    """A class or function of a framework, to be called in a text."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *args: Any, **options: Any) -> Any:
        tensors = [one for one in _flat((args, tuple(options.values()))) if is_tensor(one)]
        if not tensors:
            return WrittenExpression("call", self.name, args, options)
        return WrittenTensor("call", self.name, args, options, axes=_as_many(args))


def _as_many(args: Any) -> Any:
    """Return as many axes, of unknown sizes, as the first tensor has."""
    first = next((one for one in _flat(args) if is_tensor(one)), None)
    return None if first is None or first.axes is None else (None,) * len(first.axes)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def is_tensor(value: Any) -> bool:
    """Tell whether a value stands for a tensor of a text."""
    return isinstance(value, WrittenTensor)


class WrittenTensor(WrittenExpression):
    """A tensor of a text, with a batch in front.

    Attributes:
        axes: its axes without the batch, where they are known.
        bare: it has no batch in front: a weight, or what was made of it alone.
        like: gives a tensor with the batch that a bare one is to have.
    """

    __slots__ = ("axes", "bare", "like")

    def __init__(self, form: str, *parts: Any, axes: Any = None, bare: bool = False) -> None:
        super().__init__(form, *parts)
        self.axes = axes
        self.bare = bare
        self.like: Any = None

    # --- what is known of it ---

    @property
    def ndim(self) -> int:
        """How many axes it has, the batch too."""
        if self.axes is None:
            raise TypeError(f"nothing is known of the axes of {self.form} {self.parts}")
        return len(self.axes) + 1

    @property
    def shape(self) -> WrittenShape:
        return WrittenShape(self)

    is_meta = False

    @property
    def device(self) -> WrittenExpression:
        return WrittenExpression("attribute", self, "device")

    @property
    def dtype(self) -> WrittenExpression:
        return WrittenExpression("attribute", self, "dtype")

    # --- what is done to it ---

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def method(*args: Any, **options: Any) -> WrittenTensor:
            return WrittenTensor("method", self, name, args, options)

        return method

    def movedim(self, source: int, target: int) -> WrittenTensor:
        rank = self.ndim
        source, target = source % rank, target % rank
        if source == target:
            return self
        axes = list(self.axes)
        axes.insert(target - 1, axes.pop(source - 1))
        if (source, target) == (1, rank - 1):
            return WrittenTensor("channels_last", self, axes=tuple(axes))
        if self.form == "channels_last" and (source, target) == (rank - 1, 1):
            first: WrittenTensor = self.parts[0]
            return first
        made = WrittenTensor("method", self, "movedim", _counted(source, target, rank), {})
        made.axes = tuple(axes)
        return made

    def __getitem__(self, index: Any) -> WrittenTensor:
        return WrittenTensor("item", self, index)

    def _with(self, op: str, left: Any, right: Any) -> WrittenTensor:
        if at_the_end(left) and (at_the_end(right) or not is_tensor(right)):
            inner = right.parts[0] if at_the_end(right) else right
            return moved(WrittenTensor("binary", op, left.parts[0], inner), left.axes)
        others = [one for one in (left, right) if is_tensor(one)]
        made = WrittenTensor("binary", op, left, right)
        made.bare = all(one.bare for one in others)
        made.like = next((one.like for one in others if one.like is not None), None)
        whole = [one.axes for one in others if one.axes is not None and one.bare == made.bare]
        made.axes = max(whole, key=len, default=None)
        return made

    def __add__(self, other: Any) -> WrittenTensor:
        return self._with("+", self, other)

    def __sub__(self, other: Any) -> WrittenTensor:
        return self._with("-", self, other)

    def __mul__(self, other: Any) -> WrittenTensor:
        return self._with("*", self, other)

    def __truediv__(self, other: Any) -> WrittenTensor:
        return self._with("/", self, other)

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("a tensor of a text cannot be gone through")


def _counted(source: int, target: int, rank: int) -> tuple[int, int]:
    """Return two axes, the last one counted from the end."""
    last = rank - 1
    return (-1 if source == last else source), (-1 if target == last else target)


class WrittenShape:
    """The shape of a tensor of a text: numbers where they are known, else ``x.shape[1]``."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: WrittenTensor) -> None:
        self.tensor = tensor

    def __len__(self) -> int:
        return self.tensor.ndim

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return tuple(self[k] for k in range(*index.indices(len(self))))
        axes = self.tensor.axes
        if axes is not None and index not in (0, -len(axes) - 1):
            size = axes[index - 1 if index > 0 else index]
            if isinstance(size, int):
                return size
        return WrittenExpression(
            "item", WrittenExpression("attribute", self.tensor, "shape"), index
        )


# --- channels in front or at the end ------------------------------------------


def known_axes(tensor: Any) -> Any:
    """Return the axes of a tensor without its batch, sizes where a text is written."""
    return tensor.axes if is_tensor(tensor) else tuple(tensor.shape[1:])


def at_the_end(tensor: Any) -> bool:
    """Tell whether a tensor of a text has its channels moved to the end only just."""
    return is_tensor(tensor) and tensor.form == "channels_last"


def moved(first: Any, axes: Any) -> WrittenTensor:
    """Return a tensor of a text, whose channels stand first, with its channels at the end."""
    if first.axes is None:
        first.axes = (None,) * len(axes)
    return WrittenTensor("channels_last", first, axes=axes)


def pointwise(function: Any, tensor: Any) -> Any:
    """Return a function of every value; where a text is written, before channels are moved."""
    if not is_tensor(tensor):
        return function(tensor)
    if at_the_end(tensor):
        return moved(function(tensor.parts[0]), tensor.axes)
    made = function(tensor)
    made.axes, made.bare, made.like = tensor.axes, tensor.bare, tensor.like
    return made


def over_space(tensor: Any) -> tuple[Any, tuple[int, ...]]:
    """Return a tensor and its spatial axes."""
    if at_the_end(tensor):
        return tensor.parts[0], tuple(range(2, tensor.ndim))
    return tensor, tuple(range(1, tensor.ndim - 1))


def put_together(cat: Any, tensors: Sequence[Any]) -> Any:
    """Return tensors one behind the other along their channels; ``cat`` takes them and an axis."""
    if all(map(at_the_end, tensors)):
        made = cat([one.parts[0] for one in tensors], 1)
        made.axes = (None,) * len(tensors[0].axes)
        return moved(made, (None,) * len(tensors[0].axes))
    return cat(list(tensors), -1)


def levelled(left: WrittenTensor, right: WrittenTensor) -> tuple[WrittenTensor, WrittenTensor]:
    """Return two tensors of a text with as many axes, what is missing put behind the batch.

    One without a batch meets the other's last axes anyway.
    """
    if left.bare and right.bare:
        return left, right
    if left.bare or right.bare:
        bare, other = (left, right) if left.bare else (right, left)
        if len(bare.axes) > len(other.axes):
            bare = with_batch(bare)
        elif at_the_end(other) and len(bare.axes) == 1:
            index = (slice(None), *(None,) * (len(other.axes) - 1))
            bare = moved(WrittenTensor("item", bare, index), other.axes)
        return (bare, other) if left.bare else (other, bare)
    missing = len(left.axes) - len(right.axes)
    if not missing:
        return left, right
    large, small = (left, right) if missing > 0 else (right, left)
    new = (None,) * abs(missing)
    if at_the_end(large) and len(small.axes) == 1:
        item = WrittenTensor("item", small, (slice(None), slice(None), *new))
        small = moved(item, large.axes)
    else:
        axes = (*(1,) * len(new), *small.axes)
        small = WrittenTensor("item", small, (slice(None), *new), axes=axes)
    return (large, small) if missing > 0 else (small, large)


def with_batch(tensor: Any) -> Any:
    """Return a tensor of a text for every example of the batch."""
    if not tensor.bare:
        return tensor
    if _WRITES.get() == "keras":
        return WrittenTensor("call", "for_batch", (tensor, tensor.like()), {}, axes=tensor.axes)
    batch = WrittenExpression("item", WrittenExpression("attribute", tensor.like(), "shape"), 0)
    args = (batch, *(-1 for _ in tensor.axes))
    return WrittenTensor("method", tensor, "expand", args, {}, axes=tensor.axes)


def zeros(made: Any, axes: Any) -> Any:
    """Return what was called as a tensor of ``axes``, without the batch."""
    if not isinstance(made, WrittenExpression):
        return made
    return WrittenTensor(made.form, *made.parts, axes=tuple(axes))
