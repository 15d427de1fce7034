"""Every example of the README and of the docs is run; what it prints must be what stands there.

* ``console`` blocks: each ``$ symparams …`` line is run from the top of the
  repository, and the lines under it are its output. ``$ echo $?`` is the exit
  code of the command before. Those that build a network need the framework.
* ``pycon`` blocks are doctests, ``python`` blocks are run.
* ``arch`` blocks are files of the language: read, built, their ``expect``
  lines judged.
"""

import re
import shlex
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from symparams.analysis.checks import check
from symparams.errors import Source
from tests.cli.running import run
from tests.oracle.conftest import keras, torch  # noqa: F401 - fixtures

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def console(example: Example) -> str:
    """Run the commands of a block; what differs from the text is returned."""
    expected: list[str] = []
    said: list[str] = []
    code = 0
    for line in example.parsed.splitlines():
        expected.append(line.rstrip())
        if not line.startswith("$ "):
            continue
        said.append(line.rstrip())
        words = shlex.split(line[2:])
        if words == ["echo", "$?"]:
            said.append(str(code))
            continue
        assert words[0] == "symparams", f"not a command of ours: {line}"
        result = run(*words[1:], cwd=ROOT)
        code = result.code
        said += [shown.rstrip() for shown in (result.out + result.err).splitlines()]
    wanted, got = "\n".join(expected).strip(), "\n".join(said).strip()
    return "" if wanted == got else f"expected:\n{wanted}\n\nprinted:\n{got}"


def arch(example: Example) -> str:
    """Judge a block of the language."""
    result = check([Source(Path(example.path).name, example.parsed)])
    problems = [str(e) for e in result.errors]
    problems += [f"{j.span.text}: {j.how}" for j in result.judgements if j.holds is not True]
    return "\n".join(problems)


SYBIL = Sybil(
    parsers=[
        CodeBlockParser(language="console", evaluator=console),
        CodeBlockParser(language="arch", evaluator=arch),
        PythonCodeBlockParser(),
    ]
)
AGAINST = re.compile(r"symparams verify .*--against (\w+)")


def needed(example: Example) -> list[str]:
    """The frameworks that an example builds networks in."""
    return AGAINST.findall(str(example.parsed))


EXAMPLES = [
    pytest.param(
        example,
        id=f"{path.name}:{example.line}",
        marks=[pytest.mark.oracle] if needed(example) else [],
    )
    for path in DOCUMENTS
    for example in SYBIL.parse(path).examples()
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example, monkeypatch, request):
    for name in needed(example):
        request.getfixturevalue(name)
    monkeypatch.chdir(ROOT)
    example.evaluate()


def test_the_readme_has_examples():
    assert sum("README" in p.id for p in EXAMPLES) >= 5
