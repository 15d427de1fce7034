"""A network as it runs: what is computed, in the order of the text, and which tensors it reads.

Each layer, sum, product or concatenation is an event that reads tensors and
makes one. Nothing is done in place and no tensor is a view of another; what
inference hands on as it is (``id``, ``dropout``) makes none, and weights are no
tensors here.

Of the passes of a repeat the first, the last and one between are walked: all
between are alike. Whether there are as many is a condition of an event, so
that what follows from the events is exact for every number of passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias, Union

from symparams.algebra import (
    Facts,
    Polynomial,
    Size,
    Symbol,
    of_atom,
    product,
    substitute,
    symbols_of,
)
from symparams.errors import NeedsValue, Span, SymparamsError, listed
from symparams.network.nodes import (
    INCOMING,
    ZEROS,
    Bodies,
    ChainNode,
    GroupNode,
    InputNode,
    JoinNode,
    KeptNode,
    LeafNode,
    Node,
    Place,
    ReferenceNode,
    RepeatNode,
    SavedNode,
    ScaledNode,
    SeriesNode,
    WeightNode,
)
from symparams.network.shapes import Bundled, Flow, axes_of
from symparams.records import Record

#: The most events of a walk: a little more than a second where each is found anew.
MOST_EVENTS = 80_000

#: The most passes that are walked one by one, where they are numbers and differ.
MOST_PASSES_WALKED = 1_000

#: A tensor by its number, None of a weight; a bundle is a tuple of them.
Tensors: TypeAlias = Union[int, tuple["Tensors", ...], None]  # noqa: UP007 - names itself

#: What must hold for an event to take place: each of these repeats has as many passes.
Presence: TypeAlias = frozenset[tuple[Size, int]]

ALWAYS: Presence = frozenset()

BRANCHES_DIFFER = "what lives at once differs between the branches of an 'if'"


class Event(Record):
    """Something that is computed.

    Attributes:
        reads, makes: numbers of tensors.
        presence: when it takes place.
        path: the parts of the network around it, the outermost first, and itself;
            empty where nothing is computed, as at the end of a pass.
        passes: the series around it of whose passes it stands for any: (index, first, last).
        ends: of the end of a pass, how many passes its repeat has, which is open.
    """

    reads: tuple[int, ...]
    makes: tuple[int, ...]
    presence: Presence
    path: tuple[Node, ...]
    passes: tuple[tuple[Symbol, Size, Size], ...]
    ends: Size | None = None


class EmptyRepeat(Record):
    """A repeat that may have no pass: what enters it then leaves it.

    ``pairs`` are the tensors that enter it and those that leave it, ``begin`` and
    ``end`` are how many events there are up to its first and after its last.
    """

    pairs: tuple[tuple[int | None, int | None], ...]
    begin: int
    end: int
    times: Size
    span: Span | None


class LifeWalk:
    """One walk over a network, in the order in which it runs."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.sizes: list[Size] = []
        self.events: list[Event] = []
        self.places: dict[Place, Tensors] = {}
        self.inputs: dict[int, Tensors] = {}
        self.path: tuple[Node, ...] = ()
        self.presence: Presence = ALWAYS
        #: How many copies of a tensor there are: of experts, as many as are at work.
        self.copies: Size = 1
        #: Whether the first step of a cell stands before the others.
        self.begun = 0
        #: The indices of series around, at the pass that is walked.
        self.indices: dict[str, Size] = {}
        self.passes: tuple[tuple[Symbol, Size, Size], ...] = ()
        #: Repeats that may have no pass.
        self.empty: list[EmptyRepeat] = []

    # --- tensors and events ---

    def fresh(self, flow: Flow) -> Tensors:
        """Return new tensors of a shape."""
        if isinstance(flow, Bundled):
            return tuple(self.fresh(item) for item in flow.items)
        self.sizes.append(self.copies * self.now(product(flow.axes)))
        return len(self.sizes) - 1

    def now(self, size: Size) -> Size:
        """Return a size in the pass that is walked."""
        return substitute(size, self.indices) if self.indices else size

    def happens(
        self, reads: Tensors, makes: Tensors, computed: bool = True, ends: Size | None = None
    ) -> Tensors:
        """Take note of an event; return what it makes."""
        self.events.append(
            Event(
                tuple(dict.fromkeys(numbers_in(reads))),
                tuple(numbers_in(makes)),
                self.presence,
                self.path if computed else (),
                self.passes,
                ends,
            )
        )
        if len(self.events) > MOST_EVENTS:
            raise SymparamsError(f"this network takes more than {MOST_EVENTS:,} steps to run")
        return makes

    def leave(self, tensors: Tensors) -> None:
        """Let tensors live up to here: they leave the network, or a pass."""
        self.happens(tensors, (), computed=False)

    # --- nodes ---

    def run(self, node: Node, incoming: Tensors) -> Tensors:
        """Return what a node makes of what comes in."""
        before, self.path = self.path, (*self.path, node)
        try:
            return self._run(node, incoming)
        finally:
            self.path = before

    def _run(self, node: Node, incoming: Tensors) -> Tensors:
        match node:
            case InputNode():
                if id(node) not in self.inputs:
                    self.inputs[id(node)] = self.happens((), self.fresh(node.output))
                return self.inputs[id(node)]
            case ReferenceNode():
                return self.read(node, incoming)
            case WeightNode():
                if node.place is not None:
                    self.places[node.place] = None
                return None
            case LeafNode():
                if node.layer.hands_on:
                    return incoming
                # A shared matrix among them is a weight, which is not counted.
                fed = (tensor for _, tensor in node.feeds if tensor.of is not node.matrix)
                feeds = tuple(self.read(tensor, incoming) for tensor in fed)
                return self.happens((incoming, *feeds), self.fresh(node.output))
            case KeptNode() | SavedNode():
                return incoming
            case ChainNode():
                for part in node.parts:
                    incoming = self.run(part, incoming)
                return incoming
            case RepeatNode():
                return self.repeat(node, incoming)
            case SeriesNode():
                return self.series(node, incoming)
            case JoinNode():
                parts = tuple(self.run(part, incoming) for part in node.parts)
                if node.op == "bundle":
                    return parts
                # A sum of one is what it is.
                alone = len(parts) == 1
                return parts[0] if alone else self.happens(parts, self.fresh(node.output))
            case Bodies():
                for part in node.parts:
                    self.run(part, incoming)
                return self.run(node.result, incoming)
            case ScaledNode():
                return self.scaled(node, incoming)
            case GroupNode():
                return self.group(node, incoming)
        raise TypeError(type(node).__name__)  # pragma: no cover - all kinds are above

    def read(self, node: ReferenceNode, incoming: Tensors) -> Tensors:
        if node.of is ZEROS:
            return self.happens((), self.fresh(node.output))
        found = incoming if node.of is INCOMING else self.places[node.of]
        for part in node.part:
            assert isinstance(found, tuple), "a part is one of a bundle"
            found = found[part]
        return found

    def group(self, node: GroupNode, incoming: Tensors) -> Tensors:
        if node.entry is not None:
            self.places[node.entry] = incoming
        if node.other is not None:
            self._same_branches(node, node.other, incoming, {})
        if node.narrow is not None:
            self._same_branches(node, node.narrow, incoming, dict(node.where))
        made = self.run(node.body, incoming)
        if node.place is not None:
            self.places[node.place] = made
        return made

    def _same_branches(
        self, node: GroupNode, other: Node, incoming: Tensors, at: Mapping[str, Size]
    ) -> None:
        """Check that two branches of what nothing had to decide run alike.

        Raises:
            NeedsValue: they do not.
        """

        def tried(branch: Node) -> tuple[object, ...]:
            events, sizes, empty = len(self.events), len(self.sizes), len(self.empty)
            places, inputs = dict(self.places), dict(self.inputs)
            made = self.run(branch, incoming)
            told = [(e.reads, e.makes, e.presence) for e in self.events[events:]]
            new = [substitute(size, at) if at else size for size in self.sizes[sizes:]]
            del self.events[events:], self.sizes[sizes:], self.empty[empty:]
            self.places, self.inputs = places, inputs
            return made, told, new

        if tried(node.body) != tried(other):
            names = [name for name in node.decided if "#" not in name]
            hint = f"give {listed(names)} a value" if names else ""
            raise NeedsValue(BRANCHES_DIFFER, names, node.span, hint)

    def scaled(self, node: ScaledNode, incoming: Tensors) -> Tensors:
        if node.role == "experts":
            return self.mix(node, incoming)
        if node.role == "first step":  # it runs as the other steps do, which stand behind it
            self.begun = 1
            return incoming
        if node.role == "steps":
            return self.loop(node, incoming)
        if node.compute == 0:  # owners of shared nets, and what only trains
            return _nothing(node.output)
        return self.run(node.part, incoming)

    def mix(self, node: ScaledNode, incoming: Tensors) -> Tensors:
        """Return the sum of the experts at work, all at once: each of their tensors as often."""
        before, self.copies = self.copies, self.copies * self.now(node.active)
        found = self.run(node.part, incoming)
        self.copies = before
        assert node.place is not None
        return self.happens((found, self.places[node.place]), self.fresh(node.output))

    # --- repeats ---

    @contextmanager
    def present(self, times: Size, passes: int) -> Iterator[None]:
        """Walk what takes place where a repeat has as many passes."""
        before = self.presence
        if self.facts.nonnegative(times - passes) is not True:
            self.presence = before | {(times, passes)}
        try:
            yield
        finally:
            self.presence = before

    def repeat(self, node: RepeatNode, incoming: Tensors) -> Tensors:
        if node.times == 1 and len(node.parts) > 1:
            raise needs_value(BRANCHES_DIFFER, node.parts[0][0], node.span)
        for times, part in node.parts:

            def again(given: Tensors, part: Node = part) -> Tensors:
                return self.run(part, given)

            incoming = self.alike(self.now(times), incoming, again)
        return incoming

    def alike(self, times: Size, incoming: Tensors, again: Callable[[Tensors], Tensors]) -> Tensors:
        """Return what passes make of which all but the first are alike.

        Raises:
            NeedsValue: they are alike only after some more, and their number is open.
        """
        if isinstance(times, Polynomial):
            return self._open(times, incoming, lambda _, given: again(given))
        ends = [len(self.sizes)]
        given, before = incoming, list[object]()
        for done in range(int(times)):
            entering = _origins(incoming, given, ends)
            given, incoming = incoming, again(incoming)
            ends.append(len(self.sizes))
            older = any(isinstance(one, tuple) and one[0] < -1 for one in entering)
            if done and entering == before and not older:
                break  # what is like the pass before stands for the last one
            before = entering
        return incoming

    def _open(
        self, times: Size, incoming: Tensors, walked: Callable[[int, Tensors], Tensors]
    ) -> Tensors:
        """Return what passes make whose number is open: the first, one between, the last.

        ``walked`` gets how many passes there must be for the one that it walks.
        """
        entering, ends, begin = incoming, [len(self.sizes)], len(self.events)
        origins: list[list[object]] = []
        for passes in (1, 3, 2):
            if self.facts.nonnegative(times - passes) is False:
                continue
            given = incoming
            with self.present(times, passes):
                incoming = walked(passes, given)
                self.happens(incoming, (), computed=False, ends=times)
            ends.append(len(self.sizes))
            origins.append(_origins(incoming, given, ends))
        if any(other != origins[0] for other in origins):
            told = f"peak of a repeat of {times} whose passes hand tensors on"
            raise needs_value(told, times, self.path[-1].span)
        if self.facts.positive(times) is not True:
            if self.copies != 1:  # without a pass the one input leaves, and no copies of it
                told = f"peak where a repeat of {times} among experts has no pass is another"
                raise needs_value(told, times, self.path[-1].span)
            span, pairs = (
                self.path[-1].span,
                tuple(zip(flat(entering), flat(incoming), strict=True)),
            )
            self.empty.append(EmptyRepeat(pairs, begin, len(self.events), times, span))
        return incoming

    def series(self, node: SeriesNode, incoming: Tensors) -> Tensors:
        times, first = self.now(node.times), self.now(node.first)
        last = first + times - 1
        counted = not isinstance(first, Polynomial)
        # More of them have a closed form, or none.
        if counted and not isinstance(times, Polynomial) and times <= MOST_PASSES_WALKED:
            for done in range(int(times)):
                incoming = self._at(node, first + done, incoming)
            return incoming
        moving = node.index in _symbols_in(node.body.output)

        def walked(passes: int, given: Tensors) -> Tensors:
            k: Size = {1: first, 2: last}.get(passes, of_atom(node.index))
            if passes != 1 and moving:
                given = self._handed(node, k, given)
            around = self.passes
            if passes == 3:
                self.passes = (*around, (node.index, first + 1, last - 1))
            made = self._at(node, k, given)
            self.passes = around
            return made

        made = self._open(times, incoming, walked)
        # Where the first pass is all that is walked there may be none: the size says so.
        return self._handed(node, last + 1, made) if moving else made

    def _at(self, node: SeriesNode, k: Size, incoming: Tensors) -> Tensors:
        """Return a pass of a series."""
        before = self.indices
        self.indices = {**before, node.index.name: k}
        made = self.run(node.body, incoming)
        self.indices = before
        return made

    def _handed(self, node: SeriesNode, k: Size, incoming: Tensors) -> Tensors:
        """Return what the pass before the k-th leaves, in its own size."""
        before = self.indices
        self.indices = {**before, node.index.name: k - 1}
        made = self.fresh(node.body.output)
        self.indices = before
        return self.happens(incoming, made, computed=False)

    def loop(self, node: ScaledNode, incoming: Tensors) -> Tensors:
        """Return the output of a cell over the steps of a sequence, which lives from its start.

        A step has a tensor of its own of what it takes, and one of the state.
        """
        assert node.enters is not None
        flow, piece = node.part.output, node.enters
        state = flow.items[-1] if isinstance(flow, Bundled) else flow
        start = None if node.place is None else self.places[node.place]
        output, held = self.fresh(node.output), self.fresh(state)
        self.happens((incoming, start), (output, held))

        def step(before: Tensors) -> Tensors:
            taken = self.happens((incoming, output, before), self.fresh(piece))
            found = self.run(node.part, (taken, before))
            self.leave((output, found))
            return found[-1] if isinstance(found, tuple) else found

        times, self.begun = self.now(node.compute) + self.begun, 0
        self.alike(times, held, step)
        self.leave(output)
        return output


