"""``hf:path/to/config.json``: a model of the zoo with the sizes of a Hugging Face configuration.

What the fields of a configuration are in the zoo is said once, in
``library/hf_configs.toml``; nothing of a family is written here. The zoo's text
is taken as it is, and the defaults of its model are replaced by the sizes of the file:
a formula stays in symbols, and a number is that of the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from symparams.elaboration import (
    Evaluator,
    Listed,
    Scope,
    Shipped,
    Value,
    Word,
    library_table,
    source as of_zoo,
)
from symparams.errors import MOST_NAMES, Source, Span, SymparamsError, did_you_mean
from symparams.frameworks.config_files import ConfigField, kind_in_json, read_config
from symparams.language import names_in, parse, parse_expression, tree
from symparams.network import Run

#: What a SOURCE begins with that is a configuration.
PREFIX = "hf:"
#: The longest name in a file that is compared with known ones; theirs have half of it at most.
LONGEST_NAME = 100


@dataclass(frozen=True)
class Family:
    """What the table says of a ``model_type``; see ``library/hf_configs.toml``."""

    model_type: str
    models: Mapping[str, str]
    sizes: Mapping[str, str]
    fields: Mapping[str, Mapping[str, Any]]
    of: Mapping[str, Mapping[str, Mapping[str, Any]]]
    aliases: Mapping[str, str]
    no_effect: frozenset[str]

    def fields_of(self, architecture: str) -> dict[str, Mapping[str, Any]]:
        """Return the fields that change a count of a class."""
        return {**self.fields, **self.of.get(architecture, {})}


@cache
def families() -> dict[str, Family]:
    """Return the kinds of configuration that the zoo has models of, by ``model_type``."""
    table = tomllib.loads(library_table("hf_configs.toml"))
    common = table.pop("common")
    ignored = frozenset(common["no_effect"].split())
    return {
        name: Family(
            name,
            said["models"],
            said["sizes"],
            _specified({**common["fields"], **said["fields"]}),
            {c: _specified(fields) for c, fields in said.get("of", {}).items()},
            said.get("aliases", {}),
            ignored | frozenset(said["no_effect"].split()),
        )
        for name, said in table.items()
    }


def _specified(fields: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {n: said if isinstance(said, dict) else {"default": said} for n, said in fields.items()}


def source_of(written: str) -> tuple[Source, str]:
    """Return the text of the model that a configuration describes, and the model's name.

    ``written`` is ``hf:`` and the path of a file. The text is the zoo's, with the
    file's sizes for defaults and without its expectations.

    Raises:
        SymparamsError: the file cannot be read or is no configuration of a model of
            the zoo; a field has no such value, is unknown, or changes what the zoo's
            model is built for.
    """
    path = written.removeprefix(PREFIX)
    source, fields = read_config(path)
    family = _family(source, fields)
    architecture = _architecture(family, fields)
    found = _Configuration(source, family, architecture, fields)
    found.require_known()
    found.require_plain()
    zoo, _, model = family.models[architecture].partition(":")
    text = _with_defaults(of_zoo(zoo), model or zoo, found.sizes())
    shown = Source(f"{written} as zoo:{zoo}", text.text, text.path, about=found.about())
    return shown, model or zoo


def _family(source: Source, fields: Mapping[str, ConfigField]) -> Family:
    known = families()
    field = fields.get("model_type")
    if field is None:
        raise SymparamsError(f"{source.name} has no 'model_type'", None, _listed(known))
    if not isinstance(field.value, str):
        what = kind_in_json(field.value)
        raise SymparamsError(f"'model_type' must be a text, not {what}", field.place)
    if field.value not in known:
        raise SymparamsError(
            f"the zoo has no model for model_type '{field.value}'",
            field.place,
            _meant(field.value, known, _listed(known)),
        )
    return known[field.value]


def _meant(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the nearest known name; what is far longer than any is compared with none."""
    return did_you_mean(name, known, otherwise) if len(name) <= LONGEST_NAME else otherwise


