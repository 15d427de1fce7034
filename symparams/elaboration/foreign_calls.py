"""Calls of torch and Keras as they are written here, with the count that they have there.

Read on the way to an error. A call is translated where every argument has a
place here or changes no count; otherwise the hint names the layer alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from symparams.elaboration.shipped_files import conventions
from symparams.errors import Source
from symparams.language import parse, read, tree

#: Words that lead to a layer of another spelling, and why; a word here may be one of ours.
TRAPS = {
    "attention": "did you mean 'attention', which has projections, or 'dot_product_attention'"
    " without weights, as Keras' Attention?",
    "linear": "did you mean 'dense'? it has a bias, 'linear' has none",
}

#: Why a translated call has another name than the word.
REASONS = {"linear": "it has a bias, 'linear' has none"}

#: Where a module or class is found → whose convention counts it; "" is another framework's.
FRAMEWORKS = {
    "f": "pytorch",
    "functional": "pytorch",
    "nn": "pytorch",
    "self": "pytorch",
    "torch": "pytorch",
    "torchvision": "pytorch",
    "k": "keras",
    "keras": "keras",
    "layers": "keras",
    "tensorflow": "keras",
    "tf": "keras",
}
#: Class names that only one of the frameworks spells so.
SPELLED = {r"[A-Za-z]+[123]d": "pytorch", r"[A-Za-z]+[123]D": "keras"} | {
    "Multihead.*": "pytorch",
    "MultiHead.*": "keras",
    "Linear": "pytorch",
    "SimpleRNN": "keras",
    "Transformer.*Layer": "pytorch",
}

#: Options of a convention that no measure of what is learned shows.
SILENT = {"counter", "vectors"}
#: Blocks that are counted by the convention's line of another.
INSIDE = {"decoder_layer": "attention", "encoder_layer": "attention"}

_TORCH_WINDOW = (
    "in_channels out_channels:. kernel_size:. stride?:stride padding?:pad {} groups?:groups"
    " bias?:bias {} padding_mode? device? dtype?"
)
_TORCH_CELLS = (
    "input_size hidden_size:. num_layers?! {}bias?:bias batch_first? dropout? bidirectional?!"
)
_KERAS_CELL = "units:. +last=yes"
_KERAS_WINDOW = (
    "filters:. kernel_size:. strides?:stride padding?:pad data_format?! dilation_rate?:dilation"
    " groups?:groups activation?! use_bias?:bias"
)

#: word → (framework, name here, parameters in order): ``name:.`` has a place here, ``name:pad``
#: is an option, ``?`` may be left out, ``!`` cannot be said here, a bare name changes no count;
#: ``+last=yes`` is what the framework does where nothing is said.
SIGNATURES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "conv": (
        ("pytorch", "conv", _TORCH_WINDOW.format("dilation?:dilation", "")),
        ("keras", "conv", _KERAS_WINDOW),
    ),
    "convolution": (("keras", "conv", _KERAS_WINDOW),),
    "convtranspose": (
        (
            "pytorch",
            "conv_transpose",
            _TORCH_WINDOW.format("output_padding?:output_pad", "dilation?:dilation"),
        ),
        (
            "keras",
            "conv_transpose",
            "filters:. kernel_size:. strides?:stride padding?:pad output_padding?! data_format?!"
            " dilation_rate?:dilation activation?! use_bias?:bias",
        ),
    ),
    "embedding": (
        ("pytorch", "embed", "num_embeddings:. embedding_dim:. padding_idx?"),
        ("keras", "embed", "input_dim:. output_dim:. mask_zero? input_length?"),
    ),
    "groupnorm": (("pytorch", "groupnorm", "num_groups:. num_channels eps?"),),
    "gru": (("pytorch", "gru", _TORCH_CELLS.format("")), ("keras", "gru", _KERAS_CELL)),
    "linear": (
        ("pytorch", "dense", "in_features out_features:. bias?:bias device? dtype?"),
        ("", "dense", "out_features:. bias?:bias"),
    ),
    "lstm": (
        ("pytorch", "lstm", _TORCH_CELLS.format("") + " proj_size?:proj"),
        ("keras", "lstm", _KERAS_CELL),
    ),
    "multiheadattention": (
        (
            "pytorch",
            "attention",
            "embed_dim num_heads:. dropout? bias?:bias add_bias_kv?:bias_kv add_zero_attn?!"
            " kdim?! vdim?! batch_first?",
        ),
        (
            "keras",
            "attention",
            "num_heads:. key_dim:head_dim value_dim?:value_dim dropout? use_bias?:bias",
        ),
    ),
    "rnn": (("pytorch", "rnn", _TORCH_CELLS.format("nonlinearity? ")),),
    "simplernn": (("keras", "rnn", _KERAS_CELL),),
    "transformerdecoderlayer": (),
    "transformerencoderlayer": (
        (
            "pytorch",
            "encoder_layer",
            "d_model nhead:. dim_feedforward:. dropout? activation?! layer_norm_eps? batch_first?",
        ),
    ),
}

_FLAGS = {"False": "no", "True": "yes", "None": "none"}
#: Longest argument that a hint repeats.
LONGEST = 24


def framework(name: str) -> str | None:
    """Tell whose word this is: a convention's name, "" of another framework, None where it is
    open.
    """
    root, dot, _ = name.partition(".")
    if dot:
        return FRAMEWORKS.get(root.lower(), "")
    spelled = (f for pattern, f in SPELLED.items() if re.fullmatch(pattern, name))
    return next(spelled, None)


def looks_foreign(name: str) -> bool:
    """Tell whether a name is spelled as the frameworks spell their classes."""
    return "." in name or name != name.lower()


def written_here(name: str, word: str, call: tree.Call) -> tuple[str, str | None]:
    """Return ``dense(11)`` of ``nn.Linear(10, 11)``, and whose call it is.

    ``("", whose name it is)`` where there is no such call, or several.
    """
    whose = framework(name)
    known = [s for s in SIGNATURES.get(word, ()) if whose in (s[0], None) or not s[0]]
    found = {there: _translated(call, here, parameters) for there, here, parameters in known}
    other = found.pop("", "")
    made = {there: text for there, text in found.items() if text}
    if len(set(made.values())) > 1:
        return "", whose
    return next(((text, there) for there, text in made.items()), (other, whose))


def _translated(call: tree.Call, here: str, parameters: str) -> str:
    """Return a call by one signature; "" where it does not fit."""
    names: list[str] = []
    fixed: list[str] = []
    targets: dict[str, str] = {}
    needed: set[str] = set()
    for parameter in parameters.split():
        name, _, target = parameter.partition(":")
        bare = name.rstrip("?!")
        if name.startswith("+"):
            fixed.append(name[1:].replace("=", " = "))
            continue
        names.append(bare)
        targets[bare] = "!" if name.endswith("!") else target
        if not name.endswith(("?", "!")):
            needed.add(bare)
    given = dict(zip(names, call.args, strict=False))
    given.update({option.name: option.value for option in call.options})
    if len(call.args) > len(names) or not needed <= given.keys() <= set(names):
        return ""
    if len(given) != len(call.args) + len(call.options):
        return ""
    shown = {name: _shown(value) for name, value in given.items()}
    if any(targets[name] == "!" for name in given) or not all(shown.values()):
        return ""
    placed = [shown[n] for n in names if targets[n] == "." and n in given]
    options = [
        f"{targets[n]} = {shown[n]}" for n in names if targets[n] not in ("", ".") and n in given
    ]
    return f"{here}({', '.join([*placed, *options, *fixed])})"


def _shown(value: tree.Expression) -> str:
    """Return an argument as the language writes it; "" where that is not known."""
    if isinstance(value, tree.Quoted):
        return value.text if value.text in ("same", "valid", "causal") else ""
    if isinstance(value, tree.Bundle):
        items = [_shown(item) for item in value.items]
        return f"[{', '.join(items)}]" if all(items) else ""
    written = value.span.text
    if len(written) > LONGEST or "\n" in written or "#" in written:
        return ""
    return _FLAGS.get(written, written)


# --- conventions -----------------------------------------------------------


@cache
def lines(convention: str) -> dict[str, str]:
    """Map each kind to what a shipped convention sets of it, without what no weight shows."""
    path = conventions()[convention]
    found: dict[str, str] = {}
    for statement in parse(Source(path.name, read(path).text)).statements:
        if isinstance(statement, tree.Default):
            said = [f"{o.name} = {o.value.span.text}" for o in statement.options]
            kept = [s for s in said if s.partition(" ")[0] not in SILENT]
            if kept:
                found[statement.kind] = ", ".join(kept)
    return found


def by_convention(name: str, whose: str | None, hint: str, in_force: Collection[str]) -> str:
    """Return what a framework's convention changes of the layers that a hint names, as a further
    hint.
    """
    if not looks_foreign(name) or (whose is None and in_force) or whose in in_force:
        return ""
    shipped = conventions().keys()
    asked = [whose] if whose is not None else sorted({*shipped} - {"textbook"})
    told: dict[str, list[str]] = {}
    for convention in asked:
        if convention in shipped:
            for said in _said(hint, lines(convention)):
                told.setdefault(said, []).append(f"'convention {convention}'")
    return ", ".join(f"{' or '.join(names)} gives {said}" for said, names in told.items())


def _said(hint: str, told: dict[str, str]) -> Iterator[str]:
    for word in dict.fromkeys(re.findall(r"\w+", hint)):
        inside = INSIDE.get(word, "")
        if word in told:
            yield f"it {told[word]}"
        elif inside in told:
            yield f"its {inside} {told[inside]}"
