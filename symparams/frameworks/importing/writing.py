"""Nets as text: blocks, layers that could not be read, the model, and what is expected of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from symparams.elaboration import COMBINATORS, library_files, words_known
from symparams.errors import Source
from symparams.frameworks.importing.blocks import BlockFinder, BlockUses, used_blocks
from symparams.frameworks.importing.folding import OPAQUE, RESERVED, FoldedModule
from symparams.frameworks.importing.graph import SourceWeight
from symparams.frameworks.importing.language_steps import AXES, WordValue
from symparams.frameworks.importing.lowering_layers import is_default
from symparams.frameworks.importing.nets import (
    IDENTITY,
    TextAround,
    TextBraces,
    TextChain,
    TextJoin,
    TextLayer,
    TextLet,
    TextName,
    TextNet,
    TextPart,
    TextTimes,
    TextUse,
    TextWeight,
    TextWord,
    each,
)
from symparams.language import format_text
from symparams.layers import kinds

#: Cores that stand before their tensors when these have names: ``cat(a, b)``.
UNCALLED = "left_over"


def is_known(word: str) -> bool:
    """Tell whether a word means something in the language already."""
    return (
        word in RESERVED
        or word in kinds()
        or word in COMBINATORS
        or word in library_files()
        or word in words_known()
    )


def value_text(value: WordValue) -> str:
    """Return an argument as the language has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return f"[{', '.join(map(value_text, value))}]"
    return str(value)


