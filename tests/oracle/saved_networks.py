"""The rows of ``facts/saved_tensors.csv`` in the language, or why they cannot be said."""

from __future__ import annotations

import re
from collections.abc import Callable

#: A module of torch → the same here; groups of the expression are the layer's sizes.
MODULES = [
    (r"nn\.Linear\(\d+, (\d+)\)", r"dense(\1)"),
    (r"nn\.Linear\(\d+, (\d+), bias=False\)", r"linear(\1)"),
    (r"nn\.Conv\d?d\(\d+, (\d+), (\d+)(.*)\)", r"conv(\1, \2\3)"),
    (r"nn\.ConvTranspose\dd\(\d+, (\d+), (\d+)(.*)\)", r"conv_transpose(\1, \2\3)"),
    (r"nn\.Embedding\((\d+), (\d+)\)", r"embed(\1, \2)"),
    (r"nn\.EmbeddingBag\((\d+), (\d+)\)", r"embedding_bag(\1, \2)"),
    (r"nn\.LocalResponseNorm\((\d+)\)", r"localresponsenorm(\1)"),
    (r"nn\.BatchNorm\dd\(\d+, affine=False\)", "bn(scale = no, shift = no)"),
    (r"nn\.BatchNorm\dd\(\d+, track_running_stats=False\)", "bn(statistics = no)"),
    (r"nn\.BatchNorm\dd\(\d+\)", "bn"),
    (r"nn\.GroupNorm\((\d+), \d+\)", r"groupnorm(\1)"),
    (r"nn\.InstanceNorm2d\(\d+, affine=True\)", "instancenorm"),
    (r"nn\.InstanceNorm2d\(\d+\)", "instancenorm(scale = no, shift = no)"),
    (r"nn\.LayerNorm\(\d+, elementwise_affine=False\)", "layernorm(scale = no, shift = no)"),
    (r"nn\.LayerNorm\(\d+\)", "layernorm"),
    (r"nn\.RMSNorm\(\d+\)", "rmsnorm"),
    (r"transformers\.models\.llama\.modeling_llama\.LlamaRMSNorm\(\d+\)", "rmsnorm"),
    (r"nn\.ReLU\(inplace=True\)", "relu"),
    (r"nn\.GELU\(.*\)", "gelu"),
    (r"nn\.LeakyReLU\(\)", "leaky_relu"),
    (r"nn\.Hardswish\(\)", "hard_swish"),
    (r"nn\.Hardsigmoid\(\)", "hard_sigmoid"),
    (r"nn\.Softmax\(-1\)", "softmax"),
    (r"nn\.LogSoftmax\(-1\)", "log_softmax"),
    (r"nn\.(ReLU|ReLU6|ELU|SELU|SiLU|Mish|Softplus|Softsign|Tanh|Sigmoid)\(\)", r"\1"),
    (r"nn\.PReLU\(\)", "prelu"),
    (r"nn\.(?:Alpha)?Dropout\((.*)\)", r"dropout(\1)"),
    (r"nn\.Flatten\(\)", "flatten"),
    (r"nn\.Identity\(\)", "id"),
    (r"nn\.MaxPool\dd\((\d+)\)", r"maxpool(\1)"),
    (r"nn\.MaxPool2d\((\d+), (\d+), (\d+)\)", r"maxpool(\1, stride = \2, pad = \3)"),
    (r"nn\.AvgPool\dd\((\d+)\)", r"avgpool(\1)"),
    (r"nn\.AdaptiveAvgPool2d\(1\)", "globalavgpool"),
    (r"nn\.AdaptiveMaxPool2d\(1\)", "globalmaxpool"),
    (r"nn\.Upsample\(scale_factor=2.*\)", "upsample(2)"),
    (r"nn\.ZeroPad2d\(1\)", "pad(1)"),
    (r"nn\.(LSTM|GRU|RNN)\(\d+, (\d+), batch_first=True\)", r"\1(\2)"),
    (r"nn\.(LSTM|GRU|RNN)\(\d+, (\d+), 2, batch_first=True\)", r"\1(\2) -> \1(\2)"),
    (r"nn\.(LSTM|GRU|RNN)\(\d+, (\d+), bidirectional=True, batch_first=True\)",
     r"bidirectional(\1(\2))"),
    (r"nn\.MultiheadAttention\(\d+, (\d+), batch_first=True\)", r"attention(\1, proj = dense)"),
]  # fmt: skip

#: Modules whose input has its channels first.
IMAGES = re.compile(r"Conv|Pool|Norm[12]d|GroupNorm|LocalResponse|Upsample|Pad2d|PixelShuffle")

