from symparams.language import tree as tree
from symparams.language.commas import (
    between_commas as between_commas,
    spans_between_commas as spans_between_commas,
)
from symparams.language.format import format_text as format_text
from symparams.language.literals import SUFFIXES as SUFFIXES
from symparams.language.notation import (
    ACCENTS as ACCENTS,
    FONTS as FONTS,
    GLYPHS as GLYPHS,
    Accented as Accented,
    Glyph as Glyph,
    Letters as Letters,
    MathNode as MathNode,
    MathRow as MathRow,
    NotationProblem as NotationProblem,
    OwnCommand as OwnCommand,
    Scripted as Scripted,
    own_command as own_command,
    read_notation as read_notation,
)
from symparams.language.parser import (
    LARGEST as LARGEST,
    parse as parse,
    parse_assertion as parse_assertion,
    parse_expression as parse_expression,
    read as read,
)
from symparams.language.refusals import LONGEST_SHOWN as LONGEST_SHOWN
from symparams.language.walk import names_in as names_in, nodes as nodes
