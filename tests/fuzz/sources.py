"""Random sources: of the grammar, of pieces that fit, and mutations of known texts."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from symparams import algebra
from symparams.network import MEASURE_NAMES as DECLARED
from tests.fuzz.corpus import corpus

words = str.split

KINDS = words(
    "dense linear conv depthwise separable conv_transpose embed layernorm rmsnorm bn groupnorm "
    "maxpool avgpool globalavgpool lstm gru rnn attention residual moe recur bidirectional "
    "einsum_dense lora weightnorm freeze train train_only flatten reshape permute split cat mean "
    "pad crop tile take upsample patches space_to_depth fold prelu relu gelu id dropout zeros "
    "attend scan bilinear adaptive_softmax feedforward swiglu encoder_layer decoder_layer "
    "basic_residual bottleneck adapter"
)
FUNCTIONS = [*algebra.FUNCTIONS, "sum"]
SIZES = words("h i n k l s d a b c t V f")
NETS = words("f g m A B cell head")
OPTIONS = words(
    "bias stride padding dilation groups axis parts gates proj kv tied scale rank heads width "
    "bias_vectors units n dropout"
)
NUMBERS = words(
    "0 1 2 3 4 5 7 8 10 12 16 32 64 100 1000 1K 7B 2.5 0.5 1e3 1/2 1/3 2/3 -1 -2 -7 2^31 2^63 "
    "2^64 9223372036854775807 9223372036854775808 10^18 10^40 1e30 1.5M 3.14159"
)
SMALL = words("1 2 3 4 5 6 7 8 10 12 16")
MEASURES = [*DECLARED]
COMPARES = words("== != < <= > >= ~=")
_TOKEN = re.compile(r'"[^"\n]*"|[^\W\d]\w*|[0-9][\w.]*|->|//|\.\.\.|\.\.|[=<>!~]=|\s+|.', re.S)
_NUMBER = re.compile(r"[0-9][\w.]*\Z")
_WORD = re.compile(r"[^\W\d]\w*\Z")


def source(draw: random.Random) -> str:
    """A source: about half of them mutations, which come deepest."""
    kind = draw.random()
    if kind < 0.02:
        return Stress(draw).file()
    if kind < 0.12:
        return Grammar(draw).file()
    if kind < 0.5:
        return Sensible(draw).file()
    return mutated(draw, Sensible(draw).file() if kind < 0.6 else "")


class Grammar:
    """What the grammar allows, whether it has a sense or not."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.pick = draw.choice

    def several(self, one: Callable[[], str], least: int, most: int, between: str = ", ") -> str:
        return between.join(one() for _ in range(self.draw.randint(least, most)))

    def file(self) -> str:
        return self.several(self.statement, 1, 4, "\n")

    def statement(self) -> str:
        return self.pick(
            [self.bare, self.bare, self.definition, self.definition, self.binding, self.layer,
             self.expect, self.convention, self.default, self.weight]
        )()  # fmt: skip

    def name(self) -> str:
        return self.pick(self.pick([SIZES, NETS, KINDS, FUNCTIONS, MEASURES]))

    def bare(self) -> str:
        return self.expr(4) + self.where()

    def where(self) -> str:
        if self.draw.random() < 0.8:
            return ""
        return " where " + self.several(lambda: self.expr(2), 1, 2)

    def definition(self) -> str:
        on = f" on {self.pattern()}" if self.draw.random() < 0.3 else ""
        word = self.pick(["block", "model"])
        return f"{word} {self.pick(NETS)}{self.parameters()}{on} = {self.expr(4)}{self.where()}"

    def parameters(self) -> str:
        if self.draw.random() < 0.4:
            return ""
        return f"({self.several(self.parameter, 0, 3)})"

    def parameter(self) -> str:
        extent = f"[{self.expr(1)}]" if self.draw.random() < 0.1 else ""
        domain = self.pick(["", "", "", f" in {{{self.expr(1)}, {self.expr(1)}}}",
                            f" in {self.expr(1)}..{self.expr(1)}"])  # fmt: skip
        default = f" = {self.expr(1)}" if self.draw.random() < 0.4 else ""
        return self.pick(SIZES) + extent + domain + default

    def pattern(self) -> str:
        name = self.pick(["", "x", "m"])
        axis = [*SIZES, "...", "8", "_", "1"]
        return f"{name}[{self.several(lambda: self.pick(axis), 1, 3)}]"

    def binding(self) -> str:
        return f"{self.pick(['', 'shared '])}{self.several(self.name, 1, 2)} = {self.expr(3)}"

    def weight(self) -> str:
        return f"{self.pick(['weight', 'table', 'buffer'])} w[{self.several(lambda: self.expr(1), 1, 3)}]"

    def layer(self) -> str:
        members = self.several(self.member, 1, 4, "; ")
        return f"layer {self.pick(NETS)}{self.parameters()} on {self.pattern()} {{ {members} }}"

    def member(self) -> str:
        return self.pick(
            [self.weight, self.binding, lambda: f"output [{self.pick(['..., ', ''])}{self.expr(1)}]",
             lambda: f"macs {self.expr(2)}"]
        )()  # fmt: skip

    def expect(self) -> str:
        claimed = f"{self.pick(NETS)}{self.pick(['', '(h = 2)', '(n = 3)'])}.{self.pick(MEASURES)}"
        return f"expect {claimed} {self.pick(COMPARES)} {self.expr(2)}"

    def convention(self) -> str:
        return "convention " + self.pick(["textbook", "keras", "pytorch", "h"])

    def default(self) -> str:
        return f"default {self.pick(KINDS)}({self.pick(OPTIONS)} = {self.expr(1)})"

    def expr(self, depth: int) -> str:
        if depth <= 0 or self.draw.random() < 0.15:
            return self.pick(
                [self.name, self.name, lambda: self.pick(NUMBERS), lambda: self.pick(SMALL),
                 lambda: self.pick(["yes", "no", "none"])]
            )()  # fmt: skip
        inner = depth - 1
        e = self.expr
        return self.pick(
            [
                lambda: f"({e(inner)})",
                lambda: f"({e(inner)}, {e(inner)})",
                lambda: f"[{self.several(lambda: e(inner), 0, 3)}]",
                lambda: f"[{e(inner)} for {self.pick('jkx')} in {e(0)}..{e(0)}]",
                lambda: f"[{e(inner)} for {self.pick('jkx')} in {e(inner)}]",
                lambda: f"{self.name()}({self.several(lambda: self.argument(inner), 0, 3)})",
                lambda: f"{self.name()}({self.several(lambda: self.argument(inner), 0, 3)})",
                lambda: f"sum({e(inner)} for j in {e(0)}..{e(0)})",
                lambda: f"{e(0)}[{e(inner)}]",
                lambda: f"{self.name()}.{self.pick([*MEASURES, 'T', 'w'])}",
                lambda: f"-{e(0)}",
                lambda: f"{e(0)}^{e(0)}",
                lambda: f"{e(inner)} {self.pick(['*', '/', '//', '%'])} {e(inner)}",
                lambda: f"{e(inner)} {self.pick(['+', '-', '|'])} {e(inner)}",
                lambda: f"{e(inner)} -> {e(inner)}",
                lambda: f"input({e(0)}) -> {e(inner)} -> {e(inner)}",
                lambda: f"({e(inner)} {self.pick(COMPARES)} {e(inner)})",
                lambda: f"({e(inner)} {self.pick(['and', 'or'])} not {e(inner)})",
                lambda: (
                    f"(if {e(inner)} {self.pick(COMPARES)} {e(inner)} then {e(inner)} else {e(inner)})"
                ),
                lambda: f"{{ {self.pick(NETS)} = {e(inner)}; {e(inner)} }}",
            ]
        )()

    def argument(self, depth: int) -> str:
        if self.draw.random() < 0.25:
            return f"{self.pick(OPTIONS)} = {self.expr(depth)}"
        return self.expr(depth)


