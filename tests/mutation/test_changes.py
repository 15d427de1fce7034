"""The tool that changes the core: what it changes, and how its table is kept true."""

from __future__ import annotations

import ast
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.mutation.__main__ import TREE, core, sample
from tests.mutation.changes import all_changes, changes
from tests.mutation.table import Equivalent, entry
from tests.mutation.touched import NOTE, Recorded, noting
from tests.mutation.trying import _Chooser, trial

# Source → the changes of it, as they are told.
CHANGES = [
    ("x = a < b", ["a < b  ->  a <= b", "a < b  ->  a >= b"]),
    ("x = a == b", ["a == b  ->  a != b"]),
    ("x = a in b", ["a in b  ->  a not in b"]),
    ("x = a + b", ["a + b  ->  a - b"]),
    ("x = a // b", ["a // b  ->  a * b", "a // b  ->  a % b"]),
    ("x = a ** b", ["a ** b  ->  a * b"]),
    ("x = 'a' + b", []),
    ("x = f'{a + b}'", []),
    ("x = a and b", ["a and b  ->  a or b", "a and b  ->  b", "a and b  ->  a"]),
    ("x = not a", ["not a  ->  a"]),
    ("x = -a", ["-a  ->  a"]),
    ("x = 3", ["3  ->  4", "3  ->  2"]),
    ("x = True", ["True  ->  False"]),
    ("x = f(a, b)", ["f(a, b)  ->  f(b, a)"]),
    ("x = f(a, *b)", []),
    ("x = min(a)", ["min(a)  ->  max(a)"]),
    ("f(a)", ["deleted"]),
    ("raise f", ["deleted"]),
    ("x += y", ["deleted"]),
    ("x.y = z", ["deleted"]),
    ("x: int = y", []),
    ("assert x < y", []),
    ("'''words'''", []),
    ("if x: y = z", ["x  ->  not x"]),
    ("x = [y for y in z if w]", ["removed condition"]),
]


@pytest.mark.parametrize(("source", "says"), CHANGES, ids=[c for c, _ in CHANGES])
def test_what_is_changed(source, says):
    assert [c.says for place in changes("f.py", source) for c in place] == says


def test_a_change_changes_its_place_alone():
    source = "def f(a):\n    # ü\n    return (a\n        < 3), 'ü' < a\n"
    found = [c for place in changes("f.py", source) for c in place]
    texts = {c.says: c.applied(source) for c in found}
    assert texts["a < 3  ->  a <= 3"] == "def f(a):\n    # ü\n    return ((a <= 3)), 'ü' < a\n"
    assert texts["'ü' < a  ->  'ü' <= a"].endswith("< 3), ('ü' <= a)\n")
    assert {c.function for c in found} == {"f"}
    assert next(c for c in found if c.says == "3  ->  4").line == 4


def test_every_change_of_the_core_can_be_read():
    files = core(TREE)
    texts = dict(files)
    for change in sample(all_changes(iter(files)), 150, 1):
        changed = change.applied(texts[change.file])
        assert changed != texts[change.file]
        ast.parse(changed)


def test_a_sample_is_the_same_for_a_seed():
    places = changes("f.py", "x = [a < b, c + d, not e, f(g, h), 1, 2, 3, 4]")
    assert sample(places, 4, 3) == sample(places, 4, 3)
    assert len({c.start for c in sample(places, 0, 3)}) == len(places)


def test_functions_note_that_they_are_called():
    called: list[str] = []
    source = 'class A:\n    def f(self):\n        """Say."""\n        def g(): return 1\n        return g()\n'
    names: dict[str, object] = {NOTE: called.append}
    code = compile(noting("p/f.py", source), "p/f.py", "exec")
    module = type(ast)("noted")
    vars(module).update(names)
    exec(code, vars(module))
    assert module.A().f() == 1
    assert module.A.f.__doc__ == "Say."
    assert called == ["p/f.py:A.f", "p/f.py:A.f.g"]


def test_a_process_that_a_test_starts_notes_nothing():
    package = TREE / "symparams" / "__init__.py"
    text = noting("symparams/__init__.py", package.read_text("utf-8"))
    code = f"{text}\nimport sys\nprint(__getattr__('load').__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=TREE)
    assert (done.stdout, done.stderr) == ("load\n", "")


