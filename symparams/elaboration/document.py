"""A whole source: its definitions, default lines and claims, in the order of the text."""

from __future__ import annotations

import os
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from symparams.elaboration.blocks import BlockTarget, LayerTarget, ModelTarget
from symparams.elaboration.definition import WrittenModel
from symparams.elaboration.layouts import layout_named
from symparams.elaboration.scope import Defaults, Scope, with_default
from symparams.elaboration.shipped_files import conventions
from symparams.elaboration.values import Template
from symparams.elaboration.variants import base_of, joined, variants_of, varied
from symparams.elaboration.vocabulary import built_in, with_lines
from symparams.elaboration.written_measures import (
    WrittenMeasure,
    known_measures,
    written_measure,
)
from symparams.errors import Source, Span, SymparamsError, UnknownName, Unreadable, did_you_mean
from symparams.language import (
    MathNode,
    NotationProblem,
    names_in,
    parse,
    read,
    read_notation,
    tree,
)
from symparams.layers import kinds

#: The deepest that files may import each other.
DEEPEST_IMPORT = 50


@dataclass(frozen=True)
class Claim:
    """An ``expect`` line, with the names it may speak of."""

    tree: tree.Expect
    scope: Scope


@dataclass(frozen=True)
class ModuleClaim:
    """A line ``expect m == module "…"``, with the names it may speak of."""

    tree: tree.ExpectModule
    scope: Scope


@dataclass
class Document:
    """What a source says.

    Attributes:
        models: by name, in the order of the text.
        variants: of them and of imported models, as ``MODEL.VARIANT``.
        imported: models of imported files and their variants, by name.
        bare: the network of a one-line source.
        measures: the written ones by name, the library's among them.
        notations: how the text has its sizes typeset, by name.
        convention: the name of the convention in force at the end.
        says_convention: whether the text itself says one.
        told: the convention that was given to take the place of the text's; None
            where none was, or one for layer kinds only.
    """

    source: Source
    models: dict[str, WrittenModel] = field(default_factory=dict)
    variants: dict[str, WrittenModel] = field(default_factory=dict)
    imported: dict[str, WrittenModel] = field(default_factory=dict)
    bare: WrittenModel | None = None
    claims: list[Claim] = field(default_factory=list)
    module_claims: list[ModuleClaim] = field(default_factory=list)
    measures: MutableMapping[str, WrittenMeasure] = field(default_factory=known_measures)
    notations: dict[str, MathNode] = field(default_factory=dict)
    convention: str = "textbook"
    says_convention: bool = False
    told: str | None = None

    @property
    def known(self) -> dict[str, WrittenModel]:
        """The models that claims may speak of: the own and the imported, and their variants."""
        return {**self.imported, **self.models, **self.variants}

    def definition(self, name: str = "") -> WrittenModel:
        """Return the model of a name, or the only one.

        Raises:
            SymparamsError: none, or several, or none of that name.
        """
        shown = self.source.name
        if name:
            if name in self.variants:
                return self.variants[name]
            model, _, variant = name.partition(".")
            if variant and model in self.known:
                there = variants_of(model, self.known)
                raise UnknownName(
                    f"model '{model}' of {shown} has no variant '{variant}'",
                    None,
                    did_you_mean(variant, there, f"it has {', '.join(there) or 'none'}"),
                )
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


def understand(
    source: Source, convention: str | None = None, layers_only: bool = False
) -> Document:
    """Read a source into its definitions.

    Args:
        source: the text.
        convention: takes the place of what the text's ``convention`` lines say.
        layers_only: the lines of that convention hold for layer kinds alone, not
            for blocks of the library, which stay as the text has them.

    Raises:
        SymparamsError: the text is not of the language, or defines something wrong.
    """
    document = _SourceReading(source, convention, (), layers_only).document
    if not layers_only:
        document.told = convention
    return document


def counted_by(source: Source, convention: str | None, otherwise: str) -> tuple[Document, str]:
    """Return a source as a framework's convention ``otherwise`` counts it, and the convention in
    force.

    That is ``convention`` where one is given, what the text says, or else what
    ``otherwise`` says of layer kinds: the blocks of a text stay as they are.

    Raises:
        SymparamsError: as :func:`understand` does.
    """
    document = understand(source, convention)
    if convention is not None:
        return document, convention
    if document.says_convention:
        return document, document.convention
    return understand(source, otherwise, layers_only=True), otherwise


