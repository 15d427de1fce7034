"""The signs of mathematics, in every notation."""

from __future__ import annotations

#: Sign → (its class in TeX, LaTeX, character).
SIGNS = {
    "plus": ("bin", "+", "+"),
    "minus": ("bin", "-", "−"),
    "cdot": ("bin", r"\cdot", "⋅"),
    "times": ("bin", r"\times", "×"),
    "pm": ("bin", r"\pm", "±"),
    "eq": ("rel", "=", "="),
    "ne": ("rel", r"\ne", "≠"),
    "ge": ("rel", r"\ge", "≥"),
    "gt": ("rel", ">", ">"),
    "le": ("rel", r"\le", "≤"),
    "lt": ("rel", "<", "<"),
    "mid": ("rel", r"\mid", "∣"),
    "nmid": ("rel", r"\nmid", "∤"),
    "in": ("rel", r"\in", "∈"),
    "comma": ("punct", ",", ","),
}
RELATIONS = {
    "==": "eq",
    "=": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "divides": "mid",
}
#: Condition → the relation between its terms with a plus and those with a minus, and its denial.
TESTS = {"zero": ("eq", "ne"), "positive": ("gt", "le"), "nonnegative": ("ge", "lt")}
