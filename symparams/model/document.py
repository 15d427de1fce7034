"""A whole source: its definitions, default lines and claims, in the order of the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from symparams.errors import Source, Span, SymparamsError, Unsupported, did_you_mean
from symparams.language import parse, read, tree
from symparams.layers import kinds
from symparams.model.build import Definition
from symparams.model.callables import BlockTarget, built_in
from symparams.model.evaluate import LATER
from symparams.model.scope import DefaultLine, Defaults, Scope, with_default
from symparams.model.values import Template

LIBRARY = Path(__file__).resolve().parent.parent / "library"


@dataclass(frozen=True)
class Claim:
    """An ``expect`` line, with the names it may speak of."""

    tree: tree.Expect
    scope: Scope


@dataclass
class Document:
    """What a source says.

    Attributes:
        models: by name, in the order of the text.
        bare: the network of a one-line source.
        convention: the name of the convention in force at the end.
    """

    source: Source
    models: dict[str, Definition] = field(default_factory=dict)
    bare: Definition | None = None
    claims: list[Claim] = field(default_factory=list)
    convention: str = "textbook"

    def definition(self, name: str = "") -> Definition:
        """The model of a name, or the only one.

        Raises:
            SymparamsError: none, or several, or none of that name.
        """
        shown = self.source.name
        if name:
            if name not in self.models:
                raise SymparamsError(
                    f"{shown} has no model '{name}'",
                    None,
                    did_you_mean(name, self.models, self._listed()),
                )
            return self.models[name]
        if self.bare is not None:
            return self.bare
        if len(self.models) == 1:
            return next(iter(self.models.values()))
        if not self.models:
            raise SymparamsError(f"{shown} has no model", None, "write 'model NAME(…) = …'")
        raise SymparamsError(f"{shown} has several models", None, f"{self._listed()}; name one")

    def _listed(self) -> str:
        return f"it has {', '.join(self.models)}" if self.models else "it has no model"


def conventions() -> dict[str, Path]:
    """The shipped conventions: name → file."""
    return {p.stem: p for p in sorted((LIBRARY / "conventions").glob("*.arch"))}


def understand(source: Source, convention: str | None = None) -> Document:
    """Read a source into its definitions.

    Args:
        source: the text.
        convention: takes the place of what the text's ``convention`` lines say.

    Raises:
        SymparamsError: the text is not of the language, or defines something wrong.
    """
    return _Reading(source, convention).document


class _Reading:
    def __init__(self, source: Source, convention: str | None) -> None:
        self.document = Document(source)
        self.top = Scope()
        self.forced = convention
        self.defaults: Defaults = {}
        self.places: dict[str, Span] = {}
        if convention is not None:
            self._convention(convention, None)
        for statement in parse(source).statements:
            self._statement(statement)

    def _here(self) -> Scope:
        """The names of the file with the default lines so far."""
        return Scope(self.top, {}, self.defaults)

    def _statement(self, statement: tree.Statement) -> None:
        match statement:
            case tree.Convention():
                if self.forced is None:
                    self._convention(statement.name, statement.name_span)
            case tree.Default():
                self.defaults = with_lines(self.defaults, statement, self._here(), "")
            case tree.Block():
                self._name(statement.name, statement.name_span)
                target = BlockTarget(statement, self._here())
                self.top.names[statement.name] = Template(statement.name, target)
            case tree.Model():
                self._name(statement.name, statement.name_span)
                if statement.patterns:
                    raise SymparamsError(
                        "a model has its inputs in its body, not behind 'on'",
                        statement.patterns[0].span,
                    )
                self.document.models[statement.name] = Definition(
                    statement.name,
                    statement.body,
                    statement.where,
                    self._here(),
                    statement.parameters,
                    statement.name_span,
                )
            case tree.Expect():
                self.document.claims.append(Claim(statement, self._here()))
            case tree.Bare():
                if self.document.bare is not None:
                    raise SymparamsError("a second network without a name", statement.span)
                self.document.bare = Definition(
                    "network",
                    statement.value,
                    statement.where,
                    self._here(),
                    None,
                    statement.span,
                )
            case tree.Import():
                raise Unsupported(f"'import' {LATER}", statement.span)
            case tree.Layer():
                raise Unsupported(f"'layer' {LATER}", statement.span)
            case tree.WeightLine():
                raise Unsupported(f"a weight by name {LATER}", statement.span)
            case tree.Binding():
                word = "'shared'" if statement.shared else "a name outside a block or model"
                raise Unsupported(f"{word} {LATER}", statement.span)
            case _:
                raise SymparamsError("this cannot stand here", statement.span)

    def _name(self, name: str, span: Span) -> None:
        if name in built_in():
            noun = built_in()[name].noun
            raise SymparamsError(f"'{name}' is a built-in {noun}", span, "choose another name")
        if name in self.places:
            raise SymparamsError(
                f"'{name}' is defined twice", span, notes=[("first here", self.places[name])]
            )
        self.places[name] = span

    def _convention(self, name: str, span: Span | None) -> None:
        known = conventions()
        if name not in known:
            raise SymparamsError(
                f"unknown convention '{name}'",
                span,
                did_you_mean(name, known, f"there are {', '.join(known)}"),
            )
        self.document.convention = name
        own = {
            k: {o: line for o, line in lines.items() if not line.origin}
            for k, lines in self.defaults.items()
        }
        self.defaults = convention_lines(known[name], name)
        for kind, lines in own.items():
            for option, line in lines.items():
                self.defaults = with_default(self.defaults, kind, option, line)


def convention_lines(path: Path, name: str) -> Defaults:
    """The default lines of a shipped convention."""
    source = read(path)
    shipped = Source(f"{name}.arch", source.text)
    defaults: Defaults = {}
    for statement in parse(shipped).statements:
        if not isinstance(statement, tree.Default):
            raise SymparamsError("a convention is made of default lines", statement.span)
        defaults = with_lines(defaults, statement, Scope(), name)
    return defaults


def with_lines(defaults: Defaults, line: tree.Default, scope: Scope, origin: str) -> Defaults:
    """``defaults`` with the options of one ``default`` line.

    Raises:
        SymparamsError: an unknown kind or option.
    """
    known: Mapping[str, type] = kinds()
    if line.kind not in known:
        raise SymparamsError(
            f"unknown layer kind '{line.kind}'", line.kind_span, did_you_mean(line.kind, known)
        )
    options = kinds()[line.kind].options
    for option in line.options:
        if option.name not in options:
            raise SymparamsError(
                f"'{line.kind}' has no option '{option.name}'",
                option.name_span,
                did_you_mean(option.name, options, f"it has {', '.join(options)}"),
            )
        entry = DefaultLine(option.value, scope, option.span, origin)
        defaults = with_default(defaults, line.kind, option.name, entry)
    return defaults
