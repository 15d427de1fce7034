"""What people ask of tools of this kind in public, and the command that answers it here.

Each row is asked for every time the tests run, and its answer stands in ``docs/measures.md``.
"""

from __future__ import annotations

import re
import shlex

from tests.cli.running import run

#: What is wanted, the command without its first word, and what of its output is the answer.
QUESTIONS: list[tuple[str, str, str]] = [
    ("FLOPs of a forward pass", "count zoo:gpt2 --measure flops", ""),
    ("what tools call FLOPs and count once: MACs", "count zoo:resnet --measure macs", ""),
    ("FLOPs a parameter", "count zoo:resnet --measure flops/params", ""),
    ("training FLOPs of an example, exactly", "count zoo:resnet --measure training_flops", ""),
    (
        "training FLOPs of D tokens, as papers approximate them",
        "count zoo:gpt2 --measure approximate_training_flops --set D=300B",
        "",
    ),
    (
        "the same, exactly",
        'count zoo:gpt2 --measure "training_flops*D/s" --set D=300B',
        "",
    ),
    (
        "what the approximation leaves out, a token",
        'formula zoo:gpt2 --measure "training_flops/s - 6*params"',
        "",
    ),
    (
        "seconds of training on n devices of p FLOP/s, used to 40 %",
        'count zoo:gpt2 --measure "training_flops*D/s / (n*p*0.4)" --set D=300B,n=64,p=312T',
        "",
    ),
    ("bytes of the weights in fp16", 'count zoo:llama --measure "weight_bytes(16)"', ""),
    (
        "bytes of a layer in GPTQ, scales included",
        'count "input(4096) -> precision(linear(4096), gptq)" --measure precision_bytes',
        "",
    ),
    ("params with batch norms folded into convolutions", "count zoo:yolov8:fused", ""),
    ("weights, gradients and Adam", "count zoo:llama --measure mixed_precision_adam_bytes", ""),
    (
        "with 8-bit Adam",
        'count zoo:llama --measure "weight_bytes(16) + gradient_bytes(2) + adam_8bit_bytes"',
        "",
    ),
    ("what LoRA trains", "count zoo:llama_lora --measure trainable", ""),
    ("KV cache of b examples of s tokens", 'formula zoo:llama --measure "b*kv_cache_bytes"', ""),
    (
        "KV cache in int8, at 32K tokens",
        'count zoo:llama --set s=32768 --measure "kv_cache_bytes(1)"',
        "",
    ),
    ("params without embeddings, Kaplan's N", "count zoo:gpt2 --measure non_embedding", ""),
    (
        "without the kernel of an untied head, too",
        'count zoo:llama --measure "non_embedding - linear[-1].params"',
        "",
    ),
    ("active params of a mixture of experts", "count zoo:mixtral --measure active", ""),
    ("without the table", 'count zoo:mixtral --measure "active - embedding"', ""),
    ('Keras\' "Total params"', "count zoo:xception --measure total", ""),
    ("params of one part", "count zoo:gpt2 --measure attention.params", ""),
    ("its share", 'count zoo:gpt2 --measure "attention.params/params"', ""),
    (
        "several columns in one table",
        'zoo gpt2 --measure "params, flops, cache = kv_cache_bytes" --format csv',
        r"\n(zoo:gpt2[,\d]+),",
    ),
    (
        "the largest width for a memory",
        'solve zoo:gpt2 "mixed_precision_adam_bytes <= 80GB" --for h',
        r"largest h: +(.*)\n",
    ),
    (
        "which size moves the work most",
        "sensitivity zoo:gpt2 --measure flops --format csv",
        r"\n(\w+),",
    ),
    (
        "the best sizes under two budgets",
        'search zoo:gpt2 --over h=768..1536:64,l=6..24 --budget "params <= 200M" '
        '--budget "flops <= 500G" --maximize "l*h^2" --format csv',
        r"\n(\d+,\d+),",
    ),
]


def answered(written: str, pattern: str) -> str:
    """Return the answer of a command: its first line, or what ``pattern`` finds in the output."""
    ended = run(*shlex.split(written))
    assert ended.code == 0, ended.err
    found = re.search(pattern or r"(.*)\n", ended.out)
    assert found is not None, ended.out
    return f"{int(found[1]):,}" if found[1].isdigit() else found[1]
