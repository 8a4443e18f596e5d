"""A large photo becomes small on the phone, before the signal has to carry it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import pictures
from tests.browser.test_case import NOMINATE, open_ready_family
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("waits", [True, False], ids=["calmly", "at once"])
def test_a_large_photo_is_sent_small(visitor: Visitor, waits: bool) -> None:
    visitor.sign_in("pendamping2")
    open_ready_family(visitor)
    page = visitor.page
    visitor.follow(page.locator(NOMINATE))
    expect(page).to_have_url(re.compile("/nominations/"))
    nomination = page.url
    page.goto(f"{nomination}/evidence")
    photo = pictures.noise(2600, 1900)
    field = page.locator("input[name=signing_photo]")
    page.wait_for_load_state("networkidle")
    field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})
    if waits:
        page.wait_for_function(
            "most => document.querySelector('[name=signing_photo]').files[0].size < most",
            arg=len(photo) // 2,
        )
    visitor.follow(page.locator(".action-bar button"))
    expect(page.locator("main")).to_contain_text("1 berkas tersimpan")
    page.goto(f"{nomination}/evidence")
    expect(page.locator("#added")).to_contain_text("Foto saat tanda tangan")
    page.goto(f"{nomination}/withdraw")
    page.locator("textarea[name=reason]").fill("Hanya mencoba.")
    visitor.follow(page.locator("main form button[type=submit]").last)
    expect(page).to_have_url(nomination)
