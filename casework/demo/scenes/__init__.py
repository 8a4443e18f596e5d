"""A year in Manado, scene by scene."""
