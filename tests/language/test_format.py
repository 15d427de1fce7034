"""One layout: what comes out says what went in, with its comments, and stays as it is."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from symparams.errors import Source, SymparamsError, SyntaxProblem
from symparams.language import format as formatting, parse
from symparams.language.comments import words
from symparams.language.format import format_text
from symparams.language.line_breaking import WIDTH
from symparams.language.parser import scan
from tests.language import strategies
from tests.language.examples import CANONICAL, PAGES
from tests.language.tree_text import unparse

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "docs").rglob("*.arch"), *(ROOT / "symparams").rglob("*.arch")])
NAMES = [str(file.relative_to(ROOT)) for file in FILES]

#: Folders whose files are in this layout.
LAID_OUT = ("docs", "symparams/library")


def laid_out(text: str) -> str:
    return format_text(Source("<test>", text))


def comments(text: str) -> list[str]:
    source = Source("<test>", text)
    return [c.text for word in words(text, scan(source)) for c in word.comments]


def check(text: str) -> str:
    """Format a text, and see that nothing is lost and the result stays."""
    after = laid_out(text)
    assert parse(Source("<test>", after)) == parse(Source("<test>", text))
    assert comments(after) == comments(text)
    assert laid_out(after) == after
    assert after.endswith("\n")
    assert "\r\n" not in after
    assert not any(line != line.rstrip() for line in after.split("\n"))
    return after


# --- tables -----------------------------------------------------------------

LINES = [
    # spaces, and one spelling of everything
    ("input( 8 )→dense(4,bias=no)", "input(8) -> dense(4, bias = no)"),
    ("\ufeffa\u00a0->\tb\r\n", "a -> b"),
    ("a−b**2", "a - b^2"),
    ("f(a, b,)", "f(a, b)"),
    ("(a,)", "(a,)"),
    ("- -x - -y", "- -x - -y"),
    ("x = 1_000+25.6M*1e-5", "x = 1_000 + 25.6M*1e-5"),
    ("[e for a,b in xs]", "[e for (a, b) in xs]"),
    ("[e for (a) in xs]", "[e for a in xs]"),
    ("sum(a for j in 0 .. n - 1)", "sum(a for j in 0..n-1)"),
    ("block f on (x[t])=id", "block f on x[t] = id"),
    ("block f on (x[t],m[ s ])=id", "block f on (x[t], m[s]) = id"),
    ("model m()=id", "model m = id"),
    ("model m = a,b", "model m = a, b"),
    ("model m(h in 64..1024 step 64,k[6] in{3,5}=3)=f", None),
    ("default conv( pad=same, )", "default conv(pad = same)"),
    ('import  "a b.arch"', 'import "a b.arch"'),
    ("shared E=embed(V,h)", "shared E = embed(V, h)"),
    ("a,y[h,3,...],_=f", "a, y[h, 3, ...], _ = f"),
    ("expect not(a)~=25.6M", "expect not (a) ~= 25.6M"),
    ("if a==b then x->y else z", "if a == b then x -> y else z"),
    ("a or b and not c", "a or b and not c"),
    ("xs[ 0 ].T", "xs[0].T"),
    # products: of sizes, of nets
    ("dense(4 * h)", "dense(4*h)"),
    ("x = 2 * order+1", "x = 2*order + 1"),
    ("f * 2 -> (g*n) -> dense(d * a/b)", "f * 2 -> (g * n) -> dense(d*a/b)"),
    ("(g -> h)*n", "(g -> h) * n"),
    ("expect a // b*c % d == 2 * floor( h/2 )", "expect a // b * c % d == 2*floor(h/2)"),
    ("a * -b", "a * -b"),
    ("id | r*s", "id | r * s"),
    # a statement a line, braces on one line if they were
    ("a;b", "a\nb"),
    ("a; -b", "a;\n-b"),
    ("a; where(b)", "a;\nwhere(b)"),
    ("on = 3;where = 4", "on = 3\nwhere = 4"),
    ("x = {a=b;a}", "x = { a = b; a }"),
    ("x = {a=b\na}", "x = {\n    a = b\n    a\n}"),
    ("x = {a = b;\n-a}", "x = {\n    a = b;\n    -a\n}"),
    ("layer f{output[...,o];macs i*o}", "layer f { output [..., o]; macs i * o }"),
    # what fits on a line is on one line
    ("x = a\n -> b\n -> c", "x = a -> b -> c"),
    ("f(\n  a,\n  b\n)", "f(a, b)"),
    ("block f = a\n  where c > 2", "block f = a where c > 2"),
    ("block f =\n  a\n  -> b", "block f =\n    a -> b"),
    # words that open a statement, and do not here
    ("expect\n- a == b", "expect\n- a == b"),
    ("model\nwhere a > 3", "model\n    where a > 3"),
    # blank lines
    ("\n\na\n\n\n\nb\nc\n\n", "a\n\nb\nc"),
    ("x = { # a\n\n# b\n\n# c\n\na }", "x = {  # a\n    # b\n\n    # c\n\n    a\n}"),
    ("x = {\n\n a = b\n\n\n a\n\n}", "x = {\n    a = b\n\n    a\n}"),
    # comments
    ("", ""),
    (" \n\n", ""),
    (";", ""),
    ("#a\n\n\n\n  # b  \n", "#a\n\n# b"),
    ("# a\nb # c\n# d\n\ne# f", "# a\nb  # c\n# d\n\ne  # f"),
    ("a ;# b\n; c", "a  # b\nc"),
    ("x = { # a\n# b\ny = z # c\n\n# d\ny\n# e\n} # f", None),
    ("x = { y = z; y } # a", "x = { y = z; y }  # a"),
    ("a -> # b\n c # d\n# e\n-> f", "a  # b\n-> c  # d\n# e\n-> f"),
    ("a # b\n-> # c\n# d\ne", "a  # b\n-> e  # c\n# d"),
    ("f(a, # one\n b # two\n , c)", "f(a,  # one\n  b,  # two\n  c)"),
    ("f( # a\n # b\n c\n # d\n)", "f(  # a\n    # b\n    c\n    # d\n)"),
    ("x # a\n= # b\n3", "x =  # a\n    # b\n    3"),
    ("block f # a\n= id", "block f = id  # a"),
    ("[ # none\n]", "[  # none\n]"),
    ("f # a\n(b)", "f  # a\n(b)"),
    ("(f # a\n # b\n (c))", "(f(c))  # a\n# b"),
]

SPECIAL = {
    "model m(h in 64..1024 step 64,k[6] in{3,5}=3)=f": (
        "model m(h in 64..1024 step 64, k[6] in {3, 5} = 3) = f"
    ),
    "x = { # a\n# b\ny = z # c\n\n# d\ny\n# e\n} # f": (
        "x = {  # a\n    # b\n    y = z  # c\n\n    # d\n    y\n    # e\n}  # f"
    ),
}


@pytest.mark.parametrize(("before", "after"), LINES, ids=[repr(b) for b, _ in LINES])
def test_lines(before: str, after: str | None) -> None:
    """Short texts before and after."""
    expected = SPECIAL[before] if after is None else after
    assert laid_out(before) == (expected + "\n" if expected else "")
    assert laid_out(expected) == laid_out(before)


#: Long texts that stand as they should.
LONG = [
    # the design's own example: operands of a sum in one column
    """\
