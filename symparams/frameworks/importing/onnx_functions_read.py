"""Operators of ONNX without weights: functions of the neutral representation."""

from __future__ import annotations

from typing import Any

from symparams.errors import SymparamsError
from symparams.frameworks.importing.graph import SourceFunction, SourceTensor
from symparams.frameworks.importing.onnx_layers_read import grouped_norm, with_bias, with_factor
from symparams.frameworks.importing.onnx_reader import OnnxCall, reads_operators
from symparams.frameworks.importing.unread import CannotRead

WORDS = {
    "Relu": "relu",
    "LeakyRelu": "leaky_relu",
    "Elu": "elu",
    "Selu": "selu",
    "Gelu": "gelu",
    "Mish": "mish",
    "Swish": "silu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "HardSigmoid": "hard_sigmoid",
    "HardSwish": "hard_swish",
    "Exp": "exp",
    "Log": "log",
    "Sqrt": "sqrt",
    "Abs": "abs",
}
#: A function on each value for which the language has no word.
FREE = (
    *("Pow", "Reciprocal", "Sin", "Cos", "Tan", "Erf", "Sign", "Floor", "Ceil", "Round", "Max"),
    *("Min", "Where", "Celu", "ThresholdedRelu", "Shrink", "Sinh", "Cosh", "Atan", "Mod", "Equal"),
    *("Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Not", "And", "Or", "Xor", "CumSum"),
    *("Trilu", "LpNormalization", "IsNaN", "BitShift", "Hardmax", "Range"),
)
SAME = (*("Identity", "Cast", "CastLike", "Dropout", "Neg", "QuantizeLinear", "DequantizeLinear"),)


@reads_operators(*WORDS)
def _word(call: OnnxCall) -> None:
    call.emit("elementwise", [call.take()], word=WORDS[call.operator])


@reads_operators(*FREE)
def _free(call: OnnxCall) -> None:
    made = call.make()
    takes = call.entering()
    name = call.operator.lower()
    if any(t.axes == made.axes for t in takes):
        call.emit("free", takes, name=name)
    else:
        call.emit("gather", takes, name=name)


@reads_operators(*SAME)
def _same(call: OnnxCall) -> None:
    call.emit("same", [call.take()])


@reads_operators("Clip")
def _clip(call: OnnxCall) -> None:
    least, most = call.value(1, "min"), call.value(2, "max")
    if least is not None and float(least) == 0 and (most is None or float(most) == 6):
        call.emit("elementwise", [call.take()], word="relu" if most is None else "relu6")
    else:
        call.emit("free", [call.take()], name="clip")


# --- two tensors ----------------------------------------------------------------------


_JOINS = {"Add": "add", "Sub": "sub", "Mul": "mul", "Div": "div"}


@reads_operators(*_JOINS)
def _binary(call: OnnxCall) -> None:
    if call.operator == "Add" and with_bias(call):
        return
    if call.operator == "Mul" and _activation(call):
        return
    if call.operator in ("Add", "Mul") and with_factor(call):
        return
    takes = [call.take(n) for n in (0, 1) if call.depends(n)]
    if len(takes) == 2:
        call.emit(_JOINS[call.operator], takes)
    elif call.operator == "Div" and not call.depends(0):
        call.emit(
            "free" if takes[0].axes == call.make().axes else "expand", takes, name="reciprocal"
        )
    else:  # a number, or a constant: it changes no count, unless it stretches
        call.emit("same" if takes[0].axes == call.make().axes else "expand", takes)


def _activation(call: OnnxCall) -> bool:
    """Put ``x * f(x)`` into one word, where there is one: silu, hard_swish, mish, gelu."""
    if not (call.depends(0) and call.depends(1)) or call.weight(0) or call.weight(1):
        return False
    for one, other in ((0, 1), (1, 0)):
        given, gate = call.take(one), call.take(other)
        word = _gate(call, given, gate)
        if word:
            call.emit("elementwise", [given], word=word)
            return True
    return False


def _gate(call: OnnxCall, given: SourceTensor, gate: SourceTensor) -> str:
    """Return which function a tensor is when it is multiplied by its gate, or ""."""
    chain: list[str] = []
    for _ in range(6):
        found = call.reader.producer(gate)
        if found is None or not isinstance(found[1], SourceFunction):
            return ""
        function = found[1]
        if len(function.takes) != 1:
            return ""
        if function.name != "same":
            chain.append(str(function.options.get("word", function.options.get("name", ""))))
        (gate,) = function.takes
        words = {
            ("sigmoid",): "silu",
            ("hard_sigmoid",): "hard_swish",
            ("tanh", "softplus"): "mish",
            ("erf",): "gelu",
        }
        if gate == given:
            return words.get(tuple(chain), "")
    return ""


