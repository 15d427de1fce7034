"""The rows of ``facts/training_flops.csv`` in the language, or why they cannot be said.

``IN(…)`` is an input; where a row's input requires a gradient, a norm stands behind it,
whose trained scale costs no MACs. ``NAME/frozen_…`` goes before ``NAME``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: torch keeps a layer's bias trained where its weight alone is frozen.
FIXED = """
block shift(o) = { weight b[o]; id + b }
block fixed(o) = freeze(linear(o)) -> shift(o)
"""

#: An LSTM cell written out, its recurrent kernel frozen.
LSTM_FIXED = """
block cell on (x[i], state[w]) = {
    h = w/2
    s, c = state -> split(2)
    a, b, g, o = ((x -> dense(4*h)) + (s -> freeze(linear(4*h)))) -> split(4)
    new = ((b -> sigmoid) * c) + ((a -> sigmoid) * (g -> tanh))
    next = (o -> sigmoid) * (new -> tanh)
    next, (next | new)
}
"""

SELF = "input(10, 32) -> attention(4, proj = dense)".replace("input", "IN")
ENCODER = "IN(10, 32) -> {attention} -> layernorm -> residual(dense(64) -> relu -> dense(32)) -> layernorm"

#: Row without ``/grad_in`` and ``/no_grad_in`` → its network.
LAYERS: dict[str, str] = {
    "linear": "IN(64) -> dense(32)",
    "linear/frozen_weight": "IN(64) -> fixed(32)",
    "linear_nobias": "IN(64) -> linear(32)",
    "linear_seq": "IN(16, 64) -> dense(48)",
    "linear_seq/frozen_weight": "IN(16, 64) -> fixed(48)",
    "linear_4d": "IN(3, 5, 12) -> dense(20)",
    "linear_vector": "IN(64) -> dense(32)",
    "conv1d": "IN(40, 8) -> conv(12, 3)",
    "conv1d/frozen_weight": "IN(40, 8) -> freeze(conv(12, 3, bias = no)) -> shift(12)",
    "conv1d_same": "IN(40, 8) -> conv(12, 3, pad = same)",
    "conv1d_stride2": "IN(41, 8) -> conv(12, 5, stride = 2, pad = 2)",
    # torch cuts nothing off behind a padding of 8 on both sides.
    "conv1d_dilated_causal": "IN(40, 8) -> conv(12, 3, dilation = 4, pad = 8)",
    "conv1d_groups4": "IN(40, 8) -> conv(12, 3, groups = 4)",
    "conv1d_depthwise": "IN(40, 8) -> conv(8, 4, groups = 8, pad = 3)",
    "conv2d_3x3": "IN(32, 32, 3) -> conv(16, 3, pad = 1)",
    "conv2d_3x3/frozen_all": "IN(32, 32, 3) -> freeze(conv(16, 3, pad = 1))",
    "conv2d_7x7_stride2": "IN(64, 64, 3) -> conv(64, 7, stride = 2, pad = 3, bias = no)",
    "conv2d_stride2": "IN(15, 16, 8) -> conv(16, 3, stride = 2, pad = 1)",
    "conv2d_groups2_stride2": "IN(16, 16, 8) -> conv(16, 3, groups = 2, pad = 1, stride = 2)",
    "conv2d_depthwise": "IN(14, 14, 16) -> depthwise(3, pad = same)",
    "conv2d_depthwise_mult2": "IN(14, 14, 16) -> depthwise(5, multiplier = 2, pad = same)",
    "conv2d_depthwise_stride2": "IN(14, 14, 16) -> depthwise(3, stride = 2, pad = 1)",
    "conv2d_asym": "IN(12, 20, 6) -> conv(10, [1, 7], pad = same)",
    # Around the edge or zeros: as many positions.
    "conv2d_circular": "IN(12, 12, 6) -> conv(10, 3, pad = 1)",
    "conv2d_patchify": "IN(32, 32, 3) -> conv(48, 8, stride = 8)",
    "conv3d": "IN(8, 10, 12, 3) -> conv(8, 3, pad = 1)",
    "conv3d/frozen_weight": "IN(8, 10, 12, 3) -> freeze(conv(8, 3, pad = 1, bias = no)) -> shift(8)",
    "conv3d_stride_groups":
        "IN(6, 16, 16, 4) -> conv(8, [3, 5, 5], stride = [1, 2, 2], pad = [1, 2, 2], groups = 2)",
    "conv_transpose1d": "IN(20, 8) -> conv_transpose(6, 4, stride = 2, pad = 1)",
    "conv_transpose1d/frozen_weight":
        "IN(20, 8) -> freeze(conv_transpose(6, 4, stride = 2, pad = 1, bias = no)) -> shift(6)",
    "conv_transpose2d": "IN(10, 12, 8) -> conv_transpose(6, 3)",
    "conv_transpose2d_stride2": "IN(8, 8, 16) -> conv_transpose(8, 2, stride = 2)",
    "conv_transpose2d_stride2/frozen_weight":
        "IN(8, 8, 16) -> freeze(conv_transpose(8, 2, stride = 2, bias = no)) -> shift(8)",
    "conv_transpose2d_4x4_s2":
        "IN(8, 8, 16) -> conv_transpose(8, 4, stride = 2, pad = 1, bias = no)",
    "conv_transpose2d_outpad":
        "IN(7, 9, 16) -> conv_transpose(8, 3, stride = 2, pad = 1, output_pad = 1)",
    "conv_transpose2d_groups4": "IN(7, 7, 16) -> conv_transpose(8, 3, stride = 2, groups = 4)",
    "mha_self": SELF,
    "mha_self/frozen_in_proj_weight":
        "IN(10, 32) -> attention(4, wq = fixed, wk = fixed, wv = fixed, wo = dense)",
    "mha_self/frozen_out_proj.weight": "IN(10, 32) -> attention(4, proj = dense, wo = fixed)",
    "mha_self/frozen_all": "IN(10, 32) -> freeze(attention(4, proj = dense))",
    "mha_self_weights": SELF,
    "mha_causal": SELF,
    "mha_cross": "{ y = IN(7, 32); IN(10, 32) -> attention(4, memory = y, proj = dense) }",
    "mha_kdim_vdim":
        "{ k = IN(7, 20); v = IN(7, 24)\n"
        "IN(10, 32) -> attention(4, memory = k, values = v, proj = dense) }",
    "embedding": "tokens(10) -> embed(100, 16)",
    "embedding_bag": "tokens(10) -> embedding_bag(100, 16)",
    "embedding_tied_head": "{ shared E = embed(100, 16); tokens(10) -> E -> E.T }",
    "layernorm": "IN(10, 16) -> layernorm",
    "rmsnorm": "IN(10, 16) -> rmsnorm",
    "lstm_meta": "IN(7, 8) -> lstm(12)",
    "lstm_meta/frozen_weight_hh_l0": "IN(7, 8) -> recur(cell, 24)",
    "gru_meta": "IN(7, 8) -> gru(12)",
    "gru_cpu": "IN(7, 8) -> gru(12)",
    "rnn_meta": "IN(7, 8) -> rnn(12)",
    "rnn_cpu": "IN(7, 8) -> rnn(12)",
    "lstm_2layers": "IN(7, 8) -> lstm(12) -> lstm(12)",
    "lstm_bi": "IN(7, 8) -> bidirectional(lstm(12))",
    "lstm_proj": "IN(7, 8) -> lstm(12, proj = 5)",
    "lstm_1step": "IN(1, 8) -> lstm(12)",
    "lstm_cell": "IN(8) -> lstm(12)",
    "gru_cell": "IN(8) -> gru(12)",
    "rnn_cell": "IN(8) -> rnn(12)",
    "matmul_batched": '{ x = IN(8, 6); y = IN(6, 5); einsum(x, y, "ij,jk->ik") }',
    "matmul_broadcast": '{ x = IN(8, 6); y = IN(6, 5); einsum(x, y, "ij,jk->ik") }',
    "einsum_three":
        '{ x = IN(8, 6); y = IN(6, 5); z = IN(5, 9)\n'
        'einsum(einsum(x, y, "ij,jk->ik"), z, "ik,kl->il") }',
    "softmax": "IN(8) -> softmax",
    "prelu": "IN(8) -> prelu",
    "upsample": "IN(8, 8, 4) -> upsample(2)",
    "separable": "IN(10, 10, 8) -> depthwise(3, pad = same) -> conv(12, 1)",
    "separable/frozen_0.all": "IN(10, 10, 8) -> freeze(depthwise(3, pad = same)) -> conv(12, 1)",
    "separable/frozen_1.all": "IN(10, 10, 8) -> depthwise(3, pad = same) -> freeze(conv(12, 1))",
    "two_linear": "IN(10) -> dense(20) -> relu -> dense(6)",
    "two_linear/frozen_0.all": "IN(10) -> freeze(dense(20)) -> relu -> dense(6)",
    "two_linear/frozen_2.all": "IN(10) -> dense(20) -> relu -> freeze(dense(6))",
    "three_conv": "IN(12, 12, 3) -> (conv(8, 3) -> relu) * 2 -> conv(4, 1)",
    "three_conv/frozen_0.all":
        "IN(12, 12, 3) -> freeze(conv(8, 3)) -> relu -> conv(8, 3) -> relu -> conv(4, 1)",
    "three_conv/frozen_0.all+2.all": "IN(12, 12, 3) -> freeze(conv(8, 3) -> relu) * 2 -> conv(4, 1)",
    "lora_like": "IN(16) -> (linear(24) + (linear(4) -> linear(24)))",
    "lora_like/frozen_w": "IN(16) -> lora(linear(24), 4)",
    "encoder_layer": ENCODER.format(attention="residual(attention(4, proj = dense))"),
    "encoder_layer/frozen_self_attn.all":
        ENCODER.format(attention="residual(freeze(attention(4, proj = dense)))"),
    "decoder_layer":
        "{ y = IN(7, 32); IN(10, 32) -> decoder_layer(4, 64, memory = y) }",
    "shared_weight_twice": "{ shared f = linear(16); IN(16) -> f -> relu -> f }",
}  # fmt: skip

LLAMA = {"V": 101, "l": 3, "h": 48, "a": 6, "kv": 2, "f": 128}
GPT2 = {"V": 101, "l": 3, "h": 48, "a": 4}
BERT = {"V": 101, "l": 3, "h": 48, "a": 4, "f": 96}
SMALL = {"V": 101, "l": 2, "h": 48, "a": 4, "kv": 2, "f": 96}

GPT2_FROZEN = """
model gpt2(V, s, l, h, a, first = 1) where h % a == 0 = {
    block layer = residual(layernorm -> attention(a, bias = yes))
        -> residual(layernorm -> dense(4*h) -> gelu -> dense(h))
    shared E = freeze(embed(V, h))
    tokens(s) -> E -> freeze(learned_positions) -> freeze(layer) * (first - 1)
    -> layer * (l - first + 1)
    -> layernorm -> E.T
}
"""

LLAMA_LAST = """
default attention(bias = no)
block layer(a, kv, f) = residual(rmsnorm -> attention(a, kv)) -> residual(rmsnorm -> swiglu(f))
model llama(V, s, l, h, a, kv, f) where h % a == 0, a % kv == 0 =
    tokens(s) -> freeze(embed(V, h) -> layer(a, kv, f) * (l - 1)) -> layer(a, kv, f)
    -> rmsnorm -> linear(V)
