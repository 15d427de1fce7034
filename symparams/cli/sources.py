"""SOURCE and ``--set``: from what was typed to a model and its values."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from symparams.errors import Source, SymparamsError

if TYPE_CHECKING:
    from symparams.algebra import Number
    from symparams.elaboration import Document, Value, WrittenModel

#: A model, or a variant of one: ``llama.1.3b``.
_MODEL = r"(?P<model>\w+(\.\w+)*)"
_FILE = re.compile(rf"(?P<path>.+\.arch)(:{_MODEL})?")
#: What ``--set`` gives a value: a name, or one of an indexed size.
_NAME = re.compile(r"[^\W\d]\w*(\[\d+\])?")
#: The same with what stands behind it: no comparison.
_ASSIGNED = re.compile(rf"\s*{_NAME.pattern}\s*=(?!=)")
_ZOO = re.compile(rf"zoo:(?P<name>[\w-]+)(?P<variant>(\.\w+)+)?(:{_MODEL})?")
#: What a SOURCE begins with that is a Hugging Face configuration.
_CONFIGURATION = "hf:"
_LOOKS_LIKE_TEXT = re.compile(r"->|→|[(\n]")


def definition_of(
    source: str, convention: str | None, rename: tuple[str, ...] = ()
) -> WrittenModel:
    """Return the model that a SOURCE means, with the names of ``--rename`` for its sizes.

    Raises:
        SymparamsError: no such file or model, text that is not of the language, or no such size.
    """
    text, model = _fetched(source)
    definition = _understood(text, convention).definition(model)
    if not rename:
        return definition
    from symparams.elaboration import renamed

    return renamed(definition, renames_of(rename))


def models_of(sources: tuple[str, ...], convention: str | None) -> list[tuple[str, WrittenModel]]:
    """Return the models that several SOURCEs mean, and the variants of each, by their names.

    A model that one of its variants is, at its defaults, does not stand beside it. Where two
    SOURCEs have models of one name, they are called as the SOURCE is.

    Raises:
        SymparamsError: no such file or model, or text that is not of the language.
    """
    found = [(source, *one) for source in sources for one in _with_variants(source, convention)]
    places: dict[str, set[str]] = {}
    for source, name, _ in found:
        places.setdefault(name, set()).add(source)
    several = {source: sum(s == source for s, _, _ in found) > 1 for source in sources}

    def called(source: str, name: str) -> str:
        if len(places[name]) == 1:
            return name
        return f"{source}:{name}" if several[source] else source

    return [(called(source, name), model) for source, name, model in found]


def _with_variants(source: str, convention: str | None) -> list[tuple[str, WrittenModel]]:
    """Return the model that a SOURCE means, and its variants."""
    text, model = _fetched(source)
    document = _understood(text, convention)
    found = document.definition(model)
    own = {n: d for n, d in document.variants.items() if n.partition(".")[0] == found.name}
    alone = any(d.parameters == found.parameters for d in own.values())
    return [*([] if alone else [(found.name, found)]), *own.items()]


def document_of(source: str, convention: str | None) -> Document:
    """Return everything that the text of a SOURCE says.

    Raises:
        SymparamsError: as :func:`definition_of` does.
    """
    return _understood(_fetched(source)[0], convention)


def counted_as(
    source: str, convention: str | None, otherwise: str
) -> tuple[WrittenModel, str, str]:
    """Return the model that a SOURCE means, its convention, and who says so.

    That is ``convention`` where one is given, what the text says, or else what
    ``otherwise`` says of layer kinds: the blocks of a text stay as they are.

    Raises:
        SymparamsError: no such file or model, or text that is not of the language.
    """
    return counting(source, convention)(otherwise)


def counting(source: str, convention: str | None) -> Callable[[str], tuple[WrittenModel, str, str]]:
    """Return what gives the same of a SOURCE by what is said otherwise; it is fetched once.

    Raises:
        SymparamsError: no such file.
    """
    from symparams.elaboration import counted_by

    text, model = _fetched(source)

    def counted(otherwise: str) -> tuple[WrittenModel, str, str]:
        document, used = counted_by(text, convention, otherwise)
        said_by = "--convention" if convention is not None else ""
        if not said_by and document.says_convention:
            said_by = "the text"
        return document.definition(model), used, said_by

    return counted


def _understood(source: Source, convention: str | None) -> Document:
    from symparams.elaboration import understand

    return understand(source, convention)


def _fetched(source: str) -> tuple[Source, str]:
    """Return (text, name of the model or "")."""
    from symparams.language import read

    zoo = _ZOO.fullmatch(source)
    if zoo and not (zoo["variant"] and zoo["model"]):
        from symparams.elaboration import source as of_zoo

        return of_zoo(zoo["name"]), zoo["model"] or _namesake(zoo["name"], zoo["variant"] or "")
    if source.startswith(_CONFIGURATION):
        from symparams.frameworks import source_of

        return source_of(source)
    if source == "-":
        return standard_input(), ""
    file = _FILE.fullmatch(source)
    if file and not _LOOKS_LIKE_TEXT.search(source):
        return read(file["path"]), file["model"] or ""
    if _LOOKS_LIKE_TEXT.search(source) and not _is_file(source):
        return Source("<text>", source), ""
    return read(source), ""


def _namesake(name: str, variant: str) -> str:
    """Return the model of a zoo file that has the file's own name, or ``.variant`` of it.

    Where none has, the only one is meant: "", or ``model.variant``.
    """
    from symparams.elaboration import source, understand

    document = understand(source(name))
    if name in document.models:
        return name + variant
    return document.definition().name + variant if variant else ""


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False


def standard_input() -> Source:
    """Return the text of standard input.

    Raises:
        SymparamsError: it is closed, too large, or not UTF-8.
    """
    import sys

    from symparams.language import LARGEST

    if sys.stdin is None:
        raise SymparamsError("standard input is closed")
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1)
    except OSError as error:  # a folder, as in `count - < .`
        reason = (error.strerror or str(error)).lower()
        raise SymparamsError(f"standard input cannot be read: {reason}") from None
    if len(raw) > LARGEST:
        raise SymparamsError(f"standard input is larger than {LARGEST:,} bytes")
    try:
        # As in a file, a byte-order mark counts as white space.
        return Source("<stdin>", raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SymparamsError(f"standard input is not UTF-8 (byte {error.start})") from None


def values_of(assignments: tuple[str, ...], option: str = "--set") -> dict[str, Value]:
    """Return the values of ``--set name=value`` options; several may stand in one, after commas.

    ``option`` is what errors call it.

    Raises:
        SymparamsError: not of that form, or a name given twice.
    """
    from symparams.elaboration import Evaluator, Scope, Shipped, Word, words_known
    from symparams.language import between_commas, parse_expression, tree
    from symparams.network import Run

    found: dict[str, Value] = {}
    evaluator = Evaluator(Run(), Shipped())

    def free(name: str) -> Value:
        from symparams.algebra import symbol

        return Word(name) if name in words_known() else symbol(name)

    for assignment in assignments:
        for part in between_commas(assignment):
            name, equals, value = part.partition("=")
            name = name.strip()
            if not equals or not _NAME.fullmatch(name) or not value.strip():
                raise SymparamsError(
                    f"{option} {assignment}: write name=value", None, f"as in {option} h=128"
                )
            if name in found:
                raise SymparamsError(f"{option} gives '{name}' twice")
            expression: tree.Expression = parse_expression(Source(f"{option} {name}", value))
            found[name] = evaluator.value(expression, Scope(free=free))
    return found


def lists_of(assignments: tuple[str, ...], option: str = "--set") -> dict[str, list[Value]]:
    """Return the values of ``--set h=768,1024`` options: several of a size stand after commas.

    Raises:
        SymparamsError: as :func:`values_of` does.
    """
    from symparams.language import between_commas

    found: dict[str, list[Value]] = {}
    for assignment in assignments:
        name = ""
        own: dict[str, list[Value]] = {}
        for part in between_commas(assignment):
            # A part without its name goes on with the values of the one before.
            text = f"{name}={part}" if name and _ASSIGNED.match(part) is None else part
            ((name, value),) = values_of((text,), option).items()
            own.setdefault(name, [])
            if text is part and own[name]:
                raise SymparamsError(f"{option} gives '{name}' twice")
            own[name].append(value)
        if again := found.keys() & own.keys():
            raise SymparamsError(f"{option} gives '{min(again)}' twice")
        found |= own
    return found


def numbers_of(assignments: tuple[str, ...], option: str) -> dict[str, Number]:
    """Return the same where every value must be a number: ``--step h=64``.

    Raises:
        SymparamsError: not of that form, or not a number.
    """
    from symparams.elaboration import describe, is_number

    found: dict[str, Number] = {}
    for name, value in values_of(assignments, option).items():
        if not is_number(value):
            raise SymparamsError(f"{option} {name}: a number is needed, not {describe(value)}")
        found[name] = value  # type: ignore[assignment]  # it is a number
    return found


def names_of(listed: str, option: str, between: str = ",", exactly: int | None = None) -> list[str]:
    """Return the names of an option, as ``h,l`` or ``l:h``.

    Raises:
        SymparamsError: one is empty, or they are not as many as they must be.
    """
    names = [name.strip() for name in listed.split(between)]
    if not all(names) or (exactly is not None and len(names) != exactly):
        shape = between.join(("A", "B"))
        raise SymparamsError(f"{option} {listed}: write names as {shape}")
    return names


def renames_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return the pairs of ``--rename n=i`` options: name in the formula → name in the model.

    Raises:
        SymparamsError: not of that form, or a name given twice.
    """
    found: dict[str, str] = {}
    for given in pairs:
        for pair in given.split(","):
            old, _, new = (side.strip() for side in pair.partition("="))
            if not old.isidentifier() or not new.isidentifier():
                raise SymparamsError(
                    f"--rename {given}: write formula's=model's", None, "as in --rename n=i"
                )
            if old in found:
                raise SymparamsError(f"--rename gives '{old}' twice")
            found[old] = new
    return found
