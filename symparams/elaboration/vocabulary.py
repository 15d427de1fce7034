"""Every name that is there before a file says anything: kinds, functions, the library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from symparams.algebra import FUNCTIONS
from symparams.elaboration.blocks import BlockTarget, LayerTarget
from symparams.elaboration.callables import KindTarget
from symparams.elaboration.combinators import COMBINATORS
from symparams.elaboration.layouts import layout_named
from symparams.elaboration.scope import DefaultLine, Defaults, Scope, with_default
from symparams.elaboration.shipped_files import LAYOUTS, LIBRARY, layout_names
from symparams.elaboration.suggestions import layer_meant, option_meant
from symparams.elaboration.targets import InputTarget, SizeTarget, ZerosTarget
from symparams.elaboration.values import Template
from symparams.errors import Source, SymparamsError
from symparams.language import parse, read, tree
from symparams.layers import kinds

_DEFINES = re.compile(r"^(?:block|layer)\s+(\w+)", re.MULTILINE)


@cache
def built_in() -> dict[str, Any]:
    """Return every built-in name that can be called."""
    table: dict[str, Any] = {n: KindTarget(k) for n, k in kinds().items()}
    table.update({other: KindTarget(k) for k in kinds().values() for other in k.also})
    table.update({n: SizeTarget(f) for n, f in FUNCTIONS.items()})
    outside = "A tensor from outside: channels last, no batch axis."
    table["input"] = InputTarget(False, "input(n, …)", outside)
    table["tokens"] = InputTarget(True, "tokens(s)", "s integers, which only an embedding takes.")
    table["zeros"] = ZerosTarget()
    table.update(COMBINATORS)
    return table


@cache
def words_known() -> frozenset[str]:
    """Return every word that some option may be."""
    return frozenset(w for k in kinds().values() for o in k.options.values() for w in o.words)


@cache
def library_files() -> dict[str, Path]:
    """Return name of a shipped block or layer → the file that defines it."""
    found: dict[str, Path] = {}
    for path in sorted((LIBRARY / "blocks").glob("*.arch")):
        for name in _DEFINES.findall(path.read_text("utf-8")):
            found[name] = path
    return found


@cache
def shipped_layouts() -> Mapping[str, Template]:
    """Return the layouts of matrices that are shipped."""
    path, scope = LAYOUTS, Scope()
    source = Source(f"library/{path.name}", read(path).text, shipped=True)
    for statement in parse(source).statements:
        if not isinstance(statement, tree.MeasureDefinition):
            raise SymparamsError("a layout is a measure of a matrix", statement.span)
        scope.names[statement.name] = layout_named(statement, scope)
    return scope.names  # type: ignore[return-value]  # only templates were put in


@cache
def library_file(path: Path) -> Mapping[str, Template]:
    """Return the blocks and layers of one shipped file; they see each other and the rest."""
    source = Source(f"library/{path.name}", read(path).text, shipped=True)
    scope = Scope()
    for statement in parse(source).statements:
        if isinstance(statement, tree.BlockDefinition):
            scope.names[statement.name] = Template(statement.name, BlockTarget(statement, scope))
        elif isinstance(statement, tree.LayerDefinition):
            scope.names[statement.name] = Template(statement.name, LayerTarget(statement, scope))
        else:
            raise SymparamsError("the library is made of blocks and layers", statement.span)
    return scope.names  # type: ignore[return-value]  # only templates were put in


class Shipped:
    """What an evaluator asks of the rooms around it."""

    def __init__(self) -> None:
        self.built_in = built_in()
        self.words = words_known()

    def library(self, name: str) -> Template | None:
        """Return a block or layer of the shipped library."""
        files = library_files()
        if name in layout_names():
            return shipped_layouts()[name]
        return library_file(files[name])[name] if name in files else None

    def library_names(self) -> Iterable[str]:
        """Return the names of the shipped library."""
        return (*library_files(), *layout_names())

    def block(self, written: tree.BlockDefinition, scope: Scope) -> Template:
        """Return a block as a value."""
        return Template(written.name, BlockTarget(written, scope))

    def with_lines(self, defaults: Defaults, line: tree.Default, scope: Scope) -> Defaults:
        """Return the default lines with one more."""
        return with_lines(defaults, line, scope, "")


def with_lines(defaults: Defaults, line: tree.Default, scope: Scope, origin: str) -> Defaults:
    """Return ``defaults`` with the options of one ``default`` line, of a kind or a block.

    A shipped convention's lines are of the library's blocks; tests read them,
    so that no file of the library is read for them here.

    Raises:
        SymparamsError: an unknown kind or option.
    """
    known = {other: k for k in kinds().values() for other in (k.kind, *k.also)}
    kind, about = line.kind, None
    if kind in known:
        kind, options = known[kind].kind, list(known[kind].options)
    else:
        named = scope.get(kind) if scope.binds(kind) else None
        if named is None and kind in library_files():
            if origin:
                return _added(defaults, line, kind, scope, origin)
            named = library_file(library_files()[kind])[kind]
        if not isinstance(named, Template) or isinstance(named.target, KindTarget):
            if kind in built_in():
                raise SymparamsError(f"'{kind}' takes no default lines", line.kind_span)
            blocks = [n for n in scope.all_names() if isinstance(scope.get(n), Template)]
            raise SymparamsError(
                f"unknown layer kind '{kind}'",
                line.kind_span,
                layer_meant(kind, [*known, *blocks, *library_files()]),
            )
        about = named.target.written
        options = [p.name for p in about.parameters]
    for option in line.options:
        if option.name not in options:
            raise SymparamsError(
                f"'{line.kind}' has no option '{option.name}'",
                option.name_span,
                option_meant(option.name, options, line.kind),
            )
    return _added(defaults, line, kind, scope, origin, about)


def _added(
    defaults: Defaults,
    line: tree.Default,
    kind: str,
    scope: Scope,
    origin: str,
    about: tree.Definition | tree.LayerDefinition | None = None,
) -> Defaults:
    for option in line.options:
        entry = DefaultLine(option.value, scope, option.span, origin, about)
        defaults = with_default(defaults, kind, option.name, entry)
    return defaults
