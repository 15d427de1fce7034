"""Where the first axis of an input looks like its channels, that is said, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.elaboration.shipped_files import LIBRARY
from symparams.errors import Source, SymparamsError
from symparams.language import read
from symparams.network.channel_order import channels_first, looks_so
from tests.cli.running import run

IMAGE = "input(3, 224, 224) -> conv(64, 3)"
SAID = "input(3, 224, 224) looks like channels first: here they stand last, input(224, 224, 3)"


def remarks(source: str) -> tuple[str, ...]:
    return channels_first(build(understand(Source("net.arch", source)).definition()).root)


LOOK = [
    (IMAGE, "input(224, 224, 3)"),
    ("input(1, 28, 28) -> conv(8, 1)", "input(28, 28, 1)"),
    ("input(4, 64, 64) -> maxpool(2)", "input(64, 64, 4)"),
    ("input(3, 480, 640) -> avgpool(2)", "input(480, 640, 3)"),
    ("input(3, s, s) -> bn -> conv(64, 3)", "input(s, s, 3)"),
    ("input(3, 224, 224) -> depthwise(3)", "input(224, 224, 3)"),
    ("input(3, 16, 112, 112) -> conv(64, 3)", "input(16, 112, 112, 3)"),
    ("input(1, 16000) -> conv(64, 1)", "input(16000, 1)"),
    ("model m = { x = input(3, 32, 32); (x -> conv(3, 1)) -> flatten }", "input(32, 32, 3)"),
]


@pytest.mark.parametrize(("source", "last"), LOOK)
def test_what_looks_so(source, last):
    (said,) = remarks(source)
    assert said.endswith(f"looks like channels first: here they stand last, {last}")


@pytest.mark.parametrize(
    "source",
    [
        "input(224, 224, 3) -> conv(64, 3)",
        "input(3, 224, 224) -> permute(1, 2, 0) -> conv(64, 3)",
        "input(3, 224, 224) -> dense(4)",
        "input(3, 224, 224) -> flatten -> dense(4)",
        "input(8, 8, 64) -> conv(8, 3)",
        "input(3, 8, 64) -> conv(8, 1)",
        "input(3, h, w) -> conv(8, 1)",
        "input(2, 64, 64) -> conv(8, 1)",
        "input(3, 3, 3) -> conv(8, 3)",
        "input(4, 128) -> conv(8, 1)",
        "input(h, h, h) -> conv(8, 1)",
        "tokens(3) -> embed(5, 224) -> conv(8, 1)",
    ],
)
def test_what_does_not(source):
    assert remarks(source) == ()


@pytest.mark.parametrize("path", sorted((LIBRARY / "zoo").glob("*.arch")), ids=lambda p: p.stem)
def test_the_zoo_does_not(path: Path):
    document = understand(Source(path.name, read(path).text, str(path)))
    for name in document.models:
        try:
            network = build(document.definition(name), defaults=True)
        except SymparamsError:
            continue
        assert channels_first(network.root) == ()


def test_axes_without_an_image():
    assert not any(map(looks_so, [(), (3,), (3, 2, 2, 32, 32)]))


@pytest.mark.parametrize("output", [[], ["--format", "json"]])
def test_count_says_it_beside(output):
    result = run("count", IMAGE, *output)
    assert result.code == 0
    assert result.out == ('{\n  "params": 129088\n}\n' if output else "129088\n")
    assert result.err == f"note: {SAID}\n"


def test_show_says_it_below():
    result = run("show", IMAGE)
    assert (result.code, result.err) == (0, "")
    assert result.out.rstrip().endswith(SAID)
    assert json.loads(run("show", IMAGE, "--format", "json").out)["notes"] == [SAID]


def test_where_the_window_does_not_fit():
    assert run("count", "input(3, 224, 224) -> conv(64, 7)").err == (
        "<text>:1:23: a kernel of 7 must fit into an axis of 3\n"
        "    input(3, 224, 224) -> conv(64, 7)\n"
        "                          ^^^^^^^^^^^ channels stand last: input(224, 224, 3)\n"
    )
