"""The steps of a network written out: what a framework runs, one behind the other.

Every repeat is passed through, every tensor has a slot of its own, and whatever
refers to a tensor names its slot. All sizes are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from symparams.elaboration import Network
from symparams.errors import Span, SymparamsError
from symparams.layers import Rewriter
from symparams.network import Bundled, Flow, InputNode, LeafNode, Signal, WeightNode
from symparams.records import Record

#: The slot of a tensor, or those of a bundle.
Slots: TypeAlias = "int | tuple[Slots, ...]"


class Owner(Record):
    """A layer or tensor that owns weights; the calls that share it have its number.

    ``name`` and ``copy`` are those of its call, or the name that it is shared
    by. ``around`` are the kinds that keep its kernels in another way, the
    innermost first. ``told`` says whether ``freeze`` and ``train``, as they stand around its
    uses, leave it alone; the node says what the network counted. ``within`` are the groups
    and passes that it stands in, the outermost first: ``attention[1]`` is the second use.
    """

    name: str
    copy: int
    node: LeafNode | WeightNode
    told: bool
    around: tuple[Rewriter, ...] = ()
    within: tuple[str, ...] = ()


class PlanStep(Record):
    """Something that is computed; ``makes`` is where it goes."""

    makes: Slots


class Blank(PlanStep):
    """Zeros of a shape without batch."""

    axes: tuple[int, ...]


class Own(PlanStep):
    """A weight as a tensor."""

    owner: int


class CallStep(PlanStep):
    """A layer on a tensor, or a core on several.

    Attributes:
        name: kind and running number, as a table of the network has them.
        copy: which of the calls of that name it is, from 0.
        takes: its input.
        feeds: option → the tensor that it names.
        owner: whose weights it has, None where it has none.
        matrix: whose matrix it takes, None for all but ``E.T``.
    """

    name: str
    copy: int
    leaf: LeafNode
    takes: Slots
    feeds: tuple[tuple[str, int], ...] = ()
    owner: int | None = None
    matrix: int | None = None


class Merge(PlanStep):
    """Tensors joined by ``op``: ``+ - * |``, or ``ave``."""

    op: str
    takes: tuple[int, ...]


class Backwards(PlanStep):
    """A sequence from its end: along ``axis`` of one example, which is its time."""

    takes: int
    axis: int


class Mixture(PlanStep):
    """The outputs of experts, those of the ``top`` best scores weighed by them."""

    scores: int
    takes: tuple[int, ...]
    top: int


class Loop(PlanStep):
    """A body over the first axis of a sequence, with a state.

    ``now`` and ``state`` are the body's own slots; ``given`` is what it gives at
    each step, ``after`` its next state.
    """

    takes: int
    first: int
    now: int
    state: int
    body: tuple[PlanStep, ...]
    given: int
    after: int


class Plan(Record):
    """A network written out.

    Attributes:
        inputs: slot and node of each input, in the order of the text.
        owners: what owns weights.
        steps: in the order they run.
        output: what leaves it.
        copies: name → how many calls have it.
    """

    network: Network
    inputs: tuple[tuple[int, InputNode], ...]
    owners: tuple[Owner, ...]
    steps: tuple[PlanStep, ...]
    output: Slots
    copies: Mapping[str, int]

    def label(self, part: CallStep | Owner) -> str:
        """Return a name; its number behind it where several have the name."""
        return f"{part.name}[{part.copy}]" if self.copies[part.name] > 1 else part.name

    def calls(self) -> Iterator[CallStep]:
        """Yield every call, those of loops once."""
        todo = list(reversed(self.steps))
        while todo:
            step = todo.pop()
            if isinstance(step, CallStep):
                yield step
            elif isinstance(step, Loop):
                todo += reversed(step.body)


def single(flow: Flow, what: str, span: Span | None) -> Signal:
    """Return a flow that must be one tensor."""
    if isinstance(flow, Bundled):
        raise SymparamsError(f"{what} would have to be one tensor, not a bundle", span)
    return flow


def numbers(signal: Signal) -> tuple[int, ...]:
    """Return the axes of a shape without symbols."""
    found: list[int] = []
    for axis in signal.axes:
        if not isinstance(axis, int):
            raise SymparamsError(f"a size of {axis} cannot be built: it is no integer")
        found.append(axis)
    return tuple(found)
