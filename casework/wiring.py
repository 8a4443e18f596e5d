"""The features in order, lowest first, and what each brings: models, pages, commands."""

from __future__ import annotations

import pkgutil
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext

from casework.access.permissions import Permission
from casework.core.kept_files import Kept
from casework.web.navigation import MenuItem

#: None stands before one that it uses. Not all that come before may be used: that is said in
#: tests/architecture/packages.py, and tests hold this to it.
FEATURES = (
    "audit",
    "regions",
    "accounts",
    "households",
    "curriculum",
    "meetings",
    "economics",
    "readiness",
    "ledger",
    "graduation",
    "aftercare",
    "counts",
    "rosters",
    "offline",
    "reports",
    "desk",
    "demo",
)

#: The main menu, in order; each person sees what the own role may reach.
MENU: tuple[MenuItem, ...] = (
    MenuItem(lazy_gettext("Home"), "desk.home", "home", Permission.SELF_MANAGE),
    MenuItem(lazy_gettext("Groups"), "desk.groups", "group", Permission.GROUP_READ),
    MenuItem(lazy_gettext("Families"), "households.index", "family", Permission.HOUSEHOLD_READ),
    MenuItem(
        lazy_gettext("Nominations"),
        "graduation.index",
        "nomination",
        Permission.NOMINATION_READ,
        "graduation",
    ),
    MenuItem(
        lazy_gettext("Rosters"), "rosters.export_page", "file", Permission.ROSTER_EXPORT, "rosters"
    ),
    MenuItem(lazy_gettext("People"), "accounts.users", "person", Permission.USER_MANAGE),
    MenuItem(lazy_gettext("Audit trail"), "audit.index", "list", Permission.AUDIT_READ),
)


def register_models() -> None:
    for feature in FEATURES:
        _slot(feature, "models")


def register_pages(app: Flask) -> None:
    """Import every view module of every feature, then register the blueprints: `BLUEPRINTS` where
    its pages begin differently."""
    for feature in FEATURES:
        views = _slot(feature, "views")
        if views is None:
            continue
        for page in pkgutil.iter_modules(getattr(views, "__path__", [])):
            import_module(f"{views.__name__}.{page.name}")
        for blueprint in getattr(views, "BLUEPRINTS", None) or (views.blueprint,):
            app.register_blueprint(blueprint)


def register_commands(app: Flask) -> None:
    """Each feature's `commands.py` lists its click groups in `COMMANDS`."""
    for feature in ("core", "web", *FEATURES):
        commands = _slot(feature, "commands")
        for command in getattr(commands, "COMMANDS", ()):
            app.cli.add_command(command)


def connect_signals() -> None:
    """Each feature's `listeners.py` connects what it must refresh when a lower feature changes."""
    for feature in FEATURES:
        listeners = _slot(feature, "listeners")
        if listeners is not None:
            listeners.connect()


def collect_labels() -> dict[type[Enum], dict[Enum, Any]]:
    """The words of every enum a person may see: each dictionary of enum members that a
    feature's `labels.py` holds at its top level."""
    words: dict[type[Enum], dict[Enum, Any]] = {}
    for feature in FEATURES:
        labels = _slot(feature, "labels")
        for value in vars(labels).values() if labels else ():
            if isinstance(value, dict) and value and isinstance(next(iter(value)), Enum):
                words[type(next(iter(value)))] = value
    return words


def collect_kept_files() -> tuple[Kept, ...]:
    """What files each feature keeps for its rows: `KEPT` of its `queries/kept_files.py`."""
    found: list[Kept] = []
    for feature in FEATURES:
        if hasattr(_slot(feature, "queries"), "__path__"):
            found += getattr(_slot(feature, "queries.kept_files"), "KEPT", ())
    return tuple(found)


def _slot(feature: str, slot: str) -> ModuleType | None:
    """The module `casework.<feature>.<slot>`, or None where the feature has none."""
    name = f"casework.{feature}.{slot}"
    package = find_spec(f"casework.{feature}")
    if package is None or find_spec(name) is None:
        return None
    return import_module(name)
