"""What a facilitator types into the server's own forms does not stay on her phone's disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from casework.core.transaction import transaction
from casework.graduation import actions
from tests.browser.pocket import NOTED, each_on_disk, on_disk, phone_on, taken_along
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

#: In nothing else that is on a phone; the number is in the range that nobody has.
OBSERVED, TURNOVER, PROVIDER = "dipinjam dari paman Yosafat", "7654321", "Koperasi Zakharia"
NOTE, WORD, NIK = (
    "Warung Filemon sudah ramai",
    "Suami Onesimus kehilangan kerja",
    "9971019988776655",
)


def test_what_is_typed_with_signal_is_not_on_the_disk_before_or_after_it_is_sent(
    chromium: Browser, field_app: Flask, field_address: str, melati: Arranged, tmp_path: Path
) -> None:
    with field_app.app_context(), transaction():
        nomination = actions.draft(melati.actor, melati.households[0])
    family = f"/households/{melati.households[0]}"
    with phone_on(tmp_path, field_app, field_address, chromium) as phone:
        home = taken_along(phone, melati)
        fields = {
            f"{family}/economics/observations/new": ("textarea[name=note]", OBSERVED),
            f"{family}/economics/enterprises/new": ("[name=turnover_per_month]", TURNOVER),
            f"{family}/economics/support/new": ("[name=provider]", PROVIDER),
            f"/nominations/{nomination}/note": ("textarea[name=note]", NOTE),
            f"/nominations/{nomination}/withdraw": ("textarea[name=reason]", WORD),
            "/households/": ("[name=text]", NIK),
        }
        pages = {path: opened(home, path) for path in [*fields, f"{family}/readiness"]}
        for path, (field, text) in fields.items():
            looked_at(pages[path]).locator(field).fill(text)
        asked = (
            looked_at(pages[f"{family}/readiness"]).locator("#questions input[type=radio]").first
        )
        asked.check(force=True)
        answer = f"{asked.get_attribute('name')}={asked.get_attribute('value')}"
        words = [OBSERVED, TURNOVER, PROVIDER, NOTE, WORD, NIK, answer]
        # A form that is sent writes spaces as +.
        spellings = words + [each.replace(" ", "+") for each in words]
        home.wait_for_timeout(NOTED)
        typed = each_on_disk(tmp_path, *spellings)
        for page in pages.values():
            with looked_at(page).expect_navigation():
                page.locator("main form[method=post] button:not([name=cancel])").last.click()
        home.wait_for_timeout(NOTED)
        sent = each_on_disk(tmp_path, *spellings)
    closed = each_on_disk(tmp_path, *spellings)
    nowhere: dict[str, set[str]] = {word: set() for word in spellings}
    assert [typed, sent, closed] == [nowhere] * 3
    # That the eye sees: what the pages say of themselves is found by it.
    assert on_disk(tmp_path, "economics/support/new")


def opened(home: Page, path: str) -> Page:
    page = home.context.new_page()
    page.goto(path)
    return page


def looked_at(page: Page) -> Page:
    """A browser takes two seconds for a tap on a page that nobody sees."""
    page.bring_to_front()
    return page
