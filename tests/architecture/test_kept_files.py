"""Whoever keeps files is asked about them by `flask files check`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from casework import wiring
from casework.core.kept_files import FilesInRows, FilesOfRows
from tests.architecture.sources import ROOT, python_files

#: What makes a place for files; each call says where, or of which table.
MAKERS = ("FileStore", "store_of", "WaitingFiles")
#: They make stores for others.
BELOW = {Path("casework/core/files/current.py"), Path("casework/core/files/store.py")}


def places(source: str) -> Iterator[str]:
    """What is kept, as its maker was told: the name of a table of files, or a model."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in MAKERS:
                told = node.args[0] if name != "FileStore" else node.args[-1]
                yield told.value if isinstance(told, ast.Constant) else ast.unparse(told)


def kept_in_the_source() -> dict[str, Path]:
    return {
        place: path
        for path in python_files()
        if path not in BELOW
        for place in places((ROOT / path).read_text(encoding="utf-8"))
    }


def registered(app: Flask) -> set[str]:
    with app.app_context():
        return {
            each.store().table if isinstance(each, FilesOfRows) else each.waiting.model.__name__
            for each in wiring.collect_kept_files()
            if isinstance(each, FilesOfRows | FilesInRows)
        }


def test_every_feature_that_keeps_files_is_asked_about_them(app: Flask) -> None:
    missing = {
        place: path for place, path in kept_in_the_source().items() if place not in registered(app)
    }
    assert not missing, "\n".join(
        f"{path} keeps files of {place} that `flask files check` does not look at: list them in"
        f" KEPT of casework/{path.parts[1]}/queries/kept_files.py, as"
        " casework/meetings/queries/kept_files.py does"
        for place, path in missing.items()
    )


def test_nothing_is_asked_about_that_is_not_kept(app: Flask) -> None:
    assert registered(app) <= set(kept_in_the_source())
    assert len(registered(app)) == len(wiring.collect_kept_files())


def test_what_is_registered_is_what_the_command_asks(app: Flask) -> None:
    shelf = app.extensions["casework_kept_files"]
    assert {str(each.title) for each in shelf.kept} == {
        str(each.title) for each in wiring.collect_kept_files()
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('store_of("visit_photo", folder="visits")', ["visit_photo"]),
        ('FileStore(root, keyring, "visit_photo")', ["visit_photo"]),
        ("files.WaitingFiles(Letter, Letter.came_at, kept_for=day)", ["Letter"]),
        ("other(1)", []),
    ],
)
def test_a_place_for_files_is_seen(source: str, found: list[str]) -> None:
    assert list(places(source)) == found
