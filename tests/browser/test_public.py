"""What everybody may see, and the door."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_national_counts_can_be_followed_down_to_a_regency(visitor: Visitor) -> None:
    visitor.open("/national")
    visitor.check("national")
    visitor.follow(visitor.page.locator("main a[href*='region=71']").first)
    visitor.check("national-province")
    visitor.follow(visitor.page.locator("main a[href*='region=71.71']").first)
    expect(visitor.page.locator("main")).to_contain_text("Manado")
    visitor.check("national-regency")


def test_the_national_counts_speak_english_too(visitor: Visitor) -> None:
    visitor.open("/national")
    visitor.follow(visitor.page.locator("a[hreflang=en]"))
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    visitor.check("national-english")


def test_who_is_not_signed_in_is_asked_to(visitor: Visitor) -> None:
    visitor.open("/households/")
    expect(visitor.page.locator("input[name=username]")).to_be_visible()
    visitor.check("login")
    visitor.page.locator("input[name=username]").fill("pendamping1")
    visitor.page.locator("input[name=password]").fill("not this one at all")
    visitor.follow(visitor.page.locator("main button[type=submit]"))
    expect(visitor.page.locator("input[name=username]")).to_have_value("pendamping1")
    visitor.check("login-refused")
    visitor.type_login("pendamping1")
    visitor.follow(visitor.page.locator("main button[type=submit]"))
    expect(visitor.page).to_have_url(re.compile("/households/$"))
    expect(visitor.page.locator("main ul.rows a").first).to_be_visible()