"""

LLAMA_TIED = """
default attention(bias = no)
block layer(a, kv, f) = residual(rmsnorm -> attention(a, kv)) -> residual(rmsnorm -> swiglu(f))
model llama(V, s, l, h, a, kv, f) where h % a == 0, a % kv == 0 = {
    shared E = embed(V, h)
    tokens(s) -> E -> layer(a, kv, f) * l -> rmsnorm -> E.T
}
"""

BERT_CLASSIFIER = """
model classifier(V, s, l, h, a, f) where h % a == 0 = {
    words = tokens(s) -> embed(V, h)
    segments = tokens(s) -> embed(2, h)
    (words + segments)
    -> FREEZE(learned_positions -> layernorm -> encoder_layer(a, f, act = gelu) * l
              -> take(0) -> dense(h) -> tanh)
    -> dense(3)
}
"""

#: Latent attention in every layer, and no experts.
DEEPSEEK = """
model deepseek(V, s, l, h, a, rank, q_rank, nope, rope, v, f) =
    tokens(s) -> embed(V, h)
    -> (residual(rmsnorm -> latent_attention(a, rank, nope, rope, v, q_rank))
        -> residual(rmsnorm -> swiglu(f))) * l
    -> rmsnorm -> linear(V)
"""

T5 = """
model t5(V, s, t, l, h, a, f) = {
    block norm(f) = pre_norm(f, rmsnorm)
    shared E = embed(V, h)
    weight encoder_bias[32, a]
    weight decoder_bias[32, a]
    memory = tokens(s) -> E
        -> encoder_layer(a, f, norm, proj = linear, head_dim = 8, scores = encoder_bias) * l
        -> rmsnorm
    tokens(t) -> E
    -> decoder_layer(a, f, memory, norm, proj = linear, head_dim = 8, scores = decoder_bias) * l
    -> rmsnorm -> E.T
}
"""

GEMMA_2 = """
default attention(bias = no)
model gemma2(V, s, l, h, a, kv, f) where a % kv == 0 = {
    shared E = embed(V, h)
    tokens(s) -> E
    -> (residual(rmsnorm -> attention(a, kv, head_dim = 16) -> rmsnorm)
        -> residual(rmsnorm -> geglu(f) -> rmsnorm)) * l
    -> rmsnorm -> E.T
}
"""

LSTM_LM = """
model words(V, t, e, h) =
    tokens(t) -> embed(V, e) -> lstm(h) -> lstm(h) -> dense(V)
