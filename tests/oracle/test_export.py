"""Exported modules of the zoo, built: shapes, counts and outputs are those of the text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from symparams.elaboration import zoo
from symparams.frameworks import export
from symparams.frameworks.steps import Plan, numbers
from symparams.network import Signal
from tests.frameworks.exported_texts import TEXTS, definition
from tests.frameworks.test_export import REFUSED

from .exported import Shapes, alike, counted, elsewhere, loaded, model_of, planned
from .verified import definition as of_zoo

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis:UserWarning"),
]


def in_torch(torch: Any, model: Any, written: Plan, sizes: dict[str, int]) -> tuple[Shapes, Any]:
    """The shapes of a module without values, and of what it gives."""
    with torch.device("meta"), torch.no_grad():
        made = model(**sizes)
        inputs = [
            torch.zeros(
                (2, *numbers(node.output)),
                dtype=torch.long if node.output.tokens else torch.float32,
            )
            for _, node in written.inputs
        ]
        found = made.eval()(*inputs)
    return Counter(alike(t.shape) for t in [*made.parameters(), *made.buffers()]), found


def in_keras(keras: Any, model: Any, written: Plan, sizes: dict[str, int]) -> tuple[Shapes, Any]:
    """The shapes of a model without values, and of what it gives."""
    with keras.device("meta"):
        made = model(**sizes)
        inputs = [
            keras.ops.zeros(
                (2, *numbers(node.output)), dtype="int32" if node.output.tokens else "float32"
            )
            for _, node in written.inputs
        ]
        found = made(*inputs)
    return Counter(alike(weight.shape) for weight in made.weights), found


RUN = {"torch": in_torch, "keras": in_keras}


def agreed(text: Any, to: str, framework: Any, folder: Path, sizes: dict[str, int]) -> None:
    """Compare a module with its text at a point."""
    model = model_of(loaded(export(text, to), folder))
    written = planned(text, sizes)
    shapes, found = RUN[to](framework, model, written, sizes)
    wanted = counted(written)
    assert (wanted - shapes, shapes - wanted) == (Counter(), Counter())
    output = written.network.root.output
    if isinstance(output, Signal):
        assert tuple(found.shape[1:]) == numbers(output)


@pytest.fixture(params=["torch", "keras"])
def framework(request: pytest.FixtureRequest) -> tuple[str, ModuleType]:
    """Each framework, by its name."""
    return request.param, request.getfixturevalue(request.param)


@pytest.mark.parametrize("name", TEXTS)
def test_small_modules(name: str, framework: tuple[str, ModuleType], tmp_path: Path) -> None:
    to, module = framework
    text = definition(TEXTS[name], to)
    agreed(text, to, module, tmp_path, {})
    agreed(text, to, module, tmp_path, elsewhere(text))


@pytest.mark.parametrize("name", zoo.files())
def test_the_zoo(name: str, framework: tuple[str, ModuleType], tmp_path: Path) -> None:
    to, module = framework
    if (name, to) in REFUSED:
        pytest.skip(REFUSED[name, to])
    text = of_zoo(name, to)
    agreed(text, to, module, tmp_path, {})


@pytest.mark.parametrize("name", zoo.files())
def test_the_zoo_elsewhere(name: str, torch: ModuleType, tmp_path: Path) -> None:
    text = of_zoo(name, "torch")
    agreed(text, "torch", torch, tmp_path, elsewhere(text))


@pytest.mark.parametrize("name", TEXTS)
def test_a_module_computes_what_the_live_one_does(
    name: str, torch: ModuleType, tmp_path: Path
) -> None:
    import symparams

    live = symparams.parse(TEXTS[name], "pytorch").to_torch().eval()
    text = definition(TEXTS[name], "torch")
    made = model_of(loaded(export(text, "torch"), tmp_path))().eval()
    made.load_state_dict(live.state_dict())
    written = planned(text, {})
    (_, node), *_ = written.inputs
    shape = (2, *numbers(node.output))
    given = torch.randint(0, 9, shape) if node.output.tokens else torch.randn(shape)
    assert torch.allclose(made(given), live(given), atol=1e-6)
