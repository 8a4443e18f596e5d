"""The order of the packages and the slots inside them, in one place.

`breaches` judges one import; the tests feed it every import there is.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Lowest first; each may import those before it. Those in one line never import each other.
ORDER: tuple[tuple[str, ...], ...] = (
    ("translations",),
    ("core",),
    ("access",),
    ("web",),
    ("audit",),
    ("regions",),
    ("accounts",),
    ("households",),
    ("curriculum",),
    ("meetings",),
    ("economics",),
    ("readiness",),
    ("ledger",),
    ("graduation",),
    ("aftercare",),
    ("counts",),
    ("desk", "offline", "reports", "rosters"),
    ("demo",),
    ("wiring",),
)
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}

#: They know no feature, and every module of theirs is for everybody above.
GROUND = {"translations", "core", "access", "web"}

#: What other features may use of a feature.
PUBLIC = {"actions", "labels", "policy", "queries", "rules", "scope", "states"}
#: What else a feature offers: the tags that actions record; hashing passwords and the stores of
#: files, neither of which knows the database.
ALSO_PUBLIC = {
    "accounts": {"passwords"},
    "audit": {"tags"},
    "graduation": {"evidence_files"},
    "meetings": {"photo_files"},
}
#: These gather several features on one page or in one file and may join their tables.
MODEL_READERS = {"counts", "desk", "offline", "reports", "rosters"}

_PURE = {"rules", "states"}
_WORDS = {"labels"} | _PURE
#: What each slot may use of the other slots in its own feature.
INSIDE: dict[str, set[str]] = {
    "rules": _PURE,
    "states": _PURE,
    "labels": _PURE,
    "models": _PURE,
    "scope": {"models"} | _PURE,
    "queries": {"models", "policy", "scope"} | _WORDS,
    "policy": {"models", "queries", "scope"} | _WORDS,
    "actions": {"models", "policy", "queries", "scope"} | _WORDS,
    "listeners": {"actions", "queries", "rules"},
    "forms": {"actions", "policy", "queries"} | _WORDS,
    "views": {"actions", "forms", "policy", "queries"} | _WORDS,
    "commands": {"actions", "forms", "policy", "queries"} | _WORDS,
}

#: Slots that must work without a request: from the command line and from a phone's inbox.
WITHOUT_REQUEST = {"actions", "labels", "models", "policy", "queries", "rules", "scope", "states"}
#: flask_babel is missing on purpose: messages are lazy strings everywhere.
OF_THE_REQUEST = {"flask", "flask_login", "flask_wtf", "werkzeug", "wtforms"}


@dataclass(frozen=True)
class Import:
    """`importer` imports `imported`, both as dotted names of modules."""

    importer: str
    imported: str
    line: int


def module_name(path: Path) -> str:
    """casework/core/db.py -> casework.core.db"""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, source: str, modules: set[str]) -> Iterator[Import]:
    """Every import of a file, wherever it stands in it; `modules` are all modules there are."""
    importer = module_name(path)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(importer, whole if whole in modules else str(node.module), node.lineno)


def breaches(one: Import) -> Iterator[str]:
    """What is wrong with an import, each with its remedy."""
    if one.importer == "casework":
        return  # create_app puts everything together
    package, slot = _place(one.importer)
    top = one.imported.partition(".")[0]
    if package not in LEVEL:
        yield f"package {package} has no place in the order: add it to ORDER and design.md 3"
    elif top == "casework":
        yield from _inside_the_product(one, package, slot)
    elif top == "config":
        yield "settings come through current_app.config or an argument, not from config.py"
    elif slot in WITHOUT_REQUEST and package not in GROUND and top in OF_THE_REQUEST:
        yield f"{slot} never see {top}: take what they need as an argument from views"
    elif slot in _PURE and package not in GROUND and top not in sys.stdlib_module_names:
        yield f"{slot} use the standard library only: move what needs {top} to actions or queries"


def _inside_the_product(one: Import, package: str, slot: str) -> Iterator[str]:
    other, other_slot = _place(one.imported)
    if package == "wiring":
        return  # registers models, pages and commands of all
    if other not in LEVEL:
        yield f"{one.imported}: import the module itself, not through casework/__init__.py"
    elif package == other:
        if package not in GROUND and other_slot in INSIDE and slot in INSIDE:
            yield from _between_slots(slot, other_slot)
    elif LEVEL[other] >= LEVEL[package]:
        yield (
            f"{other} stands beside or above {package}: move the code up, or send a signal of "
            "casework.core.signals that wiring connects"
        )
    elif slot in _PURE and package not in GROUND:
        if one.imported != "casework.core.errors" and (other in GROUND or other_slot not in _PURE):
            yield f"{slot} use core.errors and the rules and states of lower features only"
    elif other not in GROUND and other_slot not in _offered(package, other):
        offered = ", ".join(sorted(_offered(package, other)))
        yield f"{other} offers {offered}: use one of these, or add what is missing to them"


def _between_slots(slot: str, other_slot: str) -> Iterator[str]:
    if other_slot != slot and other_slot not in INSIDE[slot]:
        allowed = ", ".join(sorted(INSIDE[slot]))
        yield f"{slot} of a feature use its {allowed}, not its {other_slot}"


def _offered(package: str, other: str) -> set[str]:
    models = {"models"} if package in MODEL_READERS else set()
    return PUBLIC | ALSO_PUBLIC.get(other, set()) | models


def _place(module: str) -> tuple[str, str]:
    """casework.meetings.views.sheet -> meetings, views"""
    _, package, slot, *_ = [*module.split("."), "", ""]
    return package, slot
