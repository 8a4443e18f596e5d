"""One place commits, so that an act is done as a whole or not at all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files

THE_PLACE = Path("casework/core/transaction.py")


def commits(source: str) -> list[int]:
    """Lines that call `.commit()` on anything."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]


def test_only_the_transaction_commits() -> None:
    wrong = [
        f"{path}:{line}"
        for path in python_files()
        if path != THE_PLACE
        for line in commits((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not wrong, (
        "leave the commit to `with transaction():` of casework.core.transaction, opened by the "
        "view or the command:\n" + "\n".join(wrong)
    )


@pytest.mark.parametrize("source", ["db.session.commit()", "def f(s):\n    s.commit()"])
def test_a_commit_is_seen(source: str) -> None:
    assert commits(source)