class _SourceReading:
    """Reads the statements of a source.

    ``opened`` are the files it is imported by, ``imports`` what was read of files before.
    """

    def __init__(
        self,
        source: Source,
        convention: str | None,
        opened: tuple[tuple[Path, Span], ...],
        layers_only: bool = False,
        imports: dict[Path, _SourceReading] | None = None,
    ) -> None:
        self.imports = {} if imports is None else imports
        self.document = Document(source)
        self.layers_only = layers_only
        self.opened = opened
        self.top = Scope()
        self.forced = convention
        self.defaults: Defaults = {}
        self.places: dict[str, Span] = {}
        if convention is not None:
            self._convention(convention, None)
        self.notations: dict[str, Span] = {}
        statements = parse(source).statements
        for statement in statements:
            self._statement(statement)
        known, document = self.document.known, self.document
        document.claims = [Claim(joined(c.tree, known), c.scope) for c in document.claims]
        document.module_claims = [
            ModuleClaim(joined(c.tree, known), c.scope) for c in document.module_claims
        ]
        self._check_notations(statements)

    def _here(self) -> Scope:
        """Return the names of the file with the default lines so far."""
        return Scope(self.top, {}, self.defaults)

    def _statement(self, statement: tree.Statement) -> None:
        match statement:
            case tree.Convention():
                self.document.says_convention = True
                if self.forced is None:
                    self._convention(statement.name, statement.name_span)
            case tree.Default():
                self.defaults = with_lines(self.defaults, statement, self._here(), "")
            case tree.BlockDefinition():
                self._name(statement.name, statement.name_span)
                target = BlockTarget(statement, self._here())
                self.top.names[statement.name] = Template(statement.name, target)
            case tree.ModelDefinition():
                self._name(statement.name, statement.name_span)
                if statement.patterns:
                    raise SymparamsError(
                        "a model has its inputs in its body, not behind 'on'",
                        statement.patterns[0].span,
                    )
                self.document.models[statement.name] = WrittenModel(
                    statement.name,
                    statement.body,
                    statement.where,
                    self._here(),
                    statement.parameters,
                    statement.name_span,
                    measures=self.document.measures,
                    notations=self.document.notations,
                )
                part = ModelTarget(statement, self._here())
                self.top.names[statement.name] = Template(statement.name, part)
            case tree.MeasureDefinition() if statement.patterns:
                self._name(statement.name, statement.name_span)
                self.top.names[statement.name] = layout_named(statement, self._here())
            case tree.MeasureDefinition():
                self._name(statement.name, statement.name_span)
                self.document.measures[statement.name] = written_measure(statement)
            case tree.Expect():
                self.document.claims.append(Claim(statement, self._here()))
            case tree.ExpectModule():
                self.document.module_claims.append(ModuleClaim(statement, self._here()))
            case tree.Bare():
                if self.document.bare is not None:
                    raise SymparamsError("a second network without a name", statement.span)
                self.document.bare = WrittenModel(
                    "network",
                    statement.value,
                    statement.where,
                    self._here(),
                    None,
                    statement.span,
                    measures=self.document.measures,
                    notations=self.document.notations,
                )
            case tree.Import():
                self._import(statement)
            case tree.Variant():
                self._variant(statement)
            case tree.SymbolLine():
                self._notation(statement)
            case tree.LayerDefinition():
                self._name(statement.name, statement.name_span)
                if len(statement.patterns) != 1:
                    raise SymparamsError("a layer has one input", statement.name_span)
                written = LayerTarget(statement, self._here())
                self.top.names[statement.name] = Template(statement.name, written)
            case tree.WeightLine() | tree.Binding():
                raise SymparamsError(
                    "a name is bound inside braces, not at the top of a file",
                    statement.span,
                    "put it into the braces of the block or model that uses it",
                )
            case _:
                raise SymparamsError("this cannot stand here", statement.span)

    def _variant(self, statement: tree.Variant) -> None:
        """Take a variant of a model: as a model of its own, and as a part in chains."""
        base = base_of(statement, self.document.known, self.top)
        model = self.document.known[base]
        found = varied(model, statement, self._here(), self.document.measures)
        self._name(found.name, statement.name_span)
        self.document.variants[found.name] = found
        part = self.top.get(base)
        assert isinstance(part, Template)
        assert isinstance(part.target, ModelTarget)
        written = part.target.written.but(parameters=found.parameters)
        target = ModelTarget(written, part.target.scope)
        self.top.names[found.name] = Template(found.name, target)

    def _notation(self, statement: tree.SymbolLine) -> None:
        """Take how a size is typeset."""
        name = statement.name
        if name in self.notations:
            notes = [("first here", self.notations[name])]
            raise SymparamsError(f"'{name}' has two notations", statement.name_span, notes=notes)
        self.notations[name] = statement.name_span
        try:
            self.document.notations[name] = read_notation(statement.notation)
        except NotationProblem as problem:
            start = statement.notation_span.start + 1 + problem.offset
            span = Span(self.document.source, start, start + 1)
            raise SymparamsError(str(problem), span, problem.hint) from None

    def _check_notations(self, statements: Sequence[tree.Statement]) -> None:
        """Refuse a notation of what is no size of the text: it would be of no use.

        Raises:
            SymparamsError: no model or measure has a size of that name.
        """
        sizes: dict[str, None] = {}
        for statement in statements:
            if isinstance(statement, tree.ModelDefinition | tree.MeasureDefinition):
                sizes.update(dict.fromkeys(p.name for p in statement.parameters or ()))
            elif isinstance(statement, tree.Bare):
                free = names_in(statement.value) - built_in().keys()
                sizes.update(dict.fromkeys(sorted(free)))
        for name, span in self.notations.items():
            if name not in sizes:
                listed = f"there are {', '.join(sizes)}" if sizes else ""
                raise SymparamsError(
                    f"no size is called '{name}'", span, did_you_mean(name, sizes, listed)
                )

    def _name(self, name: str, span: Span, by: Span | None = None) -> None:
        """Take a name for a definition at ``span``, which an import at ``by`` brings."""
        if name in built_in():
            noun = built_in()[name].noun
            raise SymparamsError(f"'{name}' is a built-in {noun}", span, "choose another name")
        if name in self.places:
            notes: list[tuple[str, Span | None]] = [("first here", self.places[name])]
            if by is not None:
                notes.append(("imported here", by))
            raise SymparamsError(f"'{name}' is defined twice", span, notes=notes)
        self.places[name] = span

    def _import(self, statement: tree.Import) -> None:
        """Take the definitions of another file; not its claims, not its default lines."""
        source = self.document.source
        path = imported_path(source, statement)
        own = Path(source.path)
        here = (own if source.beside is not None else _real(own), statement.span)
        for opened, span in (*self.opened, here):
            if opened == path:
                raise SymparamsError(
                    f"'{statement.path}' imports itself in a circle",
                    statement.path_span,
                    notes=[("the circle begins here", span)] if span != statement.span else (),
                )
        if len(self.opened) >= DEEPEST_IMPORT:
            what = f"files import each other more than {DEEPEST_IMPORT} deep"
            raise SymparamsError(what, statement.path_span)
        if path not in self.imports:
            self.imports[path] = self._imported(path, statement, (*self.opened, here))
        other = self.imports[path]
        for name, span in other.places.items():
            if self.places.get(name) == span:
                continue  # the same definition, by another way
            self._name(name, span, statement.path_span)
            if name in other.top.names:
                self.top.names[name] = other.top.names[name]
            elif name in other.document.measures:
                self.document.measures[name] = other.document.measures[name]
        self.document.imported.update(other.document.known)

    def _imported(
        self, path: Path, statement: tree.Import, opened: tuple[tuple[Path, Span], ...]
    ) -> _SourceReading:
        """Return what another file says, which is read once, however many import it."""
        source = self.document.source
        shown = str(PurePosixPath(source.name).parent / statement.path)
        if source.beside is not None:
            try:
                below = source.beside(statement.path)
            except SymparamsError as error:
                raise error.at(statement.path_span) from None
            return _SourceReading(below, self.forced, opened, self.layers_only, self.imports)
        try:
            text = read(path)
        except Unreadable as error:
            told = error.message.replace(f"'{path}'", f"'{shown}'")
            if not os.path.exists(path):
                told = f"no file '{shown}' to import"
            raise SymparamsError(told, statement.path_span) from None
        below = Source(shown, text.text, text.path)
        return _SourceReading(below, self.forced, opened, self.layers_only, self.imports)

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
        lines_of = convention_lines(known[name], name)
        if self.layers_only:
            lines_of = {kind: lines for kind, lines in lines_of.items() if kind in kinds()}
        self.defaults = lines_of
        for kind, lines in own.items():
            for option, line in lines.items():
                self.defaults = with_default(self.defaults, kind, option, line)


