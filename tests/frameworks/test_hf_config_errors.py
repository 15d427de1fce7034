"""Configurations that are none, or that the zoo has no model for: what is said, and where."""

import json

import pytest

import symparams
from symparams.frameworks import families
from tests.cli.running import run

LLAMA = '{"model_type": "llama", %s}'
THERE = f"    there are {', '.join(families())}"

#: text of the file → the whole message, with its quote.
WRONG = {
    "": "c.json:1:1: this is not JSON: expecting value\n    \n    ^",
    "[1, 2]": "c.json:1:1: a configuration is an object, not a list\n    [1, 2]\n    ^",
    "null": "c.json:1:1: a configuration is an object, not null\n    null\n    ^",
    "{}": f"c.json has no 'model_type'\n{THERE}",
    '{"model_type": "llama" "a": 1}': """\
c.json:1:24: this is not JSON: expecting ',' delimiter
    {"model_type": "llama" "a": 1}
                           ^""",
    '{"model_type": "lama"}': """\
c.json:1:16: the zoo has no model for model_type 'lama'
    {"model_type": "lama"}
                   ^^^^^^ did you mean 'llama'?""",
    '{"model_type": 3}': """\
c.json:1:16: 'model_type' must be a text, not a number
    {"model_type": 3}
                   ^""",
    LLAMA % '"hidden_size": "4096"': """\
c.json:1:40: 'hidden_size' must be a positive integer, not "4096"
    {"model_type": "llama", "hidden_size": "4096"}
                                           ^^^^^^""",
    LLAMA % '\n"hidden_size": 4096.0': """\
c.json:2:16: 'hidden_size' must be a positive integer, not 4096.0
    "hidden_size": 4096.0}
                   ^^^^^^""",
    LLAMA % '"hidden_size": -3': """\
c.json:1:40: 'hidden_size' must be a positive integer, not -3
    {"model_type": "llama", "hidden_size": -3}
                                           ^^""",
    LLAMA % '"hidden_size": 0': """\
c.json:1:40: 'hidden_size' must be a positive integer, not 0
    {"model_type": "llama", "hidden_size": 0}
                                           ^""",
    LLAMA % '"hidden_size": true': """\
c.json:1:40: 'hidden_size' must be a positive integer, not true
    {"model_type": "llama", "hidden_size": true}
                                           ^^^^""",
    LLAMA % '"hidden_size": null': """\
c.json:1:40: 'hidden_size' must be a positive integer, not null
    {"model_type": "llama", "hidden_size": null}
                                           ^^^^""",
    LLAMA % '"hidden_size": NaN': """\
c.json:1:40: 'NaN' is not JSON
    {"model_type": "llama", "hidden_size": NaN}
                                           ^^^""",
    LLAMA % '"a": "NaN", "b": -Infinity': """\
c.json:1:42: '-Infinity' is not JSON
    {"model_type": "llama", "a": "NaN", "b": -Infinity}
                                             ^^^^^^^^^""",
    LLAMA % '"hidden_size": 1e999999999': """\
c.json:1:40: 'hidden_size' must be a positive integer, not 1e999999999
    {"model_type": "llama", "hidden_size": 1e999999999}
                                           ^^^^^^^^^^^""",
    LLAMA % f'"x": 1e{"9" * 30}': "'c.json' has a number that is too large or too small",
    LLAMA % f'"x": {"9" * 5000}': "'c.json' has a number of more than 4,300 digits",
    LLAMA % f'"x": {"[" * 90_000}{"]" * 90_000}': "'c.json' is nested too deep",
    LLAMA % '"tie_word_embeddings": 1': """\
c.json:1:48: 'tie_word_embeddings' must be true or false, not 1
    {"model_type": "llama", "tie_word_embeddings": 1}
                                                   ^""",
    LLAMA % '"attention_bias": 1': """\
c.json:1:43: 'attention_bias' must be true or false, not 1
    {"model_type": "llama", "attention_bias": 1}
                                              ^""",
    LLAMA % '"attention_bias": true': """\
c.json:1:43: 'attention_bias' is true, which changes the model: biases on q, k, v and o
    {"model_type": "llama", "attention_bias": true}
                                              ^^^^ zoo:llama is built for false""",
    LLAMA % '"hidden_sizes": 4, "zz": 3': """\
c.json:1:25: llama has no field 'hidden_sizes' that symparams knows
    {"model_type": "llama", "hidden_sizes": 4, "zz": 3}
                            ^^^^^^^^^^^^^^ did you mean 'hidden_size'?
c.json:1:44: nor 'zz'
    {"model_type": "llama", "hidden_sizes": 4, "zz": 3}
                                               ^^^^""",
    LLAMA % '"\\ud800": 3, "hidden_size": 1': """\
c.json:1:25: llama has no field '\ud800' that symparams knows
    {"model_type": "llama", "\\ud800": 3, "hidden_size": 1}
                            ^^^^^^^^ what it changes is not known; remove it if nothing""",
    LLAMA % '"hidden_size": 3, "hidden_size": 3': """\
c.json:1:43: 'hidden_size' stands twice
    {"model_type": "llama", "hidden_size": 3, "hidden_size": 3}
                                              ^^^^^^^^^^^^^
c.json:1:25: first here
    {"model_type": "llama", "hidden_size": 3, "hidden_size": 3}
                            ^^^^^^^^^^^^^""",
    LLAMA % '"architectures": ["LlamaForSequenceClassification"]': """\
c.json:1:42: the zoo has no LlamaForSequenceClassification
    {"model_type": "llama", "architectures": ["LlamaForSequenceClassification"]}
                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ of llama there is LlamaForCausalLM""",
    LLAMA % '"architectures": "LlamaForCausalLM"': """\
c.json:1:42: 'architectures' must be a list of texts
    {"model_type": "llama", "architectures": "LlamaForCausalLM"}
                                             ^^^^^^^^^^^^^^^^^^""",
    LLAMA % '"architectures": [["a"]]': """\
c.json:1:42: 'architectures' must be a list of texts
    {"model_type": "llama", "architectures": [["a"]]}
                                             ^^^^^^^""",
    LLAMA % '"architectures": ["A", "B"]': """\
c.json:1:42: 'architectures' names 2 classes
    {"model_type": "llama", "architectures": ["A", "B"]}
                                             ^^^^^^^^^^ keep one""",
    '{"model_type": "gpt2", "n_embd": 3, "hidden_size": 4}': """\
c.json:1:52: 'hidden_size' is another name of n_embd, with another value
    {"model_type": "gpt2", "n_embd": 3, "hidden_size": 4}
                                                       ^
c.json:1:34: the other is here
    {"model_type": "gpt2", "n_embd": 3, "hidden_size": 4}
                                     ^""",
    '{"model_type": "resnet", "depths": [1, 2, 3]}': """\
c.json:1:36: 'depths' must be a list of 4 positive integers, not [1, 2, 3]
    {"model_type": "resnet", "depths": [1, 2, 3]}
                                       ^^^^^^^^^""",
    '{"model_type": "resnet", "depths": [1, 2, 3, "4"]}': """\
c.json:1:36: 'depths' must be a list of positive integers, not [1, 2, 3, "4"]
    {"model_type": "resnet", "depths": [1, 2, 3, "4"]}
                                       ^^^^^^^^^^^^^^""",
    '{"model_type": "resnet", "layer_type": "basic"}': """\
c.json:1:1: 'hidden_sizes' is absent, which changes the model: stages of other channels
    {"model_type": "resnet", "layer_type": "basic"}
    ^ zoo:resnet is built for [64, 128, 256, 512]""",
    '{"model_type": "resnet", "layer_type": "fancy"}': """\
c.json:1:40: 'layer_type' may not be 'fancy'
    {"model_type": "resnet", "layer_type": "fancy"}
                                           ^^^^^^^ there are bottleneck, basic""",
    '{"model_type": "mamba", "time_step_rank": true}': """\
c.json:1:43: 'time_step_rank' must be a positive integer or 'auto', not true
    {"model_type": "mamba", "time_step_rank": true}
                                              ^^^^""",
    '{"model_type": "vit", "num_labels": 3, "id2label": {"0": "a"}}': """\
c.json:1:37: 'num_labels' is 3, but 'id2label' has 1
    {"model_type": "vit", "num_labels": 3, "id2label": {"0": "a"}}
                                        ^
c.json:1:40: here
    {"model_type": "vit", "num_labels": 3, "id2label": {"0": "a"}}
                                           ^^^^^^^^^^""",
    '{"model_type": "clip", "text_config": 3}': """\
c.json:1:39: 'text_config' must be an object, not 3
    {"model_type": "clip", "text_config": 3}
                                          ^""",
    '{"model_type": "clip", "text_config": {"hidden_size": 8, "x": 1}}': """\
c.json:1:58: clip has no field 'text_config.x' that symparams knows
    {"model_type": "clip", "text_config": {"hidden_size": 8, "x": 1}}
                                                             ^^^ did you mean 'text_config'?""",
    '{"model_type": "convnext", "layer_scale_init_value": 0.0}': """\
c.json:1:54: 'layer_scale_init_value' is 0.0, which changes the model: no scales in the blocks
    {"model_type": "convnext", "layer_scale_init_value": 0.0}
                                                         ^^^ zoo:convnext is built for other values than 0""",
    '{"model_type": "swin", "mlp_ratio": "4"}': """\
c.json:1:37: 'mlp_ratio' must be a number, not "4"
    {"model_type": "swin", "mlp_ratio": "4"}
                                        ^^^""",
    '{"model_type": "qwen2", "head_dim": 64}': """\
c.json:1:37: 'head_dim' is 64, which changes the model: attention has heads of that size
    {"model_type": "qwen2", "head_dim": 64}
                                        ^^ zoo:qwen2 is built for 128""",
    '{"model_type": "deepseek_v2"}': "c.json has no 'num_experts_per_tok'",
    '{"model_type": "bert", "quantization_config": {"bits": 4}}': """\
c.json:1:47: 'quantization_config' is {"bits": 4}, which changes the model: packed weights, and scales beside them
    {"model_type": "bert", "quantization_config": {"bits": 4}}
                                                  ^^^^^^^^^^^ zoo:bert is built for null""",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=range(len(WRONG)))
