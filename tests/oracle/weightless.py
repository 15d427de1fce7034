"""Layer kinds without weights: which layer of a framework each is."""

from __future__ import annotations

#: kind → module of ``torch.nn``, or a function of ``torch``.
TORCH = {
    "abs": "abs",
    "dropout": "Dropout",
    "elu": "ELU",
    "exp": "exp",
    "gelu": "GELU",
    "hard_sigmoid": "Hardsigmoid",
    "hard_swish": "Hardswish",
    "id": "Identity",
    "leaky_relu": "LeakyReLU",
    "log": "log",
    "log_softmax": "LogSoftmax",
    "mish": "Mish",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "selu": "SELU",
    "sigmoid": "Sigmoid",
    "silu": "SiLU",
    "softmax": "Softmax",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "sqrt": "sqrt",
    "tanh": "Tanh",
}

#: Modules of torch that must be told the axis they go over.
OVER_THE_LAST_AXIS = ("Softmax", "LogSoftmax")

#: kind → class of ``keras.layers``, an activation by name, or a function of ``keras.ops``.
KERAS = {
    "abs": "ops.abs",
    "dropout": "layers.Dropout",
    "elu": "layers.ELU",
    "exp": "ops.exp",
    "gelu": "activations.gelu",
    "hard_sigmoid": "activations.hard_sigmoid",
    "hard_swish": "activations.hard_swish",
    "id": "layers.Identity",
    "leaky_relu": "layers.LeakyReLU",
    "log": "ops.log",
    "log_softmax": "activations.log_softmax",
    "mish": "activations.mish",
    "relu": "layers.ReLU",
    "relu6": "activations.relu6",
    "selu": "activations.selu",
    "sigmoid": "activations.sigmoid",
    "silu": "activations.silu",
    "softmax": "layers.Softmax",
    "softplus": "activations.softplus",
    "softsign": "activations.softsign",
    "sqrt": "ops.sqrt",
    "tanh": "activations.tanh",
}