class Sensible:
    """Pieces that fit more often than not: what is refused less early comes deeper."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.pick = draw.choice
        self.index: list[str] = []
        self.axes = 1
        self.blocks: dict[str, bool] = {}

    def file(self) -> str:
        lines: list[str] = []
        self.axes, self.blocks = self.pick([1, 2, 3]), {}
        made: dict[str, bool] = {}
        for name in self.draw.sample(["f", "g"], self.draw.randint(0, 2)):
            on = self.pick(["", "", " on [d]", " on [..., d]", " on [s, d]"])
            where = self.pick(
                [
                    "",
                    "",
                    "",
                    f" where {self._known(on)} {self.pick(COMPARES[:6])} {self.pick(SMALL)}",
                ]
            )
            body = re.sub(r"\b[hnkls]\b", lambda m, on=on: self._known(on), self.net(2))
            takes = self._known(on) == "h"
            lines.append(f"block {name}{'(h)' if takes else ''}{on} = {body}{where}")
            made[name] = takes
            self.blocks = dict(made)
        body = self.net(self.pick([1, 2, 2, 3]), whole=True)
        where = self.pick(
            ["", "", "", "", f" where {self.size(1)} {self.pick(COMPARES[:6])} {self.size(1)}"]
        )
        shared = self.pick(["", "", "", f"shared A = {self.net(1)}; "])
        if shared:
            body = f"{{ {shared}{body} -> A * {self.size(1)} }}"
        if not lines and not where and self.draw.random() < 0.3:
            return body
        used = sorted(set(re.findall(r"\b[hnklscd]\b", body + where)))
        parameters = ", ".join(
            n + self.pick(["", "", " = " + self.pick(SMALL), f" in 1..{self.pick(SMALL)}",
                           f" in {{1, 2, {self.pick(SMALL)}}} = 2", " in 8..64 step 8"])
            for n in used
            if n not in "jk" or f"for {n} in" not in body
        )  # fmt: skip
        lines.append(f"model m({parameters}) = {body}{where}")
        if self.draw.random() < 0.4 and "model m" in lines[-1]:
            given = self.pick(["", f"({self.pick('hnk')} = {self.pick(SMALL)})"])
            lines.append(
                f"expect m{given}.{self.pick(MEASURES)} {self.pick(COMPARES)} {self.size(2)}"
            )
        return "\n".join(lines)

    def _known(self, on: str) -> str:
        """A size that a block knows: of its input, or its parameter."""
        return "d" if on else "h"

    def size(self, depth: int) -> str:
        if depth <= 0 or self.draw.random() < 0.3:
            atoms = [self.pick("hnkls"), self.pick("hn"), self.pick(SMALL), self.pick(SMALL)]
            return self.pick([*atoms, *self.index, *self.index])
        e = lambda: self.size(depth - 1)  # noqa: E731
        return self.pick(
            [
                lambda: f"{e()}*{e()}", lambda: f"({e()} + {e()})", lambda: f"({e()} - {e()})",
                lambda: f"({e()} + {self.pick(SMALL)})", lambda: f"{self.pick(SMALL)}*{e()}",
                lambda: f"{e()}//{e()}", lambda: f"{e()}/{self.pick('234')}",
                lambda: f"{e()} % {e()}", lambda: f"max({e()}, {e()})",
                lambda: f"min({e()}, {e()})", lambda: f"{self.pick('hnk2')}^{self.pick('23n0')}",
                lambda: f"ceil({e()}/{self.pick('234')})", lambda: f"sum({e()} for j in 1..{e()})",
                lambda: f"(if {e()} {self.pick(COMPARES[:6])} {e()} then {e()} else {e()})",
                lambda: self.pick(NUMBERS),
            ]
        )()  # fmt: skip

    def net(self, depth: int, whole: bool = False) -> str:
        if not whole:
            return " -> ".join(self.piece(depth) for _ in range(self.draw.randint(1, 3)))
        self.axes = self.pick([1, 1, 1, 2, 2, 3])
        first = {
            1: ["input(8)", f"input({self.size(0)})", f"input({self.size(1)})"],
            2: [f"input({self.size(0)}, 6)", f"tokens({self.size(0)}) -> embed(9, {self.size(0)})",
                "input(10, 8)", f"input(12, {self.size(1)})"],
            3: ["input(8, 8, c)", "input(16, 16, 3)", "input(h, h, 4)", "input(64, 64, 16)"],
        }[self.axes]  # fmt: skip
        if self.draw.random() < 0.03:
            first = ["(input(8), input(8))", "input(h, 2, 3, 4)", "zeros(3, h)"]
        return f"{self.pick(first)} -> {self.net(depth)}"

    def piece(self, depth: int) -> str:
        size = lambda: self.size(int(self.draw.random() < 0.25))  # noqa: E731
        simple = [
            lambda: f"dense({size()})", lambda: f"linear({size()})", lambda: "relu", lambda: "id",
            lambda: "layernorm", lambda: f"dense({size()}, bias = no)", lambda: f"swiglu({size()})",
            lambda: f"tile({self.pick('123n')})", lambda: f"take({self.pick(['0', '-1', '3'])}, axis = 0)",
            lambda: f"groupnorm({self.pick(['1', '2', '4', size()])})",
            lambda: f"split({self.pick(['1', '2', '4', size()])})[0]", lambda: "bn", lambda: "prelu",
        ]  # fmt: skip
        if self.axes == 2 or self.draw.random() < 0.02:
            simple += [
                lambda: f"lstm({size()})", lambda: f"gru({size()})", lambda: f"lstm({size()}, proj = {size()})",
                lambda: f"attention({self.pick(['1', '2', size()])})", lambda: "permute(1, 0)", lambda: "mean",
                lambda: f"reshape({size()}, {size()})", lambda: f"bidirectional(lstm({size()}))",
                lambda: f"conv({size()}, {self.pick('123')})", lambda: f"maxpool({self.pick('23')})",
            ]  # fmt: skip
        if self.axes == 3 or self.draw.random() < 0.02:
            simple += [
                lambda: f"conv({size()}, {self.pick('123')})",
                lambda: f"conv({size()}, 3, stride = {self.pick('12')}, pad = {self.pick(['same', 'valid', '1'])})",
                lambda: f"maxpool({self.pick(['2', '3', '3, stride = 1', '2, pad = same'])})",
                lambda: f"pad({size()})", lambda: f"patches({self.pick('24')})", lambda: "globalavgpool",
                lambda: f"upsample({self.pick('23n')})", lambda: f"depthwise({self.pick('13')})",
                lambda: f"separable({size()}, 3)", lambda: f"conv_transpose({size()}, {self.pick('123')})",
            ]  # fmt: skip
        if self.draw.random() < 0.05:
            simple = [lambda: "flatten"]
        if self.blocks and self.draw.random() < 0.2:
            name = self.pick(list(self.blocks))
            return name + (f"({size()})" if self.blocks[name] else "")
        if depth <= 0 or self.draw.random() < 0.4:
            return self.pick(simple)()
        inner = lambda: self.net(depth - 1)  # noqa: E731
        return self.pick(
            [
                lambda: f"({inner()}) * {size()}",
                lambda: f"({inner()}) * {self.pick(SMALL)}",
                self._series(depth),
                lambda: f"residual({inner()})",
                lambda: f"(id + ({inner()}))", lambda: f"(id | ({inner()}))",
                lambda: f"(({inner()}) | ({inner()}))", lambda: f"({inner()}, {inner()})[{self.pick('01')}]",
                lambda: f"(if {size()} {self.pick(COMPARES[:6])} {size()} then {inner()} else {inner()})",
                lambda: f"freeze({inner()})", lambda: f"moe({inner()}, {size()}, {size()})",
                lambda: f"{{ x = {inner()}; x -> {inner()} }}",
                lambda: f"lora(dense({size()}), {size()})",
                lambda: f"weightnorm(linear({size()}))",
            ]
        )()  # fmt: skip

    def _series(self, depth: int) -> Callable[[], str]:
        def made() -> str:
            name = "jk"[len(self.index) % 2]
            low, high = self.pick(["0", "1", "2", "n"]), self.size(int(self.draw.random() < 0.3))
            self.index.append(name)
            body = self.net(depth - 1)
            self.index.pop()
            return f"[{body} for {name} in {low}..{high}]"

        return made


class Stress:
    """Sources that are small and ask for much: depth, breadth, doubling, large numbers."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw

    def file(self) -> str:
        kinds = [v for k, v in vars(Stress).items() if not k.startswith("_") and k != "file"]
        return str(self.draw.choice(kinds)(self, self.draw.choice([3, 10, 30, 40, 100, 200, 1000])))

    def nested_floors(self, n: int) -> str:
        depth = min(n, 100)
        ways = [
            "{}//2",
            "({} + 3)//2",
            "{}//3 + {}",
            "{} % 7 + {}//2",
            "max({}, h)//2",
            "({}*h)//5",
        ]
        sizes = [self.draw.choice(ways).replace("{}", f"a{k}") for k in range(depth)]
        lines = [f"a{k + 1} = {size}" for k, size in enumerate(sizes)]
        return f"model m(h) = {{ a0 = h; {'; '.join(lines)}; input(8) -> dense(a{depth} + 1) }}"

    def doubled(self, n: int) -> str:
        last = min(n, 60)
        joined = self.draw.choice(["b{}((x, x))", "b{}(x + x)", "b{}(x | x)", "b{}(x) + b{}(x)"])
        lines = [f"block b{k}(x) = {joined.replace('{}', str(k + 1))}" for k in range(last)]
        return "\n".join([*lines, f"block b{last}(x) = x", "model m(h) = input(h) -> b0(dense(2))"])

    def chained_blocks(self, n: int) -> str:
        last = min(n, 60)
        lines = [f"block b{k} = b{k + 1} -> b{k + 1}" for k in range(last)]
        return "\n".join([*lines, f"block b{last} = dense(3)", "model m = input(8) -> b0"])

    def power(self, n: int) -> str:
        return (
            f"model m(h, k) = input(8) -> dense(({self.draw.choice(['h', 'h + 1', 'h + k'])})^{n})"
        )

    def many_arguments(self, n: int) -> str:
        function = self.draw.choice(["max", "min", "sum"])
        names = [f"x{k}" for k in range(min(n, 400))]
        listed = ", ".join(names)
        inside = f"[{listed}]" if function == "sum" else listed
        return f"input(8) -> dense({function}({inside}))"

    def many_symbols(self, n: int) -> str:
        way = self.draw.choice([f"[dense(x[j]) for j in 0..{n - 1}]", "[dense(s) for s in x]"])
        return f"model m(x[{n}]) = input(8) -> {way}"

    def deep(self, n: int) -> str:
        before, behind = self.draw.choice(
            [("(", ")"), ("residual(", ")"), ("(id | ", ")"), ("{ ", " }"), ("freeze(", ")"),
             ("(if h > 2 then ", " else id)"), ("[", "]"), ("moe(", ", 4, 2)"), ("(id + ", ")")]
        )  # fmt: skip
        return f"model m(h) = input(8) -> {before * n}dense(8){behind * n}"

    def repeated(self, n: int) -> str:
        body = self.draw.choice(
            ["id | linear(h)", "dense(max(h, 9))", "conv(8, 3)", "dense(h) -> dense(2*h)",
             "split(2)[0]", "id | id", "maxpool(2)", "linear(h // 2)"]
        )  # fmt: skip
        times = self.draw.choice([str(n), f"10^{n}", "n", f"n^{min(n, 40)}", f"2^{n}", "n // 3"])
        first = self.draw.choice(["8", "64, 64, 3", "h", "h, h, 2"])
        return f"model m(h, n) = input({first}) -> ({body}) * {times}"

    def ranges(self, n: int) -> str:
        size = self.draw.choice(["j", "h*j", "j^2 + h", "h // j", "max(h, j)", "h % (j + 1) + 1"])
        end = self.draw.choice([str(n), "n", f"10^{min(n, 30)}", "2^63"])
        series = self.draw.choice([f"[linear({size}) for j in 1..{end}]",
                                   f"linear(sum({size} for j in 1..{end}))"])  # fmt: skip
        return f"model m(h, n) = input(8) -> {series}"

    def long_domain(self, n: int) -> str:
        domain = self.draw.choice([f"1..{n}", f"1..{n} step 7", "1..2^63", "{1, 3, 64}"])
        where = self.draw.choice(["", " where h != 3", f" where h % 3 == 0, h < {n}"])
        test = self.draw.choice(["h == 3", "h % 2 == 0", f"h > {n // 2}", "h != 64"])
        return (
            f"model m(h in {domain}) = input(h) -> (if {test} then dense(8) else linear(8)){where}"
        )

    def long_chain(self, n: int) -> str:
        piece = self.draw.choice(["dense(8)", "relu", "dense(h)", "(id | id)", "(id + dense(8))"])
        return "input(8) -> " + " -> ".join([piece] * min(n, 400))