block bottleneck(c, s = 1) on [h, w, d] =
    (   (conv(c, 1) -> bn -> relu -> conv(c, 3, stride = s) -> bn -> relu -> conv(4*c, 1) -> bn)
      + (if s == 1 and d == 4*c then id else conv(4*c, 1, stride = s) -> bn) )
    -> relu
""",
    """\
block module(c, first = relu) =
      (first -> separable(c) -> relu -> separable(c) -> maxpool(3, stride = 2, pad = same))
    + (conv(c, 1, stride = 2) -> bn)
""",
    # line breaks in a chain that needs several lines
    """\
model vgg16(classes = 1000) =
    input(224, 224, 3)
    -> stage(64, 2) -> stage(128, 2) -> stage(256, 3) -> stage(512, 3) -> stage(512, 3)
    -> flatten -> (dense(4096) -> relu -> dropout(0.5)) * 2 -> dense(classes)
""",
    """\
model gpt2(V = 50257, s = 1024, l = 12, h = 768, a = 12) where h % a == 0 = {
    shared E = embed(V, h)
    weight positions[s, h]
    ((tokens(s) -> E) + positions)
    -> (residual(layernorm -> attention(a, wq = dense, wk = dense, wv = dense, wo = dense))
        -> residual(layernorm -> dense(4*h) -> gelu -> dense(h))) * l
    -> layernorm -> E.T
}
""",
    # a table in a comprehension
    """\
