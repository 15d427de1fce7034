"""What the backward pass reads again: which memory a tensor lies in, and who keeps it first.

As PyTorch's autograd does it: a storage that several layers keep counts once, with
all its values, and a view of a tensor lies in the storage of the tensor. Weights
and buffers lie in storages of their own, which are kept anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from symparams.algebra import Size, SizeRecord, product
from symparams.layers import Saved
from symparams.network.shapes import Flow, Signal, signals_of


class Storage:
    """The memory of a tensor, which is only itself.

    Attributes:
        size: its values, of one example where it is ``batched``.
        batched: whether each example has its own.
        owned: whether it is that of a weight or buffer, which counts nothing.
        integers: whether it holds integers.
        born: its place in the order in which storages were made.
    """

    __slots__ = ("batched", "born", "integers", "owned", "size")

    def __init__(
        self, size: Size, born: int, batched: bool, owned: bool = False, integers: bool = False
    ) -> None:
        self.size = size
        self.born = born
        self.batched = batched
        self.owned = owned
        self.integers = integers


class Saving(SizeRecord):
    """What a part keeps first: values, masks and integers of one example, and what is kept once
    for all examples.
    """

    values: Size = 0
    masks: Size = 0
    integers: Size = 0
    once: Size = 0


NO_SAVING = Saving()

#: What matters of the storages of a flow to the parts behind it.
Situation: TypeAlias = tuple[tuple[object, ...], ...]


class Storages:
    """The storages of one building, and those that something keeps.

    ``on`` says whether they are followed at all.
    """

    def __init__(self, on: bool) -> None:
        self.on = on
        self.kept: dict[Storage, None] = {}
        self.made = 0

    def new(
        self, size: Size, batched: bool = True, owned: bool = False, integers: bool = False
    ) -> Storage | None:
        """Return a storage of so many values; None where storages are not followed."""
        if not self.on:
            return None
        self.made += 1
        return Storage(size, self.made, batched, owned, integers)

    def of(self, axes: tuple[Size, ...], made_of: Iterable[Signal]) -> Storage | None:
        """Return the storage of a tensor that was made of others."""
        if not self.on:
            return None
        return self.new(product(axes), any(s.storage.batched for s in made_of if s.storage))

    def keep(
        self, saved: Saved, entering: tuple[Signal, ...], result: Flow, packs: bool = False
    ) -> Saving:
        """Return what of a layer's declaration nothing before it keeps.

        One that ``packs`` keeps a copy of what lies in another order than its axes.
        """
        wanted = [entering[place] for place in saved.inputs]
        if saved.result:
            wanted += signals_of(result)
        sizes = {"values": saved.values, "integers": saved.integers, "once": saved.once}
        for signal in wanted:
            storage = signal.storage
            assert storage is not None, "storages are followed"
            copied = packs and bool(signal.order)
            if not copied and (storage.owned or storage in self.kept):
                continue
            which = "once" if not storage.batched else "integers" if storage.integers else "values"
            sizes[which] = sizes[which] + (product(signal.axes) if copied else storage.size)
            if not copied:
                self.kept[storage] = None
        return Saving(masks=saved.masks, **sizes)

    def situation(self, flow: Flow) -> Situation:
        """Return what matters of the storages of a flow: whether they are kept, and whose they
        are.
        """
        if not self.on:
            return ()
        signals = signals_of(flow)
        first = {s.storage: k for k, s in reversed([*enumerate(signals)])}
        found = []
        for signal in signals:
            storage = signal.storage
            assert storage is not None, "storages are followed"
            whole = storage.size == product(signal.axes)
            size = None if whole or storage.owned else storage.size
            about = (storage.batched, storage.owned, storage.integers, storage in self.kept)
            found.append((first[storage], size, signal.order, *about))
        return tuple(found)

    def alike(self, flow: Flow, axes: tuple[Size, ...]) -> Storage | None:
        """Return a storage of its own for a tensor about which the same is known as of another."""
        before = flow.storage if isinstance(flow, Signal) else None
        if before is None:
            return None
        after = self.new(product(axes), before.batched, before.owned, before.integers)
        if before in self.kept and after is not None:
            self.kept[after] = None
        return after

    def restore(self, kept: Mapping[Storage, None]) -> None:
        """Keep what was kept before something was tried."""
        self.kept = dict(kept)


def untouched(flow: Flow, kept: Iterable[Storage], since: int) -> bool:
    """Tell whether of what was made before ``since`` only the storages of a flow are kept."""
    own = {s.storage for s in signals_of(flow)}
    return all(storage.born > since or storage in own for storage in kept)