# --- mutations -----------------------------------------------------------------


def mutated(draw: random.Random, text: str = "") -> str:
    """A text, or a known one, after a few small changes of its tokens."""
    text = text or draw.choice(corpus())
    words = _TOKEN.findall(text)
    for _ in range(draw.choice([1, 1, 1, 2, 2, 3, 5])):
        if words:
            draw.choice(CHANGES)(draw, words)
    if draw.random() < 0.1:
        words += ["\n", draw.choice(corpus())]
    return "".join(words)


def _places(words: list[str], fits: re.Pattern[str]) -> list[int]:
    return [k for k, word in enumerate(words) if fits.match(word)]


def _left_out(draw: random.Random, words: list[str]) -> None:
    place = draw.randrange(len(words))
    del words[place : place + draw.choice([1, 1, 1, 2, 5])]


def _twice(draw: random.Random, words: list[str]) -> None:
    place, length = draw.randrange(len(words)), draw.choice([1, 1, 2, 4, 8])
    words[place:place] = words[place : place + length]


def _exchanged(draw: random.Random, words: list[str]) -> None:
    one, other = draw.randrange(len(words)), draw.randrange(len(words))
    words[one], words[other] = words[other], words[one]


def _number(draw: random.Random, words: list[str]) -> None:
    if places := _places(words, _NUMBER):
        place = draw.choice(places)
        near = [f"{words[place]}1", f"({words[place]} - 1)", f"({words[place]} + 1)"]
        words[place] = draw.choice([draw.choice(NUMBERS), draw.choice(SMALL), *near])


