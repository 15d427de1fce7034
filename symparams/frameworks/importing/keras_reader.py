"""Reads a model of Keras from its own graph: the nodes between its layers and functions.

A functional or sequential model has a graph; a model or layer of a class of its own is asked for
one: its ``call`` runs on symbolic tensors, as it does where Keras builds a functional model.
Where that raises, it is a container that cannot be read, with its weights and its observed output.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import keras
from keras import tree

from symparams.errors import SymparamsError, listed
from symparams.frameworks.base import cause_of
from symparams.frameworks.importing.graph import (
    SourceAxes,
    SourceCall,
    SourceConstant,
    SourceModule,
    SourceOperation,
    SourceRead,
    SourceTensor,
    SourceWeight,
)
from symparams.frameworks.importing.padding import with_pads
from symparams.frameworks.importing.source_calls import OperationCall, registering
from symparams.frameworks.importing.unread import CannotRead
from symparams.frameworks.inference.keras_tensors import weight_names

#: The most levels of layers in layers of a class of their own whose ``call`` is run.
DEEPEST = 20


KerasRule: TypeAlias = "Callable[[KerasCall], None]"
#: Class of ``keras.layers`` → how one is read.
KERAS_LAYERS: dict[str, KerasRule] = {}
#: Class of ``keras.ops`` → how one is read.
KERAS_FUNCTIONS: dict[str, KerasRule] = {}


def reads_layers(*names: str) -> Callable[[KerasRule], KerasRule]:
    """Register how layers of some classes of Keras are read."""
    return registering(KERAS_LAYERS, names)


def reads_functions(*names: str) -> Callable[[KerasRule], KerasRule]:
    """Register how functions of some classes of Keras are read."""
    return registering(KERAS_FUNCTIONS, names)


class KerasCall(OperationCall):
    """A layer or function on its tensors, as what reads it sees it."""

    def __init__(self, reader: KerasReader, operation: Any, args: Any, kwargs: Any, made: Any):
        self.reader = reader
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.path = reader.path_of(operation)
        self.described = f"layers.{type(operation).__name__}"
        #: What comes in: tensors of the container, in the order of the arguments.
        self.takes = [reader.taken(t) for t in tensors_in((args, kwargs))]
        #: What it gives.
        self.makes = [reader.fresh(t) for t in tree.flatten(made)]

    def argument(self, name: str, default: Any = None) -> Any:
        """Return an argument of the call by its name, or what the operation was made with."""
        given = inspect.signature(self.operation.call).bind(*self.args, **self.kwargs).arguments
        return given.get(name, getattr(self.operation, name, default))

    def between(self, axes: Sequence[int]) -> SourceTensor:
        """Return a tensor that Keras has none for."""
        return self.reader.tensor(tuple(axes))

    def append(self, operation: SourceOperation) -> None:
        """Append an operation to the container."""
        self.reader.append(operation)

    def entering(self) -> Sequence[SourceTensor]:
        """Return all tensors of the call."""
        return self.takes

    fed = entering

    def leaving(self) -> Sequence[SourceTensor]:
        """Return all that it gives."""
        return self.makes


class KerasReader:
    """One walk over the graph of a model."""

    def __init__(self, model: Any) -> None:
        self.names = weight_names(model.weights)
        self.paths: dict[int, str] = {}
        #: The containers around, the innermost last: operations, and Keras' tensors by identity.
        self._frames: list[tuple[list[SourceOperation], dict[int, SourceTensor]]] = []
        self._inside: list[str] = []
        self._kept: list[Any] = []  # an identity is a tensor's as long as it lives
        self._count = 0

    # --- tensors -----------------------------------------------------------

    def tensor(self, axes: SourceAxes, integers: bool = False) -> SourceTensor:
        """Return a new tensor."""
        self._count += 1
        return SourceTensor(self._count, axes, integers)

    def fresh(self, tensor: Any) -> SourceTensor:
        """Return a new tensor of the container for one of Keras."""
        self._kept.append(tensor)
        kind = keras.backend.standardize_dtype(tensor.dtype)
        made = self.tensor(_numbers(tensor.shape), kind.startswith(("int", "uint", "bool")))
        self._frames[-1][1][id(tensor)] = made
        return made

    def taken(self, tensor: Any) -> SourceTensor:
        """Return the container's tensor for one of Keras: a weight is read, others are constant."""
        known = self._frames[-1][1]
        if id(tensor) in known:
            return known[id(tensor)]
        made = self.fresh(tensor)
        name = self.names.get(id(tensor))
        if name is None:
            self.append(SourceConstant((), (made,)))
        else:
            self.append(SourceRead((), (made,), name))
        return made

    def append(self, operation: SourceOperation) -> None:
        """Append an operation to the innermost container."""
        self._frames[-1][0].append(operation)

    def path_of(self, operation: Any) -> str:
        """Return where a layer stands: where it was seen first."""
        if not isinstance(operation, keras.layers.Layer):
            return self._inside[-1] if self._inside else ""
        inside = self._inside[-1] if self._inside else ""
        path = f"{inside}.{operation.name}" if inside else operation.name
        return self.paths.setdefault(id(operation), path)

    # --- containers ----------------------------------------------------------

    def container(
        self, title: str, path: str, graph: Any, given: Sequence[Any], weights: Sequence[Any]
    ) -> tuple[SourceModule, Any]:
        """Return a graph of Keras on tensors as a container, and what it gives in Keras."""
        self._frames.append(([], {}))
        self._inside.append(path)
        try:
            takes = tuple(map(self.fresh, given))
            values = {id(t): v for t, v in zip(graph.inputs, given, strict=True)}
            for node in nodes_of(graph):
                args, kwargs = node.arguments.fill_in(values)
                made = self.applied(node.operation, args, kwargs)
                for tensor, value in zip(node.outputs, tree.flatten(made), strict=True):
                    values[id(tensor)] = value
            leaving = [values[id(t)] for t in graph.outputs]
            makes = tuple(self.taken(t) for t in {id(t): t for t in leaving}.values())
        finally:
            operations, _ = self._frames.pop()
            self._inside.pop()
        names = tuple(dict.fromkeys(self.names[id(w)] for w in weights))
        done = with_pads(operations, makes)
        return SourceModule(path, title, takes, makes, done, names), leaving

    def applied(self, operation: Any, args: Any, kwargs: Any) -> Any:
        """Append a layer or function on its tensors; return what it gives in Keras."""
        graph = graph_of(operation)
        if graph is not None:
            return self._called(operation, graph, list(tensors_in((args, kwargs))))
        if isinstance(operation, keras.layers.Layer):
            rule = None if own_class(operation) else KERAS_LAYERS.get(layer_class(operation))
        else:
            rule = KERAS_FUNCTIONS.get(type(operation).__name__, KERAS_FUNCTIONS[""])
        if rule is None and len(self._inside) < DEEPEST:
            traced = traced_graph(operation, args, kwargs)
            if traced is not None:
                before = len(self._frames[-1][0])
                try:
                    made = self._called(operation, traced, list(tensors_in((args, kwargs))))
                except SymparamsError:
                    del self._frames[-1][0][before:]
                else:
                    return made[0] if len(made) == 1 else made
        made = observed(operation, args, kwargs)
        call = KerasCall(self, operation, args, kwargs, made)
        if rule is None:
            self._unread(call, f"{type(operation).__name__} is a class of its own")
            return made
        before = len(self._frames[-1][0])
        try:
            rule(call)
        except CannotRead as error:
            del self._frames[-1][0][before:]
            self._unread(call, str(error))
        return made

    def _called(self, operation: Any, graph: Any, given: Sequence[Any]) -> Any:
        taken = [self.taken(t) for t in given]
        path = self.path_of(operation)
        title = type(operation).__name__
        title = operation.name if title in ("Functional", "Sequential") else title
        module, leaving = self.container(title, path, graph, given, operation.weights)
        told = {id(t): t for t in leaving}
        # What it gives back as it came is no new tensor, but one of the outer container.
        made = tuple(self._copied(t) for t in told.values())
        copies = dict(zip(told, made, strict=True))
        outer = tuple(self.fresh(t) for t in made)
        self.append(SourceCall(tuple(taken), outer, module))
        return [copies[id(t)] for t in leaving]

    def _copied(self, tensor: Any) -> Any:
        return keras.KerasTensor(tensor.shape, tensor.dtype)

    def _unread(self, call: KerasCall, why: str) -> None:
        weights = getattr(call.operation, "weights", ())
        names = tuple(dict.fromkeys(self.names[id(w)] for w in weights))
        takes = tuple(self.tensor(t.axes, t.integers) for t in call.takes)
        makes = tuple(self.tensor(t.axes, t.integers) for t in call.makes)
        title = type(call.operation).__name__
        module = SourceModule(call.path, title, takes, makes, (), names, {}, why)
        self.append(SourceCall(tuple(call.takes), tuple(call.makes), module))


