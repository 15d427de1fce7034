"""Formulas as code: each language is run, and gives the integers that the count has."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from symparams.algebra import symbols_of
from symparams.algebra.named_values import NamedValue
from symparams.elaboration import build
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import files, source as zoo_source
from symparams.errors import Source, SymparamsError
from symparams.views.pages import formula

#: Sources whose formulas have every function and every kind of condition.
WRITTEN = [
    "input(t, i) -> lstm(h)",
    "input(H, W, 3) -> conv(c, 3, stride = 2) -> flatten -> dense(o)",
    "model m(h = 64, a = 8) where h % a == 0 = input(h) -> dense(h*h/a) -> dense(h - a + 1)",
    "input(i) -> dense(max(i, 2*o, 7)) -> dense(min(i, o))",
    "input(i) -> dense(gcd(i, o)) -> dense(lcm(i, o, 4))",
    "input(i) -> dense(make_divisible(3*i/4, 8)) -> dense(round_up(i, 64))",
    "input(i) -> dense(2^n) -> dense(3)",
    "model m(lambda = 3, int = 4, h_1 = 5, h1 = 6, θ = 7, R = 2) ="
    " input(lambda) -> dense(int) -> dense(h_1 * h1) -> dense(θ + R)",
    "model m(l, h) where h > l or l == 3 = input(h) -> dense(h - l + 5)",
]
SOURCES = {text: understand(Source("<text>", text)).definition() for text in WRITTEN} | {
    f"zoo:{name}:{model}": definition
    for name in files()
    for model, definition in understand(zoo_source(name)).models.items()
}


def points(network):
    """The defaults, and one beside them that the conditions allow."""
    base = {n: network.defaults.get(n, 3 + k) for k, n in enumerate(network.symbols)}
    found = []
    for factor in (1, 2, 4, 6, 8, 12, 24):
        for shift in (0, 1):
            point = {n: v * factor + shift for n, v in base.items()}
            if network.allows(point):
                found.append({n: network.facts.domain(n).named(v) for n, v in point.items()})
    return found[:2]


def _word(value):
    """A value as a function takes it: a word as text."""
    return str(value) if isinstance(value, NamedValue) else value


@cache
def cases(language, words=True):
    """(source, name of the function, its text, arguments, the count), of what can be written."""
    found = []
    given = _word if words else (lambda value: value if isinstance(value, Fraction) else int(value))
    for text, definition in SOURCES.items():
        network = build(definition)
        try:
            written = formula.code(network, "params", "short", language)
        except SymparamsError as error:
            if language == "python" or "may be a fraction" not in str(error):
                raise
            continue
        total = network.measure("params")
        conditions = [*network.assumed, *network.open_conditions]
        own = {s.name for s in symbols_of(total)}
        needed = own.union(
            *(
                {s.name for s in c.symbols()}
                for c in conditions
                if {s.name for s in c.symbols()} <= own
            )
        )
        order = [n for n in network.symbols if n in needed]
        name = re.search(r"\b(\w+_params)\(", written)
        for point in points(network):
            count = build(definition, point, defaults=True).measure("params")
            found.append((text, name and name[1], written, [given(point[n]) for n in order], count))
    return found


def test_only_fractions_have_no_code_in_whole_numbers():
    assert {text for text, *_ in cases("python")} == SOURCES.keys()
    without = SOURCES.keys() - {text for text, *_ in cases("js")}
    assert without == {
        f"zoo:{m}:{m}" for m in ("efficientnet", "mnasnet", "mobilenet", "mobilenet_v2", "yolov8")
    }


def test_python():
    for text, name, written, arguments, count in cases("python"):
        module: dict = {}
        exec(written, module)
        found = module[name](*arguments)
        assert (found, type(found)) == (count, int), text


def test_python_refuses_where_the_formula_does_not_hold():
    network = build(SOURCES[WRITTEN[2]])
    module: dict = {}
    exec(formula.code(network, "params", "short", "python"), module)
    assert module["m_params"](64, 8) == build(SOURCES[WRITTEN[2]], {"h": 64, "a": 8}).measure(
        "params"
    )
    with pytest.raises(ValueError, match="h % a == 0"):
        module["m_params"](64, 7)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not there")
def test_javascript(tmp_path: Path):
    every = [case for case in cases("js") if all(isinstance(a, int | str) for a in case[3])]
    parts = []
    for _, name, written, args, _ in every:
        listed = ", ".join(json.dumps(a) if isinstance(a, str) else f"{a}n" for a in args)
        parts.append(f"(() => {{ {written}\nout.push(String({name}({listed}))); }})();")
    program = "const out = [];\n" + "\n".join(parts) + "\nconsole.log(JSON.stringify(out));"
    (tmp_path / "all.js").write_text(program, "utf-8")
    done = subprocess.run(
        ["node", str(tmp_path / "all.js")], check=True, capture_output=True, text=True
    )
    for (text, *_, count), found in zip(every, json.loads(done.stdout), strict=True):
        assert int(found) == count, text


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not there")
def test_c(tmp_path: Path):
    # What a function of C takes is the number of a word.
    every = [case for case in cases("c", words=False) if all(isinstance(a, int) for a in case[3])]
    mains = []
    for k, (_, name, written, args, _) in enumerate(every):
        listed = "".join(f"{a}LL, " for a in args)
        main = f"""#include <stdio.h>