def _listed(names: Iterable[str]) -> str:
    return f"there are {', '.join(names)}"


def _architecture(family: Family, fields: Mapping[str, ConfigField]) -> str:
    """Return the class that a file names, or the first that the table has."""
    first = next(iter(family.models))
    field = fields.get("architectures")
    if field is None or field.value is None or field.value == []:
        return first
    if not isinstance(field.value, list):
        raise SymparamsError("'architectures' must be a list of texts", field.place)
    name, *others = field.value
    if others:
        what = f"'architectures' names {len(field.value)} classes"
        raise SymparamsError(what, field.place, "keep one")
    if not isinstance(name, str):
        raise SymparamsError("'architectures' must be a list of texts", field.place)
    if name not in family.models:
        there = f"of {family.model_type} there is {' and '.join(family.models)}"
        raise SymparamsError(f"the zoo has no {name}", field.place, there)
    return name


class _Configuration:
    """The fields of a file as a family's table reads them."""

    def __init__(
        self,
        source: Source,
        family: Family,
        architecture: str,
        fields: Mapping[str, ConfigField],
    ) -> None:
        self.source = source
        self.family = family
        self.architecture = architecture
        self.specified = family.fields_of(architecture)
        self.nested = {name.partition(".")[0] for name in self.specified if "." in name}
        self.written = fields
        self.fields = self._without_aliases(fields)
        self.evaluator = Evaluator(Run(), Shipped())
        said = (word for one in self.specified.values() for word in one.get("words", {}).values())
        self.words: dict[str, Value] = {word: Word(word) for word in said if word != "none"}

    def _without_aliases(self, fields: Mapping[str, ConfigField]) -> dict[str, ConfigField]:
        """Return the fields by the names that the class gives them."""
        found: dict[str, ConfigField] = {}
        for name, field in fields.items():
            meant = self.family.aliases.get(name, name)
            other = found.get(meant)
            if other is not None and other.value != field.value:
                raise SymparamsError(
                    f"'{name}' is another name of {other.key.text.strip(chr(34))}, with another "
                    "value",
                    field.place,
                    notes=[("the other is here", other.place)],
                )
            found[meant] = field
        return found

    def require_known(self) -> None:
        """Require that the table says something of every field.

        Raises:
            SymparamsError: the unknown ones, with the nearest names; what must be an
                object is none.
        """
        for name in sorted(self.nested & self.fields.keys()):
            if not isinstance(self.fields[name].value, dict | None):
                raise self._wrong(name, self.fields[name], "an object")
        known = {*self.specified, *self.family.no_effect, *self.nested}
        ignored = self.family.no_effect
        unknown = [
            (name, field)
            for name, field in self.fields.items()
            if name not in known and not self._is_ignored_below(name, ignored)
        ]
        if unknown:
            (name, field), *others = unknown
            notes: list[tuple[str, Span | None]] = [
                (f"nor '{other}'", there.key) for other, there in others[:MOST_NAMES]
            ]
            if len(others) > MOST_NAMES:
                notes.append((f"nor {len(others) - MOST_NAMES} more", None))
            raise SymparamsError(
                f"{self.family.model_type} has no field '{name}' that symparams knows",
                field.key,
                _meant(name, known, "what it changes is not known; remove it if nothing"),
                notes,
            )

    def _is_ignored_below(self, name: str, ignored: frozenset[str]) -> bool:
        """Tell whether a field of an object below changes nothing, as the object does."""
        above, dot, below = name.partition(".")
        if not dot:
            return False
        return above not in self.nested or (below in ignored and below != "num_labels")

    def require_plain(self) -> None:
        """Require that what the zoo's model is built for is what the file says.

        Raises:
            SymparamsError: a field differs, with what it would change.
        """
        for name, said in self.specified.items():
            if "changes" not in said:
                continue
            plain, wanted = self._is_plain(name, said)
            if not plain:
                field = self.fields.get(name)
                given = "absent" if field is None else field.place.text
                zoo = self.family.models[self.architecture].partition(":")[0]
                raise SymparamsError(
                    f"'{name}' is {given}, which changes the model: {said['changes']}",
                    Span(self.source, 0, 0) if field is None else field.place,
                    f"zoo:{zoo} is built for {wanted}",
                )

    def _is_plain(self, name: str, said: Mapping[str, Any]) -> tuple[bool, str]:
        """Tell whether a field has a value that the zoo's model is built for, and which."""
        field = self.fields.get(name)
        if "absent" in said:
            return field is None or field.value in (None, {}, []), "null"
        if "any" in said:
            return field is None or field.value in said["any"], " or ".join(said["any"])
        if "refused" in said:
            told = " or ".join(map(str, said["refused"]))
            if field is None:
                return True, f"other values than {told}"
            self._require_number(name, field)
            return field.value not in said["refused"], f"other values than {told}"
        plain = said["plain"]
        if isinstance(plain, str):
            wanted = self._formula(plain)
            return self.value(name) == wanted, _in_language(wanted)
        if field is None:
            return True, ""
        if isinstance(plain, bool) and not isinstance(field.value, bool):
            raise self._wrong(name, field, "true or false")
        if not isinstance(plain, bool):
            self._require_number(name, field)
        return field.value == plain, str(plain).lower()

    def _require_number(self, name: str, field: ConfigField) -> None:
        if not isinstance(field.value, int | Decimal) or isinstance(field.value, bool):
            raise self._wrong(name, field, "a number")

    def sizes(self) -> dict[str, str]:
        """Return the sizes of the zoo's model, as the language writes them."""
        return {
            size: _in_language(self._formula(formula))
            for size, formula in self.family.sizes.items()
        }

    def about(self) -> tuple[str, ...]:
        """Return which size is of which field, those of fields that the file does not have last."""
        written: list[str] = []
        absent: list[str] = []
        for size, formula in self.family.sizes.items():
            there = any(name in self.fields for name in self._fields_in(formula))
            (written if there else absent).append(f"{size} = {formula}")
        told = [f"from {self.source.name}: {', '.join(written)}"] if written else []
        if absent:
            told.append(f"as {self.architecture} is without: {', '.join(absent)}")
        return tuple(told)

    def _fields_in(self, formula: str) -> Iterable[str]:
        """Return the fields that a formula names."""
        if formula in self.specified:
            return (formula,)
        return names_in(parse_expression(Source("hf_configs.toml", formula)))

    def _formula(self, formula: str) -> Value:
        """Return the value of a formula of fields, or of a field."""
        if formula in self.specified:
            return self.value(formula)
        source = Source("hf_configs.toml", formula)
        return self.evaluator.value(
            parse_expression(source), Scope(None, self.words, free=self._free)
        )

    def _free(self, name: str) -> Value:
        return self.value(name) if name in self.specified else Word(name)

    def value(self, name: str) -> Value:
        """Return the value of a field in the language.

        Raises:
            SymparamsError: it is none that the field may have.
        """
        said = self.specified[name]
        field = self.fields.get(name)
        if field is not None and field.value is not None:
            return self._given(name, field, said)
        if field is None and "length_of" in said and said["length_of"] in self.fields:
            labels = self.fields[said["length_of"]]
            if not isinstance(labels.value, dict) or not labels.value:
                raise self._wrong(said["length_of"], labels, "an object that is not empty")
            return len(labels.value)
        if field is None and "default" in said:
            return self._default(said)
        if "null" in said:
            return self._formula(said["null"])
        if field is None:
            raise SymparamsError(f"{self.source.name} has no '{name}'")
        raise self._wrong(name, field, _kind_of(said))

    def _default(self, said: Mapping[str, Any]) -> Value:
        default = said["default"]
        if isinstance(default, list):
            return Listed(tuple(default))
        if isinstance(default, str):
            return self._formula(said["words"][default]) if "words" in said else Word(default)
        assert isinstance(default, int), "a size is an integer"
        return default

    def _given(self, name: str, field: ConfigField, said: Mapping[str, Any]) -> Value:
        """Return what stands in the file, where it is of the kind that the field has."""
        value, default, least = field.value, said.get("default"), said.get("least", 1)
        if isinstance(default, bool):
            if not isinstance(value, bool):
                raise self._wrong(name, field, "true or false")
            return value
        if isinstance(default, list):
            many = said["length"]
            if not isinstance(value, list) or not all(_is_size(v, least) for v in value):
                raise self._wrong(name, field, "a list of positive integers")
            if len(value) != many:
                raise self._wrong(name, field, f"a list of {many} positive integers")
            return Listed(tuple(value))
        if "words" in said and isinstance(value, str):
            if value not in said["words"]:
                known = said["words"]
                hint = _meant(value, known, _listed(known))
                raise SymparamsError(f"'{name}' may not be '{value}'", field.place, hint)
            return self._formula(said["words"][value])
        if ("words" in said and "integer" not in said) or not _is_size(value, least):
            raise self._wrong(name, field, _kind_of(said))
        if "length_of" in said:
            self._require_as_many(name, field, said["length_of"])
        assert isinstance(value, int), "a size is an integer"
        return value

    def _require_as_many(self, name: str, field: ConfigField, other: str) -> None:
        labels = self.fields.get(other)
        if labels is None or not isinstance(labels.value, dict):
            return
        if len(labels.value) != field.value:
            raise SymparamsError(
                f"'{name}' is {field.value}, but '{other}' has {len(labels.value)}",
                field.place,
                notes=[("here", labels.key)],
            )

    def _wrong(self, name: str, field: ConfigField, wanted: str) -> SymparamsError:
        given = field.place.text if _is_short(field) else kind_in_json(field.value)
        return SymparamsError(f"'{name}' must be {wanted}, not {given}", field.place)