def test_what_is_wrong_is_said_with_its_place(text, message, folder):
    (folder / "c.json").write_text(text, "utf-8")
    with pytest.raises(symparams.SymparamsError) as caught:
        symparams.load("hf:c.json")
    assert str(caught.value) == message


#: what is at the path → the message
UNREADABLE = {
    "nothing.json": "there is no file 'nothing.json'",
    "": "there is no file ''",
    ".": "'.' is a folder, not a file",
    "large.json": "'large.json' is larger than 1 MiB",
    "latin.json": "'latin.json' is not UTF-8 (byte 17)",
}


@pytest.mark.parametrize(("path", "message"), UNREADABLE.items())
def test_what_cannot_be_read(path, message, folder):
    (folder / "large.json").write_bytes(b" " * (1 << 20) + b"{}")
    (folder / "latin.json").write_bytes(
        '{"model_type": "\xe9"}'.encode("latin-1").replace(b'"\xe9', b'"a\xe9')
    )
    with pytest.raises(symparams.SymparamsError) as caught:
        symparams.load(f"hf:{path}")
    assert str(caught.value) == message


def test_commands_end_with_2_and_no_traceback(folder):
    for text in WRONG:
        (folder / "c.json").write_text(text, "utf-8")
        done = run("count", "hf:c.json")
        assert (done.code, done.out) == (2, "")
        assert "Traceback" not in done.err


