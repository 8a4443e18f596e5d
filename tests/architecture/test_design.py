"""The rules of the design system that a machine can check: weight, policy, signs, errors."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import jinja2
import pytest
from flask import Flask, render_template
from flask_babel import Babel, get_locale

from casework.web import assets
from tests.architecture.sources import ROOT, repository_files

TEMPLATES = [path for path in repository_files() if path.parts[0] == "templates"]
SPRITE = ROOT / "static/icons/sprite.svg"


def test_the_stylesheet_fits_its_budget() -> None:
    """docs/design-system.md: 10 KB gzip for all of it, so that a first visit stays light."""
    weight = sum(
        len(gzip.compress(path.read_bytes(), 9)) for path in (ROOT / "static/css").glob("*.css")
    )
    assert weight <= 10 * 1024, f"{weight} bytes gzip: take rules out before adding more"


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_no_template_asks_for_what_the_content_policy_refuses(path: Path) -> None:
    text = re.sub(r"{#.*?#}", "", (ROOT / path).read_text(encoding="utf-8"), flags=re.S)
    for pattern, advice in {
        r"\sstyle\s*=": "give it a class in static/css/app.css",
        r"<style\b": "write it in static/css/app.css",
        r"\son[a-z]+\s*=": "listen from static/js",
        r"<script(?![^>]*\ssrc=)": "put the script into static/js",
        r"(?:src|href)=\"https?:": "ship the file with us",
    }.items():
        assert not re.search(pattern, text), f"{path}: {advice}"


def test_every_sign_that_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE.read_text(encoding="utf-8")))
    named = {
        (name, str(path))
        for path in TEMPLATES
        for name in re.findall(
            r'(?:icon_name=|"icon": |icon\()"([a-z]+)"', (ROOT / path).read_text(encoding="utf-8")
        )
    }
    assert [item for item in sorted(named) if item[0] not in drawn] == []


@pytest.fixture(scope="module")
def pages() -> Flask:
    """The templates alone: no person, no menu, no database."""
    app = Flask("pages", template_folder=str(ROOT / "templates"))
    Babel(app)
    app.jinja_env.globals["get_locale"] = get_locale
    assets.init_app(app)
    return app


def page(app: Flask, name: str, **context: str) -> str:
    with app.test_request_context():
        app.secret_key = "for the messages of the last act"
        return render_template(name, **context)


@pytest.mark.parametrize("name", ["errors/500.html", "errors/503.html"])
def test_the_pages_for_a_server_in_trouble_ask_for_nothing(name: str) -> None:
    """Rendered with the strictest environment: any variable they relied on would raise."""
    app = Flask("bare", template_folder=str(ROOT / "templates"))
    assets.init_app(app)
    strict = app.jinja_env.overlay(undefined=jinja2.StrictUndefined)
    with app.test_request_context():
        text = strict.get_template(name).render(code="G-77A1", until="13.00")
    assert 'lang="id"' in text
    assert 'lang="en"' in text


def test_absent_and_out_of_reach_read_alike(pages: Flask) -> None:
    assert page(pages, "errors/403.html", message="") == page(pages, "errors/404.html", message="")


def test_the_page_for_what_is_absent_never_says_why(pages: Flask) -> None:
    assert "because" not in page(pages, "errors/404.html", message="because it is another's")


@pytest.mark.parametrize("status", [400, 403, 409, 413, 422, 429])
def test_a_refusal_shows_its_reason(pages: Flask, status: int) -> None:
    assert "the reason" in page(pages, f"errors/{status}.html", message="the reason")


#: Those with the layout of paper, and a list of the office that is taken to the hall.
FOR_PAPER = [
    path
    for path in TEMPLATES
    if '{% extends "layouts/print.html" %}' in (ROOT / path).read_text(encoding="utf-8")
    or path.name == "ceremony.html"
]


@pytest.mark.parametrize("path", FOR_PAPER, ids=str)
def test_a_page_that_is_meant_for_paper_tells_how_it_is_printed(path: Path) -> None:
    assert "{{ print_button(" in (ROOT / path).read_text(encoding="utf-8")


def test_pages_for_paper_are_known() -> None:
    """Or the layout has another name, and nothing above is asked any more."""
    assert {path.name for path in FOR_PAPER} >= {
        "statement.html",
        "certificates.html",
        "batch_letter.html",
        "ceremony.html",
    }
