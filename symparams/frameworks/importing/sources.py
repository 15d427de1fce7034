"""What can be imported: a builder of torch or Keras, a module, an ONNX file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from symparams.elaboration import understand
from symparams.errors import Source, SymparamsError
from symparams.frameworks.base import cause_of
from symparams.frameworks.checking.module_check import check_tensors
from symparams.frameworks.importing.graph import SourceGraph
from symparams.frameworks.importing.graph_tensors import graph_tensors
from symparams.frameworks.importing.imported import ImportedModule
from symparams.frameworks.importing.importer import (
    SourceText,
    import_module,
    macs_of_text,
)
from symparams.frameworks.importing.onnx_shapes import check_sizes
from symparams.frameworks.importing.pointwise import recorded_points
from symparams.frameworks.importing.source_macs import source_macs
from symparams.frameworks.inference.builders import builder_named
from symparams.frameworks.inference.inputs import fed_input
from symparams.frameworks.inference.their_code import RAISED, their_code
from symparams.language import between_commas

ONNX = ".onnx"


def import_source(
    source: str | Callable[..., Any],
    inputs: Sequence[str] = (),
    sizes: str = "",
    over: Sequence[str] = (),
) -> ImportedModule:
    """Return a source as a text of the language, verified against the source.

    Args:
        source: a function that builds a module of torch or Keras, a module, the name of either,
            as ``models.resnet:build``, or the path of an ONNX file. Code of theirs is run; in a
            file there is none.
        inputs: what a module takes, without the batch, in its own order of axes: ``3x224x224``,
            or ``tokens:16`` of integers.
        sizes: arguments of the builder that vary; of a file, the sizes that it leaves open, all
            of which vary where none is said.
        over: domains and conditions of the sizes.

    Raises:
        SymparamsError: there is no such source, it raises, or it is no module.
    """
    if isinstance(source, str) and source.lower().endswith(ONNX):
        if inputs:
            raise SymparamsError(
                "an ONNX file says itself what it takes", None, "its open sizes are --sizes"
            )
        return import_onnx(source, sizes, over)
    builder = builder_named(source) if isinstance(source, str) else source
    if "keras" in sys.modules and _gives_keras(builder):
        name = source if isinstance(source, str) else _name_of(source)
        return import_keras(builder, name, inputs, sizes, over)
    return import_module(source, inputs, sizes, over)


def import_onnx(path: str, sizes: str = "", over: Sequence[str] = ()) -> ImportedModule:
    """Return an ONNX file as a text, verified against its tensors.

    Raises:
        SymparamsError: it is no ONNX file, or has no such size.
    """
    from symparams.frameworks.importing.onnx_sources import OnnxFile

    file = OnnxFile(path)
    stem = path.replace("\\", "/").rpartition("/")[2][: -len(ONNX)]

    def record(given: Mapping[str, Any]) -> SourceGraph:
        return file.graph(given).but(title=stem)

    said = [entry.strip() for entry in between_commas(sizes) if entry.strip()]
    names = {entry.split("=")[0].split(" in ")[0].strip() for entry in said}
    said += [n for n in file.sizes if n not in names]
    check_sizes(file.sizes, dict.fromkeys((*names, *file.sizes), 1))
    return _imported(path, record, lambda: None, ", ".join(said), over)


def import_keras(
    model: Any,
    name: str,
    inputs: Sequence[str] = (),
    sizes: str = "",
    over: Sequence[str] = (),
) -> ImportedModule:
    """Return a model of Keras, or what a builder gives, as a text, verified against its weights.

    Raises:
        SymparamsError: it is not built, or an axis of an input has no size.
    """
    from symparams.frameworks.importing.keras_models import read_keras

    def record(given: Mapping[str, Any]) -> SourceGraph:
        made = _built(model, name, given)
        shapes = [fed_input(i, given).axes for i in inputs]
        with _shapes_only():
            return read_keras(made, name, shapes or None)

    return _imported(name, record, model, sizes, over)


def _imported(
    name: str,
    record: Callable[[Mapping[str, Any]], SourceGraph],
    builder: Any,
    sizes: str,
    over: Sequence[str],
) -> ImportedModule:
    """Return what is recorded as a text, verified against the tensors that were read."""
    if sizes:
        recorded = recorded_points(builder, sizes, over, record)
        graphs = [recorded.graph(p) for p in recorded.points]
        written = SourceText(graphs, recorded.space, recorded.points)
    else:
        written = SourceText([record({})])
    graph = written.graph
    read = understand(Source("<imported>", written.text))
    built = graph_tensors(graph)
    check = check_tensors(read.definition(written.model), name, built, graph.framework)
    return ImportedModule(
        name,
        graph.framework,
        written.text,
        written.model,
        tuple(_shown(t.axes, t.integers) for t in graph.root.takes),
        graph.values("trainable", "frozen"),
        (macs_of_text(written), source_macs(graph.root, graph.weights)),
        written.opaque,
        tuple(w.name for w in written.left_out),
        check,
        tuple(written.points),
        tuple(written.unfitted),
    )


def _shown(axes: Sequence[int], integers: bool) -> str:
    shown = "x".join(map(str, axes[1:]))
    return f"tokens:{shown}" if integers else shown


def _gives_keras(builder: Callable[..., Any]) -> bool:
    """Tell whether a builder is a model of Keras, or returns one."""
    import keras

    if isinstance(builder, keras.layers.Layer):
        return True
    own = str(getattr(builder, "__module__", ""))
    if own.startswith("keras."):
        return True
    # It runs here only where its file has Keras; torch's builders run on their own device.
    return any(
        str(getattr(value, "__name__", "")).partition(".")[0] == "keras"
        or str(getattr(value, "__module__", "")).partition(".")[0] == "keras"
        for value in list(vars(sys.modules[own]).values() if own in sys.modules else ())
    )


def _built(builder: Any, name: str, given: Mapping[str, Any]) -> Any:
    """Return the model of Keras that a builder gives.

    Raises:
        SymparamsError: it raises, or gives something else.
    """
    import keras

    if isinstance(builder, keras.layers.Layer):
        return builder
    keras.utils.clear_session(free_memory=False)  # the numbers of layers are in the names
    try:
        with their_code(), _shapes_only():
            made = builder(**given)
    except RAISED as error:  # whatever their code raises
        raise SymparamsError(f"'{name}' raises {type(error).__name__}: {cause_of(error)}") from None
    if not isinstance(made, keras.layers.Layer):
        kind = type(made).__name__
        raise SymparamsError(f"'{name}' returns {kind}, which is no model of Keras")
    return made


def _shapes_only() -> Any:
    """Have Keras make tensors that have shapes and no values, where its backend can."""
    import keras

    return keras.device("meta") if keras.backend.backend() == "torch" else nullcontext()


def _name_of(source: Any) -> str:
    return str(getattr(source, "__qualname__", type(source).__name__))


__all__ = ["import_keras", "import_onnx", "import_source"]
