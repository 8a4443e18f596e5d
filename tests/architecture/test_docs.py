"""The documents that are written from the code say what the code says."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest
from flask import Flask

from tests.architecture.sources import ROOT


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_tables", ROOT / "docs" / "tables.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_permissions_is_current(app: Flask, tables: ModuleType) -> None:
    written = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert written == tables.permissions(app), "run `make docs`"


def test_the_table_of_states_is_current(tables: ModuleType) -> None:
    written = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert written == tables.states(), "run `make docs`"


def test_the_columns_of_a_roster_file_are_current(tables: ModuleType) -> None:
    written = (ROOT / "docs" / "roster-file.md").read_text(encoding="utf-8")
    assert written == tables.roster_file(), "run `make docs`"


def test_every_decision_is_numbered_once() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)], numbers