class NetWriter:
    """Writes nets, with the names and defaults of blocks."""

    def __init__(
        self, blocks: Mapping[str, BlockUses], free: bool = False, convention: str = "pytorch"
    ) -> None:
        self.blocks = blocks
        self._free = free
        self._convention = convention

    def text(self, net: TextNet) -> str:
        """Return a net as a text of its own: what is loosest needs no brackets."""
        if isinstance(net, TextChain):
            if net == IDENTITY:
                return "id"
            items = list(map(self.linked, net.items))
            if isinstance(net.items[0], TextJoin) and net.items[0].op == ",":
                items[0] = self.bundle(net.items[0])
            return " -> ".join(items)
        if isinstance(net, TextJoin) and net.op != ",":
            return self.joined(net)
        if isinstance(net, TextJoin):
            return ", ".join(map(self.text, net.items))
        if isinstance(net, TextBraces):
            lines = "\n".join(self.line(n) for n in net.lines)
            return f"{{\n{lines}\n{self.text(net.result)}\n}}"
        return self.inside(net)

    def linked(self, net: TextNet) -> str:
        """Return a net as a part of a chain: a product needs no brackets there."""
        product = isinstance(net, TextJoin) and net.op == "*"
        return self.joined(net) if product and isinstance(net, TextJoin) else self.inside(net)

    def inside(self, net: TextNet) -> str:
        """Return a net as a part of a chain, a sum or a product."""
        if isinstance(net, TextWord):
            return self.call(net.word, net.values, net.options)
        if isinstance(net, TextUse):
            return self.use(net)
        if isinstance(net, TextName):
            return net.name
        if isinstance(net, TextAround):
            inner = ", ".join(
                [*map(self.text, net.items), *self.arguments(net.values, net.options)]
            )
            return f"{net.word}({inner})"
        if isinstance(net, TextTimes):
            return f"{self.tight(net.net)} * {self.factor(net.times)}"
        if isinstance(net, TextPart):
            return f"{self.tight(net.net)}[{net.place}]"
        if isinstance(net, TextJoin) and net.op == ",":
            return self.bundle(net)
        if net == IDENTITY:
            return "id"
        return f"({self.text(net)})"

    def factor(self, times: WordValue) -> str:
        """Return how often: a sum in brackets."""
        written = value_text(times)
        return written if written.isidentifier() or written.isdigit() else f"({written})"

    def tight(self, net: TextNet) -> str:
        """Return a net that ``* n`` stands behind."""
        written = self.inside(net)
        loose = isinstance(net, TextTimes)
        return f"({written})" if loose else written

    def bundle(self, net: TextJoin) -> str:
        """Return several nets between commas, in brackets."""
        return f"({', '.join(map(self.text, net.items))})"

    def joined(self, net: TextJoin) -> str:
        """Return a sum or product; what is looser stands in brackets."""
        parts = []
        for item in net.items:
            written = self.inside(item)
            if isinstance(item, TextTimes):
                written = f"({written})"
            parts.append(written)
        return f" {net.op} ".join(parts)

    def arguments(
        self, values: Sequence[WordValue], options: Sequence[tuple[str, WordValue]]
    ) -> list[str]:
        """Return arguments, by place and by name."""
        named = [f"{n} = {value_text(v)}" for n, v in options]
        return [*map(value_text, values), *named]

    def call(
        self, word: str, values: Sequence[WordValue], options: Sequence[tuple[str, WordValue]]
    ) -> str:
        """Return a word with its arguments, alone where it has none."""
        said = [(n, v) for n, v in options if not is_default(word, n, v, self._convention)]
        given = ", ".join(self.arguments(values, said))
        return f"{word}({given})" if given else word

    def use(self, net: TextUse) -> str:
        """Return a block with its arguments; those that are the default are left out."""
        block = self.blocks[net.key]
        given = []
        plain = []
        for name, value in zip(block.parameters, net.values, strict=True):
            if name not in block.defaults:
                plain.append(value_text(value))
            elif value != block.defaults[name]:
                given.append(f"{name} = {value_text(value)}")
        tensors = [self.text(t) for t in net.tensors]
        arguments = ", ".join([*plain, *tensors, *given])
        return f"{block.name}({arguments})" if arguments else block.name

    def line(self, net: TextNet) -> str:
        """Return a line of braces."""
        if isinstance(net, TextWeight):
            return f"{net.kind} {net.name}[{', '.join(map(value_text, net.axes))}]"
        assert isinstance(net, TextLet)
        shared = "shared " if net.shared else ""
        bundle = isinstance(net.net, TextJoin) and net.net.op == ","
        written = self.inside(net.net) if bundle else self.text(net.net)
        return f"{shared}{', '.join(net.names)} = {written}"

    # --- definitions -------------------------------------------------------------

    def definition(self, block: BlockUses) -> str:
        """Return a block or a layer as the text defines it."""
        if block.key.startswith(OPAQUE):
            return self.layer(block)
        tensors = list(block.folded.inputs[1:])
        plain = [n for n in block.parameters if n not in block.defaults]
        given = [f"{n} = {v}" for n, v in block.defaults.items()]
        parameters = ", ".join([*plain, *tensors, *given])
        head = f"{block.name}({parameters})" if parameters else block.name
        body = self.text(block.net)
        axes = AXES.get(block.ranks[0], ()) if block.ranks else ()
        written = set(_words(body))
        named = block.folded.named
        on = ""
        if named or written & set(axes):
            shown = [a if a in written else "_" for a in axes]
            if axes and set(shown[:-1]) <= {"_"} and len(shown) > 1:
                shown = ["...", shown[-1]] if len(shown) > 1 else shown
            shown = shown or ["..."]
            name = block.folded.inputs[0] if named else ""
            on = f" on {name}[{', '.join(shown)}]"
        return f"block {head}{on} = {body}"

    def layer(self, block: BlockUses) -> str:
        """Return a layer of the text's own: its weights and its output, and why it is one."""
        assert isinstance(block.net, TextLayer)
        lines = [self.line(w) for w in block.net.weights]
        output = ", ".join(map(value_text, block.net.output))
        written = set(_words(" ".join([*lines, output])))
        axes = AXES.get(block.ranks[0], ()) if block.ranks else ()
        shown = [a if a in written else "_" for a in axes]
        on = f" on [{', '.join(shown)}]" if axes else " on [...]"
        parameters = f"({', '.join(block.parameters)})" if block.parameters else ""
        path = next(filter(None, block.paths), "")
        remark = f"  # opaque: {block.why}" + (f", {path}" if path else "")
        body = "\n".join([*lines, f"output [{output}]", *(["macs 0"] if self._free else [])])
        several = len(block.ranks) > 1
        name = f"{block.name}_first" if several else block.name
        text = f"layer {name}{parameters}{on} {{{remark}\n{body}\n}}"
        if several:
            inputs = ", ".join(
                f"{'xyzuvw'[k]}[{', '.join('_' * n)}]" for k, n in enumerate(block.ranks)
            )
            arguments = f"({', '.join(block.parameters)})" if block.parameters else ""
            text += f"\nblock {block.name}{parameters} on ({inputs}) = x -> {name}{arguments}"
        return text