def test_names_without_end_are_answered_at_once(folder):
    """Neither many unknown fields nor one of a million letters is compared or quoted for long."""
    names = [f"zz{k}" for k in range(20_000)]
    (folder / "c.json").write_text(json.dumps({"model_type": "vit", **dict.fromkeys(names, 1)}))
    done = run("count", "hf:c.json")
    assert done.code == 2
    assert done.err.endswith("nor 19995 more\n")
    (folder / "c.json").write_text(json.dumps({"model_type": "vit", "un" * 400_000: 1}))
    done = run("count", "hf:c.json")
    assert done.code == 2
    assert len(done.err) < 2_000


def test_a_byte_order_mark_is_space(folder):
    (folder / "c.json").write_text('\ufeff{"model_type": "vit", "num_labels": 10}', "utf-8")
    assert symparams.load("hf:c.json")["vit"].count() == 85_806_346


def test_a_condition_of_the_zoo_that_fails_is_said(folder):
    (folder / "c.json").write_text(LLAMA % '"hidden_size": 100, "num_attention_heads": 3')
    assert (
        run("count", "hf:c.json").err
        == """\
hf:c.json as zoo:llama:13:11: the assumption 'h % a == 0' does not hold
        where h % a == 0, a % kv == 0 = {
              ^^^^^^^^^^
"""
    )


def test_check_reads_no_configuration(folder):
    (folder / "c.json").write_text('{"model_type": "vit"}', "utf-8")
    (folder / "a.arch").write_text('import "hf:c.json"\nmodel m = input(2) -> dense(3)\n')
    assert run("check", "hf:c.json").err == "there is no file 'hf:c.json'\n"
    assert "an import is of an .arch file" in run("check", "a.arch").err
    (folder / "a.arch").write_text("model m = input(2) -> dense(3)\nexpect m.params == 9\n")
    assert run("check", ".").code == 0  # a folder's configurations are none of its files