@reads_operators("Sum")
def _sum(call: OnnxCall) -> None:
    first, *others = call.entering()
    if not others:
        call.emit("same", [first])
        return
    *inner, last = others
    for other in inner:
        count = max(len(first.axes), len(other.axes))
        both = [(1,) * (count - len(t.axes)) + t.axes for t in (first, other)]
        axes = tuple(max(pair) for pair in zip(*both, strict=True))
        first = call.emit("add", [first, other], [call.between(axes)])
    call.emit("add", [first, last])


@reads_operators("Softmax", "LogSoftmax")
def _softmax(call: OnnxCall) -> None:
    given = call.take()
    default = -1 if call.reader.shapes.opsets.get("", 1) >= 13 else 1
    call.emit("softmax", [given], axis=call.attributes.get("axis", default) % len(given.axes))


@reads_operators("Einsum")
def _einsum(call: OnnxCall) -> None:
    equation = call.attributes["equation"].decode().replace(" ", "")
    call.emit("einsum", [call.take(n) for n in range(len(call.node.input))], equation=equation)


@reads_operators("Attention")
def _attention(call: OnnxCall) -> None:
    takes = [call.take(n) for n in range(3)]
    if any(len(t.axes) != 4 for t in takes) or any(call.name(n) for n in (4, 5)):
        raise CannotRead("Attention over three axes, or with what came before")
    bias = [call.take(3)] if call.name(3) and call.depends(3) else []
    call.emit("attend", [*takes, *bias], causal=bool(call.attributes.get("is_causal", 0)))


# --- axes -------------------------------------------------------------------------------


@reads_operators("Reshape", "Flatten", "Squeeze", "Unsqueeze")
def _reshape(call: OnnxCall) -> None:
    if not grouped_norm(call):
        call.emit("reshape", [call.take()])


@reads_operators("Transpose")
def _transpose(call: OnnxCall) -> None:
    given = call.take()
    order = call.attributes.get("perm", list(range(len(given.axes)))[::-1])
    call.emit("permute", [given], axes=tuple(order))


@reads_operators("Expand")
def _expand(call: OnnxCall) -> None:
    call.emit("expand", [call.take()])


