"""The source text of modules: read line by line, stable under a formatter, and said where not."""

from __future__ import annotations

import ast
import builtins
import shutil
import subprocess
import sys
from collections.abc import Iterator
from symtable import SymbolTable, symtable

import pytest

from symparams.elaboration import zoo
from symparams.errors import SymparamsError
from symparams.frameworks import CONVENTIONS, export
from symparams.frameworks.exporting.paths import paths
from symparams.frameworks.plan import plan
from tests.cli.running import run
from tests.frameworks.exported_texts import FOLDER, TEXTS, definition, exported
from tests.oracle.verified import definition as of_zoo

BOTH = list(CONVENTIONS)


def lines(text: str, to: str = "torch") -> list[str]:
    """The lines of a module's text, without what stands in front."""
    return [line.strip() for line in export(definition(text, to), to).splitlines()]


# --- whole texts -------------------------------------------------------------


@pytest.mark.parametrize("to", BOTH)
@pytest.mark.parametrize("name", TEXTS)
def test_a_module_is_as_it_was_read(name: str, to: str) -> None:
    assert exported(name, to) == (FOLDER / f"{name}.{to}.txt").read_text("utf-8")


#: Kinds of the zoo that a framework does not have, or says nothing to run of.
REFUSED: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
def whole_zoo() -> dict[tuple[str, str], str]:
    """The module of every model of the zoo, or why there is none."""
    found = {}
    for to in BOTH:
        for name in zoo.files():
            try:
                found[name, to] = export(of_zoo(name, to), to, None, f"zoo:{name}")
            except SymparamsError as error:
                found[name, to] = f"# {error.message}"
    return found


def test_the_zoo_is_python_of_88_columns(whole_zoo: dict[tuple[str, str], str]) -> None:
    for text in whole_zoo.values():
        ast.parse(text)
    assert {place: text for place, text in whole_zoo.items() if text.startswith("# ")} == {
        place: f"# {why}" for place, why in REFUSED.items()
    }
    wide = {k: n for k, t in whole_zoo.items() for n in t.splitlines() if len(n) > 88}
    assert wide == {}


def scopes(table: SymbolTable) -> Iterator[SymbolTable]:
    """A scope of Python, and all inside it."""
    yield table
    for inner in table.get_children():
        yield from scopes(inner)


