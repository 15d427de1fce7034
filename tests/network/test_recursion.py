"""A block that uses itself is refused; one that is passed another use of itself is not."""

import pytest

import symparams
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.language import read
from tests.cli.running import run


@pytest.mark.parametrize(
    ("source", "params"),
    [
        ("block f(n) = dense(4) -> n; model m = input(8) -> f(f(relu))", 36 + 20),
        ("block f(n) = dense(4) -> n; model m = input(8) -> f(f(f(f(relu))))", 36 + 3 * 20),
        ("input(8) -> post_norm(post_norm(dense(8)))", 72 + 2 * 16),
        # a block of one's own that is named as one of the library is, used by another of it
        ("block mlp(f) on [s, d] = encoder_layer(2, f); model m = input(4, 8) -> mlp(16)", 600),
        # two blocks with equal local names
        (
            "block f(n) = { block g = dense(3); g -> n }; block h(n) = { block g = dense(5); n -> g }; "
            "model m = input(3) -> f(h(f(relu)))",
            12 + 12 + 20,
        ),
        # a local block that uses what its block was passed
        ("block f(n) = { block g = n; g -> g }; model m = input(3) -> f(f(dense(3)))", 4 * 12),
        # a template passed, called inside, where the same is still being built
        ("block p(c, make) = make(c); model m = input(3) -> p(8, p(make = dense))", 32),
        ("block g(n) = n(3); block h(c) = g(dense); model m = input(3) -> g(h)", 12),
        # nets in braces, in branches, in defaults and in repeats are read where they stand
        (
            "block f(n) = { x = relu; x -> n }; model m = input(3) -> f({ y = relu; y -> f(dense(3)) })",
            12,
        ),
        (
            "block f(n) = dense(3) -> n; "
            "model m(s = 2) = input(3) -> f(if s == 1 then f(relu) else f(dense(4)))",
            12 + 12 + 16,
        ),
        ("block g(n) = dense(3) -> n; block f(n = g(relu)) = n; model m = input(3) -> g(f)", 24),
        ("block f(n) = dense(3) -> n * 2; model m = input(3) -> f(f(relu) * 2)", 12 + 2 * 2 * 12),
    ],
)  # fmt: skip
def test_what_a_block_is_passed_may_use_it(source, params):
    assert symparams.parse(source).count() == params


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("block f(c) = dense(c) -> f(c); model m = input(3) -> f(4)", "1:26: block 'f' uses itself"),
        (
            "block f(n) = if n == 0 then id else (dense(n) -> f(n - 1)); model m = input(3) -> f(4)",
            "1:50: block 'f' uses itself",
        ),
        ("block f = g; block g = h; block h = f; model m = input(3) -> f", "1:37: block 'f' uses itself"),
        ("block f = twice(f); block twice(n) = n -> n; model m = input(3) -> f", "1:38: block 'f' uses itself"),
        ("block f(g) = g(g); model m = input(3) -> f(f)", "1:14: block 'f' uses itself"),
        ("block f(g) = dense(3) -> g(g); model m = input(3) -> f(f)", "1:26: block 'f' uses itself"),
        ("block f(g) = g(g) -> g(g); model m = input(3) -> f(f)", "1:14: block 'f' uses itself"),
        (
            "block f(g, n) = g(g, n + 1) -> g(g, n + 1); model m = input(3) -> f(f, 1)",
            "1:17: blocks nest deeper than 60",
        ),
        ("block f(n = f) = dense(3) -> n; model m = input(3) -> f", "1:30: block 'f' uses itself"),
        ("block f(n = (dense(3) -> f)) = n; model m = input(3) -> f", "1:26: block 'f' uses itself"),
        ("block f(c) = { x = id; x -> f(c) }; model m = input(3) -> f(4)", "1:29: block 'f' uses itself"),
        ("block f(c) = { block g = f(c); g }; model m = input(3) -> f(4)", "1:26: block 'f' uses itself"),
        ("block f(c) = recur(f, 3); model m = input(4, 3) -> f(2)", "1:20: block 'f' uses itself"),
        ("block f(c) = moe(f(c), 3, 1); model m = input(4, 3) -> f(2)", "1:18: block 'f' uses itself"),
        ("block f(c) = f * c; model m = input(4, 3) -> f(2)", "1:14: block 'f' uses itself"),
        ("model m = input(3) -> m", "1:23: model 'm' uses itself"),
    ],
)  # fmt: skip
def test_recursion_is_refused(source, message):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(source).count()
    assert str(caught.value).partition("\n")[0] == f"<text>:{message}"


def test_a_block_and_a_model_that_use_each_other_are_refused():
    text = Source("m.arch", "block f = a; model a = input(3) -> f; model m = input(3) -> f")
    with pytest.raises(SymparamsError, match=r"^m\.arch:1:36: block 'f' uses itself"):
        build(understand(text).definition("m"))


