"""The schemas in ``docs/schema`` are up to date, and what the commands print is as they say."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from symparams.algebra import Size, symbol
from symparams.interchange import ABSENT, Absent, CommandAnswer, Further, json_text, json_value
from symparams.records import Record
from symparams.views import render
from symparams.views.written import simpler
from tests.cli.running import COMMANDS, OUTSIDE, example, run
from tests.views.nets import sheets

from .schemas import FOLDER, Schemas, answering, raised, schema, there, written

ROOT = Path(__file__).parents[2]
SCHEMAS = {command: there(command) for command in answering()}
SHEETS = sheets()


def validate(command, data):
    Draft202012Validator(SCHEMAS[command]).validate(data)


@pytest.mark.parametrize("command", SCHEMAS)
def test_the_files_are_up_to_date(command):
    Draft202012Validator.check_schema(SCHEMAS[command])
    told = (FOLDER / f"{command}.json").read_text("utf-8")
    version = SCHEMAS[command].get("version", "")
    assert told == written(schema(command, version)), "python -m tests.documents.schemas"


def test_there_are_no_other_files():
    assert {file.stem for file in FOLDER.iterdir()} == set(answering())


def test_every_command_has_answers():
    assert set(answering()) == {*COMMANDS, "error"}


# --- what the pages and the commands print ---


@pytest.mark.parametrize("name", SHEETS)
def test_a_page_is_as_its_schema_says(name):
    answer = type(SHEETS[name].answered())
    (command,) = (c for c, answers in answering().items() if answer in answers)
    validate(command, json.loads(render(SHEETS[name], "json")))


LSTM = "input(t, i) -> lstm(h)"
GROWING = "model m(n = 3, h) = input(h) -> (id | linear(h)) * n -> dense(2)"
SPACE = ["search", LSTM, "--set", "t=3", "--over", "h=1..40,i=1..9", "--budget", "params <= 5K"]
LINES = [
    ["show", "zoo:gpt2"],
    ["show", "input(a, b) -> split(2)"],
    ["show", GROWING],
    ["show", "input(10^20) -> dense(10^15)", "--measure", "macs"],
    ["formula", LSTM, "--form", "grouped"],
    ["formula", "zoo:vgg16", "--measure", "macs"],
    ["count", "zoo:vgg16"],
    ["count", "input(9007199254740992) -> linear(1)"],
    ["explain", "zoo:vgg16"],
    ["explain", GROWING],
    ["sensitivity", LSTM],
    ["sensitivity", "zoo:gpt2", "--second"],
    ["sensitivity", "zoo:gpt2", "--by", "h,l"],
    ["sensitivity", "zoo:gpt2", "--trade", "l:h"],
    ["sensitivity", "zoo:gpt2", "--leading", "h,l"],
    ["sensitivity", "zoo:llama", "--crossover", "attention:swiglu"],
    ["sensitivity", "zoo:vgg16", "--shares"],
    ["solve", "zoo:gpt2", "params <= 7B", "--for", "h"],
    ["solve", "zoo:gpt2", "params == 7B", "--for", "h"],
    [*SPACE, "--maximize", "params", "--count"],
    [*SPACE, "--pareto", "params,min:h"],
    [*SPACE, "--sample", "3"],
    [*SPACE, "--count"],
    ["sweep", LSTM, "--set", "t=3", "--over", "h=1..9,i={2, 4}", "--measure", "params/7"],
    ["prove", LSTM, "4*(h*i + h^2 + h)"],
    ["prove", LSTM, "4*(h*i + h^2 + 2*h)"],
    ["check", "docs/examples"],
    ["fmt", "--check", "docs/examples"],
    ["fmt", "--diff", "docs/examples"],
    ["layers"],
    ["layers", "gru"],
    ["layers", "residual"],
    ["layers", "attention"],
    ["layers", "gru", "--compare"],
    ["zoo", "gpt2"],
]


@pytest.mark.parametrize("args", LINES, ids=" ".join)
def test_a_command_prints_what_its_schema_says(args):
    result = run(*args, "--format", "json", cwd=ROOT)
    assert result.code in (0, 1), result.err
    validate(args[0], json.loads(result.out))


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - OUTSIDE))
def test_an_example_prints_what_its_schema_says(command, tmp_path):
    words = example(command)
    if any(word.endswith(".parquet") for word in words):
        pytest.importorskip("pyarrow")
    result = run(*words, "--format", "json", cwd=tmp_path if "--out" in words else ROOT)
    validate(command, json.loads(result.out))


REFUSED = [
    ["count", "input(3) -> desne(4)"],
    ["count", LSTM],
    ["show", "model a = input(3)\nmodel a = input(4)"],
    ["cuont"],
    ["fmt", "nothing.arch", "--check", "--fromat"],
    ["prove", LSTM, "4*x"],
]


@pytest.mark.parametrize("args", REFUSED, ids=" ".join)
def test_an_error_is_as_its_schema_says(args):
    result = run(*args, "--format", "json", cwd=ROOT)
    assert result.code == 2
    validate("error", json.loads(result.out))


def test_wrong_files_are_in_the_answers(tmp_path):
    (tmp_path / "a.arch").write_text("model m = input(3) -> dens(4)\n")
    (tmp_path / "b.arch").write_text("model m = input(3)->dense(4)\nexpect m(h = 1).params == 1\n")
    (tmp_path / "c.arch").write_text("model m = (\n")
    checked = json.loads(run("check", str(tmp_path), "--format", "json").out)
    validate("check", checked)
    assert len(checked["errors"]) == 3
    laid_out = json.loads(run("fmt", "--check", str(tmp_path), "--format", "json").out)
    validate("fmt", laid_out)
    assert {"error"} == {key for file in laid_out["files"] for key in file} - {"file", "changed"}
    printed = run("fmt", "-", "--format", "json", stdin=b"model m=input(3)")
    validate("fmt", json.loads(printed.out))


def test_a_time_that_is_over_is_an_answer(monkeypatch):
    from symparams.search import OutOfTimeError

    def over(*_, **__):
        raise OutOfTimeError

    monkeypatch.setattr("symparams.cli.commands.search._answer", over)
    result = run(*SPACE, "--count", "--time-limit", "9", "--format", "json")
    assert result.code == 3
    validate("search", json.loads(result.out))


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("count", {"params": 2.5}),
        ("count", {"params": 2**53}),
        ("count", {"params": "h"}),
        ("error", {"error": {"message": "no place"}}),
        ("zoo", {"rows": [{"source": "a", "params": 1, "paper": "", "says": "", "more": "x"}]}),
        ("zoo", {"rows": [{"source": "a", "params": 1, "paper": ""}]}),
        ("prove", {}),
    ],
)
def test_what_no_schema_allows(command, data):
    with pytest.raises(ValidationError):
        validate(command, data)


# --- one function for the values, one for the schemas ---


class Leaf(Record):
    """A leaf. And more."""

    name: str
    from_: "Size | None"
    gone: int | Absent = ABSENT


class Tree(CommandAnswer):
    leaves: tuple[Leaf, ...]
    pair: tuple[int, bool]
    sizes: Further["Size"]


def test_a_record_becomes_json():
    leaf = Leaf("a", 2 * symbol("h") + 1)
    tree = Tree((leaf, leaf.but(gone=2)), (2**53, True), Further({"h": 3, "l": 2**70}))
    assert json_value(tree, simpler) == {
        "leaves": [
            {"name": "a", "from": "2*h + 1"},
            {"name": "a", "from": "2*h + 1", "gone": 2},
        ],
        "pair": ["9007199254740992", True],
        "h": 3,
        "l": str(2**70),
    }
    assert json.loads(json_text(tree, simpler=simpler)) == json_value(tree, simpler)


def test_a_record_says_its_schema():
    found = Schemas()
    assert found.of(Tree) == {"$ref": "#/$defs/Tree"}
    leaf, tree = found.defs["Leaf"], found.defs["Tree"]
    assert leaf["required"] == ["name", "from"]
    assert leaf["properties"]["gone"] == {"$ref": "#/$defs/integer"}
    assert leaf["properties"]["from"] == {"anyOf": [{"$ref": "#/$defs/size"}, {"type": "null"}]}
    assert leaf["additionalProperties"] is False
    assert tree["additionalProperties"] == {"$ref": "#/$defs/size"}
    assert tree["properties"]["pair"]["prefixItems"][1] == {"type": "boolean"}


def test_what_nothing_makes_json_of():
    with pytest.raises(TypeError, match="a object has no JSON"):
        json_value([object()], simpler)
    with pytest.raises(TypeError, match="nothing says what"):
        Schemas().of(complex)


BEFORE = {
    "version": "3.4",
    "$defs": {"A": {"properties": {"a": {"type": "string"}}, "required": ["a"]}},
}


@pytest.mark.parametrize(
    ("properties", "required", "version"),
    [
        ({"a": {"type": "string"}}, ["a"], "3.4"),
        ({"a": {"type": "string"}, "b": {"type": "null"}}, ["a", "b"], "3.5"),
        ({"b": {"type": "string"}}, ["b"], "4.0"),
        ({}, [], "4.0"),
        ({"a": {"type": "null"}}, ["a"], "4.0"),
        ({"a": {"type": "string"}}, [], "4.0"),
    ],
)
def test_how_the_version_rises(properties, required, version):
    after = {"$defs": {"A": {"properties": properties, "required": required}}}
    assert raised(BEFORE, after) == version
    assert raised({}, after) == "1.0"


def test_the_documents_name_the_folder():
    for name in ("README.md", "docs/language.md", "CONTRIBUTING.md"):
        assert re.search(r"docs/schema|\(schema/?\)", (ROOT / name).read_text("utf-8")), name
