"""Counted graduations against targets, and the figures others have published."""
