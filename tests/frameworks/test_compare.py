"""What differs is told, by a framework of a few lines that agrees unless it is told otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symparams.elaboration.document import understand
from symparams.elaboration.shipped_files import conventions
from symparams.errors import Source, SymparamsError
from symparams.frameworks import CONVENTIONS, convention_of, verification as compare
from symparams.frameworks.base import (
    CallFailed,
    FoundTensor,
    Kinds,
    Measured,
    NotBuilt,
    as_declared,
    cause_of,
    role as role_of,
    run,
)
from symparams.frameworks.plan import plan
from symparams.frameworks.steps import CallStep, Plan
from symparams.layers import kinds
from tests.frameworks.machines import Shapes, axes_of

Change = Callable[[str, FoundTensor], "list[FoundTensor]"]


class Faithful:
    """Builds what the network declares; ``change`` and ``shape`` make it lie."""

    name = "faithful"
    version = "1.0"

    def __init__(self) -> None:
        self.kinds = Kinds("faithful", {"scan": "it cannot"})
        self.kinds.layer(
            *kinds(), options=" ".join(o for k in kinds().values() for o in k.options)
        )(None)
        del self.kinds.layers["scan"]
        self.change: Change = lambda label, found: [found]
        self.shape: Callable[[str, Any], Any] = lambda label, axes: axes
        self.refuses = ""

    def measured(self, plan: Plan, watch: Any, through: Any) -> Measured:
        def watched(call: CallStep, made: Any) -> None:
            if plan.label(call) == self.refuses:
                raise CallFailed(call) from ValueError("it does not fit\nat all")
            watch(call, self.shape(plan.label(call), made))

        inputs = [axes_of(n.output) for _, n in plan.inputs]
        output = run(plan, Shapes(plan), inputs, watched, through)
        found = {
            number: tuple(
                changed
                for weight in owner.node.weights
                for changed in self.change(
                    plan.label(owner),
                    FoundTensor(
                        weight.name, weight.shape, role_of(weight.buffer, owner.told), weight.name
                    ),
                )
            )
            for number, owner in enumerate(plan.owners)
            if not as_declared(owner.node)
        }
        return Measured(found, self.shape("whole", output))


@pytest.fixture
def faithful(monkeypatch: pytest.MonkeyPatch) -> Faithful:
    made = Faithful()
    monkeypatch.setattr(compare, "loaded", lambda name: made)
    return made


def verified(text: str) -> compare.Verification:
    return compare.verify(understand(Source("<text>", text)).definition(), "faithful")


TEXT = """
block tower(n) on [t, d] = { weight place[d]; ((bn -> dense(d)) * n + place) }
model m = input(5, 4) -> tower(3) -> freeze(dense(2)) -> lstm(3)
"""


def told(found: compare.Verification) -> list[tuple[str, ...]]:
    return [
        (d.layer, d.what, d.declared, d.found, *([str(d.copies)] if d.copies > 1 else []))
        for d in found.differences
    ]


def test_agreement(faithful: Faithful) -> None:
    found = verified(TEXT)
    assert found.agrees
    assert (found.model, found.framework, found.version) == ("m", "faithful", "1.0")
    # three norms of 2 + 2, three dense layers of 2, one frozen one, three of the LSTM
    assert found.tensors == 3 * 4 + 3 * 2 + 2 + 3
    assert found.values == 3 * 16 + 3 * 20 + 10 + (2 + 3 + 1) * 12
    assert found.outputs == 3 * 2 + 2 + 1
    assert (found.declared, found.declared_values) == (1, 4)


def one(label: str, name: str, made: Callable[[FoundTensor], list[FoundTensor]]) -> Change:
    """Another tensor in the place of one."""
    return lambda here, found: made(found) if (here, found.name) == (label, name) else [found]


FAULTS: dict[str, tuple[Change, list[tuple[str, ...]]]] = {
    "a bias that is not there": (
        one("dense2", "bias", lambda found: []),
        [
            ("dense2", "bias", "2 frozen", ""),
            ("", "params", "170", "168"),
            ("", "frozen", "10", "8"),
        ],
    ),
    "a tensor too many": (
        one("dense2", "bias", lambda f: [f, f.but(name="scale")]),
        [
            ("dense2", "scale", "", "2 frozen"),
            ("", "params", "170", "172"),
            ("", "frozen", "10", "12"),
        ],
    ),
    "a shape with the same number of values": (
        one("lstm1", "kernel", lambda f: [f.but(axes=f.axes[::-1])]),
        [("lstm1", "kernel", "2x12 trainable", "12x2 trainable")],
    ),
    "another shape of one copy": (
        one("bn1[1]", "gamma", lambda f: [f.but(axes=(5,))]),
        [
            ("bn1[1]", "gamma", "4 trainable", "5 trainable"),
            ("", "params", "170", "171"),
            ("", "trainable", "160", "161"),
        ],
    ),
    "a weight that is trained": (
        one("dense2", "kernel", lambda f: [f.but(role="trainable")]),
        [
            ("dense2", "kernel", "4x2 frozen", "4x2 trainable"),
            ("", "trainable", "160", "168"),
            ("", "frozen", "10", "2"),
        ],
    ),
    "a buffer that is a weight": (
        lambda label, f: [f.but(role="trainable")] if f.name == "moving_mean" else [f],
        [
            ("bn1", "moving_mean", "4 buffer", "4 trainable", "3"),
            ("", "params", "170", "182"),
            ("", "trainable", "160", "172"),
            ("", "buffers", "24", "12"),
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_weights(faithful: Faithful, name: str) -> None:
    faithful.change, differences = FAULTS[name]
    found = verified(TEXT)
    assert not found.agrees
    assert told(found) == differences


def test_a_fault_in_an_output(faithful: Faithful) -> None:
    faithful.shape = lambda label, axes: (6, 4) if label == "dense1[2]" else axes
    assert told(verified(TEXT)) == [("dense1[2]", "output", "5x4", "6x4")]


def test_a_fault_in_what_leaves_the_network(faithful: Faithful) -> None:
    faithful.shape = lambda label, axes: (5,) if label == "whole" else axes
    assert told(verified(TEXT)) == [("", "output", "5x3", "5")]


def test_bundles_and_scalars_are_shown(faithful: Faithful) -> None:
    faithful.shape = lambda label, axes: ((), (2, 2)) if label == "split1" else axes
    found = verified("input(4) -> split(2) -> cat -> mean(0)")
    assert told(found) == [("split1", "output", "(2, 2)", "(scalar, 2x2)")]


def test_a_call_that_is_refused_is_not_built(faithful: Faithful) -> None:
    faithful.refuses = "dense1[0]"
    with pytest.raises(NotBuilt) as caught:
        verified(TEXT)
    assert str(caught.value).splitlines()[0] == (
        "<text>:2:55: not built: faithful refuses 'dense1[0]': it does not fit"
    )


def test_a_call_that_is_refused_after_a_difference_ends_the_comparison(faithful: Faithful) -> None:
    faithful.refuses = "dense1[0]"
    faithful.shape = lambda label, axes: (6, 4) if label == "bn1[0]" else axes
    found = verified(TEXT)
    assert told(found) == [
        ("bn1[0]", "output", "5x4", "6x4"),
        ("dense1[0]", "call", "5x4", "refused: it does not fit"),
    ]
    assert not found.agrees


def test_what_cannot_meet_after_a_difference_ends_the_comparison(
    faithful: Faithful, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: Shapes, op: str, tensors: Any) -> Any:
        raise RuntimeError("they do not meet")

    monkeypatch.setattr(Shapes, "merge", refuses)
    text = "input(5, 4) -> (id + dense(4)) -> dense(2)"
    with pytest.raises(RuntimeError, match="they do not meet"):
        verified(text)  # where nothing differs it is a fault of the program's own
    faithful.shape = lambda label, axes: (6, 4)
    assert told(verified(text)) == [("dense1", "output", "5x4", "6x4")]


#: Two kernels, so that there are two of each vector: of the depthwise kernel (2x2x1x8) u has 8
#: values and v 4; of the pointwise one (1x1x8x3) u has 3 and v 8.
SEVERAL = "input(5, 5, 4) -> spectralnorm(separable(3, 2, multiplier = 2), vectors = 2)"


def swapped(label: str, found: FoundTensor) -> list[FoundTensor]:
    """u and v of the depthwise kernel, the first of both, change their names."""
    names = {("u", (8,)): "v", ("v", (4,)): "u"}
    return [found.but(name=names.get((found.name, found.axes), found.name))]


def test_every_weight_of_a_name_is_compared(faithful: Faithful) -> None:
    faithful.kinds.rewriter("spectralnorm", options="vectors each")(None)
    assert verified(SEVERAL).agrees
    faithful.change = swapped
    assert told(verified(SEVERAL)) == [
        ("separable1", "u[0]", "8 buffer", "4 buffer"),
        ("separable1", "v[0]", "4 buffer", "8 buffer"),
    ]
    faithful.change = lambda label, f: [] if (f.name, f.axes) == ("u", (3,)) else [f]
    assert told(verified(SEVERAL))[0] == ("separable1", "u[1]", "3 buffer", "")


def test_the_steps_are_told_of(faithful: Faithful) -> None:
    seen: list[int] = []

    def through(steps: Any, total: int) -> Any:
        for number, step in enumerate(steps):
            seen.append(total)
            assert number < total
            yield step

    definition = understand(Source("<text>", TEXT)).definition()
    assert compare.verify(definition, "faithful", None, through).agrees
    assert len(seen) == seen[0] == len(plan(definition).steps)


def test_the_formulas_are_compared_with_what_was_built(
    faithful: Faithful, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The closed form of a repeat that grows, with a fault in its sum."""
    text = "input(4) -> (id | dense(2)) * 5"
    assert verified(text).agrees
    real = compare.Network.measure
    monkeypatch.setattr(
        compare.Network, "measure", lambda self, name: real(self, name) + (name == "params")
    )
    assert told(verified(text)) == [("", "params", "91", "90")]


