"""Random command lines: every command, with options and values that fit or do not."""

from __future__ import annotations

import random

from tests.fuzz.sources import (
    COMPARES,
    KINDS,
    MEASURES,
    NUMBERS,
    SMALL,
    Sensible,
    mutated,
    source,
    words,
)

FORMATS = words("table json latex typst mathml markdown csv html python c js excel text xml")
FILES = words(
    "right.arch several.arch several.arch:a several.arch:b several.arch:c claims.arch wrong.arch "
    "torn.arch empty.arch untidy.arch below/inner.arch circle.arch bytes.arch loop.arch "
    "missing.arch . below - right.arch:m"
)
#: Of the zoo what is built in a few hundredths of a second.
ZOO = words(
    "zoo:gpt2 zoo:vgg16 zoo:bert zoo:llama zoo:mixtral zoo:lstm_lm zoo:alexnet zoo:vae zoo:nothing "
    "zoo:gpt2:gpt2 zoo:gpt2:x"
)
GOOD = (
    "input(i) -> dense(h)",
    "input(t, i) -> lstm(h)",
    "input(8) -> dense(h) * n -> dense(3)",
    "input(h) -> [linear(k) -> linear(h) for k in 1..n]",
    "input(16, 16, 3) -> conv(c, 3) -> maxpool(2) -> flatten -> dense(10)",
    "model m(h in 1..64, n in {1, 2, 4}) = input(h) -> dense(h) * n",
    "model m(h in 8..512 step 8 = 64, l in 1..12 = 2) = input(h) -> residual(dense(h)) * l",
    "model m(h = 8, f = 4*h) = input(h) -> dense(f) -> dense(h)",
    "model m(n) = { shared A = linear(8); input(8) -> A * (n - 1) -> dense(n) }",
    "tokens(s) -> embed(V, d) -> (attention(2) -> layernorm) * l",
    "model m(h, c in {16, 64}) = input(h) -> (if c == 64 then dense(c) else linear(c // 2))",
    "model m(h in 1..10^3, n in 1..100) = input(h) -> dense(n) where h % n == 0",
)
WORDS = words("h i n l c d s V t k f m x params macs textbook keras pytorch torch numpy")


