"""What is asked of a network: count, prove, claims, sensitivity, solve, spaces, reports.

One file a question; each answer is a record of formulas and numbers, which
:mod:`symparams.views` lays out.
"""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)