REFUSED = [
    (
        "{ x = input(t, d); scan(x, x, zeros(d, n), zeros(t, n), zeros(t, n), zeros(d)) }",
        {"t": 2, "d": 3, "n": 4},
        "<text>:1:20: not built: faithful has no 'scan': it cannot\n",
    ),
]


@pytest.mark.parametrize(("text", "sizes", "message"), REFUSED)
def test_a_kind_that_is_not_there(
    faithful: Faithful, text: str, sizes: dict[str, int], message: str
) -> None:
    definition = understand(Source("<text>", text)).definition()
    with pytest.raises(NotBuilt) as caught:
        compare.verify(definition, "faithful", sizes)
    assert str(caught.value).startswith(message)


def test_every_kind_that_is_not_there_is_named(faithful: Faithful) -> None:
    del faithful.kinds.layers["relu"], faithful.kinds.layers["gelu"]
    with pytest.raises(NotBuilt) as caught:
        verified("input(4) -> relu -> gelu -> relu")
    assert str(caught.value) == (
        "<text>:1:13: not built: faithful has no 'relu'\n"
        "    input(4) -> relu -> gelu -> relu\n"
        "                ^^^^\n"
        "<text>:1:21: not built: faithful has no 'gelu'\n"
        "    input(4) -> relu -> gelu -> relu\n"
        "                        ^^^^"
    )


