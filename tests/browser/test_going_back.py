"""A facilitator goes back to a sheet with signal: what it says of itself is true of its marks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.outbox import Handset
from tests.browser.pocket import taken_along
from tests.browser.registers import missed, sheet_of, write
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

ROWS = (1, 2, 3)
BULK = "ditandai sekaligus"


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    page = taken_along(phone, melati)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(sheet_of(melati))
    page.locator("input[name=lesson]").first.check()
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).last.click()
    expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")


def test_marks_that_came_back_are_counted(page: Page) -> None:
    for row in ROWS:
        page.locator(f"label[for=m{row}present]").click()
    press(page, "Periksa")
    page.go_back()
    expect(page.locator(".mark input:checked")).to_have_count(len(ROWS))
    expect(page.locator(".action-bar [role=status]")).to_have_text("3 ditandai · 0 belum")
    expect(page.get_by_role("button", name="Sisanya hadir")).to_be_hidden()


def test_only_a_row_that_had_a_note_misses_it(page: Page) -> None:
    for row in ROWS:
        page.locator(f"label[for=m{row}sick]").click()
    write(page, 2, "Demam")
    press(page, "Periksa")
    page.go_back()
    expect(missed(page, 2)).to_be_visible()
    expect(missed(page, 1)).to_be_hidden()
    expect(missed(page, 3)).to_be_hidden()
    expect(page.locator(".mark-note[open]")).to_have_count(1)


def test_a_row_changed_by_hand_no_longer_says_that_it_was_marked_with_the_rest(
    page: Page, melati: Arranged
) -> None:
    press(page, "Sisanya hadir")
    page.get_by_role("button", name="Ubah").click()
    page.get_by_role("button", name="Simpan sementara").click()
    expect(page.locator(".flashes")).to_contain_text("3 ditandai")
    page.goto(sheet_of(melati))
    bulk = page.locator(".mark-name", has_text=BULK)
    expect(bulk).to_have_count(3)
    page.locator("label[for=m2sick]").click()
    expect(page.locator("#m2 .mark-name")).not_to_contain_text(BULK)
    expect(bulk).to_have_count(2)
    # Nor when she goes back to what the server said of it before.
    press(page, "Periksa")
    page.go_back()
    expect(page.locator("#m2sick")).to_be_checked()
    expect(bulk).to_have_count(2)
    press(page, "Periksa")
    expect(page.locator("main")).to_contain_text("1 satu per satu, 2 sekaligus")
