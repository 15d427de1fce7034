"""The layer kinds, one file a family; a class with a kind is all a new one needs."""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)
