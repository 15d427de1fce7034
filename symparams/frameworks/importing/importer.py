"""The question itself: a module that exists, as a text; verified against the module at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from symparams.elaboration import build, understand
from symparams.errors import Source, SymparamsError
from symparams.frameworks.checking.module_check import check_module
from symparams.frameworks.importing import (  # noqa: F401  (each registers its rules)
    lowering_attention,
    lowering_functions,
    lowering_layers,
)
from symparams.frameworks.importing.blocks import BlockFinder
from symparams.frameworks.importing.folding import OPAQUE
from symparams.frameworks.importing.graph import SourceGraph, SourceTensor, SourceWeight
from symparams.frameworks.importing.imported import ImportedModule, OpaquePart
from symparams.frameworks.importing.language_steps import LanguageModule
from symparams.frameworks.importing.lowering import Lowering
from symparams.frameworks.importing.splicing import spliced
from symparams.frameworks.importing.writing import document, is_known
from symparams.frameworks.inference.builders import builder_named


def import_module(builder: str | Callable[..., Any], inputs: Sequence[str] = ()) -> ImportedModule:
    """Return a module of torch as a text of the language, verified against the module.

    Args:
        builder: a function without arguments that builds a module, a module, or the name of
            either, as ``models.resnet:build``. Code of theirs is run.
        inputs: what it takes, without the batch, as torch has it: ``3x224x224``, or
            ``tokens:16`` of integers. Where none is said, what its first layer takes.

    Raises:
        SymparamsError: there is no such builder, it raises, or it returns no module.
    """
    from symparams.frameworks.importing.torch_recording import recorded_graph, shown_input

    if isinstance(builder, str):
        name = builder
        builder = builder_named(builder)
    else:
        name = getattr(builder, "__qualname__", type(builder).__name__)
    graph, module, fed = recorded_graph(builder, name, {}, [fed_input(i) for i in inputs])
    written = SourceText([graph])
    read = understand(Source("<imported>", written.text))
    check = check_module(read.definition(written.model), module)
    return ImportedModule(
        name,
        graph.framework,
        written.text,
        written.model,
        tuple(map(shown_input, fed)),
        graph.values("trainable", "frozen"),
        (macs_of_text(written), graph.macs.get("", 0)),
        written.opaque,
        tuple(w.name for w in written.left_out),
        check,
    )


def fed_input(written: str) -> Any:
    """Return what an option says that a module takes.

    Raises:
        SymparamsError: it is not written so.
    """
    from symparams.frameworks.importing.torch_recording import FedInput

    kind, _, axes = written.rpartition(":")
    numbers = re.split(r"\s*[x,]\s*", axes.strip())
    if kind.strip() not in ("", "tokens") or not all(n.isdigit() and int(n) for n in numbers):
        raise SymparamsError(
            f"'{written}' is no input", None, "as in 3x224x224, or tokens:16 for integers"
        )
    return FedInput(tuple(map(int, numbers)), bool(kind))


def macs_of_text(written: SourceText) -> int:
    """Return the MACs of one example of all that a text says in words."""
    read = understand(Source("<imported>", written.readable))
    found = build(read.definition(written.model), {}, defaults=True).measure("macs")
    assert isinstance(found, int)  # a text of numbers
    return found


class SourceText:
    """The text of a source that was recorded at one point or several."""

    def __init__(self, graphs: Sequence[SourceGraph]) -> None:
        self.graph = graphs[0]
        roots = [spliced(Lowering(g).lowered()) for g in graphs]
        finder = BlockFinder(graphs, is_known)
        self.root = finder.found(roots)[0]
        self.model = model_name(self.graph.title)
        placed = set(weights_in(roots[0]))
        self.left_out: tuple[SourceWeight, ...] = tuple(
            w for n, w in self.graph.weights.items() if n not in placed
        )
        self.opaque = tuple(_opaque(finder))
        remarks = [f"{self.graph.title}, imported from {self.graph.framework}"]
        self.text, self.readable = (
            document(
                finder,
                self.root,
                self.model,
                [written_input(t, self.graph) for t in self.graph.root.takes],
                left_out=self.left_out,
                remarks=remarks,
                expected=self._expected(),
                free=free,
            )
            for free in (False, True)
        )

    def _expected(self) -> list[str]:
        values, buffers = self.graph.values("trainable", "frozen"), self.graph.values("buffer")
        lines = [f"expect {self.model}.params == {values:_}"]
        if buffers:
            lines.append(f"expect {self.model}.buffers == {buffers:_}")
        return lines


def weights_in(module: LanguageModule) -> list[str]:
    """Return the names of all weights that a container in the language has."""
    found = [w.name for w in module.owned]
    for step in module.steps:
        found += [name for _, name in step.weights]
        if step.module is not None:
            found += weights_in(step.module)
    return found


def written_input(tensor: SourceTensor, graph: SourceGraph) -> str:
    """Return an input as the text has it: channels last where a layer has them first."""
    from symparams.frameworks.importing.lowering import input_order

    axes = [tensor.axes[k] for k in input_order(tensor, graph)]
    return f"{'tokens' if tensor.integers else 'input'}({', '.join(map(str, axes))})"


def model_name(title: str) -> str:
    """Return a name of a model for a builder's."""
    word = re.sub(r"\W+", "_", title.rpartition(":")[2]).strip("_").lower() or "model"
    word = word.lstrip("0123456789_") or "imported"
    return f"{word}_model" if is_known(word) else word


def _opaque(finder: BlockFinder) -> list[OpaquePart]:
    found = []
    for key, block in finder.blocks.items():
        if key.startswith(OPAQUE):
            copies = len(block.paths)
            path = next(filter(None, block.paths), "")
            found.append(OpaquePart(block.name, block.why, path, copies, block.owned_values))
    return found


__all__ = ["SourceText", "import_module"]
