"""ONNX files, most of them built by hand: what is read, what is refused, and that nothing runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from symparams.errors import SymparamsError
from symparams.frameworks.importing import onnx_files
from symparams.frameworks.importing.graph import SourceCall, SourceFunction, SourceLayer
from symparams.frameworks.importing.onnx_files import scopes_of

onnx = pytest.importorskip("onnx")
numpy = pytest.importorskip("numpy")
helper, proto = onnx.helper, onnx.TensorProto


def weight(name, *axes):
    return helper.make_tensor(name, proto.FLOAT, axes, numpy.arange(numpy.prod(axes)))


def integers(name, *values):
    return helper.make_tensor(name, proto.INT64, [len(values)], values)


def saved(path, nodes, inputs, initializers=(), opset=18, functions=(), outputs=("y",)):
    """Write a file, and return where it is."""
    kinds = {"i": proto.INT64}
    graph = helper.make_graph(
        nodes,
        "main",
        [
            helper.make_tensor_value_info(
                n.removesuffix(":i"), kinds.get(n[-1:], proto.FLOAT), axes
            )
            for n, axes in inputs.items()
        ],
        [helper.make_tensor_value_info(n, proto.FLOAT, None) for n in outputs],
        list(initializers),
    )
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("own", 1)]
    model = helper.make_model(graph, opset_imports=imports, functions=list(functions))
    path.write_bytes(model.SerializeToString())
    return str(path)


def node(kind, inputs, output="y", **attributes):
    name = attributes.pop("name", "")
    return helper.make_node(kind, inputs.split(), output.split(), name=name, **attributes)


def read(path, **sizes):
    from symparams.frameworks.importing.onnx_sources import read_onnx

    return read_onnx(path, sizes)


def words(module):
    """The operations as words, those of containers in brackets."""
    found = []
    for operation in module.operations:
        if isinstance(operation, SourceLayer):
            found.append(operation.kind)
        elif isinstance(operation, SourceFunction):
            found.append(str(operation.options.get("word", operation.name)))
        elif isinstance(operation, SourceCall):
            inner = operation.module
            found.append(f"?{inner.title}" if inner.unread else words(inner))
    return found


# --- layers ---------------------------------------------------------------------

#: name, nodes, axes of x, weights, layer, options, trainable values
LAYERS = [
    (
        "conv",
        [node("Conv", "x w b", strides=[2, 2], pads=[1, 1, 1, 1])],
        (1, 4, 8, 8),
        [weight("w", 6, 4, 3, 3), weight("b", 6)],
        "conv",
        {"filters": 6, "kernel": 3, "stride": 2, "pad": 1, "groups": 1, "bias": True},
        222,
    ),
    (
        "conv with the same padding, written out",
        [node("Conv", "x w", strides=[2, 2], pads=[0, 0, 1, 1])],
        (1, 4, 8, 8),
        [weight("w", 6, 4, 3, 3)],
        "conv",
        {"stride": 2, "pad": "same", "bias": False},
        216,
    ),
    (
        "conv in groups",
        [node("Conv", "x w", group=4, auto_pad="SAME_UPPER")],
        (1, 4, 8, 8),
        [weight("w", 4, 1, 3, 5)],
        "conv",
        {"filters": 4, "kernel": (3, 5), "pad": "same", "groups": 4},
        60,
    ),
    (
        "transposed",
        [node("ConvTranspose", "x w", strides=[2, 2])],
        (1, 4, 8, 8),
        [weight("w", 4, 6, 2, 2)],
        "conv_transpose",
        {"filters": 6, "kernel": 2, "stride": 2, "output_pad": 0},
        96,
    ),
    (
        "gemm",
        [node("Gemm", "x w b", transB=1)],
        (1, 5),
        [weight("w", 7, 5), weight("b", 7)],
        "dense",
        {"units": 7, "bias": True},
        42,
    ),
    (
        "product and sum",
        [node("MatMul", "x w", "t"), node("Add", "b t")],
        (1, 3, 5),
        [weight("w", 5, 7), weight("b", 7)],
        "dense",
        {"units": 7, "bias": True},
        42,
    ),
    (
        "turned kernel",
        [node("Transpose", "w", "v", perm=[1, 0]), node("MatMul", "x v")],
        (1, 3, 5),
        [weight("w", 7, 5)],
        "dense",
        {"units": 7, "bias": False},
        35,
    ),
    (
        "batch norm",
        [node("BatchNormalization", "x g b m v")],
        (1, 4, 8, 8),
        [weight(n, 4) for n in "gbmv"],
        "bn",
        {"scale": True, "shift": True, "counter": False},
        8,
    ),
    (
        "layer norm",
        [node("LayerNormalization", "x g", axis=-2)],
        (1, 3, 5),
        [weight("g", 3, 5)],
        "layernorm",
        {"scale": True, "shift": False, "normalised": 2},
        15,
    ),
    (
        "prelu",
        [node("PRelu", "x a")],
        (1, 4, 8, 8),
        [weight("a", 4, 1, 1)],
        "prelu",
        {"share": "places"},
        4,
    ),
    (
        "embedding",
        [node("Gather", "w x:i")],
        (1, 3),
        [weight("w", 9, 5)],
        "embed",
        {"vocabulary": 9, "width": 5},
        45,
    ),
    (
        "one filter with a bias of one value",
        [node("Conv", "x w b")],
        (1, 4, 8, 8),
        [weight("w", 1, 4, 1, 1), weight("b", 1)],
        "conv",
        {"filters": 1, "bias": True},
        5,
    ),
]


@pytest.mark.parametrize(
    ("nodes", "axes", "weights", "kind", "options", "values"),
    [case[1:] for case in LAYERS],
    ids=[case[0] for case in LAYERS],
)
def test_an_operator_with_weights_is_a_layer(tmp_path, nodes, axes, weights, kind, options, values):
    name = next((i for n in nodes for i in n.input if i.startswith("x")), "x")
    for one in nodes:
        one.input[:] = [i.removesuffix(":i") for i in one.input]
    graph = read(saved(tmp_path / "m.onnx", nodes, {name: axes}, weights))
    (layer,) = [o for o in graph.root.operations if isinstance(o, SourceLayer)]
    assert layer.kind == kind
    assert {n: layer.options[n] for n in options} == options
    assert graph.values("trainable") == values
    assert graph.values("buffer") == (8 if kind == "bn" else 0)
    assert set(layer.weights.values()) == set(graph.weights)


#: name, nodes, axes of x, initialisers, words
FUNCTIONS = [
    ("silu", [node("Sigmoid", "x", "s"), node("Mul", "x s")], (1, 4), [], ["sigmoid", "silu"]),
    (
        "gelu",
        [
            *(node("Div", "x c", "a"), node("Erf", "a", "b"), node("Add", "b c", "d")),
            node("Mul", "x d"),
        ],
        (1, 4),
        [helper.make_tensor("c", proto.FLOAT, [], [1.4])],
        ["same", "free", "same", "gelu"],
    ),
    ("relu6", [node("Clip", "x o s")], (1, 4), "os", ["relu6"]),
    (
        "shape from a shape",
        [
            *(node("Shape", "x", "s"), node("Gather", "s zero", "n")),
            *(node("Concat", "n rest", "t", axis=0), node("Reshape", "x t")),
        ],
        (1, 4, 6),
        [integers("zero", 0), integers("rest", 24)],
        ["reshape"],
    ),
    (
        "apart",
        [node("Split", "x", "a b", axis=1, num_outputs=2), node("Concat", "b a", axis=2)],
        (1, 2, 3),
        [],
        ["take", "reshape", "take", "reshape", "cat"],
    ),
    (
        "group norm as torch writes it",
        [
            *(node("Reshape", "x apart", "a"), node("InstanceNormalization", "a g b", "n")),
            *(node("Reshape", "n back", "r"), node("Mul", "r w", "m"), node("Add", "m v")),
        ],
        (1, 4, 3, 3),
        [
            *(integers("apart", 0, 2, -1), integers("back", 1, 4, 3, 3)),
            *(weight("w", 4, 1, 1), weight("v", 4, 1, 1)),
        ],
        ["reshape", "instancenorm", "groupnorm"],
    ),
    (
        "pool",
        [node("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2])],
        (1, 2, 4, 4),
        [],
        ["maxpool"],
    ),
    ("picked", [node("Gather", "x k", axis=1)], (1, 3, 2), "k", ["take"]),
    ("no operator of ONNX's", [node("TopK", "x two", "y i")], (1, 4), "two", ["?TopK"]),
]
CONSTANTS = {
    "os": [
        helper.make_tensor("o", proto.FLOAT, [], [0.0]),
        helper.make_tensor("s", proto.FLOAT, [], [6.0]),
    ],
    "k": [helper.make_tensor("k", proto.INT64, [], [1])],
    "two": [integers("two", 2)],
}


@pytest.mark.parametrize(
    ("nodes", "axes", "initializers", "wanted"),
    [case[1:] for case in FUNCTIONS],
    ids=[case[0] for case in FUNCTIONS],
)
def test_an_operator_without_weights_is_a_function(tmp_path, nodes, axes, initializers, wanted):
    held = CONSTANTS[initializers] if isinstance(initializers, str) else list(initializers)
    if "g" in {i for n in nodes for i in n.input}:  # ones and zeros, as Constant nodes
        for name, value in (("g", 1.0), ("b", 0.0)):
            filled = helper.make_tensor("", proto.FLOAT, [2], [value] * 2)
            nodes = [helper.make_node("Constant", [], [name], value=filled), *nodes]
    graph = read(saved(tmp_path / "m.onnx", nodes, {"x": axes}, held))
    assert words(graph.root) == wanted
    assert graph.root.makes[0].axes == graph.root.operations[-1].makes[0].axes


def test_a_recurrent_layer_is_batch_first(tmp_path):
    nodes = [node("LSTM", "x w r b", "y h", hidden_size=5)]
    weights = [weight("w", 1, 20, 3), weight("r", 1, 20, 5), weight("b", 1, 40)]
    graph = read(saved(tmp_path / "m.onnx", nodes, {"x": (7, 1, 3)}, weights))
    assert words(graph.root) == ["permute", "lstm", "reshape", "permute"]
    layer = graph.root.operations[1]
    assert layer.takes[0].axes == (1, 7, 3)
    assert layer.makes[0].axes == (1, 7, 5)
    assert graph.root.makes[0].axes == (7, 1, 1, 5)
    assert graph.values("trainable") == 20 * 3 + 20 * 5 + 40


def test_a_function_of_the_file_is_a_container(tmp_path):
    body = [
        helper.make_node("MatMul", ["a", "w"], ["t"]),
        helper.make_node("LeakyRelu", ["t"], ["z"]),
    ]
    leaky = body[1].attribute.add()
    leaky.name, leaky.ref_attr_name, leaky.type = "alpha", "slope", onnx.AttributeProto.FLOAT
    opsets = [helper.make_opsetid("", 18)]
    block = helper.make_function("own", "Block", ["a", "w"], ["z"], body, opsets, ["slope"])
    nodes = [
        helper.make_node("Block", ["x", "v"], ["t"], name="one", domain="own", slope=0.1),
        helper.make_node("Block", ["t", "v"], ["y"], name="two", domain="own", slope=0.2),
    ]
    path = saved(tmp_path / "m.onnx", nodes, {"x": (1, 4)}, [weight("v", 4, 4)], 18, [block])
    graph = read(path)
    assert words(graph.root) == [["dense", "leaky_relu"]] * 2
    assert [m.title for m in graph.modules()] == ["main", "Block", "Block"]
    assert graph.values("trainable") == 16  # one matrix, used twice


def test_modules_of_torch_are_containers(tmp_path):
    nodes = [
        node("Gemm", "x w", "a", name="/layers/layers.0/fc/Gemm"),
        node("Relu", "a", "b", name="/layers/layers.0/Relu"),
        node("Gemm", "b v", "c", name="/layers/layers.1/fc/Gemm"),
        node("Relu", "c", "d", name="/layers/layers.1/Relu"),
        node("Add", "d a", "y", name="/Add"),
    ]
    weights = [weight("w", 4, 4), weight("v", 4, 4)]
    root = read(saved(tmp_path / "m.onnx", nodes, {"x": (1, 4)}, weights)).root
    assert words(root) == [[["dense", "relu"], ["dense", "relu"]], "add"]
    layers = root.operations[0].module
    assert [o.module.path for o in layers.operations] == ["layers.0", "layers.1"]
    # What is read from outside has numbers of its own there.
    assert len(root.operations[0].makes) == 2
    inside = {t.number for o in layers.operations for t in (*o.takes, *o.makes)}
    assert inside.isdisjoint({t.number for t in (*root.operations[0].takes, *root.makes)})


def test_scopes_of_the_newer_exporter():
    one = node("Relu", "x")
    for key, value in (
        ("pkg.torch.onnx.name_scopes", "['', 'layers', 'layers.0', 'relu_1']"),
        ("pkg.torch.onnx.class_hierarchy", "['a.Net', 'torch.nn.Sequential', 'a.Block', 'aten']"),
    ):
        entry = one.metadata_props.add()
        entry.key, entry.value = key, value
    assert scopes_of(one) == (
        ("layers", "layers.0"),
        {"": "Net", "layers": "Sequential", "layers.0": "Block"},
    )
    assert scopes_of(node("Relu", "x", name="/a/a.0/up/up/act/Relu"))[0] == (
        *("a", "a.0", "a.0.up"),
        *("a.0.up.up", "a.0.up.up.act"),
    )
    assert scopes_of(node("Relu", "x", name="relu1")) == ((), {})


def test_sizes_that_the_file_leaves_open(tmp_path):
    from symparams.frameworks.importing.onnx_sources import OnnxFile

    nodes = [node("Shape", "x", "s"), node("Reshape", "x s")]
    path = saved(tmp_path / "m.onnx", nodes, {"x": ("batch", "seq", 4)})
    assert OnnxFile(path).sizes == ("seq",)
    assert read(path, seq=9).root.takes[0].axes == (1, 9, 4)


# --- what is refused -------------------------------------------------------------


def refusal(path, **sizes):
    with pytest.raises(SymparamsError) as error:
        read(path, **sizes)
    return f"{error.value.message}" + (f" | {error.value.hint}" if error.value.hint else "")


def test_no_file_and_no_onnx(tmp_path):
    assert "cannot be read: No such file" in refusal(str(tmp_path / "no.onnx"))
    (tmp_path / "a.onnx").write_bytes(b"PK\x03\x04 no protobuf at all")
    assert refusal(str(tmp_path / "a.onnx")).endswith("a.onnx' is no ONNX file")
    (tmp_path / "b.onnx").write_bytes(b"")
    assert refusal(str(tmp_path / "b.onnx")).endswith("is no ONNX file: it has no nodes")


def test_a_file_that_is_too_large_is_not_opened(tmp_path, monkeypatch):
    path = saved(tmp_path / "m.onnx", [node("Relu", "x")], {"x": (1, 4)})
    monkeypatch.setattr(onnx_files, "MOST_BYTES", 10)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was opened"))
    assert refusal(path).endswith("10 are the most | save its weights as external data")


def test_too_many_nodes_and_functions_in_functions(tmp_path, monkeypatch):
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("own", 1)]
    twice = [
        helper.make_node(f"F{k + 1}", ["a"], ["b"], domain="own")
        if k < 39
        else node("Relu", "a", "b")
        for k in range(40)
    ]
    doubled = [
        helper.make_function(
            *("own", f"F{k}", ["a"], ["c"]),
            [one, helper.make_node(one.op_type, ["b"], ["c"], domain=one.domain)],
            opsets,
        )
        for k, one in enumerate(twice)
    ]
    call = helper.make_node("F0", ["x"], ["y"], domain="own")
    path = saved(tmp_path / "m.onnx", [call], {"x": (1, 4)}, functions=doubled)
    monkeypatch.setattr(onnx_files, "MOST_NODES", 1000)
    assert refusal(path) == "the file has more than 1,000 nodes"
    itself = helper.make_function(
        "own", "F0", ["a"], ["c"], [helper.make_node("F0", ["a"], ["c"], domain="own")], opsets
    )
    path = saved(tmp_path / "m.onnx", [call], {"x": (1, 4)}, functions=[itself])
    assert refusal(path) == "a function in more than 50 functions"


@pytest.mark.parametrize(
    "location", ["../weights.bin", "/etc/passwd", "a/../../b", "C:\\x", "..\\w", "\\\\host\\w", ""]
)
def test_external_data_outside_of_the_folder(tmp_path, location):
    outside = onnx.TensorProto(name="w", data_type=proto.FLOAT, dims=[4, 4])
    outside.data_location = proto.EXTERNAL
    outside.external_data.add(key="location", value=location)
    path = saved(tmp_path / "m.onnx", [node("MatMul", "x w")], {"x": (1, 4)}, [outside])
    said = refusal(path)
    assert f"says that 'w' stands in '{location}' | external data must be in the folder" in said


def test_external_data_beside_the_file_are_not_opened(tmp_path):
    beside = onnx.TensorProto(name="w", data_type=proto.FLOAT, dims=[4, 4])
    beside.data_location = proto.EXTERNAL
    beside.external_data.add(key="location", value="weights.bin")  # there is no such file
    path = saved(tmp_path / "m.onnx", [node("MatMul", "x w")], {"x": (1, 4)}, [beside])
    assert read(path).values("trainable") == 16


def test_sizes_without_a_number(tmp_path):
    path = saved(tmp_path / "m.onnx", [node("Relu", "x")], {"x": ("batch", "seq", None)})
    assert refusal(path) == "the file leaves open 'seq' | give numbers, as in seq=16"
    assert refusal(path, seq=3, len=4) == "the file has no size 'len' | it has seq"
    assert refusal(path, seq=3) == "axis 2 of 'x' has neither a number nor a name"
    path = saved(tmp_path / "m.onnx", [node("Relu", "x")], {"x": (3, 8, 8)})
    assert refusal(path) == (
        "the first axis of 'x' is 3, and no batch of 1 "
        "| export the file with a batch of 1, or with a name for it"
    )


def test_shapes_that_do_not_fit(tmp_path):
    path = saved(tmp_path / "m.onnx", [node("MatMul", "x w")], {"x": (1, 4)}, [weight("w", 5, 5)])
    assert refusal(path).startswith("the node 'MatMul' cannot be read: ")


def test_values_that_would_fill_the_memory_are_not_worked_out(tmp_path):
    nodes = [node("ConstantOfShape", "huge", "c"), node("Add", "x c")]
    huge = [integers("huge", 1, 10**9, 10**6)]
    path = saved(tmp_path / "m.onnx", nodes, {"x": (1, 1, 1)}, huge)
    assert read(path).root.makes[0].axes == (1, 10**9, 10**6)


# --- security ---------------------------------------------------------------------


class Trap:
    """What runs where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


