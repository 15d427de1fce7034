"""The most values that live at once in a source that is written out, by counting readers.

The source is run once to see who reads what, and once with a count of the
readers that each tensor still has: at none it goes away. The product walks
backwards and knows repeats; this does neither.
"""

from __future__ import annotations

from collections import Counter
from math import prod

from tests.properties.whole.plain import (
    Interleaved,
    Joint,
    Made,
    MadeBraces,
    MadeKept,
    MadeMixture,
    MadeRow,
    MadeUse,
    Named,
    One,
    Scale,
    TakenPart,
    Trained,
    WrittenOut,
)

#: Layers that make nothing in inference.
HANDED_ON = {"id", "dropout"}


class Run:
    """What is computed, in order: which tensors are read, and the sizes of those that are made."""

    def __init__(self) -> None:
        self.done: list[tuple[list[int], list[int]]] = []
        self.sizes: list[int] = []
        self.copies = 1

    def make(self, reads: list[int], *sizes: int) -> list[int]:
        """Tensors of some sizes, made from others."""
        first = len(self.sizes)
        self.sizes += [size * self.copies for size in sizes]
        made = list(range(first, len(self.sizes)))
        self.done.append((reads, made))
        return made

    def of(self, made: Made, x: int) -> int:
        """What a part makes of a tensor."""
        match made:
            case One(kind=kind):
                return x if kind in HANDED_ON else self.make([x], prod(made.shape))[0]
            case MadeRow(parts=parts):
                for part in parts:
                    x = self.of(part, x)
                return x
            case Interleaved(parts=sides):
                both = [x for _ in sides]
                for passes in zip(*(side.parts for side in sides), strict=True):  # type: ignore[attr-defined]
                    both = [self.of(part, one) for part, one in zip(passes, both, strict=True)]
                return self.make(both, prod(made.shape))[0]
            case Joint(parts=(one,)):
                return self.of(one, x)
            case Joint(parts=parts):
                return self.make([self.of(part, x) for part in parts], prod(made.shape))[0]
            case Named(body=body) | Trained(body=body) | MadeKept(body=body):
                return self.of(body, x)
            case MadeUse(body=body) | MadeBraces(body=body):
                return self.of(body, x)
            case MadeMixture():
                scores = self.of(made.router, x)
                before, self.copies = self.copies, self.copies * made.top
                found = self.of(made.expert, x)
                self.copies = before
                return self.make([found, scores], prod(made.shape))[0]
            case TakenPart(parts=parts, place=place):
                return self.make([x], *[prod(made.shape)] * parts)[place]
            case Scale():
                return self.make([x], prod(made.shape))[0]
        raise TypeError(type(made).__name__)


def most_living(entry: WrittenOut) -> int:
    """The most values that live at once."""
    run = Run()
    (given,) = run.make([], prod(entry.shape))
    left = run.of(entry.body, given)
    readers = Counter(tensor for reads, _ in run.done for tensor in set(reads))
    readers[left] += 1  # whoever asked for it
    living = most = 0
    for reads, made in run.done:
        living += sum(run.sizes[tensor] for tensor in made)
        most = max(most, living)
        for tensor in set(reads):
            readers[tensor] -= 1
        gone = {*reads, *made}
        living -= sum(run.sizes[tensor] for tensor in gone if readers[tensor] == 0)
    return most