def test_every_name_of_the_zoo_is_told(whole_zoo: dict[tuple[str, str], str]) -> None:
    unknown = set()
    for place, text in whole_zoo.items():
        top = symtable(text, "", "exec")
        told = {*dir(builtins), "__name__"}
        told |= {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
        for scope in scopes(top):
            read = {s.get_name() for s in scope.get_symbols() if s.is_global()}
            unknown |= {(*place, name) for name in read - told}
    assert unknown == set()


def test_a_formatter_changes_nothing(
    whole_zoo: dict[tuple[str, str], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ruff = shutil.which("ruff")
    if ruff is None:
        pytest.skip("needs ruff")
    folder = tmp_path_factory.mktemp("exported")
    for (name, to), text in whole_zoo.items():
        (folder / f"{name}_{to}.py").write_text(text, "utf-8")
    done = subprocess.run(
        [ruff, "format", "--isolated", "--no-cache", "--diff", str(folder)],
        capture_output=True,
        text=True,
    )
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_a_size_of_words_is_a_string() -> None:
    text = """
model m(op in {wide, deep} = deep, last in {one, ten}, h = 4) =
    input(h) -> (choice op { wide: dense(h); deep: dense(h) -> dense(h) })
    -> (choice last { one: dense(1); ten: dense(10) })
"""
    for to in BOTH:
        found = " ".join(lines(text, to))
        assert 'last: str, op: str = "deep", h: int = 4' in found, found
        assert 'op == "deep"' in found or 'op == "wide"' in found


def test_neither_framework_is_imported() -> None:
    code = (
        "import sys; from tests.frameworks.exported_texts import *\n"
        "for name in TEXTS:\n    for to in ('torch', 'keras'): exported(name, to)\n"
        "print([m for m in ('torch', 'keras', 'numpy', 'sympy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- parts of it -------------------------------------------------------------

PARTS = [
    ("input(3) -> dense(4, bias = no)", "self.dense = nn.Linear(3, 4, bias=False)"),
    (
        "input(9, 4) -> conv(6, 3, pad = causal)",
        "x = self.conv(F.pad(x.movedim(-1, 1), [2, 0]))",
    ),
    ("input(8, 8, 3) -> conv(4, [1, 3])", "self.conv = nn.Conv2d(3, 4, (1, 3))"),
    ("input(3) -> freeze(dense(4))", "self.dense = nn.Linear(3, 4).requires_grad_(False)"),
    (
        "input(3) -> weightnorm(dense(4))",
        "self.dense = parametrizations.weight_norm(nn.Linear(3, 4))",
    ),
    (
        "input(3) -> lora(linear(4), 2)",
        "nn.Linear(3, 4, bias=False),",
    ),
    ("{ weight w[3]; x = input(3); x + w }", "return x + self.w"),
    ("{ buffer w[3]; x = input(3); x + w }", 'self.register_buffer("w", torch.zeros(3))'),
    (
        "{ shared E = embed(50, h); tokens(4) -> E -> E.T }",
        "return F.linear(self.E(tokens), self.E.weight)",
    ),
    ("input(h) -> dense(h) * l", "self.layers = nn.ModuleList(NetworkLayer(h) for _ in range(l))"),
    ("input(h) -> relu * l", "for _ in range(self.l):"),
    ("input(h) -> dense(floor(h/2))", "self.dense = nn.Linear(h, h // 2)"),
    ("input(h) -> dense(ceil(h/3) + 1)", "self.dense = nn.Linear(h, (h + 2) // 3 + 1)"),
    ("input(h) -> dense(max(h, 16))", "self.dense = nn.Linear(h, max(16, h))"),
    (
        "input(h) -> dense(make_divisible(3/4*h, 8))",
        "self.dense = nn.Linear(h, make_divisible(Fraction(3 * h, 4), 8))",
    ),
    (
        "input(t, 6) -> bidirectional(lstm(h))",
        "[self.forward_net(x)[0], self.backward_net(x.flip(-2))[0].flip(-2)], -1",
    ),
    ("input(6) -> dropout(0.1) -> dense(2)", "return self.dense(F.dropout(x, 0.1, self.training))"),
    ("input(t, 6) -> split(2) -> cat", "x, y = torch.tensor_split(x, 2, -1)"),
]


@pytest.mark.parametrize(("text", "line"), PARTS)
def test_a_line_of_a_module(text: str, line: str) -> None:
    found = lines(text)
    assert line in found, "\n".join(found)


def test_uses_that_differ_in_sizes_share_a_class() -> None:
    found = lines(
        "block wide(c) = conv(c, 3) -> bn -> relu\n"
        "model net(n = 32) = input(9, 9, 3) -> conv(4, 1) -> wide(8) -> wide(16) -> wide(n)"
    )
    assert sum(line.startswith("class ") for line in found) == 2
    assert "self.wide2 = Wide(in_channels=8, out_channels=16)" in found
    assert "self.wide3 = Wide(in_channels=16, out_channels=n)" in found


def test_a_tensor_from_outside_is_passed() -> None:
    text = (
        "block cross(m) on [s, d] = attention(2, memory = m)\n"
        "model net(h = 8) = { m = input(5, h); input(3, h) -> cross(m) -> cross(m) }"
    )
    found = lines(text)
    assert "def forward(self, x: Tensor, m: Tensor) -> Tensor:" in found


@pytest.mark.parametrize("name", TEXTS)
def test_every_owner_of_weights_has_a_way_to_it(name: str) -> None:
    text = definition(TEXTS[name], "torch")
    found = paths(text, "torch")
    assert found is not None
    assert len(set(found)) == len(found) == len(plan(text).owners)


# --- what is no module -------------------------------------------------------

REFUSALS = [
    (
        "layer mine(o) on [i] { weight w[i, o]; output [o] }\nmodel net = input(3) -> mine(4)",
        "torch",
        "not exported: 'mine' is a layer of the text's own, which says its shapes, not what it "
        "computes",
    ),
    (
        "input(5, 3) -> recurrent(4, gates = 2)",
        "keras",
        "not built: keras has no 'recurrent': SimpleRNN, GRU and LSTM have 1, 3 and 4 gates",
    ),
    (
        "input(3) -> bn(scale = no)",
        "torch",
        "not built: torch's 'bn' has scale and shift together or not at all",
    ),
    ("zeros(3) -> dense(2)", "torch", "'network' takes no input"),
]


@pytest.mark.parametrize(("text", "to", "says"), REFUSALS)
def test_what_cannot_be_written_is_said(text: str, to: str, says: str) -> None:
    with pytest.raises(SymparamsError) as refused:
        export(definition(text, to), to)
    assert refused.value.message == says


def test_an_unknown_framework() -> None:
    with pytest.raises(SymparamsError, match="unknown framework 'torhc'") as refused:
        export(definition("input(3) -> dense(4)", "torch"), "torhc")
    assert "torch" in str(refused.value)


# --- the command -------------------------------------------------------------


def test_the_command_writes_a_file(tmp_path) -> None:
    done = run("export", TEXTS["mlp"], "--to", "torch")
    assert done.code == 0
    assert done.out == exported("mlp", "torch")
    path = tmp_path / "mlp.py"
    done = run("export", TEXTS["mlp"], "--to", "torch", "--out", str(path))
    assert (done.code, done.out) == (0, f"written to {path}\n")
    assert path.read_text("utf-8") == exported("mlp", "torch")


def test_a_setting_is_a_number_in_the_module() -> None:
    done = run("export", TEXTS["mlp"], "--to", "torch", "--set", "h=7")
    assert "self.dense1 = nn.Linear(i, 7)" in done.out
    assert "h" not in [part.split(":")[0] for part in done.out.split(", ")]
