"""``import``: beside or below, inside the repository, no circles, no clashes."""

import pytest

from symparams.analysis.checks import check
from symparams.elaboration.document import understand
from symparams.errors import SymparamsError
from symparams.language import read


@pytest.fixture
def files(tmp_path):
    """Writes files below a folder that is a repository; gives the path of one."""

    def write(**texts):
        (tmp_path / "repo" / ".git").mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            path = tmp_path / "repo" / (name.replace("__", "/") + ".arch")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / "repo"

    return write


def judged(path):
    result = check([read(path)])
    assert not result.errors, "\n".join(map(str, result.errors))
    return [j.holds for j in result.judgements]


def refused(path):
    with pytest.raises(SymparamsError) as caught:
        understand(read(path))
    return caught.value


def test_definitions_come_along_and_nothing_else(files):
    repo = files(
        blocks="default dense(bias = no)\nblock f(c) = dense(c)\n"
        "model inner = input(3) -> f(4)\nexpect inner.params == 999\n",
        net='import "blocks.arch"\nmodel m = input(3) -> f(4) -> dense(2)\n'
        "expect m.params == 12 + 10\nexpect inner.params == 12\n",
    )
    assert judged(repo / "net.arch") == [True, True]


def test_below_and_further_below(files):
    repo = files(
        net='import "parts/a.arch"\nmodel m = input(3) -> f\nexpect m.params == 16\n',
        parts__a='import "deep/b.arch"\nblock f = g\n',
        parts__deep__b="block g = dense(4)\n",
    )
    assert judged(repo / "net.arch") == [True]


def test_a_file_may_come_by_two_ways(files):
    repo = files(
        base="block g = dense(4)\n",
        a='import "base.arch"\nblock fa = g\n',
        b='import "base.arch"\nblock fb = g\n',
        net='import "a.arch"\nimport "b.arch"\nmodel m = input(4) -> fa -> fb\n'
        "expect m.params == 40\n",
    )
    assert judged(repo / "net.arch") == [True]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("../outside.arch", "an import is of a file beside or below"),
        ("a/../../outside.arch", "an import is of a file beside or below"),
        ("/etc/passwd.arch", "an import is of a file beside or below"),
        ("..\\\\outside.arch", "an import is of a file beside or below"),
        ("blocks.py", "an import is of an .arch file"),
        ("missing.arch", "no file"),
        ("link.arch", "outside the repository"),
    ],
)
def test_what_is_refused(files, tmp_path, written, says):
    (tmp_path / "outside.arch").write_text("block g = dense(4)\n")
    repo = files(net=f'import "{written}"\nmodel m = input(3) -> dense(4)\n')
    (repo / "link.arch").symlink_to(tmp_path / "outside.arch")
    error = refused(repo / "net.arch")
    assert says in error.message
    assert error.span is not None
    assert error.span.line == 1


def test_circles_name_both_places(files):
    repo = files(
        a='import "b.arch"\nblock f = dense(4)\n',
        b='\nimport "a.arch"\nblock g = dense(4)\n',
    )
    error = refused(repo / "a.arch")
    assert "circle" in error.message
    assert error.span.source.name.endswith("b.arch")
    assert error.span.line == 2
    ((_, begun),) = error.notes
    assert begun.source.name.endswith("a.arch")
    assert "b.arch:2:" in str(error)
    assert "a.arch:1:" in str(error)
    own = files(self='import "self.arch"\n')
    assert "circle" in refused(own / "self.arch").message


def test_clashes_name_both_places(files):
    repo = files(
        a="block f = dense(4)\n",
        net='import "a.arch"\nblock f = dense(5)\nmodel m = input(3) -> f\n',
        other='block f = dense(5)\nimport "a.arch"\nmodel m = input(3) -> f\n',
    )
    for name in ("net", "other"):
        error = refused(repo / f"{name}.arch")
        assert error.message == "'f' is defined twice"
        places = {error.span.source.name, *(s.source.name for _, s in error.notes)}
        assert len(places) == 2


def test_own_names_hide_the_library_but_no_kind(files):
    repo = files(
        net="block attention(c) = dense(c)\nmodel m = input(3) -> attention(4)\n"
        "expect m.params == 16\n",
        wrong="block dense(c) = relu\n",
    )
    assert judged(repo / "net.arch") == [True]
    assert refused(repo / "wrong.arch").message == "'dense' is a built-in layer kind"
