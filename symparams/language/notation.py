r"""How a name is typeset: ``d_{\mathrm{model}}``, a short list of maths and nothing else.

A notation is read into a tree; views write the tree. No character of a file reaches TeX, MathML
or Typst in any other way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

#: The most characters of a notation, and the most brackets in brackets.
LONGEST_NOTATION = 200
DEEPEST_NOTATION = 8


class MathNode:
    """Base of the nodes of typeset mathematics."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Letters(MathNode):
    """ASCII letters and digits in one font: a key of :data:`FONTS`, ``it`` or ``text``.

    In ``text`` any character may stand, and spaces count.
    """

    text: str
    font: str = "it"


@dataclass(frozen=True, slots=True)
class Glyph(MathNode):
    r"""A sign with a name: ``theta``, ``ell``; a key of :data:`GLYPHS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Scripted(MathNode):
    """A base with an index, an exponent, or both."""

    base: MathNode
    below: MathNode | None = None
    above: MathNode | None = None


@dataclass(frozen=True, slots=True)
class Accented(MathNode):
    """A base under an accent; ``accent`` is a key of :data:`ACCENTS`."""

    accent: str
    base: MathNode


@dataclass(frozen=True, slots=True)
class MathRow(MathNode):
    """Nodes in a row."""

    items: tuple[MathNode, ...]


@dataclass(frozen=True, slots=True)
class OwnCommand(MathNode):
    r"""A command of the author's own document, ``\dmodel``, and what stands for it elsewhere."""

    command: str
    instead: MathNode


#: Font → its command in LaTeX.
FONTS: Mapping[str, str] = {
    "rm": "mathrm",
    "it": "mathit",
    "bf": "mathbf",
    "sf": "mathsf",
    "tt": "mathtt",
    "cal": "mathcal",
    "bb": "mathbb",
    "text": "text",
}
_FONT_COMMANDS = {command: font for font, command in FONTS.items()} | {"operatorname": "rm"}

_SMALL_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau"
    " upsilon phi chi psi omega"
)
_CAPITAL_GREEK = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
#: Name of a sign → its character. Names are LaTeX's; ``epsilon`` and ``phi`` look as there.
GLYPHS: Mapping[str, str] = {
    **dict(zip(_SMALL_GREEK.split(), "αβγδϵζηθικλμνξπρστυϕχψω", strict=True)),
    **dict(zip(_CAPITAL_GREEK.split(), "ΓΔΘΛΞΠΣΥΦΨΩ", strict=True)),
    "varepsilon": "ε",
    "vartheta": "ϑ",
    "varpi": "ϖ",
    "varrho": "ϱ",
    "varsigma": "ς",
    "varphi": "φ",
    "ell": "ℓ",
    "hbar": "ℏ",
    "prime": "′",
    "star": "⋆",
    "ast": "∗",
}

#: Accent → its combining character.
ACCENTS: Mapping[str, str] = {
    "hat": "\u0302",
    "bar": "\u0304",
    "tilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "acute": "\u0301",
    "grave": "\u0300",
    "check": "\u030c",
    "breve": "\u0306",
    "mathring": "\u030a",
}

_TOKEN = re.compile(r"\\(?P<command>[A-Za-z]+)[ ]*|\\(?P<space>[,;: ])|(?P<one>[^\\])")
_OWN = re.compile(r"\\[A-Za-z]{1,40}")
#: Commands that no name of the author's own can have: they read, write, or change how TeX reads.
_PRIMITIVE = (
    "begin catcode closein closeout csname def edef end endcsname endgroup endinput errmessage"
    " every expandafter futurelet gdef global immediate include includegraphics input jobname let"
    " loop message newcommand newread newwrite noexpand openin openout par read renewcommand"
    " relax scantokens shipout special string typeout usepackage verb write xdef"
)


