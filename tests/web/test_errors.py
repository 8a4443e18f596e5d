"""What was refused or broke becomes one page, or JSON for machines."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from casework.core.errors import Busy, Conflict, Invalid, NotFound, Refused, TooMany
from casework.web.guard import public


@pytest.fixture
def failing_app(own_app: Flask) -> Flask:
    """An application whose address /fail raises what `own_app.config["RAISE"]` holds."""

    @public
    def fail() -> str:
        raise own_app.config["RAISE"]

    own_app.add_url_rule("/fail", "fail", fail)
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    return own_app


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (Refused("Bukan sekarang."), 403),
        (Conflict("Sudah diputuskan."), 409),
        (Invalid({"": ["Salah."]}), 422),
        (TooMany("Tunggu.", retry_after=7), 429),
        (Busy(), 503),
        (OperationalError("SELECT 1", {}, Exception("connection refused")), 503),
        (ValueError("a fault of ours with NIK 9901000000000001"), 500),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_each_error_has_its_status(
    failing_app: Flask, error: Exception, status: int, accept: str
) -> None:
    failing_app.config["RAISE"] = error
    answer = failing_app.test_client().get("/fail", headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.mimetype == accept
    assert "9901000000000001" not in answer.text
    if status == 429:
        assert answer.headers["Retry-After"] == "7"
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0


def test_what_is_missing_and_what_is_elsewhere_read_alike(failing_app: Flask) -> None:
    failing_app.config["RAISE"] = NotFound()
    client = failing_app.test_client()
    assert client.get("/fail").text == client.get("/nowhere").text


def test_what_is_missing_has_one_code_for_machines(failing_app: Flask) -> None:
    failing_app.config["RAISE"] = NotFound()
    client, machine = failing_app.test_client(), {"Accept": "application/json"}
    first, second = (client.get(path, headers=machine).json for path in ("/fail", "/nowhere"))
    assert first == second
    assert first["error"]["code"] == "NotFound"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_who_used_the_wrong_method_reads_which_are_right(failing_app: Flask, accept: str) -> None:
    answer = failing_app.test_client().delete("/fail", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (405, accept)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_page_of_a_broken_server_asks_the_database_nothing(
    failing_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed in or not, in the person's language, with the database away."""
    failing_app.config["RAISE"] = OperationalError("SELECT 1", {}, Exception("gone"))
    client = failing_app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "some token"

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("casework.core.db.db.session.execute", gone)
    answer = client.get("/fail")
    assert answer.status_code == 503
    assert "<html" in answer.text


def test_every_answer_carries_the_security_headers(failing_app: Flask) -> None:
    from casework.web.headers import HEADERS

    failing_app.config["RAISE"] = ValueError("broken")
    client = failing_app.test_client()
    for address in ("/login", "/nowhere", "/fail", "/static/nothing.css"):
        headers = client.get(address).headers
        for name, value in HEADERS.items():
            assert headers[name] == value, f"{name} at {address}"
        assert "no-store" in headers["Cache-Control"] or "immutable" in headers["Cache-Control"]
