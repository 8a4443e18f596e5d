"""Official documents, filled in from facts. On paper they are always Indonesian."""
