"""A facilitator at the sheet of a meeting, with what only the app on her phone says of it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.meetings.conftest import Arranged

#: With signal it may have been sent by then.
SAVED = re.compile("^(Tersimpan di HP|Terkirim)$")
GONE = "Catatan yang tadi ada di sini tidak bisa ditampilkan lagi. Tulis lagi."


def sheet_of(group: Arranged) -> str:
    return f"/groups/{group.group_id}/meetings/new"


def write(page: Page, row: int, note: str) -> None:
    box = page.locator(f"#m{row} .mark-note")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    box.locator("input").fill(note)


def note_of(page: Page, row: int) -> Locator:
    return page.locator(f"input[name=n{row}]")


def missed(page: Page, row: int) -> Locator:
    """What a row says of a note that is no longer there; it is on the page of every row."""
    return page.locator(f"#m{row} .mark-note").get_by_text(GONE)


def choose_lesson(page: Page) -> None:
    """The one on top, where none is chosen: a new sheet presets none."""
    page.locator(".mark").first.wait_for()
    if not page.locator("input[name=lesson]:checked").count():
        page.locator("input[name=lesson]").first.check()


def check(page: Page) -> None:
    choose_lesson(page)
    rest = page.get_by_role("button", name="Sisanya hadir")
    if rest.is_visible():
        rest.click()
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")


def save_sheet(page: Page) -> None:
    check(page)
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.locator("h1")).to_have_text(SAVED)
