"""Recurrent layers: one cell, run over a sequence; its weights do not grow with time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from symparams.algebra import Size, product
from symparams.layers.base import Layer, Requirement, Saved, Shape, Weight, Wrapper, along
from symparams.layers.options import a_count, a_flag, a_net, a_size, a_word, sizes
from symparams.layers.window import Window


class _Recurrent(Layer):
    """``(time, i) -> (time, h)``, or ``(h)`` with ``last = yes``.

    A vector ``(i)`` is a sequence of one step.
    """

    needs = "a sequence (time, features)"

    units: Size = a_size("h", "units", place=0)
    bias: bool = a_flag("add bias vectors", True)
    bias_vectors: int = a_count("bias vectors a gate: 1, or 2 (input and state apart)", 1, high=2)
    last: bool = a_flag("give the last state instead of the sequence", False)

    gates: Size

    def weights(self, shape: Shape) -> Iterator[Weight]:
        *steps, features = shape
        rows = self.gates * self.units
        uses = product(steps)
        yield Weight("kernel", (features, rows), uses=uses)
        # The first state is given: it has no gradient.
        back = uses - product(shape[:-2])
        yield Weight("recurrent_kernel", (self.units, rows), uses=uses, behind=True, back=back)
        names = ("bias", "recurrent_bias")
        for name in names[: self.bias_vectors if self.bias else 0]:
            yield Weight(name, (rows,))

    def output(self, shape: Shape) -> Shape:
        before = shape[:-2] if self.last else shape[:-1]
        return (*before, self.units)

    def state(self, *shapes: Shape) -> Size:
        return product(shapes[0][:-2]) * self.units

    #: Values that PyTorch keeps for a unit in each step, where it runs step by step.
    kept_in_a_step: ClassVar[int] = 0
    #: And before the first; of a step by itself, all.
    kept_before: ClassVar[int] = 0
    kept_in_one_step: ClassVar[int] = 0
    #: In each step, where its weights are not trained.
    kept_frozen: ClassVar[int] = 0

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        (shape,) = shapes
        if not self.kept_in_a_step:
            return None
        if not learns:
            return Saved(values=product(shape[:-1]) * self.kept_frozen * self.units)
        if len(shape) == 1:
            return Saved(inputs=(0,), values=self.kept_in_one_step * self.units)
        each = product(shape[:-1]) * self.kept_in_a_step + product(shape[:-2]) * self.kept_before
        # Time comes first there: it works on a copy of what comes in.
        return Saved(values=product(shape) + each * self.units)


class SimpleRNN(_Recurrent, kind="rnn"):
    """Simple recurrent network (Elman 1990): ``(time, i) -> (time, h)``.

    Keras ``SimpleRNN``, torch ``nn.RNN``.
    """

    example = "input(t, i) -> rnn(h)"
    gates = 1
    kept_in_a_step = 1  # the state
    kept_before = 1
    kept_in_one_step = 1
    kept_frozen = 1

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        saved = super().saves(needs, learns, *shapes)
        if saved is None or len(shapes[0]) > 1:
            return saved
        # Of a step by itself the state is what leaves it.
        return saved.but(result=True, values=saved.values if learns else 0)


class LSTM(_Recurrent, kind="lstm"):
    """Long short-term memory (Hochreiter & Schmidhuber 1997): ``(time, i) -> (time, h)``.

    With ``proj = p`` the state that goes on has p values instead of h (Sak et
    al. 2014, arXiv:1402.1128; torch's ``proj_size``); with ``peephole`` three
    gates see the cell, a weight for each unit (Gers & Schmidhuber 2000). Keras
    ``LSTM``, torch ``nn.LSTM``.
    """

    example = "input(t, i) -> lstm(h)"
    gates = 4
    kept_in_a_step = 7  # the gates, the cell's tanh, cell and state before
    kept_in_one_step = 6  # where these two are the same zeros
    kept_frozen = 6  # without the state before

    proj: Size | None = a_size("p", "values of the projected state; none: not projected", None)
    peephole: bool = a_flag("three gates see the cell", False)

    def _state(self) -> Size:
        return self.units if self.proj is None else self.proj

    def weights(self, shape: Shape) -> Iterator[Weight]:
        uses = product(shape[:-1])
        for weight in super().weights(shape):
            if weight.name == "recurrent_kernel":
                weight = weight.but(shape=(self._state(), weight.shape[1]))
            yield weight
        if self.peephole:
            for gate in ("input", "forget", "output"):
                yield Weight(f"peephole_{gate}", (self.units,))
        if self.proj is not None:
            yield Weight("projection", (self.units, self.proj), uses=uses, behind=True)

    def output(self, shape: Shape) -> Shape:
        return (*super().output(shape)[:-1], self._state())

    def state(self, *shapes: Shape) -> Size:
        return product(shapes[0][:-2]) * (self._state() + self.units)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        if self.peephole:
            return None
        saved = super().saves(needs, learns, *shapes)
        if saved is None or self.proj is None or not learns:
            return saved
        # The state before has fewer values, and what is projected is kept beside it; there are
        # no two zeros that are the same.
        (shape,) = shapes
        each = 7 * self.units + self.proj
        if len(shape) == 1:
            return Saved(inputs=(0,), values=each)
        return Saved(values=product(shape[:-1]) * (shape[-1] + each))


class GRU(_Recurrent, kind="gru"):
    """Gated recurrent unit (Cho et al. 2014, arXiv:1406.1078): ``(time, i) -> (time, h)``.

    Keras ``GRU``, torch ``nn.GRU``.
    """

    example = "input(t, i) -> gru(h)"
    gates = 3
    kept_in_a_step = 7  # what makes the gates and the candidate, that, and the state before
    kept_in_one_step = 7
    kept_frozen = 6  # without the state before


class AnyRecurrent(_Recurrent, kind="recurrent"):
    """A recurrent layer with g networks in a unit: ``(time, i) -> (time, h)``.

    1 is a simple RNN, 3 a GRU, 4 an LSTM, whose cell beside the state has no option here.
    """

    example = "input(t, i) -> recurrent(h, gates = g)"

    gates: Size = a_size("g", "networks in a unit")


class ConvLSTM(Layer, kind="conv_lstm"):
    """An LSTM over images (Shi et al. 2015, arXiv:1506.04214): ``(time, n…, i) -> (time, n'…, o)``.

    What comes in is convolved by an f×f kernel with the padding and stride
    given, the state by one that keeps its size. Keras ``ConvLSTM1D`` to ``3D``.
    """

    example = "input(t, x, y, i) -> conv_lstm(o, f)"
    least_rank = 3
    needs = "a sequence of images (time, height, width, channels)"

    leading = 1

    filters: Size = a_size("o", "output channels", place=0)
    kernel: Any = sizes("f", "size of the window", place=1)
    stride: Any = sizes("", "steps of the window", 1)
    pad: Any = sizes("", "values added on both sides", "valid", low=0, words=("valid", "same"))
    dilation: Any = sizes("", "distance of the window's values", 1)
    bias: bool = a_flag("add a bias vector", True)
    last: bool = a_flag("give the last state instead of the sequence", False)

    def _window(self, axes: int) -> Window:
        return Window.over(axes, self.kernel, self.stride, self.pad, self.dilation)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        time, *spatial, channels = shape
        window = along(self.kernel, len(spatial))
        places = product(self._window(len(spatial)).output(tuple(spatial)))
        rows = 4 * self.filters
        yield Weight("kernel", (*window, channels, rows), uses=time * places)
        recurrent = (*window, self.filters, rows)
        back = (time - 1) * places
        yield Weight("recurrent_kernel", recurrent, uses=time * places, behind=True, back=back)
        if self.bias:
            yield Weight("bias", (rows,))

    def output(self, shape: Shape) -> Shape:
        time, *spatial, _ = shape
        image = (*self._window(len(spatial)).output(tuple(spatial)), self.filters)
        return image if self.last else (time, *image)

    def state(self, *shapes: Shape) -> Size:
        return 2 * product(self.output(shapes[0])[0 if self.last else 1 :])

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        yield from self._window(len(shape) - 2).requires(shape[1:-1])


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
