"""Blocks and layers written in the language, for what neither it nor its library names."""

from __future__ import annotations

import re

OWN = {
    # Keras EinsumDense: features to several axes, and a matrix for each position.
    "to_heads": "layer to_heads(a, b) on [..., i] { weight kernel[i, a, b]; output [..., a, b] }",
    "apart": (
        "layer apart(o) on [t, i]"
        " { weight kernel[t, i, o]; weight bias[t, o]; output [t, o]; macs t*i*o }"
    ),
    # A factor or a summand a channel, as weights by themselves.
    "scaled": "block scaled on [..., c] = { weight gamma[c]; id * gamma }",
    "shifted": "block shifted on [..., c] = { weight beta[c]; id + beta }",
    # He et al. 2015 (arXiv:1502.01852): n slopes.
    "prelu": "layer prelu(n) on [..., i] { weight alpha[n] }",
    # Wu & He 2018 (arXiv:1803.08494): g groups of channels over p positions.
    "in_groups": """block in_groups(g, p) on [..., c] =
    reshape(p, g, c/g) -> permute(1, 0, 2) -> reshape(g, p*c/g)
    -> layernorm(scale = no, shift = no)
    -> reshape(g, p, c/g) -> permute(1, 0, 2)""",
    # torch Bilinear: x·W·y for each of o matrices.
    "bilinear": """block bilinear(o, add = yes) on (x[i], y[j]) = {
    pairs = (x -> linear(o*j) -> reshape(o, j)) * y -> sum(take(k, axis = 1) for k in 0..j - 1)
    pairs -> (if add then shifted else id)
}""",
    # Bahdanau's scores (arXiv:1409.0473) of every query with every key, and what they weigh.
    "added": """block added(w) on (q[s, d], k[t, d]) =
    (((q -> reshape(s, 1, d)) + (k -> reshape(1, t, d))) -> tanh) * w
    -> sum(take(j, axis = 2) for j in 0..d - 1) -> softmax""",
    "weighed": """block weighed on (scores[s, t], v[t, e]) =
    (scores -> reshape(s, t, 1)) * (v -> reshape(1, t, e))
    -> sum(take(j, axis = 1) for j in 0..t - 1)""",
    # Sak et al. 2014 (arXiv:1402.1128): an LSTM of m cells that gives p values.
    "projected": """block projected(m, p, add = yes) on (x[_], s[_]) = {
    before, memory = s -> split(p, m)
    read, forget, new, show =
        ((x -> dense(4*m, bias = add)) + (before -> dense(4*m, bias = add))) -> split(4)
    kept = ((forget -> sigmoid) * memory) + ((read -> sigmoid) * (new -> tanh))
    out = ((show -> sigmoid) * (kept -> tanh)) -> linear(p)
    out, (out | kept)
}""",
    # Shi et al. 2015 (arXiv:1506.04214): an LSTM over images.
    "conv_lstm": """block conv_lstm(c, f, stride = 1, pad = valid, add = yes)
        on (x[..., _], s[..., _]) = {
    before, memory = s -> split(2)
    read, forget, new, show =
        (   (x -> conv(4*c, f, stride = stride, pad = pad, bias = no))
          + (before -> conv(4*c, f, pad = same, bias = add)) ) -> split(4)
    kept = ((forget -> sigmoid) * memory) + ((read -> sigmoid) * (new -> tanh))
    out = (show -> sigmoid) * (kept -> tanh)
    out, (out | kept)
}""",
    # Projections that training leaves alone.
    "frozen_dense": "block frozen_dense(o) = freeze(dense(o))",
    "frozen_linear": "block frozen_linear(o) = freeze(linear(o))",
    # torch's Transformer with bias = False: norms without a shift.
    "bare_post_norm": "block bare_post_norm(f) = post_norm(f, layernorm(shift = no))",
    "bare_pre_norm": "block bare_pre_norm(f) = pre_norm(f, layernorm(shift = no))",
}


def complete(expression: str) -> str:
    """An expression, as a model behind the definitions that its names need."""
    text = expression
    used: list[str] = []
    for name, definition in reversed(OWN.items()):  # a definition needs earlier ones only
        if re.search(rf"\b{name}\b", text):
            used.insert(0, definition)
            text = f"{text}\n{definition}"
    return "\n".join([*used, f"model m = {expression}"]) if used else expression
