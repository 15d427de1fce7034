"""Networks that the tests of the views are about."""

from __future__ import annotations

from symparams.analysis.checks import check
from symparams.analysis.columns import column_report, measure_columns
from symparams.analysis.crossovers import crossover
from symparams.analysis.leading_terms import leading
from symparams.analysis.model_diffs import model_diff
from symparams.analysis.model_space import ModelSpace
from symparams.analysis.operating_point import studied
from symparams.analysis.part_shares import shares
from symparams.analysis.proofs import prove
from symparams.analysis.reports import report
from symparams.analysis.second_order import hessian, mixed
from symparams.analysis.sensitivities import at_point
from symparams.analysis.size_tables import size_table
from symparams.analysis.solutions import solve
from symparams.analysis.summary import shown
from symparams.analysis.sweeps import swept
from symparams.analysis.trade_offs import trade
from symparams.elaboration.definition import Network, WrittenModel, build
from symparams.elaboration.document import understand
from symparams.errors import Source
from symparams.frameworks.verification import Mismatch, Verification
from symparams.views.pages import (
    check as check_page,
    comparison,
    crossover as crossover_page,
    diff as diff_page,
    explain,
    formula,
    imported as import_page,
    infer as infer_page,
    layers,
    leading as leading_page,
    library as library_page,
    prove as prove_page,
    search as search_page,
    second,
    sensitivity,
    shares as shares_page,
    show,
    show_columns,
    sizes as sizes_page,
    solve as solve_page,
    sweep as sweep_page,
    trade as trade_page,
    verify as verify_page,
    verify_module as module_page,
    zoo as zoo_page,
)
from symparams.views.sheet import Sheet
from tests.frameworks.built import inferred, transformer
from tests.frameworks.sources import CHECKED, IMPORTED

NETS = {
    "numbers": (
        "input(32, 32, 3) -> conv(32, 3) -> relu -> conv(64, 3) -> maxpool(2)"
        " -> flatten -> dropout(0.5) -> dense(10)"
    ),
    "lstm": "input(t, i) -> lstm(h)",
    "repeats": "input(h) -> dense(h) * 3 -> (id + dense(h) * l)",
    "blocks": """
block f(c, s = 1) on [x, y, d] = conv(c, 3, stride = s) -> bn -> relu
model m(H, w in 16..64 step 16 = 32)
    = input(H, H, 3) -> f(w) -> f(2*w) -> globalavgpool -> dense(10)
""",
    "convention": """
convention keras
model m(h = 64) = input(20, 32) -> bidirectional(gru(h)) -> lstm(h) -> dense(10)
""",
    "defaults": """
default conv(bias = no)
model v = input(8, 8, 3) -> conv(4, 3) -> conv(8, 3) -> conv(8, 3, pad = same) * 2 -> conv(3, 1)
""",
    "assumed": """
model m(l, t, h = 64, a = 4) where h % a == 0
    = input(t, h) -> (linear(h/a) -> linear(h)) * l -> bn -> dense(10)
""",
    "settled": """
model m(s in {1, 2} = 1, w = 8)
    = input(32, 32, w) -> (if s == 1 then conv(w, 3) else conv(2*w, 3))
""",
    "groups": (
        "input(8, 8, c) -> conv(c, 3, groups = 4) -> conv(2*c + 1, 3) -> conv(10, [1, 3]) -> bn"
    ),
    "floors": "input(H, H, 3) -> conv(w, 3, stride = 2) -> maxpool(2) -> flatten -> dense(10)",
    "powers": "model u(n = 3) = input(64) -> dense(2^n) -> dense(n)",
    "names": "input(kv_heads, alpha) -> dense(d1) -> dense(λ)",
    "hidden letters": "input(o, i, h) -> conv(f, o, groups = i)",
    "huge": "input(10^20) -> dense(10^15)",
    "tokens": "tokens(s) -> embed(V, d) -> lstm(d, last = yes) -> softmax",
}


def definition(name: str) -> WrittenModel:
    """A network of the table."""
    return understand(Source("<text>", NETS[name])).definition()


def network(name: str, **values: int) -> Network:
    """The same, built."""
    return build(definition(name), values)


def shown_sheet(name: str, expand: bool = True, measure: str = "params", **values: int) -> Sheet:
    """What ``symparams show`` shows of it."""
    found, at_defaults = shown(definition(name), values, measure)
    return show.page(found, at_defaults, expand)


def explained(name: str) -> Sheet:
    """What ``symparams explain`` shows of it."""
    return explain.page(report(network(name)))


