"""Whose hand something was stays known: four eyes rest on it (docs/decisions/0030)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sqlalchemy import Uuid

from casework import wiring
from casework.core.db import Base
from tests.architecture.sources import ROOT, python_files

wiring.register_models()

#: Columns that say who did something.
HANDS = {
    column.name
    for each in Base.metadata.tables.values()
    for column in each.columns
    if column.name.endswith("_by") and isinstance(column.type, Uuid)
}


def actions() -> Iterator[tuple[str, ast.AST]]:
    for path in python_files():
        if "actions" in (*path.parts, path.stem):
            for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
                yield str(path), node


def written(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names that get a value: by keyword, in a dictionary, of an attribute."""
    match node:
        case ast.Call(keywords=keywords):
            yield from ((each.arg, each.value) for each in keywords if each.arg)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.Assign(targets=targets, value=value):
            yield from ((each.attr, value) for each in targets if isinstance(each, ast.Attribute))


def test_an_action_names_who_does_it_and_nobody_else() -> None:
    found, wrong = 0, []
    for path, node in actions():
        for name, value in written(node):
            if name not in HANDS:
                continue
            found += 1
            said = ast.unparse(value)
            # What was there is passed on under its own name.
            if said not in ("actor.user_id", "None", name) and not said.endswith(f".{name}"):
                wrong.append(f"{path}: {name}={said}")
    assert found > 15, "the actions have moved"
    assert not wrong, f"a hand is that of `actor`: {wrong}"


def test_no_account_is_ever_deleted_or_given_another_number() -> None:
    wrong = [
        f"{path}: {ast.unparse(node)}"
        for path, node in actions()
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("delete", "db.session.delete", "session.delete")
        and any(ast.unparse(each) in ("User", "user", "person") for each in node.args)
    ]
    numbered = [
        f"{path}: {ast.unparse(node)}"
        for path, node in actions()
        if isinstance(node, ast.Assign)
        and any(ast.unparse(each) in ("user.id", "person.id") for each in node.targets)
    ]
    assert not wrong + numbered, f"disable the account instead: {wrong + numbered}"
