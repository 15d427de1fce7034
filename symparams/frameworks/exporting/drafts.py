"""Classes of a text while they are drawn up: what they own, what they take, what they give."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from symparams.errors import SymparamsError
from symparams.frameworks.base import NotBuilt
from symparams.frameworks.exporting.size_text import identifier
from symparams.frameworks.written_calls import (
    WrittenExpression,
    WrittenTensor,
    at_the_end,
    moved,
)


class AttributeName:
    """The name of an attribute, numbered once all of its class are there.

    ``key`` is what it is named by; ``shown`` is set by :meth:`ClassDraft.settle`.
    """

    def __init__(self, key: str, of_self: bool = True) -> None:
        self.key = self.shown = identifier(key)
        self.of_self = of_self

    def __str__(self) -> str:
        return f"self.{self.shown}" if self.of_self else self.shown


class Initial:
    """A line of a constructor: an attribute and its value.

    ``value`` is an expression, a :class:`ClassUse`, a :class:`ListOfUses`, or a
    :class:`WeightText`.
    """

    def __init__(self, attribute: AttributeName, value: Any) -> None:
        self.attribute = attribute
        self.value = value


class WeightText:
    """A weight by itself."""

    def __init__(self, weight: Any, frozen: bool) -> None:
        self.weight = weight
        self.frozen = frozen


class ClassUse:
    """A use of a class that is drawn up."""

    def __init__(self, draft: ClassDraft) -> None:
        self.draft = draft


class ListOfUses:
    """Uses one behind the other: how many of each, and the index that counts them, if any."""

    def __init__(self, parts: list[tuple[Any, ClassUse, Any]]) -> None:
        #: (first, times), use, index symbol or None
        self.parts = parts


class SharedPart:
    """A net that several parts use: the module that owns its weights.

    ``adapter`` runs a single layer; a larger one is a class, called with its
    ``captures`` behind what comes in.
    """

    def __init__(
        self, reference: WrittenExpression, adapter: Any, draft: ClassDraft | None
    ) -> None:
        self.reference = reference
        self.adapter = adapter
        self.draft = draft


class ClassDraft:
    """A class that is drawn up.

    Attributes:
        kind: the block's name.
        initials: the lines of its constructor, in the order of the weights.
        parameters: what its forward takes, in order.
        captures: places of the outer class that it reads, each passed behind what comes in.
        result: what it gives: tensors, their channels where ``ends_first`` says.
    """

    def __init__(self, kind: str, parent: ClassDraft | None) -> None:
        self.kind = kind
        self.parent = parent
        self.initials: list[Initial] = []
        self.parameters: list[AttributeName] = []
        self.captures: list[tuple[Hashable, str]] = []
        self.places: dict[Hashable, Any] = {}
        self.given: dict[int, Any] = {}
        self.like: WrittenTensor | None = None
        self.result: Any = ()
        self.bound: set[Any] = set()
        #: Where the first input stands, of a whole model.
        self.first: Hashable = None
        self._entered: list[Any] = []

    # --- what enters ---

    def entrance(self, value: Any, name: str) -> Any:
        """Return what a value of the outer class is called here; it becomes a parameter."""
        if isinstance(value, tuple):
            return tuple(self.entrance(one, name) for one in value)
        if isinstance(value, SharedPart):
            reference = WrittenExpression("word", self.parameter(name))
            adapter = value.adapter
            if adapter is not None:
                adapter = adapter.with_inner(reference)
            return SharedPart(reference, adapter, value.draft)
        if id(value) in self.given:
            return self.given[id(value)]
        word = WrittenTensor("word", self.parameter(name))
        word.bare = value.bare
        word.axes = value.parts[0].axes if at_the_end(value) else value.axes
        made = moved(word, value.axes) if at_the_end(value) else word
        if self.like is None and not value.bare:
            self.like = word
        if value.bare:
            word.like = self.batch
        self.given[id(value)] = made
        self._entered.append(value)  # an id is its own as long as it lives
        return made

    def parameter(self, name: str) -> AttributeName:
        """Return a new parameter of forward."""
        found = AttributeName(name, of_self=False)
        self.parameters.append(found)
        return found

    def lookup(self, place: Hashable, name: str) -> Any:
        """Return what stands at a place, of this class or of those around it."""
        if place in self.places:
            return self.places[place]
        if self.parent is None:
            raise SymparamsError(f"not exported: {name} is read where it is not known")
        outer = self.parent.lookup(place, name)
        known = len(self.parameters)
        found = self.places[place] = self.entrance(outer, name)
        if len(self.parameters) > known:
            self.captures.append((place, name))
        return found

    def batch(self) -> Any:
        """Return a tensor that has the batch: the first that enters, here or the model.

        Raises:
            NotBuilt: nothing has entered the model.
        """
        if self.like is None:
            outermost = self
            while outermost.parent is not None:
                outermost = outermost.parent
            if outermost.first is None:
                raise NotBuilt(f"'{outermost.kind}' takes no input")
            return self.lookup(outermost.first, "x")
        return self.like

    # --- what it owns ---

    def own(self, key: str, value: Any) -> WrittenExpression:
        """Take in an attribute, and return its name as an expression."""
        attribute = AttributeName(key)
        self.initials.append(Initial(attribute, value))
        return WrittenExpression("word", attribute)

    def settle(self, taken: set[str]) -> None:
        """Give attributes, and parameters of forward, that have one name a number each."""
        for names in ([one.attribute for one in self.initials], self.parameters):
            number: dict[str, int] = {}
            for name in names:
                number[name.key] = number.get(name.key, 0) + 1
            count: dict[str, int] = {}
            used = set(taken) if names is not self.parameters else set()
            for name in names:
                key = name.key
                if number[key] > 1:
                    count[key] = count.get(key, 0) + 1
                    shown = f"{key}{count[key]}"
                else:
                    shown = key
                while shown in used:
                    shown += "_"
                used.add(shown)
                name.shown = shown


def passed(value: Any) -> list[Any]:
    """Return the arguments by which a value is passed on."""
    if isinstance(value, tuple):
        return [one for item in value for one in passed(item)]
    if isinstance(value, SharedPart):
        return [value.reference]
    return [value.parts[0] if at_the_end(value) else value]
