"""The files of the repository, for the tests that read them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def repository_files() -> tuple[Path, ...]:
    """What is in the repository or about to be, as paths relative to its root."""
    listed = subprocess.run(
        # The owner of a clone in CI is often another user.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others"]
        + ["--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = (Path(name) for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def python_files(folder: str = "casework") -> list[Path]:
    """Python files below a folder, relative to the root."""
    return [path for path in repository_files() if path.parts[0] == folder and path.suffix == ".py"]
