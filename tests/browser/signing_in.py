"""A browser of somebody who has signed in, without the form and its password."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import BrowserContext


def sign_in(context: BrowserContext, app: Flask, address: str, **who: object) -> None:
    """`who` names one column of a user. What signing in itself does is tested where it is done:
    here the first page, and the worker that it brings along, would be opened for nothing."""
    # Here, so that tests without a browser do not pay for the application.
    from casework.accounts.models import User
    from casework.core.db import db
    from tests.factories import accounts

    client = app.test_client()
    with app.app_context():
        accounts.sign_in(client, db.session.scalars(db.select(User).filter_by(**who)).one())
    cookie = client.get_cookie("casework")
    assert cookie is not None
    context.add_cookies([{"name": "casework", "value": cookie.value, "url": address}])