# --- Keras' own graphs -----------------------------------------------------------


def graph_of(operation: Any) -> Any:
    """Return the graph of a functional or sequential model whose ``call`` is Keras' own."""
    if isinstance(operation, keras.Sequential):
        operation = operation._functional if not own_class(operation) else None
    if isinstance(operation, keras.Function) and not own_class(operation):
        return operation
    return None


def own_class(operation: Any) -> bool:
    """Tell whether what an operation does stands in a class outside of Keras' layers."""
    return not type(operation).call.__module__.startswith(
        ("keras.src.layers.", "keras.src.models.", "keras.src.ops.")
    )


def layer_class(layer: Any) -> str:
    """Return the class of ``keras.layers`` whose ``call`` a layer has, or ""."""
    for cls in type(layer).__mro__:
        if getattr(keras.layers, cls.__name__, None) is cls:
            same = type(layer).call is cls.call and type(layer).build is cls.build
            return cls.__name__ if same else ""
    return ""


def nodes_of(graph: Any) -> Iterator[Any]:
    """Yield the nodes of a graph, each behind those that it takes something from."""
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        yield from (n for n in graph._nodes_by_depth[depth] if n.operation and not n.is_input)


def traced_graph(layer: Any, args: Any, kwargs: Any) -> Any:
    """Return what the ``call`` of a layer does to symbolic tensors, or None where that raises."""
    given = list(tensors_in((args, kwargs)))
    if not isinstance(layer, keras.layers.Layer) or not given:
        return None
    copies = {id(t): keras.KerasTensor(t.shape, t.dtype) for t in given}

    def copied(value: Any) -> Any:
        return copies.get(id(value), value)

    try:
        entering = {n: keras.Input(batch_shape=t.shape, dtype=t.dtype) for n, t in copies.items()}
        copies.update(entering)
        args, kwargs = tree.map_structure(copied, (args, kwargs))
        made = tree.flatten(layer.call(*args, **kwargs))
        return keras.Function(list(entering.values()), made)
    except Exception:  # whatever their code raises on a tensor without values
        return None


