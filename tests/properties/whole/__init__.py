"""Whole sources, drawn from a seed and counted without the product: see ``test_whole_sources``."""
