"""The same layers built in torch while the test runs, on its meta device: no values, no memory."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, strategies as st

from symparams.layers import kinds

from . import core_rows, drawn, drawn_torch, torch_text, weightless
from .counting import Measured, agree, facts, kinds_in, layers, network, output_of, outputs_of
from .networks import VGG16

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning"),
    pytest.mark.filterwarnings("ignore:enable_nested_tensor is True:UserWarning"),
    pytest.mark.filterwarnings("ignore:Lazy modules are a new feature:UserWarning"),
    pytest.mark.filterwarnings("ignore:Initializing zero-element tensors:UserWarning"),
]

PADDED = [("Conv1d", padding) for padding in ("valid", "same", 0, 1, 2)]
PADDED += [("ConvTranspose1d", padding) for padding in (0, 1, 2)]
PADDED += [(pool, padding) for pool in ("MaxPool1d", "AvgPool1d") for padding in (0, 1, 2)]


#: Kinds whose multiplications torch counts itself. It counts none of ``bilinear``, and of
#: ``orthogonal`` those too that make the matrix.
COUNTED = (
    "adaptive_softmax", "attend", "bidirectional", "conv", "conv_transpose", "dense", "gru",
    "lstm", "rnn", "spectralnorm", "weightnorm",
)  # fmt: skip
WORKING = [name for name in drawn_torch.TORCH if name.split()[0] in COUNTED]

ROWS = [row for rows in core_rows.ROWS.values() for row in rows]

TRANSFORMERS = [
    pytest.param(row, id=f"line{number}-{row['model']}")
    for number, row in enumerate(facts("torch_layers"), 2)
    if row["model"] in torch_text.TRANSFORMERS
]


def built(torch: ModuleType, model: str, options: dict[str, Any]) -> Any:
    """A module of torch; a stack of the layers that ``_layer`` gives."""
    if model.startswith("parametrizations."):
        own = {k: v for k, v in options.items() if k in ("dim", "use_trivialization")}
        inner = {k: v for k, v in options.items() if k != "base" and k not in own}
        wrap = getattr(torch.nn.utils.parametrizations, model.partition(".")[2])
        return wrap(built(torch, options["base"], inner), **own)
    if "_layer" not in options:
        return getattr(torch.nn, model)(**options)
    inner = options["_layer"]
    layer = getattr(torch.nn, f"{model}Layer")(**inner)
    norm = torch.nn.LayerNorm(inner["d_model"]) if options["norm"] else None
    return getattr(torch.nn, model)(layer, options["num_layers"], norm)


def called(torch: ModuleType, module: Any, model: str, options: Any, shape: Any) -> Any:
    """A module on zeros; ``shape`` is that of its input, or of each of its inputs."""
    several = shape if isinstance(shape[0], list | tuple) else [shape]
    tokens = str(options.get("base", model)).startswith("Embedding")
    values = [torch.zeros(s, dtype=torch.long if tokens else torch.float32) for s in several]
    if model == "AdaptiveLogSoftmaxWithLoss":  # targets would decide what is computed
        return module.log_prob(values[0])
    return module(*values)


def measure(torch: ModuleType, model: str, options: dict[str, Any], shape: Any) -> Measured:
    """A module built and called; ``shape`` is that of its input, or of each of its inputs."""
    # An orthogonal start is computed, which takes values.
    with torch.device("cpu" if model.endswith("orthogonal") else "meta"):
        module = built(torch, model, options).eval()
        output = called(torch, module, model, options, shape)
    while not isinstance(output, torch.Tensor):
        output = output[0]
    return torch_text.measured(
        model,
        options,
        shape,
        [(name, tuple(p.shape)) for name, p in module.named_parameters()],
        [(name, tuple(b.shape)) for name, b in module.named_buffers()],
        tuple(output.shape),
    )


@pytest.mark.parametrize("name", drawn_torch.TORCH)
@drawn.EXAMPLES
@given(data=st.data())
def test_a_drawn_layer(torch: ModuleType, name: str, data: st.DataObject) -> None:
    model, options, shape = data.draw(drawn_torch.TORCH[name])
    measured = measure(torch, model, options, shape)
    net = network(torch_text.text(model, options, shape), torch_text.CONVENTION)
    assert name.split()[0] in kinds_in(net)
    agree(net, measured)


@pytest.mark.parametrize("name", WORKING)
@drawn.EXAMPLES
@given(data=st.data())
def test_the_work_of_a_drawn_layer(torch: ModuleType, name: str, data: st.DataObject) -> None:
    """MACs, as torch counts them: two operations each, of a batch."""
    counter = importlib.import_module("torch.utils.flop_counter").FlopCounterMode(display=False)
    model, options, shape = data.draw(drawn_torch.TORCH[name])
    with torch.device("meta"):
        module = built(torch, model, options)
        with counter:
            called(torch, module, model, options, shape)
    net = network(torch_text.text(model, options, shape), torch_text.CONVENTION)
    batch = 3 if model.startswith("Adaptive") else 2
    assert 2 * batch * net.measure("macs") == counter.get_total_flops()


@pytest.mark.parametrize(("model", "padding"), PADDED)
def test_every_window(torch: ModuleType, model: str, padding: str | int) -> None:
    """What one refuses the other refuses as well, but for two rules of torch's own."""
    for n, kernel, stride, dilation in drawn.WINDOWS:
        options = {"kernel_size": kernel, "stride": stride, "padding": padding}
        if model.startswith("Conv"):
            options |= {"in_channels": 3, "out_channels": 2, "dilation": dilation}
            if padding == "same" and stride > 1:
                continue  # torch has 'same' without strides only
        elif dilation > 1 or 2 * int(padding) > kernel:
            continue  # torch pads a pool by half of its window at most
        try:
            axes = measure(torch, model, options, (1, 3, n)).output
        except RuntimeError:
            axes = None
        text = torch_text.text(model, options, (1, 3, n))
        assert output_of(text, torch_text.CONVENTION) == axes, text


