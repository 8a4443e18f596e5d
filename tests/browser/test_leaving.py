"""Somebody leaves a page with signal on which something is typed: she is asked where it is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.pocket import drafted
from tests.browser.registers import write
from tests.browser.test_signal_lost import FORM, of_family, of_nomination
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def asked(page: Page) -> list[str]:
    """What the browser asks, from now on; the answer is to go."""
    questions: list[str] = []

    def go(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.accept()

    page.on("dialog", go)
    return questions


def home(page: Page) -> None:
    """By the address and not by a link: that also asks."""
    page.goto("/")
    expect(page.locator("h1")).to_be_visible()


def form(visitor: Visitor, username: str, opened: Callable[[Visitor], None]) -> Page:
    visitor.sign_in(username)
    opened(visitor)
    visitor.page.wait_for_load_state("networkidle")
    return visitor.page


def sheet(visitor: Visitor) -> Page:
    visitor.sign_in("pendamping1")
    visitor.open("/groups/")
    page = visitor.page
    visitor.follow(page.locator("main a[href^='/groups/'][href*='-']").first)
    visitor.follow(page.locator("main a[href$='/meetings/new']"))
    page.locator(".mark").first.wait_for()
    page.wait_for_load_state("networkidle")
    return page


def test_a_form_that_was_filled_in_is_not_left_unasked(visitor: Visitor) -> None:
    page = form(visitor, "pendamping1", of_family("economics/observations/new"))
    questions = asked(page)
    page.locator("textarea[name=note]").fill("Dagangan laku")
    home(page)
    assert questions == ["beforeunload"]


def test_nor_is_one_whose_answer_says_what_is_missing(visitor: Visitor) -> None:
    page = form(visitor, "pendamping3", of_nomination("withdraw"))
    questions = asked(page)
    with page.expect_navigation():
        page.locator(FORM).locator("button[type=submit]").last.click()
    assert questions == [], "what is sent is not lost"
    page.locator("h1").click()
    home(page)
    assert questions == ["beforeunload"]


def test_nobody_is_asked_who_has_typed_nothing(visitor: Visitor) -> None:
    page = form(visitor, "pendamping1", of_family("economics/observations/new"))
    questions = asked(page)
    page.locator("h1").click()
    home(page)
    assert questions == []


def test_marks_are_kept_and_nobody_is_asked(visitor: Visitor) -> None:
    page = sheet(visitor)
    questions = asked(page)
    page.locator("label[for=m1sick]").click()
    drafted(page, "m1sick")
    home(page)
    assert questions == []


def test_a_note_on_a_sheet_lies_nowhere_else_and_is_asked_about(visitor: Visitor) -> None:
    page = sheet(visitor)
    questions = asked(page)
    page.locator("label[for=m1sick]").click()
    drafted(page, "m1sick")
    write(page, 1, "Demam")
    home(page)
    assert questions == ["beforeunload"]