"""

UNET = """
block twice(c) = (conv(c, 3, pad = 1, bias = no) -> bn -> relu) * 2
block up(c, skip) = (skip | conv_transpose(c, 2, stride = 2)) -> twice(c)
model unet(size, c = 8, classes = 2) where size % 8 == 0 = {
    d1 = IN(size, size, 3) -> twice(c)
    d2 = d1 -> maxpool(2) -> twice(2*c)
    d3 = d2 -> maxpool(2) -> twice(4*c)
    d3 -> maxpool(2) -> twice(8*c) -> up(4*c, d3) -> up(2*c, d2) -> up(c, d1) -> conv(classes, 1)
}
"""

RESNET = """
block stem = conv(64, 7, stride = 2, pad = 3, bias = no) -> bn -> relu
    -> maxpool(3, stride = 2, pad = 1)
"""
RESNET_18 = """ -> basic_residual(64) * 2 -> basic_residual(128, 2) -> basic_residual(128)
    -> basic_residual(256, 2) -> basic_residual(256) -> basic_residual(512, 2)
    -> basic_residual(512)"""
RESNET_50 = """ -> bottleneck(64) * 3 -> bottleneck(128, 2) -> bottleneck(128) * 3
    -> bottleneck(256, 2) -> bottleneck(256) * 5 -> bottleneck(512, 2) -> bottleneck(512) * 2"""
HEAD = " -> globalavgpool -> dense(1000)"

MOBILENET = """
model mobilenet(size) =
    IN(size, size, 3) -> conv(32, 3, stride = 2, pad = 1, bias = no) -> bn -> relu6
    -> [mbconv(c, e, stride = s) -> mbconv(c, e) * (n - 1)
        for (e, c, n, s) in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                             (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]]
    -> conv(1280, 1, bias = no) -> bn -> relu6 -> globalavgpool -> dense(1000)
