"""A network written out: what is computed, step by step, and which weights each step takes.

The tree keeps the structure of the text; a plan is what a framework runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symparams.algebra import Polynomial
from symparams.elaboration import Listed, Network, Several, Value, WrittenModel, build
from symparams.errors import SymparamsError, listed, set_to
from symparams.frameworks.steps import (
    Backwards,
    Blank,
    CallStep,
    Loop,
    Merge,
    Mixture,
    Own,
    Owner,
    Plan,
    PlanStep,
    Slots,
    numbers,
    single,
)
from symparams.layers import Bidirectional, ConvLSTM, Rewriter
from symparams.network import (
    INCOMING,
    MEASURES,
    ZEROS,
    Bodies,
    Bundled,
    ChainNode,
    Flow,
    GroupNode,
    InputNode,
    JoinNode,
    KeptNode,
    LeafNode,
    Node,
    Place,
    ReferenceNode,
    RepeatNode,
    ScaledNode,
    WeightNode,
    rows_of,
)

#: The most steps of a plan.
MOST_STEPS = 200_000
#: What a pass of a repeat is called among the groups around an owner.
PASS = "*"


def plan(definition: WrittenModel, values: Mapping[str, Value] | None = None) -> Plan:
    """Return a model written out, at ``values`` and, beside them, at the defaults.

    Raises:
        SymparamsError: a size without a value, or a network that nobody can write out.
    """
    for name, value in (values or {}).items():
        if free(value):
            raise SymparamsError(
                f"'{name}' must have a number to be built, not a formula in " + listed(free(value))
            )
    network = build(definition, values, defaults=True, unrolled=True)
    if network.symbols:
        raise SymparamsError(
            f"{definition.name} can be built where every size has a value; "
            f"{listed(network.symbols)} "
            f"{'has' if len(network.symbols) == 1 else 'have'} none",
            None,
            f"give a value, as in {set_to(network.symbols)}",
        )
    return _Planner(network).plan()


def free(value: Value) -> list[str]:
    """Return the symbols in a value, also in a list's."""
    if isinstance(value, Listed | Several):
        return sorted({name for item in value.items for name in free(item)})
    return sorted(s.name for s in value.symbols()) if isinstance(value, Polynomial) else []