model mobilenet(classes = 1000) =
    input(224, 224, 3) -> conv(32, 3, stride = 2)
    -> [mbconv(c*alpha, e, stride = s) -> mbconv(c*alpha, e) * (n - 1)
        for (e, c, n, s) in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                             (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]]
    -> globalavgpool -> dense(classes)
""",
    # parameters, in the two ways they stand
    """\
block attention(a, kv = a, head = none, wq = linear, wk = linear, wv = linear, wo = linear,
                bias = none) on x[s, d] = {
    each = if head == none then d/a else head
    attend(x -> wq(a*each), x -> wk(kv*each), x -> wv(kv*each), heads = a, kv_heads = kv,
           bias = bias)
    -> wo(d)
}
""",
    """\
model space(
    width in {1, 1.1, 1.2, 1.4, 1.6, 1.8, 2} = 1,
    depth in {1, 1.1, 1.2, 1.4, 1.8, 2.2, 2.6, 3.1} = 1, size = 224
) = {
    input(size, size, 3)
}
""",
    """\
model vit(size = 224, p = 16, l = 12, h = 768, a = 12, f = 4*h, classes = 1000)
    where size % p == 0, h % a == 0 = {
    weight class_token[1, h]
    image = cat(class_token, pieces, axis = 0) -> learned_positions -> layernorm
        -> layers(l, a) -> take(0) -> layernorm -> linear(o)
    (image -> freeze(linear(o)) -> permute(1, 0) -> softmax -> permute(1, 0) -> mean(axis = 0)),
    image
}
""",
    # claims
    """\
expect vit(f = k).params
    == (3*p^2 + 1)*h + h + (size^2/p^2 + 1)*h + l*(4*h^2 + 2*h*k + 9*h + k) + 2*h + (h + 1)*classes
expect unet.params == (9*c + 9*c^2 + 2*c)
    + sum(27/2*o^2 + 2*o for o in [2*c, 4*c, 8*c, 16*c])
    + sum(35*o^2 + 3*o for o in [8*c, 4*c, 2*c, c])
    + (c + 1)*classes
expect deepseek(V = 129280, l = 61, h = 7168, a = 128, q_rank = 1536, dense_f = 18432, first = 3,
                f = 2048, n = 256, top = 8, shared_experts = 1).params == 671_026_404_352
""",
    # decisions
    """\
block head(op, c) on [h, w, i] =
    if op == 1 then conv(c, 1) -> bn  # pointwise
    else if op == 2 then conv(i, 3, groups = i) -> bn -> conv(c, 1) -> bn  # separable
    else id
""",
    # braces inside
    """\
model unet = input(512, 512, 1) -> {
    top = double(64)
    top -> residual({
        inner = dense(3)
        inner
    }, 2)
    -> last
}
""",
    # brackets without room
    """\
