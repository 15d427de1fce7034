"""Layers without weights: activation functions, dropout, reshapes, the identity."""

from __future__ import annotations

from typing import Any, ClassVar

from symparams.algebra import Size, product
from symparams.layers.base import NOTHING, Layer, Saved, Shape
from symparams.layers.options import a_flag, a_number


class _Free(Layer):
    """Changes no shape, has no weight, counts no activation of its own."""

    computes = False
    least_rank = 0
    needs = "a tensor"


class Identity(_Free, kind="id"):
    """The identity: ``x -> x``."""

    example = "input(i) -> id"
    views = True
    hands_on = True


class Dropout(_Free, kind="dropout"):
    """Dropout (Srivastava et al. 2014): nothing at inference, no weights.

    With ``channels`` each channel of an example is dropped whole (Tompson et al. 2015,
    arXiv:1411.4280). torch ``nn.Dropout``, ``nn.Dropout1d`` to ``3d``; Keras ``Dropout``,
    ``SpatialDropout1D`` to ``3D``.
    """

    example = "input(i) -> dropout(0.5)"
    pointwise = True
    hands_on = True

    rate: Size = a_number("share of values that is dropped", 0, place=0)
    channels: bool = a_flag("drop whole channels, at all places", False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        # Where nothing is dropped, PyTorch hands on what came in.
        object.__setattr__(self, "views", self.rate == 0)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        if self.rate == 0:
            return NOTHING
        if self.rate == 1:
            return Saved(once=1)  # a zero, which all is multiplied by
        # A factor for each channel has the type of what it multiplies.
        return Saved(values=shapes[0][-1]) if self.channels else Saved(masks=product(shapes[0]))


class Flatten(_Free, kind="flatten"):
    """All axes in one: ``(n…, i) -> (n*…*i)``. Keras ``Flatten``, torch ``nn.Flatten``."""

    example = "input(x, y, i) -> flatten"
    views = True

    def output(self, shape: Shape) -> Shape:
        return (product(shape),)


class _Activation(_Free):
    pointwise = True
    #: Whether its gradient is told from the result, and not from the input.
    by_result: ClassVar[bool] = False

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        if self.kind == "softsign":  # the divisor, beside what is divided
            return Saved(inputs=(0,), values=product(shapes[0]))
        return Saved(result=True) if self.by_result else Saved(inputs=(0,))


#: PyTorch keeps the result of these; the others keep their input.
BY_RESULT = ("relu", "sigmoid", "tanh", "softmax", "log_softmax", "exp", "sqrt")


def _activation(kind: str, says: str) -> None:
    own = {
        "__doc__": says,
        "example": f"input(i) -> {kind}",
        "by_result": kind in BY_RESULT,
        "pointwise": not kind.endswith("softmax"),
    }
    type(kind.title(), (_Activation,), own, kind=kind)


for _kind, _says in {
    "relu": "max(x, 0) (Nair & Hinton 2010).",
    "relu6": "min(max(x, 0), 6) (Howard et al. 2017, arXiv:1704.04861).",
    "leaky_relu": "x, or a small multiple of it below 0 (Maas et al. 2013).",
    "elu": "exp(x) - 1 below 0 (Clevert et al. 2015, arXiv:1511.07289).",
    "selu": "A scaled elu (Klambauer et al. 2017, arXiv:1706.02515).",
    "gelu": "x times the normal distribution function (arXiv:1606.08415).",
    "silu": "x * sigmoid(x), also called swish (arXiv:1710.05941).",
    "mish": "x * tanh(softplus(x)) (arXiv:1908.08681).",
    "hard_sigmoid": "A sigmoid of three straight lines.",
    "hard_swish": "x * hard_sigmoid(x) (arXiv:1905.02244).",
    "sigmoid": "1/(1 + exp(-x)).",
    "tanh": "The hyperbolic tangent.",
    "softmax": "exp(x) over its sum on the last axis.",
    "log_softmax": "The logarithm of the softmax.",
    "softplus": "log(1 + exp(x)).",
    "softsign": "x/(1 + |x|).",
    "abs": "The absolute value.",
    "exp": "The exponential.",
    "log": "The logarithm.",
    "sqrt": "The square root.",
}.items():
    _activation(_kind, f"Activation function: {_says} No weights.")
