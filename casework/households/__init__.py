"""Households, their groups, and who works with them since when."""
