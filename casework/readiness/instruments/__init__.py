"""Reads instruments of readiness: versioned data files, checked as a whole before use.

What is wrong with a file is told in plain English with its place, for whoever edits it.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from casework.core.errors import Invalid, NotFound
from casework.readiness.instruments.parsing import parse
from casework.readiness.rules import Instrument

_FOLDER = Path(__file__).parent

#: The instrument in force.
CURRENT = "example-2026"


def current() -> Instrument:
    return instrument(CURRENT)


@lru_cache
def instrument(instrument_id: str) -> Instrument:
    """Raises: NotFound for an id that names no file; Invalid for a file that cannot be used."""
    path = _files().get(instrument_id)
    if path is None:
        raise NotFound
    return read(path)


def read(path: Path) -> Instrument:
    """Raises: Invalid, with every place in the file that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid.field("", f"{path.name} is no TOML file: {error}") from error
    found = parse(data)
    if found.id != path.stem:
        raise Invalid.field("id", f"the file {path.name} must have the id {path.stem!r}")
    return found


def _files() -> dict[str, Path]:
    return {path.stem: path for path in _FOLDER.glob("*.toml")}