block convnext_block(kernel = 7, widen = 4) on [h, w, d] =
    residual(
        (conv(d, kernel, pad = same, groups = d) -> layernorm -> dense(widen*d) -> gelu -> dense(d))
        * scale
    )
""",
    # a layer
    """\
layer kan(o, grid = 5, order = 3) on [..., i] {
    weight coefficient[i, o, grid + order]
    weight scale[i, o]

    buffer knots[i, grid + 2*order + 1]
    output [..., o]
    macs i * o * (grid + order)  # per position of `...`
}
""",
]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_stands_as_it_is(text: str) -> None:
    """Good layouts are left alone, and come back when every space of a line is another."""
    assert laid_out(text) == text
    stretched = "\n".join(line.replace(", ", "  ,") for line in text.split("\n"))
    assert laid_out(stretched) == text


def test_a_long_chain_is_filled() -> None:
    """Without line breaks of its author a chain has as many items a line as fit."""
    after = check("x = " + "->".join(f"layer{k}(10)" for k in range(20)))
    first, *others = after.splitlines()
    assert first.startswith("x = layer0(10) -> layer1(10)")
    assert all(line.startswith("    -> ") for line in others)
    assert all(len(line) <= WIDTH < len(line) + len(" -> layer19(10)") for line in [first])


def test_a_list_whose_lines_are_too_long_is_filled_anew() -> None:
    """Line breaks of a list stay while each of its lines fits."""
    rows = [f"({k}, {k * k}, {k**3})" for k in range(24)]
    kept = "x = [" + ",\n".join(", ".join(rows[k : k + 3]) for k in range(0, 24, 3)) + "]"
    assert len(check(kept).splitlines()) == 8
    crowded = "x = [" + ",\n".join(", ".join(rows[k : k + 12]) for k in range(0, 24, 12)) + "]"
    lines = check(crowded).splitlines()
    assert all(len(line) > WIDTH - 20 for line in lines[:-1])


@pytest.mark.parametrize("width", [WIDTH - 1, WIDTH, WIDTH + 1])
def test_the_width(width: int) -> None:
    """A line of exactly the width stands, one more column breaks it."""
    text = f"x = {'a' * (width - 9)} -> b"
    assert len(text) == width
    assert (laid_out(text) == text + "\n") is (width <= WIDTH)


def test_a_comment_does_not_break_its_line() -> None:
    """Only what is in front of a comment has to fit."""
    text = f"x = a -> b  # {'long ' * 30}".rstrip() + "\n"
    assert laid_out(text) == text


# --- nothing is lost -----------------------------------------------------------


@pytest.mark.parametrize("text", [*PAGES.values(), *CANONICAL])
def test_examples(text: str) -> None:
    check(text)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_files(file: Path) -> None:
    """Every file of the repository keeps its tree and its comments, and fits the width."""
    after = check(file.read_text(encoding="utf-8"))
    code = [line.partition("#")[0].rstrip() for line in after.split("\n")]
    assert [line for line in code if len(line) > WIDTH] == []


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(LAID_OUT)])
def test_files_are_laid_out(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert laid_out(text) == text


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_formulas_stay(file: Path) -> None:
    """The models of a file have the same formulas, before and after."""
    from symparams.algebra import text as written
    from symparams.elaboration.definition import build
    from symparams.elaboration.document import understand

    def formulas(text: str) -> dict[str, str]:
        document = understand(Source(str(file), text, str(file)))
        return {
            name: written(build(definition).measure("params"))
            for name, definition in document.models.items()
        }

    text = file.read_text(encoding="utf-8")
    before = formulas(text)
    if "/zoo/" in str(file):
        assert before
    assert formulas(laid_out(text)) == before


#: What may stand between two words; numbers make comments different.
BETWEEN = ["\n", "\n\n\n", "  ", "\t", ";", "\n;\n", "\r\n", "\u00a0"]
BETWEEN += [" # {}\n", "\n# {}\n", "\n\n# {}\n\n#{}  \n", "# {}\n# {}\r\n"]


def scattered(text: str, seed: int) -> str:
    """A text with comments and line breaks at places between words where it can be read."""
    choose = random.Random(seed)
    for k in range(choose.choice([0, 1, 2, 4, 8])):
        starts = [token.span.start for token in scan(Source("<test>", text))]
        at = choose.choice([*starts, len(text)])
        new = text[:at] + choose.choice(BETWEEN).format(f"first {k}", f"second {k}") + text[at:]
        try:
            parse(Source("<test>", new))
        except SyntaxProblem:
            continue
        text = new
    return text


@given(strategies.files(), st.integers(0, 1 << 30))
def test_random_files(made: strategies.tree.File, seed: int) -> None:
    """Random trees, comments anywhere: the same tree and comments, and a layout that stays."""
    check(scattered(unparse(made), seed))


@given(strategies.files(30), st.integers(0, 1 << 30))
def test_random_large_files(made: strategies.tree.File, seed: int) -> None:
    """The same where lines are broken."""
    check(scattered(unparse(made), seed))


@given(strategies.files(8), st.integers(0, 1 << 30))
def test_spaces_do_not_matter(made: strategies.tree.File, seed: int) -> None:
    """Texts that differ in spaces alone get one layout."""
    text = unparse(made)
    choose = random.Random(seed)
    parts: list[str] = []
    end = 0
    for token in scan(Source("<test>", text)):
        gap = text[end : token.span.start]
        parts += [choose.choice([" ", "  ", "\t"]) if gap else "", token.text]
        end = token.span.end
    assert laid_out("".join(parts)) == laid_out(text)


# --- refusals -------------------------------------------------------------------


def test_a_wrong_text() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        format_text(Source("net.arch", "a ->\n# note\n"))
    assert str(caught.value).startswith("net.arch:1:")


FAULTS = {
    "another tree": lambda _: ["b"],
    "no tree": lambda _: ["b ->"],
    "a lost comment": lambda _: ["a"],
    "another comment": lambda _: ["a  # nota"],
    "a comment twice": lambda _: ["a  # note", "# note"],
}


@pytest.mark.parametrize("lines", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_found(lines: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout that says something else is never given out."""
    monkeypatch.setattr(formatting, "lines", lines)
    with pytest.raises(SymparamsError) as caught:
        format_text(Source("net.arch", "a # note"))
    assert str(caught.value) == (
        "'net.arch' cannot be laid out without a change of what it says\n"
        "    this is a fault of symparams; the text is left as it is"
    )


