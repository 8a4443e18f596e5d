"""Every script is reached from a page, and whatever is asked for is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tests.architecture.sources import ROOT, repository_files

SCRIPTS = ROOT / "static" / "js"
PAGES = SCRIPTS / "pages"

#: What no template asks for by name: main.js stands in the layout, the worker has an address of
#: its own, the shell opens a page by the address it is at.
ENTRIES = {
    "main.js",
    "offline/family.js",
    "offline/group.js",
    "offline/observation.js",
    "offline/outbox.js",
    "offline/readiness.js",
    "offline/sheet.js",
    "offline/today.js",
    "sw/worker.js",
}

_IMPORT = re.compile(r'\b(?:from|import)\s*\(?\s*"(\.{1,2}/[^"]+)"')
#: Types are imported in comments, and a type is no reason to load anything.
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def asked_for_by_templates() -> set[str]:
    return {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'data-page="([a-z-]+)"', path.read_text(encoding="utf-8"))
    }


def imports(script: str) -> Iterator[str]:
    """What a script imports, each as a path below static/js."""
    source = (SCRIPTS / script).read_text(encoding="utf-8")
    for found in _IMPORT.findall(_COMMENT.sub("", source)):
        target = (SCRIPTS / script).parent / found
        yield PurePosixPath(target.resolve().relative_to(SCRIPTS)).as_posix()


def reached(entries: set[str]) -> set[str]:
    found: set[str] = set()
    ahead = set(entries)
    while ahead:
        script = ahead.pop()
        found.add(script)
        if (SCRIPTS / script).is_file():
            ahead |= set(imports(script)) - found
    return found


def test_every_script_is_asked_for_and_every_script_asked_for_is_there() -> None:
    there = {
        path.relative_to("static/js").as_posix()
        for path in repository_files()
        if path.is_relative_to(Path("static/js")) and path.suffix == ".js"
    }
    pages = {f"pages/{name}.js" for name in asked_for_by_templates()}
    found = reached(ENTRIES | pages)
    assert found == there, (
        f"reached from no page: {sorted(there - found)}; not in static/js: {sorted(found - there)}"
    )


def test_a_script_that_only_a_script_imports_is_reached() -> None:
    assert "outbox/database.js" in reached({"outbox/store.js"})
    # Its types only.
    assert "outbox/store.js" not in reached({"outbox/sender.js"})
