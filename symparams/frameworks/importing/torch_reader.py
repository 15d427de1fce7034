"""Records what a module of torch does, from a real forward pass.

Python runs as it is, so control flow, dictionaries and decorators are no obstacle. A module that
the language has a layer for is one operation and mutes what happens inside it; any other module
opens a frame, into which the functions go that run in it. Tensors are known by identity.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from symparams.frameworks.importing.graph import (
    ASIDE,
    SourceAxes,
    SourceCall,
    SourceConstant,
    SourceFunction,
    SourceLayer,
    SourceModule,
    SourceOperation,
    SourceRead,
    SourceTensor,
    SourceWeight,
)
from symparams.frameworks.importing.torch_calls_with_weights import layer_calls
from symparams.frameworks.importing.torch_functions_read import CONSTANT, handler_of, name_of
from symparams.frameworks.importing.torch_modules import ReadLayer, layer_of, word_of
from symparams.frameworks.importing.torch_values import tensors_in
from symparams.frameworks.inference.torch_tensors import built_module


class Frame:
    """A container while it runs: its operations, and its tensors by identity."""

    def __init__(self, module: nn.Module, path: str) -> None:
        self.module = module
        self.path = path
        self.operations: list[SourceOperation] = []
        self.numbers: dict[int, SourceTensor] = {}
        self.takes: list[SourceTensor] = []
        #: Tensors that came in otherwise than by an argument.
        self.captured: list[Any] = []
        self.unread = ""
        self.called: set[str] = set()


class Recorder(TorchFunctionMode):
    """A forward pass that is recorded."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.root = module
        self.paths = {id(m): path for path, m in module.named_modules()}
        self.weights = weights_of(module)
        self.owned: dict[int, str] = {}
        for name, tensor in _all_tensors(module):
            self.owned.setdefault(id(tensor), name)
        first = {a: w.name for w in self.weights.values() for a in (w.name, *w.also)}
        self.owned = {i: first[n] for i, n in self.owned.items()}
        self.frames: list[Frame] = []
        self.result: SourceModule | None = None
        self.called: set[str] = set()
        self._muted = 0
        self._count = 0
        self._kept: list[Any] = []  # an identity is a tensor's as long as it lives
        #: Identity → the weights that a tensor is made of, where of nothing else.
        self.made_of: dict[int, frozenset[str]] = {}

    # --- tensors -----------------------------------------------------------

    def fresh(self, tensor: Any) -> SourceTensor:
        """Return a new tensor of the frame for one of torch."""
        self._count += 1
        self._kept.append(tensor)
        with self.muted():  # to ask for a shape is a function, too
            axes, integers = tuple(map(int, tensor.shape)), not tensor.is_floating_point()
        made = SourceTensor(self._count, axes, integers)
        self.frames[-1].numbers[id(tensor)] = made
        self.made_of.pop(id(tensor), None)
        return made

    def tracked(self, tensor: Any) -> bool:
        """Tell whether a tensor depends on an input or a weight."""
        return id(tensor) in self.owned or any(id(tensor) in f.numbers for f in self.frames)

    def taken(self, tensor: Any) -> SourceTensor:
        """Return the frame's tensor for one of torch, read or captured where it is new here."""
        frame = self.frames[-1]
        if id(tensor) in frame.numbers:
            return frame.numbers[id(tensor)]
        if id(tensor) in self.owned:
            made = self.fresh(tensor)
            frame.operations.append(SourceRead((), (made,), self.owned[id(tensor)]))
            self.made_of[id(tensor)] = frozenset({self.owned[id(tensor)]})
            return made
        if any(id(tensor) in f.numbers for f in self.frames):
            origin = self.made_of.get(id(tensor))
            made = self.fresh(tensor)
            if origin is not None:
                self.made_of[id(tensor)] = origin
            frame.takes.append(made)
            frame.captured.append(tensor)
            return made
        made = self.fresh(tensor)
        frame.operations.append(SourceConstant((), (made,)))
        return made

    def path_of(self, module: Any) -> str:
        """Return where a module stands, by its first name."""
        known: str | None = self.paths.get(id(module))
        return known if known is not None else self.frames[-1].path

    def emit(self, operation: SourceOperation) -> None:
        """Append an operation to the innermost frame."""
        self.frames[-1].operations.append(operation)

    # --- functions -----------------------------------------------------------

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Run a function, and record it where a tensor comes out that depends on something."""
        given = dict(kwargs or {})
        if self._muted or not self.frames:
            return func(*args, **given)
        reader = handler_of(func)
        entering = list(tensors_in((args, given)))
        depends = [t for t in entering if self.tracked(t)]
        before = {id(t): self.taken(t) for t in depends}
        result = func(*args, **given)
        leaving = list(tensors_in(result))
        if name_of(func) == "setitem":
            leaving = [args[0]]
        if not leaving or not depends or name_of(func) in CONSTANT:
            return result
        origins = [self.made_of.get(id(t)) for t in depends]
        TorchFunctionCall(self, name_of(func), args, given, result, before).read(reader)
        if all(o is not None for o in origins) and len(depends) == len(entering):
            made_of = frozenset[str]().union(*(o for o in origins if o is not None))
            for tensor in leaving:
                self.made_of[id(tensor)] = made_of
        return result

    # --- modules -------------------------------------------------------------

    def call(self, forward: Callable[..., Any], module: nn.Module, args: Any, kwargs: Any) -> Any:
        """Run a module as a layer, or in a frame of its own."""
        if self._muted:
            return forward(module, *args, **kwargs)
        path = self.paths.get(id(module))
        if path is not None:
            self.called.add(path)
        word, layer = word_of(module), layer_of(module)
        entering = list(tensors_in((args, kwargs)))
        if self.frames and (word or layer) and any(map(self.tracked, entering)):
            return self._as_layer(forward, module, args, kwargs, word, layer)
        if not self.frames and layer is not None:
            pass  # a module that is one layer: a container with it
        return self._as_container(forward, module, path or "", args, kwargs)

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Record nothing that runs inside."""
        self._muted += 1
        try:
            yield
        finally:
            self._muted -= 1

    def _as_layer(
        self,
        forward: Callable[..., Any],
        module: nn.Module,
        args: Any,
        kwargs: Any,
        word: str | None,
        layer: ReadLayer | None,
    ) -> Any:
        entering = [t for t in tensors_in((args, kwargs)) if self.tracked(t)]
        takes = tuple(map(self.taken, entering))
        with self.muted():
            result = forward(module, *args, **kwargs)
        path = self.path_of(module)
        if layer is None:
            made = (self.fresh(result),)
            if word == "same":
                self.emit(SourceFunction(takes, made, "same", {}, path))
            else:
                self.emit(SourceFunction(takes, made, "elementwise", {"word": word}, path))
            return result
        layer_calls(self, module, layer, path, args, kwargs, result)
        return result

    def weight_names(self, module: Any, layer: ReadLayer) -> dict[str, str]:
        """Return the names of a layer's tensors in the source, by the language's."""
        return {n: self.owned[id(attrgetter(own)(module))] for n, own in layer.weights.items()}

    def _as_container(
        self, forward: Callable[..., Any], module: nn.Module, path: str, args: Any, kwargs: Any
    ) -> Any:
        outer = self.frames[-1] if self.frames else None
        entering = [t for t in tensors_in((args, kwargs)) if outer is None or self.tracked(t)]
        entering = list({id(t): t for t in entering}.values())
        taken = [self.taken(t) for t in entering] if outer is not None else []
        frame = Frame(module, path)
        self.frames.append(frame)
        try:
            frame.takes += [self.fresh(t) for t in entering]
            result = forward(module, *args, **kwargs)
            leaving = [t for t in tensors_in(result) if self.tracked(t)]
            leaving = list({id(t): t for t in leaving}.values())
            makes = tuple(map(self.taken, leaving))
        finally:
            self.frames.pop()
        read = SourceModule(
            path,
            type(module).__name__,
            tuple(frame.takes),
            makes,
            tuple(frame.operations),
            self.names_below(module),
            {},
            frame.unread,
        )
        if outer is None:
            self.result = read
            return result
        captured = [self.taken(t) for t in frame.captured]
        made = tuple(map(self.fresh, leaving))
        self.emit(SourceCall((*taken, *captured), made, read))
        return result

    def names_below(self, module: nn.Module) -> tuple[str, ...]:
        """Return the first names of all weights of a module."""
        return tuple(dict.fromkeys(self.owned[id(t)] for _, t in _all_tensors(module)))


