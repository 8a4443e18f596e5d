"""What is sealed on a phone nobody can mend there: what is likely a slip is asked about before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from casework.core.db import db
from casework.economics.models import Observation
from casework.meetings.models import Attendance
from tests.browser.observing import economics_of, save, saved
from tests.browser.outbox import Handset
from tests.browser.pocket import picture, sent, taken_along
from tests.browser.registers import choose_lesson, sheet_of, write
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

#: In a range that no office gives out.
NIK = "7171 0299 9912 3456"


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    page = taken_along(phone, melati)
    page.context.set_offline(True)
    return page


def test_an_amount_with_a_zero_too_many_is_asked_about_once(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    page.goto(economics_of(melati))
    page.get_by_label("Penghasilan keluarga").fill("15 juta")
    save(page)
    expect(page.locator("#income_per_month-error")).to_contain_text(
        "Rp 15.000.000 per bulan, benar? Perbaiki, atau simpan sekali lagi."
    )
    picture(page, "asked-amount")
    saved(page)
    sent(phone, page)
    with phone.app.app_context():
        found = select(Observation.income_per_month).where(
            Observation.household_id == melati.households[0]
        )
        assert db.session.scalars(found).all() == [15_000_000]


def test_a_nik_in_a_note_is_asked_about_once(page: Page, melati: Arranged) -> None:
    page.goto(economics_of(melati))
    page.get_by_label("Penghasilan keluarga").fill("2 juta")
    page.get_by_label("Catatan").fill(f"NIK {NIK}")
    save(page)
    expect(page.locator("#note-error")).to_contain_text("Ini mirip NIK atau No KK.")
    saved(page)


def test_and_so_is_one_in_a_note_on_the_sheet(phone: Handset, page: Page, melati: Arranged) -> None:
    page.goto(sheet_of(melati))
    choose_lesson(page)
    write(page, 2, f"NIK {NIK}")
    page.get_by_role("button", name="Sisanya hadir").click()
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.get_by_role("alert")).to_contain_text(
        f"Di catatan {melati.names[1]} ada yang mirip"
    )
    picture(page, "asked-note")
    page.get_by_role("button", name="Periksa").last.click()
    page.get_by_role("button", name="Simpan di HP").click()
    sent(phone, page)
    with phone.app.app_context():
        notes = db.session.scalars(select(Attendance.note)).all()
    assert "NIK •••• •••• •••• 3456" in notes
