"""The question itself: a module that exists, as a text; verified against the module at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from symparams.elaboration import build, understand
from symparams.errors import Source, SymparamsError
from symparams.frameworks.checking.module_check import check_module
from symparams.frameworks.importing import (  # noqa: F401  (each registers its rules)
    lowering_attention,
    lowering_functions,
    lowering_layers,
    lowering_parts,
)
from symparams.frameworks.importing.blocks import BlockFinder, plain_net
from symparams.frameworks.importing.folding import OPAQUE, FoldedModule
from symparams.frameworks.importing.graph import ASIDE, SourceGraph, SourceWeight
from symparams.frameworks.importing.imported import ImportedModule, OpaquePart
from symparams.frameworks.importing.language_steps import LanguageModule
from symparams.frameworks.importing.lowering import Lowering, input_order
from symparams.frameworks.importing.lowering_layers import PLACED
from symparams.frameworks.importing.nets import TextNet, hole_names, holes, refilled, skeleton
from symparams.frameworks.importing.pointwise import NumberFitter, largest_group, recorded_points
from symparams.frameworks.importing.splicing import spliced
from symparams.frameworks.importing.writing import document, is_known
from symparams.frameworks.inference.builders import builder_named
from symparams.frameworks.inference.inputs import FedInput, fed_input, shown_input
from symparams.frameworks.inference.space import SizeSpace
from symparams.frameworks.inference.tensors import SizePoint

#: Framework of a source → the convention of its text: what ONNX has, a file says itself.
CONVENTIONS = {"torch": "pytorch", "keras": "keras", "onnx": "textbook"}


def import_module(
    builder: str | Callable[..., Any],
    inputs: Sequence[str] = (),
    sizes: str = "",
    over: Sequence[str] = (),
) -> ImportedModule:
    """Return a module of torch as a text of the language, verified against the module.

    Args:
        builder: a function that builds a module, a module, or the name of either, as
            ``models.resnet:build``. Code of theirs is run.
        inputs: what it takes, without the batch, as torch has it: ``3x224x224``, or
            ``tokens:16`` of integers; a size of the builder may stand in the place of a number.
            Where none is said, what its first layer takes.
        sizes: arguments of the builder that vary, as ``h, l = 2, a in {4, 8}``: the module is
            recorded at several points, and its numbers become formulas.
        over: domains and conditions of the sizes.

    Raises:
        SymparamsError: there is no such builder, it raises, or it returns no module.
    """
    from symparams.frameworks.importing.torch_recording import recorded_graph

    if isinstance(builder, str):
        name = builder
        builder = builder_named(builder)
    else:
        name = getattr(builder, "__qualname__", type(builder).__name__)
    made: list[tuple[Any, tuple[FedInput, ...]]] = []

    def record(given: Mapping[str, Any]) -> SourceGraph:
        fed = [fed_input(i, given) for i in inputs]
        graph, module, taken = recorded_graph(builder, name, given, fed, not made)
        made.append((module, taken))
        return graph

    if sizes:
        recorded = recorded_points(builder, sizes, over, record)
        written = SourceText(
            [recorded.graph(p) for p in recorded.points], recorded.space, recorded.points
        )
        against: Any = builder
    else:
        written = SourceText([record({})])
        against = made[0][0]
    graph = written.graph
    try:
        read = understand(Source("<imported>", written.text))
        check = check_module(read.definition(written.model), against, formulas=False)
    except SymparamsError as error:
        if error.span is None or error.span.source.name != "<imported>":
            raise
        said = f"'{name}' cannot be imported, as the language refuses its text: {error.message}"
        raise SymparamsError(said, error.span, error.hint, error.notes) from None
    return ImportedModule(
        name,
        graph.framework,
        written.text,
        written.model,
        tuple(map(shown_input, made[0][1])),
        graph.values("trainable", "frozen"),
        (macs_of_text(written), graph.macs.get("", 0)),
        written.opaque,
        tuple(w.name for w in written.left_out),
        check,
        tuple(written.points),
        tuple(written.unfitted),
    )


def macs_of_text(written: SourceText) -> int:
    """Return the MACs of one example of all that a text says in words."""
    read = understand(Source("<imported>", written.readable))
    found = build(read.definition(written.model), {}, defaults=True).measure("macs")
    assert isinstance(found, int)  # a text of numbers
    return found


class SourceText:
    """The text of a source that was recorded at one point, or at several points of its sizes."""

    def __init__(
        self,
        graphs: Sequence[SourceGraph],
        space: SizeSpace | None = None,
        points: Sequence[SizePoint] = (),
    ) -> None:
        roots = [spliced(Lowering(g).lowered()) for g in graphs]
        sizes = frozenset(space.names if space is not None else ())
        finder = BlockFinder(graphs, is_known)
        found = finder.found(roots, sizes)
        # What is another graph at other sizes is not one text; most points decide.
        kept = largest_group(plain_net(skeleton(f.net)) for f in found)
        self.points = [points[n] for n in kept] if space is not None else []
        self.graph = graphs[kept[0]]
        self.root = found[kept[0]]
        self.model = model_name(self.graph.title)
        placed = set(weights_in(roots[kept[0]]))
        self.left_out: tuple[SourceWeight, ...] = tuple(
            w for n, w in self.graph.weights.items() if n not in placed and w.role != ASIDE
        )
        self.opaque = tuple(_opaque(finder))
        self.unfitted: list[str] = []
        inputs = [self._inputs(graphs[n]) for n in kept]
        parameters = ""
        conditions: tuple[str, ...] = ()
        net = self.root.net
        if space is not None:
            fitter = NumberFitter(space, self.points)
            net = _fitted(fitter, [found[n].net for n in kept])
            inputs = [_fitted_inputs(fitter, inputs)]
            still = [n for n in space.names if len({p[n] for p in self.points}) == 1]
            self.unfitted = [*fitter.unfitted, *(f"{n}: not varied" for n in still)]
            base = self.points[0]
            parameters = ", ".join(f"{n} = {base[n]}" for n in space.names)
            conditions = (space.conditions,) if space.conditions else ()
        remarks = [f"{self.graph.title}, imported from {self.graph.framework}"]
        self.text, self.readable = (
            document(
                finder,
                FoldedModule(net, self.root.inputs, self.root.named),
                self.model,
                [f"{word}({', '.join(map(str, axes))})" for word, axes in inputs[0]],
                parameters=parameters,
                conditions=conditions,
                left_out=self.left_out,
                remarks=remarks,
                expected=list(self._expected([graphs[n] for n in kept])),
                free=free,
                convention=CONVENTIONS[self.graph.framework],
            )
            for free in (False, True)
        )

    def _inputs(self, graph: SourceGraph) -> list[tuple[str, tuple[Any, ...]]]:
        found: list[tuple[str, tuple[Any, ...]]] = []
        for tensor in graph.root.takes:
            axes = tuple(tensor.axes[k] for k in input_order(tensor, graph))
            found.append(("tokens" if tensor.integers else "input", axes))
        return found

    def _expected(self, graphs: Sequence[SourceGraph]) -> Iterator[str]:
        points = self.points[:1] + self.points[-2:] if len(self.points) > 2 else self.points
        shown = [(g, p) for g, p in zip(graphs, self.points, strict=False) if p in points]
        for graph, point in shown or [(graphs[0], {})]:
            sizes = ", ".join(f"{n} = {v}" for n, v in point.items())
            model = f"{self.model}({sizes})" if sizes else self.model
            yield f"expect {model}.params == {graph.values('trainable', 'frozen'):_}"
            if graph.values("buffer"):
                yield f"expect {model}.buffers == {graph.values('buffer'):_}"


def _fitted(fitter: NumberFitter, nets: Sequence[TextNet]) -> TextNet:
    """Return a net whose numbers are formulas of the sizes."""
    names = hole_names(nets[0], lambda word: PLACED.get(word, ()))
    columns = zip(names, zip(*map(holes, nets), strict=True), strict=True)
    fills = iter([fitter.formula(column, name) for name, column in columns])
    return refilled(nets[0], lambda _: next(fills))


def _fitted_inputs(
    fitter: NumberFitter, inputs: Sequence[list[tuple[str, tuple[Any, ...]]]]
) -> list[tuple[str, tuple[Any, ...]]]:
    found = []
    for several in zip(*inputs, strict=True):
        columns = zip(*(axes for _, axes in several), strict=True)
        found.append((several[0][0], tuple(fitter.formula(c, "input") for c in columns)))
    return found


def weights_in(module: LanguageModule) -> list[str]:
    """Return the names of all weights that a container in the language has."""
    found = [w.name for w in module.owned]
    for step in module.steps:
        found += [name for _, name in step.weights]
        if step.module is not None:
            found += weights_in(step.module)
    return found


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
