"""The engines of sweeps that are not always installed."""

from __future__ import annotations

import importlib
import os
import warnings

import pytest

from symparams.analysis.sweeps import engine_named
from symparams.search.parts import Engine

#: Set to 1 where a missing engine is a failure, as in CI.
REQUIRED = "SYMPARAMS_REQUIRE_ENGINES"


def needed(module: str, extra: str) -> None:
    """Skip the test where a module is missing, or fail it where it must be there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it says while it is imported
            importlib.import_module(module)
    except ImportError as error:
        message = f"{module} cannot be imported ({error}); install symparams[{extra}]"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED} is 1, but {message}", pytrace=False)
        pytest.skip(message)


def engine(name: str) -> Engine:
    """An engine by name; the test is skipped where it is not installed."""
    if name != "numpy":
        needed("ibis", "sweep")
        needed("pyarrow", "sweep")
    if name == "spark":
        needed("pyspark", "spark")
        # The driver talks to itself: no name of the machine has to be known.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    return engine_named(name)
