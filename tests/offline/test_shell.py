"""The pages without signal ask what the pages with signal ask, in the same words."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.economics.forms import ObservationForm
from casework.readiness.forms import AnswersForm
from casework.web.fields import YesNoField


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


def test_a_check_is_asked_in_the_same_words(app: Flask, templates: dict[str, str]) -> None:
    one_question = type("OneQuestion", (AnswersForm,), {"question": YesNoField("–")})
    with app.test_request_context(headers={"Accept-Language": "id"}):
        form = one_question(meta={"csrf": False}, data={"answered_on": date(2026, 11, 12)})
        words = [each for each in words_of(form) if each != "–"]
    assert "Tidak ditanyakan" in words
    for each in words:
        assert f"|{each}" in templates["readiness"]