def observed(operation: Any, args: Any, kwargs: Any) -> Any:
    """Return the symbolic tensors that an operation gives.

    Raises:
        SymparamsError: it refuses its inputs.
    """
    try:
        return operation.compute_output_spec(*args, **kwargs)
    except Exception as error:  # whatever their code raises
        raise SymparamsError(
            f"'{operation.name}' cannot be read: {type(error).__name__}: {cause_of(error)}"
        ) from None


def tensors_in(arguments: Any) -> Iterator[Any]:
    """Yield what has a shape in arguments: symbolic tensors, variables, arrays of some values."""
    for value in tree.flatten(arguments):
        if isinstance(value, keras.KerasTensor | keras.Variable) or len(
            getattr(value, "shape", ())
        ):
            yield value


def _numbers(shape: Any) -> SourceAxes:
    if None in shape:
        raise SymparamsError(f"a tensor of {shape} has a size that depends on values")
    return tuple(map(int, shape))


# --- the whole --------------------------------------------------------------------


def keras_title(model: Any) -> str:
    name = type(model).__name__
    return str(model.name) if name in ("Functional", "Sequential") else name


def unread_root(reader: KerasReader, model: Any, given: Sequence[Any]) -> SourceModule:
    made = observed(model, (given[0] if len(given) == 1 else list(given),), {})
    names = tuple(dict.fromkeys(reader.names.values()))
    reader._frames.append(([], {}))
    takes = tuple(map(reader.fresh, given))
    makes = tuple(map(reader.fresh, tree.flatten(made)))
    why = f"{type(model).__name__} is a class of its own"
    return SourceModule("", keras_title(model), takes, makes, (), names, {}, why)


def entering(model: Any, inputs: Sequence[Sequence[int]] | None) -> list[Any]:
    """Return one example of each input of a model.

    Raises:
        SymparamsError: a size is missing, or there are other inputs.
    """
    graph = graph_of(model)
    own = [] if graph is None else list(graph.inputs)
    if inputs is None and graph is None:
        raise SymparamsError(
            f"{type(model).__name__} has no graph that says what comes in",
            None,
            "give the shape of its input",
        )
    if inputs is None:
        inputs = [tuple(t.shape[1:]) for t in own]
    if graph is not None and len(inputs) != len(own):
        raise SymparamsError(
            f"'{model.name}' has {len(own)} inputs, {listed([t.name for t in own])}, "
            f"and shapes of {len(inputs)} are given"
        )
    made = []
    for number, shape in enumerate(inputs):
        name = own[number].name if own else f"input {number + 1}"
        if None in tuple(shape):
            raise SymparamsError(
                f"axis {tuple(shape).index(None) + 1} of '{name}' has no size",
                None,
                "give the shape of each input",
            )
        kind = own[number].dtype if own else keras.config.floatx()
        made.append(keras.KerasTensor((1, *map(int, shape)), kind))
    return made


def source_weights(model: Any) -> dict[str, SourceWeight]:
    """Return every variable of a model by its name; statistics are buffers, as elsewhere."""
    kept: set[int] = set()
    for layer in model._flatten_layers():
        kept |= {id(w) for w in layer._non_trainable_variables}
    found = {}
    names = weight_names(model.weights)
    for weight in model.weights:
        buffer = id(weight) in kept
        role = "buffer" if buffer else "trainable" if weight.trainable else "frozen"
        name = names[id(weight)]
        found[name] = SourceWeight(name, tuple(map(int, weight.shape)), role)
    return found


__all__ = ["KerasCall", "KerasReader", "reads_functions", "reads_layers"]
