"""What a text needs of a framework: recipes for layers, and words for classes."""

from __future__ import annotations

from typing import Any, Protocol

from symparams.frameworks.base import Kinds
from symparams.frameworks.steps import Owner

#: What a module of torch has under these names already; so has a layer of Keras on torch.
MODULE_ATTRIBUTES = (
    "apply bfloat16 buffers call children compile cpu cuda double dump_patches eval float "
    "forward half ipu modules mtia parameters requires_grad_ share_memory state_dict to "
    "to_empty train training type xpu zero_grad"
)


class TextTarget(Protocol):
    """A framework whose source text is written."""

    name: str
    kinds: Kinds
    #: Class of a module, method that runs it, method's word for a list of modules.
    base: str
    whole: str
    forward: str
    tensor: str
    module_list: str
    #: Where the text of functions stands that the text may contain.
    written_out: tuple[str, ...]
    imports: dict[str, str]
    #: Names that no attribute may have.
    taken: frozenset[str]

    def adapted(self, owner: Owner, axes: Any) -> Any:
        """Return the text of an owner's module, with what is done around it."""

    def merge(self, op: str, tensors: Any) -> Any:
        """Return tensors joined by ``+ - * |`` or ``ave``."""

    def blank(self, axes: Any, like: Any) -> Any:
        """Return zeros for every example of the batch that ``like`` has."""

    def backwards(self, tensor: Any, axis: int) -> Any:
        """Return a sequence from its end."""

    def mixture(self, scores: Any, outputs: Any, top: Any) -> Any:
        """Return experts' outputs, those with the best scores weighed by them."""

    def matrix(self, adapter: Any) -> Any:
        """Return the matrix of a shared embedding or dense layer."""

    def training(self) -> dict[str, Any]:
        """Return what dropout takes beside its tensor."""

    def weight(self, attribute: Any, weight: Any, frozen: bool) -> tuple[Any, ...]:
        """Return the pieces of the line that makes a weight by itself."""

    def step(self, sequence: str) -> str:
        """Return the head of a loop over the steps of a sequence."""

    def stacked(self, outputs: Any) -> Any:
        """Return steps as one sequence."""
