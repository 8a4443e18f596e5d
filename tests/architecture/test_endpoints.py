"""Every address says who may use it, and nobody else can."""

from __future__ import annotations

from flask import Flask

from casework.access.permissions import Permission
from casework.web.guard import PUBLIC, declared

#: Open to everybody, each with its reason. Anything else needs a permission.
OPEN = {
    "static": "styles, scripts and icons hold nothing personal",
    "accounts.login": "signing in",
    "accounts.activate": "setting the own password by the link",
    "accounts.language": "a choice kept in the browser",
    "counts.national": "the public reads the national counts",
    "counts.api_counts": "the same figures for programs",
    "counts.api_description": "what that answers",
    "offline.shell": "holds nothing of anybody, and the worker keeps it for whoever comes next",
    "offline.worker": "the program that keeps the shell; the same for everybody",
    "healthz": "the load balancer asks whether the process lives",
    "readyz": "the load balancer asks whether the database answers",
}


def test_every_endpoint_declares_its_permission(app: Flask) -> None:
    with app.app_context():
        undeclared = [
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if declared(rule.endpoint) is None and not rule.build_only
        ]
    assert not undeclared, (
        f"put @require(Permission.…) or @public under the route of {sorted(set(undeclared))}; "
        "until then the guard answers 404 to everybody"
    )


def test_what_is_public_is_public_for_a_reason(app: Flask) -> None:
    with app.app_context():
        open_now = {
            rule.endpoint for rule in app.url_map.iter_rules() if declared(rule.endpoint) == PUBLIC
        }
    assert open_now == set(OPEN), (
        "write the reason into OPEN of this test, or require a permission: "
        f"{sorted(open_now ^ set(OPEN))}"
    )


def test_every_permission_opens_something_or_is_asked_for(app: Flask) -> None:
    """A permission that nothing asks for is a promise that nobody keeps."""
    from tests.architecture.sources import ROOT, python_files

    with app.app_context():
        used = {declared(rule.endpoint) for rule in app.url_map.iter_rules()}
    text = "".join(
        (ROOT / path).read_text(encoding="utf-8")
        for path in python_files()
        if "access/" not in str(path)
    )
    idle = [p.name for p in Permission if p not in used and f"Permission.{p.name}" not in text]
    assert not idle, f"remove them from casework/access or use them: {idle}"


def test_the_guard_refuses_what_declares_nothing(own_app: Flask) -> None:
    own_app.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    answer = own_app.test_client().get("/undeclared")
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_nothing_changes_by_a_link(app: Flask) -> None:
    """A GET that tries to write is stopped by the transaction itself."""
    import pytest

    from casework.core.db import db
    from casework.core.transaction import READ_ONLY, WriteInReadOnlyRequest, transaction

    with app.app_context():
        db.session().info[READ_ONLY] = True
        with pytest.raises(WriteInReadOnlyRequest), transaction():
            pass


def test_addresses_are_typed(app: Flask) -> None:
    """An id in an address is a UUID or a checked word, never free text."""
    loose = [
        str(rule)
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if type(converter).__name__ == "UnicodeConverter" and name not in {"token", "code"}
    ]
    assert not loose, f"use <uuid:…>, <int:…> or any(…) in {loose}"
