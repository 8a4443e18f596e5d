"""Pages on which a newcomer looked in vain, as a person meets them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import LAPTOP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_columns_of_a_roster_file_unfold_on_its_page(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    page = visitor.page
    visitor.open("/rosters/import")
    expect(page.get_by_text("Wajib jika tidak ada KODE WILAYAH").first).to_be_hidden()
    page.get_by_text("Kolom berkas").first.click()
    expect(page.get_by_text("Wajib jika tidak ada KODE WILAYAH").first).to_be_visible()
    visitor.check("roster-columns")
    page.set_viewport_size(LAPTOP)
    visitor.check("roster-columns-laptop")


def test_families_that_left_are_found_from_the_list_of_families(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    page = visitor.page
    visitor.open("/households/")
    page.get_by_text("Saring").first.click()
    visitor.follow(page.get_by_role("link", name="menurut cara keluar"))
    assert page.locator("ul.rows li").count() > 0
    visitor.check("exits-listed")
    page.set_viewport_size(LAPTOP)
    visitor.check("exits-listed-laptop")
    page.get_by_label("Cara keluar").select_option("ineligible")
    visitor.follow(page.get_by_role("button", name="Tampilkan"))
    visitor.check("exits-narrowed")


def test_people_without_a_password_and_the_exact_figure_are_seen_at_once(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    page = visitor.page
    visitor.open("/users/?without_password=1")
    visitor.check("people-without-password")
    visitor.open("/national?region=71.71")
    exact = page.locator(".notice b", has_text="Angka tepat per ")
    expect(exact).to_be_visible()
    rounded = page.locator(".stats").first
    upper, lower = exact.bounding_box(), rounded.bounding_box()
    assert upper
    assert lower
    assert upper["y"] < lower["y"]
    visitor.check("national-exact")


def test_the_outbox_leads_wherever_other_pages_lead(visitor: Visitor) -> None:
    visitor.sign_in("pendamping1")
    page = visitor.page
    visitor.open("/")
    expect(page.get_by_text("Semua data sudah terkirim.")).to_be_visible()
    visitor.open("/outbox")
    menu = page.get_by_role("navigation", name="Menu utama")
    expect(page.get_by_role("heading", name="Kiriman", level=1)).to_be_visible()
    visitor.check("outbox-menu")
    visitor.follow(menu.get_by_role("link", name="Keluarga"))
    expect(page.get_by_role("heading", name="Keluarga", level=1)).to_be_visible()