def test_a_layout_that_never_stays_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    spaces = iter(range(1, 100))
    monkeypatch.setattr(formatting, "lines", lambda _: ["a" + " " * next(spaces)])
    with pytest.raises(SymparamsError, match="a fault of symparams"):
        format_text(Source("net.arch", "a"))


def test_a_text_that_would_grow_too_large() -> None:
    with pytest.raises(SymparamsError) as caught:
        format_text(Source("net.arch", "a#" + "#" * ((1 << 20) - 2)))
    assert str(caught.value) == "'net.arch' would be larger than 1 MiB when laid out"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 190 + "x # c\n" + ")" * 190,
        "f(" * 95 + "x -> y*2" + ")" * 95,
        "x = " + "{a = b\n " * 95 + "x" + "}" * 95,
        "- " * 190 + "x",
        "if a then b else " * 190 + "c",
        "f" + "(x)" * 190,
        "^".join("9" * 190),
        "x\n" + "#\n" * 8_000 + "y",
        " -> ".join("a" * 5_000),
        "x = [" + "(1, [2, 3]),\n" * 1_000 + "]",
    ],
)
def test_deep_and_long(text: str) -> None:
    """Whatever can be read can be laid out, in seconds."""
    before = time.process_time()
    check(text)
    assert time.process_time() - before < 10
