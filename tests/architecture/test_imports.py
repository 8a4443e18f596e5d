"""Imports go downward only, and between features only through what they offer."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.wiring import FEATURES
from tests.architecture.packages import (
    FREE,
    GROUND,
    LEVEL,
    Import,
    breaches,
    imports_of,
    misplaced,
    module_name,
)
from tests.architecture.sources import ROOT, python_files

PURE_SLOTS = (["rules"], ["states"])


def all_imports() -> list[tuple[Path, Import]]:
    files = python_files()
    modules = {module_name(path) for path in files}
    return [
        (path, one)
        for path in files
        for one in imports_of(path, (ROOT / path).read_text(encoding="utf-8"), modules)
    ]


def test_packages_import_downward_and_only_what_is_offered() -> None:
    wrong = [
        f"{path}:{one.line}: imports {one.imported}: {breach}"
        for path, one in all_imports()
        for breach in breaches(one)
    ]
    assert not wrong, f"{len(wrong)} imports against design.md 3:\n" + "\n".join(wrong)


def test_features_are_put_together_in_the_order_in_which_they_import() -> None:
    levels = [LEVEL[feature] for feature in FEATURES]
    assert levels == sorted(levels), "wiring.FEATURES against ORDER in packages.py"
    assert set(FEATURES) == LEVEL.keys() - GROUND - {"wiring"}, "one is missing in one of them"


def test_every_module_stands_in_a_slot_or_is_named_as_free() -> None:
    """One that stands nowhere would be the way around the order of the slots."""
    found = {path: misplaced(module_name(path)) for path in python_files()}
    wrong = [f"{path}: {why}" for path, why in found.items() if why]
    assert not wrong, "modules without a place (design.md 3):\n" + "\n".join(wrong)


def test_every_free_module_is_there() -> None:
    there = {tuple(module_name(path).split(".")[1:3]) for path in python_files()}
    gone = [
        f"{feature}.{module}"
        for feature, modules in FREE.items()
        for module in modules
        if (feature, module) not in there
    ]
    assert not gone, f"take {gone} out of FREE in tests/architecture/packages.py"


@pytest.mark.parametrize(
    ("module", "has_a_place"),
    [
        ("offline.rescue_files", False),
        ("offline.actions.rescue_files", True),
        ("offline.paces", True),
        ("meetings.paces", False),
        ("meetings.helpers.words", False),
        ("demo.families", True),
        ("core.ids", True),
    ],
)
def test_a_place_is_a_slot_or_a_line_in_the_table(module: str, has_a_place: bool) -> None:
    assert (not misplaced(f"casework.{module}")) is has_a_place


def test_what_rules_use_of_their_own_feature_is_as_pure_as_they_are() -> None:
    """A rule that reaches the database through a module beside it is no rule."""
    imports = all_imports()
    slots = {one.importer for _path, one in imports if one.importer.split(".")[2:3] in PURE_SLOTS}
    seen, pending, wrong = set(slots), list(slots), []
    while pending:
        module = pending.pop()
        feature = ".".join(module.split(".")[:2]) + "."
        for path, one in imports:
            if one.importer != module:
                continue
            if one.imported.startswith(feature):
                if one.imported not in seen:
                    seen.add(one.imported)
                    pending.append(one.imported)
            elif module not in slots:
                as_rule = Import(f"{feature}rules", one.imported, one.line)
                wrong += [f"{path}:{one.line}: {breach}" for breach in breaches(as_rule)]
    assert not wrong, "used by rules or states, so:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("core.db", "web.guard", False),
        ("web.guard", "access.permissions", True),
        ("access.actor", "web.guard", False),
        ("meetings.actions", "households.scope", True),
        ("meetings.actions", "households.models", False),
        ("meetings.actions", "readiness.actions", False),
        ("meetings.actions.save", "meetings.models", True),
        ("meetings.actions", "meetings.views", False),
        ("meetings.views.sheet", "meetings.models", False),
        ("meetings.views.sheet", "meetings.forms", True),
        ("meetings.views", "households.labels", True),
        ("meetings.rules", "core.errors", True),
        ("meetings.rules", "core.clock", False),
        ("meetings.rules", "curriculum.rules", True),
        ("meetings.rules", "curriculum.queries", False),
        ("meetings.rules", "meetings.models", False),
        ("meetings.actions", "audit.tags", True),
        ("meetings.actions", "audit.models", False),
        ("counts.queries", "graduation.models", True),
        ("desk.queries", "rosters.queries", False),
        ("rosters.bad_rows", "rosters.actions", True),
        ("rosters.bad_rows", "rosters.models", False),
        ("rosters.views", "rosters.bad_rows", True),
        ("rosters.queries", "rosters.bad_rows", False),
        ("rosters.queries", "rosters.reading.rows", True),
        ("accounts.carrying", "core.ids", True),
        ("accounts.carrying", "core.db", False),
        ("accounts.throttle", "audit.actions", False),
        ("graduation.reading", "households.rules", True),
        ("offline", "offline.actions", False),
        ("demo.commands", "meetings.actions", True),
        ("demo.commands", "wiring", False),
        ("wiring", "meetings.views", True),
        ("novelty.views", "core.db", False),
    ],
)
def test_the_order_is_what_design_says(importer: str, imported: str, allowed: bool) -> None:
    one = Import(f"casework.{importer}", f"casework.{imported}", 1)
    assert (not list(breaches(one))) is allowed


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("meetings.actions", "flask", False),
        ("meetings.actions", "flask_babel", True),
        ("meetings.actions", "sqlalchemy", True),
        ("meetings.views", "flask", True),
        ("meetings.rules", "datetime", True),
        ("meetings.rules", "sqlalchemy.orm", False),
        ("meetings.views", "config", False),
        ("regions.official", "lokal", True),
        ("offline.paces", "flask", False),
        ("rosters.reading", "sqlalchemy.orm", False),
    ],
)
def test_other_packages_are_used_where_they_belong(
    importer: str, imported: str, allowed: bool
) -> None:
    one = Import(f"casework.{importer}", imported, 1)
    assert (not list(breaches(one))) is allowed
