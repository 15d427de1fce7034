"""Which frameworks there are, and how one is loaded."""

from __future__ import annotations

from symparams.errors import SymparamsError, did_you_mean
from symparams.frameworks.base import Framework

#: Name → the convention that counts as it does, and the packages it needs.
CONVENTIONS = {"keras": "keras", "torch": "pytorch"}
_PACKAGES = {"keras": ("torch", "keras"), "torch": ("torch",)}


def convention_of(name: str) -> str:
    """Return the convention that counts as a framework does.

    Raises:
        SymparamsError: there is no framework of that name.
    """
    if name not in CONVENTIONS:
        known = f"there are {', '.join(CONVENTIONS)}"
        raise SymparamsError(
            f"unknown framework '{name}'", None, did_you_mean(name, CONVENTIONS, known)
        )
    return CONVENTIONS[name]


def framework(name: str) -> Framework:
    """Return a framework, loaded.

    Raises:
        SymparamsError: there is none of that name, or it is not installed.
    """
    from importlib import import_module
    from importlib.util import find_spec
    from warnings import catch_warnings, simplefilter

    convention_of(name)
    missing = [package for package in _PACKAGES[name] if find_spec(package) is None]
    if missing:
        raise SymparamsError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed",
            None,
            "run pip install 'symparams[oracle]'",
        )
    try:
        with catch_warnings():
            simplefilter("ignore")  # what a framework says of others while it is imported
            made: Framework = import_module(f"symparams.frameworks.for_{name}").FRAMEWORK
    except Exception as error:  # whatever it raises while it starts: KERAS_BACKEND=foo, say
        from symparams.frameworks.base import cause_of

        raise SymparamsError(f"{name} cannot be imported: {cause_of(error)}") from error
    return made
