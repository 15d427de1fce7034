"""Figures: each is a table and a picture of it, one file a figure."""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)
