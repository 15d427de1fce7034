"""Texts of the language that other tests share."""

from __future__ import annotations

RESNET = """\
convention pytorch                    # a shipped file of `default` lines
default conv(pad = same, bias = no)   # from here on, in this file
import "blocks.arch"                  # definitions of a file beside this one

block bottleneck(c, s = 1) on [h, w, d] =
    (   (conv(c, 1) -> bn -> relu -> conv(c, 3, stride = s) -> bn -> relu -> conv(4*c, 1) -> bn)
      + (if s == 1 and d == 4*c then id else conv(4*c, 1, stride = s) -> bn) )
    -> relu

model resnet(w = 64, depths = [3, 4, 6, 3], classes = 1000) =
    input(224, 224, 3) -> conv(w, 7, stride = 2) -> bn -> relu
    -> maxpool(3, stride = 2, pad = same)
    -> [bottleneck(c, s) -> bottleneck(c) * (n - 1)
        for (c, s, n) in [(w, 1, depths[0]), (2*w, 2, depths[1]),
                          (4*w, 2, depths[2]), (8*w, 2, depths[3])]]
    -> globalavgpool -> dense(classes)

expect resnet.params == 25_557_032
expect resnet(depths = [3, 8, 36, 3]).params == 60_192_808
expect resnet.params ~= 25.6M
expect resnet(classes = n).params == 23_508_032 + 2049*n
expect resnet(classes = 10).params <= 24M
"""

T5 = """\
block attention(a, kv = a, wq = linear) on x[s, d] =
    attend(x -> wq(d), x -> linear(d*kv/a), x -> linear(d*kv/a), heads = a, kv_heads = kv)
    -> linear(d)

model t5(V = 32128, s = 128, t = 128, l = 6, h = 512, a = 8, tied = yes) = {
    shared E = embed(V, h)                       # one thing, used several times
    weight table[32, a]                          # a weight as a tensor
    memory = tokens(s) -> E -> encoder(a, table) * l -> rmsnorm
    tokens(t) -> E -> decoder(a, memory) * l -> rmsnorm -> (if tied then E.T else linear(V))
}
"""

KAN = """\
layer kan(o, grid = 5, order = 3) on [..., i] {
    weight coefficient[i, o, grid + order]
    weight scale[i, o]
    buffer knots[i, grid + 2*order + 1]
    output [..., o]
    macs i * o * (grid + order)                  # per position
}
"""

SEARCH = """\
model search(h in 64..1024 step 64, k[6] in {3, 5, 7}, alpha in {0.35, 0.5, 1} = 1, l, first) = {
    y[a, b, c] = input(h, h, 3) -> conv(alpha * h, k[0])
    left, _ = y -> split(2)
    deep = left -> [block(c, s) * n for (c, s, n) in rows] -> [dense(2^k * h) for k in 1..n]
    cat(tap(i) for i in 1..n, axis = -1), deep
}
where h % a == 0, l > first
"""

JOINED = """\
block residual(f) = id + f
block seq(d) on (x[t, d], m[s, d]) = (x -> (id | m) -> f) * 3
model unet = input(512, 512, 1) -> {
    default conv(pad = same)
    top = double(64)
    top -> (id | (maxpool(2) -> double(128) -> upsample(2)))
}
"""

PAGES = {"resnet": RESNET, "t5": T5, "kan": KAN, "search": SEARCH, "joined": JOINED}

CANONICAL = [
    "input(i) -> dense(h) -> dense(o)",
    "x -> (id | skip) -> y",
    "f(yes, no, none)",
    "(a, b) -> f",
    "(a,)",
    "[]",
    "xs[-1]",
    "k[i, 2]",
    "E.T",
    "m.in.for",
    "f(if = 3, model = 4, where = 5)",
    "- -x",
    "-x ^ 2",
    "2 ^ -x ^ 3",
    "(-x) ^ 2",
    "a - -b",
    "a * -b",
    "not not a",
    "a or b and not c",
    "(a or b) and c",
    "if a then b else if c then d else e",
    "if a == b then x -> y else z",
    "f(a for a in 1..n, -1)",
    "[a for a, _ in xs]",
    "[(a, b) for a in if c then xs else ys]",
    "a % b // c / d",
    "a <= b",
    "a ~= 25.6M",
    "1_000 + 0.25 + 1e-5 + 7B",
    "f(a)(b)[c].d(e)",
    "f((a == b))",
    "f(a.b == c)",
    "a;\n-b",
    "a;\nwhere(b)",
    "a;\non = 3",
    "a\n    where b == c, d > 2",
    "(expect)(x)",
    "expect not a",
    "expect -a == b",
    "default conv()",
    "default gru(bias_vectors = 2)",
    'import "../blocks.arch"',
    "weight cls[]",
    "buffer b[1, n + 1]",
    "table rows[n, d]",
    "a, y[h, 3, ...], _ = f",
    "shared a, b = f",
    "block f =\n    id",
    "block f(c, s = 1) on x[h, w, _] =\n    id",
    "block f on (x[t], [..., d]) =\n    id",
    "model m(h in a + 1..b step c = 3) =\n    f",
    "model m(k[6, n] in {3, 5}) =\n    f",
    "model m = {\n    a = b\n    c, d\n}",
    "model m = {\n    a = b;\n    -c\n}",
    "layer f {\n    output []\n}",
    "layer f on [i] where i > 2 {\n    macs = 3\n    output [...]\n    macs macs\n}",
    "a\n\nblock f =\n    id\n\nb",
]
