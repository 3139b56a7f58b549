"""Slow and simple ways to the same figures, written apart from what they judge."""
