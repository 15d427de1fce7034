"""Ten modules of torch that are exported to ONNX, each with an input and its open sizes."""

from __future__ import annotations

import torch
from torch import nn


class ConvBlock(nn.Module):
    def __init__(self, i, o, stride=1, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, stride, 1, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(o)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = ConvBlock(c, c)
        self.b = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        return x + self.b(self.a(x))


class SqueezeExcite(nn.Module):
    def __init__(self, c, r):
        super().__init__()
        self.down = nn.Conv2d(c, r, 1)
        self.up = nn.Conv2d(r, c, 1)

    def forward(self, x):
        s = nn.functional.silu(self.down(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.up(s))


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d, 3 * d)
        self.proj = nn.Linear(d, d)

    def forward(self, x):
        b, s, d = x.shape
        q, k, v = self.qkv(x).reshape(b, s, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5
        return self.proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, s, d))


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(d)
        self.attn = Attention(d, heads)
        self.norm2 = nn.LayerNorm(d)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, d=24, p=4, n=16):
        super().__init__()
        self.patches = nn.Conv2d(3, d, p, p)
        self.token = nn.Parameter(torch.zeros(1, 1, d))
        self.positions = nn.Parameter(torch.zeros(1, n + 1, d))
        self.blocks = nn.Sequential(Block(d, 3), Block(d, 3))
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, 10)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


class LanguageModel(nn.Module):
    def __init__(self, words=50, d=24, longest=32):
        super().__init__()
        self.embed = nn.Embedding(words, d)
        self.positions = nn.Embedding(longest, d)
        self.blocks = nn.ModuleList([Block(d, 4), Block(d, 4), Block(d, 4)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, words, bias=False)

    def forward(self, tokens):
        x = self.embed(tokens) + self.positions(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class Tagger(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.embed = nn.Embedding(40, 12)
        self.rnn = kind(12, 16, batch_first=True, bidirectional=True)
        self.head = nn.Linear(32, 5)

    def forward(self, tokens):
        return self.head(self.rnn(self.embed(tokens))[0])


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2 = ConvBlock(3, 8), ConvBlock(8, 16, 2)
        self.up = nn.ConvTranspose2d(16, 8, 2, 2)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        a = self.down1(x)
        return self.out(torch.cat([a, self.up(self.down2(a))], 1))


def builders():
    """Name → the module, an input, and the axes that the file leaves open."""
    image = torch.zeros(1, 3, 16, 16)
    tokens = torch.zeros(1, 7, dtype=torch.int64)
    text = {"x": {0: "batch", 1: "seq"}}
    picture = {"x": {0: "batch"}}
    return {
        "convolutions": (
            nn.Sequential(
                *(ConvBlock(3, 8, 2), Residual(8), Residual(8), nn.AdaptiveAvgPool2d(1)),
                *(nn.Flatten(), nn.Linear(8, 10)),
            ),
            image,
            picture,
        ),
        "depthwise": (
            nn.Sequential(
                *(ConvBlock(3, 8, 2), ConvBlock(8, 8, groups=8), nn.Conv2d(8, 16, 1)),
                *(nn.Hardswish(), SqueezeExcite(16, 4), nn.MaxPool2d(2), nn.PReLU(16)),
            ),
            image,
            {"x": {0: "batch", 2: "height", 3: "width"}},
        ),
        "mlp": (
            nn.Sequential(
                nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 12), nn.SiLU(), nn.Linear(12, 1)
            ),
            torch.zeros(1, 6),
            picture,
        ),
        "groupnorm": (
            nn.Sequential(
                nn.Conv2d(3, 8, 3), nn.GroupNorm(4, 8), nn.GELU(), nn.Upsample(scale_factor=2)
            ),
            image,
            picture,
        ),
        "encoder": (
            nn.Sequential(nn.Linear(8, 24), Block(24, 4), nn.LayerNorm(24)),
            torch.zeros(1, 7, 8),
            text,
        ),
        "vision_transformer": (VisionTransformer(), image, picture),
        "language_model": (LanguageModel(), tokens, text),
        "lstm": (Tagger(nn.LSTM), tokens, picture),
        "gru": (Tagger(nn.GRU), tokens, picture),
        "unet": (UNet(), image, {"x": {0: "batch", 2: "height", 3: "width"}}),
    }


def export(module, given, axes, path, dynamo=False):
    """Write a module to a file."""
    import warnings

    torch.manual_seed(0)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        for weight in module.parameters():  # equal ones become one in the file
            weight.normal_()
        for buffer in module.buffers():
            if buffer.is_floating_point():
                buffer.uniform_(0.5, 1.5)
        torch.onnx.export(
            *(module.eval(), (given,), path),
            input_names=["x"],
            output_names=["y"],
            dynamic_axes=axes,
            dynamo=dynamo,
            opset_version=18,
            do_constant_folding=True,
            training=torch.onnx.TrainingMode.PRESERVE,
        )
