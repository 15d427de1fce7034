"""Text and layers to a network: names, scopes, blocks, braces, ``if`` and repeats of the text.

:func:`understand` reads a source, :func:`build` makes a network of a definition.
"""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)