"""

CONVNEXT = """
model convnext(size, c = 96) =
    IN(size, size, 3) -> conv(c, 4, stride = 4) -> layernorm -> convnext_block * 3
    -> [layernorm -> conv(w, 2, stride = 2) -> convnext_block * m
        for (w, m) in [(2*c, 3), (4*c, 9), (8*c, 3)]]
    -> globalavgpool -> layernorm -> dense(1000)
"""

#: Of 2 x 2 positions torch's adaptive pooling makes 7 x 7.
VGG = """
model vgg(size) =
    IN(size, size, 3)
    -> [(conv(c, 3, pad = 1) -> relu) * k -> maxpool(2)
        for (c, k) in [(64, 1), (128, 1), (256, 2), (512, 2), (512, 2)]]
    -> globalavgpool -> reshape(1, 1, 512) -> upsample(7) -> flatten
    -> dense(4096) -> relu -> dense(4096) -> relu -> dense(1000)
"""

DENSENET = """
model densenet(size, k = 32) =
    IN(size, size, 3) -> conv(2*k, 7, stride = 2, pad = 3, bias = no) -> bn -> relu
    -> maxpool(3, stride = 2, pad = 1)
    -> dense_layer(k) * 6 -> dense_transition -> dense_layer(k) * 12 -> dense_transition
    -> dense_layer(k) * 24 -> dense_transition -> dense_layer(k) * 16 -> bn -> relu
    -> globalavgpool -> dense(1000)
