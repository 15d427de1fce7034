"""Formulas in bulk: a size compiled for millions of points, exact at every one.

A size becomes a list of instructions in Horner's form (:mod:`.translate`,
:mod:`.horner`) that runs on Python numbers (:mod:`.numbers`), on NumPy arrays
(:mod:`.arrays`), or as an expression of a database. Nothing is made of text,
nothing is evaluated as code.
"""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)
