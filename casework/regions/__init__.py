"""Provinces, regencies, districts and villages under their Kemendagri codes."""
