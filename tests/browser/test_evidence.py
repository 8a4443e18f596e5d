"""A large photo becomes small on the phone, before the signal has to carry it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import pictures
from tests.browser.test_case import NOMINATE, open_ready_family
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_large_photo_is_sent_small(visitor: Visitor) -> None:
    """Whether she waits until it is small, or presses the button at once."""
    # Longer than the server keeps any, and several times as heavy; another one for each kind.
    photos = [pictures.noise(2100, 1400), pictures.noise(2140, 1400)]
    visitor.sign_in("pendamping2")
    open_ready_family(visitor)
    page = visitor.page
    visitor.follow(page.locator(NOMINATE))
    expect(page).to_have_url(re.compile("/nominations/"))
    nomination = page.url
    for photo, kind, words, waits in (
        (photos[0], "signing_photo", "Foto saat tanda tangan", True),
        (photos[1], "house_or_business_photo", "Foto rumah atau usaha", False),
    ):
        page.goto(f"{nomination}/evidence")
        page.wait_for_load_state("networkidle")
        page.locator(f"input[name={kind}]").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}
        )
        if waits:
            page.wait_for_function(
                "([kind, most]) => document.querySelector(`[name=${kind}]`).files[0].size < most",
                arg=[kind, len(photo) // 2],
            )
        with page.expect_request(lambda request: request.method == "POST") as sent:
            visitor.follow(page.locator(".action-bar button"))
        assert int(sent.value.all_headers()["content-length"]) < len(photo) // 2
        expect(page.locator("main")).to_contain_text("1 berkas tersimpan")
        page.goto(f"{nomination}/evidence")
        expect(page.locator("#added")).to_contain_text(words)
    page.goto(f"{nomination}/withdraw")
    page.locator("textarea[name=reason]").fill("Hanya mencoba.")
    visitor.follow(page.locator("main form button[type=submit]").last)
    expect(page).to_have_url(nomination)
