"""A supervisor sees where families have a business, and what they were given for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_from_the_home_page_to_a_district(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    page = visitor.page
    visitor.open("/")
    visitor.follow(page.get_by_role("link", name="Usaha dan bantuan per wilayah"))
    visitor.check("economics-by-district")
    visitor.follow(page.locator("main table a").first)
    visitor.check("economics-by-village")
    expect(page.locator("h1")).to_have_text("Usaha dan bantuan")
