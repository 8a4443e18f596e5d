"""A facilitator visits a family that graduated; the supervisor sees which one needs attention."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FOUND = "Anak sulung sakit sejak bulan lalu, warung dijaga bergantian."


def test_a_visit_is_found_on_the_home_page_and_written_down(visitor: Visitor) -> None:
    visitor.sign_in("pendamping1")
    page = visitor.page
    visitor.open("/")
    visitor.check("aftercare-home")
    visitor.follow(page.locator("main a[href='/follow-ups/']"))
    visitor.check("aftercare-due")
    expect(page.locator("ul.rows .tag").first).to_contain_text("Terlambat")
    visitor.follow(page.locator("ul.rows a.row").first)
    expect(page.locator("#aftercare")).to_be_in_viewport()
    visitor.check("aftercare-family")
    family = page.url
    visitor.follow(page.locator("#aftercare a.button"))
    visitor.check("aftercare-form")
    visitor.follow(page.locator(".action-bar button"))
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.check("aftercare-form-refused")
    page.locator("input[name=met][value=spoken]").check()
    page.locator("input[name=livelihood][value=smaller]").check()
    page.locator("input[name=income_per_month]").fill("2.100.000")
    page.locator("input[name=shocks][value=illness]").check()
    page.locator("textarea[name=note]").fill(FOUND)
    page.locator("input[name=next_step][value=nothing]").check()
    visitor.follow(page.locator(".action-bar button"))
    # Below the line: somebody has to do something about it.
    expect(page.locator(".error-summary")).to_contain_text(re.compile("perlu bantuan"))
    expect(page.locator("textarea[name=note]")).to_have_value(FOUND)
    page.locator("input[name=next_step][value=health_or_school]").check()
    visitor.follow(page.locator(".action-bar button"))
    expect(page).to_have_url(re.compile(re.escape(family.split("#")[0])))
    expect(page.locator("#aftercare .notice")).to_contain_text("Rp 2.100.000")
    expect(page.locator("#meetings")).to_contain_text(FOUND)
    visitor.check("aftercare-family-slipping")
    visitor.follow(page.locator("#meetings a[href*='/follow-ups/']").first)
    expect(page.locator("input[name=income_per_month]")).to_have_value("2.100.000")
    visitor.check("aftercare-correct")


def test_nothing_typed_about_a_family_goes_to_the_phone_s_disk(visitor: Visitor) -> None:
    visitor.sign_in("pendamping3")
    page = visitor.page
    visitor.open("/follow-ups/")
    visitor.follow(page.locator("ul.rows a.row").first)
    visitor.follow(page.locator("#aftercare a.button"))
    form = page.locator("main form[method=post]")
    expect(form).to_have_attribute("autocomplete", "off")
    expect(form.locator("input[name=not_kept]")).to_have_count(1)


def test_the_supervisor_sees_who_needs_attention(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    page = visitor.page
    visitor.open("/")
    visitor.check("aftercare-supervisor-home")
    visitor.follow(page.locator("main a[href='/follow-ups/alerts']"))
    visitor.check("aftercare-alerts")
    visitor.follow(page.locator("ul.rows a.row").first)
    expect(page.locator("#aftercare .notice")).to_be_visible()
    expect(page.locator("a[href$='/follow-ups/new']")).to_have_count(0)
    visitor.check("aftercare-supervisor-family")
    visitor.open("/follow-ups/alerts?next_step=business_support")
    visitor.check("aftercare-alerts-none")
    visitor.open("/follow-ups/")
    visitor.check("aftercare-supervisor-due")
