"""ONNX files, read with the rules of all operators."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.frameworks.importing import onnx_functions_read, onnx_layers_read
from symparams.frameworks.importing.graph import SourceGraph
from symparams.frameworks.importing.onnx_files import read_model
from symparams.frameworks.importing.onnx_reader import OnnxReader
from symparams.frameworks.importing.onnx_shapes import check_sizes, size_names

#: The files that register how operators are read.
RULES = (onnx_functions_read, onnx_layers_read)


def read_onnx(path: str, sizes: Mapping[str, int] | None = None) -> SourceGraph:
    """Return what an ONNX file does to one example, at a number for each size that it leaves open.

    Nothing in the file is run, and no other file is opened.

    Raises:
        SymparamsError: the file is none of ONNX, too large, or says something that is no model;
            a size has no number.
    """
    return OnnxFile(path).graph(sizes or {})


class OnnxFile:
    """A file that was parsed, and can be read at several sizes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._model = read_model(path)
        #: The names of the sizes that it leaves open, without the batch.
        self.sizes = size_names(self._model.graph)

    def graph(self, sizes: Mapping[str, int]) -> SourceGraph:
        """Return what it does to one example.

        Raises:
            SymparamsError: a size has no number, or the file says what is no model.
        """
        check_sizes(self.sizes, sizes)
        return OnnxReader(self._model, sizes).read(self.path)
