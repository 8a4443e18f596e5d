"""A phone in the field, with a server of its own: what it sends would change the demonstration
under the other tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.lending import Lent
from tests.browser.outbox import Handset, Tab, held
from tests.browser.serving import as_served, served
from tests.browser.village import Village, settle
from tests.browser.visitor import SETTINGS
from tests.fixtures.application import close
from tests.meetings.conftest import Arranged, arrange
from tests.product_server import product_server
from tests.slow_line import slow_line


@pytest.fixture(scope="session")
def field_app(chromium: Browser, installed_on_sqlite: Callable[[str], Flask]) -> Iterator[Flask]:
    """Asks for the browser first, so that nothing is installed where there is none."""
    app = as_served(installed_on_sqlite("field"))
    yield app
    close(app)


@pytest.fixture(scope="session")
def field_address(field_app: Flask) -> Iterator[str]:
    with served(field_app) as address:
        yield address


@pytest.fixture(scope="session")
def village(field_app: Flask) -> Iterator[Village]:
    """The product served as in production, over a line that can be slow and counts."""
    username, large = settle(field_app)
    with product_server(field_app) as server, slow_line(server.port) as line:
        yield Village(field_app, line, username, large)


@pytest.fixture
def melati(field_app: Flask) -> Arranged:
    """A facilitator with a group. The server keeps what earlier tests sent, of others."""
    with field_app.app_context():
        return arrange(households=3)


@pytest.fixture
def cempaka(field_app: Flask) -> Arranged:
    """Of the colleague who uses the same phone."""
    with field_app.app_context():
        return arrange(households=3)


@pytest.fixture
def phone(chromium: Browser, field_app: Flask, field_address: str) -> Iterator[Handset]:
    context = chromium.new_context(base_url=field_address, **SETTINGS)
    with held(context, field_app, field_address) as phone:
        yield phone


@pytest.fixture(scope="session")
def field_lent(chromium: Browser, field_address: str) -> Iterator[Lent]:
    lent = Lent(chromium, field_address)
    yield lent
    lent.close()


@pytest.fixture
def her(phone: Handset, melati: Arranged) -> Tab:
    phone.sign_in(melati)
    return phone.open(melati)