"""

#: SqueezeNet 1.1 (Iandola et al. 2016, arXiv:1602.07360); torch's pooling rounds up.
SQUEEZENET = """
block fire(s, e) = conv(s, 1) -> relu -> ((conv(e, 1) -> relu) | (conv(e, 3, pad = 1) -> relu))
block pool = maxpool(3, stride = 2, pad = same)
model squeezenet(size) =
    IN(size, size, 3) -> conv(64, 3, stride = 2) -> relu -> maxpool(3, stride = 2)
    -> fire(16, 64) * 2 -> maxpool(3, stride = 2) -> fire(32, 128) * 2 -> maxpool(3, stride = 2)
    -> fire(48, 192) * 2 -> fire(64, 256) * 2 -> conv(1000, 1) -> relu -> globalavgpool
"""

#: ShuffleNet V2 (Ma et al. 2018, arXiv:1807.11164).
SHUFFLENET = """
block cbr(c) = conv(c, 1, bias = no) -> bn -> relu
block spatial(c, stride) = conv(c, 3, stride = stride, pad = 1, groups = c, bias = no) -> bn
block first(c) on [h, w, d] =
    (spatial(d, 2) -> cbr(c/2)) | (cbr(c/2) -> spatial(c/2, 2) -> cbr(c/2))
block unit_of(c) on x[h, w, d] = {
    left, right = x -> split(2)
    (left | (right -> cbr(c/2) -> spatial(c/2, 1) -> cbr(c/2)))
}
model shufflenet(size) =
    IN(size, size, 3) -> conv(24, 3, stride = 2, pad = 1, bias = no) -> bn -> relu
    -> maxpool(3, stride = 2, pad = 1)
    -> [first(c) -> unit_of(c) * n for (c, n) in [(116, 3), (232, 7), (464, 3)]]
    -> cbr(1024) -> globalavgpool -> dense(1000)
"""

#: RegNetY (Radosavovic et al. 2020, arXiv:2003.13678): the squeeze is of what enters a block.
REGNET = """
block unit(c, stride, s) on [h, w, d] = (
    (conv(c, 1, bias = no) -> bn -> relu
     -> conv(c, 3, stride = stride, pad = 1, groups = c/8, bias = no) -> bn -> relu
     -> squeeze_excite(s) -> conv(c, 1, bias = no) -> bn)
    + (if stride == 1 and d == c then id else conv(c, 1, stride = stride, bias = no) -> bn)
) -> relu
model regnet(size) =
    IN(size, size, 3) -> conv(32, 3, stride = 2, pad = 1, bias = no) -> bn -> relu
    -> unit(48, 2, 8)
    -> unit(104, 2, 12) -> unit(104, 1, 26) * 2
    -> unit(208, 2, 26) -> unit(208, 1, 52) * 5
    -> unit(440, 2, 52) -> unit(440, 1, 110) * 5
    -> globalavgpool -> dense(1000)
