"""A facilitator goes back to a sheet with signal: her marks are there, and what it says of itself
is true of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from casework.core.ids import meeting_id
from tests.browser.album import photograph
from tests.browser.outbox import Handset
from tests.browser.pocket import drafted, store_of, taken_along, wait_until
from tests.browser.registers import missed, save_sheet, sheet_of, write
from tests.browser.visitor import PHONE
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


def test_back_from_the_check_page_the_rest_is_still_present_though_the_lesson_was_missing(
    page: Page, melati: Arranged
) -> None:
    lesson = page.locator("input[name=lesson]").first
    lesson.uncheck()
    page.locator("label[for=m2sick]").click()
    page.get_by_role("button", name="Sisanya hadir").click()
    expect(page.get_by_role("heading", name="Ada yang perlu diperbaiki")).to_be_visible()
    lesson.check()
    press(page, "Periksa")
    # To the page that said what was missing: it is opened and not sent once more.
    page.go_back()
    expect(page.locator("h1")).to_have_text("Catat pertemuan")
    expect(page.locator(".mark input:checked")).to_have_count(len(ROWS))
    expect(page.locator("#m2sick")).to_be_checked()
    expect(lesson).to_be_checked()
    press(page, "Periksa")
    expect(page.locator("main")).to_contain_text("1 satu per satu, 2 sekaligus")


def test_the_check_page_opened_anew_is_the_sheet_with_its_marks(page: Page) -> None:
    press(page, "Sisanya hadir")
    page.reload()
    expect(page.locator("h1")).to_have_text("Catat pertemuan")
    expect(page.locator(".mark input:checked")).to_have_count(len(ROWS))


def test_a_sheet_that_was_closed_is_there_again_and_can_be_begun_anew(
    page: Page, melati: Arranged
) -> None:
    page.locator("label[for=m1present]").click()
    page.locator("label[for=m3excused]").click()
    drafted(page, "m3excused")
    page.goto("/")
    page.goto(sheet_of(melati))
    expect(page.locator("#m1present")).to_be_checked()
    expect(page.locator("#m3excused")).to_be_checked()
    expect(page.locator(".action-bar [role=status]")).to_have_text("2 ditandai · 1 belum")
    expect(page.locator("main")).to_contain_text("Isian yang tadi Anda mulai ada lagi di sini.")
    photograph(page, "sheet-begun", PHONE)
    page.get_by_role("button", name="Mulai dari awal").click()
    expect(page.locator(".mark input:checked")).to_have_count(0)
    assert store_of(page, "pkh-caseload", "drafts") == []


def test_what_was_begun_of_another_day_does_not_slip_into_todays(
    page: Page, melati: Arranged
) -> None:
    day = page.locator("#held_on")
    today = day.input_value()
    before = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    day.fill(before)
    page.locator("label[for=m1sick]").click()
    drafted(page, "m1sick")
    page.goto(sheet_of(melati))
    expect(page.get_by_text("belum menyimpannya")).to_be_visible()
    expect(day).to_have_value(today)
    expect(page.locator(".mark input:checked")).to_have_count(0)
    photograph(page, "sheet-begun-other-day", PHONE)
    page.get_by_role("button", name="Lanjutkan isian itu").click()
    expect(day).to_have_value(before)
    expect(page.locator("#m1sick")).to_be_checked()


def test_what_was_saved_is_no_longer_begun(page: Page, melati: Arranged) -> None:
    press(page, "Sisanya hadir")
    wait_until(page, "drafts")
    page.get_by_role("button", name="Simpan absensi").last.click()
    expect(page.locator(".flashes")).to_contain_text("3 hadir")
    for _time in range(100):
        if not store_of(page, "pkh-caseload", "drafts"):
            return
        page.wait_for_timeout(50)
    pytest.fail("what was begun is still there")


def test_without_signal_the_sheet_goes_on_where_it_was(page: Page, melati: Arranged) -> None:
    for row in (1, 3):
        page.locator(f"label[for=m{row}sick]").click()
    drafted(page, "m3sick")
    page.context.set_offline(True)
    page.get_by_role("button", name="Periksa").last.click()
    go_on = page.get_by_role("link", name="Lanjutkan tanpa sinyal")
    expect(go_on).to_be_visible()
    photograph(page, "sheet-signal-lost", PHONE)
    go_on.click()
    expect(page.locator(".action-bar [role=status]")).to_have_text("2 ditandai · 1 belum")
    expect(page.locator("#m1sick")).to_be_checked()
    save_sheet(page)


def test_a_correction_that_was_closed_is_there_again(page: Page, melati: Arranged) -> None:
    press(page, "Sisanya hadir")
    page.get_by_role("button", name="Simpan absensi").last.click()
    page.get_by_role("link", name="Perbaiki").first.click()
    page.locator("label[for=m2sick]").click()
    drafted(page, "m2sick")
    address = page.url
    # The sheet of the group knows nothing of it.
    page.goto(sheet_of(melati))
    expect(page.locator(".mark input:checked")).to_have_count(0)
    page.goto(address)
    expect(page.locator("#m2sick")).to_be_checked()
    expect(page.get_by_text("Isian yang tadi Anda mulai")).to_be_visible()


def test_marking_anew_takes_the_place_of_what_was_begun_of_another_day(
    page: Page, melati: Arranged
) -> None:
    day = page.locator("#held_on")
    day.fill((date.fromisoformat(day.input_value()) - timedelta(days=1)).isoformat())
    page.locator("label[for=m1sick]").click()
    drafted(page, "m1sick")
    page.goto(sheet_of(melati))
    offer = page.get_by_role("button", name="Lanjutkan isian itu")
    expect(offer).to_be_visible()
    page.locator("label[for=m2present]").click()
    expect(offer).to_be_hidden()
    expect(page.locator("#m1sick")).not_to_be_checked()


def test_a_draft_of_the_server_of_another_day_is_kept_apart_from_a_new_sheet(
    page: Page, melati: Arranged
) -> None:
    day = page.locator("#held_on")
    before = date.fromisoformat(day.input_value()) - timedelta(days=1)
    day.fill(before.isoformat())
    page.locator("label[for=m1sick]").click()
    page.get_by_role("button", name="Simpan sementara").click()
    expect(page.locator(".flashes")).to_contain_text("1 ditandai")
    page.goto(sheet_of(melati))
    page.locator("label[for=m3sick]").click()
    drafted(page, "m3sick")
    page.goto(f"/meetings/{meeting_id(melati.group_id, before)}/correct")
    expect(page.locator("#m1sick")).to_be_checked()
    expect(page.locator(".mark input:checked")).to_have_count(1)
