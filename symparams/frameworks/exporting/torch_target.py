"""The words of torch."""

from __future__ import annotations

from typing import Any

from symparams.frameworks import torch_around, torch_functions, torch_norms
from symparams.frameworks.exporting.target import MODULE_ATTRIBUTES
from symparams.frameworks.steps import Owner
from symparams.frameworks.torch_layers import KINDS, adapted, torch
from symparams.frameworks.written_calls import WrittenExpression, WrittenTensor

#: What registers kinds beside the module that makes their table.
REGISTERED = (torch_around, torch_functions, torch_norms)


class TorchTarget(torch_functions.TorchTensors):
    """Modules of torch."""

    name = "torch"
    kinds = KINDS
    base = "nn.Module"
    whole = "nn.Module"
    forward = "forward"
    tensor = "Tensor"
    module_list = "nn.ModuleList"
    written_out: tuple[str, ...] = ("torch_written_out.py", "written_out.py")
    imports = {
        "torch": "import torch",
        "F": "import torch.nn.functional as F",
        "Tensor": "from torch import Tensor",
        "nn": "from torch import nn",
        "parametrizations": "from torch.nn.utils import parametrizations",
    }
    taken = frozenset(MODULE_ATTRIBUTES.split())

    def adapted(self, owner: Owner, axes: Any) -> Any:
        return adapted(owner, axes)

    def matrix(self, adapter: Any) -> Any:
        return torch_functions.matrix(adapter)

    def training(self) -> dict[str, Any]:
        return {"training": WrittenExpression("word", "self.training")}

    def weight(self, attribute: Any, weight: Any, frozen: bool) -> tuple[Any, ...]:
        if weight.buffer:
            zeros = torch.zeros(*weight.shape) if weight.shape else torch.zeros(())
            return ("self.register_buffer(", f'"{attribute.shown}"', ", ", zeros, ")")
        drawn = torch.randn(*weight.shape) if weight.shape else torch.randn(())
        kept = ", requires_grad=False" if frozen else ""
        return (str(attribute), " = nn.Parameter(0.02 * ", drawn, kept, ")")

    def step(self, sequence: str) -> str:
        return f"for step in {sequence}.unbind(1):"

    def stacked(self, outputs: Any) -> Any:
        return WrittenTensor("call", "torch.stack", (outputs, 1), {})
