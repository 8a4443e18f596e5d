"""Nomination, evidence and decision: from a ready family to an approved graduation."""