CONFIG = {
    "model_type": "gpt2",
    "hidden_size": 48,
    "n_layer": 3,
    "n_head": 4,
    "vocab_size": 100,
    "n_positions": 16,
    "n_inner": 100,
}
PARAMS = 100 * 48 + 16 * 48 + 3 * (4 * 48**2 + 9 * 48 + 2 * 48 * 100 + 100) + 2 * 48

#: A command with its arguments behind SOURCE → a part of what it prints.
COMMANDS = {
    ("show",): [
        f"{PARAMS:,}",
        "from c.json: V = vocab_size",
        "as GPT2LMHeadModel is without: tied",
    ],
    ("formula",): ["h*(l*(4*h + 2*f + 9) + V + s + 2) + f*l\nif h % a == 0\n"],
    ("count",): [f"{PARAMS}\n"],
    ("explain",): ["positions:   s·h = h·s", "from c.json: "],
    ("prove", "V*h + s*h + l*(4*h^2 + 9*h + 2*h*f + f) + 2*h"): ["equal"],
    ("solve", "params <= 1M", "--for", "l"): ["l = "],
    ("search", "--budget", "params <= 1M", "--over", "l=1..9", "--maximize", "params"): ["9"],
    ("sweep", "--over", "l=1..3"): [f"{PARAMS:,}"],
    ("sensitivity", "--wrt", "l"): ["l"],
}


@pytest.mark.parametrize(("command", "parts"), COMMANDS.items())
def test_it_stands_where_a_source_does(command, parts, folder):
    (folder / "c.json").write_text(json.dumps(CONFIG), "utf-8")
    name, *arguments = command
    done = run(name, "hf:c.json", *arguments)
    assert (done.code, done.err) == (0, "")
    for part in parts:
        assert part in done.out


def test_sizes_are_defaults(folder):
    """A formula stays in symbols, and a value given beside takes the place of one."""
    (folder / "c.json").write_text(json.dumps(CONFIG), "utf-8")
    model = symparams.load("hf:c.json")["gpt2"]
    assert model.defaults == {"V": 100, "s": 16, "l": 3, "h": 48, "a": 4, "f": 100}
    assert model.count() == PARAMS
    assert model.count(l=4) - model.count() == 4 * 48**2 + 9 * 48 + 2 * 48 * 100 + 100
    assert model.count(tied=False) - model.count() == 100 * 48


def test_parse_says_how_it_is_read():
    with pytest.raises(symparams.SymparamsError) as caught:
        symparams.parse("hf:c.json")
    assert str(caught.value) == (
        "'hf:c.json' is no text of a model, but the name of one\n"
        '    symparams.load("hf:c.json")["NAME"]'
    )


#: Null and a missing field are two things.
@pytest.mark.parametrize(
    ("fields", "size", "value"),
    [
        ({"model_type": "gemma", "head_dim": 64}, "head", 64),
        ({"model_type": "gemma"}, "head", 256),
        ({"model_type": "qwen2", "num_key_value_heads": None, "num_attention_heads": 8}, "kv", 8),
        ({"model_type": "qwen2", "num_attention_heads": 64}, "kv", 32),
        ({"model_type": "llama", "num_attention_heads": 64}, "kv", 64),
        ({"model_type": "mistral", "num_attention_heads": 64}, "kv", 8),
        ({"model_type": "gpt2", "n_embd": 24, "n_inner": None}, "f", 96),
        ({"model_type": "t5", "num_layers": 3}, "ld", 3),
        ({"model_type": "whisper", "encoder_layers": 3}, "ld", 4),
        ({"model_type": "mamba", "hidden_size": 24, "expand": 3}, "e", 72),
        ({"model_type": "mamba", "hidden_size": 24, "intermediate_size": 30}, "e", 30),
        ({"model_type": "falcon", "multi_query": False}, "kv", 71),
        ({"model_type": "vit", "id2label": {"0": "a", "1": "b", "2": "c"}}, "classes", 3),
        ({"model_type": "vit"}, "classes", 2),
    ],
)
def test_null_and_missing(fields, size, value, folder):
    (folder / "c.json").write_text(json.dumps(fields), "utf-8")
    (model,) = symparams.load("hf:c.json").values()
    assert model.defaults[size] == value
