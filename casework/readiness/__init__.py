"""Whether a family can stand on its own: instruments, rules, and a verdict with its reasons."""
