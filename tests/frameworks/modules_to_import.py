"""Modules as people write them, to be imported: each builder, and what its module is fed."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.parametrizations import orthogonal, spectral_norm, weight_norm

#: Builder → what its module takes, as ``--input`` has it.
FED: dict[str, tuple[str, ...]] = {}


def fed(*inputs):
    def registered(builder):
        FED[builder.__name__] = inputs
        return builder

    return registered


# --- images -------------------------------------------------------------------


class DoubleConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.double_conv = nn.Sequential(
            nn.Conv2d(i, o, 3, padding=1, bias=False),
            nn.BatchNorm2d(o),
            nn.ReLU(inplace=True),
            nn.Conv2d(o, o, 3, padding=1, bias=False),
            nn.BatchNorm2d(o),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)


class Down(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(i, o))

    def forward(self, x):
        return self.maxpool_conv(x)


class Up(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.up = nn.ConvTranspose2d(i, i // 2, 2, stride=2)
        self.conv = DoubleConv(i, o)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        dy, dx = x2.size(2) - x1.size(2), x2.size(3) - x1.size(3)
        x1 = F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return self.conv(torch.cat([x2, x1], dim=1))


class UNet(nn.Module):
    def __init__(self, channels=3, classes=2, c=64):
        super().__init__()
        self.inc = DoubleConv(channels, c)
        self.down1, self.down2 = Down(c, 2 * c), Down(2 * c, 4 * c)
        self.down3, self.down4 = Down(4 * c, 8 * c), Down(8 * c, 16 * c)
        self.up1, self.up2 = Up(16 * c, 8 * c), Up(8 * c, 4 * c)
        self.up3, self.up4 = Up(4 * c, 2 * c), Up(2 * c, c)
        self.outc = nn.Conv2d(c, classes, 1)

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.down4(x4)
        x = self.up1(x5, x4)
        x = self.up2(x, x3)
        x = self.up3(x, x2)
        x = self.up4(x, x1)
        return self.outc(x)


@fed("3x64x64")
def unet(c=64, classes=2):
    return UNet(3, classes, c)


@fed("100x1x1")
def dcgan_generator(z=100, g=64, c=3):
    layers = [nn.ConvTranspose2d(z, 8 * g, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * g), nn.ReLU()]
    for k in (8, 4, 2):
        layers += [nn.ConvTranspose2d(k * g, k * g // 2, 4, 2, 1, bias=False)]
        layers += [nn.BatchNorm2d(k * g // 2), nn.ReLU(True)]
    return nn.Sequential(*layers, nn.ConvTranspose2d(g, c, 4, 2, 1, bias=False), nn.Tanh())


@fed("3x64x64")
def patch_discriminator(d=64, c=3):
    layers = [nn.Conv2d(c, d, 4, 2, 1), nn.LeakyReLU(0.2)]
    for k in (1, 2):
        layers += [nn.Conv2d(k * d, 2 * k * d, 4, 2, 1), nn.InstanceNorm2d(2 * k * d)]
        layers += [nn.LeakyReLU(0.2, True)]
    layers += [nn.Conv2d(4 * d, 8 * d, 4, 1, 1), nn.InstanceNorm2d(8 * d), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(8 * d, 1, 4, 1, 1))


class VAE(nn.Module):
    def __init__(self, x, h, z):
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(x, h), nn.Linear(h, z), nn.Linear(h, z)
        self.fc3, self.fc4 = nn.Linear(z, h), nn.Linear(h, x)

    def forward(self, x):
        h1 = F.relu(self.fc1(x))
        mu, logvar = self.fc21(h1), self.fc22(h1)
        std = torch.exp(0.5 * logvar)
        z = mu + torch.randn_like(std) * std
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, logvar


@fed("784")
def vae(x=784, h=400, z=20):
    return VAE(x, h, z)


class SqueezeExcite(nn.Module):
    def __init__(self, c, r):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(c, r, 1), nn.Conv2d(r, c, 1)

    def forward(self, x):
        s = x.mean((2, 3), keepdim=True)
        return x * self.fc2(F.silu(self.fc1(s))).sigmoid()


class MBConv(nn.Module):
    def __init__(self, i, o, expand=4, stride=1):
        super().__init__()
        e = i * expand
        self.conv_pw, self.bn1 = nn.Conv2d(i, e, 1, bias=False), nn.BatchNorm2d(e)
        self.conv_dw = nn.Conv2d(e, e, 3, stride, 1, groups=e, bias=False)
        self.bn2, self.se = nn.BatchNorm2d(e), SqueezeExcite(e, i // 4)
        self.conv_pwl, self.bn3 = nn.Conv2d(e, o, 1, bias=False), nn.BatchNorm2d(o)
        self.skip = stride == 1 and i == o

    def forward(self, x):
        y = F.silu(self.bn1(self.conv_pw(x)))
        y = self.se(F.silu(self.bn2(self.conv_dw(y))))
        y = self.bn3(self.conv_pwl(y))
        return x + y if self.skip else y


@fed("3x64x64")
def efficient_small(c=16):
    stages = [nn.Conv2d(3, c, 3, 2, 1, bias=False), nn.BatchNorm2d(c), nn.SiLU()]
    for i, o in ((c, 2 * c), (2 * c, 4 * c)):
        stages += [MBConv(i, o, stride=2), MBConv(o, o), MBConv(o, o)]
    return nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * c, 10))


class ConvNeXtBlock(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.conv_dw = nn.Conv2d(d, d, 7, padding=3, groups=d)
        self.norm, self.fc1, self.fc2 = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.gamma = nn.Parameter(1e-6 * torch.ones(d))

    def forward(self, x):
        y = self.norm(self.conv_dw(x).permute(0, 2, 3, 1))
        y = self.gamma * self.fc2(F.gelu(self.fc1(y)))
        return x + y.permute(0, 3, 1, 2)


@fed("3x64x64")
def convnext_small(d=32, n=2):
    stem = [nn.Conv2d(3, d, 4, 4)]
    blocks = [ConvNeXtBlock(d) for _ in range(n)]
    down = [nn.Conv2d(d, 2 * d, 2, 2)]
    more = [ConvNeXtBlock(2 * d) for _ in range(2 * n)]
    return nn.Sequential(*stem, *blocks, *down, *more, nn.AdaptiveAvgPool2d(1), nn.Flatten(1))


class Residual(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        return self.fn(x) + x


@fed("3x32x32")
def conv_mixer(d=32, depth=4, k=5, p=4):
    def block():
        mix = nn.Sequential(nn.Conv2d(d, d, k, groups=d, padding="same"), nn.GELU())
        mix.append(nn.BatchNorm2d(d))
        return nn.Sequential(Residual(mix), nn.Conv2d(d, d, 1), nn.GELU(), nn.BatchNorm2d(d))

    stem = [nn.Conv2d(3, d, p, p), nn.GELU(), nn.BatchNorm2d(d)]
    blocks = [block() for _ in range(depth)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten())


class CBAM(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Flatten(), nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c)
        )
        self.spatial = nn.Conv2d(2, 1, 7, padding=3, bias=False)

    def forward(self, x):
        weights = self.mlp(F.adaptive_avg_pool2d(x, 1)) + self.mlp(F.adaptive_max_pool2d(x, 1))
        x = x * torch.sigmoid(weights)[:, :, None, None]
        both = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)
        return x * torch.sigmoid(self.spatial(both))


@fed("3x32x32")
def cbam(c=32):
    return nn.Sequential(nn.Conv2d(3, c, 3, padding=1), nn.ReLU(), CBAM(c), nn.Conv2d(c, 10, 1))


class ESPCN(nn.Module):
    def __init__(self, r):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 64, 5, padding=2), nn.Conv2d(64, 32, 3, padding=1)
        self.conv3, self.last = nn.Conv2d(32, r * r, 3, padding=1), nn.Conv2d(1, 1, 3, padding=1)
        self.shuffle = nn.PixelShuffle(r)

    def forward(self, x):
        x = torch.tanh(self.conv2(torch.tanh(self.conv1(x))))
        return self.last(self.shuffle(self.conv3(x)))


@fed("1x24x24")
def espcn(r=3):
    return ESPCN(r)


class DenseLayer(nn.Module):
    def __init__(self, i, k):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(i), nn.Conv2d(i, 4 * k, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * k)
        self.conv2 = nn.Conv2d(4 * k, k, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x)))
        return torch.cat([x, self.conv2(F.relu(self.norm2(y)))], 1)


@fed("3x32x32")
def dense_small(k=12, n=4):
    layers, c = [nn.Conv2d(3, 2 * k, 3, padding=1, bias=False)], 2 * k
    for _ in range(n):
        layers.append(DenseLayer(c, k))
        c += k
    return nn.Sequential(*layers, nn.BatchNorm2d(c), nn.ReLU(), nn.AvgPool2d(2))


# --- sequences -----------------------------------------------------------------


class Attention(nn.Module):
    """As timm has it."""

    def __init__(self, d, heads):
        super().__init__()
        self.num_heads, self.scale = heads, (d // heads) ** -0.5
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)

    def forward(self, x):
        b, n, c = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.num_heads, c // self.num_heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        attn = (q * self.scale @ k.transpose(-2, -1)).softmax(dim=-1)
        return self.proj((attn @ v).transpose(1, 2).reshape(b, n, c))


class ViTBlock(nn.Module):
    def __init__(self, d, heads, f):
        super().__init__()
        self.norm1, self.attn, self.norm2 = nn.LayerNorm(d), Attention(d, heads), nn.LayerNorm(d)
        self.mlp = nn.Sequential(nn.Linear(d, f), nn.GELU(), nn.Dropout(0.1), nn.Linear(f, d))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self, size, p, d, depth, heads, classes):
        super().__init__()
        self.proj = nn.Conv2d(3, d, p, p)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, d))
        self.pos_embed = nn.Parameter(torch.zeros(1, (size // p) ** 2 + 1, d))
        self.blocks = nn.Sequential(*[ViTBlock(d, heads, 4 * d) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm(d), nn.Linear(d, classes)

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), dim=1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


@fed("3x32x32")
def vit_small(size=32, p=8, d=48, depth=3, heads=4, classes=10):
    return ViT(size, p, d, depth, heads, classes)


class GPTBlock(nn.Module):
    """As nanoGPT has it."""

    def __init__(self, d, heads):
        super().__init__()
        self.ln_1, self.ln_2, self.n_head = nn.LayerNorm(d), nn.LayerNorm(d), heads
        self.c_attn, self.c_proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.c_fc, self.c_out = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def attn(self, x):
        b, t, c = x.size()
        q, k, v = self.c_attn(x).split(c, dim=2)
        q, k, v = (w.view(b, t, self.n_head, c // self.n_head).transpose(1, 2) for w in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).contiguous().view(b, t, c))

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.c_out(F.gelu(self.c_fc(self.ln_2(x))))


class GPT(nn.Module):
    def __init__(self, vocab, s, d, depth, heads):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, d), nn.Embedding(s, d)
        self.h = nn.ModuleList([GPTBlock(d, heads) for _ in range(depth)])
        self.ln_f = nn.LayerNorm(d)
        self.lm_head = nn.Linear(d, vocab, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, idx):
        pos = torch.arange(0, idx.size(1), dtype=torch.long, device=idx.device)
        x = self.wte(idx) + self.wpe(pos)
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


@fed("tokens:16")
def gpt(vocab=100, s=16, d=48, depth=3, heads=4):
    return GPT(vocab, s, d, depth, heads)


class RMSNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


def rotate_half(x):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((-b, a), dim=-1)


class LlamaLayer(nn.Module):
    def __init__(self, d, heads, kv, f):
        super().__init__()
        self.heads, self.kv, self.n = heads, kv, d // heads
        self.q_proj = nn.Linear(d, heads * self.n, bias=False)
        self.k_proj = nn.Linear(d, kv * self.n, bias=False)
        self.v_proj = nn.Linear(d, kv * self.n, bias=False)
        self.o_proj = nn.Linear(d, d, bias=False)
        self.gate, self.up = nn.Linear(d, f, bias=False), nn.Linear(d, f, bias=False)
        self.down, self.norm1, self.norm2 = nn.Linear(f, d, bias=False), RMSNorm(d), RMSNorm(d)

    def attention(self, x):
        b, s, d = x.shape
        q = self.q_proj(x).view(b, s, self.heads, self.n).transpose(1, 2)
        k = self.k_proj(x).view(b, s, self.kv, self.n).transpose(1, 2)
        v = self.v_proj(x).view(b, s, self.kv, self.n).transpose(1, 2)
        angle = torch.outer(torch.arange(s, device=x.device), torch.ones(self.n, device=x.device))
        cos, sin = angle.cos(), angle.sin()
        q, k = q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin
        times = self.heads // self.kv
        k, v = (
            w[:, :, None].expand(b, self.kv, times, s, self.n).reshape(b, self.heads, s, self.n)
            for w in (k, v)
        )
        mask = torch.full((s, s), -math.inf, device=x.device).triu(1)
        scores = F.softmax(q @ k.transpose(2, 3) / math.sqrt(self.n) + mask, dim=-1)
        return self.o_proj((scores @ v).transpose(1, 2).reshape(b, s, d))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Llama(nn.Module):
    def __init__(self, vocab, d, depth, heads, kv, f):
        super().__init__()
        self.embed = nn.Embedding(vocab, d)
        self.layers = nn.ModuleList([LlamaLayer(d, heads, kv, f) for _ in range(depth)])
        self.norm, self.head = RMSNorm(d), nn.Linear(d, vocab, bias=False)

    def forward(self, tokens):
        x = self.embed(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


@fed("tokens:12")
def llama(vocab=100, d=48, depth=2, heads=6, kv=2, f=80):
    return Llama(vocab, d, depth, heads, kv, f)


class MixerBlock(nn.Module):
    def __init__(self, s, d):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.tokens = nn.Sequential(nn.Linear(s, 2 * s), nn.GELU(), nn.Linear(2 * s, s))
        self.channels = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.norm2(x))


@fed("3x32x32")
def mixer(p=8, d=32, depth=2):
    s = (32 // p) ** 2
    stem = [nn.Conv2d(3, d, p, p), nn.Flatten(2), Turned()]
    return nn.Sequential(*stem, *[MixerBlock(s, d) for _ in range(depth)], nn.LayerNorm(d))


class Turned(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2)


class Classifier(nn.Module):
    def __init__(self, vocab, d, h, classes):
        super().__init__()
        self.embed = nn.Embedding(vocab, d)
        self.lstm = nn.LSTM(d, h, num_layers=2, bidirectional=True, batch_first=True)
        self.drop, self.fc = nn.Dropout(0.5), nn.Linear(2 * h, classes)

    def forward(self, x):
        out, _ = self.lstm(self.drop(self.embed(x)))
        return self.fc(out[:, -1])


@fed("tokens:20")
def lstm_classifier(vocab=100, d=16, h=24, classes=5):
    return Classifier(vocab, d, h, classes)


@fed("10x32")
def torch_encoder(d=32, heads=4, f=64, n=3):
    layer = nn.TransformerEncoderLayer(d, heads, f, batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, n, enable_nested_tensor=False)


class CrossBlock(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d, heads, batch_first=True)
        self.cross = nn.MultiheadAttention(d, heads, batch_first=True)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, x, memory):
        x = self.norm1(x + self.self_attn(x, x, x, need_weights=False)[0])
        return self.norm2(x + self.cross(x, memory, memory, need_weights=False)[0])


class Decoder(nn.Module):
    def __init__(self, d, heads, n):
        super().__init__()
        self.layers = nn.ModuleList([CrossBlock(d, heads) for _ in range(n)])
        self.out = nn.Linear(d, 2 * d)

    def forward(self, x, memory):
        for layer in self.layers:
            x = layer(x, memory)
        return self.out(x)


@fed("6x32", "9x32")
def cross_decoder(d=32, heads=4, n=2):
    return Decoder(d, heads, n)


class Siamese(nn.Module):
    def __init__(self, i, d):
        super().__init__()
        self.tower = nn.Sequential(nn.Linear(i, d), nn.ReLU(), nn.Linear(d, d))
        self.head = nn.Linear(2 * d, 1)

    def forward(self, a, b):
        return self.head(torch.cat([self.tower(a), self.tower(b)], dim=-1))


@fed("20", "20")
def siamese(i=20, d=16):
    return Siamese(i, d)


class TemporalBlock(nn.Module):
    """A block of a temporal convolutional network (Bai et al. 2018), weights normalised."""

    def __init__(self, i, o, k, dilation):
        super().__init__()
        self.pad = (k - 1) * dilation
        self.conv1 = weight_norm(nn.Conv1d(i, o, k, padding=self.pad, dilation=dilation))
        self.conv2 = weight_norm(nn.Conv1d(o, o, k, padding=self.pad, dilation=dilation))
        self.relu = nn.ReLU()
        self.downsample = nn.Conv1d(i, o, 1) if i != o else None

    def forward(self, x):
        out = self.relu(self.conv1(x)[:, :, : -self.pad].contiguous())
        out = self.relu(self.conv2(out)[:, :, : -self.pad].contiguous())
        kept = x if self.downsample is None else self.downsample(x)
        return self.relu(out + kept)


class TCN(nn.Module):
    def __init__(self, i, h, classes, levels):
        super().__init__()
        self.network = nn.Sequential(
            *(TemporalBlock(h if k else i, h, 3, 2**k) for k in range(levels))
        )
        self.head = nn.Linear(h, classes)

    def forward(self, x):
        return self.head(self.network(x)[:, :, -1])


@fed("6x32")
def tcn(i=6, h=24, classes=5, levels=4):
    return TCN(i, h, classes, levels)


class SpectralBlock(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.c1 = spectral_norm(nn.Conv2d(i, o, 3, padding=1))
        self.c2 = spectral_norm(nn.Conv2d(o, o, 3, padding=1))
        self.skip = spectral_norm(nn.Conv2d(i, o, 1))
        self.pool = nn.AvgPool2d(2)

    def forward(self, x):
        y = self.c2(torch.relu(self.c1(torch.relu(x))))
        return self.pool(y) + self.skip(self.pool(x))


class Critic(nn.Module):
    """The discriminator of a spectrally normalised GAN (Miyato et al. 2018)."""

    def __init__(self, c):
        super().__init__()
        self.blocks = nn.ModuleList(
            [SpectralBlock(3, c), SpectralBlock(c, 2 * c), SpectralBlock(2 * c, 4 * c)]
        )
        self.linear = spectral_norm(nn.Linear(4 * c, 1))

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.linear(torch.relu(x).mean(dim=(2, 3)))


@fed("3x32x32")
def critic(c=16):
    return Critic(c)


@fed("12")
def reparametrised(i=12, h=8):
    """Norms as older code has them, and kernels that stay orthogonal."""
    return nn.Sequential(
        nn.utils.weight_norm(nn.Linear(i, h), dim=None),
        nn.Tanh(),
        nn.utils.spectral_norm(nn.Linear(h, i)),
        nn.Tanh(),
        orthogonal(nn.Linear(i, i, bias=False), orthogonal_map="cayley", use_trivialization=False),
        orthogonal(nn.Linear(i, h)),
    )


class Sorted(nn.Module):
    """What the language has no word for, between layers that it has."""

    def __init__(self, d):
        super().__init__()
        self.before, self.after = nn.Linear(d, d), nn.Linear(d, 3)
        self.unused = nn.Linear(d, 7)

    def forward(self, x):
        return self.after(torch.sort(self.before(x), dim=-1).values)


@fed("12")
def sorted_values(d=12):
    return Sorted(d)


class ScaledBlock(nn.Module):
    """A parameter that is called as an axis of the text is."""

    def __init__(self, d):
        super().__init__()
        self.D = nn.Parameter(torch.ones(d))
        self.up, self.down = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)

    def forward(self, x):
        return x + self.down(F.relu(self.up(x * self.D)))


class Latents(nn.Module):
    """A norm of a parameter, beside the input."""

    def __init__(self, d, n):
        super().__init__()
        self.latents = nn.Parameter(torch.zeros(n, d))
        self.norm = nn.LayerNorm(d)
        self.blocks = nn.Sequential(ScaledBlock(d), ScaledBlock(d))

    def forward(self, x):
        latents = self.norm(self.latents.unsqueeze(0).expand(x.shape[0], -1, -1))
        return self.blocks(latents + x.mean(1, keepdim=True))


@fed("5x8")
def latents(d=8, n=3):
    return Latents(d, n)