class TorchFunctionCall:
    """A call of a function, as what reads it sees it."""

    def __init__(
        self,
        recorder: Recorder,
        name: str,
        args: Any,
        kwargs: Mapping[str, Any],
        result: Any,
        before: Mapping[int, SourceTensor],
    ) -> None:
        self.recorder = recorder
        self.name = name
        self.args = list(args)
        self.kwargs = dict(kwargs)
        self.result = result
        self._before = before

    def read(self, reader: Callable[[TorchFunctionCall], None]) -> None:
        """Record the call: as its reader says, or as a function of no word."""
        reader(self)

    def argument(self, place: int, name: str, default: Any = None) -> Any:
        """Return an argument, by its place or name."""
        return self.args[place] if place < len(self.args) else self.kwargs.get(name, default)

    def take(self, tensor: Any) -> SourceTensor:
        """Return what came in, as it was before the call."""
        return self._before.get(id(tensor)) or self.recorder.taken(tensor)

    def depends(self, value: Any) -> bool:
        """Tell whether a value is a tensor of the recording."""
        return isinstance(value, torch.Tensor) and id(value) in self._before

    def emit(self, name: str, takes: Any, makes: Any = None, /, **options: Any) -> None:
        """Record a function of the neutral representation; ``takes`` and ``makes`` of torch."""
        leaving = tensors_in(self.result if makes is None else makes)
        given = tuple(t if isinstance(t, SourceTensor) else self.take(t) for t in takes)
        made = tuple(map(self.recorder.fresh, leaving))
        path = self.recorder.frames[-1].path
        self.recorder.emit(SourceFunction(given, made, name, options, path))

    def between(self, name: str, takes: Any, axes: SourceAxes, /, **options: Any) -> SourceTensor:
        """Record a function whose result torch has no tensor for, with the axes it has."""
        self.recorder._count += 1
        given = tuple(t if isinstance(t, SourceTensor) else self.take(t) for t in takes)
        made = SourceTensor(self.recorder._count, axes)
        path = self.recorder.frames[-1].path
        self.recorder.emit(SourceFunction(given, (made,), name, options, path))
        return made

    def weight_of(self, tensor: Any) -> str | None:
        """Return the one weight that a tensor is, or is made of alone, with as many values."""
        names = self.recorder.made_of.get(id(tensor), frozenset())
        values = tensor.numel()
        found = [n for n in names if self.recorder.weights[n].values == values]
        return found[0] if len(found) == 1 else None

    def emit_layer(
        self,
        kind: str,
        options: Mapping[str, Any],
        weights: Mapping[str, str],
        takes: Any,
        channels: int = -1,
    ) -> None:
        """Record a layer."""
        given = tuple(t if isinstance(t, SourceTensor) else self.take(t) for t in takes)
        made = (self.recorder.fresh(self.result),)
        path = self.recorder.frames[-1].path
        self.recorder.emit(
            SourceLayer(given, made, kind, options, weights, channels, path, f"F.{self.name}")
        )


