"""Rows of the layer tables that the language cannot say today, and why.

A listing holds for a class, or for a class where an option has one of some
values. ``text`` is how the language will say it where its design says so: the
day it is understood, a test asks for the rows.
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


#: How the design of the language says attention.
ATTENTION = (
    "block plain(d) on x[s, i] ="
    " attend(x -> linear(d), x -> linear(d), x -> linear(d), heads = 1)\n"
    "input(10, 64) -> plain(64)"
)

KERAS = (
    Outside((), "freeze(…)", "trainable", (False,), "input(5) -> freeze(dense(12))"),
    Outside((), "a frozen kernel beside two trained ones (LoRA)", "lora_rank"),
    Outside(
        ("EinsumDense",),
        "a kernel of more axes than input and output features",
        "equation",
        ("abc,cde->abde", "abc,bcd->abd"),
        "layer heads(a, b) on [..., i] { weight kernel[i, a, b]; output [..., a, b] }\n"
        "input(20, 64) -> heads(8, 16)",
    ),
    Outside(
        ("ReversibleEmbedding",),
        "a second table that the call does not use",
        "tie_weights",
        (False,),
    ),
    Outside(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), "no transposed convolution"),
    Outside(
        ("Bidirectional",),
        "two outputs kept apart are a bundle",
        "merge_mode",
        (None,),
        "input(10, 8) -> bidirectional(lstm(16), merge = none)",
    ),
    Outside(
        ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
        "no recurrence over images; recur(cell, h) with a cell",
    ),
    Outside(
        ("LayerNormalization", "RMSNormalization"),
        "a scale over other axes than the last",
        "axis",
        (1, [1, 2], [1, 2, 3]),
    ),
    Outside(("GroupNormalization",), "no group normalisation"),
    Outside(("UnitNormalization",), "no unit normalisation"),
    Outside(("SpectralNormalization",), "no layer that watches the weights of another"),
    Outside(("Normalization",), "statistics of a data set are no layer"),
    Outside(("PReLU",), "no activation function with weights"),
    Outside(("AlphaDropout",), "no alpha dropout"),
    Outside(
        ("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"),
        "attention",
        text=ATTENTION,
    ),
    Outside(
        ("TimeDistributed",),
        "a convolution has every axis but the last as position",
        "layer",
        ({"class_name": "Conv2D", "config": {"filters": 8, "kernel_size": 3}},),
    ),
)

TORCH = (
    Outside(("Bilinear",), "two inputs"),
    Outside(
        (
            "ConvTranspose1d",
            "ConvTranspose2d",
            "ConvTranspose3d",
            "LazyConvTranspose1d",
            "LazyConvTranspose2d",
            "LazyConvTranspose3d",
        ),
        "no transposed convolution",
    ),
    Outside(
        (
            "InstanceNorm1d",
            "InstanceNorm2d",
            "InstanceNorm3d",
            "LazyInstanceNorm2d",
            "LazyInstanceNorm3d",
        ),
        "no instance normalisation",
    ),
    Outside(
        ("LayerNorm", "RMSNorm"),
        "a scale over more axes than the last",
        "normalized_shape",
        ([10, 768], [4, 5, 6]),
    ),
    Outside(("GroupNorm",), "no group normalisation"),
    Outside(("LocalResponseNorm",), "no local response normalisation"),
    Outside(("EmbeddingBag",), "no sum over an axis", "mode", ("sum",)),
    Outside(("PReLU",), "no activation function with weights"),
    Outside(("AdaptiveLogSoftmaxWithLoss",), "a loss with weights of its own"),
    Outside(("LSTM",), "no projection of the state", "proj_size"),
    Outside(
        (
            "MultiheadAttention",
            "TransformerEncoderLayer",
            "TransformerDecoderLayer",
            "TransformerEncoder",
            "TransformerDecoder",
            "Transformer",
        ),
        "attention",
        text=ATTENTION,
    ),
    Outside(
        (
            "parametrizations.weight_norm",
            "parametrizations.spectral_norm",
            "parametrizations.orthogonal",
        ),
        "no layer that rewrites the weights of another",
    ),
    Outside(("Fold",), "no fold"),
    Outside(("CrossEntropyLoss", "NLLLoss"), "a loss is no layer"),
)
