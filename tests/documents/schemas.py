"""JSON Schemas of what every command answers, from the type hints of the answers.

``python -m tests.documents.schemas`` writes ``docs/schema`` anew, and raises the version of
a schema that changed: the first number where a field was removed, renamed or has other values,
the second where fields were added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from pkgutil import iter_modules
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from symparams.algebra import Condition, Domain, Form, Number
from symparams.cli import commands
from symparams.interchange import LARGEST_NUMBER, Absent, CommandAnswer, Further
from symparams.network import Signal
from symparams.records import Record
from symparams.views import pages, plots
from symparams.views.cells import Equation, Phrase

FOLDER = Path(__file__).parents[2] / "docs" / "schema"
FIRST_VERSION = "1.0"

Schema = dict[str, Any]


class AnySize:
    """In the place of ``Size`` in a hint, which is a text while the program runs."""


#: What an integer, a fraction and a formula are is told once, in each schema that has them.
INTEGER = {
    "description": "An integer; beyond 2^53 - 1 its digits as text.",
    "anyOf": [
        {"type": "integer", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER},
        {"type": "string", "pattern": "^-?[0-9]{16,}$"},
    ],
}
FRACTION = {"description": "A fraction.", "type": "string", "pattern": "^-?[0-9]+/[0-9]+$"}
FORMULA = {"description": "A number or a formula in the language's notation.", "type": "string"}

#: Type → its name among the ``$defs``, and what it is in JSON: the other side of ``simpler``.
DEFINED: Mapping[Any, tuple[str, Schema]] = {
    int: ("integer", INTEGER),
    Fraction: ("fraction", FRACTION),
    AnySize: ("size", {"anyOf": [INTEGER, FORMULA]}),
    Form: ("formula", FORMULA),
    Domain: ("domain", {"description": "The values of a size.", "type": "string"}),
    Condition: ("condition", {"description": "What has to hold.", "type": "string"}),
    Equation: ("equation", {"description": "Written as by hand.", "type": "string"}),
    Phrase: ("phrase", {"description": "Words and formulas.", "type": "string"}),
    Signal: (
        "shape",
        {
            "description": "The axes of a shape; of a bundle, its shapes.",
            "type": "array",
            "items": {"anyOf": [{"$ref": "#/$defs/size"}, {"$ref": "#/$defs/shape"}]},
        },
    ),
}
PLAIN = {str: "string", bool: "boolean", NoneType: "null"}
#: What stands in the hints and is another thing while the program runs.
NAMES = {"Size": AnySize, "Number": Number, "Flow": Signal}


class Schemas:
    """The schemas of some hints, and the definitions that they refer to."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a hint.

        Raises:
            TypeError: nothing says what it is in JSON.
        """
        origin, inner = get_origin(hint), get_args(hint)
        if hint in PLAIN:
            return {"type": PLAIN[hint]}
        if hint in DEFINED:
            return self._defined(hint)
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (Union, UnionType):
            return self.any_of([h for h in inner if h is not Absent])
        if origin is tuple and inner[-1] is Ellipsis:
            return {"type": "array", "items": self.of(inner[0])}
        if origin is tuple:
            items = [self.of(h) for h in inner]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if isinstance(hint, type) and issubclass(hint, Record):
            return self._record(hint)
        raise TypeError(f"nothing says what {hint} is in JSON")

    def any_of(self, hints: list[Any]) -> Schema:
        found = [self.of(hint) for hint in hints]
        return found[0] if len(found) == 1 else {"anyOf": found}

    def _defined(self, hint: Any) -> Schema:
        name, schema = DEFINED[hint]
        self.defs[name] = schema
        if hint is Signal:
            self.of(AnySize)
        return {"$ref": f"#/$defs/{name}"}

    def _record(self, record: type[Record]) -> Schema:
        name = record.__name__
        if name not in self.defs:
            self.defs[name] = {}  # it may hold itself
            self.defs[name] = self._object(record)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, record: type[Record]) -> Schema:
        hints = get_type_hints(record, localns=NAMES)
        others: Schema | bool = False
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for name in record._fields:
            hint, key = hints[name], name.removesuffix("_")
            if get_origin(hint) is Further:
                others = self.of(get_args(hint)[0])
                continue
            properties[key] = self.of(hint)
            if Absent not in get_args(hint):
                required.append(key)
        return {
            "description": says(record),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": others,
        }


def says(record: type[Record]) -> str:
    """The first paragraph of its documentation, free of markup."""
    paragraph = (getdoc(record) or "").partition("\n\n")[0]
    return " ".join(paragraph.replace("``", "'").replace(":data:", "").replace("`", "'").split())


def schema(command: str, version: str) -> Schema:
    """The schema of what a command answers."""
    found = Schemas()
    answers = answering()[command]  # in the order in which the files were loaded
    whole = found.any_of(sorted(answers, key=lambda answer: answer.__name__))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:symparams:schema:{command}:{version}",
        "title": f"symparams {command}" if command != "error" else "symparams, refused",
        "version": version,
        **whole,
        "$defs": dict(sorted(found.defs.items())),
    }


def answering() -> Mapping[str, list[type[CommandAnswer]]]:
    """Command → the answers that it may give; ``error`` is what is refused."""
    for folder in (pages, plots, commands):
        for module in iter_modules(folder.__path__, f"{folder.__name__}."):
            import_module(module.name)
    return CommandAnswer.by_command


def there(command: str) -> Schema:
    """What the file says; nothing where there is none."""
    file = FOLDER / f"{command}.json"
    found: Schema = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def fields(schema: Schema) -> dict[tuple[str, str], Any]:
    """(record, field) → what it may be, and whether it is always there; ``*`` is all further."""
    found: dict[tuple[str, str], Any] = {}
    for name, record in schema.get("$defs", {}).items():
        found[name, "*"] = record.get("additionalProperties")
        for key, value in record.get("properties", {}).items():
            found[name, key] = value, key in record["required"]
    return found


def raised(before: Schema, after: Schema) -> str:
    """The version of a schema whose file has another one."""
    if not before:
        return FIRST_VERSION
    major, minor = map(int, before["version"].split("."))
    old, new = fields(before), fields(after)
    if any(new.get(name) != field for name, field in old.items()):
        return f"{major + 1}.0"
    return f"{major}.{minor + (old != new)}"


def written(found: Schema) -> str:
    return json.dumps(found, indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for command in sorted(answering()):
        before = there(command)
        version = raised(before, schema(command, FIRST_VERSION))
        (FOLDER / f"{command}.json").write_text(written(schema(command, version)), "utf-8")
        if before.get("version") != version:
            print(f"{command}: {before.get('version', 'new')} -> {version}")
