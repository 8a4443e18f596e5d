"""A facilitator follows one family: its page, its economy, its readiness, its nomination."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from casework.demo import pictures
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: Source: field-ux 7.2; choosing a picture counts as one, the short text is not counted.
MOST_TAPS_TO_NOMINATE = 12

#: The main button of the page only where the verdict is "ready" or nearly so.
NOMINATE = "form[action^='/nominations/new/'] .button:not(.button-secondary)"

WHY = "Usaha berjalan baik, tabungan cukup, keluarga sendiri yang meminta."


def open_ready_family(visitor: Visitor) -> str:
    """One that nobody has put forward yet, found on the home page; gives its address."""
    visitor.open("/")
    addresses = visitor.page.locator("main a[href^='/households/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    for address in addresses:
        visitor.open(address)
        if visitor.page.locator(NOMINATE).count():
            return str(address)
    raise AssertionError("nobody on the home page can be nominated")


def test_every_page_of_a_family_can_be_read_on_a_phone(visitor: Visitor) -> None:
    visitor.sign_in("pendamping1")
    visitor.open("/")
    visitor.check("facilitator-home")
    address = open_ready_family(visitor)
    visitor.check("household")
    visitor.open(f"{address}/economics")
    visitor.check("economics")
    visitor.open(f"{address}/readiness")
    visitor.check("readiness")
    visitor.open("/households/")
    visitor.check("facilitator-households")
    visitor.open("/groups/")
    visitor.check("facilitator-groups")
    visitor.open("/nominations/")
    visitor.check("facilitator-nominations")


def test_a_nik_is_masked_until_somebody_asks(visitor: Visitor) -> None:
    visitor.sign_in("pendamping1")
    open_ready_family(visitor)
    expect(visitor.page.locator("main")).not_to_contain_text(re.compile(r"9971\d{12}"))
    visitor.follow(visitor.page.locator("form[action$='/reveal'] button").first)
    expect(visitor.page.locator("main")).to_contain_text(re.compile(r"9971\d{12}"))
    visitor.check("household-revealed")


def test_what_was_seen_at_a_visit_is_recorded(visitor: Visitor) -> None:
    visitor.sign_in("pendamping2")
    address = open_ready_family(visitor)
    page = visitor.page
    visitor.open(f"{address}/economics/observations/new")
    visitor.check("observation")
    visitor.follow(page.locator("main form button[type=submit]").last)
    visitor.check("observation-refused")
    page.locator("input[name=income_per_month]").fill("4.200.000")
    visitor.follow(page.locator("main form button[type=submit]").last)
    expect(page.locator("main")).to_contain_text("4.200.000")
    visitor.open(f"{address}/economics/enterprises/new")
    visitor.check("enterprise")
    visitor.open(f"{address}/economics/support/new")
    visitor.check("support")


def test_a_ready_family_is_nominated_with_few_taps(visitor: Visitor) -> None:
    visitor.sign_in("pendamping3")
    open_ready_family(visitor)
    page = visitor.page
    visitor.taps = 0
    visitor.follow(page.locator(NOMINATE))
    nomination = page.url
    visitor.check("nomination-draft")
    visitor.follow(page.locator("#tasks a[href$='/statement']"))
    visitor.check("nomination-statement")
    visitor.tap(page.locator("input[name=given]").first)
    visitor.follow(page.locator(".action-bar button"))
    if not page.url.endswith("/evidence"):
        visitor.follow(page.locator("#tasks a[href$='/evidence']"))
    visitor.check("nomination-evidence")
    for kind, draw in (
        ("signed_statement", pictures.statement),
        ("signing_photo", pictures.signing),
        ("house_or_business_photo", pictures.house),
    ):
        visitor.taps += 1
        page.locator(f"input[name={kind}]").set_input_files(
            {"name": f"{kind}.jpg", "mimeType": "image/jpeg", "buffer": draw(1)}
        )
    visitor.follow(page.locator(".action-bar button"))
    if not page.url.endswith("/note"):
        visitor.follow(page.locator("#tasks a[href$='/note']"))
    page.locator("textarea[name=note]").fill(WHY)
    visitor.check("nomination-note")
    visitor.follow(page.locator("button[name=send]"))
    expect(page).to_have_url(nomination)
    expect(page.locator("main .tag").first).to_contain_text(re.compile("Menunggu"))
    assert visitor.taps <= MOST_TAPS_TO_NOMINATE
    visitor.check("nomination-sent")
    visitor.open(f"{nomination}/withdraw")
    visitor.check("nomination-withdraw")