def sheets() -> dict[str, Sheet]:
    """Every page, of every network where it is about one."""
    found: dict[str, Sheet] = {}
    for name in NETS:
        found[f"show {name}"] = shown_sheet(name)
        found[f"show {name} macs"] = shown_sheet(name, measure="macs")
        columns = measure_columns("params, work = 2*macs, 16*params + b*activations")
        found[f"show_columns {name}"] = show_columns.page(column_report(definition(name), columns))
        found[f"explain {name}"] = explained(name)
        for form in formula.FORMS:
            found[f"formula {name} {form}"] = formula.page(network(name), "params", form)
    for name in ("numbers", "lstm", "blocks", "settled", "floors", "powers"):
        found[f"sensitivity {name}"] = sensitivity.page(at_point(definition(name)))
    found |= calculus()
    found["layers"] = layers.catalogue()
    found["comparison"] = comparison.page()
    found["comparison of conv"] = comparison.page("conv")
    found["layers conv"] = layers.kind("conv")
    found["layers residual"] = layers.kind("residual")
    found["sensitivity at a point"] = sensitivity.page(
        at_point(definition("lstm"), {"t": 1, "i": 32, "h": 64})
    )
    for printed in ("4*(h*i + h^2 + h)", "4*(h*i + h^2 + 2*h)"):
        proof = prove(definition("lstm"), Source("<formula>", printed))
        found[f"prove {printed}"] = prove_page.page(proof)
    found["library attention"] = library_page.page("attention")
    found["zoo gpt2"] = zoo_page.page("gpt2")
    several = [(name, definition(name)) for name in ("lstm", "blocks", "numbers")]
    found["sizes"] = sizes_page.page(size_table(several, "params, work = 2*macs"))
    for one, other in (("lstm", "blocks"), ("blocks", "repeats"), ("numbers", "numbers")):
        compared = model_diff(definition(one), definition(other), names=(one, other))
        found[f"diff {one} {other}"] = diff_page.page(compared, one == other)
    for name, differences in VERIFIED.items():
        against = Verification("vgg16", "torch", "2.13.0", 32, 1_234, 40, 2, 24, differences)
        found[f"verify {name}"] = verify_page.page(against, "pytorch", "")
    found["imported"] = import_page.page(IMPORTED, "net.arch")
    found["verify_module differences"] = module_page.page(CHECKED, "pytorch", "the text")
    agrees = CHECKED.but(points=(CHECKED.points[0].but(equal=True),), differences=(), totals=())
    found["verify_module agreement"] = module_page.page(agrees, "pytorch", "")
    found["infer"] = infer_page.page(inferred(transformer, "h, l, a, kv, f"), "model.arch")
    found["infer in part"] = infer_page.page(
        inferred(lambda h: {"w": (pow(h, 5, 97) + 1, 3), "b": (h,)}, "h")
    )
    for budget, size in (("params <= 10K", "h"), ("params == 10K", "h"), ("params <= B", "i")):
        made = solve(
            definition("lstm"),
            Source("<budget>", budget),
            size,
            {"t": 3, "i": 3} if size == "h" else {"t": 3},
        )
        found[f"solve {budget}"] = solve_page.page(made)
    space = ModelSpace(definition("lstm"), {"t": 3}, ["h=1..40,i=1..40"], ["params <= 5K"])
    found["search best"] = search_page.best(space, space.best("h*i", top=3), space.counted())
    found["search front"] = search_page.front(space, space.front(["params", "min:h"]))
    found["search samples"] = search_page.samples(space, space.samples(4))
    found["search count"] = search_page.counted(space, space.counted())
    for budget in ("params <= 5K", "params < 2"):
        over = ["h=1..9,i={2, 4}"]
        made_of = swept(definition("lstm"), over, [budget], ["params", "params/7"], {"t": 3})
        found[f"sweep {budget}"] = sweep_page.page(made_of)
    found["check"] = check_page.page(check([Source("a.arch", CLAIMS)]))
    return found


VERIFIED = {
    "agreement": (),
    "differences": (
        Mismatch("lstm1", "recurrent_bias", "", "64 trainable"),
        Mismatch("dense2", "kernel", "3x4 frozen", "4x3 frozen", 12),
        Mismatch("", "params", "1,234", "1,298"),
    ),
}


def calculus() -> dict[str, Sheet]:
    """The pages of the other questions of ``symparams sensitivity``."""
    found: dict[str, Sheet] = {}
    for name, values in (("repeats", {}), ("repeats", {"h": 8, "l": 3}), ("powers", {})):
        here = studied(definition(name), values)
        told = f"{name} {values}"
        found[f"second {told}"] = second.page(hessian(here))
        found[f"second mixed {told}"] = second.mixed(here, mixed(here, here.network.symbols))
        found[f"shares {told}"] = shares_page.page(shares(here))
    for values in ({}, {"h": 8, "l": 3}, {"h": 1, "l": 1}):
        here = studied(definition("repeats"), values)
        found[f"trade {values}"] = trade_page.page(trade(here, "l", "h"))
        found[f"trade back {values}"] = trade_page.page(trade(here, "h", "l"))
        for names in ("h", "hl"):
            found[f"leading {names} {values}"] = leading_page.page(leading(here, names))
    for text in ("h^2", "h//2 + 1", "h + 20*l", "2^h"):
        source = f"input(1) -> linear({text}) -> rmsnorm -> (dense(7) | linear(3*h^2 + l*h))"
        made = understand(Source("<text>", source)).definition()
        for values in ({}, {"l": 5}, {"h": 3, "l": 5}):
            here = studied(made, values, varied=["h"])
            sheet = crossover_page.page(crossover(here, "dense", "linear[1]"))
            found[f"crossover {text} {values}"] = sheet
            found[f"crossover back {text} {values}"] = crossover_page.page(
                crossover(here, "rmsnorm", "linear[0]", "h")
            )
    return found


CLAIMS = """model m(h = 64) = input(32) -> dense(h) -> dense(10)
expect m.params == 43*h + 10
expect m.params == 2_762
expect m.params <= 1_000
expect m(h = n).params <= 10_000
"""
