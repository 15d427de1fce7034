"""The source text of a module, from a network with symbols.

A network is walked once, with expressions for tensors (``tracing``); every
block and every repeated part becomes a class with the sizes it needs
(``classes``), uses of one block that differ in sizes alone share a class, and
the text is laid out as formatters leave it (``layout``).
"""
