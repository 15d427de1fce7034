"""Rows of the layer tables that the language cannot say today, and why.

A listing holds for a class, or for a class where an option has one of some
values. ``text`` is how the language might say it: the day it is understood, a
test asks for the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outside:
    """What a table has and the language has not.

    Attributes:
        models: classes of the framework; empty for all.
        reason: why no text says it.
        option, values: the option that puts it outside; any value where none is listed.
        text: refused today, understood one day.
    """

    models: tuple[str, ...]
    reason: str
    option: str = ""
    values: tuple[Any, ...] = ()
    text: str = ""

    def holds(self, model: str, options: Mapping[str, Any]) -> bool:
        """Whether it speaks of a layer."""
        if self.models and model not in self.models:
            return False
        if not self.option:
            return True
        return self.option in options and (not self.values or options[self.option] in self.values)

    def __str__(self) -> str:
        chosen = " or ".join(map(str, self.values)) or "…"
        option = f"({self.option} = {chosen})" if self.option else ""
        return f"{', '.join(self.models) or 'any layer'}{option}: {self.reason}"


KERAS: tuple[Outside, ...] = ()

TORCH = (
    Outside(
        ("CrossEntropyLoss", "NLLLoss"),
        "a loss is no layer",
        text="input(8) -> cross_entropy_loss",
    ),
)

#: Public classes of ``keras.layers`` that no text says, and why.
KERAS_CLASSES: dict[str, str] = {
    "HashedCrossing": "takes text and needs TensorFlow",
    "Hashing": "takes text and needs TensorFlow",
    "IntegerLookup": "takes text and needs TensorFlow",
    "FlaxLayer": "around a module of another framework, whose weights it has",
    "JaxLayer": "around a function of another framework, whose weights it has",
    "Lambda": "any function of tensors",
    "Layer": "the base of the others",
    "Pipeline": "several layers, each a class of its own",
    "STFTSpectrogram": "its kernels are tables of the Fourier transform, computed and never trained",
    "StringLookup": "takes text and needs TensorFlow",
    "TFSMLayer": "around a saved model, whose weights it has",
    "TextVectorization": "takes text and needs TensorFlow",
    "TorchModuleWrapper": "around a module of another framework, whose weights it has",
    "Wrapper": "the base of layers around layers",
}

#: Public classes of ``torch.nn`` that no text says, and why.
TORCH_CLASSES: dict[str, str] = {
    "Container": "the base of older containers",
    "DataParallel": "around a module, whose weights it has",
    "LinearCrossEntropyLoss": "a loss is no layer; its weights are those of a dense layer",
    "Module": "the base of the others",
    "ModuleDict": "several modules, each a class of its own",
    "ModuleList": "several modules, each a class of its own",
    "ParameterDict": "any tensors",
    "ParameterList": "any tensors",
    "RNNBase": "the base of RNN, LSTM and GRU",
    "RNNCellBase": "the base of the cells",
    "Sequential": "several modules, each a class of its own",
}

#: Public classes of ``keras.layers`` without weights that no text says, and how they are built:
#: images changed at random, other work on data before training.
KERAS_BARE: dict[str, dict[str, Any]] = {
    **{
        name: {}
        for name in (
            "AugMix", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", "CutMix",
            "Equalization", "MelSpectrogram", "MixUp", "RandAugment", "RandomColorJitter",
            "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
            "RandomGrayscale", "RandomInvert", "RandomPerspective", "RandomShear", "Solarization",
        )
    },
    **{
        name: {"factor": 0.5}
        for name in (
            "RandomBrightness", "RandomColorDegeneration", "RandomContrast", "RandomHue",
            "RandomRotation", "RandomSaturation", "RandomSharpness",
        )
    },
    "CategoryEncoding": {"num_tokens": 5},
    "Discretization": {"bin_boundaries": [1.0]},
    "InputLayer": {"shape": (3,)},
    "MaxNumBoundingBoxes": {"max_number": 3},
    "RandomCrop": {"height": 5, "width": 4},
    "RandomPosterization": {"factor": 2},
    "RandomTranslation": {"height_factor": 0.5, "width_factor": 0.5},
    "RandomZoom": {"height_factor": 0.5},
    "Resizing": {"height": 5, "width": 4},
}  # fmt: skip

#: Public classes of ``torch.nn`` without weights that no text says, and how they are built:
#: losses, distances, and pools that need the places of another one or of chance.
TORCH_BARE: dict[str, dict[str, Any]] = {
    **{
        name: {}
        for name in (
            "BCELoss", "BCEWithLogitsLoss", "CTCLoss", "CosineEmbeddingLoss", "CosineSimilarity",
            "CrossEntropyLoss", "GaussianNLLLoss", "HingeEmbeddingLoss", "HuberLoss", "KLDivLoss",
            "L1Loss", "MSELoss", "MarginRankingLoss", "MultiLabelMarginLoss",
            "MultiLabelSoftMarginLoss", "MultiMarginLoss", "NLLLoss", "NLLLoss2d",
            "PairwiseDistance", "PoissonNLLLoss", "SmoothL1Loss", "SoftMarginLoss",
            "TripletMarginLoss", "TripletMarginWithDistanceLoss",
        )
    },
    **{
        name: {"kernel_size": 2}
        for name in ("MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "Unfold")
    },
    "FractionalMaxPool2d": {"kernel_size": 2, "output_size": 3},
    "FractionalMaxPool3d": {"kernel_size": 2, "output_size": 3},
}  # fmt: skip
