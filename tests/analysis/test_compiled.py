"""``Model.compile``: a measure for millions of sizes, and where the model admits them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import product as every

import numpy as np
import pytest

import symparams
from symparams.algebra import PLAIN, symbol
from symparams.algebra.conditions import Condition
from symparams.analysis.compiled import Compiled
from symparams.cli.sources import definition_of
from symparams.elaboration.definition import build
from symparams.elaboration.zoo import files
from symparams.errors import NotAdmitted, SymparamsError


def model_of(source):
    return symparams.Model(definition_of(source, None))


GPT2 = model_of("zoo:gpt2")


def test_defaults():
    params = GPT2.compile()
    assert params.names == ("V", "s", "l", "h", "a")
    assert params() == 124_439_808
    assert params(l=np.array([12, 24]), h=np.array([768, 1024]), a=np.array([12, 16])).tolist() == [
        124_439_808,
        354_823_168,
    ]


def test_a_grid():
    params = GPT2.compile()
    wide, deep = np.ix_(np.arange(256, 1025, 256), np.arange(6, 9))
    found = params(h=wide, l=deep, a=1)
    assert found.dtype == np.int64
    assert found.tolist() == [
        [GPT2.count(h=h, l=l, a=1) for l in (6, 7, 8)]  # noqa: E741
        for h in (256, 512, 768, 1024)
    ]


def test_other_measures_and_parts():
    macs = GPT2.compile("macs", backend="python")
    assert macs(l=[1, 2]) == [GPT2.count("macs", l=1), GPT2.count("macs", l=2)]


def test_beyond_64_bits():
    params = model_of("input(i) -> dense(h, bias = no)").compile()
    assert params(i=np.array([6 * 10**10]), h=10**10).tolist() == [6 * 10**20]
    assert params(i=6 * 10**10, h=10**10) == 6 * 10**20


#: One-line and small models whose domains and conditions are of every kind.
SMALL = {
    "no domains": ("input(t, i) -> dense(h)", range(-1, 3)),
    "a range with a step": ("model m(h in 2..8 step 3) = input(h) -> dense(h)", range(-2, 12)),
    "a set": ("model m(h in {1, 4, 6}) = input(h) -> dense(2)", range(-1, 9)),
    "a condition": ("model m(h, a) where h % a == 0 = input(h) -> dense(a)", range(-2, 9)),
    "two conditions": (
        "model m(h, a) where h % a == 0, a > 2 or h == 4 = input(h) -> dense(a)",
        range(9),
    ),
    "groups": ("input(9, 9, c) -> conv(f, 3, groups = g)", range(5)),
    "a window": ("input(H, H, 2) -> maxpool(3, stride = 2) -> conv(4, 5)", range(20)),
    "a division by 0": (
        "model m(h, a) where a // (h // 2) == 1 = input(h) -> dense(a)",
        range(1, 6),
    ),
    "passes": (
        "model m(n, h) = input(9, h) -> dense(h) * n",
        range(4),
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_allowed(name):
    """The mask says what the network says of each point."""
    source, values = SMALL[name]
    model = model_of(source)
    network = build(definition_of(source, None))
    compiled = model.compile()
    points = list(every(values, repeat=len(compiled.names)))
    wanted = [network.allows(dict(zip(compiled.names, p, strict=True))) for p in points]
    columns = dict(zip(compiled.names, np.array(points).T, strict=True))
    assert compiled.allowed(**columns).tolist() == wanted
    assert len({True, False} & set(wanted)) == 2, "both occur"
    axes = np.ix_(*[np.array(values)] * len(compiled.names))
    grid = compiled.allowed(**dict(zip(compiled.names, axes, strict=True)))
    assert grid.ravel().tolist() == wanted
    assert [compiled.allowed(**dict(zip(compiled.names, p, strict=True))) for p in points] == wanted
    lists = {n: c.tolist() for n, c in columns.items()}
    assert model.compile(backend="python").allowed(**lists) == wanted


def test_allowed_fractions():
    mobilenet = model_of("zoo:mobilenet").compile("total")
    given = [Fraction(1, 4), Fraction(1, 3), 1, 2]
    assert mobilenet.allowed(alpha=np.array(given, dtype=object)).tolist() == [
        True,
        False,
        True,
        False,
    ]
    assert mobilenet(alpha=np.array([Fraction(1, 4), 1], dtype=object)).tolist() == [
        475_544,
        4_253_864,
    ]


@pytest.mark.parametrize("name", sorted(files()))
def test_every_zoo_model_at_its_defaults(name):
    """Compiled or not, the same number."""
    model = symparams.Model(definition_of(f"zoo:{name}", None))
    compiled = model.compile()
    point = {n: compiled.defaults.get(n, 64) for n in compiled.names}
    assert compiled.allowed(**point)
    wanted = model.count(**point)
    arrays = {n: np.array([v, v], dtype=object) for n, v in point.items()}
    assert compiled(**point) == wanted
    assert np.broadcast_to(compiled(**arrays), 2).tolist() == [wanted, wanted]


ERRORS = [
    (lambda: GPT2.compile("parms"), "unknown measure 'parms'\n    did you mean 'params'?"),
    (
        lambda: GPT2.compile(backend="cupy"),
        "unknown backend 'cupy'\n    there are numpy and python",
    ),
    (lambda: GPT2.compile()(hh=3), "no size 'hh'\n    did you mean 'h'?"),
    (
        lambda: model_of("input(t, i) -> dense(h)").compile()(i=3),
        "'t' has no value\n    pass t=…",
    ),
    (
        lambda: GPT2.compile()(h=np.array([Fraction(1, 2)], dtype=object)),
        "'h' must hold integers, not fractions",
    ),
    (
        lambda: GPT2.compile(backend="python")(h=Fraction(1, 2)),
        "'h' must be an integer, not 1/2",
    ),
]


@pytest.mark.parametrize(("call", "wanted"), ERRORS)
def test_errors(call, wanted):
    with pytest.raises(SymparamsError) as caught:
        call()
    assert str(caught.value) == wanted


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import symparams", "numpy sympy ibis pyarrow"),
        (
            "from symparams.cli.main import main\n"
            "for args in (['--help'], ['sweep', '--help']):\n"
            "    main.main(args, standalone_mode=False)",
            "numpy sympy ibis pyarrow",
        ),
        (
            "import symparams\n"
            "m = symparams.parse('input(i) -> dense(h)')\n"
            "assert m.compile(backend='python')(i=2, h=3) == 9",
            "numpy sympy ibis pyarrow",
        ),
        (
            "from symparams.cli.sources import definition_of\n"
            "from symparams.analysis.sweeps import swept\n"
            "swept(definition_of('input(2) -> dense(h)', None), ['h=1..3'])",
            "sympy ibis pyarrow pandas",
        ),
    ],
)
def test_what_is_loaded(code, absent):
    code += f"\nimport sys\nassert not {set(absent.split())!r} & sys.modules.keys()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- what is not admitted is refused, as by count -----------------------------


def ended(call):
    """What a call gives, or None where it is refused."""
    try:
        return call()
    except SymparamsError:
        return None


@pytest.mark.parametrize("name", SMALL)
def test_it_refuses_what_count_refuses(name):
    source, values = SMALL[name]
    model = model_of(source)
    arrays, lists = model.compile(), model.compile(backend="python")
    points = [
        dict(zip(arrays.names, p, strict=True)) for p in every(values, repeat=len(arrays.names))
    ]
    wanted = [ended(lambda p=p: model.count(p)) for p in points]
    assert [ended(lambda p=p: arrays(p)) for p in points] == wanted
    assert [ended(lambda p=p: lists(p)) for p in points] == wanted
    good = [(p, w) for p, w in zip(points, wanted, strict=True) if w is not None]
    columns = {n: [p[n] for p, _ in good] for n in arrays.names}
    assert arrays(columns).tolist() == lists(columns) == [w for _, w in good]
    # One that is refused, among the others, is named.
    at = len(good) // 2
    for bad in [p for p, w in zip(points, wanted, strict=True) if w is None][:20]:
        mixed = {n: [*c[:at], bad[n], *c[at:]] for n, c in columns.items()}
        for compiled in (arrays, lists):
            with pytest.raises(NotAdmitted, match=rf"\(element {at}\)"):
                compiled(mixed)


WIDE = model_of("model m(h in 2..8 step 2, a = 1) where h % a == 0 = input(h) -> dense(a)")

NOT_ADMITTED = [
    (lambda: model_of("input(t, i) -> lstm(h)").compile()(h=-1, i=1, t=1), "'h' must be a positive integer, not -1"),
    (lambda: WIDE.compile()(h=3), "'h' must be in 2..8 step 2, not 3"),
    (lambda: WIDE.compile(backend="python")(h=[2, 4, 10]), "'h' must be in 2..8 step 2, not 10 (element 2)"),
    (lambda: WIDE.compile()(h=np.array([[2, 4], [10, 2]])), "'h' must be in 2..8 step 2, not 10 (element [1, 0])"),
    (lambda: WIDE.compile()(h=8, a=3), "the model does not admit h = 8, a = 3: it needs h % a == 0"),
    (lambda: WIDE.compile()(h=np.array([[2, 4], [8, 6]]), a=[1, 4]), "the model does not admit h = 6, a = 4 (element [1, 1]): it needs h % a == 0"),
    (lambda: WIDE.compile()(h=[2, 8], a=3), "the model does not admit h = 2, a = 3 (element 0): it needs h % a == 0"),
    (lambda: WIDE.compile(backend="python")(h=[2, 8], a=4), "the model does not admit h = 2, a = 4 (element 0): it needs h % a == 0"),
    (lambda: WIDE.compile()(h=-(10**5000)), "'h' must be in 2..8 step 2, not about -10^5000"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "wanted"), NOT_ADMITTED, ids=[w for _, w in NOT_ADMITTED])
def test_not_admitted(call, wanted):
    with pytest.raises(NotAdmitted) as caught:
        call()
    assert str(caught.value) == wanted


@pytest.mark.parametrize("sizes", [{"h": 3}, {"h": -1}, {"h": 10}, {"h": 8, "a": 3}], ids=str)
def test_one_class_of_error(sizes):
    """Who asks at sizes that the model does not admit gets one error, however he asks."""
    for call in (WIDE.at, WIDE.count, WIDE.compile(), WIDE.sensitivities, WIDE.shares):
        with pytest.raises(NotAdmitted):
            call(sizes)


@pytest.mark.parametrize("backend", ["numpy", "python"])
def test_unchecked(backend):
    """What it says it is: the formula, wherever it is asked."""
    compiled = model_of("input(t, i) -> lstm(h)").compile(backend=backend, checked=False)
    assert compiled(h=-1, i=1, t=1) == -4
    assert list(compiled(h=[-1, 2], i=1, t=1)) == [-4, 32]
    assert list(compiled.allowed(h=[-1, 2], i=1, t=1)) == [False, True]
    with pytest.raises(SymparamsError, match="float"):
        compiled(h=1.5, i=1, t=1)


class AllBelow(Condition):
    """For all k in 0..n - 1: k < h; a condition that no program has."""

    def judge(self, facts=PLAIN):
        n, h = self.parts_at
        return all(k < h for k in range(n)) if isinstance(n, int) and isinstance(h, int) else None

    @property
    def parts_at(self):
        return self.parts[0].size, self.parts[1].size

    def at(self, values):
        return AllBelow("every", parts=tuple(p.at(values) for p in self.parts))

    def symbols(self):
        return frozenset().union(*(p.symbols() for p in self.parts))

    def __str__(self):
        return "for all k in 0..n - 1: k < h"


def test_a_condition_of_every_pass():
    """Whatever kind of condition a network has, it is asked where the formula is."""
    network = build(definition_of("input(h) -> (dense(h) * n) -> dense(t)", None))
    condition = AllBelow(
        "every", parts=tuple(Condition("positive", symbol(name)) for name in ("n", "h"))
    )
    network = replace(network, conditions={condition: None})
    compiled = Compiled(network, "params", "numpy")
    h, n = np.ix_([3, 1, 2], [1, 3])
    assert compiled.allowed(h=h, n=n, t=1).tolist() == [[True, True], [True, False], [True, False]]
    assert compiled(h=3, n=3, t=1) == 3 * 12 + 4
    for backend in ("numpy", "python"):
        with pytest.raises(NotAdmitted) as caught:
            Compiled(network, "params", backend)(h=[3, 2], n=3, t=7)
        assert str(caught.value) == (
            "the model does not admit h = 2, n = 3 (element 1): it needs for all k in 0..n - 1: k < h"
        )


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"h": np.array([True])}, "'h' must hold integers, not bool"),
        ({"h": [1, None]}, "'h' must hold integers, not NoneType"),
        ({"h": ["a"]}, "'h' must hold integers, not str32"),
        ({"h": [[1], [1, 2]]}, "'h' must be an array, not lists of different lengths"),
        ({"h": [1, 2], "i": [1, 2, 3]}, "these arrays do not broadcast: t: (), i: (3,), h: (2,)"),
        ({"h": [1.0]}, "'h' has floats; sizes are exact\n    pass integers, as in a.astype(int)"),
    ],
    ids=str,
)
def test_what_is_no_array_of_sizes(values, wanted):
    compiled = model_of("input(t, i) -> lstm(h)").compile()
    for call in (compiled, compiled.allowed):
        with pytest.raises(SymparamsError) as caught:
            call({"t": 1, "i": 1, **values})
        assert str(caught.value) == wanted


def test_integers_beyond_64_bits_in_a_list():
    """NumPy makes floats of them; here they stay what they are."""
    compiled = model_of("input(i) -> dense(h, bias = no)").compile()
    assert compiled(i=1, h=[2**63, 1, 3**50]).tolist() == [2**63, 1, 3**50]
    with pytest.raises(NotAdmitted, match=r"not -1 \(element 1\)"):
        compiled(i=1, h=[2**63, -1])


def test_sizes_that_are_not_open():
    model = model_of("model m(n = 2, h = 3, f = 4*h) = input(h) -> dense(f)")
    for backend in ("numpy", "python"):
        with pytest.raises(SymparamsError) as caught:
            model.compile(backend=backend)(f=3)
        assert str(caught.value).splitlines()[0] == "'f' is no open size of this function"


PASSES = [
    (
        "input(8) -> [linear(10 - j) -> dense(8) for j in 0..n]",
        (3, 12),
        "the model does not admit n = 12 (element 1): it needs 10 > n",
    ),
    (
        "input(10, 8) -> conv(8, 3) * n",
        (4, 6),
        "the model does not admit n = 6 (element 1): it needs 9 >= 2*n",
    ),
    (
        "model m(n) = { shared A = linear(3); input(3) -> linear(3) -> A * (n - 1) }",
        (2, 1),
        "the formula does not hold at n = 1 (element 1): it needs n >= 2\n    model.count counts there",
    ),
]


@pytest.mark.parametrize(("source", "values", "wanted"), PASSES, ids=[s for s, _, _ in PASSES])
@pytest.mark.parametrize("backend", ["numpy", "python"])
def test_what_every_pass_needs(source, values, wanted, backend):
    model = model_of(source)
    compiled = model.compile(backend=backend)
    assert compiled(n=values[0]) == model.count(n=values[0])
    assert list(compiled.allowed(n=list(values))) == [True, False]
    with pytest.raises(NotAdmitted) as caught:
        compiled(n=list(values))
    assert str(caught.value) == wanted
