"""Believable invented data for a demonstration, acted out through the ordinary actions."""
