"""Braces, sharing, bundles, cores, layers in the language, repeats that grow, addresses.

Every case is a file of the language whose ``expect`` lines must hold.
"""

import pytest

from symparams.analysis.checks import check
from symparams.errors import Source

CASES = {
    "a shared embedding counts once": """
        model m(V = 100, s = 7, h = 8) = {
            shared E = embed(V, h)
            tokens(s) -> E -> dense(h) -> E.T
        }
        expect m.params == V*h + h^2 + h
        expect m.macs == s*h^2 + s*h*V
        expect m.E.params == V*h
        expect m.activations == s + s*h + s*h + s*V
    """,
    "an embedding that is only used backwards has weights too": """
        model m(V, h) = { shared E = embed(V, h); input(h) -> E.T }
        model frozen(V, h) = { shared E = embed(V, h); tokens(3) -> E -> freeze(E.T) }
        expect m.params == V*h
        expect frozen.frozen == V*h
        expect frozen.trainable == 0
    """,
    "what an option computes counts, also where the core stands behind a bundle": """
        model m(s, h) = {
            x = input(s, h)
            y = input(s, h)
            x -> (id, id, id) -> attend(bias = y -> dense(s))
        }
        expect m.params == h*s + s
        expect m.macs == 2*s^2*h + s^2*h
    """,
    "a shared net repeated has one set of weights": """
        model albert(h, l) = {
            shared layer_of = dense(h)
            input(h) -> layer_of * l
        }
        expect albert.params == h^2 + h
        expect albert.macs == l*h^2
    """,
    "a template has weights of its own at each use": """
        block two(c) = dense(c) -> dense(c)
        model m(h, l) = input(h) -> two(h) * l
        expect m.params == 2*l*(h^2 + h)
    """,
    "sharing is per use of the block that holds it": """
        block tied(c) = { shared f = dense(c); f -> f }
        model m(h, l) = input(h) -> tied(h) * l
        expect m.params == l*(h^2 + h)
        expect m.macs == 2*l*h^2
    """,
    "a tensor by name is computed once": """
        model m(h) = {
            x = input(h) -> dense(h)
            (x -> dense(h)) + x + (x -> id)
        }
        expect m.params == 2*(h^2 + h)
        expect m.x.params == h^2 + h
    """,
    "an argument of a block is computed once": """
        block twice(m, c) on x[d] = (m -> dense(c)) + (m -> dense(c)) + x
        model n(h) = { y = input(h); y -> twice(y -> dense(h), h) * 3 }
        expect n.params == 7*(h^2 + h)
    """,
    "weights and buffers by name": """
        model m(s, h) = {
            weight cls[1, h]
            weight position[s + 1, h]
            buffer mask[s + 1]
            x = input(s, h)
            all = (cat(cls, x, axis = 0) + position) -> permute(1, 0)
            (all + mask) -> permute(1, 0) -> take(0) -> (id + (zeros(h) * id)) -> dense(2)
        }
        expect m.params == h + (s + 1)*h + 2*h + 2
        expect m.buffers == s + 1
    """,
    "bundles go through chains and repeats": """
        block exchange on (a[d], b[e]) = (a -> dense(d), b -> dense(e))
        model m(d, e, n) = input(d) -> (id, dense(e)) -> exchange * n -> sums
        block sums on (a[d], b[e]) = a | b
        expect m.params == d*e + e + n*(d^2 + d + e^2 + e)
    """,
    "split and pick": """
        model m(h) where h % 2 == 0 = { a, b = input(3, h) -> split(2); (a -> dense(4)) + (b -> dense(4)) }
        model p(h) where h % 2 == 0 = input(3, h) -> split(2)[1] -> dense(4)
        expect m.params == 2*(h/2*4 + 4)
        expect p.params == h/2*4 + 4
    """,
    "broadcasting from the last axis": """
        model m(s, h) = { weight scale[h]; weight gate[1]; input(s, h) -> (id * scale) -> (id + gate) }
        expect m.params == h + 1
    """,
    "freeze and train, the innermost wins": """
        model m(h) = input(h) -> freeze(dense(h) -> train(dense(h)) -> dense(h))
        expect m.frozen == 2*(h^2 + h)
        expect m.trainable == h^2 + h
        expect m.params == 3*(h^2 + h)
        model e(V, h) = { shared E = embed(V, h); tokens(3) -> freeze(E) -> dense(h) -> E.T }
        expect e.frozen == V*h
    """,
    "train only": """
        model m(h) = input(h) -> (dense(h), train_only(dense(5)))
        expect m.params == h^2 + h + 5*h + 5
        expect m.macs == h^2
    """,
    "mixtures": """
        model m(h, f, n, top) where top <= n = input(4, h) -> moe(swiglu(f), n, top)
        expect m.params == h*n + 3*n*h*f
        expect m.active == h*n + 3*top*h*f
        expect m.macs == 4*(h*n + 3*top*h*f)
    """,
    "a cell over a sequence": """
        block cell on (x[d], s[h]) = ((x -> dense(h)) + (s -> linear(h))) -> tanh
        model m(t, d, h) = input(t, d) -> recur(cell, h)
        expect m.params == d*h + h + h^2
        expect m.macs == t*(d*h + h^2)
    """,
    "a layer of one's own": """
        layer kan(o, grid = 5, order = 3) on [..., i] {
            weight coefficient[i, o, grid + order]
            weight scale[i, o]
            buffer knots[i, grid + 2*order + 1]
            output [..., o]
            macs i * o * (grid + order)
        }
        model m(s, i, o, g) = input(s, i) -> kan(o, grid = g)
        expect m.params == i*o*(g + 4)
        expect m.buffers == i*(g + 7)
        expect m.macs == s*i*o*(g + 3)
        expect m.kan.params == i*o*(g + 4)
    """,
    "templates are passed, with some of their arguments": """
        block mlp(c, proj = dense) on [..., d] = proj(c) -> gelu -> proj(d)
        model m(h, r) = input(h) -> mlp(4*h) -> mlp(4*h, proj = linear) -> mlp(4*h, proj = lora_linear(r))
        expect m.params == (8*h^2 + 5*h) + 8*h^2 + 8*h^2 + 2*(5*h*r)
        expect m.trainable == (8*h^2 + 5*h) + 8*h^2 + 2*(5*h*r)
    """,
    "a word reaches a block": """
        block b(p) = conv(4, 3, pad = p)
        model m(s) = input(s, 3) -> b(same) -> flatten
        expect m.activations == 3*s + 4*s
    """,
    "a model inside a chain": """
        model backbone(c = 8) = { x = input(32, 32, 3) -> conv(c, 3); y = x -> conv(2*c, 3); x, y }
        model m = { low, high = input(32, 32, 3) -> backbone(c = 4); _ = low; high -> globalavgpool -> dense(10) }
        expect m.params == (27*4 + 4) + (9*4*8 + 8) + 90
        expect m.backbone.params == 112 + 296
    """,
    "axes by name": """
        block pooled on [t, d] = mean(t) -> dense(d)
        model m(s, h) = { y[time, width] = input(s, h); y -> pooled -> dense(width + time) }
        expect m.params == h^2 + h + (h + 1)*(h + s)
    """,
    "growth by a constant": """
        model m(c, k, n) = input(8, 8, c) -> (id | conv(k, 3, pad = same)) * n
        expect m.params == n*k + 9*k*(n*c + k*n*(n - 1)/2)
        expect m(n = 3).params == 3*k + 9*k*(3*c + 3*k)
    """,
    "growth by a factor": """
        block double on [..., d] = linear(2*d)
        model m(n) = input(3) -> double * n
        expect m.params == 6*((2^n)^2 - 1)
        expect m(n = 5).params == 6*1023
    """,
    "an index in a chain": """
        model m(c, n) = input(c) -> [dense(k*c) for k in 1..n]
        expect m(n = 3).params == (c^2 + c) + (2*c^2 + 2*c) + (6*c^2 + 3*c)
        expect m.params == sum(k*(k + 1)*c^2 + (k + 1)*c for k in 1..n-1) + c^2 + c
    """,
    "nested repeats": """
        model m(c, k, n, l) = input(8, c) -> ((id | conv(k, 3, pad = same)) * n -> conv(c, 1)) * l
        expect m.params == l*(n*k + 3*k*(n*c + k*n*(n - 1)/2) + (c + n*k)*c + c)
    """,
    "choices over a finite domain": """
        model m(op in {1, 2, 3}, h) = input(h) -> (if op == 2 then dense(h) else linear(h))
        expect m(op = 1).params == h^2
        expect m(op = 2).params == h^2 + h
        expect m(op = 3).params == h^2
    """,
    "addresses": """
        block step(c) = dense(c) -> dense(2*c)
        model m(c) = input(c) -> step(c) -> dense(c) -> step(3*c)
        expect m.step.params == m.params - m.dense[2].params
        expect m.step[0].params == (c^2 + c) + (2*c^2 + 2*c)
        expect m.step[-1].params == (3*c^2 + 3*c) + (18*c^2 + 6*c)
        expect m.dense[-1].macs == 18*c^2
    """,
}  # fmt: skip


@pytest.mark.parametrize("title", CASES)
def test_case(title):
    lines = CASES[title].splitlines()
    source = Source("net.arch", "\n".join(line.removeprefix("        ") for line in lines))
    result = check([source])
    assert not result.errors, "\n".join(map(str, result.errors))
    failed = [j for j in result.judgements if j.holds is not True]
    assert not failed, "\n".join(f"{j.span.text}: {j.left} | {j.right}" for j in failed)
    assert "at the defaults, not as formulas" not in {j.how for j in result.judgements}


def test_most_cases_claim_something():
    assert all("expect" in text for text in CASES.values())
