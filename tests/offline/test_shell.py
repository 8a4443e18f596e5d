"""The pages without signal ask what the pages with signal ask, in the same words, and stand in
for them at the same addresses."""

from __future__ import annotations

import html
import json
import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.economics.forms import ObservationForm
from casework.readiness.forms import AnswersForm
from casework.web.fields import YesNoField
from tests.meetings.conftest import Arranged
from tests.offline.conftest import browser_of


@pytest.fixture
def templates(client: FlaskClient) -> dict[str, str]:
    """What is in the shell, by its id, without tags."""
    answer = client.get("/offline")
    assert "Set-Cookie" not in answer.headers
    found = re.findall(r'<template id="([a-z-]+)">(.*?)</template>', answer.text, re.S)
    return {name: html.unescape(re.sub(r"<[^>]+>", "|", text)) for name, text in found}


def words_of(form: ObservationForm | AnswersForm) -> list[str]:
    fields = [field for field in form if field.name not in {"once", "csrf_token"}]
    choices = [
        str(label)
        for field in fields
        if hasattr(field, "iter_choices")
        for _value, label, *_more in field.iter_choices()
    ]
    return [str(field.label.text) for field in fields] + choices


def test_an_observation_is_asked_in_the_same_words(app: Flask, templates: dict[str, str]) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}):
        for words in words_of(ObservationForm(meta={"csrf": False})):
            assert f"|{words}" in templates["observation"]


@pytest.mark.parametrize("page", ["sheet", "observation"])
def test_a_note_without_signal_says_what_belongs_there_as_with_signal(
    her: FlaskClient, templates: dict[str, str], melati: Arranged, page: str
) -> None:
    hint = "Singkat saja. Jangan tulis penyakit atau NIK."
    assert f"|{hint}|" in templates[page]
    assert f">{hint}<" in her.get(f"/groups/{melati.group_id}/meetings/new").text


def test_a_check_is_asked_in_the_same_words(app: Flask, templates: dict[str, str]) -> None:
    one_question = type("OneQuestion", (AnswersForm,), {"question": YesNoField("–")})
    with app.test_request_context(headers={"Accept-Language": "id"}):
        form = one_question(meta={"csrf": False}, data={"answered_on": date(2026, 11, 12)})
        words = [each for each in words_of(form) if each != "–"]
    assert "Tidak ditanyakan" in words
    for each in words:
        assert f"|{each}" in templates["readiness"]


# ---- The worker ----


def told(client: FlaskClient) -> dict[str, Any]:
    """What the worker is told by the server."""
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    said, _, code = answer.text.partition(";\n")
    assert "addEventListener" in code
    assert "/**" not in code
    found: dict[str, Any] = json.loads(said.removeprefix("self.SHELL = "))
    return found


def pages(client: FlaskClient) -> list[list[str]]:
    """What the page is told: patterns of addresses, each with the name of its script."""
    found = re.search(r'data-pages="([^"]*)"', client.get("/offline").text)
    assert found
    listed: list[list[str]] = json.loads(html.unescape(found[1]))
    return listed


def test_the_worker_and_the_page_know_the_same_pages(client: FlaskClient) -> None:
    listed = pages(client)
    assert told(client)["shown"] == [pattern for pattern, _name in listed]
    scripts = Path("static/js/offline")
    for _pattern, name in listed:
        assert "export " in (scripts / f"{name}.js").read_text(), name


def test_each_page_stands_in_for_these_of_the_server(app: Flask, client: FlaskClient) -> None:
    """At every such address the router finds a page, and at the others none is promised."""
    router = app.url_map.bind("localhost")
    some = str(uuid.uuid4())
    shown = re.compile("|".join(pattern for pattern, _name in pages(client)))
    found = set()
    for rule in app.url_map.iter_rules():
        address = re.sub("<[^>]+>", some, rule.rule)
        if "GET" in (rule.methods or ()) and shown.search(address):
            found.add(rule.endpoint)
            assert router.match(address)[0] == rule.endpoint
    assert found == {
        "desk.home",
        "desk.group",
        "desk.groups",
        "desk.household",
        "economics.observe",
        "meetings.new",
        "offline.outbox",
        "offline.shell",
        "readiness.show",
    }


def test_the_page_asks_for_the_files_that_the_worker_keeps_and_for_no_other(
    client: FlaskClient,
) -> None:
    asked = set(re.findall(r"/static/[^\"#]+", client.get("/offline").text))
    assert asked == set(told(client)["files"])


def main_of(page: TestResponse) -> str:
    return page.text.partition("<main")[2]


def test_the_worker_is_the_same_for_everybody_and_another_in_another_language(
    app: Flask, client: FlaskClient, melati: Arranged
) -> None:
    """Were it not, two processes of one server would put a phone from one to the other."""
    her = browser_of(app, melati.actor)
    assert client.get("/offline").data == her.get("/offline").data
    # The server's own page has the menu of the others; what the phone does on it is the same.
    assert main_of(her.get("/outbox")) == main_of(client.get("/offline"))
    assert client.get("/sw.js").data == her.get("/sw.js").data
    with her.session_transaction() as cookie:
        cookie["locale"] = "en"
    assert told(her)["release"] != told(client)["release"]


def test_a_worker_that_is_there_already_costs_no_more_than_a_word(client: FlaskClient) -> None:
    first = client.get("/sw.js")
    again = client.get("/sw.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_another_page_is_another_worker(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Templates and words are no part of the release of the files."""
    before = told(client)["release"]
    app.extensions.pop("casework_shell")
    monkeypatch.setitem(app.config, "MEETING_BACKDATING_DAYS", 10)
    assert told(client)["release"] != before
    app.extensions.pop("casework_shell")