def test_tests_are_chosen_by_function_and_then_by_file():
    tests = Recorded(
        {
            "tests/a/test_a.py": {"one": (0.5, frozenset({"s/a.py:A.f"}))},
            "tests/b/test_b.py": {
                "two": (0.1, frozenset({"s/a.py:A.f", "s/a.py:g"})),
                "three": (0.2, frozenset({"s/a.py:g"})),
            },
        }
    )
    assert list(tests.of("s/a.py:A.f", "s/a.py")) == ["tests/a/test_a.py", "tests/b/test_b.py"]
    assert list(tests.of("s/a.py:A", "s/a.py")) == ["tests/a/test_a.py", "tests/b/test_b.py"]
    assert tests.of("s/a.py:g", "s/a.py") == {"tests/b/test_b.py": {"two": 0.1, "three": 0.2}}
    assert tests.of("s/a.py:new", "s/a.py")["tests/b/test_b.py"].keys() == {"two", "three"}
    assert not tests.of("s/other.py:f", "s/other.py")


def test_a_change_is_tried_with_tests_of_its_own_name_first():
    change = changes("symparams/algebra/a.py", "x = a < b")[0][0]
    calls = frozenset({"symparams/algebra/a.py:"})
    tests = Recorded(
        {
            "tests/model/test_x.py": {"quick": (0.1, calls)},
            "tests/algebra/test_b.py": {"near": (0.2, calls), "long": (50.0, calls)},
            "tests/model/test_a.py": {"named": (0.3, calls)},
        }
    )
    order = [test for _, chosen in trial(change, tests, 10.0).tests for test in chosen]
    assert order == ["named", "near", "quick"]


def test_a_test_is_found_again_when_its_file_is_read_again():
    again = SimpleNamespace(nodeid=r"t.py::test[a\\nb]")
    chooser = _Chooser({"t.py::test[slow]": 9.0, r"t.py::test[a\nb]": 1.0})
    items = [SimpleNamespace(nodeid="t.py::test[slow]"), SimpleNamespace(nodeid="x"), again]
    chooser.pytest_collection_modifyitems(items)
    assert [i.nodeid for i in items] == [again.nodeid, "t.py::test[slow]"]
    chooser.pytest_runtest_logreport(SimpleNamespace(nodeid=again.nodeid, failed=True))
    assert chooser.failed == r"t.py::test[a\nb]"


TABLE = """
[[equivalent]]
file = "f.py"
function = "f"
line = "return a < b"
change = "a < b  ->  a <= b"
reason = "never equal"
"""


def test_the_table_goes_stale_when_its_line_changes(tmp_path):
    path = tmp_path / "equivalent.toml"
    path.write_text(TABLE, "utf-8")
    equivalent = Equivalent(path)
    same = changes("f.py", "\n\ndef f(a, b):\n    return   a < b\n")[0]
    assert [equivalent.reason(c) for c in same] == ["never equal", None]
    assert equivalent.stale(same) == []
    other = changes("f.py", "def f(a, b):\n    return a < b + 1\n")[0]
    assert [equivalent.reason(c) for c in other] == [None, None]
    assert equivalent.stale(other) == [("f.py", "f", "return a < b", "a < b  ->  a <= b")]


KIND = r"""
[[kind]]
line = '.*strict=True.*'
change = 'True  ->  False'
reason = "asserted"

[[kind]]
change = 'f\((.+), (.+)\)  ->  f\(\2, \1\)'
reason = "symmetric"
"""


def test_a_kind_is_of_any_file(tmp_path):
    path = tmp_path / "equivalent.toml"
    path.write_text(KIND, "utf-8")
    equivalent = Equivalent(path)

    def reasons(source):
        return {equivalent.reason(c) for place in changes("f.py", source) for c in place}

    assert reasons("x = f(a, b)") == {"symmetric"}
    assert reasons("x = f(a, b, c)") == {None}
    assert reasons("x = [y for y in zip(a, *b, strict=True)]") == {"asserted"}
    assert reasons("x = True") == {None}
    (same,) = changes("f.py", "x = f(a, b)")[:1]
    assert equivalent.stale(same) == [(".*strict=True.*", "True  ->  False")]


def test_an_entry_is_read_back(tmp_path):
    path = tmp_path / "equivalent.toml"
    found = changes("f.py", """x = g("it's", 'a "b"') if 1 < 2 else 3""")
    every = [c for place in found for c in place]
    path.write_text("\n\n".join(entry(c).replace('""', '"why"') for c in every), "utf-8")
    equivalent = Equivalent(path)
    assert {equivalent.reason(c) for c in every} == {"why"}


def test_the_table_is_true_of_the_core():
    equivalent = Equivalent()
    assert equivalent.stale(c for place in all_changes(iter(core(TREE))) for c in place) == []
    assert all(equivalent.reasons.values())