def _all_tensors(module: nn.Module) -> Iterator[tuple[str, Any]]:
    yield from module.named_parameters(remove_duplicate=False)
    yield from module.named_buffers(remove_duplicate=False)


def weights_of(module: nn.Module) -> dict[str, SourceWeight]:
    """Return every storage of a module by its first name; what is not saved stands aside."""
    built = built_module(module)
    also: dict[str, list[str]] = {}
    for first, other in built.tied:
        also.setdefault(first, []).append(other)
    return {
        t.name: SourceWeight(
            t.name, t.axes, t.role if t.persistent else ASIDE, tuple(also.get(t.name, ()))
        )
        for t in built.tensors
    }


def recorded(module: nn.Module, inputs: Any) -> Recorder:
    """Run a module in evaluation on its inputs, and return what was recorded.

    Raises:
        Exception: whatever the module raises.
    """
    recorder = Recorder(module)
    original = nn.Module.__call__

    def call(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        return recorder.call(original, self, args, kwargs)

    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    nn.Module.__call__ = call
    try:
        with warnings.catch_warnings(), torch.no_grad(), recorder:
            warnings.simplefilter("ignore")
            module.eval()(*inputs) if isinstance(inputs, tuple) else module.eval()(**inputs)
    finally:
        nn.Module.__call__ = original
        torch.backends.mha.set_fastpath_enabled(fast)
    return recorder


__all__ = ["Recorder", "TorchFunctionCall", "recorded"]
