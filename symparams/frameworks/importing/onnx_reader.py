"""Reads an ONNX file: its nodes in the neutral representation, its initialisers as weights.

Tensors are those of one example at given sizes. A file does not say what was trained: a weight is
what a layer has as one, and any other tensor of several floating-point values that the file holds
under ``initializer``; the statistics of a batch norm are buffers. Single values, integers and
the values of ``Constant`` nodes are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, TypeAlias

from symparams.frameworks.importing.graph import (
    SourceAxes,
    SourceCall,
    SourceConstant,
    SourceGraph,
    SourceModule,
    SourceOperation,
    SourceRead,
    SourceTensor,
    SourceWeight,
)
from symparams.frameworks.importing.onnx_files import OnnxNode, nodes_of_model
from symparams.frameworks.importing.onnx_scopes import ScopedOperation, in_containers
from symparams.frameworks.importing.onnx_shapes import (
    MOST_VALUES,
    OnnxShapes,
    graph_inputs,
)
from symparams.frameworks.importing.source_calls import OperationCall, registering
from symparams.frameworks.importing.unread import CannotRead

OnnxRule: TypeAlias = "Callable[[OnnxCall], None]"
#: Operator → how it is read.
ONNX_RULES: dict[str, OnnxRule] = {}
#: Operator → the places of its inputs that are weights of a layer.
SLOTS: Mapping[str, tuple[int, ...]] = {
    "Conv": (1, 2),
    "ConvTranspose": (1, 2),
    "Gemm": (1, 2),
    "MatMul": (1,),
    "BatchNormalization": (1, 2, 3, 4),
    "LayerNormalization": (1, 2),
    "RMSNormalization": (1,),
    "SimplifiedLayerNormalization": (1,),
    "InstanceNormalization": (1, 2),
    "GroupNormalization": (1, 2),
    "PRelu": (1,),
    "LSTM": (1, 2, 3, 7),
    "GRU": (1, 2, 3),
    "RNN": (1, 2, 3),
    "DequantizeLinear": (0,),
}
#: What gives the values that it takes, in other axes perhaps.
ALIASES = ("Identity", "Cast", "DequantizeLinear", "Transpose", "Reshape", "Squeeze", "Unsqueeze")


def reads_operators(*names: str) -> Callable[[OnnxRule], OnnxRule]:
    """Register how operators are read."""
    return registering(ONNX_RULES, names)


class OnnxCall(OperationCall):
    """A node, as what reads it sees it."""

    def __init__(self, reader: OnnxReader, found: OnnxNode) -> None:
        self.reader = reader
        self.node = found.node
        self.found = found
        self.operator = found.node.op_type
        self.attributes = {
            a.name: reader.shapes.onnx.helper.get_attribute_value(a) for a in found.node.attribute
        }
        self.path = found.scopes[-1] if found.scopes else found.node.name  # the innermost module
        self.described = self.operator
        self._made: dict[str, SourceTensor] = {}

    def name(self, place: int) -> str:
        """Return the name of an input, "" where it is left out."""
        return self.node.input[place] if place < len(self.node.input) else ""

    def axes(self, place: int) -> SourceAxes:
        """Return the axes of an input."""
        return self.reader.shapes.axes(self.name(place))

    def value(self, place: int, attribute: str = "") -> Any:
        """Return the values of an input that is known (an attribute in older files), or None."""
        name = self.name(place)
        if name and name in self.reader.shapes.values:
            return self.reader.shapes.values[name]
        return self.attributes.get(attribute) if attribute else None

    def numbers(self, place: int, attribute: str = "") -> list[int] | None:
        """Return the integers of an input, or None."""
        value = self.value(place, attribute)
        if value is None:
            return None
        return [int(n) for n in (value if isinstance(value, list) else value.reshape(-1))]

    def depends(self, place: int) -> bool:
        """Tell whether an input is a tensor that depends on what comes in, or on a weight."""
        return self.name(place) in self.reader.depends

    def take(self, place: int = 0) -> SourceTensor:
        """Return an input as a tensor."""
        return self.reader.taken(self.name(place))

    def weight(self, place: int) -> str | None:
        """Return the weight that an input is, or is made of alone."""
        return self.reader.weight_of(self.name(place))

    def make(self, place: int = 0) -> SourceTensor:
        """Return what the node gives."""
        name = self.node.output[place]
        if name not in self._made:
            self._made[name] = self.reader.fresh(name)
        return self._made[name]

    def between(self, axes: Sequence[int]) -> SourceTensor:
        """Return a tensor that the file has none for."""
        return self.reader.tensor(tuple(axes))

    def append(self, operation: SourceOperation) -> None:
        """Append an operation."""
        self.reader.append(operation)

    def entering(self) -> list[SourceTensor]:
        """Return all inputs that depend on something."""
        return [self.take(n) for n, name in enumerate(self.node.input) if self.depends(n) and name]

    def fed(self) -> list[SourceTensor]:
        """Return the first input."""
        return [self.take()]

    def leaving(self) -> list[SourceTensor]:
        """Return the first of what the node gives."""
        return [self.make()]


class OnnxReader:
    """One walk over the nodes of a file."""

    def __init__(self, model: Any, sizes: Mapping[str, int]) -> None:
        self.model = model
        self.shapes = OnnxShapes(model, sizes)
        self.nodes = list(nodes_of_model(model))
        self.initializers = {t.name: t for t in model.graph.initializer}
        #: Tensors that depend on what comes in, or on a weight.
        self.depends: set[str] = set()
        #: Tensor → the weight that it is made of alone.
        self._made_of: dict[str, str] = {}
        self.weights = self._found_weights()
        for name in self.weights:  # what it holds is no fact of the graph
            self.shapes.values.pop(name, None)
        self.operations: list[ScopedOperation] = []
        self.tensors: dict[str, SourceTensor] = {}
        self.uses: dict[str, int] = {}
        self._now: OnnxNode | None = None
        self._count = 0

    # --- weights ---------------------------------------------------------------

    def _found_weights(self) -> dict[str, SourceWeight]:
        onnx = self.shapes.onnx
        floats = {
            getattr(onnx.TensorProto, n)
            for n, _ in onnx.TensorProto.DataType.items()
            if n.startswith(("FLOAT", "BFLOAT", "DOUBLE"))
        }
        slots: dict[str, str] = {}
        products = {o for f in self.nodes if f.node.op_type == "MatMul" for o in f.node.output}
        constants: dict[str, Any] = {}
        alias: dict[str, str] = {}
        for found in self.nodes:
            node = found.node
            if node.op_type == "Constant":
                constants |= {
                    o: a.t for a in node.attribute if a.name == "value" for o in node.output
                }
            if node.op_type in ALIASES and node.input:
                alias[node.output[0]] = node.input[0]
            own = [node.input[n] for n in SLOTS.get(node.op_type, ()) if n < len(node.input)]
            if node.op_type == "Add" and products & set(node.input):
                own += list(node.input)
            for place, name in enumerate(own):
                while name in alias:
                    name = alias[name]
                statistic = node.op_type == "BatchNormalization" and place > 1
                if statistic:
                    slots.setdefault(name, "buffer")
                else:
                    slots[name] = "trainable"
        found_weights: dict[str, SourceWeight] = {}
        for name, tensor in (*self.initializers.items(), *constants.items()):
            axes = tuple(tensor.dims)
            real = tensor.data_type in floats
            held = name in self.initializers and real and prod(axes) > 1
            layer = name in slots and axes and (real or self._quantised(name))
            if layer and name in constants and self._is_filled(tensor):
                continue  # ones and zeros that a norm without weights was written with
            if held or layer:
                role = slots.get(name, "trainable")
                found_weights[name] = SourceWeight(name, axes, role)
                self.depends.add(name)
                self._made_of[name] = name
        return found_weights

    def _quantised(self, name: str) -> bool:
        return any(
            f.node.op_type == "DequantizeLinear" and f.node.input[0] == name for f in self.nodes
        )

    def _is_filled(self, tensor: Any) -> bool:
        """Tell whether a constant has the same value everywhere."""
        if prod(tensor.dims) > MOST_VALUES:
            return False
        values = self.shapes.onnx.numpy_helper.to_array(tensor).reshape(-1)
        return bool((values == values[:1]).all())

    def weight_of(self, name: str) -> str | None:
        """Return the weight that a tensor is, or is made of alone, with as many values."""
        return self._made_of.get(name)

    # --- tensors ---------------------------------------------------------------

    def tensor(self, axes: SourceAxes, integers: bool = False) -> SourceTensor:
        """Return a new tensor."""
        self._count += 1
        return SourceTensor(self._count, axes, integers)

    def fresh(self, name: str) -> SourceTensor:
        """Return a new tensor for one of the file."""
        made = self.tensor(self.shapes.axes(name), self.shapes.integers(name))
        self.tensors[name] = made
        self.depends.add(name)
        return made

    def taken(self, name: str) -> SourceTensor:
        """Return the tensor for one of the file: a weight is read, others are constant."""
        if name in self.tensors:
            return self.tensors[name]
        made = self.tensor(self.shapes.axes(name), self.shapes.integers(name))
        if name in self.weights:
            self.append(SourceRead((), (made,), name))
        else:
            self.append(SourceConstant((), (made,)))
        return made

    def append(self, operation: SourceOperation) -> None:
        """Append an operation, in the modules of the node that is read."""
        now = self._now
        scopes, titles = ((), {}) if now is None else (now.scopes, now.titles)
        self.operations.append(ScopedOperation(operation, scopes, titles))

    def producer(self, tensor: SourceTensor) -> tuple[int, SourceOperation] | None:
        """Return what made a tensor, and its place, among the last operations."""
        for place in range(len(self.operations) - 1, max(-1, len(self.operations) - 64), -1):
            operation = self.operations[place].operation
            if tensor in operation.makes:
                return place, operation
        return None

    # --- the walk ---------------------------------------------------------------

    def read(self, title: str) -> SourceGraph:
        """Return the whole file."""
        takes = tuple(self.fresh(i.name) for i in graph_inputs(self.model.graph))
        for found in self._walked():
            self._now = found
            self._read(found)
        self._now = None
        made = [self.taken(o.name) for o in self.model.graph.output]
        makes = tuple({t.number: t for t in made}.values())
        titles = {p: t for o in self.operations for p, t in o.titles.items()}
        name = titles.get("", self.model.graph.name or "graph")
        root = in_containers(self.operations, name, takes, makes, tuple(self.weights))
        return SourceGraph("onnx", title, root, self.weights)

    def _walked(self) -> Iterator[OnnxNode]:
        for found in self.nodes:
            for name in found.node.input:
                self.uses[name] = self.uses.get(name, 0) + 1
        for output in self.model.graph.output:
            self.uses[output.name] = self.uses.get(output.name, 0) + 1
        yield from self.nodes

    def _read(self, found: OnnxNode) -> None:
        node = found.node
        self.shapes.infer(node)
        for name in self.weights.keys() & set(node.output):
            self.shapes.values.pop(name, None)
        inner = list(_captured(node))
        if not any(n in self.depends for n in (*node.input, *inner)):
            return  # it changes with no input: a constant, or the shape of something
        if node.op_type in ("Shape", "Size") or all(
            n in self.shapes.values for n in node.output if n
        ):
            return  # a number at these sizes
        only = [self._made_of.get(n) for n in node.input if n in self.depends]
        if node.op_type in ALIASES and len(only) == 1 and only[0] is not None:
            self._made_of[node.output[0]] = only[0]
        call = OnnxCall(self, found)
        before, tensors = len(self.operations), dict(self.tensors)
        try:
            rule = ONNX_RULES.get(node.op_type) if not inner else None
            if rule is None or node.domain not in ("", "ai.onnx", "com.microsoft"):
                raise CannotRead(f"the operator {node.op_type}")
            rule(call)
        except CannotRead as error:
            del self.operations[before:]
            self.tensors = tensors
            self._unread(call, inner, str(error))

    def _unread(self, call: OnnxCall, inner: Sequence[str], why: str) -> None:
        names = [n for n in (*call.node.input, *inner) if n in self.depends]
        own = tuple(dict.fromkeys(w for n in names if (w := self.weight_of(n)) is not None))
        given = [self.taken(n) for n in dict.fromkeys(names) if self.weight_of(n) is None]
        given_inside = tuple(self.tensor(t.axes, t.integers) for t in given)
        leaving = [
            n for n in call.node.output if n and (n in self.uses or n == call.node.output[0])
        ]
        made = tuple(self.fresh(n) for n in leaving)
        inside = tuple(self.tensor(t.axes, t.integers) for t in made)
        module = SourceModule(call.path, call.operator, given_inside, inside, (), own, {}, why)
        self.append(SourceCall(tuple(given), made, module))


def _captured(node: Any) -> Iterator[str]:
    """Yield what the graphs inside a node take from around it, and what is their own."""
    todo = [a.g for a in node.attribute if a.HasField("g")]
    while todo:
        graph = todo.pop()
        for inner in graph.node:
            yield from (n for n in inner.input if n)
            todo += [a.g for a in inner.attribute if a.HasField("g")]


__all__ = ["OnnxCall", "OnnxReader", "reads_operators"]