"""

VIT = """
model vit(size = 48, p = 8, l = 3, h = 48, a = 4, f = 96) where h % a == 0, size % p == 0 = {
    weight class_token[1, h]
    pieces = IN(size, size, 3) -> patches(p) -> dense(h)
    cat(class_token, pieces, axis = 0) -> learned_positions
    -> encoder_layer(a, f, pre_norm, gelu) * l -> layernorm -> take(0) -> dense(10)
}
"""

MIXTRAL = {"V": 101, "l": 2, "h": 32, "a": 4, "kv": 2, "f": 48, "n": 4}
MLP = "IN(784) -> dense(300) -> relu -> dense(100) -> relu -> dense(10)"


@dataclass(frozen=True)
class Trained:
    """A model of the table: a text or ``zoo:…``, its sizes, the size of the positions."""

    text: str
    sizes: dict[str, int] = field(default_factory=dict)
    positions: str = ""


#: The part of a row's name in front of its sizes, with ``/frozen`` where it has that → the model.
MODELS: dict[str, Trained] = {
    "gpt2_eager": Trained("zoo:gpt2", GPT2, "s"),
    "gpt2_sdpa": Trained("zoo:gpt2", GPT2, "s"),
    "gpt2_eager/frozen": Trained(GPT2_FROZEN, GPT2, "s"),
    "gpt2_eager_first_two_blocks/frozen": Trained(GPT2_FROZEN, {**GPT2, "first": 3}, "s"),
    "gpt2_small_published": Trained("zoo:gpt2", {}, "s"),
    "llama_gqa_eager": Trained("zoo:llama", LLAMA, "s"),
    "llama_gqa_sdpa": Trained("zoo:llama", LLAMA, "s"),
    "llama_last_block_only/frozen": Trained(LLAMA_LAST, LLAMA, "s"),
    "llama_tied": Trained(LLAMA_TIED, LLAMA, "s"),
    "qwen3": Trained("zoo:qwen3", {**SMALL, "head": 16}, "s"),
    "gemma2": Trained(GEMMA_2, SMALL, "s"),
    "mistral_window": Trained("zoo:mistral", SMALL, "s"),
    "deepseek_v2_mla": Trained(
        DEEPSEEK,
        {
            "V": 101, "l": 2, "h": 48, "a": 4, "rank": 16, "q_rank": 24, "nope": 12, "rope": 8,
            "v": 12, "f": 96,
        },
        "s",
    ),
    "bert": Trained("zoo:bert_mlm", BERT, "s"),
    "bert_sdpa": Trained("zoo:bert_mlm", BERT, "s"),
    "bert_classifier": Trained(BERT_CLASSIFIER.replace("FREEZE", ""), BERT, "s"),
    "bert_classifier_head_only/frozen": Trained(
        BERT_CLASSIFIER.replace("FREEZE", "freeze").replace("embed(V, h)", "freeze(embed(V, h))")
        .replace("embed(2, h)", "freeze(embed(2, h))"),
        BERT, "s",
    ),
    "mixtral": Trained("zoo:mixtral", MIXTRAL, "s"),
    "mixtral_batched_mm": Trained("zoo:mixtral", MIXTRAL, "s"),
    "t5": Trained(T5, {"V": 101, "l": 2, "h": 32, "a": 4, "f": 64}, "s"),
    "bart": Trained("zoo:bart", {"V": 101, "l": 2, "h": 32, "a": 4, "f": 64}, "s"),
    "whisper": Trained(
        "zoo:whisper", {"V": 101, "mel": 20, "l": 2, "h": 32, "a": 4, "f": 64, "s": 30}
    ),
    "lstm_lm": Trained(LSTM_LM, {"V": 50, "e": 16, "h": 24}, "t"),
    "mlp": Trained(MLP),
    "mlp_first_frozen": Trained(MLP.replace("dense(300)", "freeze(dense(300))")),
    "unet": Trained(UNET, {}, "size"),
    "resnet18_224": Trained(f"{RESNET}model m(size) = IN(size, size, 3) -> stem{RESNET_18}{HEAD}"),
    "resnet18_head_only/frozen": Trained(
        f"{RESNET}model m(size) = IN(size, size, 3) -> freeze(stem{RESNET_18}){HEAD}"
    ),
    "resnet50": Trained(f"{RESNET}model m(size) = IN(size, size, 3) -> stem{RESNET_50}{HEAD}"),
    "resnet50_224": Trained(f"{RESNET}model m(size) = IN(size, size, 3) -> stem{RESNET_50}{HEAD}"),
    "mobilenet_v2": Trained(f"convention pytorch\n{MOBILENET}"),
    "convnext_tiny": Trained(CONVNEXT),
    "vgg11": Trained(VGG),
    "densenet121": Trained(f"convention pytorch\n{DENSENET}"),
    "squeezenet1_1": Trained(SQUEEZENET),
    "shufflenet_v2_x1_0": Trained(SHUFFLENET),
    "efficientnet_b0": Trained("zoo:efficientnet"),
    "regnet_y_400mf": Trained(REGNET),
    "vit_hf": Trained(VIT),
    "swin_tiny_timm": Trained("zoo:swin"),
}  # fmt: skip

#: Row, or the part of it in front of its sizes → why it cannot be said.
NOT_SAID: dict[str, str] = {
    "bilinear": "an operator without a formula: 0",
    "mha_cpu": "the CPU's fused attention has no formula: 0",
    "sdpa_cpu_flash": "the CPU's fused attention has no formula: 0",
    "sdpa_cuda_flash": "fused attention counts the scores again in the backward pass",
    "sdpa_cuda_flash_causal": "fused attention counts the scores again in the backward pass",
    "lstm_cpu": "one operator without a formula: 0",
    "matvec": "aten.mv has no formula: 0",
    "dot": "aten.dot has no formula: 0",
    "einsum_outer": "an elementwise product: 0",
    "checkpointed_mlp": "the forward pass runs again in the backward pass",
    "mixtral_grouped_mm": "the product of all experts has no formula: 0",
    "mamba": "of the scan only the product with C is one of matrices",
    "mamba2": "of the scan most products are elementwise: 0",
}
