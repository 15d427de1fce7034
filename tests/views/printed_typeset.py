"""Reads what the formats for papers printed, beside LaTeX: Typst and MathML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_MATH = "{http://www.w3.org/1998/Math/MathML}"
_SIGNS = {"−": "-", "⋅": "·", "\u2062": "·", "⌊": "floor(", "⌋": ")", ",": ", "}


# --- MathML ----------------------------------------------------------------


def mathml_tables(printed: str) -> Iterator[list[str]]:
    """The cells of the rows of a table."""
    for line in re.findall(r"<tr>(.*?)</tr>", printed, re.S):
        yield [_html(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)]


def _html(cell: str) -> str:
    root = ElementTree.fromstring(f"<p>{cell}</p>")
    return "".join(_element(child) for child in root) if len(root) else (root.text or "").strip()


def mathml_lines(printed: str) -> Iterator[tuple[str, str, list[str]]]:
    """The lines of a derivation: how often, name, and the parts of what it is."""
    found = re.search(r"<math .*?</math>", printed, re.S)
    assert found
    for row in ElementTree.fromstring(found[0]).iter(f"{_MATH}mtr"):
        front, name, told = (_elements(list(cell)) for cell in row)
        yield front.strip().removesuffix("×").strip(), name.strip(), told.split("\u2003")


def _elements(children: list[ElementTree.Element]) -> str:
    """A row: a sum goes up to the next side."""
    out = ""
    for k, child in enumerate(children):
        if child.tag == f"{_MATH}munderover":
            rest = children[k + 1 :]
            ends = next((j for j, one in enumerate(rest) if one.text == "="), len(rest))
            _, first, last = child
            index, _, start = _element(first).partition(" = ")
            body = _elements(rest[:ends])
            ranged = f"{index} in {start}..{_element(last)}"
            return f"{out}sum({body} for {ranged}){_elements(rest[ends:])}"
        out += _element(child)
    return out


def _element(node: ElementTree.Element) -> str:
    tag, text = node.tag.removeprefix(_MATH), node.text or ""
    parts = list(node)
    match tag:
        case "mi" | "mn" | "mtext":
            return text
        case "mo":
            sign = _SIGNS.get(text, text)
            return f" {sign} " if text in "+−=" else sign
        case "mspace":
            return "\u2003" if node.get("width") == "1em" else ""
        case "mfrac":
            return f"(({_element(parts[0])})/({_element(parts[1])}))"
        case "msup":
            return f"{_element(parts[0])}^({_element(parts[1])})"
        case "msub":
            return _element(parts[0]) + _element(parts[1])
        case "msubsup":
            return f"{_element(parts[0])}{_element(parts[1])}^({_element(parts[2])})"
        case "mrow" | "math":
            return _elements(parts).strip()
    raise ValueError(tag)


# --- Typst -----------------------------------------------------------------


def typst_tables(printed: str) -> Iterator[list[str]]:
    """The cells of the rows of a table."""
    for line in printed.splitlines():
        if line.startswith(("    [", "    table.header(")):
            yield [typst_text(cell) for cell in re.findall(r"\[(.*?)\],", line)]


def typst_lines(printed: str) -> Iterator[tuple[str, str, list[str]]]:
    """The lines of a derivation: how often, name, and the parts of what it is."""
    body = printed.partition("$\n")[2].partition("\n$")[0]
    for line in body.split(" \\\n"):
        front, name, *told = (part.strip() for part in line.split("&"))
        times = typst_text(f"${front.removesuffix('×').strip()}$")
        parts = re.split(r" quad\b ?", told[1]) if told else []
        yield times, typst_text(f"${name}$"), [typst_text(f"${part}$") for part in parts]


def typst_text(cell: str) -> str:
    """A cell in the notation of the other formats."""
    cell = re.sub(r"#h\(\d+(em|pt)\) ?", "", cell)
    if not cell.startswith("$"):
        return re.sub(r"\\(.)", r"\1", cell)
    return _typst(cell.strip("$")).strip()


def _typst(text: str) -> str:
    out = ""
    while text:
        called = re.match(r"(frac|lr|upright|italic|op|sum_|_|\^)\(", text)
        if called:
            inner, text = _group(text[called.end() - 1 :])
            name = called[1]
            if name == "frac":
                above, below = _parts(inner)
                out += f"(({_typst(above).strip()})/({_typst(below).strip()}))"
            elif name == "lr":
                shown = _typst(inner[1:-1]).strip()
                out = out.rstrip(" ") if re.search(r"(max|min|make_divisible) $", out) else out
                out += f"floor({shown})" if inner[0] == "⌊" else f"({shown})"
            elif name == "^":
                out += f"^({_typst(inner).strip()})"
            elif name == "sum_":
                last, text = _group(text[1:])
                body, equals, text = text.partition(" = ")
                index, _, first = _typst(inner).partition(" = ")
                ranged = f"{index} in {first}..{_typst(last)}"
                out += f"sum({_typst(body.strip()).strip()} for {ranged}){equals}"
            else:
                out += _typst(inner)
        elif text.startswith('"'):
            quoted, text = re.match(r'"((?:[^"\\]|\\.)*)"(.*)', text, re.S).groups()
            out += re.sub(r"\\(.)", r"\1", quoted)
        elif text.startswith(" thin "):
            out, text = f"{out}·", text[6:]
        elif text.startswith(" ⋅ "):
            out, text = f"{out}·", text[3:]
        elif text.startswith(r" \, "):
            out, text = f"{out}, ", text[4:]
        else:
            out, text = out + text[0].replace("−", "-"), text[1:]
    return out


def _group(text: str) -> tuple[str, str]:
    """(what stands in the first brackets, what follows)."""
    depth, quoted = 0, False
    for k, c in enumerate(text):
        quoted ^= c == '"'
        depth += (not quoted) * ((c == "(") - (c == ")"))
        if not depth and not quoted:
            return text[1:k], text[k + 1 :]
    raise ValueError(text)


def _parts(text: str) -> list[str]:
    """What stands between the commas outside of brackets and quotes."""
    found, depth, quoted = [""], 0, False
    for k, c in enumerate(text):
        quoted ^= c == '"'
        depth += (not quoted) * ((c == "(") - (c == ")"))
        if c == "," and not depth and not quoted and text[k - 1] != "\\":
            found.append("")
        else:
            found[-1] += c
    return found