def convention_lines(path: Path, name: str) -> Defaults:
    """Return the default lines of a shipped convention."""
    source = read(path)
    shipped = Source(f"{name}.arch", source.text)
    defaults: Defaults = {}
    for statement in parse(shipped).statements:
        if not isinstance(statement, tree.Default):
            raise SymparamsError("a convention is made of default lines", statement.span)
        defaults = with_lines(defaults, statement, Scope(), name)
    return defaults


def imported_path(source: Source, statement: tree.Import) -> Path:
    """Return the file that an import means: beside or below, and inside the repository.

    Raises:
        SymparamsError: an absolute path, one that climbs, or one that leaves the
            repository by a link.
    """
    span = statement.path_span
    if not source.path:
        raise SymparamsError("only a file can import", span)
    written = PurePosixPath(statement.path)
    if written.is_absolute() or ".." in written.parts or "\\" in statement.path:
        raise SymparamsError("an import is of a file beside or below", span, 'as in "blocks.arch"')
    if written.suffix != ".arch":
        raise SymparamsError("an import is of an .arch file", span)
    if source.beside is not None:
        return Path(source.path).parent / written
    folder = _real(Path(source.path)).parent
    target = _real(folder / written)
    if not target.is_relative_to(_root(folder)):
        raise SymparamsError("this file lies outside the repository of the importing one", span)
    return target


def _real(path: Path) -> Path:
    """Return a path without links; where they run in a circle it stays one, and reading it
    fails.
    """
    return Path(os.path.realpath(path))


def _root(folder: Path) -> Path:
    """Return the repository that a folder belongs to; the folder itself where there is none."""
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            return above
    return folder
