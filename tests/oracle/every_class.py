"""Every public class of ``keras.layers`` and ``torch.nn``: one way to build and call it.

A class with weights is here or in ``outside.py``. Values are (arguments, input
or inputs), as the drawn layers have them.
"""

from __future__ import annotations

from typing import Any

Example = tuple[dict[str, Any], Any]

LINE, IMAGE, VIDEO = (8, 3), (8, 9, 3), (6, 7, 8, 3)
CELLS = [{"class_name": f"{name}Cell", "config": {"units": 4}} for name in ("LSTM", "GRU")]


def cell(name: str) -> dict[str, Any]:
    """A Keras cell as an argument."""
    return {"class_name": name, "config": {"units": 4}}


def over_positions(name: str, **options: Any) -> dict[str, Example]:
    """A class of Keras over one, two and three axes of positions."""
    return {f"{name}{k}D": (options, s) for k, s in enumerate((LINE, IMAGE, VIDEO), 1)}


WINDOW = {"filters": 4, "kernel_size": 2}

KERAS: dict[str, Example] = {
    **over_positions("AdaptiveAveragePooling", output_size=3),
    **over_positions("AdaptiveMaxPooling", output_size=2),
    **over_positions("AveragePooling", pool_size=2),
    **over_positions("AvgPool", pool_size=3),
    **over_positions("Conv", **WINDOW),
    **over_positions("Convolution", **WINDOW),
    **{f"{n}Transpose": e for n, e in over_positions("Conv", **WINDOW).items()},
    **{f"{n}Transpose": e for n, e in over_positions("Convolution", **WINDOW).items()},
    **{n: (o, (2, *s)) for n, (o, s) in over_positions("ConvLSTM", **WINDOW).items()},
    **over_positions("Cropping", cropping=1),
    **over_positions("GlobalAveragePooling"),
    **over_positions("GlobalAvgPool", keepdims=True),
    **over_positions("GlobalMaxPool"),
    **over_positions("GlobalMaxPooling", keepdims=True),
    **over_positions("MaxPool"),
    **over_positions("MaxPooling", padding="same"),
    **over_positions("SpatialDropout", rate=0.5),
    **over_positions("UpSampling"),
    **over_positions("ZeroPadding"),
    "Activation": ({"activation": "log_sigmoid"}, LINE),
    "ActivityRegularization": ({"l1": 0.1}, LINE),
    "Add": ({}, (LINE, LINE, LINE)),
    "AdditiveAttention": ({}, (LINE, LINE)),
    "AlphaDropout": ({"rate": 0.5}, LINE),
    "Attention": ({"use_scale": True}, (LINE, LINE)),
    "Average": ({}, (LINE, LINE)),
    "BatchNormalization": ({"renorm": True}, LINE),
    "Bidirectional": ({"layer": cell("LSTM")}, LINE),
    "CenterCrop": ({"height": 5, "width": 4}, IMAGE),
    "Concatenate": ({"axis": 1}, (LINE, LINE)),
    "Dense": ({"units": 4}, LINE),
    "DepthwiseConv1D": ({"kernel_size": 2, "depth_multiplier": 2}, LINE),
    "DepthwiseConv2D": ({"kernel_size": 2}, IMAGE),
    "Dot": ({"axes": 2}, (LINE, LINE)),
    "Dropout": ({"rate": 0.5}, LINE),
    "ELU": ({}, LINE),
    "EinsumDense": (
        {"equation": "ab...,bc->ac...", "output_shape": 4, "bias_axes": "c"},
        IMAGE,
    ),
    "Embedding": ({"input_dim": 5, "output_dim": 4}, (8,)),
    "Flatten": ({}, IMAGE),
    "GRU": ({"units": 4, "return_sequences": True}, LINE),
    "GRUCell": ({"units": 4}, (3,)),
    "GaussianDropout": ({"rate": 0.5}, LINE),
    "GaussianNoise": ({"stddev": 0.1}, LINE),
    "GroupNormalization": ({"groups": 3}, LINE),
    "GroupQueryAttention": (
        {"head_dim": 4, "num_query_heads": 4, "num_key_value_heads": 2, "use_gate": True},
        (LINE, LINE),
    ),
    "Identity": ({}, LINE),
    "LSTM": ({"units": 4, "use_bias": False}, LINE),
    "LSTMCell": ({"units": 4}, (3,)),
    "LayerNormalization": ({"axis": [1, 2]}, LINE),
    "LeakyReLU": ({"negative_slope": 0.1}, LINE),
    "Masking": ({"mask_value": 1.0}, LINE),
    "Maximum": ({}, (LINE, LINE)),
    "Minimum": ({}, (LINE, LINE)),
    "MultiHeadAttention": (
        {"num_heads": 2, "key_dim": 4, "value_dim": 5, "use_gate": True, "output_shape": [3, 4]},
        (LINE, LINE),
    ),
    "Multiply": ({}, (LINE, LINE)),
    "Normalization": ({"axis": None}, LINE),
    "PReLU": ({"shared_axes": [1]}, IMAGE),
    "Permute": ({"dims": [3, 1, 2]}, IMAGE),
    "RMSNormalization": ({"axis": [1, 2]}, LINE),
    "RNN": ({"cell": CELLS}, LINE),
    "ReLU": ({"max_value": 6}, LINE),
    "RepeatVector": ({"n": 4}, (3,)),
    "Rescaling": ({"scale": 2.0, "offset": 1.0}, LINE),
    "Reshape": ({"target_shape": [4, -1]}, LINE),
    "ReversibleEmbedding": ({"input_dim": 5, "output_dim": 4, "tie_weights": False}, (8,)),
    "SeparableConv1D": (WINDOW, LINE),
    "SeparableConv2D": (WINDOW, IMAGE),
    "SeparableConvolution1D": ({**WINDOW, "depth_multiplier": 2}, LINE),
    "SeparableConvolution2D": ({**WINDOW, "use_bias": False}, IMAGE),
    "SimpleRNN": ({"units": 4}, LINE),
    "SimpleRNNCell": ({"units": 4}, (3,)),
    "Softmax": ({"axis": 1}, LINE),
    "SpectralNormalization": ({"layer": {"class_name": "Conv2D", "config": WINDOW}}, IMAGE),
    "StackedRNNCells": ({"cells": CELLS}, (3,)),
    "Subtract": ({}, (LINE, LINE)),
    "TimeDistributed": ({"layer": {"class_name": "Conv1D", "config": WINDOW}}, IMAGE),
    "UnitNormalization": ({"axis": [1, 2]}, LINE),
}