def _size(draw: random.Random, words: list[str]) -> None:
    """A number becomes a size, or a name a number."""
    if places := _places(words, re.compile(f"{_NUMBER.pattern}|[a-z]\\Z")):
        sizes = [*SIZES, "(n - 1)", "(h // 2)", "max(h, 3)", "(k + 1)", *SMALL]
        words[draw.choice(places)] = draw.choice(sizes)


def _name(draw: random.Random, words: list[str]) -> None:
    if places := _places(words, _WORD):
        own = words[draw.choice(places)]
        words[draw.choice(places)] = draw.choice([own, own, draw.choice(KINDS), draw.choice(NETS)])


def _inserted(draw: random.Random, words: list[str]) -> None:
    pieces = ["->", "*", "+", "|", "(", ")", "[", "]", "{", "}", ",", "\n", ";", "=", "==", "..",
              " for k in 1..n", " where n > 1", " * n", " * 3", "shared ", "freeze(", ".T", "-",
              "é", "\t", "\x1b", "\u202e", "\ufeff", '"', "#", "`", "$", "0x10", "__x", "²"]  # fmt: skip
    words.insert(draw.randrange(len(words) + 1), draw.choice(pieces))


def _wrapped(draw: random.Random, words: list[str]) -> None:
    """A call becomes one that is repeated, frozen, doubled, or decided by a size."""
    calls = [
        k for k in _places(words, _WORD) if words[k] in KINDS and words[k + 1 : k + 2] == ["("]
    ]
    if not calls:
        return
    start = draw.choice(calls)
    depth, end = 0, start + 1
    for end in range(start + 1, len(words)):
        depth += (words[end] == "(") - (words[end] == ")")
        if depth == 0:
            break
    call = "".join(words[start : end + 1])
    wrapped = draw.choice(
        [f"({call}) * n", f"({call}) * 2", f"freeze({call})", f"({call} | id)", f"({call} + {call})",
         f"(if h > 2 then {call} else id)", f"[{call} for k in 0..n]", f"[{call} for k in 1..3]",
         f"residual({call})", f"moe({call}, 4, 2)", f"{{ shared A = {call}; A -> A }}"]
    )  # fmt: skip
    words[start : end + 1] = [wrapped]


def _spliced(draw: random.Random, words: list[str]) -> None:
    """A run of words of another text."""
    others = _TOKEN.findall(draw.choice(corpus()))
    start = draw.randrange(len(others))
    place = draw.randrange(len(words))
    words[place : place + draw.choice([0, 1, 3])] = others[start : start + draw.choice([1, 3, 8])]


CHANGES = (
    _left_out, _twice, _exchanged, _number, _number, _number, _size, _size, _name, _inserted,
    _wrapped, _spliced,
)  # fmt: skip
