"""`python -m tests.browser.screenshots`: the pictures of the README, from the small demo."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import sync_playwright

from casework.translations.catalogue import compile_all
from tests.architecture.sources import ROOT
from tests.browser.serving import as_served, launch, served
from tests.browser.visitor import PHONE, Visitor
from tests.fixtures.application import close
from tests.fixtures.demo import make_small, open_small

PICTURES = ROOT / "docs" / "images"
#: So few that a phone on a slow line can read the README too.
COLOURS = 64


@contextmanager
def small_demo(folder: Path) -> Iterator[Flask]:
    make_small(folder)
    app = as_served(open_small(folder))
    yield app
    close(app)


def main() -> None:
    compile_all()
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        small_demo(Path(directory)) as app,
        served(app) as address,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        context = browser.new_context(base_url=address, viewport=PHONE, locale="id-ID")
        visitor = Visitor(context.new_page(), address, app)
        take(visitor)
        browser.close()


def take(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/national?region=71.71")
    save(visitor, "national")
    visitor.sign_in("pendamping1")
    visitor.open("/")
    household = page.locator("main a[href^='/households/']").last.get_attribute("href")
    page.locator("ul.tasks a[href$='/meetings/new']").last.click()
    for row, presence in ((1, "present"), (2, "sick"), (3, "present"), (4, "present")):
        page.locator(f"label[for=m{row}{presence}]").click()
    page.locator(".marks").evaluate("marks => window.scrollTo(0, marks.offsetTop - 70)")
    save(visitor, "attendance")
    visitor.open(str(household))
    page.locator("#attendance").evaluate("card => window.scrollTo(0, card.offsetTop - 16)")
    save(visitor, "household")


def save(visitor: Visitor, name: str) -> None:
    shot = Image.open(io.BytesIO(visitor.page.screenshot()))
    small = shot.convert("RGB").quantize(COLOURS)
    small.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
