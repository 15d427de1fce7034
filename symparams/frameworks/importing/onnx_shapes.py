"""The shapes of all tensors of an ONNX graph at given sizes, node by node.

ONNX's own inference says what a node makes. Where a shape depends on values (Reshape, Slice), these
are worked out: of few, by ONNX's reference, and only by functions that are named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

from symparams.errors import SymparamsError, listed
from symparams.frameworks.base import cause_of
from symparams.frameworks.importing.onnx_files import onnx_package

#: The most values of a tensor that is worked out.
MOST_VALUES = 4_096
#: What is worked out: functions of numbers, without graphs in them.
WORKED_OUT = frozenset(
    (
        *("Abs", "Add", "And", "Cast", "Ceil", "Concat", "Constant", "ConstantOfShape", "CumSum"),
        *("Div", "Equal", "Expand", "Flatten", "Floor", "Gather", "Greater", "GreaterOrEqual"),
        *("Identity", "Less", "LessOrEqual", "Max", "Min", "Mod", "Mul", "Neg", "Not", "Or", "Pow"),
        *("Range", "Reciprocal", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceSum", "Reshape"),
        *("Round", "Shape", "Size", "Slice", "Split", "Sqrt", "Squeeze", "Sub", "Tile"),
        *("Transpose", "Trilu", "Unsqueeze", "Where", "Xor"),
    )
)
#: Names that exporters give to the batch.
BATCH = re.compile(r"(batch|n|bs|b)([_ ]?(size|dim))?|unk__\d+|N\?", re.IGNORECASE)


def graph_inputs(graph: Any) -> list[Any]:
    """Return what comes in; older files name the weights there, too."""
    owned = {t.name for t in graph.initializer}
    return [i for i in graph.input if i.name not in owned]


def size_names(graph: Any) -> tuple[str, ...]:
    """Return the names of the sizes of a file that stand for no number, without the batch."""
    named = batch_names(graph)
    found = [
        d.dim_param
        for i in graph_inputs(graph)
        for d in i.type.tensor_type.shape.dim
        if d.dim_param
    ]
    return tuple(dict.fromkeys(n for n in found if n not in named))


def batch_names(graph: Any) -> frozenset[str]:
    """Return the names of the batch: of those that say so, or else of the first axes."""
    shapes = [i.type.tensor_type.shape.dim for i in graph_inputs(graph)]
    named = {d.dim_param for s in shapes for d in s if d.dim_param}
    said = {n for n in named if BATCH.fullmatch(n)}
    return frozenset(said or {s[0].dim_param for s in shapes if s and s[0].dim_param})


def check_sizes(names: Iterable[str], sizes: Mapping[str, int]) -> None:
    """Check that every size of a file has a number.

    Raises:
        SymparamsError: one has none, or one is given that the file does not have.
    """
    missing = [n for n in names if n not in sizes]
    if missing:
        raise SymparamsError(
            f"the file leaves open {listed(missing)}",
            None,
            f"give numbers, as in {', '.join(f'{n}=16' for n in missing)}",
        )
    unknown = [n for n in sizes if n not in set(names)]
    if unknown:
        known = f"it has {', '.join(names)}" if names else "all of its sizes are numbers"
        raise SymparamsError(f"the file has no size {listed(unknown)}", None, known)


class OnnxShapes:
    """Types of tensors, and values of those that are worked out."""

    def __init__(self, model: Any, sizes: Mapping[str, int]) -> None:
        self.onnx = onnx_package()
        self.opsets = {o.domain: o.version for o in model.opset_import}
        self.imports = list(model.opset_import)
        self.types: dict[str, Any] = {}
        #: Values, of few, that no input changes.
        self.values: dict[str, Any] = {}
        graph = model.graph
        self.sizes = {**sizes, **dict.fromkeys(batch_names(graph), 1)}
        self.said = {v.name: v.type for v in (*graph.value_info, *graph.output)}
        for entering in graph_inputs(graph):
            self.types[entering.name] = self._entering(entering)
        for tensor in graph.initializer:
            self.constant(tensor.name, tensor)

    def axes(self, name: str) -> tuple[int, ...]:
        """Return the axes of a tensor.

        Raises:
            SymparamsError: they are not known.
        """
        found = self.types.get(name)
        if found is None or not found.HasField("tensor_type"):
            raise SymparamsError(f"the shape of '{name}' is not known")
        shape = found.tensor_type
        if not shape.HasField("shape") or any(not d.HasField("dim_value") for d in shape.shape.dim):
            raise SymparamsError(f"the shape of '{name}' is not known")
        return tuple(d.dim_value for d in shape.shape.dim)

    def is_known(self, name: str) -> bool:
        """Tell whether the axes of a tensor are known."""
        try:
            self.axes(name)
        except SymparamsError:
            return False
        return True

    def integers(self, name: str) -> bool:
        """Tell whether a tensor has integers, or truth values."""
        proto = self.onnx.TensorProto
        kind = self.types[name].tensor_type.elem_type
        return kind in (
            *(proto.INT64, proto.INT32, proto.INT16, proto.INT8, proto.BOOL),
            *(proto.UINT8, proto.UINT16, proto.UINT32, proto.UINT64),
        )

    def constant(self, name: str, tensor: Any) -> None:
        """Note a tensor that the file holds; its values, where they are few and in the file."""
        helper = self.onnx.helper
        self.types[name] = helper.make_tensor_type_proto(tensor.data_type, list(tensor.dims))
        inside = tensor.data_location != self.onnx.TensorProto.EXTERNAL
        texts = tensor.data_type == self.onnx.TensorProto.STRING
        if inside and not texts and prod(tensor.dims) <= MOST_VALUES:
            try:
                self.values[name] = self.onnx.numpy_helper.to_array(tensor)
            except Exception as error:  # whatever a broken tensor makes of it
                raise SymparamsError(f"'{name}' cannot be read: {cause_of(error)}") from None

    def infer(self, node: Any) -> None:
        """Note the types of what a node makes, and the values where they are worked out.

        Where ONNX does not know a node, what the file says of its outputs holds.
        """
        if node.op_type == "Constant" and not node.domain:
            self._of_constant(node)
            return
        for name, found in self._inferred(node).items():
            self.types[name] = found
        for name in node.output:
            if name and not self.is_known(name) and name in self.said:
                self.types[name] = self._numbered(self.said[name])
        self._work_out(node)

    def _of_constant(self, node: Any) -> None:
        helper = self.onnx.helper
        (attribute,) = node.attribute
        (name,) = node.output
        if attribute.name == "value":
            self.constant(name, attribute.t)
            return
        value = helper.get_attribute_value(attribute)
        proto = self.onnx.TensorProto
        kind = {"i": proto.INT64, "f": proto.FLOAT}.get(attribute.name[6:7])
        if kind is None or len(attribute.ints) + len(attribute.floats) > MOST_VALUES:
            self.types[name] = self.onnx.TypeProto()
            return
        several = isinstance(value, list | tuple)
        values = list(value) if several else [value]
        dims = [len(values)] if several else []
        self.constant(name, helper.make_tensor(name, kind, dims, values))

    def _inferred(self, node: Any) -> dict[str, Any]:
        onnx = self.onnx
        domain = "" if node.domain == "ai.onnx" else node.domain
        try:
            schema = onnx.defs.get_schema(node.op_type, self.opsets.get(domain, 1), domain)
        except Exception:  # of a domain that ONNX does not know
            return {}
        given = [n for n in node.input if n]
        if any(n not in self.types for n in given):
            return {}
        data = {
            n: onnx.numpy_helper.from_array(self.values[n], n) for n in given if n in self.values
        }
        try:
            found: dict[str, Any] = onnx.shape_inference.infer_node_outputs(
                schema,
                node,
                {n: self.types[n] for n in given},
                data,
                opset_imports=self.imports,
            )
        except Exception as error:  # shapes that do not fit, a node that is broken
            raise SymparamsError(
                f"the node '{node.name or node.op_type}' cannot be read: {cause_of(error)}"
            ) from None
        return found

    def _work_out(self, node: Any) -> None:
        """Work out the values of what a node makes, of few and from known ones."""
        if node.op_type not in WORKED_OUT or node.domain not in ("", "ai.onnx"):
            return
        if not all(n and self.is_known(n) for n in node.output):
            return
        if any(prod(self.axes(n)) > MOST_VALUES for n in node.output):
            return
        given = [n for n in node.input if n]
        numpy = _numpy()
        if node.op_type in ("Shape", "Size"):
            axes = self.axes(given[0])
            options = {a.name: a.i for a in node.attribute}
            part = axes[options.get("start", 0) : options.get("end", len(axes))]
            found = [numpy.array(prod(axes) if node.op_type == "Size" else part, numpy.int64)]
        elif all(n in self.values for n in given):
            made = self.onnx.helper.make_function(
                "symparams", "one", given, list(node.output), [node], self.imports
            )
            evaluator = self.onnx.reference.ReferenceEvaluator(made)
            try:
                found = evaluator.run(list(node.output), {n: self.values[n] for n in given}, {})
            except Exception:  # what the reference cannot do is not known
                return
        else:
            return
        self.values.update(zip(node.output, map(numpy.asarray, found), strict=True))

    def _entering(self, entering: Any) -> Any:
        """Return the type of an input at the sizes, for one example.

        Raises:
            SymparamsError: an axis has no number, or the first has another than 1.
        """
        found = self._numbered(entering.type)
        dims = found.tensor_type.shape.dim
        for place, dim in enumerate(dims):
            if not dim.HasField("dim_value"):
                if place:
                    raise SymparamsError(
                        f"axis {place} of '{entering.name}' has neither a number nor a name"
                    )
                dim.dim_value = 1
        if dims and not any(d.dim_value == 1 for d in dims[:2]):
            raise SymparamsError(
                f"the first axis of '{entering.name}' is {dims[0].dim_value}, and no batch of 1",
                None,
                "export the file with a batch of 1, or with a name for it",
            )
        return found

    def _numbered(self, kind: Any) -> Any:
        """Return a type with numbers in the place of names."""
        made = self.onnx.TypeProto()
        made.CopyFrom(kind)
        if made.HasField("tensor_type") and made.tensor_type.HasField("shape"):
            for dim in made.tensor_type.shape.dim:
                if dim.dim_param in self.sizes:
                    dim.dim_value = self.sizes[dim.dim_param]
        return made


def _numpy() -> Any:
    import numpy

    return numpy


__all__ = ["OnnxShapes", "check_sizes", "graph_inputs", "size_names"]
