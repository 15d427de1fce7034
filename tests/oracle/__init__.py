"""What others say: counts from articles, tables from frameworks, the frameworks themselves.

``facts/`` holds what was printed or measured elsewhere; nothing in it was made
by symparams. ``test_seed_*`` reproduce the articles, ``test_*_table`` the layers
measured once, ``test_live_*`` layers built while the test runs.
"""