#: Family → a network of its inputs, where that is no module.
FUNCTIONS = {
    "bilinear": "bilinear(x, y, 9)",
    "sub": "x - y",
    "mul": "x * y",
    "cat": "cat(x, y)",
    "stack": "cat(x -> reshape(1, 10), y -> reshape(1, 10), axis = 0)",
    "square_by_mul": "x * x",
    "chunk_mul": "a, b = x -> split(2)\na * b",
    "sqrt": "x -> abs -> sqrt",
    "mean": "x -> mean(0)",
    "mul_scalar": "x + zeros(1)",
    "matmul": 'einsum(x, y, "ij,jk->ik")',
    "einsum_outer": 'einsum(x, y, "i,j->ij")',
    "quick_gelu_hf": "x * ((x + zeros(1)) -> sigmoid)",
    "native_dropout_p0.1": "x -> dropout(0.1)",
    "fused_rms_norm_meta": "x -> rmsnorm",
    "native_dropout_p0.1_cuda": "x -> dropout(0.1)",
}


def translated(build: str) -> str:
    """A module of torch, or several behind each other, in the language."""
    sequential = re.fullmatch(r"nn\.Sequential\((.*)\)", build)
    if sequential:
        return " -> ".join(map(translated, re.split(r", (?=nn\.)", sequential[1])))
    for pattern, text in MODULES:
        found = re.fullmatch(pattern, build)
        if found:
            return spelled(found.expand(text))
    raise KeyError(build)


def spelled(text: str) -> str:
    """Options as they are called here."""
    for old, new in (
        ("padding='same'", "pad = same"), ("padding=", "pad = "), ("stride=", "stride = "),
        ("groups=", "groups = "), ("bias=False", "bias = no"),
    ):  # fmt: skip
        text = text.replace(old, new)
    return re.sub(r"\b[A-Z]\w*\b", lambda word: word[0].lower(), text)


#: transformers writes the tanh form of gelu out: a power keeps its input, as abs does here, and
#: half of x and 1 + tanh are tensors of their own.
NEW_GELU = """
block new_gelu on x[..., d] = (x + zeros(d)) * ((x -> abs -> tanh) + zeros(d))
"""

GPT2 = (
    NEW_GELU
    + """
model gpt2(s, l, h = 24, a = 4, V = 61) where h % a == 0 = {
    shared E = embed(V, h)
    weight positions[s, h]
    ((tokens(s) -> E) + positions) -> dropout(RATE)
    -> (residual(layernorm -> attention(a, bias = yes, dropout = RATE, flash = FLASH)
                 -> dropout(RATE))
        -> residual(layernorm -> dense(4*h) -> new_gelu -> dense(h) -> dropout(RATE))) * l
    -> layernorm -> E.T
}
"""
)

#: Cosines and sines are kept once, for all heads, layers and examples.
LLAMA = """
default attention(bias = no)
model llama(s, l, h = 24, a = 6, kv = 2, f = 64, V = 61) where h % a == 0, a % kv == 0 = {
    cosines = zeros(s, 1, h/a)
    sines = zeros(s, 1, h/a)
    block rotary on x[s, heads, n] = (x * cosines) + ((x + zeros(n)) * sines)
    tokens(s) -> embed(V, h)
    -> (residual(rmsnorm -> attention(a, kv, qk_norm = rotary, flash = FLASH))
        -> residual(rmsnorm -> swiglu(f))) * l
    -> rmsnorm -> linear(V)
}
"""

BERT = """
model bert(s, l, h = 24, a = 4, f = 48, V = 61) where h % a == 0 = {
    shared E = embed(V, h)
    weight segments[s, h]
    weight bias[V]
    hidden = ((tokens(s) -> E) + segments) -> learned_positions -> layernorm
        -> encoder_layer(a, f, act = gelu, flash = FLASH) * l
    (hidden -> dense(h) -> gelu -> layernorm -> E.T) + bias
}
"""

VIT = """
model vit(size = 32, p = 8, l = 2, h = 24, a = 4, f = 48) where h % a == 0 = {
    weight class_token[1, h]
    pieces = input(size, size, 3) -> conv(h, p, stride = p) -> reshape((size // p)^2, h)
    cat(class_token, pieces, axis = 0) -> learned_positions
    -> encoder_layer(a, f, pre_norm, gelu) * l -> layernorm -> take(0) -> dense(10)
}
"""

RESNET_18 = """
model resnet(size) =
    input(size, size, 3) -> conv(64, 7, stride = 2, pad = 3, bias = no) -> bn -> relu
    -> maxpool(3, stride = 2, pad = 1)
    -> basic_residual(64) * 2 -> basic_residual(128, 2) -> basic_residual(128)
    -> basic_residual(256, 2) -> basic_residual(256) -> basic_residual(512, 2)
    -> basic_residual(512) -> globalavgpool -> dense(1000)
"""

UNET = """
block twice(c) = (conv(c, 3, pad = 1) NORM -> relu) * 2
block up(c, skip) = (skip | conv_transpose(c, 2, stride = 2)) -> twice(c)
model unet(size, c = 4, classes = 2) where size % 4 == 0 = {
    d1 = input(size, size, 3) -> twice(c)
    d2 = d1 -> maxpool(2) -> twice(2*c)
    d2 -> maxpool(2) -> twice(4*c) -> up(2*c, d2) -> up(c, d1) -> conv(classes, 1)
}
"""