def _is_short(field: ConfigField) -> bool:
    return len(field.place.text) <= 40 and "\n" not in field.place.text


def _is_size(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _kind_of(said: Mapping[str, Any]) -> str:
    """Return what the values of a field are."""
    default = said.get("default")
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, list):
        return "a list of positive integers"
    integer = "a positive integer" if said.get("least", 1) else "an integer of at least 0"
    if "words" not in said:
        return integer
    words = " or ".join(f"'{word}'" for word in said["words"])
    return f"{integer} or {words}" if "integer" in said else words


def _in_language(value: Value) -> str:
    """Return a value as the language writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Fraction):
        return str(value)
    if isinstance(value, Listed):
        return f"[{', '.join(map(_in_language, value.items))}]"
    assert isinstance(value, Word), "sizes are numbers, lists, flags and words"
    return value.id


def _with_defaults(source: Source, name: str, sizes: Mapping[str, str]) -> Source:
    """Return the text of a model with other defaults, without its variants and expectations."""
    edits: list[tuple[Span, str]] = []
    for statement in parse(source).statements:
        if isinstance(statement, tree.Expect | tree.Variant):
            edits.append((statement.span, ""))
        if isinstance(statement, tree.ModelDefinition) and statement.name == name:
            edits += _new_defaults(statement.parameters or (), sizes)
    text = source.text
    for span, other in sorted(edits, key=lambda edit: -edit[0].start):
        text = text[: span.start] + other + text[span.end :]
    return Source(source.name, text, source.path)


def _new_defaults(
    parameters: Sequence[tree.Parameter], sizes: Mapping[str, str]
) -> list[tuple[Span, str]]:
    known = {p.name: p.default for p in parameters}
    assert sizes.keys() <= known.keys(), "the table names sizes of the model"
    return [
        (default.span, sizes[name])
        for name, default in known.items()
        if name in sizes and default is not None
    ]