@pytest.mark.parametrize("kind", weightless.TORCH)
@pytest.mark.parametrize("shape", [(5,), (5, 6), (5, 6, 7)])
def test_a_layer_without_weights(torch: ModuleType, kind: str, shape: tuple[int, ...]) -> None:
    name = weightless.TORCH[kind]
    values = torch.empty((2, *shape), device="meta")
    if name.islower():
        output, own = getattr(torch, name)(values), 0
    else:
        options = {"dim": -1} if name in weightless.OVER_THE_LAST_AXIS else {}
        module = getattr(torch.nn, name)(**options)
        output, own = module(values), len(module.state_dict())
    assert own == 0
    assert tuple(output.shape) == (2, *shape)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_core(torch: ModuleType, row: core_rows.Row) -> None:
    found = row.torch(torch, *(torch.empty(shape, device="meta") for shape in row.shapes))
    assert outputs_of(network(row.text)) == core_rows.shapes_of(found)


# --- whole networks ---------------------------------------------------------


@pytest.mark.parametrize("window", [None, 1, 2, 3, 9])
@pytest.mark.parametrize(("causal", "queries"), [(True, 6), (True, 4), (False, 6)])
def test_attention_that_sees_some_keys(
    torch: ModuleType, causal: bool, queries: int, window: int | None
) -> None:
    """The module hides the keys that torch's masks hide; behind a cache, ``causal_lower_right``."""
    functions = importlib.import_module("symparams.frameworks.torch_functions")
    bias = importlib.import_module("torch.nn.attention.bias")
    q, k, v = torch.rand(2, queries, 8), torch.rand(2, 6, 8), torch.rand(2, 6, 8)
    q1, k1, v1 = (x[:, None] for x in (q, k, v))
    away = torch.arange(queries)[:, None] + 6 - queries - torch.arange(6)
    if causal and window is None:
        mask = bias.causal_lower_right(queries, 6)
    elif causal:
        mask = (away >= 0) & (away < window)
    else:
        mask = away.abs() <= (12 if window is None else window // 2)
    expected = torch.nn.functional.scaled_dot_product_attention(q1, k1, v1, attn_mask=mask)
    layer = kinds()["attend"](causal=causal, window=window)
    torch.testing.assert_close(functions.attend(layer, q, k, v), expected[:, 0])


@pytest.mark.parametrize("blocks", [1, 2, 4, 6, 9])
@pytest.mark.parametrize(("causal", "queries"), [(True, 6), (True, 4), (False, 6)])
def test_attention_in_blocks(torch: ModuleType, causal: bool, queries: int, blocks: int) -> None:
    """Block by block, each alone, is what the module computes of them all."""
    functions = importlib.import_module("symparams.frameworks.torch_functions")
    q, k, v = (torch.rand(2, n, 8) for n in (queries, 6, 6))
    parts, behind = [], 6 - queries
    for start in range(0, 6, blocks):
        end = min(start + blocks, 6)
        own = q[:, max(start - behind, 0) : max(end - behind, 0)]
        rows = torch.arange(end)[max(start, behind) :, None]
        mask = rows >= torch.arange(start, end) if causal else None
        attended = torch.nn.functional.scaled_dot_product_attention
        parts.append(attended(own, k[:, start:end], v[:, start:end], attn_mask=mask))
    layer = kinds()["attend"](causal=causal, blocks=blocks)
    torch.testing.assert_close(functions.attend(layer, q, k, v), torch.cat(parts, 1))


@pytest.mark.parametrize("row", TRANSFORMERS)
def test_a_transformer_of_the_table(torch: ModuleType, row: dict[str, str]) -> None:
    """Tensor by tensor, where the table has their number only."""
    listed = torch_text.measured_row(row)
    shape = listed.shape
    if listed.output is None:  # was not called: of two batches
        shape = [(2, 3, axes[-1]) for axes in shape]
    measured = measure(torch, listed.model, dict(listed.options), shape)
    assert listed.weights in (None, measured.weights)
    net = network(torch_text.text(listed.model, listed.options, shape), torch_text.CONVENTION)
    agree(net, measured)


def vgg16(nn: ModuleType) -> Any:
    """VGG-16 out of plain modules."""
    stack: list[Any] = []
    channels = 3
    for filters, times in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]:
        for _ in range(times):
            stack += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
            channels = filters
        stack.append(nn.MaxPool2d(2))
    stack += [nn.Flatten(), nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout()]
    stack += [nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 1000)]
    return nn.Sequential(*stack)


