"""A browser in which somebody has signed in is known by a cookie, and waits for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import delete

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MARK = re.compile("^casework-known-")
SESSION = re.compile("^casework$")


@pytest.fixture
def _guessed_at(served_app: Flask) -> Iterator[None]:
    """Others try wrong passwords for her account, from wherever they can."""
    from casework.accounts.actions.sign_in import Attempt, sign_in
    from casework.accounts.models import LoginThrottle
    from casework.accounts.throttle import ACCOUNT, FREE_TRIES
    from casework.core.errors import Invalid
    from casework.core.transaction import transaction

    secret = str(served_app.secret_key)
    with served_app.test_request_context():
        for n in range(ACCOUNT.room):
            attempt = Attempt("pendamping2", "salah-semua", f"203.0.113.{n // FREE_TRIES}", "")
            with pytest.raises(Invalid):
                sign_in(attempt, secret=secret)
    yield
    with served_app.app_context(), transaction() as session:
        session.execute(delete(LoginThrottle))


def sign_in(visitor: Visitor) -> None:
    visitor.open("/login")
    visitor.type_login("pendamping2")
    visitor.follow(visitor.page.locator("main button[type=submit]"))


def test_chromium_keeps_the_mark_for_the_sign_in_page_alone(visitor: Visitor) -> None:
    sign_in(visitor)
    context, at = visitor.page.context, visitor.address
    (mark,) = [each for each in context.cookies() if MARK.match(each["name"])]
    assert (mark["path"], mark["httpOnly"], mark["sameSite"]) == ("/login", True, "Lax")
    sent = {
        path: {each["name"] for each in context.cookies(f"{at}{path}")}
        for path in ("/login", "/households/")
    }
    assert sent == {"/login": {"casework", mark["name"]}, "/households/": {"casework"}}


def test_with_it_she_gets_in_while_others_guess_and_without_it_she_waits(
    visitor: Visitor, request: pytest.FixtureRequest
) -> None:
    sign_in(visitor)
    context = visitor.page.context
    request.getfixturevalue("_guessed_at")
    context.clear_cookies(name=SESSION)
    sign_in(visitor)
    expect(visitor.page).to_have_url(f"{visitor.address}/")
    context.clear_cookies(name=SESSION)
    context.clear_cookies(name=MARK)
    sign_in(visitor)
    expect(visitor.page.locator("main")).to_contain_text("Terlalu banyak percobaan")
    visitor.check("sign-in-slowed-down")
    assert visitor.complaints == [f"429 at {visitor.address}/login"]
    visitor.complaints.clear()
