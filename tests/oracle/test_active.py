"""``active`` against what papers and model cards print, with and without the table of tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

import symparams

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"

#: Of a mixture, what the language needs beside the zoo. The biases of routers and the sinks of
#: gpt-oss are weights of one more layer; ``clipped`` SwiGLU takes half of a dense layer's output.
TEXTS = {
    "qwen3_moe": """
        default attention(bias = no)
        model qwen3_moe(l = 48, h = 2048, a = 32, f = 768) =
            tokens(4096) -> embed(151936, h)
            -> (residual(rmsnorm -> attention(a, 4, head_dim = 128, qk_norm = rmsnorm))
                -> residual(rmsnorm -> moe(swiglu(f), 128, 8))) * l
            -> rmsnorm -> linear(151936)
    """,
    "gpt_oss": """
        layer beside(a, n) on [..., d] { weight sinks[a]; weight router_bias[n]; macs 0 }
        block expert(h) = dense(2*h) -> split(2)[0] -> dense(h)
        model gpt_oss(l = 24, h = 2880, a = 64, n = 32) =
            tokens(4096) -> embed(201088, h)
            -> (residual(rmsnorm -> attention(a, 8, head_dim = 64, bias = yes))
                -> residual(rmsnorm -> beside(a, n) -> moe(expert(h), n, 4))) * l
            -> rmsnorm -> linear(201088)
    """,
}

V3 = {
    "V": 129280, "l": 61, "h": 7168, "a": 128, "q_rank": 1536, "dense_f": 18432, "first": 3,
    "f": 2048, "n": 256, "top": 8, "shared_experts": 1,
}  # fmt: skip
V2 = {
    "l": 60, "h": 5120, "a": 128, "q_rank": 1536, "dense_f": 12288, "f": 1536, "n": 160,
}  # fmt: skip

#: Model, sizes, what is printed of it in billions, ``active`` with and without the table.
ACTIVE = [
    # Jiang et al. 2024, arXiv:2401.04088 ("13B active parameters"); mistral.ai prints 12.9B.
    ("zoo:mixtral", {}, "12.9", 12_879_925_248, 12_748_853_248),
    # DeepSeek-AI 2024, arXiv:2412.19437, abstract: 37B activated.
    ("zoo:deepseek", V3, "37", 37_552_282_624, 36_625_603_584),
    # DeepSeek-AI 2024, arXiv:2405.04434, abstract: 21B activated.
    ("zoo:deepseek", V2, "21", 21_375_800_320, 20_851_512_320),
    # Yang et al. 2025, arXiv:2505.09388: 3B of 30B; the model card has 3.3B, cut off.
    ("qwen3_moe", {}, "3.3", 3_353_032_704, 3_041_867_776),
    ("qwen3_moe", {"l": 94, "h": 4096, "a": 64, "f": 1536}, "22", 22_190_763_520, 21_568_433_664),
    # OpenAI 2025, arXiv:2508.10925, table 1: heads count towards what is active, tables do not.
    ("gpt_oss", {}, "3.61", 4_187_440_704, 3_608_307_264),
    ("gpt_oss", {"l": 36, "n": 128}, "5.13", 5_711_982_912, 5_132_849_472),
]

#: Figures of the list above: whether each of both counts, with and without, rounds to them.
ROUNDS = {
    "12.9": (True, False), "37": (False, True), "21": (True, True), "3.3": (False, False),
    "22": (True, True), "3.61": (False, True), "5.13": (False, True),
}  # fmt: skip


def model(name: str) -> symparams.Model:
    if name.startswith("zoo:"):
        (found,) = symparams.load(name).values()
        return found
    return symparams.parse(TEXTS[name])


def parts_of_figure(printed: str, value: int) -> tuple[int, int]:
    """A value in the last digit of a figure in billions, rounded and cut off."""
    unit = 10 ** (9 - len(printed.partition(".")[2]))
    return (2 * value + unit) // (2 * unit), value // unit


@pytest.mark.parametrize(("name", "sizes", "printed", "active", "rest"), ACTIVE)
def test_active(name: str, sizes: dict[str, int], printed: str, active: int, rest: int) -> None:
    found = [model(name).count(m, **sizes) for m in ("active", "active - embedding")]
    assert found == [active, rest]
    wanted = int(printed.replace(".", ""))
    both = [parts_of_figure(printed, value) for value in found]
    assert tuple(rounded == wanted for rounded, _ in both) == ROUNDS[printed]
    # What rounds to another figure is cut off behind its last digit, with the table.
    assert any(ROUNDS[printed]) or both[0][1] == wanted
    assert f"| {active:,} | {rest:,} |" in PAGE.read_text("utf-8")


def test_what_gpt_oss_prints_of_all() -> None:
    assert model("gpt_oss").count("params") == 20_914_757_184  # 20.91B
    assert model("gpt_oss").count("params", l=36, n=128) == 116_829_156_672  # 116.83B
    # Embed and unembed, 1.16B of both.
    assert model("gpt_oss").count("2*embedding") == 1_158_266_880