def test_vgg16(torch: ModuleType) -> None:
    with torch.device("meta"):
        model = vgg16(torch.nn)
        signal = torch.empty(1, 3, 224, 224)
        shapes, weights = [], []
        for module in model:
            signal = module(signal)
            _, *axes = signal.shape
            shapes.append((*axes[1:], axes[0]) if len(axes) == 3 else tuple(axes))
            weights += [
                torch_text.tensor(type(module).__name__, name, tuple(p.shape), False)
                for name, p in module.named_parameters()
            ]
    net = network(VGG16, "pytorch")
    rows = list(layers(net))[1:]
    assert [row.output.axes for row in rows] == shapes
    assert [(w.name, w.shape) for row in rows for w in row.weights] == [
        (w.name, w.shape) for w in weights
    ]
    assert net.measure("params") == sum(p.numel() for p in model.parameters()) == 138_357_544


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_a_stack_of_recurrent_layers(torch: ModuleType, kind: str, bidirectional: bool) -> None:
    with torch.device("meta"):
        table = torch.nn.Embedding(4000, 32)
        stack = getattr(torch.nn, kind)(32, 64, num_layers=3, bidirectional=bidirectional)
        head = torch.nn.Linear(64 * (1 + bidirectional), 4000)
        output = head(stack(table(torch.empty((7, 2), dtype=torch.long)))[0])
    one = f"{kind.lower()}(64)"
    one = f"bidirectional({one})" if bidirectional else one
    net = network(f"tokens(7) -> embed(4000, 32) -> {one} * 3 -> dense(4000)", "pytorch")
    modules = (table, stack, head)
    assert net.measure("params") == sum(p.numel() for m in modules for p in m.parameters())
    assert (net.root.output.axes[0], 2, *net.root.output.axes[1:]) == tuple(output.shape)


def test_a_residual_network(torch: ModuleType) -> None:
    """Two basic blocks of a ResNet (arXiv:1512.03385), the second with a projection."""
    text = """
    default conv(bias = no)
    block basic(c, s = 1) on [h, w, d] =
        (   (conv(c, 3, stride = s, pad = 1) -> bn -> relu -> conv(c, 3, pad = 1) -> bn)
          + (if s == 1 and d == c then id else conv(c, 1, stride = s) -> bn) ) -> relu
    model two(c = 8) = input(15, 14, 3) -> conv(c, 3, pad = 1) -> basic(c) -> basic(2*c, 2)
        -> globalavgpool -> dense(10)
    """
    nn = torch.nn

    def branch(i: int, o: int, s: int) -> Any:
        return nn.Sequential(
            nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(),
            nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o),
        )  # fmt: skip

    with torch.device("meta"):
        stem, first, second = (
            nn.Conv2d(3, 8, 3, 1, 1, bias=False),
            branch(8, 8, 1),
            branch(8, 16, 2),
        )
        project = nn.Sequential(nn.Conv2d(8, 16, 1, 2, bias=False), nn.BatchNorm2d(16))
        head = nn.Linear(16, 10)
        x = stem(torch.empty(2, 3, 15, 14))
        x = torch.relu(x + first(x))
        x = torch.relu(project(x) + second(x))
        assert tuple(head(x.mean((2, 3))).shape) == (2, 10)
    modules = nn.ModuleList([stem, first, second, project, head])
    net = network(text, "pytorch")
    assert net.measure("params") == sum(p.numel() for p in modules.parameters())
    assert net.measure("buffers") == sum(b.numel() for b in modules.buffers())
    joined = [row.output.axes for row in layers(net) if row.kind == "relu"]
    assert joined[-1] == (*x.shape[2:], 16)