def with_channels(name: str, **options: Any) -> dict[str, Example]:
    """A class of torch over one, two and three axes of positions."""
    sizes = ((2, 3, 8), (2, 3, 8, 9), (2, 3, 6, 7, 8))
    return {f"{name}{k}d": (options, s) for k, s in enumerate(sizes, 1)}


def elementwise(*names: str, **options: Any) -> dict[str, Example]:
    """Classes of torch that change each value for itself."""
    return dict.fromkeys(names, (options, (2, 8, 4)))


CONV = {"in_channels": 3, "out_channels": 4, "kernel_size": 2}
LAZY = {"out_channels": 4, "kernel_size": 2}
STEPS = {"input_size": 3, "hidden_size": 4}
MODEL = {"d_model": 6, "nhead": 2, "dim_feedforward": 5}

TORCH: dict[str, Example] = {
    **with_channels("AdaptiveAvgPool", output_size=3),
    **with_channels("AdaptiveMaxPool", output_size=2),
    **with_channels("AvgPool", kernel_size=3, stride=2, ceil_mode=True),
    **with_channels("BatchNorm", num_features=3),
    **with_channels("CircularPad", padding=1),
    **with_channels("ConstantPad", padding=2, value=0.0),
    **with_channels("Conv", **CONV),
    **with_channels("ConvTranspose", **CONV),
    **with_channels("Dropout", p=0.2),
    **with_channels("InstanceNorm", num_features=3, affine=True),
    **with_channels("LPPool", norm_type=2, kernel_size=2),
    **with_channels("LazyBatchNorm"),
    **with_channels("LazyConv", **LAZY),
    **with_channels("LazyConvTranspose", **LAZY),
    **with_channels("LazyInstanceNorm"),
    **with_channels("MaxPool", kernel_size=2, dilation=2, stride=3, ceil_mode=True),
    **with_channels("ReflectionPad", padding=1),
    **with_channels("ReplicationPad", padding=1),
    **with_channels("ZeroPad", padding=1),
    **elementwise(
        "AlphaDropout", "CELU", "Dropout", "ELU", "FeatureAlphaDropout", "GELU", "Hardshrink",
        "Hardsigmoid", "Hardswish", "Hardtanh", "Identity", "LeakyReLU", "LogSigmoid", "Mish",
        "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softshrink", "Softsign",
        "Tanh", "Tanhshrink", "PReLU", "Flatten", "GLU",
    ),
    **elementwise("LogSoftmax", "Softmax", "Softmin", dim=-1),
    "AdaptiveLogSoftmaxWithLoss": (
        {"in_features": 8, "n_classes": 9, "cutoffs": [3, 5], "head_bias": True},
        ((2, 8), (2,)),
    ),
    "Bilinear": ({"in1_features": 3, "in2_features": 4, "out_features": 5}, ((2, 3), (2, 4))),
    "ChannelShuffle": ({"groups": 3}, (2, 3, 8, 9)),
    "ConstantPad2d": ({"padding": [1, 2, 3, 4], "value": 0.0}, (2, 3, 8, 9)),
    "CrossMapLRN2d": ({"size": 3}, (2, 3, 8, 9)),
    "Embedding": ({"num_embeddings": 5, "embedding_dim": 4, "padding_idx": 1}, (2, 8)),
    "EmbeddingBag": ({"num_embeddings": 5, "embedding_dim": 4}, (2, 8)),
    "Fold": ({"output_size": [4, 5], "kernel_size": 2}, (2, 8, 12)),
    "GRU": ({**STEPS, "num_layers": 2}, (8, 2, 3)),
    "GRUCell": (STEPS, (2, 3)),
    "GroupNorm": ({"num_groups": 3, "num_channels": 6}, (2, 6, 8)),
    "LSTM": ({**STEPS, "proj_size": 2, "bidirectional": True}, (8, 2, 3)),
    "LSTMCell": (STEPS, (2, 3)),
    "LayerNorm": ({"normalized_shape": [8, 3]}, (2, 8, 3)),
    "LazyLinear": ({"out_features": 5}, (2, 8)),
    "Linear": ({"in_features": 8, "out_features": 5}, (2, 8)),
    "LocalResponseNorm": ({"size": 3}, (2, 6, 8, 9)),
    "MultiheadAttention": (
        {"embed_dim": 6, "num_heads": 2, "kdim": 3, "vdim": 4, "add_bias_kv": True},
        ((8, 2, 6), (5, 2, 3), (5, 2, 4)),
    ),
    "PixelShuffle": ({"upscale_factor": 2}, (2, 12, 4, 5)),
    "PixelUnshuffle": ({"downscale_factor": 2}, (2, 3, 4, 6)),
    "RMSNorm": ({"normalized_shape": [8, 3]}, (2, 8, 3)),
    "RNN": ({**STEPS, "bias": False}, (8, 2, 3)),
    "RNNCell": (STEPS, (2, 3)),
    "Softmax2d": ({}, (2, 3, 8, 9)),
    "SyncBatchNorm": ({"num_features": 3}, (2, 3, 8)),
    "Threshold": ({"threshold": 0.1, "value": 0.0}, (2, 8)),
    "Transformer": (
        {**MODEL, "num_encoder_layers": 1, "num_decoder_layers": 2},
        ((8, 2, 6), (5, 2, 6)),
    ),
    "TransformerDecoder": (
        {"_layer": MODEL, "num_layers": 2, "norm": True},
        ((8, 2, 6), (5, 2, 6)),
    ),
    "TransformerDecoderLayer": (MODEL, ((8, 2, 6), (5, 2, 6))),
    "TransformerEncoder": ({"_layer": MODEL, "num_layers": 2, "norm": False}, (8, 2, 6)),
    "TransformerEncoderLayer": ({**MODEL, "bias": False, "norm_first": True}, (8, 2, 6)),
    "Unflatten": ({"dim": 1, "unflattened_size": [2, 4]}, (2, 8)),
    "Upsample": ({"scale_factor": 2}, (2, 3, 8, 9)),
    "UpsamplingBilinear2d": ({"size": [16, 27]}, (2, 3, 8, 9)),
    "UpsamplingNearest2d": ({"scale_factor": 3}, (2, 3, 8, 9)),
}  # fmt: skip