@reads_operators("Tile")
def _tile(call: OnnxCall) -> None:
    given, made = call.take(), call.make()
    times = tuple(m // max(n, 1) for n, m in zip(given.axes, made.axes, strict=True))
    call.emit("repeat", [given], times=times)


@reads_operators("Concat")
def _concat(call: OnnxCall) -> None:
    made = call.make()
    axis = call.attributes["axis"] % len(made.axes)
    names = [n for n, name in enumerate(call.node.input) if 0 not in call.reader.shapes.axes(name)]
    call.emit("cat", [call.take(n) for n in names], axis=axis)


@reads_operators("Split")
def _split(call: OnnxCall) -> None:
    given = call.take()
    axis = call.attributes.get("axis", 0) % len(given.axes)
    made = [call.make(n) for n in range(len(call.node.output))]
    if all(t.axes[axis] == 1 for t in made):  # apart, as by an index
        left = given.axes[:axis] + given.axes[axis + 1 :]
        for place, tensor in enumerate(made):
            options = {"axis": axis, "position": place}
            one = call.emit("take", [given], [call.between(left)], **options)
            call.emit("reshape", [one], [tensor])
        return
    call.emit("split", [given], made, axis=axis, sizes=tuple(t.axes[axis] for t in made))


@reads_operators("Slice")
def _slice(call: OnnxCall) -> None:
    given, made = call.take(), call.make()
    starts, ends = call.numbers(1, "starts"), call.numbers(2, "ends")
    if starts is None or ends is None:
        raise CannotRead("Slice at places that are worked out")
    axes = call.numbers(3, "axes") or list(range(len(starts)))
    steps = call.numbers(4) or [1] * len(starts)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        axis %= len(given.axes)
        left = list(given.axes)
        start, stop, step = slice(start, end, step).indices(left[axis])
        length = len(range(start, stop, step))
        if length == left[axis]:
            continue
        left[axis] = length
        options = {"axis": axis, "start": start, "stop": stop, "step": step}
        given = call.emit("slice", [given], [call.between(left)], **options)
    call.emit("same", [given], [made])


@reads_operators("Gather")
def _gather(call: OnnxCall) -> None:
    axis = call.attributes.get("axis", 0)
    table = call.weight(0)
    if not call.depends(1):
        _picked(call, axis)
    elif table is not None and axis == 0 and len(call.axes(0)) == 2:
        rows, width = call.axes(0)
        options = {"vocabulary": rows, "width": width}
        call.layer("embed", options, {"table": table}, [call.take(1)])
    else:
        call.emit("gather", name="gather")


def _picked(call: OnnxCall, axis: int) -> None:
    """Read a Gather by constant places: one of an axis, or some that follow each other."""
    given, made = call.take(), call.make()
    axis %= len(given.axes)
    places = call.numbers(1)
    size = given.axes[axis]
    if places and not all(-size <= place < size for place in places):
        raise SymparamsError(
            f"'{call.node.name or call.operator}' takes {max(places, key=abs)} of an axis of {size}"
        )
    if places is not None and not call.axes(1):
        (place,) = places
        place = place if place >= -1 else place + size
        call.emit("take", [given], axis=axis, position=place)
        return
    if places and places == list(range(places[0], places[0] + len(places))):
        left = list(given.axes)
        left[axis] = len(places)
        options = {"axis": axis, "start": places[0], "stop": places[-1] + 1, "step": 1}
        if tuple(left) != given.axes:
            given = call.emit("slice", [given], [call.between(left)], **options)
        if given.axes == made.axes:
            call.emit("same", [given])
        else:
            call.emit("reshape", [given])
        return
    call.emit("gather", [given], name="gather")


@reads_operators(
    *("GatherElements", "GatherND", "ScatterElements", "ScatterND", "OneHot", "ArgMax", "ArgMin"),
    *("GridSample", "CenterCropPad", "ReverseSequence", "EyeLike"),
)
def _pick(call: OnnxCall) -> None:
    call.emit("gather", name=call.operator.lower())


@reads_operators("Pad")
def _pad(call: OnnxCall) -> None:
    given = call.take()
    amounts = call.numbers(1, "pads")
    count = len(given.axes)
    if amounts is None:
        raise CannotRead("Pad by amounts that are worked out")
    axes = [a % count for a in call.numbers(3) or range(count)]
    half = len(amounts) // 2
    pairs = [(0, 0)] * count
    for axis, before, behind in zip(axes, amounts[:half], amounts[half:], strict=True):
        pairs[axis] = (before, behind)
    if any(n < 0 for p in pairs for n in p):
        cut = tuple((max(0, -a), max(0, -b)) for a, b in pairs)
        if any(n > 0 for p in pairs for n in p):
            raise CannotRead("Pad that adds and cuts")
        call.emit("crop", [given], amounts=cut)
    elif any(any(p) for p in pairs):
        call.emit("pad", [given], amounts=tuple(pairs))
    else:
        call.emit("same", [given])


@reads_operators("Resize", "Upsample")
def _resize(call: OnnxCall) -> None:
    given, made = call.take(), call.make()
    pairs = list(zip(given.axes, made.axes, strict=True))
    if given.axes == made.axes:
        call.emit("same", [given])
    elif given.axes[:2] == made.axes[:2] and all(m % n == 0 for n, m in pairs):
        call.emit("upsample", [given], factors=tuple(m // n for n, m in pairs[2:]))
    else:
        raise CannotRead("an image that becomes larger by no whole number")


@reads_operators("DepthToSpace", "SpaceToDepth")
def _blocks(call: OnnxCall) -> None:
    name = "depth_to_space" if call.operator == "DepthToSpace" else "space_to_depth"
    call.emit(name, [call.take()], amount=call.attributes["blocksize"])


# --- reductions -----------------------------------------------------------------------------


@reads_operators(
    *("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2"),
    *("ReduceLogSumExp", "ReduceSumSquare", "ReduceLogSum"),
)
def _reduce(call: OnnxCall) -> None:
    given = call.take()
    count = len(given.axes)
    axes = call.numbers(1, "axes")
    if axes is None:
        axes = [] if call.attributes.get("noop_with_empty_axes", 0) else list(range(count))
    keep = bool(call.attributes.get("keepdims", 1))
    options: dict[str, Any] = {"axes": tuple(sorted(a % count for a in axes)), "keep": keep}
    if call.operator == "ReduceMean":
        call.emit("mean", [given], **options)
    else:
        call.emit("reduce", [given], name=call.operator[6:].lower(), **options)


__all__ = ["FREE", "SAME", "WORDS"]