def test_an_option_that_is_not_heeded(faithful: Faithful) -> None:
    rule = faithful.kinds.layers["dense"]
    faithful.kinds.layers["dense"] = rule.but(options=frozenset({"units"}))
    assert verified("input(4) -> dense(3)").agrees
    with pytest.raises(NotBuilt, match="not built: faithful has no 'dense' with bias = no"):
        verified("input(4) -> dense(3, bias = no)")


def test_a_layer_of_the_text_is_made_as_declared(faithful: Faithful) -> None:
    text = """
    layer kan(o) on [..., i] { weight c[i, o]; buffer k[i]; output [..., o]; macs i*o }
    model m = input(3, 4) -> kan(2) -> dense(2)
    """
    found = verified(text)
    assert found.agrees
    assert (found.tensors, found.declared, found.declared_values) == (2, 2, 12)
    assert found.outputs == 2


def test_a_network_without_an_input(faithful: Faithful) -> None:
    with pytest.raises(SymparamsError) as caught:
        verified("model m = { weight w[3]; (w -> dense(3)) }")
    assert caught.value.message == "'m' takes no input"


CAUSES = [
    (ValueError("too large\nException raised from unpack\nframe #0: c10"), "too large"),
    (RuntimeError(""), "RuntimeError"),
    (
        RuntimeError(
            "Exception encountered when calling Dense.call().\n\n\x1b[1mno room\x1b[0m\n\n"
            "Arguments received by Dense.call():\n  • inputs=…"
        ),
        "no room",
    ),
]


@pytest.mark.parametrize(("error", "told"), CAUSES)
def test_the_cause_of_an_error_is_one_line(error: Exception, told: str) -> None:
    assert cause_of(error) == told


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("input(4, 5) -> layernorm(axis = 1)", "axis = 1"),
        ("input(4, 5) -> layernorm(axis = 0)", "axis = 0"),
        ("input(4, 5) -> layernorm(axis = [0, 1])", "axis = [0, 1]"),
        ("input(4, 5) -> layernorm(scale = no)", "scale = no"),
        ("input(4, 5) -> maxpool(2, stride = 3)", "stride = 3"),
    ],
)
def test_an_option_is_shown_as_it_is_written(faithful: Faithful, text: str, option: str) -> None:
    faithful.kinds.layer("layernorm", "maxpool", options="window")(None)
    with pytest.raises(NotBuilt) as caught:
        verified(text)
    assert caught.value.message.endswith(f"with {option}")


def test_the_conventions_are_there() -> None:
    assert set(CONVENTIONS.values()) <= set(conventions())
    with pytest.raises(SymparamsError) as caught:
        convention_of("tensorflow")
    assert str(caught.value) == "unknown framework 'tensorflow'\n    there are keras, torch"
