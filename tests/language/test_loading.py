"""The grammar, its saved tables, and what is imported when."""

from __future__ import annotations

import runpy
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from symparams.errors import Source, Unreadable
from symparams.language import parse, read, tables
from symparams.language.builder import TreeBuilder
from tests.language.examples import PAGES

ROOT = Path(__file__).resolve().parents[2]


def test_grammar_has_no_conflict() -> None:
    """LALR(1) and free of colliding terminals, in lark's strict mode."""
    pytest.importorskip("interegular", reason="strict mode needs it")
    tables.build(tables.grammar_text(), strict=True)


def test_every_rule_has_a_method() -> None:
    """No reduction falls back to a tree of lark's own."""
    parser = tables.build(tables.grammar_text())
    named = {
        str(rule.alias or rule.origin.name)
        for rule in parser.rules
        if not rule.origin.name.startswith("_")
        # '?rule' with one child passes it on and is never called.
        and (rule.alias or not rule.options.expand1 or len(rule.expansion) > 1)
    }
    methods = {name for name in vars(TreeBuilder) if not name.startswith("_")}
    assert named == methods


def test_saved_tables_are_those_of_the_grammar() -> None:
    """What is written down and read again parses as what was built."""
    text = tables.grammar_text()
    written: dict[str, str] = {}
    exec(tables.tables_module(text), written)
    assert written["FINGERPRINT"] == tables.fingerprint(text)
    data, memo = tables.decode(written["TABLES"])
    builder: Any = tables.build(text, TreeBuilder())
    kind: Any = type(builder)
    loaded = kind._load_from_dict(data, memo, transformer=TreeBuilder())
    states = loaded.parser.parser._parse_table.states
    assert len(states) == len(builder.parser.parser._parse_table.states)


def test_build_script(tmp_path: Path) -> None:
    """``grammar/build_tables.py`` writes the module into a tree like this one."""
    for name in ("grammar/symparams.lark", "symparams/language/tables.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text())
    script = runpy.run_path(str(ROOT / "grammar" / "build_tables.py"))
    target = script["write"](tmp_path)
    assert target == tmp_path / "symparams" / "language" / "_tables.py"
    assert "FINGERPRINT" in target.read_text()


def test_stale_tables_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of another grammar, or of another lark, are passed over."""

    class Stale:
        FINGERPRINT = "of another grammar"
        TABLES = "not even JSON"

    monkeypatch.setattr(tables, "import_module", lambda name: Stale)
    tables.load(TreeBuilder())


def test_missing_grammar(tmp_path: Path) -> None:
    """An installation without the grammar says so."""
    with pytest.raises(FileNotFoundError, match="not fully installed"):
        tables.grammar_text((tmp_path / "a.lark", tmp_path / "b.lark"))


def test_lark_is_imported_at_the_first_parse() -> None:
    """Importing the room costs no parser."""
    code = (
        "import sys, symparams.language, symparams.language.tree\n"
        "assert 'lark' not in sys.modules\n"
        "from symparams.errors import Source\n"
        "symparams.language.parse(Source('<test>', 'a -> b'))\n"
        "assert 'lark' in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_threads() -> None:
    """Parses in parallel do not see each other."""
    expected = {name: parse(Source(name, page)) for name, page in PAGES.items()}
    wrong: list[str] = []

    def work() -> None:
        for _ in range(5):
            for name, page in PAGES.items():
                found = parse(Source(name, page))
                if found != expected[name] or found.span.source.name != name:
                    wrong.append(name)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_read(tmp_path: Path) -> None:
    """A file is read under the name it was given by, with or without a byte-order mark."""
    path = tmp_path / "net.arch"
    path.write_bytes(b"\xef\xbb\xbfinput(3) -> dense(4)\r\n")
    source = read(path)
    assert source.name == str(path)
    assert parse(source) == parse(Source("<test>", "input(3) -> dense(4)"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.arch", None, "there is no file 'none.arch'"),
        (".", None, "'.' is a folder, not a file"),
        ("a\0b", None, "'a\0b' cannot be read: embedded null byte"),
        ("net.arch", b"caf\xe9", "'net.arch' is not UTF-8 (byte 3)"),
        ("net.arch", b" " * ((1 << 20) + 1), "'net.arch' is larger than 1 MiB"),
    ],
)
def test_unreadable(
    name: str,
    content: bytes | None,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What cannot be read is refused under the name as given."""
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        read(name)
    assert str(caught.value) == message
