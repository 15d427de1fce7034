r"""Names as mathematics, by SymPy's conventions: ``d_model`` is d with the index "model".

``h1`` and ``h_1`` are h with the index 1, ``lambda_k`` is the Greek letter with the index k,
``xhat`` has an accent, ``hprime`` a prime. Letters of other alphabets are transliterated, so that
every name is ASCII: pdfTeX knows few others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from symparams.language import (
    ACCENTS,
    GLYPHS,
    Accented,
    Glyph,
    Letters,
    MathNode,
    MathRow,
    OwnCommand,
    Scripted,
)

_INDEXED = re.compile(r"(.+)\[([\w, ]+)\]")
_NUMBERED = re.compile(r"(.*?[^\W\d_])(\d+)")
#: Greek names of SymPy that LaTeX has no sign for, or another name.
_AS_LATIN = {
    "Alpha": "A",
    "Beta": "B",
    "Epsilon": "E",
    "Zeta": "Z",
    "Eta": "H",
    "Iota": "I",
    "Kappa": "K",
    "Mu": "M",
    "Nu": "N",
    "Omicron": "O",
    "Rho": "P",
    "Tau": "T",
    "Chi": "X",
}
_SPELLED: Mapping[str, MathNode] = {
    "lamda": Glyph("lambda"),
    "Lamda": Glyph("Lambda"),
    "omicron": Letters("o"),
    **{name: Letters(letter, "rm") for name, letter in _AS_LATIN.items()},
}
_GREEK_GLYPHS = {name for name in GLYPHS if name not in ("ell", "hbar", "prime", "star", "ast")}
#: Character → the name of its sign; what is typed as ε and φ is what LaTeX calls epsilon and phi.
GREEK: Mapping[str, str] = {
    **{c: name for name, c in GLYPHS.items() if name in _GREEK_GLYPHS},
    "ε": "epsilon",
    "φ": "phi",
    "ς": "varsigma",
}
_MARKS = {c: name for name, c in ACCENTS.items()}
_SOUNDS = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch '' y ' e yu ya i yi ye g"
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", _SOUNDS.split(), strict=True))
_LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
_NAMED = re.compile(r"(?:SMALL |CAPITAL )?LETTER (?:FINAL )?([A-Z]+)$|SYLLABLE ([A-Z]+)$")


def latin(character: str) -> str:
    """Return a letter of any alphabet in ASCII letters, as Unicode calls it: ``ж`` is ``zh``.

    A sign that has no sound, as of Chinese, is its code: ``U+6A21``.
    """
    lower = character.lower()
    for table in (_CYRILLIC, _LATIN):
        if lower in table:
            found = table[lower]
            return found if lower == character else found[:1].upper() + found[1:]
    plain = unicodedata.normalize("NFD", character)[0]
    if plain != character:
        return plain if plain.isascii() else latin(plain)
    named = _NAMED.search(unicodedata.name(character, ""))
    if named is None:
        return f"U+{ord(character):04X}"
    found = (named[1] or named[2]).lower()
    return found if character == lower else found.capitalize()


class Naming:
    """Gives every name a notation of its own: no two names look the same.

    Args:
        notations: what a file or the command line says.
    """

    def __init__(self, notations: Mapping[str, MathNode | None] | None = None) -> None:
        given = notations or {}
        self._given = {name: node for name, node in given.items() if node is not None}
        self._named: dict[str, MathNode] = {}
        self._taken: dict[str, str] = {}
        for name in self._given:  # before names that nobody asked for could take the same look
            self(name)

    def __call__(self, name: str) -> MathNode:
        if name not in self._named:
            node = self._given.get(name) or self._indexed(name) or conventional(name)
            if self._taken.setdefault(look(node), name) != name:
                node = literal(name)
            number = 2
            while self._taken.setdefault(look(node), name) != name:
                node = Letters(f"{name} ({number})", "text")
                number += 1
            self._named[name] = node
        return self._named[name]

    def _indexed(self, name: str) -> MathNode | None:
        """Return ``k[3]`` with the notation of ``k``; None where there is none."""
        found = _INDEXED.fullmatch(name)
        base = self._given.get(found[1]) if found else None
        if found is None or base is None:
            return None
        index = _script([i.strip() for i in found[2].split(",")])
        if isinstance(base, Scripted) and base.below is not None and index is not None:
            both = MathRow((base.below, Letters(",", "rm"), index))
            return Scripted(base.base, both, base.above)
        if isinstance(base, Scripted):
            return Scripted(base.base, index, base.above)
        return Scripted(base, index)

    def own_commands(self) -> Iterator[OwnCommand]:
        """Yield the commands of the author's own that stand for names."""
        for node in self._given.values():
            if isinstance(node, OwnCommand):
                yield node


