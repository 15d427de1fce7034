"""Blocks and layers written in the language, for what neither it nor its library names."""

from __future__ import annotations

import re

OWN = {
    # Keras Attention with score_mode = "concat" (Luong et al. 2015, arXiv:1508.04025): one factor
    # for the sums, one for the scores.
    "concat_attention": """block concat_attention(memory, values, scale = no) on x[..., d] = {
    weight concat_score_weight[]
    sums = x -> in_pairs(memory) -> (if scale then scaled else id) -> tanh
    einsum(einsum(sums, "std->st") * concat_score_weight -> softmax, values, "st,te->se")
}""",
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
