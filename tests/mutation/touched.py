"""Which tests call which function: recorded once, in a folder that Git ignores.

In the copies of the tree each function of the package begins with a call that notes it; that
is many times as fast as tracing. A function whose answer is cached is called by the first
test only, so caches are emptied before each test while this is recorded.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import pytest

from tests.mutation.children import Changed, Children

#: Test files that measure time, examples that build on each other, and tests of the tools.
LEFT_OUT = (
    "tests/benchmarks/", "tests/documents/", "tests/mutation/", "tests/fuzz/", "tests/test_house.py",
)  # fmt: skip
#: The builtin that a function of the copies calls with its name.
NOTE = "_called_by_a_test"
#: In a process that a test starts, nobody notes: there the call does nothing.
UNNOTED = f"import builtins; builtins.__dict__.setdefault({NOTE!r}, lambda name: None)"
PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=short")


@dataclass(frozen=True)
class Recorded:
    """What was recorded: test file → test → seconds and functions called."""

    files: dict[str, dict[str, tuple[float, frozenset[str]]]]

    def of(self, function: str, file: str) -> dict[str, dict[str, float]]:
        """Test file → test → seconds, for the tests that call a function.

        Where nobody calls it, as the body of a class, those that call anything inside it;
        and else those that call anything of the file.
        """
        called = self._calling(lambda functions: function in functions)
        for inside in (f"{function}.", f"{file}:"):
            called = called or self._calling(
                lambda functions, start=inside: any(f.startswith(start) for f in functions)
            )
        return called

    def _calling(self, fits: Any) -> dict[str, dict[str, float]]:
        found = {
            file: {test: seconds for test, (seconds, called) in tests.items() if fits(called)}
            for file, tests in self.files.items()
        }
        return {file: tests for file, tests in found.items() if tests}


def test_files(tree: Path) -> list[str]:
    """The test files of a tree, by path."""
    found = (str(p.relative_to(tree)) for p in tree.glob("tests/**/test_*.py"))
    return sorted(f for f in found if not f.startswith(LEFT_OUT))


def noting(file: str, source: str) -> str:
    """The text of a file whose functions note that they are called."""

    def walk(node: ast.AST, around: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef):
                inner = (*around, child.name)
                walk(child, inner)
                if isinstance(child, ast.FunctionDef):
                    note = ast.parse(f"{NOTE}({f'{file}:' + '.'.join(inner)!r})").body
                    place = 0 if ast.get_docstring(child, clean=False) is None else 1
                    child.body[place:place] = note
            else:
                walk(child, around)

    tree = ast.parse(source)
    walk(tree, ())
    if file == "symparams/__init__.py":
        tree.body[2:2] = ast.parse(UNNOTED).body  # below the docstring and the future
    return ast.unparse(ast.fix_missing_locations(tree))


def recorded(children: Children, tree: Path, cache: Path, again: bool) -> Recorded:
    """The tests by function; test files that changed since are recorded again."""
    known = json.loads(cache.read_text()) if cache.exists() and not again else {}
    marks = {f: _mark(tree / f) for f in test_files(tree)}
    kept = {f: known[f] for f in marks if f in known and known[f]["mark"] == marks[f]}
    missing = [f for f in marks if f not in kept]
    if missing:
        print(f"recording which functions {len(missing)} test files call", flush=True)
    changed = [
        Changed(
            where / path.relative_to(tree), noting(str(path.relative_to(tree)), path.read_text())
        )
        for where in children.copies
        for path in (tree / "symparams").rglob("*.py")
        if missing
    ]
    with ExitStack() as stack:
        for one in changed:
            stack.enter_context(one)
        for file, answer, seconds in children.run(missing, record, 1200):
            if answer is None:
                raise SystemExit(f"{file} could not be recorded")
            kept[file] = {"mark": marks[file], **answer}
            failed = [t for t, (_, _, passed) in answer["tests"].items() if not passed]
            note = f", failing by themselves: {', '.join(failed)}" if failed else ""
            print(f"  {file}: {len(answer['tests'])} tests, {seconds:.0f} s{note}", flush=True)
            cache.parent.mkdir(exist_ok=True)
            cache.write_text(json.dumps(kept))
    files = {}
    for file in marks:
        names = kept[file]["functions"]
        files[file] = {
            test: (seconds, frozenset(names[k] for k in called))
            for test, (seconds, called, passed) in kept[file]["tests"].items()
            if passed
        }
    return Recorded(files)


def _mark(file: Path) -> str:
    """What changes with a test file, and with the tables and helpers beside it."""
    beside = (p for p in sorted(file.parent.glob("*.py")) if not p.name.startswith("test_"))
    return hashlib.sha256(b"".join(p.read_bytes() for p in (file, *beside))).hexdigest()


def record(where: Path, file: str) -> dict[str, Any]:
    """Run one test file in a copy, and note what each test calls and how long it takes."""
    recorder = _Recorder()
    pytest.main([*PYTEST[:1], *PYTEST[2:], file], plugins=[recorder])
    names: dict[str, int] = {}
    tests = {
        test: (seconds, [names.setdefault(f, len(names)) for f in called], test in recorder.passed)
        for test, (seconds, called) in recorder.tests.items()
        if test not in recorder.skipped
    }
    return {"functions": list(names), "tests": tests}


class _Recorder:
    """A plugin that notes the functions each test calls."""

    def __init__(self) -> None:
        self.called: set[str] = set()
        setattr(builtins, NOTE, self.called.add)
        self.tests: dict[str, tuple[float, list[str]]] = {}
        self.passed: set[str] = set()
        self.skipped: set[str] = set()
        self._caches: list[Any] | None = None

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if self._caches is None:
            self._caches = list(_caches())
        for cache in self._caches:
            cache.cache_clear()
        self.called.clear()
        start = time.process_time()
        yield
        self.tests[item.nodeid] = (time.process_time() - start, sorted(self.called))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.passed.add(report.nodeid)
        if report.skipped:
            self.skipped.add(report.nodeid)


def _caches() -> Iterator[Any]:
    """The caches of the package's functions, but those of the parser, which take long to fill."""
    for name, module in list(sys.modules.items()):
        if name.startswith("symparams.") and not name.startswith("symparams.language"):
            for holder in (module, *(v for v in vars(module).values() if isinstance(v, type))):
                found = list(vars(holder).values())
                yield from (v for v in found if isinstance(v, _lru_cache_wrapper))
