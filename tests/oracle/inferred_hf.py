"""Hugging Face classes with the fields of their configurations that vary, for ``infer``.

A row has the class, the zoo's model where there is one, the sizes that vary, and the
configuration in terms of them. Names of sizes are the zoo's, so that the formulas compare.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class HuggingFaceRow(NamedTuple):
    """A class, and how its configuration depends on named sizes.

    ``settings`` are sizes of the zoo's model that this class has fixed, as ``--set`` takes them.
    """

    name: str
    sizes: str
    config: Callable[..., dict[str, Any]]
    zoo: str = ""
    settings: str = ""
    over: tuple[str, ...] = ()
    configuration: str = ""

    def builder(self) -> Callable[..., Any]:
        """The function that ``infer`` is given."""

        def build(**sizes: int) -> Any:
            import transformers

            name = self.configuration or _configuration(self.name)
            config = getattr(transformers, name)(**self.config(**sizes))
            return getattr(transformers, self.name)(config)

        return build


ENDINGS = (
    *("ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "ForMaskedLM", "ForPreTraining"),
    *("ForImageClassification", "ForCTC", "Model"),
)


def _configuration(name: str) -> str:
    return next(name.removesuffix(e) for e in ENDINGS if name.endswith(e)) + "Config"


def _decoder(**more: Any) -> Callable[..., dict[str, Any]]:
    """Fields of most decoders of today."""

    def config(
        h: int, l: int, a: int, f: int, V: int, kv: int = 0, head: int = 0
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "hidden_size": h,
            "num_hidden_layers": l,
            "num_attention_heads": a,
            "intermediate_size": f,
            "vocab_size": V,
            **more,
        }
        # Special tokens have to be words of the vocabulary.
        fields.setdefault("pad_token_id", 0)
        fields.setdefault("bos_token_id", 1)
        fields.setdefault("eos_token_id", 2)
        if kv:
            fields["num_key_value_heads"] = kv
        if head:
            fields["head_dim"] = head
        return fields

    return config


def _row(
    name: str, sizes: str, config: Callable[..., dict[str, Any]], *more: Any
) -> HuggingFaceRow:
    return HuggingFaceRow(name, sizes, config, *more)


PLAIN, GROUPED = "h, l, a, f, V", "h, l, a, kv, f, V"
HEADS = "h, l, a, kv, head, f, V"
EVEN = ("h % (2*a) == 0",)


def _encoder(h: int, l: int, a: int, f: int, V: int, s: int) -> dict[str, Any]:
    return {
        **_decoder()(h, l, a, f, V),
        "max_position_embeddings": s,
    }


ROWS = [
    _row("LlamaForCausalLM", GROUPED, _decoder(head_dim=None), "llama"),
    _row("GPT2LMHeadModel", "h, l, a, V, s", lambda h, l, a, V, s: dict(n_embd=h, n_layer=l, n_head=a, vocab_size=V, n_positions=s), "gpt2"),
    _row("BertModel", "h, l, a, f, V, s", _encoder, "bert"),
    _row("BertForMaskedLM", "h, l, a, f, V, s", _encoder, "bert_mlm"),
    _row("MistralForCausalLM", GROUPED, _decoder(head_dim=None), "mistral"),
    _row("MixtralForCausalLM", GROUPED + ", n", lambda n, **s: dict(_decoder(head_dim=None)(**s), num_local_experts=n), "mixtral"),
    _row("T5ForConditionalGeneration", "h, l, a, head, f, V", lambda h, l, a, head, f, V: dict(d_model=h, num_layers=l, num_heads=a, d_kv=head, d_ff=f, vocab_size=V, decoder_start_token_id=0), "t5"),
    _row("ViTModel", "h, l, a, f, size, p", lambda h, l, a, f, size, p: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, intermediate_size=f, image_size=size, patch_size=p), "", ""),
    _row("WhisperForConditionalGeneration", "h, l, a, f, V, mel, s, t", lambda h, l, a, f, V, mel, s, t: dict(d_model=h, encoder_layers=l, decoder_layers=l, encoder_attention_heads=a, decoder_attention_heads=a, encoder_ffn_dim=f, decoder_ffn_dim=f, vocab_size=V, num_mel_bins=mel, max_source_positions=s, max_target_positions=t, pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1), "whisper"),
    _row("MambaForCausalLM", "h, l, n, V", lambda h, l, n, V: dict(hidden_size=h, num_hidden_layers=l, state_size=n, vocab_size=V), "mamba:mamba_lm"),
    _row("Qwen2ForCausalLM", GROUPED, _decoder(tie_word_embeddings=True), "qwen2", "tied=yes"),
    _row("Qwen3ForCausalLM", HEADS, _decoder(tie_word_embeddings=True), "qwen3", "tied=yes"),
    _row("GemmaForCausalLM", HEADS, _decoder(), "gemma"),
    _row("GPTNeoXForCausalLM", "h, l, a, V", lambda h, l, a, V: _decoder()(h, l, a, 4 * h, V), "gpt_neox"),
    _row("OPTForCausalLM", "h, l, a, V, s", lambda h, l, a, V, s: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, ffn_dim=4 * h, vocab_size=V, max_position_embeddings=s, word_embed_proj_dim=h, pad_token_id=0), "opt"),
    _row("BloomForCausalLM", "h, l, a, V", lambda h, l, a, V: dict(hidden_size=h, n_layer=l, n_head=a, vocab_size=V), "bloom"),
    _row("FalconForCausalLM", "h, l, a, V", lambda h, l, a, V: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, vocab_size=V, multi_query=True, parallel_attn=True, bias=False, alibi=False, new_decoder_architecture=False), "falcon", "kv=1"),
    _row("PhiForCausalLM", "h, l, a, V", lambda h, l, a, V: _decoder()(h, l, a, 4 * h, V), "phi"),
    _row("OpenAIGPTLMHeadModel", "h, l, a, V, s", lambda h, l, a, V, s: dict(n_embd=h, n_layer=l, n_head=a, vocab_size=V, n_positions=s), "openai_gpt:gpt"),
    _row("DistilBertModel", "h, l, a, f, V, s", lambda h, l, a, f, V, s: dict(dim=h, n_layers=l, n_heads=a, hidden_dim=f, vocab_size=V, max_position_embeddings=s), "distilbert"),
    _row("AlbertModel", "h, l, a, f, V, s, e", lambda e, **s: dict(_encoder(**s), embedding_size=e), "albert"),
    _row("BartModel", "h, l, a, f, V, s", lambda h, l, a, f, V, s: dict(d_model=h, encoder_layers=l, decoder_layers=l, encoder_attention_heads=a, decoder_attention_heads=a, encoder_ffn_dim=f, decoder_ffn_dim=f, vocab_size=V, max_position_embeddings=s, pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1, forced_eos_token_id=2), "bart", "t=s"),
    _row("CLIPModel", "h, l, a, size, p, o", lambda h, l, a, size, p, o: dict(projection_dim=o, vision_config=dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, intermediate_size=4 * h, image_size=size, patch_size=p, projection_dim=o), text_config=dict(projection_dim=o)), "clip", "V=49408, t=77, ht=512, at=8, lt=12"),
    _row("DeepseekV2ForCausalLM", "h, l, a, rank, nope, rope, v, dense_f, f, n, first, V", lambda h, l, a, rank, nope, rope, v, dense_f, f, n, first, V: dict(_decoder()(h, l, a, dense_f, V), num_key_value_heads=a, kv_lora_rank=rank, q_lora_rank=None, qk_nope_head_dim=nope, qk_rope_head_dim=rope, v_head_dim=v, moe_intermediate_size=f, n_routed_experts=n, first_k_dense_replace=first, n_shared_experts=2, num_experts_per_tok=1, n_group=1, topk_group=1), "deepseek", "", ("rope % 2 == 0",)),
    _row("RobertaModel", "h, l, a, f, V, s", _encoder),
    _row("ElectraModel", "h, l, a, f, V, s, e", lambda e, **s: dict(_encoder(**s), embedding_size=e)),
    _row("DebertaV2Model", "h, l, a, f, V, s", _encoder),
    _row("Phi3ForCausalLM", GROUPED, _decoder()),
    _row("Gemma2ForCausalLM", HEADS, _decoder()),
    _row("Qwen2MoeForCausalLM", "h, l, a, kv, n, f, shared_f, V", lambda h, l, a, kv, n, f, shared_f, V: dict(_decoder()(h, l, a, 64, V, kv), num_experts=n, moe_intermediate_size=f, shared_expert_intermediate_size=shared_f, num_experts_per_tok=1)),
    _row("Mamba2ForCausalLM", "l, n, V, groups, a, head", lambda l, n, V, groups, a, head: dict(hidden_size=a * head // 2, num_hidden_layers=l, state_size=n, vocab_size=V, n_groups=groups, num_heads=a, head_dim=head, expand=2), "", "", ("(a*head) % 2 == 0",)),
    _row("JambaForCausalLM", "h, l, f, V, period, offset, every, start, n", lambda h, l, f, V, period, offset, every, start, n: dict(_decoder()(h, l, 4, f, V, 2), attn_layer_period=period, attn_layer_offset=offset, expert_layer_period=every, expert_layer_offset=start, num_experts=n, num_experts_per_tok=1, use_mamba_kernels=False), "", "", ("offset < period", "start < every", "h % 8 == 0")),
    _row("OlmoForCausalLM", GROUPED, _decoder()),
    _row("StableLmForCausalLM", GROUPED, _decoder()),
    _row("GPTJForCausalLM", "h, l, a, V", lambda h, l, a, V: dict(n_embd=h, n_layer=l, n_head=a, vocab_size=V, n_positions=32, rotary_dim=2)),
    _row("GPTNeoForCausalLM", "h, l, a, V, s", lambda h, l, a, V, s: dict(hidden_size=h, num_layers=l, num_heads=a, vocab_size=V, max_position_embeddings=s, attention_types=[[["global"], l]])),
    _row("GPTBigCodeForCausalLM", "h, l, a, V, s", lambda h, l, a, V, s: dict(n_embd=h, n_layer=l, n_head=a, vocab_size=V, n_positions=s, multi_query=True)),
    _row("CohereForCausalLM", GROUPED, _decoder()),
    _row("RwkvForCausalLM", "h, l, V", lambda h, l, V: dict(hidden_size=h, num_hidden_layers=l, vocab_size=V, attention_hidden_size=h)),
    _row("MT5ForConditionalGeneration", "h, l, a, head, f, V", lambda h, l, a, head, f, V: dict(d_model=h, num_layers=l, num_heads=a, d_kv=head, d_ff=f, vocab_size=V, decoder_start_token_id=0)),
    _row("PegasusForConditionalGeneration", "h, l, a, f, V, s", lambda h, l, a, f, V, s: dict(d_model=h, encoder_layers=l, decoder_layers=l, encoder_attention_heads=a, decoder_attention_heads=a, encoder_ffn_dim=f, decoder_ffn_dim=f, vocab_size=V, max_position_embeddings=s, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, forced_eos_token_id=1)),
    _row("SwitchTransformersForConditionalGeneration", "h, l, a, head, f, V, n", lambda h, l, a, head, f, V, n: dict(d_model=h, num_layers=l, num_decoder_layers=l, num_heads=a, d_kv=head, d_ff=f, vocab_size=V, num_experts=n, num_sparse_encoder_layers=1, num_sparse_decoder_layers=1, decoder_start_token_id=0)),
    _row("DeiTModel", "h, l, a, f, size, p", lambda h, l, a, f, size, p: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, intermediate_size=f, image_size=size, patch_size=p)),
    _row("BeitModel", "h, l, a, f, size, p", lambda h, l, a, f, size, p: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, intermediate_size=f, image_size=size, patch_size=p)),
    _row("Dinov2Model", "h, l, a, size, p", lambda h, l, a, size, p: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, image_size=size, patch_size=p)),
    _row("ConvNextModel", "c, n", lambda c, n: dict(hidden_sizes=[c, 2 * c, 4 * c, 8 * c], depths=[n, n, 3 * n, n])),
    _row("Wav2Vec2Model", "h, l, a, f, c", lambda h, l, a, f, c: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, intermediate_size=f, conv_dim=[c] * 7)),
    _row("HubertModel", "h, l, a, f, c", lambda h, l, a, f, c: dict(hidden_size=h, num_hidden_layers=l, num_attention_heads=a, intermediate_size=f, conv_dim=[c] * 7)),
    _row("SegformerModel", "c, d, n, m", lambda c, d, n, m: dict(hidden_sizes=[c, d, 2 * c, 2 * d], depths=[n, m, n, m], num_attention_heads=[1, 2, 2, 2])),
]  # fmt: skip

BY_NAME = {row.name: row for row in ROWS}
