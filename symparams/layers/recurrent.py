"""Recurrent layers: one cell, run over a sequence; its weights do not grow with time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, product
from symparams.layers.base import (
    Layer,
    Shape,
    Weight,
    Wrapper,
    a_count,
    a_flag,
    a_net,
    a_size,
    a_word,
)


class _Recurrent(Layer):
    """``(time, i) -> (time, h)``, or ``(h)`` with ``last = yes``.

    A vector ``(i)`` is a sequence of one step.
    """

    needs = "a sequence (time, features)"

    units: Size = a_size("h", "units", place=0)
    bias: bool = a_flag("add bias vectors", True)
    bias_vectors: int = a_count("bias vectors a gate: 1, or 2 (input and state apart)", 1)
    last: bool = a_flag("give the last state instead of the sequence", False)

    gates: Size

    def weights(self, shape: Shape) -> Iterator[Weight]:
        *steps, features = shape
        rows = self.gates * self.units
        uses = product(steps)
        yield Weight("kernel", (features, rows), uses=uses)
        yield Weight("recurrent_kernel", (self.units, rows), uses=uses)
        names = ("bias", "recurrent_bias")
        for name in names[: self.bias_vectors if self.bias else 0]:
            yield Weight(name, (rows,))

    def output(self, shape: Shape) -> Shape:
        before = shape[:-2] if self.last else shape[:-1]
        return (*before, self.units)


class SimpleRNN(_Recurrent, kind="rnn"):
    """Simple recurrent network (Elman 1990): ``(time, i) -> (time, h)``.

    Keras ``SimpleRNN``, torch ``nn.RNN``.
    """

    example = "input(t, i) -> rnn(h)"
    gates = 1


class LSTM(_Recurrent, kind="lstm"):
    """Long short-term memory (Hochreiter & Schmidhuber 1997): ``(time, i) -> (time, h)``.

    Keras ``LSTM``, torch ``nn.LSTM``.
    """

    example = "input(t, i) -> lstm(h)"
    gates = 4


class GRU(_Recurrent, kind="gru"):
    """Gated recurrent unit (Cho et al. 2014, arXiv:1406.1078): ``(time, i) -> (time, h)``.

    Keras ``GRU``, torch ``nn.GRU``.
    """

    example = "input(t, i) -> gru(h)"
    gates = 3


class AnyRecurrent(_Recurrent, kind="recurrent"):
    """A recurrent layer with g networks in a unit: ``(time, i) -> (time, h)``.

    1 is a simple RNN, 3 a GRU, 4 an LSTM.
    """

    example = "input(t, i) -> recurrent(h, gates = g)"

    gates: Size = a_size("g", "networks in a unit")


class Bidirectional(Wrapper, kind="bidirectional"):
    """A recurrent net in both directions, each with weights of its own.

    ``merge`` says how the two outputs meet: ``concat`` on the last axis,
    ``sum``, ``mul``, ``ave``, or ``none`` (kept apart). Schuster & Paliwal
    1997; Keras ``Bidirectional``.
    """

    example = "input(t, i) -> bidirectional(gru(h))"

    net: Any = a_net("the net of one direction", place=0)
    merge: str | None = a_word(
        ("concat", "sum", "mul", "ave", "none"), "how both outputs meet", "concat"
    )

    @property
    def join(self) -> str:
        return "bundle" if self.merge in (None, "none") else str(self.merge)
