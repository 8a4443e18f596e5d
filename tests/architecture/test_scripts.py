"""A page asks for its script by name; both ends must hold the same name."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT

PAGES = ROOT / "static" / "js" / "pages"


def test_every_script_is_asked_for_and_every_script_asked_for_is_there() -> None:
    there = {path.stem for path in PAGES.glob("*.js")}
    asked_for = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'data-page="([a-z-]+)"', path.read_text(encoding="utf-8"))
    }
    assert asked_for == there, (
        f"without a page: {sorted(there - asked_for)}; without a script in static/js/pages: "
        f"{sorted(asked_for - there)}"
    )
