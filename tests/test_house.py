"""The house: small files, imports that go down only, no circles."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

import symparams
from symparams.faces import places

ROOT = Path(symparams.__file__).resolve().parent
MOST_LINES = 500

#: The contract of import-linter that names the floors: rooms of a floor by what parts them,
#: ``|`` where they are apart and ``:`` where they are not, the highest floor first.
CONTRACT = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))["tool"][
    "importlinter"
]["contracts"][0]
FLOORS = [re.split(r" [|:] ", rooms) for rooms in reversed(CONTRACT["layers"])]
FLOOR = {f"symparams.{room}": floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FLOOR["symparams"] = len(FLOORS) - 1
APART = [set(rooms.split(" | ")) for rooms in CONTRACT["layers"] if " | " in rooms]


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


#: Package → the names of its face: where each is defined, and what it is called there.
FACES = {
    module_name(path.with_suffix(".py")): places(path.read_text("utf-8"))
    for path in sorted(ROOT.rglob("__init__.pyi"))
}


def defining(name: str) -> str:
    """A name as it is called where it is defined: ``p.room.Size`` is ``p.room.sizes.Size``."""
    package, _, last = name.rpartition(".")
    return ".".join(FACES.get(package, {}).get(last, (package, last)))


def graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Module → the modules among ``sources`` that it takes something from."""
    found: dict[str, set[str]] = {}
    for module, source in sources.items():
        names = map(defining, imported(ast.parse(source)))
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


def room(module: str) -> str:
    """The room of a module, or the module itself where it stands in none."""
    return module.split(".")[1] if "." in module else module


def floor(module: str) -> int:
    if module != ROOT.name and f"{ROOT.name}.{room(module)}" not in FLOOR:
        raise KeyError("a file or room without a floor")
    return FLOOR[ROOT.name if module == ROOT.name else f"{ROOT.name}.{room(module)}"]


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
    between = [
        f"{module} imports {other}"
        for module, others in graph(SOURCES).items()
        for other in sorted(others)
        if room(module) != room(other)
        and any({room(module), room(other)} <= floor for floor in APART)
    ]
    assert not between


#: Folders whose files are found by listing them: each is taken as a whole.
PLUGGED = (
    "symparams.cli.commands",
    "symparams.views.code",
    "symparams.views.formats",
    "symparams.views.pages",
)


def past_a_face(module: str, source: str) -> list[str]:
    """What a module takes from another room that is no name of its face."""
    return [
        name
        for name in imported(ast.parse(source))
        if (package := name.rpartition(".")[0]).startswith("symparams.")
        and room(module) != room(package)
        and (ROOT / room(package)).is_dir()
        and not name.startswith(PLUGGED)
        and name.rpartition(".")[2] not in FACES.get(package, {})
        and name not in FACES
    ]


@pytest.mark.parametrize("module", SOURCES)
def test_nobody_imports_past_a_face(module):
    assert not past_a_face(module, SOURCES[module])


def test_what_is_past_a_face():
    source = "from symparams.algebra.{} import {}".format
    assert past_a_face("symparams.search.space", source("polynomial", "Polynomial"))
    assert past_a_face("symparams.search.space", "from symparams.algebra import terms_off")
    assert not past_a_face("symparams.search.space", "from symparams.algebra import Polynomial")
    assert not past_a_face("symparams.algebra.facts", source("polynomial", "Polynomial"))


@pytest.mark.parametrize("package", FACES)
def test_a_face_shows_what_is_there(package):
    shown = import_module(package)
    for name, (module, defined) in FACES[package].items():
        wanted = import_module(f"{module}.{defined}") if module == package else None
        assert getattr(shown, name) is (wanted or getattr(import_module(module), defined))
        # A file of the same name would take the place of the name when it is loaded.
        assert wanted or f"{package}.{name}" not in SOURCES
    assert dir(shown) == sorted(FACES[package])
    with pytest.raises(AttributeError, match="has no attribute 'attic'"):
        _ = shown.attic


@pytest.mark.parametrize("module", SOURCES)
def test_files_are_small(module):
    assert len(SOURCES[module].splitlines()) <= MOST_LINES


#: First words of a sentence that says what a function is, not what it does.
NO_VERBS = {
    *("A", "All", "An", "Every", "How", "One", "That", "The", "Those"),
    *("What", "Where", "Whether", "Which", "Who", "Whose"),
}


@pytest.mark.parametrize("module", SOURCES)
def test_a_docstring_says_what_a_function_does(module):
    functions = [
        node
        for node in ast.walk(ast.parse(SOURCES[module]))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("property" in ast.unparse(d) for d in node.decorator_list)
    ]
    texts = {f"{f.name}: {text}": text for f in functions if (text := ast.get_docstring(f))}
    assert [told for told, text in texts.items() if not text[0].isupper()] == []
    assert [told for told, text in texts.items() if text.split()[0] in NO_VERBS] == []


#: Room → the most lines it may have. Whoever raises one says why in the commit.
BUDGET = {
    "algebra": 9_450,
    "analysis": 9_350,
    "cli": 3_350,
    "elaboration": 7_800,
    "frameworks": 22_600,
    "language": 4_300,
    "layers": 2_950,
    "network": 5_150,
    "search": 7_950,
    "views": 12_900,
}


def test_rooms_keep_their_budget():
    lines: dict[str, int] = {}
    for module, source in SOURCES.items():
        if (ROOT / room(module)).is_dir() and not module.endswith("._tables"):  # it is generated
            lines[room(module)] = lines.get(room(module), 0) + len(source.splitlines())
    assert lines.keys() == BUDGET.keys()
    assert {r: n for r, n in lines.items() if n > BUDGET[r]} == {}


def test_the_page_on_the_house_names_every_room():
    page = (ROOT.parent / "docs" / "architecture.md").read_text("utf-8")
    assert [r for r in BUDGET if f"`{r}/`" not in page] == []


def test_a_class_name_occurs_once():
    """One name, one thing, over the whole house."""
    places: dict[str, list[str]] = {}
    for module, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


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
    assert floor("symparams.algebra.polynomial") < floor("symparams.network.nodes")
    assert floor("symparams.__main__") == floor("symparams.cli.main") == floor("symparams")
    with pytest.raises(KeyError):
        floor("symparams.attic")