class _Planner:
    """One walk over a network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.slots = 0
        self.steps: list[PlanStep] = []
        self.inputs: dict[int, tuple[int, InputNode]] = {}
        self.owners: list[Owner] = []
        self.places: dict[Place, Slots] = {}
        #: A shared net's place → the owners of its weights, in order.
        self.pools: dict[Place, tuple[int, ...]] = {}
        #: What the shared nets around still have to give, the innermost last.
        self.given: list[Iterator[int]] = []
        #: What ``freeze`` and ``train`` around say, the innermost last.
        self.trains: list[bool] = [True]
        #: What a table calls a part: its first row, of a use of shared weights and of any other.
        self.names: dict[tuple[int, bool], str] = {}
        for row in rows_of(network.root, MEASURES["params"]):
            self.names.setdefault((id(row.node), row.counts), row.label.name)
        self.copies: dict[str, int] = {}
        #: The groups and passes around, the outermost first, and how many there were of each.
        self.within: list[str] = []
        self.entered: dict[str, int] = {}

    def plan(self) -> Plan:
        output = self.run(self.network.root, ())
        return Plan(
            self.network,
            tuple(self.inputs.values()),
            tuple(self.owners),
            tuple(self.steps),
            output,
            self.copies,
        )

    def slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def add(self, step: PlanStep) -> Slots:
        self.steps.append(step)
        if self.slots > MOST_STEPS:
            raise SymparamsError(f"this network takes more than {MOST_STEPS:,} steps to run")
        return step.makes

    # --- nodes ---

    def run(self, node: Node, incoming: Slots) -> Slots:
        """Return what a node makes of what comes in."""
        match node:
            case InputNode():
                return self.inputs.setdefault(id(node), (self.slot(), node))[0]
            case ReferenceNode():
                return self.read(node, incoming)
            case WeightNode():
                made = self.add(
                    Own(self.slot(), self.owner(node, *self.counted(self.called(node))))
                )
                if node.place is not None:
                    self.places[node.place] = made
                return made
            case LeafNode():
                return self.leaf(node, incoming)
            case KeptNode():
                return incoming
            case ChainNode():
                for part in node.parts:
                    incoming = self.run(part, incoming)
                return incoming
            case RepeatNode():
                for times, part in node.parts:
                    for _ in range(_times(times, part)):
                        self.enter(PASS)
                        incoming = self.run(part, incoming)
                        self.within.pop()
                return incoming
            case JoinNode():
                return self.join(node.op, [self.run(part, incoming) for part in node.parts])
            case Bodies():
                for part in node.parts:
                    self.run(part, incoming)
                return self.run(node.result, incoming)
            case ScaledNode():
                return self.scaled(node, incoming)
            case GroupNode():
                return self.group(node, incoming)
        raise SymparamsError("a repeat whose number of passes is not known", node.span)

    def read(self, node: ReferenceNode, incoming: Slots) -> Slots:
        if node.of is ZEROS:
            return self.add(Blank(self.slot(), numbers(single(node.output, "zeros", node.span))))
        found = incoming if node.of is INCOMING else self.places[node.of]
        for part in node.part:
            assert isinstance(found, tuple)
            found = found[part]
        return found

    def leaf(self, node: LeafNode, incoming: Slots) -> Slots:
        if node.layer.kind == "id":
            return incoming
        feeds = tuple((name, self.one(self.read(tensor, incoming))) for name, tensor in node.feeds)
        name, copy = self.counted(self.called(node))
        owner = self.owner(node, name, copy) if node.weights else None
        matrix = None
        if node.matrix is not None:
            matrix = self.shared_matrix(node)
        makes = self.fresh(node.output)
        return self.add(CallStep(makes, name, copy, node, incoming, feeds, owner, matrix))

    def shared_matrix(self, node: LeafNode) -> int:
        assert node.matrix is not None
        if node.matrix not in self.pools:
            raise SymparamsError("the matrix of a shared net that is never used", node.span)
        number = self.pools[node.matrix][0]
        self.used(number)
        return number

    def fresh(self, flow: Flow) -> Slots:
        if isinstance(flow, Bundled):
            return tuple(self.fresh(item) for item in flow.items)
        return self.slot()

    def join(self, op: str, parts: list[Slots]) -> Slots:
        if op == "bundle":
            return tuple(parts)
        return self.add(Merge(self.slot(), op, tuple(map(self.one, parts))))

    def one(self, slots: Slots) -> int:
        assert isinstance(slots, int)
        return slots

    def group(self, node: GroupNode, incoming: Slots) -> Slots:
        if node.entry is not None:
            self.places[node.entry] = incoming
        if node.trains is not None:
            self.trains.append(node.trains)
        if node.kind:
            self.enter(node.kind)
        made = self.wrapped(node, incoming)
        if node.kind:
            self.within.pop()
        if node.trains is not None:
            self.trains.pop()
        if node.place is not None:
            self.places[node.place] = made
        return made

    def enter(self, word: str) -> None:
        """Go into the next group or pass of a word."""
        number = self.entered.get(word, 0)
        self.entered[word] = number + 1
        self.within.append(f"{word}[{number}]")

    def wrapped(self, node: GroupNode, incoming: Slots) -> Slots:
        """Return what is in a group."""
        if node.wrapper is None:
            return self.run(node.body, incoming)
        if isinstance(node.wrapper, Rewriter):
            return self.run(node.body, incoming)
        if isinstance(node.wrapper, Bidirectional):
            return self.both(node, incoming)
        raise SymparamsError(f"'{node.kind}' cannot be built", node.span)

    def both(self, node: GroupNode, incoming: Slots) -> Slots:
        """Return ``bidirectional``: the second copy runs from the end, and its outputs are turned
        back.
        """
        body = node.body
        assert isinstance(body, JoinNode)
        forward, backward = body.parts
        axis = _time(forward)
        turned = self.add(Backwards(self.slot(), self.one(incoming), axis))
        found = [self.run(forward, incoming), self.run(backward, turned)]
        entering = self.network_rank(forward)
        if len(single(backward.output, "a direction", node.span).axes) == entering:
            found[1] = self.add(Backwards(self.slot(), self.one(found[1]), axis))
        op = "ave" if getattr(node.wrapper, "join", "") == "ave" else body.op
        return self.join(op, found)

    def network_rank(self, node: Node) -> int:
        """Return how many axes enter the first layer of a part."""
        for leaf in _leaves(node):
            if isinstance(leaf, LeafNode):
                return len(single(leaf.source, "what enters it", leaf.span).axes)
        return -1

    # --- parts that count several times ---

    def scaled(self, node: ScaledNode, incoming: Slots) -> Slots:
        if node.role == "owner":
            return self.own(node)
        if node.role == "shared":
            return self.share(node, incoming)
        if node.role == "experts":
            return self.mix(node, incoming)
        if node.role == "steps":
            return self.loop(node, incoming)
        return self.run(node.part, incoming)

    def own(self, node: ScaledNode) -> Slots:
        """Return the owner of shared weights computes nothing; its uses take them in turn."""
        assert node.place is not None
        self.pools[node.place] = tuple(
            [self.owner(leaf, *self.counted(self.called(leaf))) for leaf in _leaves(node.part)]
        )
        return ()

    def share(self, node: ScaledNode, incoming: Slots) -> Slots:
        assert node.place is not None
        self.given.append(iter(self.pools[node.place]))
        made = self.run(node.part, incoming)
        self.given.pop()
        return made

    def mix(self, node: ScaledNode, incoming: Slots) -> Slots:
        assert node.place is not None
        scores = self.one(self.places[node.place])
        outputs = tuple(
            self.one(self.run(node.part, incoming)) for _ in range(_times(node.weights, node))
        )
        return self.add(Mixture(self.slot(), scores, outputs, _times(node.active, node)))

    def loop(self, node: ScaledNode, incoming: Slots) -> Slots:
        flow = node.part.output
        states = flow.items[-1] if isinstance(flow, Bundled) else flow
        axes = numbers(single(states, "a state", node.span))
        if node.place is None:
            first = self.one(self.add(Blank(self.slot(), axes)))
        else:
            first = self.one(self.places[node.place])
        now, state = self.slot(), self.slot()
        before, self.steps = self.steps, []
        found = self.run(node.part, (now, state))
        body, self.steps = tuple(self.steps), before
        given, after = (found[0], found[-1]) if isinstance(found, tuple) else (found, found)
        step = Loop(
            self.slot(),
            self.one(incoming),
            first,
            now,
            state,
            body,
            self.one(given),
            self.one(after),
        )
        return self.add(step)

    # --- weights and names ---

    def owner(self, node: LeafNode | WeightNode, name: str, copy: int) -> int:
        """Return the number of what owns a node's weights: a shared net's next, or a new one."""
        told = not self.trains[-1]
        if self.given:
            number = next(self.given[-1])
            self.used(number)
            return number
        around = tuple(layer for layer, _ in node.around) if isinstance(node, LeafNode) else ()
        if len(around) > 1:
            names = " and ".join(f"'{layer.kind}'" for layer in around)
            raise SymparamsError(f"not built: {names} around one layer", node.span)
        self.owners.append(Owner(name, copy, node, told, around, tuple(self.within)))
        return len(self.owners) - 1

    def used(self, number: int) -> None:
        """Take in one use of shared weights; one that training leaves alone is enough."""
        known = self.owners[number]
        self.owners[number] = known.but(told=known.told or not self.trains[-1])

    def called(self, node: LeafNode | WeightNode) -> str:
        """Return what a table calls a part here, in a use of shared weights or elsewhere."""
        return self.names[id(node), not self.given]

    def counted(self, name: str) -> tuple[str, int]:
        """Return a name, and how many had it before."""
        before = self.copies.get(name, 0)
        self.copies[name] = before + 1
        return name, before


def _times(times: object, node: Node) -> int:
    if not isinstance(times, int):
        raise SymparamsError(f"{times} passes cannot be built", node.span)
    return times


def _leaves(node: Node) -> Iterator[LeafNode | WeightNode]:
    """Yield what owns weights below a node, in the order of a plan; repeats are passed through."""
    match node:
        case LeafNode():
            if node.weights:
                yield node
        case WeightNode():
            yield node
        case ChainNode() | JoinNode():
            for part in node.parts:
                yield from _leaves(part)
        case RepeatNode():
            for times, part in node.parts:
                for _ in range(_times(times, part)):
                    yield from _leaves(part)
        case Bodies():
            for part in (*node.parts, node.result):
                yield from _leaves(part)
        case ScaledNode():
            if node.role != "shared":
                for _ in range(_times(node.weights, node)):
                    yield from _leaves(node.part)
        case GroupNode():
            yield from _leaves(node.body)


def _time(node: Node) -> int:
    """Return the axis of time of what enters a recurrent net: (time, x…, i) of images, or (…, time,
    i).
    """
    layers = (leaf.layer for leaf in _leaves(node) if isinstance(leaf, LeafNode))
    return 0 if any(isinstance(layer, ConvLSTM) for layer in layers) else -2
