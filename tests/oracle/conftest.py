"""The frameworks, where they are installed."""

from __future__ import annotations

import importlib
import os
import warnings
from types import ModuleType

import pytest

#: Set to 1 where a missing framework is a failure, as in CI.
REQUIRED = "SYMPARAMS_REQUIRE_ORACLE"


def framework(name: str) -> ModuleType:
    """A framework; the test is skipped where there is none, or fails where it must be there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a framework says while it is imported
            return importlib.import_module(name)
    except ImportError as error:
        message = f"{name} cannot be imported ({error}); install symparams[oracle]"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED} is 1, but {message}", pytrace=False)
        pytest.skip(message)


@pytest.fixture(scope="session")
def torch() -> ModuleType:
    return framework("torch")


@pytest.fixture(scope="session")
def keras(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Keras 3 on torch; its settings file stays out of the user's home."""
    os.environ["KERAS_BACKEND"] = "torch"
    os.environ.setdefault("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
    framework("torch")
    return framework("keras")