def test_deep_nesting_with_a_default_line_is_cheap():
    nested = "f(" * 50 + "relu" + ")" * 50
    text = f"block f(n, c = 3) = dense(c) -> n; default f(c = 4); model m = input(8) -> {nested}"
    assert symparams.parse(text).count() == 36 + 49 * 20


def test_a_default_line_speaks_of_the_block_that_its_place_sees():
    text = """
block unit(c, wide = 2) = dense(wide*c)
default unit(wide = 3)
block other(c) = { block unit(c, wide = 5) = dense(wide*c); unit(c) }
model m = input(1) -> unit(1) -> other(1)
"""
    assert symparams.parse(text).count() == (3 + 3) + (5*3 + 5)  # fmt: skip


def test_a_file_in_a_folder_called_library_is_the_users(tmp_path, monkeypatch):
    text = """
convention pytorch
block attention(a, bias = no) on [s, d] = dense(d, bias = bias) -> split(3)[0]
model m = input(4, 8) -> attention(2)
"""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "own.arch").write_text(text)
    monkeypatch.chdir(tmp_path)
    source = read("library/own.arch")
    assert source.name == "library/own.arch"
    found = run("count", "library/own.arch")
    # a convention's line is of the library's attention, and an error stands where it is
    assert found.err.partition("\n")[0] == (
        "library/own.arch:3:68: 3 must divide the axis of 8 that is split"
    )
    (tmp_path / "library" / "own.arch").write_text(text.replace("split(3)", "split(4)"))
    assert run("count", "library/own.arch").out == "64\n"


def test_an_error_inside_a_library_block_stands_where_a_file_of_that_name_calls_it(
    tmp_path, monkeypatch
):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "own.arch").write_text("model m = input(4, 12) -> attention(5)")
    monkeypatch.chdir(tmp_path)
    lines = run("count", "library/own.arch").err.splitlines()
    assert lines[0] == "library/own.arch:1:27: 5 heads must divide the queries' 12"
    assert lines[3].endswith("inside the library's 'attention'")


@pytest.mark.parametrize("command", ["formula", "show", "explain", "count"])
@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("default groupnorm(groups = 32)\nmodel m = input(8, 8, 64) -> groupnorm", 128),
        ("default dense(units = 3)\nmodel m = input(8) -> dense", 27),
        ("default conv(filters = 4, kernel = 3)\nmodel m = input(9, 9, 3) -> conv", 112),
        ("default lora(rank = 2)\nmodel m = input(8) -> lora(dense(3))", 49),
        # without the line, the layer would not fit
        ("default conv(pad = same)\nmodel m = input(4, 4, 6) -> conv(3, 7)", 885),
    ],
)
def test_a_default_line_may_give_what_a_kind_needs(command, source, count):
    found = run(command, source)
    assert (found.code, found.err) == (0, "")
    assert str(count) in found.out


def test_what_a_line_changed_in_a_core_is_told_of_the_core():
    source = "default mean(axis = 1)\nmodel m = input(4, 6) -> mean"
    shown = run("show", source, "--measure", "activations").out
    assert "mean1: axis = 1 (default, <text>:1): 4 instead of 6\n" in shown


@pytest.mark.parametrize(
    ("source", "message"),
    [
        # a block that has a part of its arguments, and gets the rest elsewhere
        (
            "block apply(g) = g(3); block outer(x) = apply(inner(x)); "
            "block inner(x, y) = outer(y); model m = input(3) -> outer(2)",
            "1:78: block 'outer' uses itself",
        ),
        (
            "block apply(g) = g(3); block outer(x) = apply(inner(1)(x)); "
            "block inner(x, y, z) = outer(y); model m = input(3) -> outer(2)",
            "1:84: block 'outer' uses itself",
        ),
        (
            "block apply(g) = g(3); block inner(x, y) = apply(inner(x)); model m = input(3) -> inner(2, 3)",
            "1:50: block 'inner' uses itself",
        ),
    ],
)
def test_a_block_with_some_arguments_knows_where_it_is_named(source, message):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(source).count()
    assert str(caught.value).partition("\n")[0] == f"<text>:{message}"


def test_brackets_and_blocks_that_nest_too_deeply_together():
    """Each within its own limit, and both beyond what the reader can hold."""
    deep = "".join(f"block b{k} = {'residual(' * 40}b{k + 1}{')' * 40}\n" for k in range(40))
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(f"{deep}block b40 = dense(4)\nmodel m = input(4) -> b0")
    assert str(caught.value) == (
        "<text>:42:7: this nests too deeply\n    model m = input(4) -> b0\n          ^"
    )
