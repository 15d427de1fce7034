"""Every refusal of a layer has a source in the tables that it refuses, and that says so."""

import ast
import sys
from pathlib import Path

import pytest

import symparams.layers
from symparams.errors import SymparamsError
from symparams.layers.base import Requirement
from tests.errors.elaboration import CASES as ELABORATION
from tests.errors.layers import LAYERS
from tests.errors.refusals import REFUSALS
from tests.errors.test_elaboration_errors import message

FOLDER = Path(symparams.layers.__file__).parent


def refusals() -> dict[tuple[str, int], str]:
    """File and line of every ``SymparamsError(…)`` and ``Requirement(…)`` of the layers."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("SymparamsError", "Requirement")
            ):
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    found[path.name, line] = f"{path.name}:{node.lineno}"
    return found


def refused_by(sources: list[str]) -> set[str]:
    """The refusals whose words stand in the message of some source."""
    where = refusals()
    seen: set[str] = set()
    made: list[tuple[str, str]] = []

    def recorded(kind: type, words: str) -> None:
        own = kind.__init__

        def init(self: object, *given: object, **values: object) -> None:
            own(self, *given, **values)
            frame = sys._getframe(1)
            place = (Path(frame.f_code.co_filename).name, frame.f_lineno)
            if Path(frame.f_code.co_filename).parent == FOLDER and place in where:
                made.append((where[place], getattr(self, words)))

        patch.setattr(kind, "__init__", init)

    with pytest.MonkeyPatch.context() as patch:
        recorded(SymparamsError, "message")
        recorded(Requirement, "says")
        for source in sources:
            made.clear()
            told = message(source)
            seen |= {place for place, said in made if f": {said}\n" in told or f": {said}:" in told}
    return seen


def test_every_refusal_of_a_layer_has_a_source_that_it_refuses():
    sources = [source for source, _ in (*LAYERS, *REFUSALS, *ELABORATION)]
    assert sorted(set(refusals().values()) - refused_by(sources)) == []


def test_a_refusal_that_nothing_asks_for_is_found():
    """The check is one: without its sources, a refusal is missed."""
    sources = [s for s, _ in (*LAYERS, *REFUSALS) if "bilinear" not in s]
    missed = set(refusals().values()) - refused_by(sources)
    assert {place.partition(":")[0] for place in missed} >= {"dense.py"}
