"""An ONNX file as a list of nodes: parsed by protobuf, bounded, and never run.

A file of ONNX holds a graph, tensors and texts; nothing in it is Python. Weights that stand in
other files are not opened: only their shapes are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from symparams.errors import SymparamsError
from symparams.records import Record

#: The most bytes of a file: what protobuf can hold in one message.
MOST_BYTES = 2**31 - 1
#: The most nodes, those of functions written out for each call.
MOST_NODES = 100_000
#: The most levels of functions in functions.
DEEPEST = 50

NAME_SCOPES = "pkg.torch.onnx.name_scopes"
CLASSES = "pkg.torch.onnx.class_hierarchy"
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class OnnxNode(Record):
    """A node, with the paths of the modules that it stands in, the outermost first.

    ``titles`` are their classes, where the file has them.
    """

    node: Any
    scopes: tuple[str, ...]
    titles: Mapping[str, str] = {}


def onnx_package() -> Any:
    """Return the package that parses ONNX.

    Raises:
        SymparamsError: it is not installed.
    """
    try:
        import onnx
        import onnx.reference
        import onnx.shape_inference
    except ImportError:
        raise SymparamsError(
            "onnx is not installed", None, "run pip install 'symparams[onnx]'"
        ) from None
    return onnx


def read_model(path: str) -> Any:
    """Return the model that a file holds.

    Raises:
        SymparamsError: there is no such file, it is too large, no ONNX, or says that a weight
            stands outside of its folder.
    """
    file = Path(path)
    onnx = onnx_package()
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise SymparamsError(
                f"'{path}' has {size:,} bytes; {MOST_BYTES:,} are the most",
                None,
                "save its weights as external data",
            )
        content = file.read_bytes()
    except OSError as error:
        raise SymparamsError(f"'{path}' cannot be read: {error.strerror}") from None
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except Exception:  # protobuf's error has another class in each of its implementations
        raise SymparamsError(f"'{path}' is no ONNX file") from None
    if not model.graph.node or not model.opset_import:
        raise SymparamsError(f"'{path}' is no ONNX file: it has no nodes")
    for tensor in _tensors(model):
        _check_tensor(onnx, path, tensor)
    return model


def _tensors(model: Any) -> Iterator[Any]:
    """Yield every tensor of a file, those of inner graphs and of functions included."""
    graphs = [(model.graph, 0)]
    nodes = [(n, 0) for f in model.functions for n in f.node]
    while graphs or nodes:
        if graphs:
            graph, depth = graphs.pop()
            yield from graph.initializer
            nodes += [(n, depth) for n in graph.node]
            continue
        node, depth = nodes.pop()
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            inner = [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]
            if inner and depth >= DEEPEST:
                raise SymparamsError(f"a graph in more than {DEEPEST} graphs")
            graphs += [(g, depth + 1) for g in inner]


def _check_tensor(onnx: Any, path: str, tensor: Any) -> None:
    if any(n < 0 for n in tensor.dims):
        raise SymparamsError(f"'{path}': '{tensor.name}' has an axis of less than nothing")
    if tensor.data_location != onnx.TensorProto.EXTERNAL:
        return
    location = next((e.value for e in tensor.external_data if e.key == "location"), "")
    posix, windows = PurePosixPath(location), PureWindowsPath(location)
    if (
        not location
        or posix.is_absolute()
        or windows.drive
        or windows.root
        or ".." in (*posix.parts, *windows.parts)
    ):
        raise SymparamsError(
            f"'{path}' says that '{tensor.name}' stands in '{location}'",
            None,
            "external data must be in the folder of the file",
        )


# --- nodes, functions written out -------------------------------------------------------


def nodes_of_model(model: Any) -> Iterator[OnnxNode]:
    """Yield the nodes in order, each call of a function as the nodes of the function.

    Raises:
        SymparamsError: there are too many.
    """
    functions = {(f.domain, f.name): f for f in model.functions}
    for count, node in enumerate(_expanded(model.graph.node, functions, (), 0)):
        if count >= MOST_NODES:
            raise SymparamsError(f"the file has more than {MOST_NODES:,} nodes")
        yield node


def _expanded(
    nodes: Any, functions: Mapping[Any, Any], outer: tuple[str, ...], depth: int
) -> Iterator[OnnxNode]:
    if depth > DEEPEST:
        raise SymparamsError(f"a function in more than {DEEPEST} functions")
    for number, node in enumerate(nodes):
        function = functions.get((node.domain, node.op_type))
        scopes, titles = scopes_of(node)
        scopes = scopes or outer
        if function is None:
            yield OnnxNode(node, scopes, titles)
            continue
        own = node.name or f"{function.name}_{number}"
        path = f"{scopes[-1]}.{own}" if scopes else own
        inner = _written_out(function, node, f"{path}:{depth}:{number}:")
        for found in _expanded(inner, functions, (*scopes, path), depth + 1):
            yield found.but(titles={**found.titles, path: function.name})


def _written_out(function: Any, call: Any, prefix: str) -> Iterator[Any]:
    """Yield the nodes of a function at a call: with its tensors and attributes."""
    onnx = onnx_package()
    names = dict(zip(function.input, call.input, strict=False))
    names |= {n: "" for n in function.input if n not in names}
    names |= dict(zip(function.output, call.output, strict=False))
    given = {a.name: a for a in (*function.attribute_proto, *call.attribute)}
    for node in function.node:
        made = onnx.NodeProto()
        made.CopyFrom(node)
        del made.input[:], made.output[:], made.attribute[:]
        made.input.extend(names.get(n, prefix + n) if n else "" for n in node.input)
        made.output.extend(names.get(n, prefix + n) if n else "" for n in node.output)
        for attribute in node.attribute:
            if not attribute.ref_attr_name:
                made.attribute.append(attribute)
            elif attribute.ref_attr_name in given:
                made.attribute.append(given[attribute.ref_attr_name])
                made.attribute[-1].name = attribute.name
        yield made


def scopes_of(node: Any) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the paths of the modules of torch that a node stands in, and their classes.

    The exporter writes them beside the node; an older one into its name.
    """
    said = {p.key: p.value for p in node.metadata_props}
    if NAME_SCOPES in said:
        paths = [a or b for a, b in _QUOTED.findall(said[NAME_SCOPES])][:-1]
        classes = [a or b for a, b in _QUOTED.findall(said.get(CLASSES, ""))][:-1]
        titles = {p: c.rpartition(".")[2] for p, c in zip(paths, classes, strict=False)}
        return tuple(p for p in paths if p), titles
    if not node.name.startswith("/"):
        return (), {}
    paths, before = [], ""
    for part in node.name.split("/")[1:-1]:
        # An item of a list has the list's name in front, as layer1.0 in layer1.
        last = before.rpartition(".")[2]
        outside = before.removesuffix(last)
        own = f"{outside}{part}" if last and part.startswith(f"{last}.") else ""
        before = own or (f"{before}.{part}" if before else part)
        paths.append(before)
    return tuple(paths), {}


__all__ = ["OnnxNode", "nodes_of_model", "onnx_package", "read_model", "scopes_of"]
