"""The family's statement, from the nomination to a sheet of paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from casework.core.transaction import transaction
from casework.graduation import actions
from casework.households.models import Household
from tests.browser.album import keep
from tests.browser.outbox import Handset
from tests.browser.visitor import Visitor
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

LONG = "Hj. Wilhelmina Tumanduk-Rumokoy Pangemanan, S.Pd"


def test_the_statement_is_printed_on_one_page(phone: Handset, melati: Arranged) -> None:
    with phone.app.app_context(), transaction() as session:
        nomination = actions.draft(melati.actor, melati.households[0])
        session.get_one(Household, (melati.area_id, melati.households[0])).caretaker_name = LONG
    phone.sign_in(melati)
    visitor = Visitor(phone.context.new_page(), phone.address, phone.app)
    page = visitor.page
    visitor.open(f"/nominations/{nomination}/statement")
    visitor.check("statement-own")
    visitor.follow(page.get_by_role("link", name="Cetak surat pernyataan"))
    visitor.follow(page.get_by_role("button", name="Tampilkan surat"))
    expect(page.get_by_role("alert")).to_contain_text("Pilih alasan")
    visitor.check("letter-reason-missing")
    page.get_by_text("Penghasilan sudah di atas upah minimum").click()
    visitor.follow(page.get_by_role("button", name="Tampilkan surat"))
    visitor.check("letter")
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    page.get_by_role("button", name="Cetak").click()
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Surat Pernyataan Graduasi Mandiri")).to_be_visible()
    expect(page.get_by_role("button", name="Cetak")).to_be_hidden()
    expect(page.get_by_text("Cetak atau simpan sebagai PDF.", exact=True)).to_be_hidden()
    paper = page.pdf(format="A4")
    keep("letter.pdf", paper)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 1
    assert not visitor.complaints