class CommandLine:
    """Writes one command line."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.pick = draw.choice
        self.sense = Sensible(draw)

    def words(self) -> tuple[list[str], bytes]:
        """The words, and what stands at standard input."""
        command = self.pick(sorted(COMMANDS))
        line = [command, *COMMANDS[command](self)]
        if self.draw.random() < 0.1:
            self._spoil(line)
        stdin = mutated(self.draw).encode("utf-8", "replace")
        return [w.replace("\0", "") for w in line], stdin

    def _spoil(self, words: list[str]) -> None:
        place = self.draw.randrange(len(words))
        self.pick(
            [
                lambda: words.pop(place),
                lambda: words.insert(place, self.pick(WORDS + NUMBERS)),
                lambda: words.insert(
                    place, self.pick(["--set", "--format", "--nothing", "-h", "--", ""])
                ),
                lambda: words.append(words[place]),
            ]
        )()

    # --- parts ----------------------------------------------------------------

    def source(self) -> str:
        kind = self.draw.random()
        if kind < 0.5:
            return self.pick(GOOD)
        if kind < 0.65:
            return self.pick(FILES)
        if kind < 0.75:
            return self.pick(ZOO)
        if kind < 0.9:
            return self.sense.file()
        return source(self.draw)

    def value(self) -> str:
        return self.pick(
            [*NUMBERS, *SMALL, *SMALL, "yes", "no", "h", "2*h", "[1, 2, 3]", "same", "{2}", ""]
        )

    def size(self) -> str:
        return self.sense.size(2)

    def maybe(self, chance: float, *words: str) -> list[str]:
        return list(words) if self.draw.random() < chance else []

    def settings(self) -> list[str]:
        found = []
        for _ in range(self.pick([0, 0, 1, 2])):
            one = f"{self.pick(WORDS[:11])}={self.value()}"
            found += ["--set", one + self.pick(["", "", f",{self.pick('hnk')}={self.value()}"])]
        return found

    def common(self, measure: bool = True) -> list[str]:
        found = [
            *self.settings(),
            *self.maybe(0.1, "--convention", self.pick(["textbook", "keras", "pytorch", "x"])),
            *self.maybe(0.3, "--format", self.pick(FORMATS)),
        ]
        return found + (self.maybe(0.3, "--measure", self.measure()) if measure else [])

    def measure(self) -> str:
        plain = self.pick(MEASURES)
        part = self.pick(["dense", "dense[0]", "dense[1]", "linear", "m", "A", "attention", "x[2]"])
        return self.pick([plain, plain, f"{part}.{plain}", self.size()])

    def domain(self) -> str:
        name = self.pick("hnlcisdV")
        low, high = (
            self.pick(SMALL),
            self.pick(["4", "16", "64", "100", "1000", self.pick(NUMBERS)]),
        )
        step = self.pick(["", "", ":2", ":8", f":{self.pick(NUMBERS)}", " step 8"])
        return f"{name}=" + self.pick(
            [f"{low}..{high}{step}", f"{low}..{high}{step}", f"{{{low}, {high}}}", self.value()]
        )

    def over(self) -> list[str]:
        return [w for _ in range(self.pick([0, 1, 2, 3])) for w in ("--over", self.domain())]

    def budget(self) -> str:
        right = self.pick([self.size(), self.pick(NUMBERS), "1M", "7B", "1000"])
        left = self.pick([self.measure(), self.measure(), self.size(), "1/3", self.pick(NUMBERS)])
        return f"{left} {self.pick(COMPARES)} {right}"

    # --- commands ---------------------------------------------------------------

    def show(self) -> list[str]:
        return [self.source(), *self.common(), *self.maybe(0.2, "--collapse")]

    def formula(self) -> list[str]:
        form = self.pick(["short", "expanded", "factored", "grouped", "nested", "x"])
        return [self.source(), *self.common(), *self.maybe(0.5, "--form", form)]

    def count(self) -> list[str]:
        return [self.source(), *self.common()]

    explain = count

    def sensitivity(self) -> list[str]:
        one, other = self.pick(WORDS[:11]), self.pick(WORDS[:11])
        asked = self.pick(
            [
                [], ["--wrt", one], ["--second"], ["--by", f"{one},{other}"],
                ["--trade", f"{one}:{other}"], ["--leading", one], ["--leading", f"{one},{other}"],
                ["--crossover", f"{self.pick(['dense', 'm', 'dense[0]'])}:{self.pick(['linear', 'dense[1]'])}"],
                ["--shares"], ["--for", one],
            ]
        )  # fmt: skip
        return [
            self.source(), *asked, *self.common(), *self.maybe(0.1, "--step", f"{one}={self.value()}"),
            *self.maybe(0.1, "--for", other),
        ]  # fmt: skip

    def solve(self) -> list[str]:
        wanted = ["--for", self.pick(WORDS[:9])]
        return [self.source(), self.budget(), *wanted, *self.over()[:2], *self.common(False)]

    def search(self) -> list[str]:
        budgets = [w for _ in range(self.pick([0, 1, 1, 2])) for w in ("--budget", self.budget())]
        goal = self.pick([self.measure(), self.size()])
        asked = self.pick(
            [["--maximize", goal], ["--minimize", goal], ["--pareto", f"{goal},min:{self.measure()}"],
             ["--sample", self.pick(["1", "3", "0"])], ["--count"], ["--count", "--maximize", goal], []]
        )  # fmt: skip
        limit = self.pick(["0.01", "0.1", "0.3", "0.5", "0", "-1", "nan", "inf", "1e-9"])
        return [
            self.source(), *self.over(), *budgets, *asked, *self.maybe(0.1, "--top", self.pick(SMALL)),
            *self.maybe(0.1, "--seed", self.pick(SMALL)), *self.maybe(0.7, "--time-limit", limit),
            *self.common(False),
        ]  # fmt: skip

    def sweep(self) -> list[str]:
        budgets = [w for _ in range(self.pick([0, 0, 1])) for w in ("--budget", self.budget())]
        out = self.pick(
            ["out.csv", "out.json", "out.parquet", "out.txt", "missing/out.csv", "below", ""]
        )
        return [
            self.source(), *self.over(), *budgets, *self.maybe(0.5, "--measure", self.measure()),
            *self.maybe(0.3, "--out", out), *self.maybe(0.1, "--engine", self.pick(["numpy", "x", ""])),
            *self.common(False),
        ]  # fmt: skip

    def sizes(self) -> list[str]:
        return [self.source(), *self.maybe(0.5, self.source()), *self.common(False)]

    def diff(self) -> list[str]:
        one = self.source()
        other = self.pick([one, self.source(), f"HEAD:{self.pick(['net.arch', 'x.arch', ''])}"])
        return [one, other, *self.maybe(0.2, "--all"), *self.common()]

    def prove(self) -> list[str]:
        rename = self.maybe(0.1, "--rename", f"{self.pick('hn')}={self.pick('hik')}")
        return [self.source(), self.sense.size(3), *rename, *self.common()]

    def verify(self) -> list[str]:
        return [self.source(), "--against", self.pick(["tensorflow", "x", ""]), *self.common(False)]

    def check(self) -> list[str]:
        files = [self.pick(FILES) for _ in range(self.pick([1, 1, 2]))]
        return [*files, *self.maybe(0.3, "--format", self.pick(FORMATS))]

    def fmt(self) -> list[str]:
        flags = [*self.maybe(0.4, "--check"), *self.maybe(0.4, "--diff")]
        return [*self.check(), *flags]

    def layers(self) -> list[str]:
        return [
            *self.maybe(0.5, self.pick(KINDS)),
            *self.maybe(0.3, "--format", self.pick(FORMATS)),
        ]

    def zoo(self) -> list[str]:
        named = self.maybe(0.7, self.pick(["gpt2", "vgg16", "bert", "x", "", "../x"]))
        return [*named, *self.maybe(0.3, "--format", self.pick(FORMATS))]


#: The list of the whole zoo counts all of it, which is slow and always the same.
COMMANDS = {
    name: vars(CommandLine)[name]
    for name in words(
        "show formula count sizes diff explain sensitivity solve search sweep prove verify check fmt "
        "layers zoo"
    )
}


def command_line(draw: random.Random) -> tuple[list[str], bytes]:
    """A command line and its standard input."""
    return CommandLine(draw).words()
