"""Puts what a source does into words of the language, container by container.

Each tensor of the source is followed as an :class:`~.arrangement.Arranged` one of the text, so
that what only looks at values otherwise (views, heads split off, channels first) leaves nothing
behind, unless a layer needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from symparams.frameworks.importing.arrangement import (
    Arranged,
    Factor,
    Factors,
    arranged,
    size_of,
)
from symparams.frameworks.importing.graph import (
    ASIDE,
    SourceCall,
    SourceConstant,
    SourceFunction,
    SourceGraph,
    SourceLayer,
    SourceModule,
    SourceOperation,
    SourceRead,
    SourceTensor,
    SourceWeight,
)
from symparams.frameworks.importing.language_steps import (
    CALL,
    WEIGHT,
    LanguageModule,
    LanguageStep,
    WordValue,
)
from symparams.frameworks.importing.source_calls import registering


class CannotSay(Exception):
    """The language has no word for an operation; the message says for what."""


class Scores:
    """What is known of the scores of attention that are written out: their queries and keys."""

    def __init__(self, q: Arranged, k: Arranged, softmax: bool = False, bias: Any = None) -> None:
        self.q = q
        self.k = k
        self.softmax = softmax
        self.bias: Arranged | None = bias


FunctionRule: TypeAlias = "Callable[[Lowering, SourceFunction], None]"
LayerRule: TypeAlias = "Callable[[Lowering, SourceLayer], None]"

#: Words whose numbers say which axis, or which place of one.
POSITIONS = frozenset({"permute", "take", "mean"})

FUNCTION_RULES: dict[str, FunctionRule] = {}
LAYER_RULES: dict[str, LayerRule] = {}


def function_rule(*names: str) -> Callable[[FunctionRule], FunctionRule]:
    """Register how functions of some names are said."""
    return registering(FUNCTION_RULES, names)


def layer_rule(*kinds: str) -> Callable[[LayerRule], LayerRule]:
    """Register how layers of some kinds are said."""
    return registering(LAYER_RULES, kinds)


class Lowering:
    """A source on its way into the language: its tensors as they are in the text."""

    def __init__(self, graph: SourceGraph) -> None:
        self.graph = graph
        #: The source's number of a tensor → the tensor in the text.
        self.values: dict[int, Arranged] = {}
        #: The text's number of a tensor → its axes.
        self.sizes: dict[int, tuple[int, ...]] = {}
        self.steps: list[LanguageStep] = []
        #: The text's number → scores of attention that it is.
        self.scores: dict[int, Scores] = {}
        #: The text's number → the table that its rows are of.
        self.rows_of: dict[int, int] = {}
        #: Tensors that depend on nothing that a text has: positions, kept integers.
        self.constants: set[int] = set()
        #: The text's number → the tensor whose squares it is, their mean, or the root of that.
        self.squares: dict[int, int] = {}
        self.means: dict[int, int] = {}
        self.lengths: dict[int, int] = {}
        #: The text's number → the tensor that was divided by its length.
        self.normed: dict[int, Arranged] = {}
        #: The text's number of a weight → its name in the source.
        self.read: dict[int, str] = {}
        #: The text's number → what it is each second of: the tensor, and where each axis starts.
        self.strided: dict[int, tuple[Arranged, dict[int, int]]] = {}
        #: Parts of one tensor that were taken apart already, by its number, axis and sizes.
        self.parts: dict[tuple[Any, ...], tuple[int, ...]] = {}
        self.wholes: dict[tuple[Any, ...], tuple[Arranged, int]] = {}
        self._count = 0

    # --- tensors of the text -------------------------------------------------

    def number(self, sizes: Sequence[int]) -> int:
        """Return the number of a new tensor."""
        self._count += 1
        self.sizes[self._count] = tuple(sizes)
        return self._count

    def step(
        self,
        word: str,
        takes: Sequence[int],
        sizes: Sequence[Sequence[int]],
        *values: WordValue,
        weights: Mapping[str, str] | None = None,
        module: LanguageModule | None = None,
        name: str = "",
        options: Mapping[str, WordValue] | None = None,
    ) -> tuple[int, ...]:
        """Append a step; return the numbers of what it makes."""
        makes = tuple(map(self.number, sizes))
        if word in POSITIONS:  # which axis it is belongs to the word: it is no size
            values = tuple(str(v) for v in values)
        named = (options or {}).items()
        given = tuple((n, str(v) if n == "axis" else v) for n, v in named)
        owned = tuple((weights or {}).items())
        step = LanguageStep(word, values, given, tuple(takes), makes, owned, module, name)
        self.steps.append(step)
        return makes

    def take(self, operation: SourceOperation, place: int = 0) -> Arranged:
        """Return what an operation takes, as it is in the text."""
        return self.values[operation.takes[place].number]

    def give(self, tensor: SourceTensor, value: Arranged) -> None:
        """Say what a tensor of the source is in the text."""
        assert value.source_sizes == tensor.axes, (value.source_sizes, tensor.axes)
        self.values[tensor.number] = value

    def unary(
        self, value: Arranged, word: str, options: Mapping[str, WordValue] | None = None
    ) -> Arranged:
        """Return a word on each value of a tensor."""
        (made,) = self.step(word, [value.number], [value.sizes], options=options)
        return value.but(number=made)

    # --- axes as they are needed ------------------------------------------------

    def form(self, value: Arranged, wanted: Sequence[Sequence[Factor]]) -> Arranged:
        """Return a tensor whose axes in the text are these, each a set of factors.

        What only moves values along an axis is not written.
        """
        value = self._stretched(value, {f for axis in wanted for f in axis})
        sets = [frozenset(axis) for axis in wanted]
        if [frozenset(axis) for axis in value.axes] == sets:
            return value.but(axes=tuple(map(tuple, wanted)))
        # Axes of the text of which several of the wanted ones have a part are split first.
        apart: list[Factors] = []
        for axis in value.axes:
            homes = [next((k for k, s in enumerate(sets) if f in s), -1) for f in axis]
            pieces: dict[int, list[Factor]] = {}
            for factor, home in zip(axis, homes, strict=True):
                pieces.setdefault(home, []).append(factor)
            apart += [tuple(piece) for home, piece in pieces.items() if home >= 0 or axis == ()]
            if any(size_of(piece) != 1 for home, piece in pieces.items() if home < 0):
                raise CannotSay("axes that are lost")
        if not all(f in {g for a in apart for g in a} for s in sets for f in s):
            raise CannotSay("axes that are not there")
        value = self._reshaped(value, apart)
        home_of = {f: k for k, s in enumerate(sets) for f in s}
        order = sorted(range(len(apart)), key=lambda n: home_of[apart[n][0]])
        if order != list(range(len(apart))):
            turned = tuple(apart[n] for n in order)
            sizes = [size_of(a) for a in turned]
            (made,) = self.step("permute", [value.number], [sizes], *order)
            value = value.but(number=made, axes=turned)
        return self._reshaped(value, [tuple(axis) for axis in wanted])

    def _reshaped(self, value: Arranged, axes: Sequence[Factors]) -> Arranged:
        """Return the same values in other axes, in the order they are in."""
        if [frozenset(a) for a in value.axes] == [frozenset(a) for a in axes]:
            return value.but(axes=tuple(axes))
        sizes = [size_of(axis) for axis in axes]
        word, values = ("flatten", []) if len(sizes) == 1 else ("reshape", sizes)
        (made,) = self.step(word, [value.number], [sizes], *values)
        return value.but(number=made, axes=tuple(axes))

    def _stretched(self, value: Arranged, wanted: set[Factor]) -> Arranged:
        """Return a tensor that has the wanted factors that the source only repeats."""
        for factor in value.stretched() & wanted:
            sizes = (*value.sizes, 1)
            (one,) = self.step("reshape", [value.number], [sizes], *sizes)
            sizes = (*value.sizes, factor.size)
            (made,) = self.step("tile", [one], [sizes], factor.size)
            value = value.but(number=made, axes=(*value.axes, (factor,)))
        return value

    def last(self, value: Arranged, factors: Sequence[Factor]) -> Arranged:
        """Return a tensor whose last axis has these factors, the others as they are."""
        wanted = frozenset(factors)
        if not wanted:
            if value.axes and size_of(value.axes[-1]) == 1:
                return value
            raise CannotSay("an axis of 1 that the text does not have")
        if value.axes and frozenset(value.axes[-1]) == wanted:
            return value
        rest = [tuple(f for f in axis if f not in wanted) for axis in value.axes]
        return self.form(value, [*filter(None, rest), tuple(factors)])

    def plain(self, value: Arranged) -> Arranged:
        """Return a tensor with the axes of the source, in their order, those of 1 left out."""
        return self.form(value, [d for d in value.dims if d and size_of(d) != 1] or [()])

    def spatial(self, value: Arranged, channels: int) -> Arranged:
        """Return a tensor as layers over space have it: (batches, places…, channels)."""
        count = len(value.dims)
        channels %= count
        order = [k for k in range(1, count) if k != channels]
        dims = list(value.dims)
        ones = {k: Factor(1) for k in [*order, channels] if not dims[k]}
        if ones:  # an axis of 1 that the text does not have
            dims = [(ones[k],) if k in ones else d for k, d in enumerate(dims)]
            axes = [dims[k] for k in [*order, channels]]
            if dims[0]:
                axes.insert(0, dims[0])
            bare = [d for k, d in enumerate(dims) if k not in ones]
            value = self.form(value, [a for a in axes if a in bare])
            sizes = list(map(size_of, axes))
            (made,) = self.step("reshape", [value.number], [sizes], *sizes)
            return Arranged(made, tuple(axes), tuple(dims))
        axes = [dims[k] for k in [*order, channels]]
        if dims[0] and size_of(dims[0]) != 1:
            axes.insert(0, dims[0])
        return self.form(value, axes)

    # --- containers ---------------------------------------------------------------

    def lowered(self) -> LanguageModule:
        """Return the whole source in the language."""
        root = self.graph.root
        for tensor in root.takes:
            order = input_order(tensor, self.graph)
            value = arranged(0, tensor.axes, order)
            self.values[tensor.number] = value.but(number=self.number(value.sizes))
        return self.module(root)

    def module(self, module: SourceModule) -> LanguageModule:
        """Return a container in the language; what comes in is known."""
        outer, self.steps = self.steps, []
        takes = tuple(dict.fromkeys(self.values[t.number].number for t in module.takes))
        for operation in module.operations:
            self._operation(operation)
        makes = tuple(dict.fromkeys(self.values[t.number].number for t in module.makes))
        steps, self.steps = self.steps, outer
        kept = alive(steps, makes)
        axes = {n: self.sizes[n] for s in kept for n in (*s.takes, *s.makes)}
        axes |= {n: self.sizes[n] for n in (*takes, *makes)}
        return LanguageModule(module.path, module.title, takes, makes, tuple(kept), axes)

    def _operation(self, operation: SourceOperation) -> None:
        before, count = len(self.steps), self._count
        try:
            if isinstance(operation, SourceCall):
                self._call(operation)
            elif isinstance(operation, SourceRead):
                self._read(operation)
            elif isinstance(operation, SourceConstant):
                (tensor,) = operation.makes
                value = self._new(tensor)
                (made,) = self.step("zeros", [], [value.sizes], *value.sizes)
                self.values[tensor.number] = value.but(number=made)
                self.constants.add(made)
            elif isinstance(operation, SourceLayer):
                rule = LAYER_RULES.get(operation.kind)
                if rule is None:
                    raise CannotSay(operation.kind)
                rule(self, operation)
                if operation.around is not None:
                    self._put_around(operation, before)
            elif isinstance(operation, SourceFunction):
                function = FUNCTION_RULES.get(operation.name)
                if function is None:
                    raise CannotSay(str(operation.options.get("name", operation.name)))
                function(self, operation)
        except CannotSay as error:
            del self.steps[before:]
            gone = [k for k, parts in self.parts.items() if min(parts) > count]
            for key in gone:
                del self.parts[key]
            self._opaque(operation, str(error))

    def _put_around(self, operation: SourceLayer, since: int) -> None:
        """Put the word around a layer in the steps that it became."""
        assert operation.around is not None
        word, options = operation.around.word, tuple(operation.around.options.items())
        owned = tuple(operation.weights.items())
        for place, step in enumerate(self.steps[since:], since):
            if step.weights == owned:
                self.steps[place] = step.but(around=(word, options))

    def _new(self, tensor: SourceTensor, value: Arranged | None = None) -> Arranged:
        """Return a tensor of which only the axes are known: in the order of the source."""
        count = len(tensor.axes)
        order = [k for k in range(count) if k or tensor.axes[0] != 1 or count == 1]
        if (
            value is not None
            and count == len(value.dims) == 4
            and value.axis_of(value.dims[1]) == (len(value.axes) - 1)
        ):
            order = [0] * (tensor.axes[0] != 1) + [2, 3, 1]
        return arranged(0, tensor.axes, order)

    def _read(self, operation: SourceRead) -> None:
        (tensor,) = operation.makes
        source = tensor.axes
        # (1, 1, d), a token in front of others, keeps an axis of 1; other axes of 1 only stretch.
        token = len(source) > 2 and source[-1] != 1 and all(n == 1 for n in source[:-1])
        order = list(range(len(source)))
        if token:
            value = arranged(0, source, order[-2:])
        elif set(source) <= {1}:
            value = arranged(0, source, [])
        else:
            value = arranged(0, source, order, ones=False)
        names = {"": operation.weight}
        last = operation.weight.rpartition(".")[2]
        aside = self.graph.weights[operation.weight].role == ASIDE
        if aside:
            (made,) = self.step("zeros", [], [value.sizes], *value.sizes)
        else:
            (made,) = self.step(WEIGHT, [], [value.sizes], weights=names, name=last)
        self.read[made] = operation.weight
        if aside or tensor.integers:
            self.constants.add(made)
        self.values[tensor.number] = value.but(number=made)

    def _call(self, operation: SourceCall) -> None:
        module = operation.module
        if module.unread:
            raise CannotSay(module.unread)
        for outer, inner in zip(operation.takes, module.takes, strict=True):
            self.values[inner.number] = self.values[outer.number]
        made = self.module(module)
        for outer, inner in zip(operation.makes, module.makes, strict=True):
            self.values[outer.number] = self.values[inner.number]
        outside = [n for n in made.makes if n not in made.takes]
        step = LanguageStep(
            *(CALL, (), (), made.takes, tuple(outside), (), made.but(makes=tuple(outside))),
            name=module.path.rpartition(".")[2],
        )
        self.steps.append(step)

    def unsaid(
        self,
        takes: Sequence[int],
        sizes: Sequence[int],
        why: str,
        path: str = "",
        owned: tuple[SourceWeight, ...] = (),
    ) -> int:
        """Append something that has no word, with its weights; return what it makes."""
        made = self.number(sizes)
        axes = {n: self.sizes[n] for n in (*takes, made)}
        module = LanguageModule(path, why, tuple(takes), (made,), (), axes, why, owned)
        self.steps.append(LanguageStep(CALL, (), (), tuple(takes), (made,), (), module, why))
        return made

    def _opaque(self, operation: SourceOperation, why: str) -> None:
        """Append an operation that has no word: its weights and what it was seen to make."""
        values = [self.values[t.number] for t in operation.takes]
        news = [self._new(t, values[0] if values else None) for t in operation.makes]
        names: Sequence[str] = ()
        path = ""
        if isinstance(operation, SourceLayer):
            names, path = tuple(operation.weights.values()), operation.path
        elif isinstance(operation, SourceCall):
            names, path = operation.module.weights, operation.module.path
        owned = tuple(self.graph.weights[n] for n in dict.fromkeys(names))
        takes = tuple(dict.fromkeys(v.number for v in values))
        made = self.unsaid(takes, news[0].sizes, why, path, owned)
        self.values[operation.makes[0].number] = news[0].but(number=made)
        for tensor, new in zip(operation.makes[1:], news[1:], strict=True):
            made = self.unsaid(takes, new.sizes, why)  # nobody may want it
            self.values[tensor.number] = new.but(number=made)


def input_order(tensor: SourceTensor, graph: SourceGraph) -> list[int]:
    """Return the axes of an input in the order of the text: channels last, without the batch."""
    count = len(tensor.axes)
    order = list(range(1, count))
    first = any(
        isinstance(o, SourceLayer) and o.channels == 1
        for m in graph.modules()
        for o in m.operations
    )
    return [*order[1:], 1] if first and count > 3 else order


def alive(steps: Sequence[LanguageStep], makes: Sequence[int]) -> list[LanguageStep]:
    """Return the steps that an output needs, and calls and layers that own weights."""
    needed = set(makes)
    kept: list[LanguageStep] = []
    for step in reversed(steps):
        if needed.isdisjoint(step.makes):
            continue
        kept.append(step)
        needed.update(step.takes)
    return kept[::-1]


__all__ = ["CannotSay", "Lowering", "Scores", "function_rule", "input_order", "layer_rule"]
