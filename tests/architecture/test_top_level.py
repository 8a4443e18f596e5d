"""The top of the repository is what the owner prescribed, and what a reader looks for."""

from __future__ import annotations

from tests.architecture.sources import repository_files

#: design.md 3; names with a dot in front are free.
ALLOWED = {
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "casework",
    "config.py",
    "deploy",
    "docs",
    "migrations",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "static",
    "templates",
    "tests",
    "wsgi.py",
}


def test_nothing_else_lies_at_the_top() -> None:
    top = {path.parts[0] for path in repository_files()}
    strange = sorted(name for name in top - ALLOWED if not name.startswith("."))
    assert not strange, f"move below casework/, deploy/ or docs/, or ignore: {', '.join(strange)}"