def look(node: MathNode) -> str:
    """Return what a reader sees of a name: two nodes of one look cannot be told apart."""
    match node:
        case Letters():
            shown = "".join(c if c.isascii() else latin(c) for c in node.text)
            return f"{'text' if node.font in ('rm', 'text') else node.font}:{shown}"
        case Glyph():
            return f"\\{node.name}"
        case Scripted():
            parts = (node.base, node.below, node.above)
            return "_".join(f"({look(part)})" if part is not None else "" for part in parts)
        case Accented():
            return f"{node.accent}({look(node.base)})"
        case MathRow():
            return " ".join(map(look, node.items))
    return repr(node)


def literal(name: str) -> MathNode:
    """Return a name letter by letter, for one that looks like another."""
    return Letters("".join(c if c.isascii() else f"U+{ord(c):04X}" for c in name), "text")


def conventional(name: str) -> MathNode:
    """Return a name by SymPy's conventions.

    >>> conventional("h_1")
    Scripted(base=Letters(text='h', font='it'), below=Letters(text='1', font='rm'), above=None)
    """
    indexed = _INDEXED.fullmatch(name)
    indices = [i.strip() for i in indexed[2].split(",")] if indexed else []
    if indexed:
        name = indexed[1]
    name = unicodedata.normalize("NFKC", name)
    head, *rest = re.split(r"(?<=[^_])(__?)(?=[^_])", name)
    if "_" in head or any("_" in part for part in rest[1::2]):
        return _scripted(Letters(name, "text"), indices, [])
    below: list[str] = []
    above: list[str] = []
    numbered = _NUMBERED.fullmatch(head)
    if numbered:
        head = numbered[1]
        below.append(numbered[2])
    for sign, part in zip(rest[::2], rest[1::2], strict=True):
        (below if sign == "_" else above).append(part)
    return _scripted(_word(head, "rm"), [*below, *indices], above)


def _scripted(base: MathNode, below: list[str], above: list[str]) -> MathNode:
    if isinstance(base, Scripted) and above:  # it has a prime
        base = MathRow((base,))
    if not below and not above:
        return base
    prime = base.above if isinstance(base, Scripted) else None
    inner = base.base if isinstance(base, Scripted) else base
    return Scripted(inner, _script(below), prime or _script(above))


def _script(parts: list[str]) -> MathNode | None:
    if not parts:
        return None
    items: list[MathNode] = []
    for part in parts:
        items += [Letters(",", "rm")] * bool(items)
        items.append(_word(part, "text"))
    return items[0] if len(items) == 1 else MathRow(tuple(items))


def _word(word: str, font: str) -> MathNode:
    """Return a part of a name: a letter, a Greek name, a number, or letters in a font."""
    sign = _sign(word)
    if sign is not None:
        return sign
    for accent in (*ACCENTS, "prime", "prm"):
        stem = _sign(word.removesuffix(accent)) if word.endswith(accent) else None
        if stem is None or isinstance(stem, Accented):
            continue
        if accent in ("prime", "prm"):
            return Scripted(stem, None, Glyph("prime"))
        return Accented(accent, stem)
    if word.isdigit() and word.isascii():
        return Letters(word, "rm")
    plain = word.isascii() and word.isalnum()
    return Letters(word, font if plain else "text")


def _sign(word: str) -> MathNode | None:
    """Return a single letter, of Latin or Greek, with an accent where it has one."""
    if word in _GREEK_GLYPHS or word in ("ell", "hbar"):
        return Glyph(word)
    if word in _SPELLED:
        return _SPELLED[word]
    first, *marks = list(unicodedata.normalize("NFD", word)) or [" "]
    if len(marks) > 1 or not first.isalpha():
        return None
    base: MathNode
    if first in GREEK:
        base = Glyph(GREEK[first])
    elif first.isascii():
        base = Letters(first)
    else:
        return None
    if not marks:
        return base
    return Accented(_MARKS[marks[0]], base) if marks[0] in _MARKS else None
