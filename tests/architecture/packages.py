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
#: What else a feature offers: the tags that actions record; hashing passwords, a setting of the
#: installation and the stores of files, none of which knows the database.
ALSO_PUBLIC = {
    "accounts": {"passwords"},
    "audit": {"tags"},
    "graduation": {"evidence_files"},
    "meetings": {"backdating", "photo_files"},
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

#: Modules that stand in no slot, because what they hold is none of them: files that are read,
#: where files lie, how much is too much, what belongs to no row, what an installation sets. What
#: each may use of its own feature, and of other people's packages. Of lower features they use
#: rules and states, never the database; whatever needs more is an action, a query, a view.
FREE: dict[str, dict[str, set[str]]] = {
    "accounts": {
        "carrying": set(),
        "known_browsers": set(),
        "passwords": {"argon2", "flask", "flask_babel"},
        "throttle": set(),
    },
    "audit": {"tags": set()},
    "counts": {"paces": set()},
    "graduation": {"evidence_files": set(), "reading": _PURE},
    "meetings": {"backdating": {"flask", "rules"}, "photo_files": set()},
    "offline": {"paces": set()},
    "readiness": {"instruments": {"rules"}},
    "regions": {"official": {"lokal"}},
    "rosters": {"bad_rows": {"actions", "labels", "reading"}, "reading": set()},
}
#: `demo` plays a story and `wiring` puts everything together: no features, so without slots.
WITHOUT_SLOTS = GROUND | {"demo", "wiring"}
_OF_THE_DATABASE = {"casework.core.db", "casework.core.transaction"}

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


def misplaced(module: str) -> str:
    """What is wrong with where a module stands, with its remedy; "" for nothing."""
    package, slot = _place(module)
    if not slot or package not in LEVEL or package in WITHOUT_SLOTS:
        return ""
    if slot in INSIDE or slot in FREE.get(package, {}):
        return ""
    return (
        f"{slot} is no slot of {package}: move it into one ({', '.join(sorted(INSIDE))}), which "
        "becomes a package where it was a file; or, where it is none of them and needs no "
        "database, name it in FREE of tests/architecture/packages.py with what it may use"
    )


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
    elif _is_free(package, slot) and top not in sys.stdlib_module_names | FREE[package][slot]:
        yield f"{slot} of {package} may not use {top}: {_FREE_REMEDY}"


def _inside_the_product(one: Import, package: str, slot: str) -> Iterator[str]:
    other, other_slot = _place(one.imported)
    if package == "wiring":
        return  # registers models, pages and commands of all
    if other not in LEVEL:
        yield f"{one.imported}: import the module itself, not through casework/__init__.py"
    elif package == other:
        if package not in WITHOUT_SLOTS:
            yield from _inside_a_feature(package, slot, other_slot)
    elif LEVEL[other] >= LEVEL[package]:
        yield (
            f"{other} stands beside or above {package}: move the code up, or send a signal of "
            "casework.core.signals that wiring connects"
        )
    elif _is_free(package, slot) and (
        one.imported in _OF_THE_DATABASE if other in GROUND else other_slot not in _PURE
    ):
        yield f"{slot} of {package} may not use {one.imported}: {_FREE_REMEDY}"
    elif slot in _PURE and package not in GROUND:
        if one.imported != "casework.core.errors" and (other in GROUND or other_slot not in _PURE):
            yield f"{slot} use core.errors and the rules and states of lower features only"
    elif other not in GROUND and other_slot not in _offered(package, other):
        offered = ", ".join(sorted(_offered(package, other)))
        yield f"{other} offers {offered}: use one of these, or add what is missing to them"


_FREE_REMEDY = "move what needs it into a slot (FREE in tests/architecture/packages.py)"


def _inside_a_feature(package: str, slot: str, other_slot: str) -> Iterator[str]:
    if slot == other_slot or misplaced(f"casework.{package}.{slot}"):
        return  # what stands nowhere is told of once, by its own test
    free = FREE.get(package, {})
    if not slot:
        yield f"leave {package}/__init__.py to its first line: who needs a module imports it"
    elif slot in free and other_slot not in free[slot]:
        yield f"{slot} of {package} may not use its {other_slot}: {_FREE_REMEDY}"
    elif slot in INSIDE and other_slot in INSIDE and other_slot not in INSIDE[slot]:
        allowed = ", ".join(sorted(INSIDE[slot]))
        yield f"{slot} of a feature use its {allowed}, not its {other_slot}"
    elif slot in INSIDE and (beyond := _reach(package, other_slot) - INSIDE[slot] - {slot}):
        # Or it would be the way around the slots.
        yield f"{slot} would use {', '.join(sorted(beyond))} through {other_slot}: {_FREE_REMEDY}"


def _reach(package: str, module: str) -> set[str]:
    """The slots that a free module uses, itself and through other free ones."""
    used = FREE.get(package, {}).get(module, set())
    through = {slot for each in used for slot in _reach(package, each)}
    return (used & INSIDE.keys()) | through


def _is_free(package: str, slot: str) -> bool:
    return slot in FREE.get(package, {})


def _offered(package: str, other: str) -> set[str]:
    models = {"models"} if package in MODEL_READERS else set()
    return PUBLIC | ALSO_PUBLIC.get(other, set()) | models


def _place(module: str) -> tuple[str, str]:
    """casework.meetings.views.sheet -> meetings, views"""
    _, package, slot, *_ = [*module.split("."), "", ""]
    return package, slot
