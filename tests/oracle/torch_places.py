"""Classes of torch by kind of input, and where their channels and their batch stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: The names of what ``args`` gives by place.
PLACES = {
    "Linear": ("in_features", "out_features"),
    "Embedding": ("num_embeddings", "embedding_dim"),
    "EmbeddingBag": ("num_embeddings", "embedding_dim"),
    "Bilinear": ("in1_features", "in2_features", "out_features"),
    "LocalResponseNorm": ("size", "alpha", "beta", "k"),
    "GroupNorm": ("num_groups", "num_channels"),
}

TRANSFORMERS = (
    "Transformer",
    "TransformerEncoder",
    "TransformerDecoder",
    "TransformerEncoderLayer",
    "TransformerDecoderLayer",
)

RECURRENT = ("RNN", "LSTM", "GRU")

#: Classes that have the batch behind the positions, unless they are told otherwise.
SEQUENCES = (*RECURRENT, "RNNBase", "MultiheadAttention", *TRANSFORMERS)

#: Classes with channels in front of positions.
IMAGES = re.compile(
    r"Conv|(Sync)?BatchNorm|InstanceNorm|GroupNorm|LocalResponse|CrossMap|PReLU|Fold|Unfold"
    r"|(Adaptive|Fractional)?(Max|Avg)Pool|LPPool|Upsampl|Pixel|ChannelShuffle|Softmax2d"
    r"|(Zero|Constant|Reflection|Replication|Circular)Pad"
)


def named(model: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, those by place with their names."""
    if "args" not in options:
        return dict(options)
    placed = dict(zip(PLACES[model], options["args"], strict=True))
    return {**placed, **{k: v for k, v in options.items() if k != "args"}}


def plain(model: str) -> str:
    """The class that a lazy one becomes."""
    return model.removeprefix("Lazy")


def inward(model: str, options: Mapping[str, Any], shape: Any) -> tuple[int, ...]:
    """A shape of torch without batch, channels last."""
    model = options.get("base", plain(model))
    if model in SEQUENCES:
        if len(shape) == 2:  # no batch
            return tuple(shape)
        first = {**options, **options.get("_layer", {})}.get("batch_first")
        return tuple(shape[1:]) if first else (shape[0], *shape[2:])
    axes = tuple(shape[has_batch(model, shape) :])
    if model == "PReLU" and options.get("num_parameters", 1) == 1:
        return axes
    return (*axes[1:], axes[0]) if IMAGES.match(model) and axes else axes


def has_batch(model: str, shape: Any) -> bool:
    """Whether a batch stands in front: those that know their rank may go without."""
    rank = re.search(r"(\d)d$", model)
    if model.endswith("Cell"):
        return len(shape) == 2
    if rank and "BatchNorm" not in model and "Dropout" not in model:
        return len(shape) == int(rank[1]) + 2
    return True
