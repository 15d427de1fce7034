"""Modules of other libraries with the zoo's texts, for ``verify --module``.

A row has the class or builder, the zoo's model, what is given to the text, and the builder by
the zoo's names of sizes. Most classes of Hugging Face are those that ``infer`` is held against.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.oracle import inferred_hf
from tests.oracle.inferred_hf import GROUPED, HuggingFaceRow, _decoder, _encoder


class CheckedRow(NamedTuple):
    """A builder of another library; ``given`` is for sizes that it does not take, ``beside`` for a
    buffer of it that is no part of the architecture.
    """

    name: str
    zoo: str
    build: Callable[..., Any]
    given: str = ""
    beside: str = ""


#: What a class has fixed of its zoo's model, beside the settings of its row.
GIVEN = {
    "BertModel": "types=2",
    "BertForMaskedLM": "types=2",
    "AlbertModel": "types=2",
    "MambaForCausalLM": "kernel=4",
    "DeepseekV2ForCausalLM": "shared_experts=2",
}

#: Buffers that a class has beside the architecture: zeros that nothing trains, and a bias of
#: the router that the trainer moves.
BESIDE = {
    "BartForConditionalGeneration": "final_logits_bias",
    "DeepseekV3ForCausalLM": "e_score_correction_bias",
}

MORE = [
    HuggingFaceRow("RobertaModel", "h, l, a, f, V, s", _encoder, "bert", "types=2"),
    HuggingFaceRow("RobertaForMaskedLM", "h, l, a, f, V, s", _encoder, "bert_mlm", "types=2"),
    HuggingFaceRow("ViTForImageClassification", "h, l, a, f, size, p, classes", lambda h, l, a, f, size, p, classes: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, intermediate_size=f, image_size=size, patch_size=p, num_labels=classes), "vit"),
    HuggingFaceRow("BartForConditionalGeneration", *inferred_hf.BY_NAME["BartModel"][1:]),
    HuggingFaceRow("DeepseekV3ForCausalLM", "h, l, a, rank, q_rank, nope, rope, v, dense_f, f, n, first, V", lambda h, l, a, rank, q_rank, nope, rope, v, dense_f, f, n, first, V: dict(_decoder()(h, l, a, dense_f, V), num_key_value_heads=a, kv_lora_rank=rank, q_lora_rank=q_rank, qk_nope_head_dim=nope, qk_rope_head_dim=rope, v_head_dim=v, moe_intermediate_size=f, n_routed_experts=n, first_k_dense_replace=first, n_shared_experts=1, num_experts_per_tok=1, n_group=1, topk_group=1), "deepseek", "shared_experts=1, q_rank=24"),
    HuggingFaceRow("LlamaForCausalLM", GROUPED, _decoder(head_dim=None, tie_word_embeddings=True), "llama", "tied=yes"),
]  # fmt: skip


def by_names(row: HuggingFaceRow) -> Callable[..., Any]:
    """The builder of a row, with its sizes as arguments by name."""
    from inspect import Parameter, Signature

    names = [n.strip() for n in row.sizes.split(",")]
    build = row.builder()

    def named(**sizes: int) -> Any:
        return build(**sizes)

    named.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(n, Parameter.KEYWORD_ONLY) for n in names]
    )
    return named


HUGGING_FACE = [
    CheckedRow(
        f"{row.name}{' tied' if row.settings == 'tied=yes' and row.zoo == 'llama' else ''}",
        row.zoo,
        by_names(row),
        ", ".join(filter(None, (row.settings, GIVEN.get(row.name, "")))),
        BESIDE.get(row.name, ""),
    )
    for row in (*inferred_hf.ROWS, *MORE)
    if row.zoo
]


def _models() -> Any:
    import torchvision

    return torchvision.models


def _resnet(block: str, **more: int) -> Callable[..., Any]:
    def build(n: list[int], classes: int) -> Any:
        from torchvision.models import resnet

        return resnet.ResNet(getattr(resnet, block), n, num_classes=classes, **more)

    return build


TORCHVISION = [
    CheckedRow("alexnet", "alexnet", lambda classes: _models().alexnet(num_classes=classes)),
    CheckedRow("vgg16", "vgg16", lambda classes: _models().vgg16(num_classes=classes)),
    CheckedRow("resnet50", "resnet", _resnet("Bottleneck")),
    CheckedRow("resnet18", "resnet", _resnet("BasicBlock"), "unit=basic_residual, n=[2, 2, 2, 2]"),
    CheckedRow("vit_b_16", "vit", lambda size, p, l, a, h, f, classes: _models().VisionTransformer(size, p, l, a, h, f, num_classes=classes)),
    CheckedRow("mobilenet_v2", "mobilenet_v2", lambda: _models().mobilenet_v2()),
    CheckedRow("densenet121", "densenet", lambda: _models().densenet121()),
    CheckedRow("swin_t", "swin", lambda: _models().swin_t()),
    CheckedRow("convnext_tiny", "convnext", lambda: _models().convnext_tiny()),
    CheckedRow("efficientnet_b0", "efficientnet", lambda: _models().efficientnet_b0()),
    CheckedRow("inception_v3", "inception_v3", lambda: _models().inception_v3(init_weights=False)),
]  # fmt: skip