int main(void) {{ int wrong; int64_t n = {name}({listed}&wrong);
  printf("%d %lld\\n", wrong, (long long)n); return 0; }}"""
        # Each in a file of its own, so that nothing of one helps another.
        (tmp_path / f"f{k}.c").write_text(f"{written}\n{main.replace('main', f'main_{k}')}\n")
        mains.append(f"main_{k}")
    heads = "\n".join(f"int {name}(void);" for name in mains)
    calls = "".join(f"{name}();" for name in mains)
    (tmp_path / "main.c").write_text(f"{heads}\nint main(void) {{ {calls} return 0; }}\n")
    for k in range(len(every)):
        text = (tmp_path / f"f{k}.c").read_text()
        name = every[k][1]
        (tmp_path / f"f{k}.c").write_text(text.replace(f" {name}(", f" f{k}_{name}("))
    objects = sorted(str(p) for p in tmp_path.glob("*.c"))
    subprocess.run(
        ["gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", *objects, "-o", str(tmp_path / "all")],
        check=True,
    )
    done = subprocess.run([str(tmp_path / "all")], check=True, capture_output=True, text=True)
    for (text, *_, count), line in zip(every, done.stdout.splitlines(), strict=True):
        wrong, found = line.split()
        assert (wrong, int(found)) == ("0", count), text


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not there")
def test_c_says_where_a_number_is_too_large(tmp_path: Path):
    network = build(understand(Source("<text>", "input(i) -> dense(i^9)")).definition())
    written = formula.code(network, "params", "short", "c")
    main = """#include <stdio.h>
int main(void) { int wrong; network_params(1LL << 20, &wrong); printf("%d ", wrong);
  long long n = network_params(9, &wrong); printf("%d %lld", wrong, n); return 0; }"""
    (tmp_path / "m.c").write_text(f"{written}\n{main}\n")
    subprocess.run(["gcc", str(tmp_path / "m.c"), "-o", str(tmp_path / "m")], check=True)
    done = subprocess.run([str(tmp_path / "m")], check=True, capture_output=True, text=True)
    assert done.stdout == f"1 0 {9 * 9**9 + 9**9}"


# --- the spreadsheet -------------------------------------------------------

_CALLS = {
    "MAX": max,
    "MIN": min,
    "GCD": lambda *sizes: math.gcd(*map(int, sizes)),
    "LCM": lambda *sizes: math.lcm(*map(int, sizes)),
    "INT": math.floor,
    "MOD": lambda a, b: a % b,
    "OR": lambda *tests: any(tests),
    "AND": lambda *tests: all(tests),
    "NOT": lambda a: not a,
    "IF": lambda test, then, other: then if test else other,
    "NA": lambda: None,
}


def spreadsheet(written: str, values: dict[str, int]) -> Fraction:
    """What a formula of a spreadsheet is worth, in fractions."""
    text = written.removeprefix("=").replace("^", "**").replace("<>", "!=")
    text = re.sub(r"(?<![<>!=])=(?!=)", "==", text)
    pieces = text.split('"')  # every other one is a word
    for k in range(0, len(pieces), 2):
        here = re.sub(r"(?<![\w.])(\d+)(?![\w.])", r"Fraction(\1)", pieces[k])
        pieces[k] = re.sub(r"\b(?!Fraction|[A-Z]{2,}\()([A-Za-z_]\w*)", r"v_\1", here)
    text = '"'.join(pieces)
    own = {f"v_{name}": value for name, value in values.items()}
    return eval(text, {"Fraction": Fraction, **_CALLS, **own})


def test_spreadsheet():
    seen = set()
    for text, definition in SOURCES.items():
        network = build(definition)
        try:
            written = formula.code(network, "params", "short", "excel")
        except SymparamsError:
            continue
        seen.add(text)
        for point in points(network):
            count = build(definition, point, defaults=True).measure("params")
            values = {}
            for name, value in point.items():
                plain = {"θ": "theta"}.get(name, re.sub(r"\[(\d+)\]", r"_\1", name))
                for spelled in (plain, f"{plain}_"):
                    worth = _word(value)
                    values.setdefault(spelled, worth if isinstance(worth, str) else Fraction(worth))
            assert spreadsheet(written, values) == count, (text, written)
    assert len(seen) > len(SOURCES) - 8


def test_a_minus_at_the_beginning_is_taken_from_zero():
    network = build(understand(Source("<text>", "input(i) -> dense(20 - i^2 + i)")).definition())
    written = formula.code(network, "params", "expanded", "excel")
    assert written.startswith("=0 - i^3") or not written.startswith("=-")
