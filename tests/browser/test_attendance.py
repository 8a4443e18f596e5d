"""A facilitator takes attendance with her thumb: few taps, corrections later."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: Source: field-ux 7.2, budgets of the sheet.
MOST_TAPS_WITH_BULK = 10
MOST_TAPS_ONE_BY_ONE = 34


def open_sheet_of_the_large_group(visitor: Visitor) -> int:
    """From the home page: the first group still to meet that has 30 families, or a few less
    where some have left. Gives how many."""
    visitor.open("/")
    large = re.compile(r"\b(2[6-9]|30) keluarga")
    task = visitor.page.locator("ul.tasks li").filter(has_text=large).first
    visitor.follow(task.get_by_role("link"))
    families = visitor.page.locator(".mark").count()
    assert 26 <= families <= 30
    return families


def radio(visitor: Visitor, row: int, presence: str) -> Locator:
    """The label is what a thumb hits."""
    return visitor.page.locator(f"label[for=m{row}{presence}]")


def choose_the_suggested_lesson(visitor: Visitor) -> None:
    visitor.tap(visitor.page.locator("#lessons label.choice").first)


def press(visitor: Visitor, step: str) -> None:
    visitor.follow(visitor.page.locator(f"button[name=step][value={step}]:visible").last)


def test_four_are_absent_and_the_rest_is_there(visitor: Visitor) -> None:
    visitor.sign_in("pendamping1")
    families = open_sheet_of_the_large_group(visitor)
    visitor.check("sheet-empty")
    choose_the_suggested_lesson(visitor)
    for row in (3, 8, 17, 26):
        visitor.tap(radio(visitor, row, "absent"))
    press(visitor, "rest")
    expect(visitor.page.locator("dl.summary")).to_be_visible()
    visitor.check("sheet-check")
    press(visitor, "save")
    expect(visitor.page.locator("main")).to_contain_text(re.compile(str(families - 4)))
    assert visitor.taps <= MOST_TAPS_WITH_BULK
    visitor.check("home-after-saving")


def test_thirty_are_marked_one_by_one(visitor: Visitor) -> None:
    visitor.sign_in("pendamping2")
    families = open_sheet_of_the_large_group(visitor)
    choose_the_suggested_lesson(visitor)
    for row in range(1, families + 1):
        visitor.tap(radio(visitor, row, "sick" if row == 5 else "present"))
    visitor.check("sheet-marked")
    press(visitor, "check")
    press(visitor, "save")
    expect(visitor.page.locator("main")).to_contain_text(re.compile(str(families - 1)))
    assert visitor.taps <= MOST_TAPS_ONE_BY_ONE + families - 30


def test_a_register_is_corrected_and_keeps_what_it_was(visitor: Visitor) -> None:
    visitor.sign_in("pendamping3")
    # Home lists the meetings of this month: on its first day, none.
    visitor.open("/groups/")
    visitor.follow(visitor.page.locator("main .rows a[href^='/groups/']").first)
    visitor.follow(visitor.page.locator("#meetings a[href^='/meetings/']").first)
    visitor.check("meeting")
    visitor.follow(visitor.page.locator("a[href$='/correct']"))
    visitor.check("sheet-correcting")
    current = visitor.page.locator(".mark").first.locator("input:checked").get_attribute("value")
    visitor.tap(radio(visitor, 1, "excused" if current != "excused" else "absent"))
    press(visitor, "check")
    press(visitor, "save")
    visitor.open(visitor.page.url)
    visitor.check("meeting-corrected")


def test_a_sheet_with_gaps_says_who_is_missing(visitor: Visitor) -> None:
    visitor.sign_in("pendamping3")
    open_sheet_of_the_large_group(visitor)
    visitor.tap(radio(visitor, 1, "present"))
    press(visitor, "check")
    expect(visitor.page.locator(".error-summary, .errors, [role=alert]").first).to_be_visible()
    visitor.check("sheet-with-gaps")
    expect(visitor.page.locator("#m1present")).to_be_checked()
