"""Nets as the text will have them: chains, sums, braces; their numbers in order are its holes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symparams.frameworks.importing.language_steps import WordValue
from symparams.records import Record


class TextNet(Record):
    """Base of all nets of a text."""

    @property
    def parts(self) -> tuple[TextNet, ...]:
        """The nets inside."""
        return ()

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return the same around other nets."""
        return self


class TextWord(TextNet):
    """A word of the language with its arguments."""

    word: str
    values: tuple[WordValue, ...] = ()
    options: tuple[tuple[str, WordValue], ...] = ()


class TextUse(TextNet):
    """A block with its arguments; ``tensors`` are handed over by name."""

    key: str
    values: tuple[WordValue, ...] = ()
    tensors: tuple[TextNet, ...] = ()

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return self.tensors

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return the same with other tensors."""
        return self.but(tensors=parts)


class TextName(TextNet):
    """A tensor, or a shared net, by its name."""

    name: str


class TextChain(TextNet):
    """Nets behind each other; an empty one is the identity."""

    items: tuple[TextNet, ...]

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return self.items

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return a chain of others."""
        return self.but(items=parts)


class TextJoin(TextNet):
    """Nets on the same input, joined by ``+ - * |``, or by ``,`` as a bundle."""

    op: str
    items: tuple[TextNet, ...]

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return self.items

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return the same of others."""
        return self.but(items=parts)


class TextAround(TextNet):
    """A word around a net: ``residual(f)``, ``bidirectional(f)``; or a core on tensors."""

    word: str
    items: tuple[TextNet, ...]
    options: tuple[tuple[str, WordValue], ...] = ()
    values: tuple[WordValue, ...] = ()

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return self.items

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return the same around others."""
        return self.but(items=parts)


class TextTimes(TextNet):
    """A net several times in a row."""

    net: TextNet
    times: WordValue

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return (self.net,)

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return another as often."""
        return self.but(net=parts[0])


class TextPart(TextNet):
    """One part of a bundle."""

    net: TextNet
    place: int

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return (self.net,)

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return the part of another."""
        return self.but(net=parts[0])


class TextWeight(TextNet):
    """The line of a weight or a buffer."""

    kind: str
    name: str
    axes: tuple[WordValue, ...]


class TextLet(TextNet):
    """The line that gives a net names."""

    names: tuple[str, ...]
    net: TextNet
    shared: bool = False

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return (self.net,)

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return the same for another net."""
        return self.but(net=parts[0])


class TextBraces(TextNet):
    """Lines, and what they give."""

    lines: tuple[TextNet, ...]
    result: TextNet

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return (*self.lines, self.result)

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return other lines."""
        return self.but(lines=parts[:-1], result=parts[-1])


class TextLayer(TextNet):
    """A layer of the text's own: its weights, and the axes of its output."""

    weights: tuple[TextNet, ...]
    output: tuple[WordValue, ...]

    @property
    def parts(self) -> tuple[TextNet, ...]:
        return self.weights

    def with_parts(self, parts: tuple[TextNet, ...]) -> TextNet:
        """Return the same with other weights."""
        return self.but(weights=parts)


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
