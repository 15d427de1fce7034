"""The functions of sizes that the language has: one declaration each, found by listing this folder.

A file may declare several that belong together. What a declaration leaves away
has a sound default (:class:`~.base.SizeFunction`), so that a new function needs
a name, words for the reader, and its value.
"""
