"""Nets as the text will have them: chains, sums, braces; their numbers in order are its holes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from symparams.frameworks.importing.language_steps import WordValue
from symparams.records import Record


class TextNet(Record):
    """Base of all nets of a text."""

    #: The fields that have nets: one, or as many as there are.
    inside: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> tuple[TextNet, ...]:
        """The nets inside."""
        found: list[TextNet] = []
        for name in self.inside:
            value = getattr(self, name)
            found += value if isinstance(value, tuple) else (value,)
        return tuple(found)

    def with_parts(self, parts: Sequence[TextNet]) -> TextNet:
        """Return the same around as many other nets."""
        left, given = iter(parts), {}
        for name in self.inside:
            value = getattr(self, name)
            several = isinstance(value, tuple)
            given[name] = tuple(islice(left, len(value))) if several else next(left)
        return self.but(**given)


class TextWord(TextNet):
    """A word of the language with its arguments."""

    word: str
    values: tuple[WordValue, ...] = ()
    options: tuple[tuple[str, WordValue], ...] = ()


class TextUse(TextNet):
    """A block with its arguments; ``tensors`` are handed over by name."""

    inside = ("tensors",)

    key: str
    values: tuple[WordValue, ...] = ()
    tensors: tuple[TextNet, ...] = ()


class TextName(TextNet):
    """A tensor, or a shared net, by its name."""

    name: str


class TextChain(TextNet):
    """Nets behind each other; an empty one is the identity."""

    inside = ("items",)

    items: tuple[TextNet, ...]


class TextJoin(TextNet):
    """Nets on the same input, joined by ``+ - * |``, or by ``,`` as a bundle."""

    inside = ("items",)

    op: str
    items: tuple[TextNet, ...]


class TextAround(TextNet):
    """A word around a net: ``residual(f)``, ``bidirectional(f)``; or a core on tensors."""

    inside = ("items",)

    word: str
    items: tuple[TextNet, ...]
    options: tuple[tuple[str, WordValue], ...] = ()
    values: tuple[WordValue, ...] = ()


class TextTimes(TextNet):
    """A net several times in a row."""

    inside = ("net",)

    net: TextNet
    times: WordValue


class TextPart(TextNet):
    """One part of a bundle."""

    inside = ("net",)

    net: TextNet
    place: int


class TextWeight(TextNet):
    """The line of a weight or a buffer."""

    kind: str
    name: str
    axes: tuple[WordValue, ...]


class TextLet(TextNet):
    """The line that gives a net names."""

    inside = ("net",)

    names: tuple[str, ...]
    net: TextNet
    shared: bool = False


class TextBraces(TextNet):
    """Lines, and what they give."""

    inside = ("lines", "result")

    lines: tuple[TextNet, ...]
    result: TextNet


class TextLayer(TextNet):
    """A layer of the text's own: its weights, and the axes of its output."""

    inside = ("weights",)

    weights: tuple[TextNet, ...]
    output: tuple[WordValue, ...]


IDENTITY = TextChain(())


def _numbers(value: WordValue) -> Iterator[int]:
    if isinstance(value, tuple):
        for one in value:
            yield from _numbers(one)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def _mapped(value: WordValue, change: Callable[[int], WordValue]) -> WordValue:
    if isinstance(value, tuple):
        return tuple(_mapped(one, change) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return change(value)
    return value


#: Class → the fields of it that have numbers, in order, those of nets inside left out.
_NUMBERED = {
    TextWord: ("values", "options"),
    TextUse: ("values",),
    TextAround: ("options", "values"),
    TextTimes: ("times",),
    TextWeight: ("axes",),
    TextLayer: ("output",),
}


def refilled(net: TextNet, change: Callable[[int], Any]) -> TextNet:
    """Return a net with each number changed, in the order of :func:`holes`."""
    fields = _NUMBERED.get(type(net), ())
    if fields:
        net = net.but(**{f: _mapped(getattr(net, f), change) for f in fields})
    if net.parts:
        net = net.with_parts(tuple(refilled(p, change) for p in net.parts))
    return net


def holes(net: TextNet) -> tuple[int, ...]:
    """Return the numbers of a net."""
    found: list[int] = []

    def note(number: int) -> int:
        found.append(number)
        return number

    refilled(net, note)
    return tuple(found)


def hole_names(net: TextNet, placed: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """Return what each number of a net is called: its option, or what it is the place of."""
    found: list[str] = []
    for field in _NUMBERED.get(type(net), ()):
        value = getattr(net, field)
        if field == "options":
            for name, one in value:
                found += [name] * len(list(_numbers(one)))
        elif field == "values" and isinstance(net, TextWord | TextUse):
            word = net.word if isinstance(net, TextWord) else net.key
            names = placed(word)
            for place, one in enumerate(value):
                name = names[place] if place < len(names) else word
                found += [name] * len(list(_numbers(one)))
        else:
            found += [field] * len(list(_numbers(value)))
    for part in net.parts:
        found += hole_names(part, placed)
    return tuple(found)


def skeleton(net: TextNet) -> TextNet:
    """Return a net with every number left out: equal ones are one block."""
    return refilled(net, lambda _: "#")


def each(net: TextNet) -> Iterator[TextNet]:
    """Yield a net and all inside it."""
    yield net
    for part in net.parts:
        yield from each(part)


def size_of_net(net: TextNet) -> int:
    """Return how many words a net has."""
    return sum(isinstance(n, TextWord | TextUse | TextAround) for n in each(net))


__all__ = [
    "IDENTITY",
    "TextAround",
    "TextBraces",
    "TextChain",
    "TextJoin",
    "TextLayer",
    "TextLet",
    "TextName",
    "TextNet",
    "TextPart",
    "TextTimes",
    "TextUse",
    "TextWeight",
    "TextWord",
    "each",
    "hole_names",
    "holes",
    "refilled",
    "size_of_net",
    "skeleton",
]
