"""Somebody fills in a form while her login runs out: what she typed is not lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import update

from tests.browser.test_attendance import (
    choose_the_suggested_lesson,
    open_sheet_of_the_large_group,
    press,
    radio,
)
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def end_all_logins(app: Flask) -> None:
    from casework.accounts.models import LoginSession
    from casework.core import clock
    from casework.core.transaction import transaction

    with app.app_context(), transaction() as session:
        session.execute(update(LoginSession).values(ended_at=clock.now()))


def sign_in(visitor: Visitor, username: str) -> None:
    """With the form: what is tested here goes by what the browser keeps of that."""
    visitor.open("/login")
    visitor.type_login(username)
    visitor.follow(visitor.page.locator("main button[type=submit]"))


def sign_in_again(visitor: Visitor, username: str) -> None:
    """In the page that came instead of the answer."""
    page = visitor.page
    expect(page.locator("main")).to_contain_text("isian Anda belum hilang")
    visitor.check("login-ran-out")
    visitor.type_login(username)
    page.locator("main button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Isian Anda masih ada")
    visitor.check("send-again")
    page.get_by_role("button", name="Kirim sekarang").click()


def only_401(visitor: Visitor) -> None:
    """The one answer that the browser may complain of here."""
    assert [each for each in visitor.complaints if not each.startswith("401 at ")] == []
    visitor.complaints.clear()


def test_an_observation_is_saved_as_it_was_typed(visitor: Visitor, served_app: Flask) -> None:
    sign_in(visitor, "pendamping1")
    page = visitor.page
    visitor.open("/households/")
    household = page.locator("main ul.rows a").first.get_attribute("href")
    visitor.open(f"{household}/economics/observations/new")
    page.locator("input[name=income_per_month]").fill("1.234.500")
    page.locator("textarea[name=note]").fill('Warung "Bu Siti" & anak')
    end_all_logins(served_app)
    page.locator("main button[type=submit]").last.click()
    sign_in_again(visitor, "pendamping1")
    expect(page.locator("main")).to_contain_text("Rp 1.234.500")
    expect(page.locator("main")).to_contain_text('Warung "Bu Siti" & anak')
    only_401(visitor)


def test_a_marked_register_goes_on_where_it_was(visitor: Visitor, served_app: Flask) -> None:
    sign_in(visitor, "pendamping3")
    page = visitor.page
    families = open_sheet_of_the_large_group(visitor)
    choose_the_suggested_lesson(visitor)
    for row in (2, 9, families):
        visitor.tap(radio(visitor, row, "sick"))
    end_all_logins(served_app)
    press(visitor, "rest")
    sign_in_again(visitor, "pendamping3")
    expect(page.locator(".stats")).to_contain_text(re.compile(str(families - 3)))
    expect(page.locator(".stats")).to_contain_text("3 sakit")
    only_401(visitor)
