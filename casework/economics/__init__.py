"""Progress in the economics module: observations, enterprises, support, and the ladder."""
