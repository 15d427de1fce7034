"""The house: small files, imports that go down only, no circles."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

import symparams

ROOT = Path(symparams.__file__).resolve().parent
MOST_LINES = 500

#: Rooms by floor, the lowest first; what is named longer is looked up first.
FLOORS = [
    [
        "symparams.errors",
        "symparams.interchange",
        "symparams.records",
        "symparams.replacing",
    ],
    ["symparams.algebra"],
    ["symparams.layers", "symparams.language"],
    ["symparams.model"],
    ["symparams.frameworks", "symparams.search"],
    ["symparams.views"],
    [
        "symparams.api",
        "symparams.answers",
        "symparams.studies",
        "symparams.cli",
        "symparams.__main__",
        "symparams",
    ],
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def module_name(path: Path) -> str:
    parts = [ROOT.name, *path.relative_to(ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py"))}


def imported(node: ast.AST) -> Iterator[str]:
    """The dotted names that are imported anywhere below, unless for types only."""
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        for other in node.orelse:
            yield from imported(other)
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert not node.level, "imports are absolute here"
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


def graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Module → the modules among ``sources`` that it takes something from."""
    found: dict[str, set[str]] = {}
    for module, source in sources.items():
        names = imported(ast.parse(source))
        # ``a.b.c`` is the module c of a.b, or else a name that a.b defines.
        targets = (n if n in sources else n.rpartition(".")[0] for n in names)
        found[module] = {t for t in targets if t in sources}
    return found


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Modules that import each other in turn, if there are any."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1][::-1])
    return []


def floor(module: str) -> int:
    while module not in FLOOR:
        module = module.rpartition(".")[0]
        if module == ROOT.name:
            raise KeyError("a file or room without a floor")
    return FLOOR[module]


def test_no_circles():
    assert not circle(graph(SOURCES)), "each imports the next"


def test_imports_go_down():
    up = [
        f"{module} imports {other}"
        for module, others in graph(SOURCES).items()
        for other in sorted(others)
        if floor(module) < floor(other)
    ]
    assert not up


def test_rooms_of_one_floor_are_apart():
    layers, language = FLOORS[2]
    between = [
        f"{module} imports {other}"
        for module, others in graph(SOURCES).items()
        for other in sorted(others)
        for one, two in ((layers, language), (language, layers))
        if module.startswith(one) and other.startswith(two)
    ]
    assert not between


@pytest.mark.parametrize("module", SOURCES)
def test_files_are_small(module):
    assert len(SOURCES[module].splitlines()) <= MOST_LINES


# --- the checks themselves -------------------------------------------------

LAZY = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from p.c import C
def f():
    from p import b
"""


def test_lazy_imports_count_and_imports_for_types_do_not():
    sources = {"p": "", "p.a": LAZY, "p.b": "import p.c", "p.c": "from p.a import f"}
    assert graph(sources) == {"p": set(), "p.a": {"p.b"}, "p.b": {"p.c"}, "p.c": {"p.a"}}
    found = circle(graph(sources))
    assert sorted(found[1:]) == ["p.a", "p.b", "p.c"]
    assert all(after in graph(sources)[before] for before, after in pairwise(found))
    sources["p.c"] = ""
    assert circle(graph(sources)) == []


def test_every_file_has_a_floor():
    assert floor("symparams.algebra.polynomial") < floor("symparams.model.build")
    assert floor("symparams.__main__") == floor("symparams.cli.main") == floor("symparams")
    with pytest.raises(KeyError):
        floor("symparams.attic")
