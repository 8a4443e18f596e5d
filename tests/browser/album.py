"""Pictures of pages for somebody to look at, in tests/browser/output, which Git ignores.

Taken when they are asked for: `make test ARGS="--pictures tests/browser"`. No test reads them, and
they would be a third of the work of every page that is checked.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

OUTPUT = Path(__file__).parent / "output"


class Album:
    """The one of this run."""

    is_wanted = False


def keep(name: str, content: bytes) -> None:
    """`name` says by its ending what it is."""
    if Album.is_wanted:
        OUTPUT.mkdir(exist_ok=True)
        (OUTPUT / name).write_bytes(content)


def photograph(page: Page, name: str, size: ViewportSize | None = None) -> None:
    """What stands on the screen, or with `size` the whole page at once in that width: bars that
    stick to the bottom then stand at its end."""
    if not Album.is_wanted:
        return
    before = page.viewport_size
    if size is not None:
        page.set_viewport_size(size)
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(height, 640)})
    keep(f"{name}.png", page.screenshot())
    if before is not None:
        page.set_viewport_size(before)