def test_a_file_cannot_run_code(tmp_path):
    """Pickles, and texts that Python could run, are bytes and texts; custom operators are not
    looked for anywhere.
    """
    import pickle

    trap = str(tmp_path / "sprung")
    payload = pickle.dumps(Trap(trap))
    code = f"__import__('os').mkdir({trap!r})"
    (tmp_path / "a.onnx").write_bytes(payload)
    refusal(str(tmp_path / "a.onnx"))
    nodes = [
        helper.make_node("PyOp", ["x"], ["t"], name=code, domain="ai.onnx.contrib", code=code),
        helper.make_node("PythonOp", ["x"], ["y"], domain="com.microsoft", pickled=payload),
    ]
    for one in nodes:
        entry = one.metadata_props.add()
        entry.key, entry.value = "pkg.torch.onnx.name_scopes", f"[{code}, '{code}', 'x']"
    text = helper.make_tensor("s", proto.STRING, [1], [code.encode()])
    raw = onnx.TensorProto(name="w", data_type=proto.FLOAT, dims=[2, 2], raw_data=payload[:16])
    nodes.append(node("Add", "x w", "z"))
    path = saved(tmp_path / "b.onnx", nodes, {"x": (2, 2, 1)}, [text, raw])
    refusal(path)
    nodes = [nodes[-1]]
    nodes[0].output[0] = "y"
    nodes[0].name = code
    graph = read(saved(tmp_path / "c.onnx", nodes, {code: (1, 1), "x": (1, 2)}, [text, raw]))
    assert graph.values("trainable") == 4
    assert not Path(trap).exists()


def test_reading_a_file_loads_no_framework(tmp_path):
    path = saved(tmp_path / "m.onnx", [node("MatMul", "x w")], {"x": (1, 4)}, [weight("w", 4, 4)])
    program = (
        "import sys\n"
        "from symparams.frameworks.importing.onnx_sources import read_onnx\n"
        f"read_onnx({path!r})\n"
        "print([m for m in ('torch', 'keras', 'pickle5', 'onnxruntime') if m in sys.modules])"
    )
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == "[]"


def test_a_text_cannot_import(tmp_path, monkeypatch):
    """A ``.arch`` file that names a module or a file is no way to one: they are words there."""
    import symparams

    (tmp_path / "trap.py").write_text("import os\nos.mkdir('sprung')\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for text in (
        "import trap\nmodel m = input(3) -> dense(4)",
        'model m = import "trap:build"',
        "model m = trap:build",
        'import "m.onnx"\nmodel m = input(3) -> dense(4)',
    ):
        with pytest.raises(SymparamsError):
            symparams.parse(text)
    assert not (tmp_path / "sprung").exists()
    assert "trap" not in sys.modules