class NotationProblem(ValueError):
    """What is wrong with a notation, and where: ``offset`` counts its characters from 0."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.hint = hint


ALLOWED = (
    "a notation has letters, digits, spaces, ', _ and ^ with braces, Greek letters, "
    + ", ".join(f"\\{name}" for name in (*_FONT_COMMANDS, *ACCENTS, "ell", "hbar", "prime"))
)


def read_notation(written: str) -> MathNode:
    r"""Return the tree of a notation.

    Raises:
        NotationProblem: it is empty, too long, or holds anything but the short list.

    >>> read_notation("h_1")
    Scripted(base=Letters(text='h', font='it'), below=Letters(text='1', font='it'), above=None)
    """
    if not written.strip():
        raise NotationProblem("the notation is empty", 0, 'as in "d_{\\mathrm{model}}"')
    if len(written) > LONGEST_NOTATION:
        raise NotationProblem(
            f"a notation has at most {LONGEST_NOTATION} characters, not {len(written)}", 0
        )
    return _NotationReader(written).all()


def own_command(written: str, instead: MathNode) -> OwnCommand | None:
    r"""Return a command of the author's own, as ``\dmodel``; None where it is none.

    Raises:
        NotationProblem: it is a command of TeX that does something.
    """
    if not _OWN.fullmatch(written) or written[1:] in GLYPHS:
        return None
    if written[1:] in _PRIMITIVE.split() or written[1:] in _FONT_COMMANDS or written[1:] in ACCENTS:
        raise NotationProblem(f"'{written}' is a command of TeX, not of your own", 0, ALLOWED)
    return OwnCommand(written, instead)


class _NotationReader:
    """Reads one notation from left to right."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.place = 0
        self.depth = 0

    def wrong(self, message: str, offset: int | None = None, hint: str = ALLOWED) -> NoReturn:
        raise NotationProblem(message, self.place if offset is None else offset, hint)

    def all(self) -> MathNode:
        found = self.row()
        if self.place < len(self.written):
            self.wrong("this '}' closes nothing", hint="")
        return found

    def next_is(self, character: str) -> bool:
        return self.written[self.place : self.place + 1] == character

    def row(self) -> MathNode:
        """Return the nodes up to a closing brace or the end."""
        items: list[MathNode] = []
        while self.place < len(self.written) and not self.next_is("}"):
            if self.next_is(" "):
                self.place += 1
                continue
            items.append(self.scripted())
        return items[0] if len(items) == 1 else MathRow(tuple(items))

    def scripted(self) -> MathNode:
        if self.next_is("_") or self.next_is("^"):
            self.wrong(f"'{self.written[self.place]}' has nothing before it", hint="")
        base = self.one()
        scripts: dict[str, MathNode] = {}
        while self.place < len(self.written) and self.written[self.place] in "_^'":
            sign = self.written[self.place]
            start = self.place
            self.place += 1
            above: MathNode = Glyph("prime")
            if sign == "'":
                count = 1
                while self.next_is("'"):
                    self.place += 1
                    count += 1
                if count > 1:
                    above = MathRow((above,) * count)
                sign = "^"
            else:
                above = self.one()
            if sign in scripts:
                self.wrong(f"two '{sign}' on one base", start, "put both into one pair of braces")
            scripts[sign] = above
        return Scripted(base, scripts.get("_"), scripts.get("^")) if scripts else base

    def one(self) -> MathNode:
        """Return one letter, one command, or what stands in braces."""
        found = _TOKEN.match(self.written, self.place)
        if found is None:
            self.wrong(
                "a '\\' stands before a letter" if self.next_is("\\") else "it ends too soon"
            )
        if found["one"] == "{":
            return self.braced()
        start = self.place
        self.place = found.end()
        if found["space"] is not None:
            return Letters(" ", "text")
        if found["command"] is not None:
            return self.command(found["command"], start)
        character = found["one"]
        if not (character.isascii() and character.isalnum()) and character not in "*,+-/().":
            self.wrong(f"'{character}' may not stand in a notation", start)
        return Letters(character, "it" if character.isalpha() else "rm")

    def braced(self) -> MathNode:
        if not self.next_is("{"):
            self.wrong("a '{' is needed here", hint="")
        self.depth += 1
        if self.depth > DEEPEST_NOTATION:
            self.wrong(f"more than {DEEPEST_NOTATION} braces in braces", hint="")
        start = self.place
        self.place += 1
        inner = self.row()
        if not self.next_is("}"):
            self.wrong("this '{' is never closed", start, "")
        self.place += 1
        self.depth -= 1
        return inner

    def command(self, name: str, start: int) -> MathNode:
        if name in GLYPHS:
            return Glyph(name)
        if name in ACCENTS:
            return Accented(name, self.one())
        if name not in _FONT_COMMANDS:
            self.wrong(f"'\\{name}' may not stand in a notation", start)
        closes = self.written.find("}", self.place)
        if not self.next_is("{") or closes < 0:
            self.wrong(f"'\\{name}' needs its letters in braces", start, f"as in \\{name}{{model}}")
        inner = self.written[self.place + 1 : closes]
        font = _FONT_COMMANDS[name]
        plain = inner.replace(" ", "").replace("-", "") if font == "text" else inner
        if not (plain.isascii() and plain.isalnum()):
            self.wrong(f"'\\{name}' holds letters and digits only", start, "")
        if font in ("cal", "bb") and not (inner.isalpha() and inner.isupper()):
            self.wrong(f"'\\{name}' has capital letters only", start, "")
        self.place = closes + 1
        return Letters(inner, font)