def _words(text: str) -> Iterator[str]:
    word = ""
    for letter in f"{text} ":
        if letter.isalnum() or letter == "_":
            word += letter
        else:
            if word:
                yield word
            word = ""


def document(
    finder: BlockFinder,
    root: FoldedModule,
    name: str,
    inputs: Sequence[str],
    parameters: str = "",
    conditions: Sequence[str] = (),
    left_out: Sequence[SourceWeight] = (),
    remarks: Sequence[str] = (),
    expected: Sequence[str] = (),
    free: bool = False,
    convention: str = "pytorch",
) -> str:
    """Return the text of a source.

    Args:
        finder: knows the blocks.
        root: the model's net.
        name: the model's.
        inputs: what comes in, ``input(224, 224, 3)`` or ``tokens(16)``.
        parameters: between the brackets of the model.
        conditions: what is assumed of them.
        left_out: weights of parts that did not run.
        remarks: lines at the top.
        expected: lines at the end.
        free: whether layers that could not be read are said to cost nothing, so that
            the MACs of the others can be counted.
        convention: whose defaults hold.
    """
    writer = NetWriter(finder.blocks, free, convention)
    definitions = [writer.definition(b) for b in used_blocks(finder, root.net)]
    net, uncalled = root.net, ""
    if left_out:
        uncalled = _not_called(left_out)
    body = _model_body(writer, net, root, inputs, bool(left_out))
    head = f"{name}({parameters})" if parameters else name
    if conditions:
        head = f"{head} where {', '.join(conditions)}"
    lines = [f"# {r}" for r in remarks]
    parts = ["\n".join(lines), f"convention {convention}", *definitions]
    if uncalled:
        parts.append(uncalled)
    parts.append(f"model {head} = {body}")
    parts.append("\n".join(expected))
    return format_text(Source("<imported>", "\n\n".join(filter(None, parts)) + "\n"))


def _model_body(
    writer: NetWriter, net: TextNet, root: FoldedModule, inputs: Sequence[str], rest: bool
) -> str:
    names = root.inputs
    result = net.result if isinstance(net, TextBraces) else net
    lines = list(net.lines) if isinstance(net, TextBraces) else []
    uses = [sum(n == TextName(name) for n in each(net)) + _apart(net, name) for name in names]
    texts = dict(zip(names, inputs, strict=True))
    if rest:
        if isinstance(result, TextJoin) and result.op == ",":
            first, *others = result.items
            result = TextJoin(",", (_then(first, TextWord(UNCALLED)), *others))
        else:
            result = _then(result, TextWord(UNCALLED))
    given = []
    written = [writer.line(n) for n in lines]
    last = writer.text(result)
    for name, count in zip(names, uses, strict=True):
        if count == 1:
            pattern = _begins(name)
            written = [pattern.sub(texts[name], w) for w in written]
            last = pattern.sub(texts[name], last)
        else:
            given.append(f"{name} = {texts[name]}")
    if given or written:
        inner = "\n".join([*given, *written, last])
        return f"{{\n{inner}\n}}"
    return last


def _apart(net: TextNet, name: str) -> int:
    """Return how often a tensor stands where an input may not: in a repeat, in an argument."""
    found = 0
    for one in each(net):
        if isinstance(one, TextTimes | TextUse):
            found += sum(n == TextName(name) for p in one.parts for n in each(p))
        options = one.options if isinstance(one, TextWord | TextAround) else ()
        found += 2 * sum(value == name for _, value in options)
    return found


def _begins(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)(?!\s*=)")


def _then(net: TextNet, word: TextNet) -> TextNet:
    items = net.items if isinstance(net, TextChain) else (net,)
    return TextChain((*items, word))


def _not_called(weights: Sequence[SourceWeight]) -> str:
    lines = []
    used: set[str] = set()
    for weight in weights:
        word = "".join(c if c.isalnum() else "_" for c in weight.name)
        while word in used:
            word += "_"
        used.add(word)
        kind = "buffer" if weight.role == "buffer" else "weight"
        lines.append(f"{kind} {word}[{', '.join(map(str, weight.axes)) or '1'}]")
    body = "\n".join([*lines, "output [..., d]", "macs 0"])
    return f"layer {UNCALLED} on [..., d] {{  # kept, and read by nothing above\n{body}\n}}"


__all__ = ["NetWriter", "document", "is_known"]
