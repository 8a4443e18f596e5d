"""How a page that is meant for paper is printed: by a button, or by the browser's own menu."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import SETTINGS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADDRESS = "/reports/ceremony"
BY_BUTTON = "Cetak atau simpan sebagai PDF."
BY_MENU = "buka menu browser"


def told(page: Page, *, button: bool) -> None:
    expect(page.get_by_role("button", name="Cetak")).to_be_visible(visible=button)
    expect(page.get_by_text(BY_BUTTON, exact=True)).to_be_visible(visible=button)
    expect(page.get_by_text(BY_MENU)).to_be_visible(visible=not button)


def test_the_button_prints(visitor: Visitor) -> None:
    page = visitor.page
    page.add_init_script("window.print = () => { document.title = 'printed' }")
    visitor.sign_in("supervisor1")
    visitor.open(ADDRESS)
    told(page, button=True)
    page.get_by_role("button", name="Cetak").click()
    expect(page).to_have_title("printed")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Cetak")).to_be_hidden()
    expect(page.get_by_text(BY_BUTTON, exact=True)).to_be_hidden()
    expect(page.get_by_text(BY_MENU)).to_be_hidden()


def test_where_a_page_cannot_print_the_way_by_the_menu_stays(visitor: Visitor) -> None:
    visitor.page.add_init_script("window.print = undefined")
    visitor.sign_in("supervisor1")
    visitor.open(ADDRESS)
    told(visitor.page, button=False)


def test_without_scripts_there_is_no_dead_button(
    chromium: Browser, address: str, served_app: Flask
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False, **SETTINGS)
    visitor = Visitor(context.new_page(), address, served_app)
    visitor.sign_in("supervisor1")
    visitor.open(ADDRESS)
    told(visitor.page, button=False)
    context.close()
    assert not visitor.complaints