MLP = "model mlp = input(20) -> dense(30) -> ACT -> dense(12) -> ACT -> dense(5)"


def none(*positions: int) -> int:
    """No number of a position."""
    return 0


def each(*positions: int) -> int:
    """The number of each position."""
    return sum(positions)


def pairs(*positions: int) -> int:
    """The bucket of each pair of a query and a key."""
    return sum(n**2 for n in positions)


def gpt2(rate: str, flash: str) -> str:
    return GPT2.replace("RATE", rate).replace("FLASH", flash)


#: One layer a stack, as the zoo has it: each stack has a table of biases by position.
T5 = """
block t5_norm(f) = pre_norm(f, rmsnorm)
model t5(s, t, V = 61, h = 24, a = 4, head = 8, f = 48) = {
    shared E = embed(V, h)
    table encoder_bias[32, a]
    table decoder_bias[32, a]
    memory = tokens(s) -> E
        -> encoder_layer(a, f, t5_norm, proj = linear, head_dim = head, scores = encoder_bias)
        -> rmsnorm
    tokens(t) -> E
    -> decoder_layer(a, f, memory, t5_norm, proj = linear, head_dim = head, scores = decoder_bias)
    -> rmsnorm -> E.T
}
"""

#: Family → (text, how many numbers of positions it keeps once, of so many: an integer each).
MODELS: dict[str, tuple[str, Callable[..., int]]] = {
    **{f"gpt2_eager_p0_l{n}": (gpt2("0", "no"), each) for n in (1, 2, 3)},
    "gpt2_eager_p0.1_l2": (gpt2("0.1", "no"), each),
    **{f"gpt2_sdpa_p0_l{n}": (gpt2("0", "yes"), each) for n in (1, 2, 3)},
    "gpt2_sdpa_math_p0_l2": (gpt2("0", "no"), each),
    "gpt2_sdpa_p0.1_l2": (gpt2("0.1", "no"), each),
    **{f"llama_eager_l{n}": (LLAMA.replace("FLASH", "no"), none) for n in (1, 2, 3)},
    **{f"llama_sdpa_l{n}": (LLAMA.replace("FLASH", "yes"), none) for n in (1, 2, 3)},
    "llama_sdpa_math_l2": (LLAMA.replace("FLASH", "no"), none),
    "bert_eager_p0_l2": (BERT.replace("FLASH", "no"), each),
    "bert_sdpa_p0_l2": (BERT.replace("FLASH", "yes"), each),
    "vit_eager": (VIT, none),
    "t5_eager": (T5, pairs),
    "resnet18": (RESNET_18, none),
    "unet": (UNET.replace("NORM", "-> bn"), none),
    "unet_no_norm": (UNET.replace(" NORM", ""), none),
    "mlp_relu": (MLP.replace("ACT", "relu"), none),
    "mlp_gelu": (MLP.replace("ACT", "gelu"), none),
    "mlp_tanh": (MLP.replace("ACT", "tanh"), none),
    "mlp_relu_dropout0.1": (MLP.replace("ACT", "relu -> dropout(0.1)"), none),
    "lstm_lm_no_mkldnn": (
        "model words(s) = tokens(s) -> embed(50, 16) -> lstm(24) -> lstm(24) -> dense(50)", none
    ),
}  # fmt: skip

ONE_BATCH = "products of one batch take views, and a view of one tensor holds what lies beside it"
NO_LAYER = "no layer of the language"
LOSS = "the loss keeps more"

#: Family or row → why it cannot be said.
NOT_SAID: dict[str, str] = {
    "conv2d_circular": "padding around the edge",
    "glu": NO_LAYER,
    "adaptive_avgpool2d_2": NO_LAYER,
    "pixel_shuffle": NO_LAYER,
    "div": NO_LAYER,
    "maximum": NO_LAYER,
    "square": NO_LAYER,
    "sum": NO_LAYER,
    "masked_fill": NO_LAYER,
    "where": NO_LAYER,
    "max_values": NO_LAYER,
    "transpose": "turns the batch",
    "contiguous_copy": "turns the batch",
    "mul_broadcast": "takes one example of the batch",
    "cross_entropy": LOSS,
    "mse_loss": LOSS,
    "gpt2_eager_p0_l2_loss": LOSS,
    "llama_eager_l2_loss": LOSS,
    "sdpa_cuda_flash": "the state of the random numbers, 3 integers once",
    "sdpa_cuda_flash_causal": "the state of the random numbers, 3 integers once",
    "sdpa_cuda_efficient": "a kernel that pads its rows",
    "lstm": "a workspace of the kernel's",
    "lstm_lm": "a workspace of the kernel's",
    "gpt2_eager_p0_l3_checkpointed": "the forward pass runs again",
    "mamba_slow": "a scan written out",
    "attention_by_hand_causal": "a mask of the scores in the future, a byte each and once",
    "attention_sdpa_math/size3": ONE_BATCH,
    "gpt2_sdpa_math_p0_l2/b1_t16": ONE_BATCH,
    "gpt2_sdpa_p0.1_l2/b1_t16": ONE_BATCH,
}
