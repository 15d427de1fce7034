"""No class of a framework with weights that is neither translated nor listed."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest

from . import every_class, keras_text, outside, torch_text
from .counting import agree, network
from .test_live_keras import measure as measured_by_keras
from .test_live_torch import measure as measured_by_torch

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore:`NLLLoss2d` has been deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:enable_nested_tensor is True:UserWarning"),
    pytest.mark.filterwarnings("ignore:Lazy modules are a new feature:UserWarning"),
    pytest.mark.filterwarnings("ignore:Initializing zero-element tensors:UserWarning"),
]


@pytest.mark.parametrize("name", every_class.KERAS)
def test_a_class_of_keras(keras: ModuleType, name: str) -> None:
    options, shape = every_class.KERAS[name]
    measured = measured_by_keras(keras, name, options, shape)
    agree(network(keras_text.text(name, options, shape), keras_text.CONVENTION), measured)


@pytest.mark.parametrize("name", every_class.TORCH)
def test_a_class_of_torch(torch: ModuleType, name: str) -> None:
    options, shape = every_class.TORCH[name]
    measured = measured_by_torch(torch, name, options, shape)
    agree(network(torch_text.text(name, options, shape), torch_text.CONVENTION), measured)


def bare(made: type, arguments: dict[str, Any]) -> Any:
    """An object of a class that stands in no table, to be asked for its weights."""
    return made(**arguments)


def classes(room: ModuleType, base: type) -> dict[str, type]:
    """The public classes of a module that derive from another one."""
    return {
        name: found
        for name, found in vars(room).items()
        if inspect.isclass(found) and issubclass(found, base) and not name.startswith("_")
    }


def test_no_class_of_keras_is_forgotten(keras: ModuleType) -> None:
    public = classes(keras.layers, keras.layers.Layer)
    known = every_class.KERAS.keys() | outside.KERAS_CLASSES.keys() | outside.KERAS_BARE.keys()
    assert known == public.keys()


def test_no_class_of_torch_is_forgotten(torch: ModuleType) -> None:
    public = classes(torch.nn, torch.nn.Module)
    known = every_class.TORCH.keys() | outside.TORCH_CLASSES.keys() | outside.TORCH_BARE.keys()
    assert known == public.keys()


@pytest.mark.parametrize("name", outside.KERAS_BARE)
def test_a_class_of_keras_has_no_weights(keras: ModuleType, name: str) -> None:
    layer = bare(getattr(keras.layers, name), outside.KERAS_BARE[name])
    if not layer.built:
        layer.build((2, 8, 9, 3))
    assert layer.weights == []


@pytest.mark.parametrize("name", outside.TORCH_BARE)
def test_a_class_of_torch_has_no_weights(torch: ModuleType, name: str) -> None:
    assert bare(getattr(torch.nn, name), outside.TORCH_BARE[name]).state_dict() == {}
