"""Text to syntax tree and back.

``parse`` and ``parse_expression`` read, ``read`` fetches a file, ``unparse``
writes. The parser behind them is loaded at the first use.
"""

from symparams.language.parser import parse, parse_expression, read
from symparams.language.unparse import unparse

__all__ = ["parse", "parse_expression", "read", "unparse"]
