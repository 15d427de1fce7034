"""Sources built by hand, as a reader of a framework would have recorded them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symparams.frameworks.checking.answer import CheckedPoint, ModuleCheck, TensorDifference
from symparams.frameworks.importing.graph import (
    SourceCall,
    SourceFunction,
    SourceGraph,
    SourceLayer,
    SourceModule,
    SourceOperation,
    SourceRead,
    SourceTensor,
    SourceWeight,
)
from symparams.frameworks.importing.imported import ImportedModule, OpaquePart

#: An import that is not all there: a part that no word says, a tensor that differs.
IMPORTED = ImportedModule(
    *("models:net", "torch", "model net = input(8) -> dense(8)\n", "net", ("8",)),
    *(1_096, (64, 96), (OpaquePart("sort_layer", "sort", "middle", 2, 1_024),), ("unused.weight",)),
    ModuleCheck(
        *("net", "models:net", "torch"),
        (CheckedPoint({}, False, {"trainable": 72}, {"trainable": 1_096}),),
        *(3, 1_096),
        (TensorDifference("another shape", "dense1", "fc", "bias", "8", "9", 1, 9),),
        {},
    ),
)


class HandSource:
    """A container that is written down step by step; axes are the source's, batch in front."""

    def __init__(self, title: str = "Net", path: str = "", outer: HandSource | None = None) -> None:
        self.title = title
        self.path = path
        self.operations: list[SourceOperation] = []
        self.inputs: list[SourceTensor] = []
        self.weights: dict[str, SourceWeight] = outer.weights if outer else {}
        self._count: list[int] = outer._count if outer else [0]

    def tensor(self, *axes: int, integers: bool = False) -> SourceTensor:
        self._count[0] += 1
        return SourceTensor(self._count[0], (1, *axes), integers)

    def input(self, *axes: int, integers: bool = False) -> SourceTensor:
        self.inputs.append(self.tensor(*axes, integers=integers))
        return self.inputs[-1]

    def weight(self, name: str, *axes: int, role: str = "trainable") -> str:
        full = f"{self.path}.{name}" if self.path else name
        self.weights.setdefault(full, SourceWeight(full, axes, role))
        return full

    def read(self, name: str, *axes: int, role: str = "trainable") -> SourceTensor:
        full = self.weight(name, *axes, role=role)
        self._count[0] += 1
        made = SourceTensor(self._count[0], axes)
        self.operations.append(SourceRead((), (made,), full))
        return made

    def layer(
        self, kind: str, name: str, x: SourceTensor, axes: tuple[int, ...], options: dict[str, Any],
        weights: dict[str, str] | None = None, channels: int = -1,
    ) -> SourceTensor:  # fmt: skip
        made = self.tensor(*axes)
        path = f"{self.path}.{name}" if self.path else name
        self.operations.append(
            SourceLayer((x,), (made,), kind, options, weights or {}, channels, path)
        )
        return made

    def dense(self, name: str, x: SourceTensor, units: int, bias: bool = True) -> SourceTensor:
        owned = {"kernel": self.weight(f"{name}.weight", units, x.axes[-1])}
        if bias:
            owned["bias"] = self.weight(f"{name}.bias", units)
        options = {"units": units, "bias": bias}
        return self.layer("dense", name, x, (*x.axes[1:-1], units), options, owned)

    def norm(self, name: str, x: SourceTensor) -> SourceTensor:
        owned = {
            "gamma": self.weight(f"{name}.weight", x.axes[-1]),
            "beta": self.weight(f"{name}.bias", x.axes[-1]),
        }
        options = {"scale": True, "shift": True, "normalised": 1}
        return self.layer("layernorm", name, x, x.axes[1:], options, owned)

    def conv(
        self, name: str, x: SourceTensor, filters: int, kernel: int, stride: int = 1, pad: int = 0
    ) -> SourceTensor:
        """Channels first."""
        channels, *places = x.axes[1:]
        owned = {
            "kernel": self.weight(f"{name}.weight", filters, channels, kernel, kernel),
            "bias": self.weight(f"{name}.bias", filters),
        }
        options = {
            "filters": filters, "kernel": kernel, "stride": stride, "pad": pad, "dilation": 1,
            "groups": 1, "bias": True,
        }  # fmt: skip
        axes = [(n + 2 * pad - kernel) // stride + 1 for n in places]
        return self.layer("conv", name, x, (filters, *axes), options, owned, 1)

    def embed(self, name: str, x: SourceTensor, vocabulary: int, width: int) -> SourceTensor:
        owned = {"table": self.weight(f"{name}.weight", vocabulary, width)}
        options = {"vocabulary": vocabulary, "width": width}
        return self.layer("embed", name, x, (*x.axes[1:], width), options, owned)

    def function(
        self, word: str, takes: Any, shape: tuple[int, ...], /, **options: Any
    ) -> SourceTensor:
        given = takes if isinstance(takes, tuple) else (takes,)
        made = self.tensor(*shape)
        self.operations.append(SourceFunction(given, (made,), word, options, self.path))
        return made

    def word(self, word: str, x: SourceTensor) -> SourceTensor:
        return self.function("elementwise", x, x.axes[1:], word=word)

    def add(self, x: SourceTensor, y: SourceTensor) -> SourceTensor:
        return self.function("add", (x, y), x.axes[1:])

    def inside(
        self, title: str, name: str, body: Callable[..., SourceTensor], *takes: SourceTensor
    ) -> SourceTensor:
        """Call a container, whose body is written by a function of it and its inputs."""
        inner = HandSource(title, f"{self.path}.{name}" if self.path else name, self)
        inputs = [inner.input(*t.axes[1:], integers=t.integers) for t in takes]
        module = inner.module(body(inner, *inputs))
        made = self.tensor(*module.makes[0].axes[1:])
        self.operations.append(SourceCall(takes, (made,), module))
        return made

    def module(self, *makes: SourceTensor) -> SourceModule:
        return SourceModule(
            *(self.path, self.title, tuple(self.inputs), makes),
            tuple(self.operations),
            tuple(self.weights),
        )

    def graph(self, *makes: SourceTensor) -> SourceGraph:
        return SourceGraph("torch", "by:net", self.module(*makes), self.weights)
