"""Signal is lost while a form with signal is filled in: nothing that was typed is lost with it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.test_case import NOMINATE, open_ready_family
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SAID = "Sedang tidak ada sinyal. Isian Anda masih ada di halaman ini"
TYPED = "Dagangan laku, anak bungsu sakit."

FORM = "main form[method=post]:has(.action-bar, textarea)"


def of_family(page: str) -> Callable[[Visitor], None]:
    def opened(visitor: Visitor) -> None:
        visitor.open(f"{open_ready_family(visitor)}/{page}")

    return opened


def of_nomination(page: str) -> Callable[[Visitor], None]:
    def opened(visitor: Visitor) -> None:
        open_ready_family(visitor)
        visitor.follow(visitor.page.locator(NOMINATE))
        expect(visitor.page).to_have_url(re.compile("/nominations/"))
        visitor.open(f"{visitor.page.url}/{page}")

    return opened


def visit(visitor: Visitor) -> None:
    visitor.open("/follow-ups/")
    visitor.follow(visitor.page.locator("ul.rows a.row").first)
    visitor.follow(visitor.page.locator("#aftercare a.button"))


FORMS: dict[str, tuple[str, Callable[[Visitor], None], str]] = {
    "observation": ("pendamping1", of_family("economics/observations/new"), "textarea"),
    "business": ("pendamping1", of_family("economics/enterprises/new"), "input[type=text]"),
    "support": ("pendamping1", of_family("economics/support/new"), "textarea, input[type=text]"),
    "answers": ("pendamping1", of_family("readiness"), "input[type=radio][value=yes]"),
    "visit": ("pendamping3", visit, "textarea"),
    "note": ("pendamping1", of_nomination("note"), "textarea"),
    "statement": ("pendamping2", of_nomination("statement"), "textarea, input[type=text]"),
    "withdrawal": ("pendamping3", of_nomination("withdraw"), "textarea"),
}


def fill(field: Locator) -> None:
    if field.get_attribute("type") == "radio":
        field.check()
    else:
        field.fill(TYPED)


def is_there(field: Locator) -> None:
    if field.get_attribute("type") == "radio":
        expect(field).to_be_checked()
    else:
        expect(field).to_have_value(TYPED)


def posted(page: Page) -> list[Request]:
    """What its forms have sent, from now on."""
    sent: list[Request] = []
    page.on("request", lambda each: sent.append(each) if _is_form(each) else None)
    return sent


def _is_form(request: Request) -> bool:
    return request.method == "POST" and request.is_navigation_request()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_cannot_be_sent_stays_and_can_be_sent_later(
    visitor: Visitor, name: str
) -> None:
    username, opened, field_of = FORMS[name]
    visitor.sign_in(username)
    opened(visitor)
    page = visitor.page
    page.wait_for_load_state("networkidle")
    field = page.locator(FORM).locator(field_of).first
    fill(field)
    button = page.locator(FORM).locator("button[type=submit]").last
    sent = posted(page)
    address = page.url
    page.context.set_offline(True)
    button.click()
    notice = page.locator(FORM).get_by_role("alert")
    expect(notice).to_contain_text(SAID)
    expect(notice).to_be_in_viewport()
    is_there(field)
    assert (page.url, sent) == (address, [])
    visitor.check(f"signal-lost-{name}")
    page.context.set_offline(False)
    with page.expect_navigation():
        button.click()
    assert len(sent) == 1


def test_pressed_twice_a_form_is_sent_once(visitor: Visitor) -> None:
    visitor.sign_in("pendamping1")
    of_family("economics/observations/new")(visitor)
    page = visitor.page
    page.wait_for_load_state("networkidle")
    page.locator("textarea[name=note]").fill(TYPED)
    sent = posted(page)
    with page.expect_navigation():
        page.locator(FORM).locator("button[type=submit]").last.dblclick()
    expect(page.locator("main")).to_contain_text(TYPED)
    assert len(sent) == 1
