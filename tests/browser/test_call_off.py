"""A register of the wrong day is moved with a thumb, and the wrong day recorded anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.meetings.actions.record import record_meeting
from casework.meetings.rules import Mark, Presence
from tests.browser.outbox import held, today
from tests.browser.visitor import SETTINGS, Visitor
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WHY = "Salah tanggal, pertemuannya kemarin di rumah Ibu Ketua"


@pytest.fixture
def visitor_of_melati(
    chromium: Browser, field_app: Flask, field_address: str, melati: Arranged
) -> Iterator[Visitor]:
    """Her facilitator, on the page of a register that she has recorded of today."""
    with field_app.app_context(), transaction():
        marks = dict.fromkeys(melati.households, Mark(Presence.PRESENT))
        record_meeting(melati.actor, melati.group_id, held_on=today(), lessons=(5,), marks=marks)
    context = chromium.new_context(base_url=field_address, **SETTINGS)
    with held(context, field_app, field_address) as phone:
        phone.sign_in(melati)
        visitor = Visitor(context.new_page(), field_address, field_app)
        visitor.open(page_of(melati, today()))
        yield visitor
        assert visitor.complaints == []


def page_of(group: Arranged, day: date) -> str:
    return f"/meetings/{meeting_id(group.group_id, day)}"


def test_a_register_is_moved_to_its_right_day(visitor_of_melati: Visitor, melati: Arranged) -> None:
    visitor, page = visitor_of_melati, visitor_of_melati.page
    yesterday = today() - timedelta(days=1)
    visitor.check("meeting-to-call-off")
    visitor.follow(page.get_by_role("link", name="Salah tanggal"))
    visitor.check("call-off")
    act = page.get_by_role("button", name="Batalkan atau pindahkan")
    visitor.follow(act)
    visitor.check("call-off-without-a-reason")
    expect(page.locator(".error-summary")).to_contain_text("paling sedikit 10 huruf")
    page.locator("#right_day").fill(yesterday.isoformat())
    page.locator("#reason").fill(WHY)
    visitor.follow(act)
    assert page.url.endswith(page_of(melati, yesterday))
    visitor.check("meeting-moved")
    expect(page.locator("main")).to_contain_text("Absensi dipindahkan")

    visitor.open(page_of(melati, today()))
    visitor.check("meeting-called-off")
    notice = page.locator("main .notice")
    expect(notice).to_contain_text("Dibatalkan")
    expect(notice).to_contain_text(WHY)
    expect(page.get_by_role("link", name="Perbaiki")).to_have_count(0)
    visitor.open(f"/groups/{melati.group_id}")
    visitor.check("group-with-a-register-called-off")

    visitor.open(page_of(melati, today()))
    visitor.follow(page.get_by_role("link", name="Catat ulang"))
    visitor.check("sheet-of-what-was-called-off")
    expect(page.locator("main input:checked")).to_have_count(0)
    visitor.tap(page.locator("#lessons label.choice").first)
    visitor.follow(page.locator("button[name=step][value=rest]"))
    visitor.check("check-before-another-of-the-month")
    if yesterday.month == today().month:
        expect(page.locator("main .notice a")).to_have_attribute("href", page_of(melati, yesterday))
    visitor.follow(page.get_by_role("button", name="Simpan absensi"))
    visitor.check("meeting-recorded-anew")
    expect(page.locator("main")).to_contain_text("Pernah dibatalkan")