def needs_value(message: str, size: Size, span: Span | None) -> NeedsValue:
    """Return the error of what the symbols of a size decide."""
    names = sorted(s.name for s in symbols_of(size) if "#" not in s.name)
    return NeedsValue(message, names, span, f"give {listed(names)} a value" if names else "")


def flat(tensors: Tensors) -> Iterator[int | None]:
    """Yield all tensors in a bundle, a weight as None."""
    if isinstance(tensors, tuple):
        for one in tensors:
            yield from flat(one)
    else:
        yield tensors


def numbers_in(tensors: Tensors) -> Iterator[int]:
    """Yield the numbers of all tensors in a bundle; of a weight, none."""
    return (one for one in flat(tensors) if one is not None)


def _origins(tensors: Tensors, before: Tensors, ends: list[int]) -> list[object]:
    """Return where each tensor comes from: itself, from before the repeat or handed through; or
    how many passes ago it was made, and which of them it is.

    ``before`` is what entered the pass, ``ends`` are how many tensors there were
    before the repeat and behind each pass.
    """
    every = list(flat(tensors))
    return [
        one
        if one is None or one < ends[0] or one == entered
        else (sum(one >= end for end in ends) - len(ends), every.index(one))
        for one, entered in zip(every, flat(before), strict=True)
    ]


def _symbols_in(flow: Flow) -> set[Symbol]:
    return {s for axis in axes_of(flow) for s in symbols_of(axis)}


def _nothing(flow: Flow) -> Tensors:
    """Return what no inference makes, in the place of tensors of these shapes."""
    return tuple(map(_nothing, flow.items)) if isinstance(flow, Bundled) else None
