"""Text to syntax tree and back.

``parse`` and ``parse_expression`` read, ``read`` fetches a file, ``format_text``
lays out. The parser behind them is loaded at the first use.
"""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)
