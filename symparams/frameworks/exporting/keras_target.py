"""The words of Keras."""

from __future__ import annotations

from typing import Any

from symparams.frameworks import keras_functions, keras_norms
from symparams.frameworks.exporting.target import MODULE_ATTRIBUTES
from symparams.frameworks.keras_layers import KINDS, adapted
from symparams.frameworks.steps import Owner
from symparams.frameworks.written_calls import WrittenTensor

#: What registers kinds beside the module that makes their table.
REGISTERED = (keras_functions, keras_norms)


#: What a module has under these names already.
_ATTRIBUTES = (
    "activity_regularizer add_loss add_weight build built call compile compute_dtype "
    "dtype evaluate fit get_config input inputs layers losses metrics name "
    "non_trainable_weights optimizer output outputs path predict stop_training summary "
    "supports_masking trainable trainable_weights variables weights"
)


class KerasTarget(keras_functions.KerasTensors):
    """Layers and models of Keras 3."""

    name = "keras"
    kinds = KINDS
    base = "layers.Layer"
    whole = "keras.Model"
    forward = "call"
    tensor = ""
    module_list = ""
    written_out: tuple[str, ...] = ("keras_written_out.py", "written_out.py")
    imports = {
        "keras": "import keras",
        "np": "import numpy as np",
        "activations": "from keras import activations",
        "layers": "from keras import layers",
        "ops": "from keras import ops",
    }
    #: With torch as its backend, a layer of Keras is a module of torch too.
    taken = frozenset((*_ATTRIBUTES.split(), *MODULE_ATTRIBUTES.split()))

    def adapted(self, owner: Owner, axes: Any) -> Any:
        return adapted(owner, axes, None)

    def matrix(self, adapter: Any) -> Any:
        table = adapter.layer.kind == "embed"
        return getattr(adapter.inner, "embeddings" if table else "kernel")

    def training(self) -> dict[str, Any]:
        return {}

    def weight(self, attribute: Any, weight: Any, frozen: bool) -> tuple[Any, ...]:
        stays = ", trainable=False" if weight.buffer or frozen else ""
        named = f', "random_normal"{stays}, name="{attribute.shown}")'
        return (str(attribute), " = self.add_weight(", tuple(weight.shape), named)

    def step(self, sequence: str) -> str:
        return f"for step in ops.unstack({sequence}, axis=1):"

    def stacked(self, outputs: Any) -> Any:
        return WrittenTensor("call", "ops.stack", (outputs, 1), {})
